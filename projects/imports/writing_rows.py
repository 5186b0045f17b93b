"""Sections and their rows → Markdown. A row may be printed in several ways: the first that reads back equal is taken,
so that the writer need not know all that the reader does."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from casebook.markdown import from_html, join_broken, to_html
from casebook.text import collapse, letters
from people.models.person import DisplayMode
from projects.imports.figures import LOST_VALUE
from projects.imports.leftovers import narrative
from projects.imports.names import display_case, split_name
from projects.imports.parts import FORMS, plain_marks
from projects.imports.reading import Line, Source
from projects.imports.records import Fiche
from projects.imports.recueil import read_book
from projects.imports.text import bare
from projects.imports.vocabulary import (
    AUTHORS_HEADING,
    CAPTION,
    CLOSING_HEADING,
    COUNTED_BOX,
    INSET_HEADING,
    MAX_HEADING,
    TUTORS_HEADING,
    misspelt_kind,
    section_kind,
)
from projects.models import KeyFigure, Mission, Reference, Section, Speaker, Testimonial
from projects.models.parts import SectionRow

R = TypeVar("R", bound=SectionRow)
Kind = Section.Kind
Keys = list[tuple[Any, ...]]
Form = Callable[[R], str]
_SMALL_FICHE = "THÈME\n\n1\n\nTITRE\n\nVILLE D’EXEMPLE\n\nLES AUTEURS\n\nAda EXEMPLE\n\n"
_ADDRESS = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_LINE_MARKS = re.compile(r"\s*(?:(?:#{1,6}|>|[-*]|\d{1,2}[.)])\s+|<!-- -->)*")
_PLAIN_WORDS = "<font></font>"  # a tag that the sanitiser drops: the line is no heading, and the text stays the same


# ---------------------------------------------------------------------------------------------------- sections


def sections(mission: Mission) -> Iterator[str]:
    """The sections in printed order, each a heading and what it holds; rows of no section come with the first of their
    kind, or last."""
    rows: dict[str, Sequence[Any]] = {
        Kind.CHIFFRES: list(mission.key_figures.all()),
        Kind.ALLER_PLUS_LOIN: list(mission.references.all()),
        Kind.TEMOIGNAGE: [t for t in mission.testimonials.prefetch_related("speakers__person") if not t.embedded],
    }
    printed = list(mission.sections.all())
    homes = {kind: next((s.pk for s in printed if s.kind == kind), None) for kind in rows}
    known = {section.pk for section in printed if section.kind in rows}
    for section in printed:
        here = [
            row
            for row in rows.get(section.kind, ())
            if (row.section_id if row.section_id in known else homes[section.kind]) == section.pk
        ]
        yield _section(section, here)
    for kind, left in rows.items():
        if left and homes[kind] is None:
            yield _section(Section(kind=kind), left)


def _section(section: Section, rows: Sequence[Any]) -> str:
    title = heading(section)
    body = body_markdown(section.body)
    if not rows:
        return "\n\n".join(filter(None, [title, body]))
    if section.kind == Kind.CHIFFRES:
        return _with_rows(title, body, rows, _FIGURE_FORMS, _figure_key, _figures_read)
    if section.kind == Kind.ALLER_PLUS_LOIN:
        return _with_rows(title, body, rows, _REFERENCE_FORMS, _reference_key, _references_read)
    return "\n\n".join(
        _with_rows(title, body if first else "", group, _TESTIMONIAL_FORMS, _testimonial_key, _testimonials_read)
        for first, group in _signed_apart(rows)
    )


def heading(section: Section) -> str:
    """The printed heading where it tells the section's kind, else the kind's own words; « Encadré : … » for a box."""
    printed = collapse(section.heading)
    if (section_kind(printed) or misspelt_kind(letters(printed))) == section.kind and len(printed) <= MAX_HEADING:
        return printed
    if section.kind == Kind.AUTRE:
        return f"Encadré\u00a0: {printed or Kind.AUTRE.label}"
    return str(Kind(section.kind).label).upper()


def body_markdown(rich_text: str) -> str:
    """Markdown without e-mail addresses, where no line can be taken for a heading of the fiche."""
    blocks = without_addresses(from_html(rich_text)).split("\n\n")
    blocks[-1] = _guarded(blocks[-1]) if CAPTION.match(bare(blocks[-1].split("\n")[0])) else blocks[-1]
    lines = "\n\n".join(blocks).split("\n")
    return without_addresses("\n".join(_guarded(line) if _is_landmark(line) else line for line in lines))


def without_addresses(text: str) -> str:
    return _ADDRESS.sub("", text)


def _is_landmark(line: str) -> bool:
    words = bare(line[:1_000])
    if len(words) > MAX_HEADING or line.startswith("|"):
        return False
    key = letters(words)
    return bool(
        section_kind(words)
        or misspelt_kind(key)
        or any(known.match(key) for known in (AUTHORS_HEADING, TUTORS_HEADING))
        or INSET_HEADING.match(words)
        or COUNTED_BOX.match(words)
        or (words.isupper() and CLOSING_HEADING.match(key))
    )


def _guarded(line: str) -> str:
    marks = _LINE_MARKS.match(line)
    position = marks.end() if marks else 0
    return f"{line[:position]}{_PLAIN_WORDS}{line[position:]}"


# -------------------------------------------------------------------------------------------------------- rows


def _with_rows(
    title: str,
    body: str,
    rows: Sequence[R],
    forms: Sequence[Form[R]],
    key: Callable[[R], tuple[Any, ...]],
    read: Callable[[Fiche], Keys],
) -> str:
    """Heading, text and rows, in the first arrangement that reads back equal; else the plainest."""
    wanted = [key(row) for row in rows]
    rest = to_html(join_broken(body))
    lead, units = _woven(title, body, rows, wanted, read)
    plainest = ""
    for pieces in _arrangements(title, units, forms, key, read):
        orders: list[list[str]] = [[lead, *pieces], [*pieces, lead]] if lead else [pieces]
        for order in orders:
            written = "\n\n".join(filter(None, [title, *order]))
            plainest = plainest or written
            fiche = _fiche_of(written)
            if fiche and read(fiche) == wanted and to_html(join_broken(narrative(fiche, 0))) == rest:
                return written
    return plainest


def _woven(
    title: str, body: str, rows: Sequence[R], wanted: Keys, read: Callable[[Fiche], Keys]
) -> tuple[str, list[R | str]]:
    """(the paragraphs that hold no row, the rows in order): a paragraph that tells rows by itself stands for them."""
    lead: list[str] = []
    units: list[R | str] = list(rows)
    left: Keys = list(wanted)
    for paragraph in body.split("\n\n") if body else []:
        fiche = _fiche_of(f"{title}\n\n{paragraph}")
        told = read(fiche) if fiche else []
        place = next((i for i in range(len(left)) if left[i : i + len(told)] == told), None) if told else None
        if place is None:
            lead.append(paragraph)
        else:
            units[place : place + len(told)] = [paragraph]
            left[place : place + len(told)] = [()]
    return "\n\n".join(lead), units


def _arrangements(
    title: str,
    units: Sequence[R | str],
    forms: Sequence[Form[R]],
    key: Callable[[R], tuple[Any, ...]],
    read: Callable[[Fiche], Keys],
) -> Iterator[list[str]]:
    """All rows in one form, for each form; then each row in the form that suits it."""
    for form in forms:
        yield [unit if isinstance(unit, str) else form(unit) for unit in units]

    def suiting(row: R) -> str:
        for form in forms:
            fiche = _fiche_of(f"{title}\n\n{form(row)}")
            if fiche and read(fiche) == [key(row)]:
                return form(row)
        return forms[0](row)

    yield [unit if isinstance(unit, str) else suiting(unit) for unit in units]


def _fiche_of(section: str) -> Fiche | None:
    """A fiche of one section as the reader finds it; None when it finds anything else."""
    lines = f"{_SMALL_FICHE}{section}".split("\n")
    book = read_book(Source("", "", 0, tuple(Line(number, line) for number, line in enumerate(lines, start=1))))
    fiche = book.fiches[0] if len(book.fiches) == 1 else None
    return fiche if fiche and len(fiche.sections) == 1 and not fiche.non_body and not book.unplaced else None


def _escaped(text: str) -> str:
    return re.sub(r"[\[\]]", r"\\\g<0>", text)


# ----------------------------------------------------------------------------------------------------- figures


def _figure_key(figure: KeyFigure) -> tuple[Any, ...]:
    return figure.value, figure.label


def _figures_read(fiche: Fiche) -> Keys:
    return [((f.value or "")[:40], plain_marks(f.label or "")[:600]) for f in fiche.key_figures]


_FIGURE_FORMS: tuple[Form[KeyFigure], ...] = (
    lambda f: "\n\n".join(filter(None, [f.value or LOST_VALUE, f.label])),
    lambda f: "\n".join(filter(None, [f.value or LOST_VALUE, f.label])),
    lambda f: f"{f.value} {f.label}".strip(),
    lambda f: f"{f.label} {f.value}".strip(),
    lambda f: f"**{f.value}** {f.label}".strip(),
)


# -------------------------------------------------------------------------------------------------- references


def _reference_key(reference: Reference) -> tuple[Any, ...]:
    return reference.text, reference.url


def _references_read(fiche: Fiche) -> Keys:
    return [(plain_marks(r.text), r.url if len(r.url) <= 500 else "") for r in fiche.references]


_REFERENCE_FORMS: tuple[Form[Reference], ...] = (
    lambda r: f"- {r.text}" if r.url.removeprefix("https://") in r.text else f"- [{_escaped(r.text)}]({r.url})",
    lambda r: f"- [{_escaped(r.text)}]({r.url})" if r.url else f"- {_escaped(r.text)}",
    lambda r: f"- {r.text}",
)


# ------------------------------------------------------------------------------------------------ testimonials


def public_name(speaker: Speaker) -> tuple[str, str]:
    """(first name, surname) as the public may read them: printed ones unless the person chose otherwise."""
    person = speaker.person
    if person is None:
        return speaker.first_name, speaker.last_name
    if person.display_mode != DisplayMode.FULL:
        return "", person.public_name
    theirs, printed = letters(person.last_name), letters(speaker.last_name)
    same_last = theirs.startswith(printed) or printed.startswith(theirs)
    if same_last and letters(speaker.first_name) in {"", letters(person.first_name)}:
        return speaker.first_name, speaker.last_name
    return person.first_name, person.last_name


def _signed_apart(rows: Iterable[Testimonial]) -> list[tuple[bool, list[Testimonial]]]:
    """(whether it comes first, testimonials) under one heading: an unsigned one would join the words above it."""
    groups: list[tuple[bool, list[Testimonial]]] = []
    for testimonial in rows:
        if not groups or not any(_named(testimonial)):
            groups.append((not groups, []))
        groups[-1][1].append(testimonial)
    return groups


def _named(testimonial: Testimonial) -> list[tuple[str, str, str]]:
    """(first name, surname, role) of those who may be named."""
    return [(*public_name(speaker), speaker.role) for speaker in testimonial.public_speakers]


def _testimonial_key(testimonial: Testimonial) -> tuple[Any, ...]:
    return testimonial.form, to_html(from_html(testimonial.text)), _named(testimonial)


def _testimonials_read(fiche: Fiche) -> Keys:
    return [
        (
            FORMS[t.form],
            to_html(join_broken(t.text)),
            [(s.first_name or "", display_case(s.last_name or ""), s.job_title or "") for s in t.speakers],
        )
        for t in fiche.testimonials
    ]


def printed_name(first: str, last: str, *, capitals: bool) -> str:
    """« Prénom NOM » (or « Prénom Nom »), in the way that reads back to the same two names."""
    names = [f"{first} {last.upper()}".strip(), f"{first} {last}".strip()]
    names = names if capitals else names[::-1]
    wanted = first, last
    read = [tuple(part or "" for part in split_name(name)) for name in names]
    return next((n for n, (f, s) in zip(names, read, strict=True) if (f, display_case(s)) == wanted), names[0])


def _speakers(testimonial: Testimonial, style: str) -> str:
    people = [(printed_name(first, last, capitals=False), role) for first, last, role in _named(testimonial)]
    if style == "parenthesis":
        return " et ".join(f"{name} ({role})" if role else name for name, role in people)
    sign = ", " if style == "comma" else "\n\n"
    return "\n\n".join(sign.join(filter(None, person)) for person in people)


def _testimonial_form(style: str, quoted: bool | None) -> Form[Testimonial]:
    def written(testimonial: Testimonial) -> str:
        words = body_markdown(testimonial.text)
        marks = testimonial.form == Testimonial.Form.CITATION if quoted is None else quoted
        said = f"«\u00a0{words}\u00a0»" if marks else words
        speakers = _speakers(testimonial, style) if style else ""
        return "\n\n".join(filter(None, [speakers, said]))

    return written


_TESTIMONIAL_FORMS = tuple(
    _testimonial_form(style, quoted)
    for style in ("comma", "parenthesis", "lines", "")  # nobody: the words themselves may tell who speaks
    for quoted in (None, False, True)
)
