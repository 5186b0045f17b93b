"""What is printed again on every page: running heads, running feet, page numbers."""

import re
from collections.abc import Sequence

from casebook.text import letters
from projects.imports.formats.pdf_layout import Row
from projects.imports.vocabulary import (
    AUTHORS_HEADING,
    FICHE_NUMBER,
    THEME_BESIDE_NUMBER,
    TUTORS_HEADING,
    section_kind,
)

ZONE = 0.13  # share of the page's height, from its top and from its bottom
MAX_LINES = 3  # of a running head or foot
SAME_PLACE = 3.0  # points
MIN_REPEATS = 3  # pages in a row (or every second page)
THEME_GAP = 5.0  # share of the number's size: its theme stands no higher
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"^\W*(?:p(?:age|\.)?\s*)?(?P<number>\d{1,4})(?:\s*(?:/|sur)\s*\d{1,4})?\W*$", re.I)


def without_running_heads(rows: Sequence[Row], heights: dict[int, float]) -> list[Row]:
    """The rows without those that stand at the same place of several pages, or number the pages."""
    pages: dict[int, list[Row]] = {}
    for row in rows:
        pages.setdefault(row.page, []).append(row)
    edges = {number: _edges(found, heights[number]) for number, found in pages.items()}
    where: dict[tuple[str, int], list[tuple[int, Row]]] = {}
    for number, found in edges.items():
        for row in found:
            for level in {round((row.y - 1.5) / SAME_PLACE), round((row.y + 1.5) / SAME_PLACE)}:
                where.setdefault((_likeness(row.text), level), []).append((number, row))
    heads = {number: _fiche_head(found) for number, found in pages.items()}
    dropped: set[int] = set()
    for same in where.values():
        numbered = _numbers_pages(same, len(heights))
        for number, row in same:
            repeated = numbered or _is_repeated(number, row, same, len(heights))
            if repeated and id(row) not in heads[number] and not _is_heading(row.text):
                dropped.add(id(row))
    return [row for row in rows if id(row) not in dropped]


def _edges(rows: Sequence[Row], height: float) -> list[Row]:
    """The outermost lines at the top and at the bottom of a page."""
    levels = sorted({round(row.y) for row in rows}, reverse=True)
    top = [y for y in levels if y > (1 - ZONE) * height][:MAX_LINES]
    bottom = [y for y in levels if y < ZONE * height][-MAX_LINES:]
    return [row for row in rows if round(row.y) in {*top, *bottom}]


def _likeness(text: str) -> str:
    return _NUMBER.sub("#", " ".join(text.casefold().split()))


def _fiche_head(rows: Sequence[Row]) -> set[int]:
    """The rows at the top of a page where a fiche begins: its theme above, or beside, a number that a title follows."""
    ordered = sorted(rows, key=lambda row: (-row.y, row.x0))[:6]
    for index, row in enumerate(ordered[:5]):
        below = [other for other in ordered[index + 1 :] if other.y < row.y - 0.5 * row.size]
        follows = bool(below) and _is_title(below[0], row)
        alone = FICHE_NUMBER.match(row.text) and not any(abs(o.y - row.y) < 2 for o in ordered if o is not row)
        if follows and (alone or THEME_BESIDE_NUMBER.match(row.text)):
            above = [other for other in ordered[:index] if row.y < other.y < row.y + THEME_GAP * row.size]
            return {id(row)} | ({id(above[-1])} if alone and above else set())
    return set()


def _is_title(row: Row, number: Row) -> bool:
    text = row.text
    return text.isupper() or row.is_bold or row.size > 1.15 * number.size


def _numbers_pages(same: Sequence[tuple[int, Row]], count: int) -> bool:
    """Whether the number in these rows grows with the pages."""
    if "#" not in _likeness(same[0][1].text):
        return False
    offsets = [{int(found) - page for found in _NUMBER.findall(row.text)[:3] if len(found) < 5} for page, row in same]
    common = set.intersection(*offsets) if offsets else set()
    alone = all(_PAGE_NUMBER.match(row.text) for _, row in same)
    return bool(common) and (len({page for page, _ in same}) >= MIN_REPEATS or (alone and len(same) == count))


def _is_repeated(number: int, row: Row, same: Sequence[tuple[int, Row]], count: int) -> bool:
    """Whether the same words stand there on three pages in a row, on every second of five, or on all of two."""
    pages = {page for page, other in same if letters(other.text) == letters(row.text) and other.text == row.text}
    if count == 2:
        return len(pages) == 2
    return any(
        {number + step * (i - before) for i in range(MIN_REPEATS)} <= pages
        for step in (1, 2)
        for before in range(MIN_REPEATS)
    )


def _is_heading(text: str) -> bool:
    key = letters(text)
    return bool(section_kind(text) or AUTHORS_HEADING.match(key) or TUTORS_HEADING.match(key))
