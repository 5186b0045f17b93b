"""The source's lines, with the looks that every part of the reading needs."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from casebook.text import collapse, letters
from casebook.titles import is_printed_in_capitals
from projects.imports.reading import Source
from projects.imports.vocabulary import MAX_HEADING, Kind, kind_of_letters, section_kind

MAX_WIDTH = 160  # characters: a line that is longer holds a whole paragraph, as no page is so wide
LONG_LINE = 1_000  # characters of a line where a name, a number or a figure is looked for
LONG_KEY = 200  # characters: a longer line is no heading and no theme
_MARKS = re.compile("[*_#<>&\u00ad\ufeff]")
_EMPHASIS = re.compile(r"\*+|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)")
_HEAD = re.compile(r"^\s*(?:#{1,6}\s+|>\s+(?=\S))")
_MAIL_LINK = re.compile(r"\[([^\[\]]{1,250})\]\(mailto:[^()\s]{0,300}\)")
_TAG = re.compile(r"</?(?:b|i|u|em|strong|span|p|br|div|h[1-6])\b[^<>\n]*>", re.I)


def bare(text: str) -> str:
    """One printed line without bold, italic or heading marks, on single spaces."""
    if not _MARKS.search(text) and "mailto:" not in text:
        return collapse(text)
    if "mailto:" in text:
        text = _MAIL_LINK.sub(r"\1", text)
    text = html.unescape(_TAG.sub(" ", text))
    return collapse(_EMPHASIS.sub("", _HEAD.sub("", text)).replace("\u00ad", "").replace("\ufeff", ""))


def join_lines(lines: Iterable[str]) -> str:
    """Broken lines as one: joined by a space; a word cut by a hyphen at a line end is made whole."""
    pieces: list[str] = []
    for line in (bare(line) for line in lines):
        if not line:
            continue
        before = pieces[-1] if pieces else ""
        if before.endswith("-"):
            if before[-2:-1].isalpha() and _is_cut(before, line):
                pieces[-1] = before[:-1]
        elif pieces:
            pieces.append(" ")
        pieces.append(line)
    joined = "".join(pieces)
    # « PROBLÉ- MATIQUE » on one line: the cut of the original, kept by the scan
    return re.sub(r"(?<=[^\W\d_])- (?=[^\W\d_])", "", joined) if joined.isupper() else joined


def _is_cut(before: str, after: str) -> bool:
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
    return is_printed_in_capitals(text[:LONG_LINE])


@dataclass(frozen=True)
class Block:
    """Consecutive lines that are not blank."""

    first: int
    lines: tuple[str, ...]

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1

    @property
    def numbers(self) -> range:
        return range(self.first, self.last + 1)

    @cached_property
    def text(self) -> str:
        return join_lines(self.lines)

    @property
    def raw(self) -> str:
        return "\n".join(self.lines)

    @property
    def key(self) -> str:
        return letters(self.text[:LONG_LINE])

    def cut_before(self, indexes: Iterable[int]) -> "list[Block]":
        """The block in pieces, each beginning at one of these lines (counted from 0)."""
        starts = sorted({0, *indexes})
        stops = [*starts[1:], len(self.lines)]
        return [Block(self.first + a, self.lines[a:b]) for a, b in zip(starts, stops, strict=True)]


class Text:
    """The lines of a source, by number. What is asked of a line is only asked of its first characters."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = source.lines
        self.last = len(source.lines)
        self._blank = [line.is_blank for line in source.lines]
        self._bare = [bare(line.text[:LONG_LINE]) for line in source.lines]
        self._keys: list[str | None] = [None if len(text) <= LONG_KEY else "" for text in self._bare]

    def raw(self, number: int) -> str:
        return self.lines[number - 1].text

    def bare(self, number: int) -> str:
        return self._bare[number - 1]

    def key(self, number: int) -> str:
        """The letters of a line; empty for a long one."""
        known = self._keys[number - 1]
        if known is None:
            known = self._keys[number - 1] = letters(self._bare[number - 1])
        return known

    def set_aside(self, numbers: Iterable[int]) -> None:
        """These lines no longer count as filled: the text goes on below them."""
        for number in numbers:
            self._blank[number - 1] = True

    @cached_property
    def is_unwrapped(self) -> bool:
        """Whether each line is a paragraph: then those that touch are several too."""
        filled = self._blank.count(False)
        return 20 * sum(len(line.text) > MAX_WIDTH for line in self.lines) > filled

    @cached_property
    def has_feeds(self) -> bool:
        return any("\f" in line.text[:2] for line in self.lines)

    def heading_kind(self, number: int) -> Kind | None:
        """The kind of section that a line announces."""
        words = self._bare[number - 1]
        if len(words) > MAX_HEADING:
            return None
        return section_kind(words) if words[:1] in "0123456789IVX(" else kind_of_letters(self.key(number))

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
                yield Block(start, tuple(self.raw(n) for n in range(start, number)))
                start = None

    def joined(self, first: int, last: int) -> str:
        return join_lines(self.raw(number) for number in self.filled(first, last))

    def raw_of(self, first: int, last: int) -> str:
        return "\n".join(self.raw(number) for number in range(first, last + 1))
