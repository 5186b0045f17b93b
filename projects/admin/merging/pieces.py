"""Two texts made from the same one, cut into pieces (lines, paragraphs) and merged."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Run:
    """Neighbouring pieces of the result; where both changed them differently, `theirs` is the other version."""

    pieces: tuple[str, ...]
    theirs: tuple[str, ...] | None = None


def merge_pieces(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[Run]:
    """Changes that do not touch each other are both in the result. The method is that of diff3: what all three have in
    common cuts the texts into regions, each of which one side alone may have changed."""
    runs = []
    base_from = mine_from = theirs_from = 0
    for base_at, mine_at, theirs_at, length in _in_common(base, mine, theirs):
        runs += _region(base[base_from:base_at], mine[mine_from:mine_at], theirs[theirs_from:theirs_at])
        runs.append(Run(tuple(base[base_at : base_at + length])))
        base_from, mine_from, theirs_from = base_at + length, mine_at + length, theirs_at + length
    runs += _region(base[base_from:], mine[mine_from:], theirs[theirs_from:])
    return [run for run in runs if run.pieces or run.theirs]


def _region(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[Run]:
    if list(mine) == list(base):
        return [Run(tuple(theirs))]
    if list(theirs) in (list(base), list(mine)):
        return [Run(tuple(mine))]
    if len(base) == len(mine) == len(theirs) > 1:
        return [run for three in zip(base, mine, theirs, strict=True) for run in _region(*([each] for each in three))]
    return [Run(tuple(mine), tuple(theirs))]


def _in_common(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """(place in base, in mine, in theirs, length) of what all three have, in order."""
    in_mine = SequenceMatcher(None, base, mine, autojunk=False).get_matching_blocks()
    in_theirs = SequenceMatcher(None, base, theirs, autojunk=False).get_matching_blocks()
    i = j = 0
    while i < len(in_mine) and j < len(in_theirs):
        a, b = in_mine[i], in_theirs[j]
        start, end = max(a.a, b.a), min(a.a + a.size, b.a + b.size)
        if start < end:
            yield start, a.b + start - a.a, b.b + start - b.a, end - start
        if a.a + a.size < b.a + b.size:
            i += 1
        else:
            j += 1
