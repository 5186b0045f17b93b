"""Which missions have the words of a query, and how well: in whole numbers, so that all engines order them alike."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from math import log

import numpy as np
from django.db.models import Q

from projects.models import SearchPosting, SearchTerm
from projects.models.search import SEGMENT_SIZE
from projects.search.document import SCALE
from projects.search.memory import Memory
from projects.search.postings import Array, unpack
from projects.search.query import Clause, Query, Word
from projects.search.synonyms import LONGEST, Stems
from projects.search.words import stem

K1 = round(1.2 * SCALE)
OWN, OTHER, OPTIONAL = 10, 7, 1  # tenths: a word as typed, another that means the same, a word that may be missing
MAX_PREFIX = 30


@dataclass
class Match:
    """One clause against every mission: its `impact` (0 to 1000 times its rarity), and the `fields` that hold it."""

    impact: Array
    fields: Array

    @property
    def present(self) -> Array:
        return np.asarray(self.fields != 0)


@dataclass
class Lookup:
    """The postings of a query's words, read at once."""

    size: int
    rows: dict[str, list[tuple[str, Array, Array, Array]]] = field(default_factory=dict)  # by stem
    acronyms: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, memory: Memory, stems: Collection[str], initials: Collection[str] = ()) -> "Lookup":
        """One query, whatever the number of words."""
        found = cls(len(memory.public))
        asked = Q(term__stem__in=list(stems)) | Q(term__word__in=list(initials), term__is_acronym=True)
        rows = SearchPosting.objects.filter(asked).values_list(
            "term__stem", "term__word", "term__is_acronym", "segment", "docs", "weights", "fields"
        )
        for its_stem, word, is_acronym, segment, docs, weights, fields in rows:
            base = segment * SEGMENT_SIZE
            if base >= found.size:
                continue  # written since the memory was read
            row = (word, unpack(docs).astype(np.int64) + base, unpack(weights), unpack(fields))
            found.rows.setdefault(its_stem, []).append(row)
            if is_acronym:
                found.acronyms.add(word)
        return found

    def word(self, stems: Iterable[str], only: str = "") -> tuple[Array, Array]:
        """(weighted frequency, fields) of all the words of these stems, or of this one only."""
        weight = np.zeros(self.size, dtype=np.int64)
        fields = np.zeros(self.size, dtype=np.uint16)
        for each in stems:
            for word, docs, weights, bits in self.rows.get(each, ()):
                if not only or word == only:
                    weight[docs] += weights
                    fields[docs] |= bits
        return weight, fields

    def has(self, stem: str) -> bool:
        return stem in self.rows


def rarity(count: int, total: int) -> int:
    """Hundred times the inverse document frequency of BM25."""
    return round(100 * log(1 + (total - count + 0.5) / (count + 0.5))) if count else 0


def match_word(lookup: Lookup, memory: Memory, stems: Iterable[str], tenths: int = OWN, only: str = "") -> Match:
    """The stems count as one word."""
    weight, fields = lookup.word(stems, only)
    fields = np.where(memory.public, fields, 0)
    count = int(np.count_nonzero(fields))
    impact = 1000 * weight // (K1 + weight) * rarity(count, memory.total) * tenths // 10
    return Match(np.where(memory.public, impact, 0), fields)


def match_phrase(lookup: Lookup, memory: Memory, clause: Clause) -> Match:
    """The words in this order, at these places."""
    singles = [lookup.word((word.stem,)) for word in clause.words]
    fields = np.where(memory.public, np.bitwise_and.reduce([bits for _, bits in singles]), 0)
    candidates = np.bitwise_and.reduce([bits != 0 for _, bits in singles]) & memory.public
    wanted = {word.stem for word in clause.words}
    places = _positions(wanted, candidates) if candidates.any() else {}
    keys: Array | None = None
    for word, gap in zip(clause.words, clause.gaps, strict=True):
        own = places.get(word.stem, np.zeros(0, dtype=np.int64)) - gap
        keys = own if keys is None else keys[np.isin(keys, own)]
    found = np.zeros(len(memory.public), dtype=bool)
    if keys is not None and len(keys):
        found[keys >> 16] = True
    weight = np.where(found, sum(w for w, _ in singles), 0)
    count = int(found.sum())
    bits = np.where(found, np.where(fields == 0, 1, fields), 0).astype(np.uint16)
    return Match(1000 * weight // (K1 + weight) * rarity(count, memory.total), bits)


def _positions(stems: set[str], among: Array) -> dict[str, Array]:
    """Where each stem stands: mission << 16 | place, rising. One query."""
    found: dict[str, list[Array]] = {}
    rows = SearchPosting.objects.filter(term__stem__in=stems).values_list(
        "term__stem", "segment", "docs", "counts", "positions"
    )
    for its_stem, segment, docs, counts, positions in rows:
        missions = unpack(docs).astype(np.int64) + segment * SEGMENT_SIZE
        within = missions < len(among)
        keep = np.zeros(len(missions), dtype=bool)
        keep[within] = among[missions[within]]
        each = unpack(counts)
        keys = (np.repeat(missions, each) << 16) | unpack(positions)
        found.setdefault(its_stem, []).append(keys[np.repeat(keep, each)])
    return {each: np.sort(np.concatenate(keys)) for each, keys in found.items()}


# ------------------------------------------------------------------------------------------- the words of a query


@dataclass(frozen=True)
class Run:
    """Words of the query, from `first` to before `last`, that have other ways of being said."""

    first: int
    last: int
    others: tuple[Stems, ...]
    initials: str


def runs(query: Query, memory: Memory) -> list[Run]:
    """Every run of plain words that has synonyms or could be an acronym; optional words between do not count."""
    plain = [
        (index, clause.words[0])
        for index, clause in enumerate(query.clauses)
        if not (clause.is_negative or clause.is_phrase or clause.others or clause.is_optional)
    ]
    found = []
    for start in range(len(plain)):
        for end in range(start + 1, min(len(plain), start + LONGEST) + 1):
            words = [word for _, word in plain[start:end]]
            others = memory.synonyms.others(tuple(word.stem for word in words))
            initials = "".join(word.word[0] for word in words) if 3 <= len(words) <= 6 else ""
            if others or initials:
                found.append(Run(plain[start][0], plain[end - 1][0] + 1, tuple(others), initials))
    return found


def expression_stem(stems: Stems) -> str:
    """How a synonym is found in the index: one of several words has a posting of its own."""
    return " ".join(stems)[:160]


@dataclass
class Matched:
    """What a query finds: `clauses` holds the match of each required or optional clause."""

    query: Query
    clauses: list[tuple[Clause, Match]]
    excluded: Array
    marks: set[Stems]  # what is marked in the passages

    def required(self) -> list[Match]:
        return [match for clause, match in self.clauses if not clause.is_optional]

    def keep_fields(self, bits: int) -> None:
        """Only what is found in these fields."""
        for _, match in self.clauses:
            match.fields = match.fields & np.uint16(bits)
            match.impact = np.where(match.present, match.impact, 0)

    def score(self) -> Array:
        return np.asarray(np.sum([match.impact for _, match in self.clauses], axis=0, dtype=np.int64))


def stems_to_read(query: Query, found_runs: Iterable[Run]) -> set[str]:
    own = {word.stem for clause in query.clauses for each in clause.alternatives for word in each.words}
    own |= {stem for clause in query.clauses for each in clause.alternatives for stem in each.beginnings}
    return own | {expression_stem(other) for run in found_runs for other in run.others}


def match(query: Query, memory: Memory, lookup: Lookup, found_runs: Iterable[Run]) -> Matched:
    excluded = np.zeros(len(memory.public), dtype=bool)
    clauses: list[tuple[Clause, Match]] = []
    place: dict[int, int] = {}
    marks: set[Stems] = set()
    for index, clause in enumerate(query.clauses):
        if clause.is_negative:
            excluded |= _match_clause(clause, memory, lookup, exact=True).present
            continue
        place[index] = len(clauses)
        clauses.append((clause, _match_clause(clause, memory, lookup)))
        if not clause.is_optional:
            for each in clause.alternatives:
                marks.update((stem,) for stem in (*(word.stem for word in each.words), *each.beginnings))
    for run in found_runs:
        matches = [clauses[place[index]][1] for index in range(run.first, run.last) if index in place]
        required = [
            clauses[place[index]][1]
            for index in range(run.first, run.last)
            if index in place and not clauses[place[index]][0].is_optional
        ]
        stems = {expression_stem(other): other for other in run.others}
        if run.initials in lookup.acronyms:
            stems[stem(run.initials)] = (stem(run.initials),)
        for key, other in stems.items():
            if lookup.has(key):
                marks.add(other)
                _take_other(matches, required, match_word(lookup, memory, (key,), OTHER))
    return Matched(query, clauses, excluded, marks)


def _match_clause(clause: Clause, memory: Memory, lookup: Lookup, exact: bool = False) -> Match:
    """The best of its alternatives; `exact`: by word (singular or plural), not by family."""
    found: Match | None = None
    for each in clause.alternatives:
        if each.is_phrase:
            one = match_phrase(lookup, memory, each)
        else:
            word: Word = each.words[0]
            stems = dict.fromkeys((word.stem, *each.beginnings))
            tenths = OPTIONAL if clause.is_optional else OWN
            one = match_word(lookup, memory, stems, tenths, only=word.word if exact else "")
        found = one if found is None else Match(np.maximum(found.impact, one.impact), found.fields | one.fields)
    assert found is not None  # noqa: S101 (a clause is its own first alternative)
    return found


def _take_other(matches: list[Match], required: list[Match], other: Match) -> None:
    """Another way of saying all these words: it stands for each, and counts where it is worth more than they are."""
    own = np.sum([each.impact for each in matches], axis=0, dtype=np.int64)
    better = other.present & (other.impact > own)
    for rank, each in enumerate(required):
        share = other.impact if rank == 0 else 0
        each.impact = np.where(better, share, each.impact)
        each.fields = np.where(other.present, each.fields | other.fields, each.fields)


def initials_of(found_runs: Iterable[Run]) -> set[str]:
    return {run.initials for run in found_runs if run.initials}


def prefix_stems(start: str) -> dict[str, int]:
    """The stems of the words that begin so, the most frequent first, at most MAX_PREFIX. One query."""
    rows = SearchTerm.objects.filter(word__begins=start).order_by("-df", "word").values_list("stem", "df")
    stems: dict[str, int] = {}
    for each, df in rows[: 4 * MAX_PREFIX]:
        if " " not in each and len(stems) < MAX_PREFIX:
            stems.setdefault(each, df)
    return stems
