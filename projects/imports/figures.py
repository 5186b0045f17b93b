"""Key figures: the value printed large, and what it counts."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest

from projects.imports.records import KeyFigure, SectionRecord
from projects.imports.text import LONG_LINE, Block, Text, bare, join_lines
from projects.imports.vocabulary import ARROW, BULLET, FIGURE_ALONE, FIGURE_FIRST, FIGURE_LAST, MAX_FIGURE

_BOLD_VALUE = re.compile(r"\*\*\s{0,3}([+±−-]?\d[^*]*)\*\*")
LOST_VALUE = "—"  # printed where the value of a figure is not known
MAX_SUBTITLE = 45
MAX_UNIT = 3  # letters of a unit printed below its number: a longer word is a label
SHORT_LABEL = 60  # characters: a longer line may be cut by the margin


def read_section(text: Text, index: int, section: SectionRecord) -> list[KeyFigure]:
    """The figures of a section of that kind. A label goes up to the next value; a lost value leaves a label alone."""
    figures: list[KeyFigure] = []
    pending: KeyFigure | None = None
    labels: list[str] = []
    blocks = [
        piece for first, last in section.body_lines for block in text.blocks(first, last) for piece in _pieces(block)
    ]

    def close() -> None:
        nonlocal pending, labels
        if pending is not None:
            figures.append(replace(pending, label=join_lines(labels) or pending.label))
        pending, labels = None, []

    def add_label(block: Block) -> KeyFigure | None:
        labels.extend(block.lines)
        return replace(pending, lines=((pending.lines[0][0], block.last),)) if pending else None

    for block, following in zip_longest(blocks, blocks[1:]):
        kind, value, label = classify(block)
        span = ((block.first, block.last),)
        if kind == "value":
            close()
            pending = KeyFigure(value, None, index, span)
        elif pending is not None and not labels and pending.label is None and (kind == "words" or _is_numbered(block)):
            pending = add_label(block)
        elif kind == "both":
            close()
            pending = KeyFigure(value, label, index, span)
        elif kind == "several":
            close()
            figures += _several(index, block)
        elif pending is not None and not _is_subtitle(block, following, labels):
            if pending.label and not labels:
                labels.append(pending.label)
            pending = add_label(block)
        else:
            close()
    close()
    return figures


def _pieces(block: Block) -> list[Block]:
    """The block cut where figures touch: at each line when all begin with a value; before a value alone, when a label
    follows it or a figure is complete above; before a line that begins with a value when the line above is complete."""
    words = [bare(BULLET.sub("", line[:LONG_LINE])) for line in block.lines]
    alone = [len(line) <= MAX_FIGURE and bool(FIGURE_ALONE.match(line)) for line in words]
    if len(words) > 1 and all(FIGURE_FIRST.match(line) and not one for line, one in zip(words, alone, strict=True)):
        return block.cut_before(range(len(words)))
    cuts = []
    for index in range(1, len(words)):
        above = words[index - 1]
        if alone[index - 1]:
            continue
        ended = above.endswith((".", ";"))
        if alone[index]:
            if index + 1 < len(words) or alone[0] or ended:
                cuts.append(index)
            continue
        complete = ended or (len(words) > 2 and len(above) < SHORT_LABEL and not above.endswith(","))
        if complete and FIGURE_FIRST.match(words[index]):
            cuts.append(index)
    return block.cut_before(cuts)


def classify(block: Block) -> tuple[str, str | None, str | None]:
    """(what the block is, value, label): a value alone, a value with its label, several values, or only words."""
    raw = [ARROW.sub("", line) for line in block.lines]
    words = join_lines(raw)
    if words == LOST_VALUE:
        return "value", None, None
    first_line, below = bare(raw[0]), join_lines(raw[1:])
    if FIGURE_ALONE.match(words) and (len(below) <= MAX_UNIT or below.isupper()):
        return "value", words, None
    if below and FIGURE_ALONE.match(first_line):
        return "both", first_line, below
    bold = [match for line in [" ".join(raw)] for match in _BOLD_VALUE.finditer(line)]
    if len(bold) >= 2:
        return "several", None, None
    stripped = BULLET.sub("", words)
    first = FIGURE_FIRST.match(stripped)
    if first:
        return "both", first[1].strip(), stripped[first.end() :].strip(" :–-") or None
    last = FIGURE_LAST.match(words) if len(words) <= MAX_SUBTITLE else None
    if last:
        return "both", last["value"].strip(), _trim(last["label"])
    if len(bold) == 1 and len(words) < 120:
        return (
            "both",
            bare(bold[0][1]),
            _trim(bare(_BOLD_VALUE.sub(" ", " ".join(raw))) if words[-1:].isdigit() or words[-1:] == "%" else words),
        )
    return "words", None, None


def _is_numbered(block: Block) -> bool:
    """A label that begins with a number of its own: « 9 mois après… » below a value printed alone."""
    return bare(block.lines[0])[:1].isdigit()


def _trim(label: str) -> str:
    return re.sub(r"\s+(?:à|de|:)$", "", label.strip()).strip()


def _several(index: int, block: Block) -> list[KeyFigure]:
    """« … en **8** objectifs autour de **20** fiches »: each bold value with the words up to the next."""
    line = " ".join(block.lines)
    matches = list(_BOLD_VALUE.finditer(line))
    figures = []
    for position, match in enumerate(matches):
        end = matches[position + 1].start() if position + 1 < len(matches) else len(line)
        label = bare(line[match.end() : end])
        figures.append(KeyFigure(bare(match[1]), label or None, index, ((block.first, block.last),)))
    return figures


def _is_subtitle(block: Block, following: Block | None, above: Sequence[str]) -> bool:
    """A short title inside the figures, before another group of values: a gap below it, or above it a line too long
    to go on in a word with a capital."""
    words = block.text
    set_off = len(above) > 0 and len(above[-1]) > SHORT_LABEL and above[-1].rstrip()[-1].isalnum()
    return (
        len(words) < MAX_SUBTITLE
        and words[:1].isupper()
        and words[-1:] not in ".!?;,"
        and following is not None
        and classify(following)[0] != "words"
        and len(block.lines) == 1
        and (following.first > block.last + 2 or set_off)
    )


def number_and_unit(value: str | None) -> tuple[Decimal | None, str]:
    """« +25 % » → 25, « % »; « 65 000 » → 65000; « 3,7/4 » → 3.7, « /4 »; nothing when no number leads the value."""
    match = re.match(
        r"^\s*([+±−–-]?)\s?(\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:[.,](\d{1,4}))?\s*(.*)$", value or "", re.S
    )
    if not match:
        return None, ""
    whole = re.sub(r"\D", "", match[2])
    if len(whole) > 14:
        return None, ""
    number = Decimal(f"{whole}.{match[3] or '0'}")
    return (-number if match[1] in {"-", "−", "–"} else number), match[4].strip()[:40]
