"""Lines → records: the parts of a book, and its fiches in the order of the source."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from casebook.text import letters
from projects.imports import checking, front, header, promotions, sections
from projects.imports.asides import Asides
from projects.imports.front import Toc
from projects.imports.header import Head
from projects.imports.heads import divider, find_heads, lines_of
from projects.imports.names import Roster
from projects.imports.reading import Source
from projects.imports.records import (
    Book,
    Fiche,
    Part,
    Promotion,
    Span,
    TocEntry,
    Unplaced,
    numbers_of,
    promotions_of,
    spans,
)
from projects.imports.rows import read_rows
from projects.imports.text import Text

File = TypeVar("File")


def read_together(
    files: Sequence[File], read_one: Callable[[File, Sequence[Promotion]], Book | None]
) -> list[Book | None]:
    """Every file of one import by `read_one`; those without lists of promotions once more, with those of the others.
    None: a file that cannot be read."""
    books = [read_one(file, ()) for file in files]
    lists = promotions_of(book for book in books if book)
    return [
        read_one(file, lists) if book and lists and not book.promotions else book
        for file, book in zip(files, books, strict=True)
    ]


def read_book(source: Source, promotions_known: Sequence[Promotion] = ()) -> Book:
    """Everything that the source holds, each line once: in a field of a fiche, in a part of the book, or unplaced.
    `promotions_known`: lists printed in another file of the same batch, for a source without any."""
    text = Text(source)
    toc = front.read_toc(text)
    heads = find_heads(text, toc)
    taken = lines_of(heads) | (numbers_of([toc.span]) if toc else set())
    headings = promotions.find_lists(text, taken)
    taken |= numbers_of((heading.first, heading.last) for heading in headings)
    closing = next((line for line in front.closing_headings(text) if line not in taken), None)
    taken |= {closing} if closing else set()
    dividers = [divider(text, head, taken) for head in heads]
    begins = [pages[0] if pages else head.start for head, pages in zip(heads, dividers, strict=True)]
    marks = [*begins, *(heading.first for heading in headings), *([closing] if closing else [])]
    end_of = _ends([*marks, *([toc.span[0]] if toc else [])], text.last)

    entries = _Entries(toc)
    divided = numbers_of(span for span in dividers if span)
    bodies = [(head.naming_end + 1, end_of[begin]) for head, begin in zip(heads, begins, strict=True)]
    asides = Asides(text, bodies, _repeated_words(text, heads, entries), taken | divided)

    parts: list[Part] = []
    unplaced: list[Unplaced] = []
    cover: Span = (1, min(end_of) - 1 if end_of else text.last)
    colophon: Span | None = (toc.span[1] + 1, end_of[toc.span[0]]) if toc else None
    _add(parts, unplaced, front.set_aside(text, "couverture", *cover, keep=bool(heads)))
    if toc:
        parts.append(Part("sommaire", toc.span))
    if colophon:
        _add(parts, unplaced, front.set_aside(text, "colophon", *colophon))
    has = {part.kind for part in parts}
    said = front.read_front(
        text, cover if "couverture" in has else None, colophon if "colophon" in has and colophon else None
    )
    lists = [promotions.read_list(text, h, end_of[h.first], said.promotions) for h in headings]
    for heading, promotion in zip(headings, lists, strict=True):
        parts += [Part("promotion", span) for span in promotion.lines]
        _add(parts, unplaced, front.set_aside(text, "autre", promotion.lines[-1][1] + 1, end_of[heading.first], False))
    if closing:
        parts.append(Part("accueil", _filled_span(text, closing, end_of[closing])))

    fiches: list[Fiche] = []
    for head, begin, pages in zip(heads, begins, dividers, strict=True):
        if pages:
            parts.append(Part("intercalaire", pages))
        fiche, left = _read_fiche(text, head, end_of[begin], entries, asides)
        unplaced += [replace(piece, fiche=len(fiches)) for piece in left]
        fiches.append(fiche)
    lists = promotions.with_corps(lists or promotions_known, fiches)
    roster = Roster(lists)
    fiches = [replace(fiche, authors=header.with_promotions(fiche.authors, roster)) for fiche in fiches]
    book = Book(
        source_name=source.name,
        checksum=source.checksum,
        size=source.size,
        title=said.title,
        subtitle=said.subtitle,
        school_year=said.school_year,
        published=said.published,
        publisher=said.publisher,
        themes=toc.themes if toc and toc.themes else _themes_of(fiches),
        cover_promotions=said.promotions,
        promotions=tuple(lists),
        credits=said.credits,
        closing=text.raw_of(closing, end_of[closing]) if closing else "",
        toc=toc.entries if toc else (),
        parts=tuple(sorted(parts, key=lambda part: part.lines)),
        unplaced=tuple(unplaced),
        fiches=tuple(fiches),
        printed_lines=source.printed_lines,
    )
    return checking.check(book, source, roster)


def _ends(starts: Iterable[int], last: int) -> dict[int, int]:
    """For each start, the line before the next one."""
    ordered = sorted(set(starts))
    return {start: following - 1 for start, following in zip(ordered, [*ordered[1:], last + 1], strict=False)}


def _add(parts: list[Part], unplaced: list[Unplaced], found: tuple[list[Part], list[Unplaced]]) -> None:
    parts += found[0]
    unplaced += found[1]


def _filled_span(text: Text, first: int, last: int) -> Span:
    lines = text.filled(first, last)
    return lines[0], lines[-1]


def _themes_of(fiches: Sequence[Fiche]) -> tuple[str, ...]:
    return tuple({letters(fiche.theme): fiche.theme for fiche in fiches if fiche.theme}.values())


class _Entries:
    """The table of contents by number."""

    def __init__(self, toc: Toc | None) -> None:
        entries = toc.entries if toc else ()
        self._by_number = {entry.number: entry for entry in reversed(entries)}
        self._pages = sorted({entry.page for entry in entries if entry.page is not None})

    def find(self, number: int | None) -> TocEntry | None:
        return self._by_number.get(number) if number is not None else None

    def last_page(self, entry: TocEntry | None) -> int | None:
        """The page before the next fiche begins; unknown for the last one."""
        if entry is None or entry.page is None:
            return None
        later = bisect_right(self._pages, entry.page)
        return self._pages[later] - 1 if later < len(self._pages) else None


def _repeated_words(text: Text, heads: Sequence[Head], entries: _Entries) -> Iterator[str]:
    """What pages may print at their head: the themes, the titles of the fiches."""
    for head in heads:
        yield head.theme or ""
        yield header.title_and_places(text, head.naming, entries.find(head.number))[0] or ""


def _read_fiche(text: Text, head: Head, end: int, entries: _Entries, asides: Asides) -> tuple[Fiche, list[Unplaced]]:
    start, body_start = head.start, head.naming_end + 1
    entry = entries.find(head.number)
    headings = sections.find_headings(text, body_start, end)
    first_heading = headings[0].lines[0] if headings else end + 1
    tutors_heading = header.find_tutors_heading(text, body_start, first_heading - 1)
    head_end = header.people_end(text, body_start, first_heading - 1, tutors_heading, sure=bool(headings))
    authors_end = tutors_heading[0] - 1 if tutors_heading else head_end
    title, collectivities = header.title_and_places(text, head.naming, entry)
    people = header.authors(text, body_start, authors_end)
    tutors = header.tutors(text, tutors_heading[1] + 1, head_end) if tutors_heading else ()
    records, non_body = sections.read_sections(text, headings, end)
    non_body += asides.between(start, end)
    said, numbers, read = read_rows(text, enumerate(records), tutors)
    header_lines = text.filled(start, head_end)
    taken = set(header_lines) | sections.claimed(records, non_body)
    left = [Unplaced(span, text.raw_of(*span), head.number) for span in sections.unclaimed(text, start, end, taken)]
    fiche = Fiche(
        number=head.number,
        theme=head.theme,
        title=title,
        page=entry.page if entry else None,
        page_last=entries.last_page(entry),
        collectivities=collectivities,
        authors=people,
        tutors_heading=text.joined(*tutors_heading) if tutors_heading else None,
        tutors=tutors,
        header_lines=spans(header_lines),
        sections=tuple(records),
        testimonials=tuple(said),
        key_figures=tuple(numbers),
        references=tuple(read),
        non_body=tuple(sorted(non_body, key=lambda piece: piece.lines)),
        lines=(start, end),
    )
    return fiche, left
