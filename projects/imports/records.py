"""What was found in a document, with its place in the source. Nothing here knows the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

Span = tuple[int, int]  # first and last line, both included


@dataclass(frozen=True)
class Notice:
    """A warning: a stable code, a French sentence, the lines it is about."""

    code: str
    message: str
    lines: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Author:
    first_name: str | None
    last_name: str | None
    email: str | None = None
    corps: str | None = None
    promotion: str | None = None
    lines: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Tutor:
    first_name: str | None
    last_name: str | None
    job_title: str | None = None
    lines: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Place:
    """A collectivity: the line as printed, and the name of this one where the line holds several."""

    printed: str
    name: str


@dataclass(frozen=True)
class Speaker:
    first_name: str | None
    last_name: str | None
    job_title: str | None


@dataclass(frozen=True)
class Testimonial:
    """`form`: citation, rapporté or entretien."""

    form: str
    section: int  # index of the section that holds it
    text: str
    speakers: tuple[Speaker, ...] = ()
    embedded: bool = False
    lines: tuple[Span, ...] = ()


@dataclass(frozen=True)
class KeyFigure:
    value: str | None
    label: str | None
    section: int
    lines: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Reference:
    text: str
    section: int
    url: str = ""
    target_lost: bool = False
    lines: tuple[Span, ...] = ()


@dataclass(frozen=True)
class SectionRecord:
    """`text` keeps its Markdown; `empty`: a heading was printed without a body."""

    kind: str
    heading: str
    heading_lines: tuple[int, ...]
    body_lines: tuple[Span, ...]
    text: str

    @property
    def empty(self) -> bool:
        return not self.body_lines


@dataclass(frozen=True)
class NonBody:
    """Captions, legends, posters: printed, but no part of the text."""

    kind: str
    lines: Span
    text: str


@dataclass(frozen=True)
class Fiche:
    """One printed fiche; `number` is what is printed, never a counter."""

    number: int | None
    theme: str | None
    title: str | None
    page: int | None
    page_last: int | None
    collectivities: tuple[Place, ...]
    authors: tuple[Author, ...]
    tutors_heading: str | None
    tutors: tuple[Tutor, ...]
    header_lines: tuple[Span, ...]
    sections: tuple[SectionRecord, ...]
    testimonials: tuple[Testimonial, ...]
    key_figures: tuple[KeyFigure, ...]
    references: tuple[Reference, ...]
    non_body: tuple[NonBody, ...]
    lines: Span
    warnings: tuple[Notice, ...] = ()
    editor_title: str = ""  # what an editor wrote in the review; `title` stays what is printed


@dataclass(frozen=True)
class Member:
    first_name: str
    last_name: str


@dataclass(frozen=True)
class Promotion:
    name: str
    corps: str | None
    members: tuple[Member, ...]
    lines: tuple[Span, ...] = ()


@dataclass(frozen=True)
class TocEntry:
    number: int
    text: str  # title and collectivity, as one line
    page: int | None
    theme: str | None


@dataclass(frozen=True)
class Part:
    """A stretch of the book that belongs to no fiche: cover, contents, divider, promotion list, closing page."""

    kind: str
    lines: Span


@dataclass(frozen=True)
class Unplaced:
    """Text without a place; `fiche` is the index of the fiche that it stands in, `number` what that one prints."""

    lines: Span
    text: str
    number: int | None = None
    fiche: int | None = None


@dataclass(frozen=True)
class Book:
    """A whole document: what is said of the book, and its fiches in the order of the source."""

    source_name: str
    checksum: str
    size: int
    title: str | None
    subtitle: str | None
    school_year: str | None
    published: str | None
    publisher: str | None
    themes: tuple[str, ...]
    cover_promotions: tuple[str, ...]
    promotions: tuple[Promotion, ...]
    credits: str
    closing: str
    toc: tuple[TocEntry, ...]
    parts: tuple[Part, ...]
    unplaced: tuple[Unplaced, ...]
    fiches: tuple[Fiche, ...]
    warnings: tuple[Notice, ...] = ()
    printed_lines: bool = True  # whether line numbers mean something outside the importer

    @cached_property
    def unplaced_by_fiche(self) -> dict[int | None, list[Unplaced]]:
        """The texts without a place, by index of their fiche; under None, those outside the fiches."""
        found: dict[int | None, list[Unplaced]] = {}
        for piece in self.unplaced:
            found.setdefault(piece.fiche, []).append(piece)
        return found


def full_name(person: Author | Tutor | Speaker) -> str:
    """« Prénom Nom », as printed; what is not printed is left out."""
    return " ".join(part for part in (person.first_name, person.last_name) if part)


def promotions_of(books: Iterable[Book]) -> tuple[Promotion, ...]:
    """The lists that books print, one for each name."""
    return tuple({promotion.name: promotion for book in books for promotion in book.promotions}.values())


def numbers_of(ranges: Iterable[Span]) -> set[int]:
    """The line numbers of ranges: (3, 5), (9, 9) → 3, 4, 5, 9."""
    return {number for first, last in ranges for number in range(first, last + 1)}


def spans(numbers: Iterable[int]) -> tuple[Span, ...]:
    """Line numbers as ranges: 3, 4, 5, 9 → (3, 5), (9, 9)."""
    ranges: list[Span] = []
    for number in sorted(set(numbers)):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return tuple(ranges)
