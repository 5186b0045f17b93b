"""What a person decides about one fiche: its values with their place in the source, their doubts, and the decisions.

A decision is kept by the key of its value: « title », « section:281 », « figure:1360.0 » (the kind, then the first line
in the source), so that it stays with its value whatever else is moved. Decisions are plain JSON:
{"do": "accepter" | "modifier" | "refuser" | "vers", "value": …, "by": …, "at": …}.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from casebook.text import letters
from projects.imports import figures, references, testimonials
from projects.imports.names import split_name
from projects.imports.records import (
    Author,
    Fiche,
    KeyFigure,
    Notice,
    Place,
    Reference,
    SectionRecord,
    Span,
    Testimonial,
    Tutor,
    Unplaced,
    spans,
)
from projects.imports.text import Text
from projects.imports.vocabulary import Kind

ACCEPT, EDIT, REFUSE, SEND, REOPEN = "accepter", "modifier", "refuser", "vers", "rouvrir"
SURE = "tout-ce-qui-est-sur"  # the key under which all values without a doubt are accepted at once
ASIDE, OTHER = "ecarter", "autre"  # where lines may go beside the sections
NEW = "new"  # what is proposed by a match: a new record
_ROWS = {Kind.CHIFFRES.value, Kind.TEMOIGNAGE.value, Kind.ALLER_PLUS_LOIN.value}
_HEAD = ("missing_", "duplicate_number", "theme_", "title_", "number_")

Decisions = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Choice:
    key: str
    label: str
    reason: str = ""


@dataclass(frozen=True)
class Value:
    """One value of a fiche as the review shows it. `form`: line, text, choice, or notice (only to be acknowledged)."""

    key: str
    label: str
    form: str
    read: str  # what the source says, as it may be edited
    lines: tuple[Span, ...] = ()
    doubts: tuple[Notice, ...] = ()
    choices: tuple[Choice, ...] = ()
    reason: str = ""  # of a match, in words
    decision: Mapping[str, Any] | None = None
    accepted_as_sure: bool = False
    group: str = ""  # the section that a row stands in

    @property
    def sure(self) -> bool:
        return not self.doubts

    @property
    def state(self) -> str:
        """propose, accepte, modifie or refuse."""
        done = (self.decision or {}).get("do")
        if done is None:
            return "accepte" if self.sure and self.accepted_as_sure else "propose"
        return {ACCEPT: "accepte", EDIT: "modifie", REFUSE: "refuse", SEND: "accepte"}[done]

    @property
    def waits(self) -> bool:
        """Whether somebody must still decide."""
        return not self.sure and self.decision is None

    @property
    def current(self) -> str:
        """The value after the decision; for a choice, its key."""
        if self.decision and self.decision["do"] in {EDIT, SEND}:
            return str(self.decision["value"])
        return self.read

    @property
    def stamp(self) -> str:
        """Tells one decision from the next: what was seen when another is made."""
        return str(self.decision["at"]) if self.decision else ""


# ------------------------------------------------------------------------------------------------- the values


def values(
    fiche: Fiche, text: Text, unplaced: Sequence[Unplaced], decisions: Decisions, matches: Iterable[Value] = ()
) -> list[Value]:
    """Everything there is to decide, in the order of the page. `fiche` has its lines moved already (`with_moves`)."""
    found = [*_head(fiche, text), *matches, *_body(fiche), *_bucket(fiche, unplaced)]
    found = _with_doubts(found, fiche)
    everything = SURE in decisions
    return [replace(value, decision=decisions.get(value.key), accepted_as_sure=everything) for value in found]


def _head(fiche: Fiche, text: Text) -> Iterator[Value]:
    names = "\n".join(place.name for place in fiche.collectivities)
    where = _head_lines(fiche, text, names)
    yield Value("number", "Numéro", "line", "" if fiche.number is None else f"{fiche.number:02d}", where["number"])
    yield Value("theme", "Thème", "line", fiche.theme or "", where["theme"])
    yield Value("title", "Titre", "text", fiche.title or "", where["title"])
    yield Value("collectivities", "Collectivités", "text", names, where["place"])
    for key, author in keyed("author", fiche.authors):
        yield Value(key, "Élève", "line", _full_name(author), author.lines)
    for key, tutor in keyed("tutor", fiche.tutors):
        job = f", {tutor.job_title}" if tutor.job_title else ""
        yield Value(key, "Tuteur ou tutrice", "line", f"{_full_name(tutor)}{job}", tutor.lines)


def _head_lines(fiche: Fiche, text: Text, names: str) -> dict[str, tuple[Span, ...]]:
    """Which line of the head says what; the head's first line for what no line says."""
    printed = {
        "theme": fiche.theme,
        "title": fiche.title,
        "place": names + "".join(p.printed for p in fiche.collectivities),
    }
    found: dict[str, list[int]] = {"theme": [], "number": [], "title": [], "place": []}
    people: tuple[Author | Tutor, ...] = (*fiche.authors, *fiche.tutors)
    taken = {n for person in people for n in _numbers(person.lines)}
    order = ["theme", "number", "title", "place"]
    reached = 0
    for number in (n for span in fiche.header_lines for n in text.filled(*span) if n not in taken):
        key = text.key(number)
        for rank in range(reached, len(order)):  # in printed order: a short theme is not found again in the title
            if order[rank] == "number":
                says = (
                    fiche.number is not None and str(fiche.number) in text.bare(number) and len(text.bare(number)) < 12
                )
            else:
                says = bool(key) and key in letters(printed[order[rank]] or "")
            if says:
                found[order[rank]].append(number)
                reached = rank
                break
    return {name: spans(lines) or fiche.header_lines[:1] for name, lines in found.items()}


def _body(fiche: Fiche) -> Iterator[Value]:
    figures_of: list[tuple[str, KeyFigure]] = keyed("figure", fiche.key_figures)
    references_of: list[tuple[str, Reference]] = keyed("reference", fiche.references)
    said: list[tuple[str, Testimonial]] = keyed("testimonial", fiche.testimonials, fiche)
    for index, (key, section) in enumerate(keyed_sections(fiche)):
        heading = section.heading
        rows = [
            *(
                Value(k, "Chiffre", "line", _figure(f), f.lines, group=heading)
                for k, f in figures_of
                if f.section == index
            ),
            *(
                Value(k, "Témoignage", "text", _words(t), t.lines or section.body_lines, group=heading)
                for k, t in said
                if t.section == index
            ),
            *(
                Value(k, "Référence", "line", r.text, r.lines, group=heading)
                for k, r in references_of
                if r.section == index
            ),
        ]
        yield Value(key, heading, "text", section.text, section.body_lines or _lines(section.heading_lines))
        yield from rows


def _bucket(fiche: Fiche, unplaced: Sequence[Unplaced]) -> Iterator[Value]:
    """Lines without a place, and captions: where they may go."""
    sections = [Choice(key, f"Ajouter à «\u00a0{section.heading}\u00a0»") for key, section in keyed_sections(fiche)]
    aside = Choice(ASIDE, "Écarter")
    other = Choice(OTHER, "Ajouter en rubrique à part")
    for piece in unplaced:
        notice = Notice("unplaced_text", "Ce texte n’a pas trouvé de place.", (piece.lines,))
        choices = (Choice("", "Choisir…"), aside, *sections, other)
        yield Value(lines_key(piece.lines), "Texte non placé", "choice", piece.text, (piece.lines,), (notice,), choices)
    inside = {n for section in fiche.sections for a, b in section.body_lines for n in range(a, b + 1)}
    for caption in fiche.non_body:
        if caption.lines[0] not in inside:
            choices = (replace(aside, label="Légende, hors du texte"), *sections, other)
            yield Value(lines_key(caption.lines), "Légende", "choice", caption.text, (caption.lines,), (), choices)


def _with_doubts(found: list[Value], fiche: Fiche) -> list[Value]:
    """Each warning with the value that it is about: the one whose lines hold its first line most closely."""
    doubts: dict[str, list[Notice]] = {}
    alone: list[Value] = []
    for index, notice in enumerate(fiche.warnings):
        if notice.code == "unplaced_text":
            continue
        owner = None if notice.code.startswith("missing_") else _owner(found, notice)
        if owner is None:
            key = f"notice:{notice.code}.{index}"
            alone.append(Value(key, "À vérifier", "notice", notice.message, notice.lines, (notice,)))
        else:
            doubts.setdefault(owner.key, []).append(notice)
    return [*alone, *(replace(v, doubts=(*v.doubts, *doubts.get(v.key, ()))) for v in found)]


def _owner(found: Sequence[Value], notice: Notice) -> Value | None:
    if not notice.lines:
        return None
    line = notice.lines[0][0]
    named = {"duplicate_number": "number", "missing_number": "number"}.get(notice.code)
    holding = [v for v in found if v.key == named] or [v for v in found if any(a <= line <= b for a, b in v.lines)]
    return min(holding, key=lambda v: sum(b - a for a, b in v.lines), default=None)


def keyed(kind: str, records: Sequence[Any], fiche: Fiche | None = None) -> list[tuple[str, Any]]:
    """The records with their keys: the kind and the first line, then a rank for those that share it."""
    seen: dict[int, int] = {}
    found = []
    for record in records:
        line = record.lines[0][0] if record.lines else 0
        if not line and fiche is not None:
            line = fiche.sections[record.section].heading_lines[0]
        rank = seen[line] = seen.get(line, -1) + 1
        found.append((f"{kind}:{line}.{rank}", record))
    return found


def keyed_sections(fiche: Fiche) -> list[tuple[str, SectionRecord]]:
    return [(f"section:{section.heading_lines[0]}", section) for section in fiche.sections]


def lines_key(span: Span) -> str:
    return f"lines:{span[0]}-{span[1]}"


def _lines(numbers: Iterable[int]) -> tuple[Span, ...]:
    return spans(numbers)


def _full_name(person: Author | Tutor) -> str:
    return " ".join(part for part in (person.first_name, person.last_name) if part)


def _figure(figure: KeyFigure) -> str:
    return f"{figure.value or ''} | {figure.label or ''}"


def _words(testimonial: Testimonial) -> str:
    who = [
        ", ".join(part for part in (" ".join(filter(None, (s.first_name, s.last_name))), s.job_title) if part)
        for s in testimonial.speakers
    ]
    return "\n\n".join([*(f"— {line}" for line in who), testimonial.text])


# ------------------------------------------------------------------------------------------------- the decisions


def with_moves(fiche: Fiche, text: Text, decisions: Decisions) -> Fiche:
    """The fiche after its lines were sent elsewhere; the rows of a section that changed are read again."""
    moves = [
        (span_of(key), str(made["value"])) for key, made in decisions.items() if made["do"] == SEND and span_of(key)
    ]
    if not moves:
        return fiche
    bodies = {key: _numbers(section.body_lines) for key, section in keyed_sections(fiche)}
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
    said = [t for t in fiche.testimonials if t.section not in changed]
    numbers = [f for f in fiche.key_figures if f.section not in changed]
    read = [r for r in fiche.references if r.section not in changed]
    for index in changed:
        section = fiche.sections[index]
        if section.kind == Kind.TEMOIGNAGE.value:
            said += testimonials.read_section(text, index, section)
        elif section.kind == Kind.CHIFFRES.value:
            numbers += figures.read_section(text, index, section)
        elif section.kind == Kind.ALLER_PLUS_LOIN.value:
            read += references.read_section(text, index, section)
        said += testimonials.read_embedded(index, section, fiche.tutors)
    return replace(
        fiche,
        testimonials=tuple(sorted(said, key=lambda t: t.section)),
        key_figures=tuple(sorted(numbers, key=lambda f: f.section)),
        references=tuple(sorted(read, key=lambda r: r.section)),
    )


def span_of(key: str) -> Span | None:
    """« lines:12-15 » or « move:12-15 » → (12, 15)."""
    kind, _, rest = key.partition(":")
    first, _, last = rest.partition("-")
    if kind not in {"lines", "move"} or not (first.isdigit() and last.isdigit()) or len(rest) > 20:
        return None
    return (int(first), int(last)) if int(first) <= int(last) else None


def _numbers(ranges: Iterable[Span]) -> set[int]:
    return {n for first, last in ranges for n in range(first, last + 1)}


def decided(fiche: Fiche, decisions: Decisions) -> Fiche:
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
        title=edits.get("title", fiche.title or "").strip() or None,
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
