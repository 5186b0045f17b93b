"""A fiche as it was decided: its lines sent elsewhere, its values edited, refused ones left out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from projects.imports import testimonials
from projects.imports.names import split_name
from projects.imports.records import (
    Author,
    Fiche,
    KeyFigure,
    Place,
    Reference,
    SectionRecord,
    Span,
    Testimonial,
    Tutor,
    numbers_of,
    spans,
)
from projects.imports.review import EDIT, OTHER, REFUSE, SEND, Decisions, keyed, keyed_sections, span_of
from projects.imports.rows import read_rows
from projects.imports.text import Text
from projects.imports.vocabulary import Kind

Row = TypeVar("Row", Testimonial, KeyFigure, Reference)


def with_moves(fiche: Fiche, source: Callable[[], Text], decisions: Decisions) -> Fiche:
    """The fiche after its lines were sent elsewhere; the rows of a section that changed are read again."""
    moves = [
        (span_of(key), str(made["value"])) for key, made in decisions.items() if made["do"] == SEND and span_of(key)
    ]
    if not moves:
        return fiche
    text = source()
    bodies = {key: numbers_of(section.body_lines) for key, section in keyed_sections(fiche)}
    before = {key: set(numbers) for key, numbers in bodies.items()}
    added: list[SectionRecord] = []
    for span, target in moves:
        if span is None:
            continue
        moved = set(text.filled(*span))
        for numbers in bodies.values():
            numbers -= moved
        if target in bodies:
            bodies[target] |= moved
        elif target == OTHER and moved:
            first, *rest = sorted(moved)
            heading = text.bare(first)[:80]
            added.append(SectionRecord(Kind.AUTRE.value, heading, (first,), spans(rest or [first]), text.raw_of(*span)))
    sections = [
        section if bodies[key] == before[key] else _rewritten(section, text, bodies[key])
        for key, section in keyed_sections(fiche)
    ]
    changed = {index for index, (old, new) in enumerate(zip(fiche.sections, sections, strict=True)) if old is not new}
    return _read_again(replace(fiche, sections=(*sections, *added)), text, changed)


def _rewritten(section: SectionRecord, text: Text, numbers: set[int]) -> SectionRecord:
    ranges: list[Span] = []
    for number in (n for n in sorted(numbers) if not text.is_blank(n)):
        goes_on = ranges and all(text.is_blank(n) for n in range(ranges[-1][1] + 1, number))
        if goes_on:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    body = "\n\n".join(block.raw for span in ranges for block in text.blocks(*span))
    return replace(section, body_lines=tuple(ranges), text=body)


def _read_again(fiche: Fiche, text: Text, changed: set[int]) -> Fiche:
    said, numbers, read = read_rows(text, ((index, fiche.sections[index]) for index in changed), fiche.tutors)
    return replace(
        fiche,
        testimonials=_with(fiche.testimonials, said, changed),
        key_figures=_with(fiche.key_figures, numbers, changed),
        references=_with(fiche.references, read, changed),
    )


def _with(before: Sequence[Row], again: Sequence[Row], changed: set[int]) -> tuple[Row, ...]:
    """The rows in the order of the sections, those of the changed ones as they were read again."""
    rows: list[Row] = [row for row in before if row.section not in changed]
    rows += again
    return tuple(sorted(rows, key=lambda row: row.section))


def as_decided(fiche: Fiche, decisions: Decisions) -> Fiche:
    """The fiche as it was decided (its lines moved already): edited values replaced, refused ones left out."""
    edits = {key: str(made["value"]) for key, made in decisions.items() if made["do"] == EDIT}
    refused = {key for key, made in decisions.items() if made["do"] == REFUSE}

    def kept(kind: str, records: Sequence[Any]) -> list[tuple[str, Any]]:
        return [(key, record) for key, record in keyed(kind, records, fiche) if key not in refused]

    dropped = {index for index, (key, _) in enumerate(keyed_sections(fiche)) if key in refused}
    rank = {index: new for new, index in enumerate(i for i in range(len(fiche.sections)) if i not in dropped)}

    def placed(records: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
        return [(key, replace(r, section=rank[r.section])) for key, r in records if r.section in rank]

    number = edits.get("number", "").strip()
    collectivities = fiche.collectivities
    if "collectivities" in edits:
        names = [line.strip() for line in edits["collectivities"].splitlines() if line.strip()]
        collectivities = tuple(Place(name, name) for name in names)
    return replace(
        fiche,
        number=(int(number) if number.isdigit() else None) if "number" in edits else fiche.number,
        theme=None if "theme" in refused else edits.get("theme", fiche.theme or "").strip() or None,
        editor_title=edits.get("title", "").strip(),
        collectivities=() if "collectivities" in refused else collectivities,
        authors=tuple(_edited_author(a, edits.get(key)) for key, a in kept("author", fiche.authors)),
        tutors=tuple(_edited_tutor(t, edits.get(key)) for key, t in kept("tutor", fiche.tutors)),
        sections=tuple(
            _edited_section(section, edits.get(key)) for key, section in keyed_sections(fiche) if key not in refused
        ),
        key_figures=tuple(_edited_figure(f, edits.get(key)) for key, f in placed(kept("figure", fiche.key_figures))),
        references=tuple(_edited_reference(r, edits.get(k)) for k, r in placed(kept("reference", fiche.references))),
        testimonials=tuple(
            _edited_testimonial(t, edits.get(key)) for key, t in placed(kept("testimonial", fiche.testimonials))
        ),
    )


def _edited_author(author: Author, value: str | None) -> Author:
    if value is None:
        return author
    first, last = split_name(value)
    return replace(author, first_name=first, last_name=last)


def _edited_tutor(tutor: Tutor, value: str | None) -> Tutor:
    if value is None:
        return tutor
    name, _, job = value.partition(",")
    first, last = split_name(name)
    return replace(tutor, first_name=first, last_name=last, job_title=job.strip() or None)


def _edited_section(section: SectionRecord, value: str | None) -> SectionRecord:
    return section if value is None else replace(section, text=value.replace("\r\n", "\n"))


def _edited_figure(figure: KeyFigure, value: str | None) -> KeyFigure:
    if value is None:
        return figure
    number, _, label = value.partition("|")
    return replace(figure, value=number.strip() or None, label=label.strip() or None)


def _edited_reference(reference: Reference, value: str | None) -> Reference:
    return reference if value is None else replace(reference, text=value.strip())


def _edited_testimonial(testimonial: Testimonial, value: str | None) -> Testimonial:
    if value is None:
        return testimonial
    paragraphs = value.replace("\r\n", "\n").strip().split("\n\n")
    who = [p for p in paragraphs if p.startswith("— ")]
    said = [p for p in paragraphs if not p.startswith("— ")]
    speakers = tuple(s for line in who for s in testimonials.parse_speakers(line[2:]))
    return replace(testimonial, speakers=speakers, text="\n\n".join(said))
