"""Postings as packed arrays: what a row of the index holds, read and written with numpy."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from projects.models import SearchPosting
from projects.models.search import SEGMENT_SIZE

Array = npt.NDArray[Any]
COLUMNS = ("docs", "weights", "fields", "counts", "positions")
_U16 = np.dtype("<u2")


class Hit(NamedTuple):
    """One word in one mission: `doc` is the mission's rank in its segment."""

    doc: int
    weight: int
    fields: int
    positions: Sequence[int]


def unpack(blob: Any) -> Array:
    return np.frombuffer(blob, dtype=_U16)


def pack(values: Any) -> bytes:
    return np.asarray(values, dtype=_U16).tobytes()


@dataclass
class Block:
    """The hits of one word in one segment, by rising `docs`."""

    docs: Array
    weights: Array
    fields: Array
    counts: Array
    positions: Array

    @classmethod
    def of(cls, hits: Sequence[Hit]) -> "Block":
        hits = sorted(hits)
        flat = [position for hit in hits for position in hit.positions]
        columns = ([h.doc for h in hits], [h.weight for h in hits], [h.fields for h in hits])
        counts = [len(h.positions) for h in hits]
        return cls(*(np.array(column, dtype=_U16) for column in (*columns, counts, flat)))

    @classmethod
    def read(cls, row: SearchPosting) -> "Block":
        return cls(*(unpack(getattr(row, name)) for name in COLUMNS))

    def without(self, docs: Sequence[int]) -> "Block":
        keep = ~np.isin(self.docs, np.array(docs, dtype=_U16))
        return Block(
            self.docs[keep],
            self.weights[keep],
            self.fields[keep],
            self.counts[keep],
            self.positions[np.repeat(keep, self.counts)],
        )

    def merged(self, other: "Block") -> "Block":
        """Both, which have no mission in common."""
        if not len(self.docs) or not len(other.docs):
            return self if len(self.docs) else other
        both = Block(*(np.concatenate([getattr(self, name), getattr(other, name)]) for name in COLUMNS))
        return both if self.docs[-1] < other.docs[0] else both.in_order(np.argsort(both.docs, kind="stable"))

    def in_order(self, order: Array) -> "Block":
        """The same hits in this order, each with its positions."""
        starts = np.cumsum(self.counts, dtype=np.int64) - self.counts
        counts = self.counts[order]
        ends = np.cumsum(counts, dtype=np.int64)
        offset = np.repeat(starts[order] - (ends - counts), counts)
        positions = self.positions[offset + np.arange(len(offset))]
        return Block(self.docs[order], self.weights[order], self.fields[order], counts, positions)

    def row(self, term_id: int, segment: int) -> SearchPosting:
        packed = {name: pack(getattr(self, name)) for name in COLUMNS}
        return SearchPosting(term_id=term_id, segment=segment, **packed)


@dataclass
class Gathered:
    """The hits of many missions in plain columns, some bytes each, until they are written."""

    words: dict[str, int] = field(default_factory=dict)  # the number of each word here
    _word: "array[int]" = field(default_factory=lambda: array("I"))
    _mission: "array[int]" = field(default_factory=lambda: array("I"))
    _weight: "array[int]" = field(default_factory=lambda: array("H"))
    _fields: "array[int]" = field(default_factory=lambda: array("H"))
    _count: "array[int]" = field(default_factory=lambda: array("H"))
    _positions: "array[int]" = field(default_factory=lambda: array("H"))

    def add(self, mission: int, hits: Iterable[tuple[str, Hit]]) -> None:
        words = self.words
        for word, (_, weight, fields, positions) in hits:
            self._word.append(words.setdefault(word, len(words)))
            self._weight.append(weight)
            self._fields.append(fields)
            self._count.append(len(positions))
            self._positions.extend(positions)
        self._mission.extend([mission] * (len(self._word) - len(self._mission)))

    def frequency(self) -> dict[str, int]:
        """How many of the missions have each word."""
        counts = np.bincount(np.array(self._word, dtype=np.int64), minlength=len(self.words))
        return dict(zip(self.words, counts.tolist(), strict=True))

    def blocks(self) -> Iterator[tuple[str, int, Block]]:
        """(word, segment, its hits), each word with all its segments."""
        if not self._word:
            return
        word, mission = (np.array(column, dtype=np.int64) for column in (self._word, self._mission))
        order = np.lexsort((mission, word))
        word, segment = word[order], mission[order] // SEGMENT_SIZE
        columns = (mission % SEGMENT_SIZE, self._weight, self._fields, self._count, self._positions)
        every = Block(*(np.array(column, dtype=_U16) for column in columns)).in_order(order)
        firsts = np.flatnonzero(np.diff(word, prepend=-1) | np.diff(segment, prepend=-1))
        ends = np.cumsum(every.counts, dtype=np.int64)
        names = list(self.words)
        for start, end in pairwise((*firsts.tolist(), len(word))):
            first, last = int(ends[start]) - int(every.counts[start]), int(ends[end - 1])
            hits = Block(
                every.docs[start:end],
                every.weights[start:end],
                every.fields[start:end],
                every.counts[start:end],
                every.positions[first:last],
            )
            yield names[word[start]], int(segment[start]), hits
