"""What a process remembers of the index: who is public, who has which facet value, in which order missions are listed.

It is read again when the index says that it was written (`SearchState.token`), by whichever process: the first request
after a publication sees it.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from heapq import nsmallest
from typing import Any

import numpy as np
from django.db import connection

from casebook.text import fold
from projects.models import (
    Mission,
    SearchDocument,
    SearchFacetPosting,
    SearchFacetValue,
    SearchState,
    SearchTerm,
)
from projects.models.search import SEGMENT_SIZE
from projects.search.postings import Array
from projects.search.synonyms import Synonyms

_BYTES = SEGMENT_SIZE // 8


@dataclass(frozen=True)
class Value:
    """A value of a facet; `row` is its line among the members."""

    value: str
    label: str
    rank: int
    color_key: int
    row: int


@dataclass
class Memory:
    """`public`: one boolean per mission number, false where there is none. Sets of missions are such arrays."""

    token: str
    public: Array
    values: dict[str, dict[str, Value]]  # by parameter, then value; no order
    members: Array  # uint64, one line per value, one bit per mission
    _facts: dict[str, Any] = field(default_factory=dict)
    _orders: dict[str, Array] = field(default_factory=dict)

    @classmethod
    def load(cls, token: str) -> "Memory":
        documents = SearchDocument.objects.filter(is_public=True)
        pks = np.fromiter(documents.values_list("mission", flat=True).iterator(), np.int64)
        segments = int(pks.max()) // SEGMENT_SIZE + 1 if len(pks) else 1
        public = np.zeros(segments * SEGMENT_SIZE, dtype=bool)
        public[pks] = True
        rows = list(SearchFacetValue.objects.order_by("pk"))
        line = {row.pk: number for number, row in enumerate(rows)}
        packed = np.zeros((len(rows), segments * _BYTES), dtype=np.uint8)
        for value, segment, bits in SearchFacetPosting.objects.values_list("value", "segment", "members"):
            if value in line and segment < segments:
                packed[line[value], segment * _BYTES : (segment + 1) * _BYTES] = np.frombuffer(bits, np.uint8)
        values: dict[str, dict[str, Value]] = {}
        for row in rows:
            found = Value(row.value, row.label, row.rank, row.color_key, line[row.pk])
            values.setdefault(row.parameter, {})[row.value] = found
        return cls(token, public, values, packed.view(np.uint64))

    @cached_property
    def total(self) -> int:
        return int(self.public.sum())

    @cached_property
    def public_counts(self) -> Array:
        """How many public missions have each value."""
        return self.counts(self.public)

    @cached_property
    def synonyms(self) -> Synonyms:
        return Synonyms.load()

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """Every word of the index with the number of missions that have it."""
        return dict(SearchTerm.objects.order_by("word").exclude(word__contains=" ").values_list("word", "df"))

    @cached_property
    def _in_order(self) -> list[str]:
        return sorted(self.vocabulary)

    def beginning(self, start: str, most: int) -> list[str]:
        """The words of the index that begin so, those of the most missions first."""
        words = self._in_order
        found = words[bisect_left(words, start) : bisect_left(words, f"{start}\U0010ffff")]
        return nsmallest(most, found, key=lambda word: (-self.vocabulary[word], word))

    def remember(self, what: str, make: Callable[[], Any]) -> Any:
        """What `make` gives, made once as long as the index stands."""
        if what not in self._facts:
            self._facts[what] = make()
        return self._facts[what]

    def having(self, parameter: str, values: list[str]) -> Array:
        """The missions that have one of the values."""
        rows = [self.values[parameter][value].row for value in values]
        bits = np.bitwise_or.reduce(self.members[rows], axis=0)
        return np.unpackbits(bits.view(np.uint8), bitorder="little").view(bool)

    def counts(self, among: Array) -> Array:
        """How many of these missions have each value, by line."""
        bits = np.packbits(among, bitorder="little").view(np.uint64)
        return np.asarray(np.bitwise_count(self.members & bits).sum(axis=1, dtype=np.int64))

    def order(self, sort: str) -> Array:
        """The numbers of all public missions in this order of the list: one query, the first time."""
        if sort not in self._orders:
            pks = ORDERS[sort]()
            pks = pks[pks < len(self.public)]  # one that is not indexed may be beyond
            self._orders[sort] = pks[self.public[pks]]
        return self._orders[sort]

    @cached_property
    def place(self) -> Array:
        """The place of each mission in the recueils' order."""
        place = np.full(len(self.public), len(self.public), dtype=np.int64)
        order = self.order("recueil")
        place[order] = np.arange(len(order))
        return place


def _book_order(oldest_first: bool = False) -> Array:
    rows = Mission.objects.published().order_by("pk").values_list("pk", "edition__slug", "number").iterator()
    keys = (
        (year is None, int(year or 0) * (1 if oldest_first else -1), number is None, number or 0, pk)
        for pk, year, number in rows
    )
    read = np.fromiter(keys, dtype="?, i8, ?, i8, i8")  # not a list: a worker would keep the room of its making
    return np.asarray(read["f4"][np.lexsort([read[name] for name in reversed(read.dtype.names or ())])])


def _by_title() -> Array:
    rows = Mission.objects.published().order_by("pk").values_list("pk", "title", "edition__slug", "number").iterator()
    keys = sorted((fold(title), y is None, -int(y or 0), n is None, n or 0, pk) for pk, title, y, n in rows)
    return np.fromiter((key[-1] for key in keys), np.int64)


# The latest book first, then the printed number; what has no edition or no number comes last.
ORDERS: Mapping[str, Any] = {
    "recueil": _book_order,
    "ancien": lambda: _book_order(oldest_first=True),
    "titre": _by_title,
}

_known: dict[str, Memory] = {}


def current() -> Memory:
    """What stands now: one query, and some more when the index was written since."""
    token = SearchState.objects.values_list("token", flat=True).filter(pk=1).first() or ""
    key = str(connection.settings_dict["NAME"])
    memory = _known.get(key)
    if memory is None or memory.token != token or not token:
        memory = _known[key] = Memory.load(token)
    return memory
