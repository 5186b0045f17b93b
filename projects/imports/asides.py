"""What pages print among the lines of a fiche: running heads, page numbers, footnotes. The text goes on below them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from casebook.text import letters
from projects.imports.records import NonBody, Span
from projects.imports.text import Text
from projects.imports.vocabulary import (
    AUTHORS_HEADING,
    FRAMED_PAGE_NUMBER,
    MAX_RUNNING_HEAD,
    NOTE_MARK,
    NOTE_START,
    PAGE_NUMBER,
    PLAIN_NOTE_START,
    TUTORS_HEADING,
    Kind,
)

MIN_REPEATED = 3  # times that unknown words stand at a page's edge to be taken for a running head
MAX_HEAD_LINES = 3
CUT_SENTENCE = 20  # characters: a shorter line above is no sentence that a page cuts
_DIGITS = re.compile(r"\d+")


class Asides:
    """The running heads, page numbers and footnotes in the bodies of fiches. `known`: words that pages may repeat."""

    def __init__(self, text: Text, bodies: Iterable[Span], known: Iterable[str], taken: set[int]) -> None:
        self._text = text
        self._known = {key for words in known if len(key := _key(words)) > 3}
        self._found: dict[int, str] = {}  # line → kind
        fiches = [self._body(first, last, taken) for first, last in bodies]
        self._known |= self._repeated(fiches)
        self._beginnings = {key[:length] for key in self._known for length in range(1, len(key) + 1)}
        for lines, kinds in fiches:
            self._find_pages(lines, kinds)
            self._find_notes([n for n in lines if n not in self._found], kinds)
        text.set_aside(self._found)

    def between(self, first: int, last: int) -> Iterator[NonBody]:
        """Those of one fiche, each stretch of lines of one kind as one piece."""
        pieces: list[tuple[str, int, int]] = []
        for number in range(first, last + 1) if self._found else ():
            kind = self._found.get(number)
            if kind and pieces and pieces[-1][0] == kind and pieces[-1][2] == number - 1 and not self._is_note(number):
                pieces[-1] = (kind, pieces[-1][1], number)
            elif kind:
                pieces.append((kind, number, number))
        return (NonBody(kind, (start, stop), self._text.raw_of(start, stop)) for kind, start, stop in pieces)

    def _body(self, first: int, last: int, taken: set[int]) -> tuple[list[int], dict[int, Kind]]:
        """The filled lines of a fiche below its first heading, and the kind of section that each stands in."""
        kind: Kind | None = None
        lines, kinds = [], {}
        for number in self._text.filled(first, last):
            heading = self._text.heading_kind(number)
            kind = heading or kind
            if kind and not heading and number not in taken:
                lines.append(number)
                kinds[number] = kind
        return lines, kinds

    # --------------------------------------------------------------------------------------------- pages

    def _find_pages(self, lines: Sequence[int], kinds: dict[int, Kind]) -> None:
        heads: set[int] = set()
        for index, number in enumerate(lines):
            for count in range(1, MAX_HEAD_LINES + 1) if self._key(number) in self._beginnings else ():
                several = lines[index : index + count]
                if number not in heads and len(several) == count and self._are_head(several):
                    heads.update(several)
                    break
        for index, number in enumerate(lines):
            if number not in heads and self._is_page_number(lines, index, kinds[number], heads):
                self._found[number] = "folio"
        self._found |= dict.fromkeys(heads, "titre_courant")

    def _are_head(self, numbers: Sequence[int]) -> bool:
        if numbers[-1] - numbers[0] > 2 * len(numbers):
            return False
        words = [self._text.bare(number) for number in numbers]
        keys = [self._key(number) for number in numbers]
        return sum(map(len, words)) <= MAX_RUNNING_HEAD and bool(keys[0] and keys[-1]) and "".join(keys) in self._known

    def _is_page_number(self, lines: Sequence[int], index: int, kind: Kind, heads: set[int]) -> bool:
        number, words = lines[index], self._text.bare(lines[index])
        if not PAGE_NUMBER.match(words):
            return False
        beside_head = any(n in heads and self._same_section(n, number) for n in lines[max(index - 1, 0) : index + 2])
        if beside_head or FRAMED_PAGE_NUMBER.match(words):
            return True
        if kind is Kind.CHIFFRES:
            return self._feeds(lines, index, after=True)
        stands_alone = self._text.is_blank(number - 1) and (
            number == self._text.last or self._text.is_blank(number + 1)
        )
        return stands_alone or self._cuts_sentence(lines, index)

    def _key(self, number: int) -> str:
        return _DIGITS.sub("", self._text.key(number))

    def _same_section(self, a: int, b: int) -> bool:
        return not any(self._text.heading_kind(n) for n in self._text.filled(min(a, b), max(a, b)))

    def _repeated(self, fiches: Iterable[tuple[Sequence[int], dict[int, Kind]]]) -> set[str]:
        """The short lines that come back in several fiches where a page turns, or with a page number that grows."""
        seen: dict[str, list[tuple[int, bool, int]]] = {}
        for rank, (lines, kinds) in enumerate(fiches):
            for index, number in enumerate(lines):
                words = self._text.bare(number)
                if len(words) > MAX_RUNNING_HEAD or kinds[number] is Kind.CHIFFRES or not self._may_repeat(number):
                    continue
                pages = _DIGITS.findall(words)
                edge = self._is_edge(lines, index)
                page = int((pages if words[0].isdigit() else pages[::-1])[0][:4]) if pages else 0
                seen.setdefault(self._key(number), []).append((rank, edge, page))
        return {
            key
            for key, places in seen.items()
            if len(key) > 3 and len(places) >= MIN_REPEATED
            if len({rank for rank, _, _ in places}) > 1 or all(edge for _, edge, _ in places)
            if 2 * sum(edge for _, edge, _ in places) > len(places) or _grow([page for _, _, page in places])
        }

    def _may_repeat(self, number: int) -> bool:
        key = self._text.key(number)
        return not (AUTHORS_HEADING.match(key) or TUTORS_HEADING.match(key) or "@" in self._text.bare(number))

    def _is_edge(self, lines: Sequence[int], index: int) -> bool:
        """Whether a page turns at this line: a form feed or a page number beside it, or a sentence cut by it."""
        around = [n for n in (index - 1, index + 1) if 0 <= n < len(lines)]
        numbers = any(PAGE_NUMBER.match(self._text.bare(lines[n])) for n in around)
        feeds = self._feeds(lines, index, after=True) or self._feeds(lines, index, after=False)
        return numbers or feeds or self._cuts_sentence(lines, index)

    def _feeds(self, lines: Sequence[int], index: int, after: bool) -> bool:
        """Whether a form feed stands between this line and the next (or the one before)."""
        if not self._text.has_feeds:
            return False
        start = lines[index] + 1 if after else (lines[index - 1] + 1 if index else 1)
        stop = (lines[index + 1] if index + 1 < len(lines) else self._text.last) if after else lines[index]
        return any("\f" in self._text.raw(n)[:2] for n in range(start, min(stop, start + 9) + 1))

    def _cuts_sentence(self, lines: Sequence[int], index: int) -> bool:
        above = next((n for n in reversed(lines[max(index - 2, 0) : index]) if not self._is_number(n)), None)
        below = next((n for n in lines[index + 1 : index + 3] if not self._is_number(n)), None)
        if above is None or below is None:
            return False
        end, start = self._text.raw(above).rstrip(), self._text.bare(below)
        return len(end) > CUT_SENTENCE and (end[-1].islower() or end[-1] in ",-") and start[:1].islower()

    def _is_number(self, number: int) -> bool:
        return bool(PAGE_NUMBER.match(self._text.bare(number)))

    # --------------------------------------------------------------------------------------------- notes

    def _find_notes(self, lines: Sequence[int], kinds: dict[int, Kind]) -> None:
        called: set[int] = set()
        inside = False
        before: int | None = None
        for index, number in enumerate(lines):
            first_of_section = before is None or kinds[before] is not kinds[number]
            if first_of_section and kinds[number] is Kind.CHIFFRES:
                called = set()  # where numbers begin lines, only a mark in the same section calls a note
            starts = self._note_of(number, called, lines[index + 1 : index + 4])
            if starts and not (first_of_section and kinds[number] is Kind.ALLER_PLUS_LOIN):
                inside = True
            elif inside and before is not None and (number > before + 1 or self._ends_note(before, number)):
                inside = False
            if inside:
                self._found[number] = "note"
            else:
                called |= {int(letters(mark)) for mark in self._marks(number)}
            before = number

    def _marks(self, number: int) -> Iterator[str]:
        raw = self._text.raw(number)
        return (next(filter(None, match.groups())) for match in NOTE_MARK.finditer(raw)) if raw else iter(())

    def _note_of(self, number: int, called: set[int], below: Sequence[int] = ()) -> bool:
        """Whether a note begins here: signs that only notes have, or a number that a mark above has called and that
        begins no list; each mark calls one note."""
        if NOTE_START.match(self._text.raw(number)[:20].strip()):
            return True
        note = self._plain_number(number)
        if note not in called:
            return False
        later = {int(letters(mark)) for n in below for mark in self._marks(n)}
        listed = note + 1 not in called | later and any(self._plain_number(n) == note + 1 for n in below)
        if listed:
            return False
        called.discard(note)
        return True

    def _plain_number(self, number: int) -> int:
        plain = PLAIN_NOTE_START.match(self._text.raw(number)[:20].strip())
        return int(next(filter(None, plain.groups()))) if plain else 0

    def _ends_note(self, before: int, number: int) -> bool:
        return self._text.raw(before).rstrip().endswith((".", "!", "?")) or "\f" in self._text.raw(number)[:1]

    def _is_note(self, number: int) -> bool:
        return self._found.get(number) == "note" and self._note_of(number, set())


def _key(words: str) -> str:
    return _DIGITS.sub("", letters(words))


def _grow(pages: Sequence[int]) -> bool:
    """Whether these are pages of a book: each greater than the one before, and no count from one."""
    growing = all(a < b for a, b in pairwise(pages))
    return growing and pages[0] > 0 and (pages[0] > 1 or pages[-1] - pages[0] >= len(pages))
