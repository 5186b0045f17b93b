"""Paragraphs and tables of a Word or OpenDocument file → lines as a printed book has them: one paragraph on a line, a
blank line between two, items of a list touching, Markdown marks."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby, zip_longest

from casebook.text import letters
from projects.imports.formats.styles import TOUCHING, Style, style_named
from projects.imports.vocabulary import (
    AUTHORS_HEADING,
    EMAIL,
    FIGURE_ALONE,
    TEAM_HEADING,
    TUTORS_HEADING,
    Kind,
    section_kind,
)

MAX_HEADING = 120  # characters: a longer paragraph in the style of a heading is text
MAX_CELL = 400  # characters: a table with longer cells, or with more paragraphs in one, is a layout
MAX_CELL_PARAGRAPHS = 6
MAX_RAISED = 30  # characters above or below the line: more of them are a paragraph's look
MAX_NOTES = 99  # then the marks begin again at 1: notes are known by one or two digits
LONG_PARAGRAPH = 80  # characters: a note stands below a paragraph of text, not inside the head of a fiche

_DROPPED = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff")) | {0x2010: "-", 0x2011: "-"}
_ENTITY = re.compile(r"&(?=#|\w+;)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_LIST_MARK = re.compile(r"^\s*(?:-|\d{1,3}[.)])\s$")
_LEADER = re.compile(r"\s*\t\s*(?=\d{1,4}$)")
WEB = ("http://", "https://")


@dataclass(frozen=True)
class Run:
    """Words of one look; `\\n` is a break of line, `\\t` a tab. `raised`: `^` above the line, `_` below."""

    text: str
    bold: bool = False
    italic: bool = False
    raised: str = ""
    target: str = ""
    capitals: bool = False
    hidden: bool = False


@dataclass
class Paragraph:
    """`level`: 1 for the title of a document, 2 and more for what is below, 0 for text. `mark`: what a list prints
    before its item, indented. `notes`: the notes that are called here, `boxes`: the text boxes that are tied to it."""

    runs: list[Run] = field(default_factory=list)
    style: str = ""
    level: int = 0
    mark: str = ""
    contents: bool = False
    notes: "list[list[Block]]" = field(default_factory=list)
    boxes: "list[Block]" = field(default_factory=list)

    @cached_property
    def words(self) -> str:
        return "".join(run.text for run in self.runs).translate(_DROPPED).strip()

    @property
    def named(self) -> Style | None:
        return style_named(self.style)

    @property
    def is_item(self) -> bool:
        return bool(_LIST_MARK.match(self.mark)) and not self.level


@dataclass
class Table:
    rows: "list[list[list[Block]]]"


Block = Paragraph | Table
Found = list[tuple[str, int | None]]


def lines_of(blocks: Iterable[Block], guidance: frozenset[str] = frozenset()) -> Found:
    """The lines of a document. `guidance`: the letters of the sentences that our template prints for its writer."""
    flat = [block for block in _flat(blocks) if isinstance(block, Table) or block.words]
    kept = _with_words_below([block for block in flat if not _is_guidance(block, guidance)])
    lines: list[str] = []
    before: Paragraph | Table | None = None
    for block in _notes_apart(kept):
        if before is not None and not _touches(before, block):
            lines.append("")
        lines += _table(block) if isinstance(block, Table) else _paragraph(block)
        before = block
    return [(line, None) for line in lines]


def _flat(blocks: Iterable[Block]) -> Iterator[Block]:
    """Layout tables cell by cell, text boxes below the paragraph that holds them."""
    in_figures = False
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
            yield from _flat(block.boxes)
            kind = section_kind(block.words)
            in_figures = kind is Kind.CHIFFRES if kind else in_figures
        elif in_figures or not _is_data(block):
            for row in block.rows:
                for cell in row:
                    yield from _flat(cell)
        else:
            yield block


def _is_data(table: Table) -> bool:
    """Rows of as many short cells, none of which is a heading, a person or a figure printed large."""
    widths = {len(row) for row in table.rows}
    if len(table.rows) < 2 or len(widths) > 1 or widths.pop() < 2:
        return False
    return all(_is_short(cell) for row in table.rows for cell in row) and not _are_figures(table)


def _is_short(cell: Sequence[Block]) -> bool:
    paragraphs = [block for block in cell if isinstance(block, Paragraph) and block.words]
    if any(isinstance(block, Table) or block.boxes for block in cell) or any(map(_is_landmark, paragraphs)):
        return False
    return len(paragraphs) <= MAX_CELL_PARAGRAPHS and sum(len(block.words) for block in paragraphs) <= MAX_CELL


def _is_landmark(paragraph: Paragraph) -> bool:
    words = paragraph.words
    key = letters(words) if len(words) <= MAX_HEADING else ""
    if paragraph.named or section_kind(words) or EMAIL.search(words):
        return True
    return any(pattern.match(key) for pattern in (AUTHORS_HEADING, TEAM_HEADING, TUTORS_HEADING))


def _are_figures(table: Table) -> bool:
    """Two columns, a value first in every row: figures printed large beside what they count."""
    first = [" ".join(block.words for block in row[0] if isinstance(block, Paragraph)) for row in table.rows]
    return len(table.rows[0]) == 2 and all(FIGURE_ALONE.match(words) for words in first)


def _is_guidance(block: Block, guidance: frozenset[str]) -> bool:
    """What the template says to its writer; words that the writer put in its place stay."""
    return isinstance(block, Paragraph) and block.named is Style.GUIDANCE and letters(block.words) in guidance


def _with_words_below(blocks: Sequence[Block]) -> Iterator[Block]:
    """Without the template's headings under which nothing was written."""
    ends = {Style.SECTION, Style.THEME, Style.NUMBER}
    for block, following in zip_longest(blocks, blocks[1:]):
        below = following.named if isinstance(following, Paragraph) else None
        is_empty = following is None or below in ends
        if not (isinstance(block, Paragraph) and block.named is Style.SECTION and is_empty):
            yield block


def _notes_apart(blocks: Iterable[Block]) -> Iterator[Block]:
    """Each note below the text that calls it, as a paragraph that begins with its mark: never inside a list, nor among
    the lines of a head."""
    waiting: list[Paragraph] = []
    count = 0
    before: Block | None = None
    for block in [*blocks, None]:
        ends_text = (
            isinstance(before, Paragraph)
            and (len(before.words) >= LONG_PARAGRAPH or before.is_item)
            and not (before.is_item and isinstance(block, Paragraph) and block.is_item)
        )
        if waiting and (ends_text or isinstance(before, Table) or block is None):
            yield from waiting
            waiting = []
        if block is None:
            return
        yield block
        for note in _notes_of(block):
            count += 1
            mark = f"^[{(count - 1) % MAX_NOTES + 1}] "
            paragraphs = [found for found in _flat(note) if isinstance(found, Paragraph) and found.words]
            waiting += [replace(found, mark=mark, level=0, runs=_stripped(found.runs)) for found in paragraphs]
        before = block


def _notes_of(block: Block) -> Iterator[list[Block]]:
    if isinstance(block, Paragraph):
        yield from block.notes
    else:
        for row in block.rows:
            for cell in row:
                for inner in cell:
                    yield from _notes_of(inner)


def _stripped(runs: list[Run]) -> list[Run]:
    """Without the number that some programs write inside the note."""
    first = runs[0] if runs else None
    if first and re.fullmatch(r"\s*\[?\d{1,3}\]?[.)]?\s*", first.text) and first.raised and len(runs) > 1:
        return runs[1:]
    return runs


def _touches(above: Block, below: Block) -> bool:
    if not (isinstance(above, Paragraph) and isinstance(below, Paragraph)):
        return False
    return (above.is_item and below.is_item) or (above.named, below.named) in TOUCHING


# ------------------------------------------------------------------------------------------------- one paragraph


def _paragraph(paragraph: Paragraph) -> list[str]:
    runs = _leaders(paragraph.runs) if paragraph.contents else paragraph.runs
    style = paragraph.named
    if style is Style.TITLE or (paragraph.level == 1 and len(paragraph.words) <= MAX_HEADING):
        runs = [replace(run, bold=True) for run in runs]
    lines = [line for line in _inline(runs).split("\n") if line]
    mark = paragraph.mark
    if style in {Style.ITEM, Style.REFERENCE} and not mark:
        mark = "- "
    is_heading = paragraph.level > 1 or style is Style.HEADING
    if is_heading and len(lines) == 1 and len(paragraph.words) <= MAX_HEADING:
        return [f"### {mark.lstrip()}{lines[0].replace('**', '')}"]
    indent = " " * len(mark) if _LIST_MARK.match(mark) else ""
    return [f"{mark}{lines[0]}", *(indent + line for line in lines[1:])] if lines else []


def _leaders(runs: Sequence[Run]) -> list[Run]:
    """The words of an entry of a table of contents, the tab before its page made visible."""
    return [Run(_LEADER.sub(" … ", "".join(run.text for run in runs).strip()))]


def _inline(runs: Sequence[Run]) -> str:
    """The words with their marks; a mark never spans a break of line, nor begins or ends with a space."""
    pieces: list[Run] = []
    for run in runs:
        for index, text in enumerate(run.text.translate(_DROPPED).split("\n")):
            if index:
                pieces.append(Run("\n"))
            if text:
                pieces.append(replace(run, text=text.replace("\t", " ")))
    mailed = _mail_address(pieces)
    if mailed:
        pieces = [replace(run, target="") for run in pieces]
    written = "".join(_marked("".join(run.text for run in group), *look) for look, group in groupby(pieces, key=_look))
    written = "\n".join(re.sub(r"[ \t]+", " ", line).strip() for line in written.split("\n"))
    return f"{written} {mailed}" if mailed else written


def _look(run: Run) -> tuple[bool, bool, str, str]:
    if not run.text.strip():
        return False, False, "", run.target
    return run.bold, run.italic, run.raised, run.target


def _mail_address(runs: Sequence[Run]) -> str:
    """The address behind a name that is nothing but a link to it."""
    targets = {run.target for run in runs if run.text.strip()}
    target = targets.pop() if len(targets) == 1 else ""
    words = "".join(run.text for run in runs)
    return _address(target) if target.startswith("mailto:") and "@" not in words else ""


def _address(target: str) -> str:
    return target.removeprefix("mailto:").split("?")[0]


def _marked(text: str, bold: bool, italic: bool, raised: str, target: str) -> str:
    words = text.strip(" ")
    if not words or text == "\n":
        return text
    start, end = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    written = _ENTITY.sub("&amp;", words)
    written = _TAG.sub("&lt;", written).replace("*", "&#42;")
    if raised and len(words) <= MAX_RAISED and not set("{}") & set(words):
        written = f"{raised}{{{written}}}"
    if bold or italic:
        stars = "*" * (2 * bold + italic)
        written = f"{stars}{written}{stars}"
    if target.startswith((*WEB, "mailto:")) and words not in {target, _address(target)}:
        written = linked(written, target)
    return f"{start}{written}{end}"


def linked(words: str, target: str) -> str:
    """A link in Markdown, whatever the address holds."""
    shown = words.replace("[", "\\[").replace("]", "\\]")
    escaped = re.sub(r"[()<>\s\[\]\"|]", lambda m: "".join(f"%{byte:02X}" for byte in m[0].encode()), target.strip())
    return f"[{shown}]({escaped})"


# ------------------------------------------------------------------------------------------------- tables


def _table(table: Table) -> list[str]:
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return [lines[0], "|" + "---|" * len(rows[0]), *lines[1:]]


def _cell(cell: Sequence[Block]) -> str:
    paragraphs = [block for block in cell if isinstance(block, Paragraph) and block.words]
    bullet = {"-": "• "}
    return "<br>".join(
        bullet.get(p.mark.strip(), p.mark.lstrip()) + _inline(p.runs).replace("\n", "<br>").replace("|", "\\|")
        for p in paragraphs
    )
