"""The body of a fiche: its sections in printed order, and what is printed among them without being text."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from casebook.text import fold
from projects.imports.records import NonBody, SectionRecord, Span, numbers_of, spans
from projects.imports.testimonials import MAX_SPEAKER_LINE, parse_speakers
from projects.imports.text import Block, Text, bare, is_capitals, join_lines
from projects.imports.vocabulary import (
    CAPTION,
    COUNTED_BOX,
    INSET_HEADING,
    LEGEND_MARK,
    MAX_HEADING,
    QUOTE_CLOSE,
    QUOTE_OPEN,
    Kind,
    kind_of_letters,
    misspelt_kind,
)

MAX_HEADING_LINE = 40  # characters of each line of a heading that is cut over lines
MAX_CAPTION = 250
MIN_BOX_ITEM = 70  # characters: a shorter block inside a box is one of its titles
LONG_PARAGRAPH = 120  # characters: below, a block of a testimonial may be a legend or a poster
_FOOTNOTE_MARK = re.compile(r"\^\[\d+\]|\[\^\d+\]")
_FOOTNOTE = re.compile(r"^\W*(?:\^?\[\^?\d+\]|.{0,180}\b(?:19|20)\d\d\W*$)")


@dataclass(frozen=True)
class Heading:
    kind: Kind
    lines: tuple[int, ...]
    text: str


def find_headings(text: Text, first: int, last: int) -> list[Heading]:
    """The headings of known kinds, each on a line of its own (or cut over two or three lines)."""
    found: list[Heading] = []
    lines = text.filled(first, last)
    index = 0
    while index < len(lines):
        heading = _heading_at(text, lines, index)
        if heading:
            found.append(heading)
            index += len(heading.lines)
        else:
            index += 1
    return found


def _heading_at(text: Text, lines: Sequence[int], index: int) -> Heading | None:
    number = lines[index]
    words = text.bare(number)
    if inset := INSET_HEADING.match(words):
        return Heading(Kind.AUTRE, (number,), words[inset.end() :])
    if len(words) > MAX_HEADING:
        return None
    kind = text.heading_kind(number)
    if not kind or _goes_on(text, lines[index : index + 2]):
        for count in (2, 3):
            several = lines[index : index + count]
            if len(several) == count and several[-1] - several[0] <= 2 * count:
                whole = kind_of_letters("".join(text.key(n) for n in several))
                if whole and _may_be_cut(text, several):
                    return Heading(whole, tuple(several), text.joined(several[0], several[-1]))
    kind = kind or (misspelt_kind(text.key(number)) if _stands_alone(text, number) else None)
    return Heading(kind, (number,), join_lines([words])) if kind else None


def _goes_on(text: Text, numbers: Sequence[int]) -> bool:
    """Whether the line below goes on with the heading: « TÉMOIGNAGE » / « DE LA COLLECTIVITÉ »."""
    return len(numbers) == 2 and fold(text.bare(numbers[1])[:4]).startswith(("de ", "du ", "des ", "d'"))


def _may_be_cut(text: Text, numbers: Sequence[int]) -> bool:
    """Whether these short lines may be one heading: a hyphen or capitals before the end, or lines that touch."""
    words = [text.bare(number) for number in numbers]
    if any(len(line) > MAX_HEADING_LINE for line in words):
        return False
    touching = numbers[-1] - numbers[0] == len(numbers) - 1
    return touching or all(line.endswith("-") or is_capitals(line) for line in words[:-1])


def _stands_alone(text: Text, number: int) -> bool:
    before, after = number - 1, number + 1
    return (before < 1 or text.is_blank(before)) and (after > text.last or text.is_blank(after))


def read_sections(text: Text, headings: Sequence[Heading], last: int) -> tuple[list[SectionRecord], list[NonBody]]:
    """The sections that follow these headings, to the fiche's last line; captions and legends apart."""
    sections: list[SectionRecord] = []
    non_body: list[NonBody] = []
    for index, heading in enumerate(headings):
        end = headings[index + 1].lines[0] - 1 if index + 1 < len(headings) else last
        blocks = list(text.blocks(heading.lines[-1] + 1, end))
        body, apart = _set_apart(heading.kind, blocks)
        non_body += apart
        if text.is_unwrapped:
            body = [piece for block in body for piece in _paragraphs(block)]
        boxes = _boxes(body) if heading.kind not in {Kind.CHIFFRES, Kind.TEMOIGNAGE} else []
        cuts = [0, *(cut for box in boxes for cut in box), len(body)]
        outside = [body[first:stop] for first, stop in zip(cuts[::2], cuts[1::2], strict=True)]
        sections.append(_section(text, heading, outside))
        for start, stop in boxes:
            inset = Heading(Kind.AUTRE, tuple(body[start].numbers), body[start].text)
            sections.append(_section(text, inset, [body[start + 1 : stop]]))
    return sections, non_body


def _section(text: Text, heading: Heading, pieces: Sequence[Sequence[Block]]) -> SectionRecord:
    ranges: list[Span] = [(piece[0].first, piece[-1].last) for piece in pieces if piece]
    body = "\n\n".join(block.raw for span in ranges for block in text.blocks(*span))
    return SectionRecord(heading.kind.value, heading.text, heading.lines, tuple(ranges), body)


def _set_apart(kind: Kind, blocks: list[Block]) -> tuple[list[Block], list[NonBody]]:
    """The blocks of the body, and those that are captions, legends, labels of lost pictures, posters or footnotes."""
    body = list(blocks)
    apart: list[NonBody] = []
    if body and len(body[-1].lines) > 1:  # a caption that touches the text
        *above, last = body[-1].cut_before([len(body[-1].lines) - 1])
        body[-1:] = [*above, last] if _is_caption(last) else body[-1:]
    while body and _is_caption(body[-1]):
        apart.append(_aside("legende", body.pop()))
    # one in the middle stays in the text, where the reader of the page looks for it
    apart += [_aside("legende", block) for block in body if _is_caption(block)]
    if kind not in {Kind.CHIFFRES, Kind.ALLER_PLUS_LOIN}:
        while len(body) > 1 and is_capitals(body[-1].text) and len(body[-1].text.split()) <= 3:
            apart.append(_aside("legende", body.pop()))
    if kind is Kind.TEMOIGNAGE:
        after = _words_end(body)
        apart += [_aside("affiche" if len(block.lines) > 1 else "legende", block) for block in body[after:]]
        body = body[:after]
    if len(body) > 1 and any(_FOOTNOTE_MARK.search(block.raw) for block in body) and _FOOTNOTE.match(body[-1].text):
        apart.append(_aside("note", body.pop()))
    return body, sorted(apart, key=lambda piece: piece.lines)


def _words_end(body: Sequence[Block]) -> int:
    """The index after the last block that may be words of a testimonial: long, quoted, a sentence under the name of who
    speaks, or the rest of a sentence."""
    quoted = tuple(QUOTE_OPEN + QUOTE_CLOSE)
    words = [
        index
        for index, block in enumerate(body)
        if len(block.text) >= LONG_PARAGRAPH
        or block.text.startswith(quoted)
        or block.text.endswith(quoted)
        or (index and block.text.endswith((".", "?", "!")) and _names_speaker(body[index - 1]))
    ]
    end = words[-1] + 1 if words else len(body)
    while end < len(body) and body[end].text[:1].islower():
        end += 1
    return end


def _names_speaker(block: Block) -> bool:
    return len(block.raw) <= MAX_SPEAKER_LINE and bool(parse_speakers(block.text))


def _aside(kind: str, block: Block) -> NonBody:
    return NonBody(kind, (block.first, block.last), block.raw)


def _is_caption(block: Block) -> bool:
    return len(block.text) < MAX_CAPTION and (
        bool(CAPTION.match(block.text)) or len(LEGEND_MARK.findall(block.raw)) >= 2
    )


def _paragraphs(block: Block) -> list[Block]:
    """Where a line is a paragraph: the paragraphs of a block, and the heading of a box in it."""
    words = [bare(line) for line in block.lines]
    counted = [len(line) <= MAX_HEADING and bool(COUNTED_BOX.match(line)) for line in words]
    return block.cut_before(
        index
        for index in range(1, len(words))
        if max(len(words[index - 1]), len(words[index])) > MIN_BOX_ITEM
        or counted[index]
        or (counted[index - 1] and words[index][:1].isupper())
    )


def _boxes(body: Sequence[Block]) -> list[tuple[int, int]]:
    """The inset boxes of a section: for each, its heading and the first block after it."""
    boxes = []
    counted = _counted_box(body)
    if counted:
        boxes.append(counted)
    numbered = _numbered_box(body, counted[1] if counted else 1)
    if numbered:
        boxes.append(numbered)
    return boxes


def _numbered_box(body: Sequence[Block], after: int) -> tuple[int, int] | None:
    """A box set off at the end of a section: a short title, an unusual gap, a numbered list to the end."""
    gaps = [below.first - above.last for above, below in pairwise(body)]
    usual = max(median_low(gaps or [0]), 2)
    for start in range(after, len(body) - 1):
        title, following = body[start], body[start + 1]
        set_off = gaps[start] > usual and len(title.lines) == 1 and len(title.text) <= 50
        if set_off and title.text[-1:].isalpha() and re.match(r"^\s*(?:[-–•]\s*)?1\s?[.)]", following.lines[0]):
            return start, len(body)
    return None


def _counted_box(body: Sequence[Block]) -> tuple[int, int] | None:
    """A box « 10 conseils pour… » inside a section, ended by counting its items."""
    items = [
        index
        for index, block in enumerate(body)
        if len(block.text) > MIN_BOX_ITEM and not (index and _goes_on_below(body[index - 1], block))
    ]
    for start, block in enumerate(body):
        announced = COUNTED_BOX.match(block.text) if len(block.text) <= MAX_HEADING else None
        if announced and not block.text.endswith((".", ":", ";")):
            last = bisect_right(items, start) + int(announced["count"]) - 1
            if last < len(items):
                return start, items[last] + 1
    return None


def _goes_on_below(above: Block, below: Block) -> bool:
    """Whether a page cuts a sentence between these blocks."""
    return below.text[:1].islower() and (above.text[-1:].isalpha() or above.text.endswith((",", "-")))


def claimed(sections: Sequence[SectionRecord], non_body: Sequence[NonBody]) -> set[int]:
    """Every line that a section or a caption holds."""
    headings = {number for section in sections for number in section.heading_lines}
    bodies = (span for section in sections for span in section.body_lines)
    return headings | numbers_of(bodies) | numbers_of(piece.lines for piece in non_body)


def unclaimed(text: Text, first: int, last: int, taken: set[int]) -> tuple[Span, ...]:
    return spans(number for number in text.filled(first, last) if number not in taken)
