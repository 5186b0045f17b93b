"""The postings of a query's words, and how well each word is met: in whole numbers, so that all engines order alike."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from math import log

import numpy as np
from django.db.models import Q

from projects.models import SearchPosting
from projects.models.search import SEGMENT_SIZE
from projects.search.document import SCALE
from projects.search.memory import Memory
from projects.search.postings import Array, unpack

K1 = round(1.2 * SCALE)
OWN = 10  # tenths: a word as typed


@dataclass
class Match:
    """One clause against every mission: its `impact` (0 to 1000 times its rarity), and the `fields` that hold it."""

    impact: Array
    fields: Array

    @property
    def present(self) -> Array:
        return np.asarray(self.fields != 0)

    def in_fields(self, bits: int) -> "Match":
        """Only what is found in these fields."""
        fields = self.fields & np.uint16(bits)
        return Match(np.where(fields != 0, self.impact, 0), fields)


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

    def fields_of(self, stem: str) -> Array:
        """The fields alone."""
        fields = np.zeros(self.size, dtype=np.uint16)
        for _, docs, _, bits in self.rows.get(stem, ()):
            fields[docs] |= bits
        return fields

    def has(self, stem: str) -> bool:
        return stem in self.rows


def rarity(count: int, total: int) -> int:
    """Hundred times the inverse document frequency of BM25."""
    return round(100 * log(1 + (total - count + 0.5) / (count + 0.5))) if count else 0


def match_word(lookup: Lookup, memory: Memory, stems: Iterable[str], tenths: int = OWN, only: str = "") -> Match:
    """The stems count as one word."""
    return met(*lookup.word(stems, only), memory, tenths)


def met(weight: Array, fields: Array, memory: Memory, tenths: int = OWN, as_common_as: int = 0) -> Match:
    """A word of this weighted frequency in these fields, no rarer than one that so many missions have."""
    fields = np.where(memory.public, fields, 0)
    count = int(np.count_nonzero(fields))
    worth = rarity(max(count, as_common_as), memory.total) if count else 0
    impact = 1000 * weight // (K1 + weight) * worth * tenths // 10
    return Match(np.where(memory.public, impact, 0), fields)
