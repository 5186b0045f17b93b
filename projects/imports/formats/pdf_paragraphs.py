"""Rows in reading order → lines of text: paragraphs made whole again across lines, columns and pages."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import pairwise
from statistics import mode

from casebook.text import letters
from projects.imports.formats.pdf_layout import LIST_MARK, MIN_COLUMN, Row, Run
from projects.imports.text import is_capitals
from projects.imports.vocabulary import (
    AUTHORS_HEADING,
    EMAIL,
    MAX_HEADING,
    TUTORS_HEADING,
    section_kind,
)

LOOSE = 1.3  # of the usual distance of two lines: more begins a paragraph
OTHER_SIZE = 0.06  # share of the size
INDENT = 0.6  # of the size
WIDE = 3.2  # of the usual distance: what follows is set off
MIN_PROSE = 24  # letters of a full line, on average: shorter ones are a list of names or a title
SAME_GUTTER = 14.0  # points
FOOTNOTE = 0.88  # of the body's size
_HYPHENS = "-\u00ad\u2010"
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)+|[^\W\d_]+")
_BULLET = re.compile(r"^([•▪◦‣●○■□➢✓✔✗–—-]|\*(?=\s)|o(?=\s+[A-ZÀ-Ý]))\s*(?=\S)")
_NOTE = re.compile(r"^(?:\^\[\d+\]|\d{1,3}(?:[.)]|\s|(?=[A-ZÀ-Ý])))")
_ENDS = re.compile(r"[.!?:;…][»”\"’')\]]*\s*$")
# What stays behind the hyphen at a line end when nothing in the document tells.
_AFTER_HYPHEN = re.compile(r"^(?:t-|ils?\b|elles?\b|on\b|je\b|tu\b|nous\b|vous\b|ci\b|là\b|mêmes?\b|ce\b|il\b)")
_BEFORE_HYPHEN = re.compile(
    r"(?:^|\W)(?:non|ex|sous|vice|demi|semi|quasi|mi|plus|moins|porte|avant|après|rendez|peut|c’est|grand|celui|"
    r"celle|ceux|celles|au|là|lui|elle|eux|soi|nous|vous|haut|bas|nord|sud|est|ouest|saint|sainte)$",
    re.I,
)


class Step(Enum):
    """From one row to the next."""

    JOIN = "the same line of text"
    LINE = "another line of the same block"
    BLOCK = "another block"


@dataclass
class _Paragraph:
    rows: list[Row]
    step: Step  # before it


@dataclass
class Measures:
    """What is usual in the document."""

    body: float  # size of most letters
    pitch: float  # share of the size: from a baseline to the next
    column: dict[tuple[float, float], tuple[int, int]]  # for each slot, the column that it is on every page
    right: dict[tuple[int, int], float] = field(default_factory=dict)  # where full lines end, by column

    def right_of(self, row: Row) -> float:
        return self.right[self.column[row.slot]]

    def follows(self, a: Row, b: Row) -> bool:
        """Whether b stands below a in the same column of the same page."""
        return a.page == b.page and self.column[a.slot] == self.column[b.slot] and a.y > b.y

    def set_off(self, a: Row, b: Row) -> bool:
        return self.follows(a, b) and a.y - b.y > WIDE * self.pitch * max(a.size, b.size)


def _columns(rows: Sequence[Row]) -> dict[tuple[float, float], tuple[int, int]]:
    """Slots that differ by a little from page to page are one column."""
    slots = {row.slot for row in rows}
    group: dict[float, int] = {}
    before = float("-inf")
    for bound in sorted({bound for slot in slots for bound in slot}):
        group[bound] = len(group) if bound - before > SAME_GUTTER or bound == before else group[before]
        before = bound
    return {slot: (group[slot[0]], group[slot[1]]) for slot in slots}


def measure(rows: Sequence[Row]) -> Measures:
    sizes: Counter[float] = Counter()
    for row in rows:
        sizes[round(row.size * 2) / 2] += len(row.text)
    body = sizes.most_common(1)[0][0] if sizes else 10.0
    column = _columns(rows)
    columns: dict[tuple[int, int], list[Row]] = {}
    for row in rows:
        columns.setdefault(column[row.slot], []).append(row)
    right = {}
    for key, members in columns.items():
        ends = sorted(row.x1 for row in members)
        start = min(row.x0 for row in members)
        end = ends[min(int(len(ends) * 0.99), len(ends) - 1)]
        full = [len(row.text) for row in members if row.x1 >= end - 0.15 * (end - start)]
        prose = len(full) >= 0.35 * len(ends) and sum(full) >= MIN_PROSE * len(full)
        right[key] = end if prose else max(end, members[0].slot[1] - 1.2 * body)
    found = Measures(body, 1.2, column, right)
    gaps = [
        round((a.y - b.y) / a.size, 1)
        for a, b in pairwise(rows)
        if found.follows(a, b)
        and abs(a.size - b.size) < 0.1
        and _is_full(a, b, found)
        and 0.9 < (a.y - b.y) / a.size < 2.4
    ]
    if gaps:
        found.pitch = mode(gaps) + 0.05
    return found


def _in_their_column(rows: Sequence[Row]) -> list[Row]:
    """The rows of a page that only has its first column, put in the column that other pages have."""
    bounds = Counter(row.slot[1] for row in rows if row.slot[0] == float("-inf") and row.slot[1] != float("inf"))
    if not bounds:
        return list(rows)
    bound = bounds.most_common(1)[0][0]
    ends = sorted(row.x1 for row in rows if row.slot == (float("-inf"), bound))
    end = ends[int(len(ends) * 0.95)]
    placed: list[Row] = []
    run: list[Row] = []
    for row in [*rows, None]:
        whole = row is not None and row.slot == (float("-inf"), float("inf"))
        if row is not None and whole and row.x1 < bound - 2 and (not run or run[0].page == row.page):
            run.append(row)
            continue
        full = sum(r.x1 > 0.85 * end for r in run)
        placed += [replace(r, slot=(float("-inf"), bound)) for r in run] if full >= MIN_COLUMN else run
        run = []
        if row is not None:
            placed.append(row)
    return placed


def paragraphs(rows: Sequence[Row]) -> list[tuple[str, int | None]]:
    """The lines with their pages, a blank one between two blocks."""
    if not rows:
        return []
    rows = _in_their_column(rows)
    usual = measure(rows)
    body, notes = _footnotes_apart(rows, usual)
    words = _words(body)
    cuts = _mostly_cut(body, words)
    made: list[_Paragraph] = []
    for row, after in zip(body, [*body[1:], None], strict=True):
        step = _step(made[-1], row, after, usual) if made else Step.BLOCK
        if step is Step.JOIN:
            made[-1].rows.append(row)
        else:
            made.append(_Paragraph([row], step))
    lines: list[tuple[str, int | None]] = []
    end = body[0] if body else rows[0]
    waiting = sorted(notes, key=lambda row: (row.page, -row.y))
    for paragraph in made:
        if paragraph.step is Step.BLOCK and lines:
            while waiting and waiting[0].page < paragraph.rows[0].page:
                lines += [("", None), (_render([waiting[0]], words, cuts), waiting[0].page)]
                waiting.pop(0)
            lines += [("", None)] * (3 if usual.set_off(end, paragraph.rows[0]) else 1)
        end = paragraph.rows[-1]
        text = _render(paragraph.rows, words, cuts)
        if text:
            lines.append((text, paragraph.rows[0].page))
    for row in waiting:
        lines += [("", None), (_render([row], words, cuts), row.page)]
    return lines


def _footnotes_apart(rows: Sequence[Row], usual: Measures) -> tuple[list[Row], list[Row]]:
    """The rows without the notes in small print that end a column; those, each made one row."""
    kept: list[Row] = []
    notes: list[Row] = []
    at = 0
    while at < len(rows):
        stop = at
        while stop < len(rows) and rows[stop].page == rows[at].page and rows[stop].slot == rows[at].slot:
            stop += 1
        begin = stop
        while begin > at and rows[begin - 1].size <= FOOTNOTE * usual.body:
            begin -= 1
        while begin < stop and not _NOTE.match(rows[begin].text):
            begin += 1
        kept += rows[at:begin]
        for row in rows[begin:stop]:
            if _NOTE.match(row.text) or not notes:
                notes.append(row)
            else:
                notes[-1] = Row(
                    (*notes[-1].runs, (" ", False), *row.runs),
                    notes[-1].x0,
                    row.x1,
                    notes[-1].y,
                    row.size,
                    row.x0,
                    row.page,
                )
        at = stop
    return kept, notes


# ------------------------------------------------------------------------------------------------- from row to row


def _step(paragraph: _Paragraph, row: Row, after: Row | None, usual: Measures) -> Step:
    before = paragraph.rows[-1]
    if _is_heading(before.text) or _is_heading(row.text):
        return Step.BLOCK
    other_size = abs(before.size - row.size) > OTHER_SIZE * max(before.size, row.size)
    if (_is_cut(before, row) or _address_goes_on(before.text, row.text)) and not other_size:
        return Step.JOIN
    if not usual.follows(before, row):
        elsewhere = before.page != row.page or usual.column[before.slot] != usual.column[row.slot]
        return Step.JOIN if elsewhere and not other_size and _goes_on(before, row, usual) else Step.BLOCK
    gap = before.y - row.y
    if other_size or gap > LOOSE * usual.pitch * max(row.size, before.size):
        return Step.BLOCK
    if row.has_mark or LIST_MARK.match(row.text.split(" ")[0]):
        return Step.LINE
    if not _is_full(before, row, usual):
        capitals = is_capitals(before.text), is_capitals(row.text)
        other_look = capitals[0] != capitals[1] or (before.is_bold != row.is_bold and not capitals[0])
        return Step.BLOCK if other_look else Step.LINE
    return _indented(paragraph, row, after if after and usual.follows(row, after) else None)


def _indented(paragraph: _Paragraph, row: Row, after: Row | None) -> Step:
    before = paragraph.rows[-1]
    shift = row.x0 - before.text_x0
    indent = INDENT * row.size
    centred = abs((row.x0 + row.x1) - (before.x0 + before.x1)) < row.size
    if abs(shift) < indent or centred:
        set_in = after is not None and len(paragraph.rows) == 1 and indent < row.x0 - after.x0 < 4 * row.size
        return Step.BLOCK if set_in and not before.has_mark and not centred else Step.JOIN
    if before.has_mark and abs(row.x0 - before.x0) < indent:
        return Step.JOIN  # a list that does not hang
    if shift > 0:
        return Step.JOIN if before.has_mark else Step.BLOCK
    first = len(paragraph.rows) == 1
    if first and not before.has_mark and -shift <= 4 * row.size:
        return Step.JOIN  # below a first line that is set in
    return Step.LINE if paragraph.rows[0].has_mark and row.x0 > paragraph.rows[0].x0 + indent else Step.BLOCK


def _is_full(a: Row, b: Row, usual: Measures) -> bool:
    """Whether b's first word would not have fitted at the end of a: the line was cut for want of room."""
    word = b.text.split(" ")[0]
    width = (b.x1 - b.x0) * len(word) / max(len(b.text), 1)
    return a.x1 + width + 0.3 * a.size >= usual.right_of(a) - 0.2 * a.size


def _is_cut(a: Row, b: Row) -> bool:
    """Whether a word is cut between the two."""
    text = a.text
    return text[-1:] in _HYPHENS and text[-2:-1].isalpha() and b.text[:1].islower() and b.text[:1].isalpha()


def _address_goes_on(before: str, after: str) -> bool:
    """Whether an e-mail or web address is cut between the two: nothing may come in between."""
    start, rest = before.rsplit(" ", 1)[-1], after.split(" ", 1)[0]
    if "@" in start:
        return "@" not in rest and bool(EMAIL.fullmatch(start + rest)) and not EMAIL.fullmatch(start)
    if rest.startswith("@"):
        return bool(EMAIL.fullmatch(start + rest))
    return bool(re.search(r"https?://\S*[-/._=&?%]$|www\.\S*[-/._=&?%]$", start)) and not rest[:1].isupper()


def _goes_on(a: Row, b: Row, usual: Measures) -> bool:
    """Whether a paragraph goes on in the next column or on the next page."""
    if b.has_mark or LIST_MARK.match(b.text.split(" ")[0]) or is_capitals(a.text) or is_capitals(b.text):
        return False
    if _ENDS.search(a.text) or "@" in a.text or "@" in b.text:
        return False
    return b.text[:1].islower() or _is_full(a, b, usual)


def _is_heading(text: str) -> bool:
    if len(text) > MAX_HEADING:
        return False
    key = letters(text)
    return bool(section_kind(text) or AUTHORS_HEADING.match(key) or TUTORS_HEADING.match(key))


# ------------------------------------------------------------------------------------------------- words


def _words(rows: Iterable[Row]) -> Counter[str]:
    """The words of the document that no line end cuts, compounds as one."""
    found: Counter[str] = Counter()
    for row in rows:
        found.update(word.casefold().replace("\u2010", "-") for word in _WORD.findall(row.text.rstrip(_HYPHENS)))
    return found


def _mostly_cut(rows: Sequence[Row], words: Counter[str]) -> bool:
    """Whether hyphens at line ends are those of cut words, where other lines tell."""
    cut = whole = 0
    for a, b in pairwise(rows):
        if _is_cut(a, b) and a.text[-1] != "\u00ad":
            before, after = _halves(a.text, b.text)
            cut += words[before + after] > 0
            whole += words[f"{before}-{after}"] > 0
    return cut >= whole


def _halves(before: str, after: str) -> tuple[str, str]:
    found, rest = re.search(r"[^\W\d_]+$", before.rstrip(_HYPHENS)), re.match(r"[^\W\d_]+", after)
    return (found[0].casefold() if found else "", rest[0].casefold() if rest else "")


def _glue(before: str, after: str, words: Counter[str], cuts: bool) -> str:
    """`before` as it stands ahead of `after`: with a space, or with its hyphen kept or dropped."""
    if before.endswith("\u00ad"):
        return before.rstrip("\u00ad")
    if _address_goes_on(before, after):
        return before.rstrip()
    if not (before[-1:] in _HYPHENS and before[-2:-1].isalnum() and after[:1].isalpha()):
        return before.rstrip() + " "
    left, right = _halves(before, after)
    if (after[:1].isupper() and not before.isupper()) or not left:
        return before
    if words[left + right] or words[f"{left}-{right}"]:
        return before[:-1] if words[left + right] >= words[f"{left}-{right}"] else before
    kept = (
        _BEFORE_HYPHEN.search(before[:-1])
        or _AFTER_HYPHEN.match(after)
        or "-" in before[:-1].rsplit(" ", maxsplit=1)[-1]
    )
    return before if kept or not cuts else before[:-1]


def _render(rows: Sequence[Row], words: Counter[str], cuts: bool) -> str:
    runs: list[Run] = []
    for row in rows:
        if runs:
            text, bold = runs[-1]
            runs[-1] = (_glue(text, row.text, words, cuts), bold)
        runs += row.runs
    joined: list[Run] = []
    for text, bold in runs:
        if joined and joined[-1][1] == bold:
            joined[-1] = (joined[-1][0] + text, bold)
        else:
            joined.append((text, bold))
    line = "".join(_marked(text) if bold and len(joined) > 1 else text for text, bold in joined)
    line = re.sub(r"[ \t]+", " ", line.replace("\u00ad", "")).strip()
    return _BULLET.sub("- ", line)


def _marked(text: str) -> str:
    """The words in bold marks, blanks outside."""
    inner = text.strip()
    if not any(map(str.isalnum, inner)):
        return text
    return text[: len(text) - len(text.lstrip())] + f"**{inner}**" + text[len(text.rstrip()) :]
