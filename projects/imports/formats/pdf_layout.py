"""Spans of a page → rows in reading order: pieces of a line, columns told by their gutters, one band after another."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from projects.imports.formats.pdf_spans import Span

# Shares of the size of the letters.
WORD_GAP = 0.15  # between two strings: more is a space
PIECE_GAP = 0.8  # more may be a gutter
SAME_LINE = 0.3  # of two baselines
RAISED = 0.6  # of an exponent above its baseline
SMALL = 0.8  # an exponent's size
FAR = 4.0  # between a list mark and its words
MAX_ROWS = 1_000  # of a page with columns
MIN_COLUMN = 3  # lines side by side that make two columns
LIST_MARK = re.compile(r"^(?:[•▪◦‣●○■□➢➔►→✓✔✗*–—-]|\(?(?:\d{1,2}|[a-z])[.)°/]|o)$")
_TAIL = re.compile(r"^(?:[/.…\s]*)(?:p(?:age|\.)?\s*)?\d{1,4}$", re.I)
_FIGURE = re.compile(r"^\W{0,2}\d[\d\s.,/]{0,11}\s?(?:%|€|[A-Za-z€²]{1,3})?$")

Run = tuple[str, bool]  # words, and whether they are bold


@dataclass(frozen=True, slots=True)
class Row:
    """A line, or the part of it that stands in one column. `text_x0`: where the words begin after a list mark; `slot`:
    the column's bounds, infinite where no gutter is."""

    runs: tuple[Run, ...]
    x0: float
    x1: float
    y: float
    size: float
    text_x0: float
    page: int = 0
    slot: tuple[float, float] = (float("-inf"), float("inf"))

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.runs)

    @property
    def is_bold(self) -> bool:
        return all(bold for text, bold in self.runs if any(map(str.isalnum, text)))

    @property
    def has_mark(self) -> bool:
        return self.text_x0 > self.x0


def rows_of(spans: Sequence[Span], page: int) -> list[Row]:
    """The rows of a page, from top to bottom, cut wherever a gutter may be."""
    lines: list[list[Span]] = []
    level = 0.0
    for span in sorted(_lowered(spans), key=lambda span: (-span.y, span.x0)):
        if lines and level - span.y <= SAME_LINE * max(span.size, lines[-1][0].size):
            lines[-1].append(span)
        else:
            lines.append([span])
            level = span.y
    rows = [row for line in lines for row in _cut(sorted(line, key=lambda span: span.x0), page)]
    return _with_marks(rows)


def _lowered(spans: Sequence[Span]) -> list[Span]:
    """The spans with exponents put on the baseline of the word that they follow."""
    level: dict[int, list[Span]] = {}  # by tens of points
    placed: list[Span] = []
    for span in sorted(spans, key=lambda span: (-span.size, span.x0)):
        word = next((found for found in level.get(round(span.x0 / 10), ()) if _is_raised(span, found)), None)
        if word and span.text.strip():
            span = replace(span, y=word.y, raised=True)
        placed.append(span)
        # what follows this exponent is beside the same word
        end = replace(word, x1=span.x1) if word else span
        for place in {round((end.x1 + shift) / 10) for shift in (-6, 0, 6)}:
            level.setdefault(place, []).append(end)
    return placed


def _is_raised(span: Span, word: Span) -> bool:
    height = span.y - word.y
    near = abs(span.x0 - word.x1) < 0.5 * word.size
    return near and span.size <= SMALL * word.size and 0.1 * word.size < height < RAISED * word.size


def _cut(line: Sequence[Span], page: int) -> list[Row]:
    spread = _letter_spacing(line)
    rows: list[Row] = []
    piece: list[Span] = []
    end = 0.0
    for span in line:
        if piece and span.x0 - end > max(PIECE_GAP * max(span.size, piece[-1].size), 3 * spread):
            rows += _row(piece, page, spread)
            piece = []
        piece.append(span)
        end = max(end, span.x1) if len(piece) > 1 else span.x1
    return rows + _row(piece, page, spread)


def _letter_spacing(line: Sequence[Span]) -> float:
    """The usual gap of a line whose letters are set apart, in points; 0 for any other line."""
    words = [span for span in line if span.text.strip()]
    single = [span for span in words if len(span.text) == 1 and span.text.isalnum()]
    if len(single) < 4 or len(single) < 0.8 * len(words):
        return 0.0
    gaps = [b.x0 - a.x1 for a, b in pairwise(words)]
    usual = median(gaps)
    return usual if usual > 0.1 * words[0].size else 0.0


def _row(piece: Sequence[Span], page: int, spread: float) -> list[Row]:
    words = [span for span in piece if span.text.strip()]
    if not words:
        return []
    runs: list[Run] = []
    before: Span | None = None
    for span in piece:
        gap = span.x0 - before.x1 if before else 0.0
        spaced = before is not None and (before.text[-1:].isspace() or span.text[:1].isspace())
        if before and not spaced and gap > max(WORD_GAP * span.size, 1.6 * spread):
            runs.append((" ", before.bold and span.bold))
        text = span.text
        if span.raised and before is not None:
            text = _exponent(text, "".join(text for text, _ in runs[-3:]))
        runs.append((text, span.bold))
        before = span
    size = max(words, key=lambda span: len(span.text.strip()) * (not span.raised)).size
    merged = _merged(runs)
    last = words[-1]
    trailing = len(last.text) - len(last.text.rstrip())
    x1 = last.x1 - trailing * 0.25 * last.size
    return [Row(merged, words[0].x0, max(x1, words[0].x0), words[0].y, size, words[0].x0, page)]


def _exponent(text: str, before: str) -> str:
    """« m² », « 1er », and a footnote's number set apart from the word before it."""
    words = text.strip()
    if words.isdigit() and re.search(r"\b[kcd]?m$", before) and words in {"2", "3"}:
        return "²" if words == "2" else "³"
    if words.isdigit() and before.strip() and not before[-1:].isdigit():
        return f"^[{words}]"
    return text


def _merged(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Neighbours of one weight as one; blanks and signs take the weight beside them; single spaces."""
    merged: list[Run] = []
    for text, bold in runs:
        if merged and (merged[-1][1] == bold or not any(map(str.isalnum, text))):
            merged[-1] = (merged[-1][0] + text, merged[-1][1])
        else:
            merged.append((text, bold))
    kept = [(re.sub(r"[ \t]+", " ", text), bold) for text, bold in merged]
    if kept:
        kept[0] = (kept[0][0].lstrip(), kept[0][1])
        kept[-1] = (kept[-1][0].rstrip(), kept[-1][1])
    text = "".join(text for text, _ in kept)
    if re.fullmatch(r"(?:\w ){3,}\w(?:\s+(?:\w ){1,}\w)*", text):  # « C O N T E X T E »
        kept = [(re.sub(r"(?<=\w) (?=\w)", "", text), kept[0][1])]
    return tuple(kept)


def _with_marks(rows: Sequence[Row]) -> list[Row]:
    """List marks joined to the words that follow on their line."""
    joined: list[Row] = []
    for row in rows:
        mark = joined[-1] if joined else None
        if (
            mark
            and mark.text_x0 == mark.x0
            and LIST_MARK.match(mark.text)
            and abs(mark.y - row.y) <= SAME_LINE * row.size
            and 0 <= row.x0 - mark.x1 < FAR * row.size
        ):
            joined[-1] = beside(mark, row)
            continue
        inner = re.match(r"^([•▪◦‣●○■□➢➔►→✓✔✗–—-]|\(?(?:\d{1,2}|[a-z])[.)])\s+\S", row.text)
        at = row.x0 + (len(inner[1]) + 1) * (row.x1 - row.x0) / len(row.text) if inner else row.x0
        joined.append(replace(row, text_x0=at))
    return joined


def beside(a: Row, b: Row) -> Row:
    """Two pieces of one line."""
    mark = bool(LIST_MARK.match(a.text))
    size = b.size if mark else max(a.size, b.size)
    runs = _merged([*((text, b.is_bold if mark else bold) for text, bold in a.runs), (" ", False), *b.runs])
    return replace(a, runs=runs, x1=b.x1, size=size, text_x0=b.x0 if mark else a.text_x0)


# ------------------------------------------------------------------------------------------------- reading order


def in_reading_order(rows: Sequence[Row]) -> list[Row]:
    """Band after band from the top; in a band, column after column."""
    gutter = _gutter(rows) if len(rows) <= MAX_ROWS else None
    if gutter is None:
        return _lines(rows)
    ordered: list[Row] = []
    band: list[Row] = []
    wide: list[Row] = []
    for row in sorted(rows, key=lambda row: (-row.y, row.x0)):
        crossing = row.x0 < gutter - row.size / 2 and row.x1 > gutter - 1
        if crossing and band:
            ordered += _band(band, gutter)
            band = []
        elif not crossing and wide:
            ordered += _lines(wide)
            wide = []
        (wide if crossing else band).append(row)
    return ordered + _band(band, gutter) + _lines(wide)


def _band(rows: Sequence[Row], gutter: float) -> list[Row]:
    left = [row for row in rows if row.x0 < gutter - row.size / 2]
    right = [row for row in rows if row.x0 >= gutter - row.size / 2]
    if not left or not right:
        return in_reading_order(rows) if len(left) + len(right) >= 2 * MIN_COLUMN and left else _lines(rows)
    head = _head_lines(left, right)
    if head:
        cut = min(row.y for row in head)
        above = [row for row in rows if row.y > max(row.y for row in head) + 0.1]
        below = [row for row in rows if row.y < cut - 0.1]
        return (_band(above, gutter) if above else []) + _lines(head) + (_band(below, gutter) if below else [])
    ordered = []
    for side, bounds in ((left, (float("-inf"), gutter)), (right, (gutter, float("inf")))):
        for row in in_reading_order(side):
            ordered.append(replace(row, slot=(max(row.slot[0], bounds[0]), min(row.slot[1], bounds[1]))))
    return ordered


def _head_lines(left: Sequence[Row], right: Sequence[Row]) -> list[Row]:
    """Short lines of the left column where the right one has a gap that holds them: a heading above two columns."""
    ordered = sorted(right, key=lambda row: -row.y)
    body = median(row.size for row in [*left, *right])
    for upper, lower in pairwise(ordered):
        if upper.y - lower.y < 3 * body:
            continue
        inside = [row for row in left if lower.y + lower.size < row.y < upper.y - 0.9 * row.size]
        near = [row for row in left if row not in inside and lower.y + 0.5 * lower.size < row.y < upper.y - 0.5 * body]
        if inside and not near and len(inside) <= 3 and all(_looks_like_heading(row, body) for row in inside):
            return inside
    return []


def _looks_like_heading(row: Row, body: float) -> bool:
    return row.size > 1.1 * body or row.is_bold or row.text.isupper()


def _gutter(rows: Sequence[Row]) -> float | None:
    """The left edge of a second column: where several rows begin, each beside a row that ends before it."""
    best: tuple[float, float] | None = None
    body = median(row.size for row in rows) if rows else 0.0
    figures, tails, marks = (
        {id(row) for row in rows if pattern.match(row.text)} for pattern in (_FIGURE, _TAIL, LIST_MARK)
    )
    for start in sorted({round(row.x0) for row in rows}):
        right = [row for row in rows if row.x0 >= start - 1]
        left = [row for row in rows if row.x1 <= start - body / 2]
        if len(right) < MIN_COLUMN or len(left) < MIN_COLUMN:
            continue
        heights = sorted(row.y for row in left)
        paired = [row for row in right if _near(heights, row.y, body)]
        if len(paired) < MIN_COLUMN or len(paired) < 0.3 * min(len(left), len(right)):
            continue
        if _mostly(left, figures) or _mostly(paired, tails) or _mostly(left, marks):
            continue
        crossing = len(rows) - len(right) - len(left)
        if not _is_aligned(right) and (crossing or len(paired) < 2 * MIN_COLUMN):
            continue  # the gaps of a few lines that are stretched
        score = len(paired) - crossing
        if score > 0 and (best is None or score > best[0]):
            best = (score, min(row.x0 for row in right))
    return best[1] if best else None


def _is_aligned(rows: Sequence[Row]) -> bool:
    """Whether most of these rows begin where another one does."""
    starts = Counter(round(row.x0 / 2) for row in rows)
    return sum(count for count in starts.values() if count > 1) >= 0.6 * len(rows)


def _near(heights: Sequence[float], y: float, reach: float) -> bool:
    at = bisect_left(heights, y - reach)
    return at < len(heights) and heights[at] <= y + reach


def _mostly(rows: Sequence[Row], kind: set[int]) -> bool:
    return sum(id(row) in kind for row in rows) >= 0.6 * len(rows)


def _lines(rows: Sequence[Row]) -> list[Row]:
    """Rows from top to bottom; pieces of one line joined when the second goes on with the first."""
    lines: list[Row] = []
    for row in sorted(rows, key=lambda row: (-row.y, row.x0)):
        before = lines[-1] if lines else None
        if before and abs(before.y - row.y) <= SAME_LINE * max(row.size, before.size) and row.x0 >= before.x1 - 1:
            close = row.x0 - before.x1 < 2.5 * max(row.size, before.size)
            if (
                close
                or _TAIL.match(row.text)
                or LIST_MARK.match(before.text)
                or re.match(r"^\d{1,3}\s*/$", before.text)
            ):
                lines[-1] = beside(before, row)
                continue
        lines.append(row)
    return lines
