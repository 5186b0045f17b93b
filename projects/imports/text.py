"""The source's lines, with the looks that every part of the reading needs."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from casebook.text import collapse, letters
from projects.imports.reading import Source

_EMPHASIS = re.compile(r"\*+|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)")
_HEAD = re.compile(r"^\s*(?:#{1,6}\s+|>\s+(?=\S))")
_TAG = re.compile(r"</?(?:b|i|u|em|strong|span|p|br|div|h[1-6])\b[^<>\n]*>", re.I)


def bare(text: str) -> str:
    """One printed line without bold, italic or heading marks, on single spaces."""
    text = html.unescape(_TAG.sub(" ", text))
    return collapse(_EMPHASIS.sub("", _HEAD.sub("", text)).replace("\u00ad", "").replace("\ufeff", ""))


def join_lines(lines: Iterable[str]) -> str:
    """Broken lines as one: joined by a space; a word cut by a hyphen at a line end is made whole."""
    joined = ""
    for line in (bare(line) for line in lines):
        if not line:
            continue
        if not joined:
            joined = line
        elif joined.endswith("-") and joined[-2:-1].isalpha() and _continues(joined, line):
            joined = joined[:-1] + line
        elif joined.endswith("-"):
            joined += line
        else:
            joined += f" {line}"
    # « PROBLÉ- MATIQUE » on one line: the cut of the original, kept by the scan
    return re.sub(r"(?<=[^\W\d_])- (?=[^\W\d_])", "", joined) if joined.isupper() else joined


def _continues(before: str, after: str) -> bool:
    """Whether the hyphen cuts a word: both halves in the same case (a compound name starts again with a capital)."""
    return after[:1].islower() or (
        before[-2].isupper() and before.isupper() and after[:1].isupper() and _cut_capitals(before, after)
    )


def _cut_capitals(before: str, after: str) -> bool:
    """In capitals a compound (AUVERGNE-RHÔNE-ALPES) looks like a cut word: a cut one leaves a stump of few letters."""
    stump = re.split(r"[\s-]", before[:-1])[-1]
    rest = re.split(r"[\s-]", after)[0]
    compound = "-" in after.split(" ", maxsplit=1)[0] or "-" in before[:-1].rsplit(" ", maxsplit=1)[-1]
    return not compound and len(stump) + len(rest) <= 16


def is_capitals(text: str) -> bool:
    """Whether the letters are capitals (nine in ten: accents and scans may slip)."""
    found = [c for c in text if c.isalpha()]
    return bool(found) and sum(c.isupper() for c in found) >= 0.9 * len(found)


@dataclass(frozen=True)
class Block:
    """Consecutive lines that are not blank."""

    first: int
    last: int
    lines: tuple[str, ...]

    @property
    def numbers(self) -> range:
        return range(self.first, self.last + 1)

    @property
    def text(self) -> str:
        return join_lines(self.lines)

    @property
    def raw(self) -> str:
        return "\n".join(self.lines)

    @property
    def key(self) -> str:
        return letters(self.text)


class Text:
    """The lines of a source, by number."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = source.lines
        self.last = len(source.lines)
        self._blank = [line.is_blank for line in source.lines]
        self._bare = [bare(line.text) for line in source.lines]
        self._keys = [letters(text) for text in self._bare]

    def raw(self, number: int) -> str:
        return self.lines[number - 1].text

    def bare(self, number: int) -> str:
        return self._bare[number - 1]

    def key(self, number: int) -> str:
        return self._keys[number - 1]

    def is_blank(self, number: int) -> bool:
        return self._blank[number - 1]

    def filled(self, first: int, last: int) -> list[int]:
        """The numbers of the lines that are not blank, from `first` to `last`."""
        return [number for number in range(max(first, 1), min(last, self.last) + 1) if not self._blank[number - 1]]

    def blocks(self, first: int, last: int) -> Iterator[Block]:
        start: int | None = None
        for number in range(max(first, 1), min(last, self.last) + 2):
            blank = number > min(last, self.last) or self.is_blank(number)
            if not blank and start is None:
                start = number
            elif blank and start is not None:
                yield Block(start, number - 1, tuple(self.raw(n) for n in range(start, number)))
                start = None

    def joined(self, first: int, last: int) -> str:
        return join_lines(self.raw(number) for number in self.filled(first, last))
