"""`search`: a query in French → the missions that answer, best first, with what must be said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from casebook.lexicon import is_french_word
from casebook.text import NBSP, french_list, plural
from projects.models import SearchDocument
from projects.search import memory as memories
from projects.search.amounts import match_amounts
from projects.search.document import FIELDS
from projects.search.lookup import Lookup
from projects.search.matching import (
    Matched,
    Run,
    expression_stem,
    initials_of,
    match,
    prefix_stems,
    runs,
    stems_to_read,
    weigh,
)
from projects.search.memory import Memory
from projects.search.postings import Array
from projects.search.query import MAX_CLAUSES, MAX_LENGTH, Query, Word, parse
from projects.search.spelling import nearest
from projects.search.synonyms import Stems

RERANKED = 50
TITLE_BONUS, PAIR_BONUS = 300, 600  # thousandths of the score, for a whole query in the title, for all pairs adjacent
# A sentence: missions with all words that are enough, thousandths of the best cover that are as good, the first of them
# that so leaves no more than MANY missions.
ENOUGH, NEAR, MANY = 3, (500, 700, 850), 50
MIN_BEGINNING = 5  # letters of a word that nothing has, but that known words begin with


@dataclass
class Answer:
    """What a query finds. `hits` is one boolean per mission number; None when the query holds no word: everything."""

    query: str
    memory: Memory
    hits: Array | None = None
    notices: list[str] = field(default_factory=list)
    corrected: str = ""
    marks: frozenset[Stems] = frozenset()
    phrases: frozenset[Stems] = frozenset()
    matched: Matched | None = None
    everywhere: Matched | None = None  # the same, in whichever field

    @property
    def found(self) -> Array:
        return self.memory.public if self.hits is None else self.hits

    @cached_property
    def found_everywhere(self) -> Array:
        """What is found in whichever field: the same, but when it was asked of some fields only."""
        if self.everywhere is None or self.everywhere is self.matched:
            return self.found
        return _hits(self.everywhere, self.memory)[0]

    def fields_of(self, missions: Sequence[int]) -> list[int]:
        """For each of these missions, the bits of the fields that hold words asked for."""
        bits = np.zeros(len(missions), dtype=np.uint16)
        for each in self.matched.required() if self.matched else ():
            bits |= each.fields[missions]
        return [int(each) for each in bits]

    def counts_in(self, fields: Mapping[str, int], among: Array) -> dict[str, int]:
        """How many of these missions are found when the words are looked for in each of these fields (their bits)
        alone."""
        if self.everywhere is None:
            return dict.fromkeys(fields, 0)
        required = self.everywhere.required()
        allowed = self.memory.public & ~self.everywhere.excluded
        if not required:
            return dict.fromkeys(fields, int(np.count_nonzero(allowed & among)))
        pks = np.flatnonzero(allowed & np.logical_or.reduce([each.fields != 0 for each in required]))
        bits, kept = np.stack([each.fields[pks] for each in required]), among[pks]
        return {
            name: int(np.count_nonzero(kept & _best(bits & np.uint16(bit) != 0, self.everywhere)))
            for name, bit in fields.items()
        }

    def best_first(self, among: Array) -> Array:
        """The numbers of the missions found that are among these, best first. At most one query."""
        pks = np.flatnonzero(self.found & among)
        if self.matched is None or not self.matched.clauses:
            order = self.memory.order("recueil")
            return order[(self.found & among)[order]]
        required = self.matched.required()
        complete = np.sum([each.present[pks] for each in required], axis=0, dtype=np.int64)
        score = self.matched.score()
        if self.matched.is_sentence:
            cover = _cover(np.stack([each.present[pks] for each in required]), self.matched)
            complete = complete == len(required)
            score[pks] = score[pks] * cover // 1000
        place = self.memory.place[pks]
        ordered = pks[np.lexsort((place, -score[pks], -complete.astype(np.int64)))]
        return _reranked(ordered, score, self.matched, self.memory)

    def nearest(self, most: int) -> list[int]:
        """When nothing answers: the missions that have some of the words, best first."""
        if self.matched is None:
            return []
        score = np.where(self.memory.public & ~self.matched.excluded, self.matched.score(), 0)
        pks = np.flatnonzero(score)
        return [int(pk) for pk in pks[np.lexsort((self.memory.place[pks], -score[pks]))][:most]]

    @property
    def ids(self) -> list[int] | None:
        """All of them, best first; None when the query holds no word."""
        return None if self.hits is None else [int(pk) for pk in self.best_first(self.hits)]


def search(
    text: str, *, literal: bool = False, unfinished: bool = False, within: int = 0, memory: Memory | None = None
) -> Answer:
    """`literal`: no typing error is corrected. `unfinished`: the last word may be the beginning of another. `within`:
    bits of the fields to search in (`document.FIELDS`). `memory`: what this request has read of the index already.

    The number of SQL queries depends neither on the catalogue nor on the number of words and expressions.
    """
    memory = memory or memories.current()
    query = _unfinished(parse(text), memory) if unfinished else parse(text)
    asked = query.text
    notices = _limits(query)
    if not query.clauses:
        if text.strip():
            notices.append(f"La recherche ne contient aucun mot{NBSP}: elle a été ignorée.")
        return Answer(query.text, memory, None, notices)
    found_runs = runs(query, memory)
    lookup = Lookup.of(memory, stems_to_read(query, found_runs), initials_of(found_runs))
    corrected = query if literal else _corrected(query, memory, lookup, found_runs)
    is_corrected = corrected.text != query.text
    if corrected is not query:
        query = corrected
        found_runs = runs(query, memory)
        lookup = Lookup.of(memory, stems_to_read(query, found_runs), initials_of(found_runs))
    everywhere = match(query, memory, lookup, found_runs)
    match_amounts(query, memory, lookup, everywhere)
    everywhere = weigh(everywhere, memory)
    matched = everywhere.in_fields(within) if within else everywhere
    hits, dropped = _hits(matched, memory)
    return Answer(
        query=asked,
        memory=memory,
        hits=hits,
        notices=[*notices, *dropped],
        corrected=query.text if is_corrected else "",
        marks=frozenset(matched.marks),
        phrases=frozenset(matched.phrases),
        matched=matched,
        everywhere=everywhere,
    )


def _limits(query: Query) -> list[str]:
    notices = []
    if query.is_cut:
        notices.append(f"La recherche a été coupée à {MAX_LENGTH} caractères.")
    if query.left_out:
        notices.append(f"Seuls les {MAX_CLAUSES} premiers mots ont été cherchés.")
    return notices


def _corrected(query: Query, memory: Memory, lookup: Lookup, found_runs: list[Run]) -> Query:
    """The query with each word that nothing has replaced by the nearest one, or by those that it begins."""
    explained = {
        index
        for run in found_runs
        if run.initials in lookup.acronyms or any(lookup.has(expression_stem(other)) for other in run.others)
        for index in range(run.first, run.last)
    }
    known = memory.synonyms.words
    better: dict[Word, str] = {}
    beginnings: dict[str, tuple[str, ...]] = {}
    for index, clause in enumerate(query.clauses):
        if clause.is_negative or clause.is_optional or index in explained:
            continue
        for word in (word for each in clause.alternatives for word in each.words):
            if lookup.has(word.stem) or word.stem in known or not word.word.isascii():
                continue
            if clause.beginnings:
                continue
            if len(word.word) >= MIN_BEGINNING and (begun := tuple(prefix_stems(word.word, memory))):
                beginnings[word.stem] = begun
            elif not is_french_word(word.word) and (spelling := nearest(word.word, memory.vocabulary)):
                better[word] = spelling
    query = query.respelt(better)
    if beginnings:
        clauses = (
            clause
            if clause.is_phrase
            else replace(clause, beginnings=beginnings.get(clause.words[0].stem, clause.beginnings))
            for clause in query.clauses
        )
        query = replace(query, clauses=tuple(clauses))
    return query


def _unfinished(query: Query, memory: Memory) -> Query:
    """The last word may be the beginning of another."""
    if not query.clauses or not query.text[-1:].isalnum():
        return query
    *before, last = query.clauses
    stems = () if last.is_negative or last.is_phrase or last.others else tuple(prefix_stems(last.words[0].word, memory))
    if not stems:
        return query
    return replace(query, clauses=(*before, replace(last, beginnings=stems, is_optional=False)))


def _cover(present: Array, matched: Matched) -> Array:
    """What each mission has of the required words (by row), in thousandths: a rare word tells more."""
    weights = np.array(matched.weights, dtype=np.int64)
    return np.asarray(1000 * (weights @ present) // max(1, int(weights.sum())))


def _best(present: Array, matched: Matched) -> Array:
    """Which missions answer, by the required words that they have (by row): those with all of them, or else with the
    most of them, down to half. Of a sentence, where few have all words, also those that have nearly as telling ones:
    the words that nothing has do not count then, but a quarter of the words must be known."""
    complete = np.count_nonzero(present, axis=0)
    best = int(complete.max(initial=0))
    whole = complete == len(present)
    if not matched.is_sentence:
        return np.asarray((complete == best) & (best >= max(1, (len(present) + 1) // 2)))
    if np.count_nonzero(whole) >= ENOUGH or 4 * np.count_nonzero(matched.weights) < len(present):
        return np.asarray(whole)
    cover = _cover(present, matched)
    for near in NEAR:
        good = (cover > 0) & (cover * 1000 >= int(cover.max(initial=0)) * near)
        if np.count_nonzero(good) <= MANY:
            break
    return np.asarray(whole | good)


def _hits(matched: Matched, memory: Memory) -> tuple[Array, list[str]]:
    """The missions that answer (`_best`), and what is said when they do not have all the words."""
    allowed = memory.public & ~matched.excluded
    required = matched.required()
    if not required:
        return allowed, []
    present = np.stack([each.present & allowed for each in required])
    hits = _best(present, matched) & allowed
    complete = np.count_nonzero(present, axis=0)
    best = int(complete.max(initial=0))
    if not hits.any():
        return hits, []
    if best == len(required):
        whole = int(np.count_nonzero(complete == best))
        if whole == np.count_nonzero(hits):
            return hits, []
        have = "répond" if whole == 1 else "répondent"
        return hits, [f"{plural(whole, 'mission')} {have} à tous les mots{NBSP}: les suivantes n’en ont qu’une partie."]
    absent = [
        matched.query.text[clause.words[0].start : clause.words[-1].end]
        for clause, match in matched.clauses
        if not clause.is_optional and not match.present[hits].any()
    ]
    if absent:
        named = french_list([f"«{NBSP}{word}{NBSP}»" for word in absent])
        return hits, [
            f"Aucune mission ne répond à tous les mots{NBSP}: {named} "
            f"{'n’a pas été cherché' if len(absent) == 1 else 'n’ont pas été cherchés'}."
        ]
    nearest = (
        "les plus proches" if matched.is_sentence else f"celles qui en ont {plural(best, 'mot')} sur {len(required)}"
    )
    return hits, [f"Aucune mission ne répond à tous les mots{NBSP}: voici {nearest}."]


def _reranked(ordered: Array, score: Array, matched: Matched, memory: Memory) -> Array:
    """The first ones again, by the share of the query that their title holds, and of its pairs that stand together."""
    asked = [clause for clause, _ in matched.clauses if not clause.is_optional]
    if len(asked) < 2 or len(ordered) < 2:
        return ordered
    head = [int(pk) for pk in ordered[:RERANKED]]
    pairs = [f" {a.words[-1].stem} {b.words[0].stem} " for a, b in pairwise(asked)]
    stems = dict(SearchDocument.objects.filter(mission__in=head).values_list("mission", "stems"))
    required = matched.required()
    title = FIELDS["title"].bit

    def rank(pk: int) -> tuple[int, int, int]:
        complete = sum(bool(each.fields[pk]) for each in required)
        complete = complete == len(required) if matched.is_sentence else complete
        in_title = sum(bool(each.fields[pk] & title) for each in required)
        together = sum(pair in stems.get(pk, "") for pair in pairs)
        bonus = TITLE_BONUS * in_title // len(required) + PAIR_BONUS * together // len(pairs)
        return -complete, -int(score[pk]) * (1000 + bonus), int(memory.place[pk])

    return np.concatenate([np.array(sorted(head, key=rank), dtype=np.int64), ordered[RERANKED:]])
