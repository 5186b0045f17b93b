"""`search`: a query in French → the missions that answer, best first, with what must be said of it."""

from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from casebook.lexicon import is_french_word
from casebook.text import NBSP, french_list, plural
from projects.models import SearchDocument
from projects.search import memory as memories
from projects.search.amounts import match_amounts
from projects.search.document import FIELDS
from projects.search.matching import (
    Lookup,
    Matched,
    Run,
    expression_stem,
    initials_of,
    match,
    prefix_stems,
    runs,
    stems_to_read,
)
from projects.search.memory import Memory
from projects.search.postings import Array
from projects.search.query import MAX_CLAUSES, MAX_LENGTH, Query, parse
from projects.search.spelling import nearest
from projects.search.synonyms import Stems

RERANKED = 50
TITLE_BONUS, PAIR_BONUS = 300, 600  # thousandths of the score, for a whole query in the title, for all pairs adjacent
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
    matched: Matched | None = None

    @property
    def found(self) -> Array:
        return self.memory.public if self.hits is None else self.hits

    def fields_of(self, mission: int) -> frozenset[str]:
        """The fields of this mission, sections by their kind, that hold words asked for."""
        bits = 0
        for each in self.matched.required() if self.matched else ():
            bits |= int(each.fields[mission])
        return frozenset(name for name, kind in FIELDS.items() if bits & kind.bit)

    def best_first(self, among: Array) -> Array:
        """The numbers of the missions found that are among these, best first. At most one query."""
        pks = np.flatnonzero(self.found & among)
        if self.matched is None or not self.matched.clauses:
            order = self.memory.order("recueil")
            return order[(self.found & among)[order]]
        required = self.matched.required()
        complete = np.sum([each.present[pks] for each in required], axis=0, dtype=np.int64)
        score = self.matched.score()
        place = self.memory.place[pks]
        ordered = pks[np.lexsort((place, -score[pks], -complete))]
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


def search(text: str, *, literal: bool = False, unfinished: bool = False, within: int = 0) -> Answer:
    """`literal`: no typing error is corrected. `unfinished`: the last word may be the beginning of another. `within`:
    bits of the fields to search in (`document.FIELDS`).

    The number of SQL queries does not depend on the catalogue; each expression and each unknown word costs one more.
    """
    memory = memories.current()
    query = _unfinished(parse(text)) if unfinished else parse(text)
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
    matched = match(query, memory, lookup, found_runs)
    match_amounts(query, memory, lookup, matched)
    if within:
        matched.keep_fields(within)
    hits, dropped = _hits(matched, memory)
    return Answer(
        query=asked,
        memory=memory,
        hits=hits,
        notices=[*notices, *dropped],
        corrected=query.text if is_corrected else "",
        marks=frozenset(matched.marks),
        matched=matched,
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
    text, shift = query.text, 0
    beginnings: dict[str, tuple[str, ...]] = {}
    for index, clause in enumerate(query.clauses):
        if clause.is_negative or clause.is_optional or index in explained:
            continue
        for word in (word for each in clause.alternatives for word in each.words):
            if lookup.has(word.stem) or word.stem in known or not word.word.isascii():
                continue
            if clause.beginnings:
                continue
            if len(word.word) >= MIN_BEGINNING and (begun := tuple(prefix_stems(word.word))):
                beginnings[word.stem] = begun
            elif not is_french_word(word.word) and (better := nearest(word.word, memory.vocabulary)):
                text = f"{text[: word.start + shift]}{better}{text[word.end + shift :]}"
                shift += len(better) - (word.end - word.start)
    if text != query.text:
        query = parse(text)
    if beginnings:
        clauses = (
            clause
            if clause.is_phrase
            else replace(clause, beginnings=beginnings.get(clause.words[0].stem, clause.beginnings))
            for clause in query.clauses
        )
        query = replace(query, clauses=tuple(clauses))
    return query


def _unfinished(query: Query) -> Query:
    """The last word may be the beginning of another."""
    if not query.clauses or not query.text[-1:].isalnum():
        return query
    *before, last = query.clauses
    stems = () if last.is_negative or last.is_phrase or last.others else tuple(prefix_stems(last.words[0].word))
    if not stems:
        return query
    return replace(query, clauses=(*before, replace(last, beginnings=stems, is_optional=False)))


def _hits(matched: Matched, memory: Memory) -> tuple[Array, list[str]]:
    """The missions with all the words, or with the most of them, down to half: and what is said of it then."""
    allowed = memory.public & ~matched.excluded
    required = matched.required()
    if not required:
        return allowed, []
    complete = np.where(allowed, np.sum([each.present for each in required], axis=0, dtype=np.int64), 0)
    best = int(complete.max(initial=0))
    if best < max(1, (len(required) + 1) // 2):
        return np.zeros_like(allowed), []
    hits = complete == best
    if best == len(required):
        return hits, []
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
    return hits, [
        f"Aucune mission ne répond à tous les mots{NBSP}: voici celles qui en ont {plural(best, 'mot')} "
        f"sur {len(required)}."
    ]


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
        in_title = sum(bool(each.fields[pk] & title) for each in required)
        together = sum(pair in stems.get(pk, "") for pair in pairs)
        bonus = TITLE_BONUS * in_title // len(required) + PAIR_BONUS * together // len(pairs)
        return -complete, -int(score[pk]) * (1000 + bonus), int(memory.place[pk])

    return np.concatenate([np.array(sorted(head, key=rank), dtype=np.int64), ordered[RERANKED:]])
