"""What a person decides about one fiche: its values with their place in the source, and their doubts.

A decision is kept by the key of its value: « title », « section:281 », « figure:1360.0 » (the kind, then the first line
in the source), so that it stays with its value whatever else is moved. Decisions are plain JSON:
{"do": "accepter" | "modifier" | "refuser" | "vers", "value": …, "by": …, "at": …}.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from casebook.text import letters
from projects.imports.records import (
    Author,
    Fiche,
    KeyFigure,
    Notice,
    Reference,
    SectionRecord,
    Span,
    Testimonial,
    Tutor,
    Unplaced,
    full_name,
    numbers_of,
    spans,
)
from projects.imports.text import Text

ACCEPT, EDIT, REFUSE, SEND, REOPEN = "accepter", "modifier", "refuser", "vers", "rouvrir"
SURE = "tout-ce-qui-est-sur"  # the key under which all values without a doubt are accepted at once
ASIDE, OTHER = "ecarter", "autre"  # where lines may go beside the sections

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
        yield Value(key, "Élève", "line", full_name(author), author.lines)
    for key, tutor in keyed("tutor", fiche.tutors):
        job = f", {tutor.job_title}" if tutor.job_title else ""
        yield Value(key, "Tuteur ou tutrice", "line", f"{full_name(tutor)}{job}", tutor.lines)


def _head_lines(fiche: Fiche, text: Text, names: str) -> dict[str, tuple[Span, ...]]:
    """Which line of the head says what; the head's first line for what no line says."""
    printed = {
        "theme": fiche.theme,
        "title": fiche.title,
        "place": names + "".join(p.printed for p in fiche.collectivities),
    }
    found: dict[str, list[int]] = {"theme": [], "number": [], "title": [], "place": []}
    people: tuple[Author | Tutor, ...] = (*fiche.authors, *fiche.tutors)
    taken = {n for person in people for n in numbers_of(person.lines)}
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
        yield Value(key, heading, "text", section.text, section.body_lines or spans(section.heading_lines))
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
    inside = {number for section in fiche.sections for number in numbers_of(section.body_lines)}
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


def span_of(key: str) -> Span | None:
    """« lines:12-15 » or « move:12-15 » → (12, 15)."""
    kind, _, rest = key.partition(":")
    first, _, last = rest.partition("-")
    if kind not in {"lines", "move"} or not (first.isdigit() and last.isdigit()) or len(rest) > 20:
        return None
    return (int(first), int(last)) if int(first) <= int(last) else None


def _figure(figure: KeyFigure) -> str:
    return f"{figure.value or ''} | {figure.label or ''}"


def _words(testimonial: Testimonial) -> str:
    who = [", ".join(part for part in (full_name(s), s.job_title) if part) for s in testimonial.speakers]
    return "\n\n".join([*(f"— {line}" for line in who), testimonial.text])
