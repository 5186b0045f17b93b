"""Which missions have the words of a query, and how well."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from projects.search.expressions import match_expressions
from projects.search.lookup import OWN, Lookup, Match, match_word, met, rarity
from projects.search.memory import Memory
from projects.search.postings import Array
from projects.search.query import Clause, Query, Word
from projects.search.synonyms import LONGEST, Stems
from projects.search.words import initials, stem

# Tenths: another word that means the same, a word that may be missing, the words of a known expression met apart.
OTHER, OPTIONAL, APART = 7, 1, 3
LONG = 4  # required words from which a query is a sentence: what most missions have tells nothing in it
MAX_PREFIX = 30


@dataclass(frozen=True)
class Run:
    """Words of the query, from `first` to before `last`, that have other ways of being said."""

    first: int
    last: int
    own: Stems
    others: tuple[Stems, ...]
    initials: str

    @property
    def is_expression(self) -> bool:
        """Several words that the list of synonyms knows as one thing."""
        return len(self.own) > 1 and bool(self.others)


def runs(query: Query, memory: Memory) -> list[Run]:
    """Every run of plain words that has synonyms or could be an acronym. Optional words between do not count, but the
    weak ones of a known expression: « faire remonter les idées »."""
    plain = [
        (index, clause.words[0], clause.is_optional)
        for index, clause in enumerate(query.clauses)
        if not (clause.is_negative or clause.is_phrase or clause.others or clause.words[0].is_stopword)
    ]
    required = [each for each in plain if not each[2]]
    found = list(_runs(required, memory, with_initials=True))
    if len(required) < len(plain):
        known = {(run.first, run.last) for run in found}
        weaker = (run for run in _runs(plain, memory, with_initials=False) if run.is_expression)
        found += [run for run in weaker if (run.first, run.last) not in known]
    return found


def _runs(plain: list[tuple[int, Word, bool]], memory: Memory, with_initials: bool) -> Iterator[Run]:
    for start in range(len(plain)):
        for end in range(start + 1, min(len(plain), start + LONGEST) + 1):
            words = [word for _, word, _ in plain[start:end]]
            if all(is_optional for _, _, is_optional in plain[start:end]):
                continue
            own = tuple(word.stem for word in words)
            others = memory.synonyms.others(own)
            acronym = initials([word.word for word in words]) if with_initials else ""
            if others or acronym:
                yield Run(plain[start][0], plain[end - 1][0] + 1, own, tuple(others), acronym)


def expression_stem(stems: Stems) -> str:
    """How a synonym is found in the index: one of several words has a posting of its own."""
    return " ".join(stems)[:160]


@dataclass
class Matched:
    """What a query finds: `clauses` holds the match of each required or optional clause."""

    query: Query
    clauses: list[tuple[Clause, Match]]
    excluded: Array
    own: list[int]  # how many missions have each of them as it is asked, not said otherwise
    weights: list[int] = field(default_factory=list)  # how rare each required word is, wherever it is looked for
    is_sentence: bool = False
    marks: set[Stems] = field(default_factory=set)  # what is marked in the passages
    phrases: set[tuple[str, ...]] = field(default_factory=set)  # and only in this order, stopwords too

    def required(self) -> list[Match]:
        return [match for clause, match in self.clauses if not clause.is_optional]

    def in_fields(self, bits: int) -> "Matched":
        """Only what is found in these fields."""
        return replace(self, clauses=[(clause, match.in_fields(bits)) for clause, match in self.clauses])

    def score(self) -> Array:
        return np.asarray(np.sum([match.impact for _, match in self.clauses], axis=0, dtype=np.int64))


def stems_to_read(query: Query, found_runs: Iterable[Run]) -> set[str]:
    own = {word.stem for clause in query.clauses for each in clause.alternatives for word in each.words}
    own |= {stem for clause in query.clauses for each in clause.alternatives for stem in each.beginnings}
    expressions = {expression_stem(run.own) for run in found_runs if run.is_expression}
    return own | expressions | {expression_stem(other) for run in found_runs for other in run.others}


def match(query: Query, memory: Memory, lookup: Lookup, found_runs: Iterable[Run]) -> Matched:
    excluded = np.zeros(len(memory.public), dtype=bool)
    clauses: list[tuple[Clause, Match]] = []
    own: list[int] = []
    found = Matched(query, clauses, excluded, own)
    place: dict[int, int] = {}
    several = [each for clause in query.clauses for each in clause.alternatives if each.is_phrase]
    expressions = match_expressions(several, memory, lookup)
    for index, clause in enumerate(query.clauses):
        if clause.is_negative:
            excluded |= _match_clause(clause, memory, lookup, expressions).present
            continue
        place[index] = len(clauses)
        clauses.append((clause, _match_clause(clause, memory, lookup, expressions)))
        own.append(int(np.count_nonzero(clauses[-1][1].present)))
        for each in clause.alternatives if not clause.is_optional else ():
            if each.is_phrase:
                found.phrases.add(each.sequence)
            else:
                found.marks.update((stem,) for stem in (each.words[0].stem, *each.beginnings))
    for run in found_runs:
        matches = [clauses[place[index]][1] for index in range(run.first, run.last) if index in place]
        required = [
            clauses[place[index]][1]
            for index in range(run.first, run.last)
            if index in place and not clauses[place[index]][0].is_optional
        ]
        others = {expression_stem(other): other for other in run.others}
        if run.initials in lookup.acronyms:
            others[stem(run.initials)] = (stem(run.initials),)
        others = {key: other for key, other in others.items() if lookup.has(key)}
        found.marks.update(others.values())
        _take_others(run, matches, required, [lookup.word((key,)) for key in others], memory, lookup)
    return found


def weigh(found: Matched, memory: Memory) -> Matched:
    """With the rarity of each required word; in a sentence, those that most missions have are no longer required."""
    counts = [
        own or int(np.count_nonzero(match.present)) for own, (_, match) in zip(found.own, found.clauses, strict=True)
    ]
    required = [n for n, (clause, _) in enumerate(found.clauses) if not clause.is_optional]
    common = {n for n in required if 2 * counts[n] > memory.total and not found.clauses[n][0].is_phrase}
    is_sentence = len(required) >= LONG
    if is_sentence and len(common) < len(required):
        found.clauses = [
            (replace(clause, is_optional=True) if n in common else clause, match)
            for n, (clause, match) in enumerate(found.clauses)
        ]
        required = [n for n in required if n not in common]
    return replace(found, weights=[rarity(counts[n], memory.total) for n in required], is_sentence=is_sentence)


def _match_clause(clause: Clause, memory: Memory, lookup: Lookup, expressions: Mapping[Clause, Match]) -> Match:
    """The best of its alternatives; what is excluded is by word (singular or plural), not by family."""
    found: Match | None = None
    for each in clause.alternatives:
        if each.is_phrase:
            one = expressions[each]
        else:
            word: Word = each.words[0]
            stems = dict.fromkeys((word.stem, *each.beginnings))
            tenths = OPTIONAL if clause.is_optional else OWN
            one = match_word(lookup, memory, stems, tenths, only=word.word if clause.is_negative else "")
        found = one if found is None else Match(np.maximum(found.impact, one.impact), found.fields | one.fields)
    assert found is not None  # noqa: S101 (a clause is its own first alternative)
    return found


def _take_others(
    run: Run,
    matches: list[Match],
    required: list[Match],
    others: list[tuple[Array, Array]],
    memory: Memory,
    lookup: Lookup,
) -> None:
    """Other ways of saying all these words: each stands for them, and counts where it is worth more than they are.

    One word and its synonyms are one thing, as rare as it is altogether, and said more often where both stand. A known
    expression is worth more than its words apart.
    """
    own = lookup.word((expression_stem(run.own),)) if others or run.is_expression else None
    if own is None:
        return
    together = np.logical_or.reduce([fields != 0 for _, fields in (own, *others)]) & memory.public
    is_met = len(run.own) == 1 and lookup.has(run.own[0])
    for weight, fields in others:
        as_common_as = int(np.count_nonzero(together)) if is_met else 0
        _take_other(matches, required, met(weight, fields, memory, OTHER, as_common_as))
    if is_met and others:
        other = np.max([weight for weight, _ in others], axis=0)
        both = met(own[0] + np.where(own[1] != 0, other * OTHER // 10, 0), own[1], memory)
        required[0].impact = np.maximum(required[0].impact, both.impact)
    if run.is_expression and together.any():
        for each in required:
            each.impact = np.where(together, each.impact, each.impact * APART // 10)


def _take_other(matches: list[Match], required: list[Match], other: Match) -> None:
    """`other` stands for each of the `required` words of a run."""
    own = np.sum([each.impact for each in matches], axis=0, dtype=np.int64)
    better = other.present & (other.impact > own)
    for rank, each in enumerate(required):
        share = other.impact if rank == 0 else 0
        each.impact = np.where(better, share, each.impact)
        each.fields = np.where(other.present, each.fields | other.fields, each.fields)


def initials_of(found_runs: Iterable[Run]) -> set[str]:
    return {run.initials for run in found_runs if run.initials}


def prefix_stems(start: str, memory: Memory) -> list[str]:
    """The stems of the words that begin so, the most frequent first, at most MAX_PREFIX."""
    return list(dict.fromkeys(map(stem, memory.beginning(start, 4 * MAX_PREFIX))))[:MAX_PREFIX]
