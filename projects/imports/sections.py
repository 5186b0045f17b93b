"""The body of a fiche: its sections in printed order, and what is printed among them without being text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from projects.imports.records import NonBody, SectionRecord, Span, spans
from projects.imports.text import Block, Text, is_capitals
from projects.imports.vocabulary import CAPTION, COUNTED_BOX, LEGEND_MARK, Kind, section_kind

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
    single = text.bare(number)
    kind = section_kind(single)
    if kind:
        return Heading(kind, (number,), single)
    cut = single.endswith("-") or is_capitals(single)
    if not cut or len(single) > 40:
        return None
    for count in (2, 3):
        several = lines[index : index + count]
        if len(several) == count and several[-1] - several[0] <= 2 * count:
            joined = text.joined(several[0], several[-1])
            kind = section_kind(joined)
            if kind:
                return Heading(kind, tuple(several), joined)
    return None


def read_sections(text: Text, headings: Sequence[Heading], last: int) -> tuple[list[SectionRecord], list[NonBody]]:
    """The sections that follow these headings, to the fiche's last line; captions and legends apart."""
    sections: list[SectionRecord] = []
    non_body: list[NonBody] = []
    for index, heading in enumerate(headings):
        end = headings[index + 1].lines[0] - 1 if index + 1 < len(headings) else last
        blocks = list(text.blocks(heading.lines[-1] + 1, end))
        body, apart = _set_apart(heading.kind, blocks)
        non_body += apart
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
    body = "\n\n".join(block.raw for piece in pieces for block in piece)
    return SectionRecord(heading.kind.value, heading.text, heading.lines, tuple(ranges), body)


def _set_apart(kind: Kind, blocks: list[Block]) -> tuple[list[Block], list[NonBody]]:
    """The blocks of the body, and those that are captions, legends, labels of lost pictures, posters or footnotes."""
    body = list(blocks)
    apart: list[NonBody] = []

    def move(block: Block, what: str) -> None:
        body.remove(block)
        apart.append(NonBody(what, (block.first, block.last), block.raw))

    while body and _is_caption(body[-1]):
        move(body[-1], "legende")
    # one in the middle stays in the text, where the reader of the page looks for it
    apart += [NonBody("legende", (block.first, block.last), block.raw) for block in body if _is_caption(block)]
    if kind not in {Kind.CHIFFRES, Kind.ALLER_PLUS_LOIN}:
        while len(body) > 1 and is_capitals(body[-1].text) and len(body[-1].text.split()) <= 3:
            move(body[-1], "legende")
    if kind is Kind.TEMOIGNAGE:
        long = [index for index, block in enumerate(body) if len(block.text) >= LONG_PARAGRAPH]
        for block in body[long[-1] + 1 :] if long else []:
            move(block, "affiche" if len(block.lines) > 1 else "legende")
    if len(body) > 1 and any(_FOOTNOTE_MARK.search(block.raw) for block in body) and _FOOTNOTE.match(body[-1].text):
        move(body[-1], "note")
    return body, sorted(apart, key=lambda piece: piece.lines)


def _is_caption(block: Block) -> bool:
    return (bool(CAPTION.match(block.text)) and len(block.text) < 250) or len(LEGEND_MARK.findall(block.raw)) >= 2


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
    """A box set off at the end of a section: a short title, a wide gap, a numbered list to the end."""
    for start in range(after, len(body) - 1):
        title, following = body[start], body[start + 1]
        set_off = following.first > title.last + 3 and len(title.lines) == 1 and len(title.text) <= 50
        if set_off and title.text[-1:].isalpha() and re.match(r"^\s*(?:[-–•]\s*)?1\s?[.)]", following.lines[0]):
            return start, len(body)
    return None


def _counted_box(body: Sequence[Block]) -> tuple[int, int] | None:
    """A box « 10 conseils pour… » inside a section, ended by counting its items."""
    for start, block in enumerate(body):
        announced = COUNTED_BOX.match(block.text)
        if not announced or len(block.text) > 80 or block.text.endswith((".", ":", ";")):
            continue
        items = 0
        for stop in range(start + 1, len(body)):
            if len(body[stop].text) > 70:
                items += 1
            if items == int(announced["count"]):
                return start, stop + 1
    return None


def claimed(sections: Sequence[SectionRecord], non_body: Sequence[NonBody]) -> set[int]:
    """Every line that a section or a caption holds."""
    lines = {number for section in sections for number in section.heading_lines}
    for section in sections:
        for first, last in section.body_lines:
            lines.update(range(first, last + 1))
    for piece in non_body:
        lines.update(range(piece.lines[0], piece.lines[1] + 1))
    return lines


def unclaimed(text: Text, first: int, last: int, taken: set[int]) -> tuple[Span, ...]:
    return spans(number for number in text.filled(first, last) if number not in taken)
