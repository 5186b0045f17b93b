"""What a match is shown by: the texts of a mission under their sections, each with its place in the page; then what
gives the reason when no text does: its names, its methods, its team."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from casebook.richtext import paragraphs, place, plain
from casebook.text import NBSP
from projects.models import Mission, Section, Testimonial
from projects.search.document import FIELDS, with_initials
from projects.search.sentences import in_sentences

ON_CARD = frozenset({"title", "collectivity", "method"})  # what a result shows of itself anyway
_BIT = {name: field.bit for name, field in FIELDS.items()}
_FIGURES, _WORDS = _BIT[Section.Kind.CHIFFRES], _BIT[Section.Kind.TEMOIGNAGE]
_FURTHER = _BIT[Section.Kind.ALLER_PLUS_LOIN]


# The bits of the fields of the index that a text belongs to, its place in the page, its sentences and their stems.
Placed = tuple[int, str, str, str]


class Piece(NamedTuple):
    """`kind` is a field of the index; an extract is a text of the fiche, which a reader may copy with its reference."""

    kind: str
    label: str
    is_extract: bool
    texts: Sequence[Placed]


def pieces(mission: Mission) -> Iterator[Piece]:
    """The sections in printed order with the rows that they hold, the deliverables, the summary, then the reasons.
    Needs `for_search()`."""
    yield from _sections(mission)
    titles = [_placed(_FURTHER, "livrables", row.title) for row in mission.deliverables.all()]
    yield Piece("deliverables", "Livrables", True, titles)
    summary = (mission.summary_asked, mission.summary_done, mission.summary_advised)
    yield Piece("summary", "En bref", True, [_placed(_BIT["summary"], "en-bref", text) for text in summary])
    yield from _reasons(mission)


def _sections(mission: Mission) -> Iterator[Piece]:
    held = _rows(mission)
    for section in mission.sections.all():
        bit = _BIT[section.kind]
        rows = held.pop(section.pk, []) + held.pop(section.kind, [])
        own = [*_paragraphs(section.body, section, bit), _placed(bit, section.anchor, section.heading)]
        yield Piece(section.kind, section.label, True, [*own, *rows])
    for kind, rows in held.items():
        if isinstance(kind, str):
            here = kind.replace("_", "-")
            texts = [(bit, anchor or here, text, stems) for bit, anchor, text, stems in rows]
            yield Piece(kind, str(Section.Kind(kind).label), True, texts)


def _rows(mission: Mission) -> dict[int | str, list[Placed]]:
    """The rows of sections by the section that holds them, else by the kind of section that they belong to."""
    held: dict[int | str, list[Placed]] = {}
    for figure in mission.key_figures.all():
        text = _placed(_FIGURES, figure.anchor, f"{figure.value} {figure.label}")
        held.setdefault(Section.Kind.CHIFFRES.value, []).append(text)
    for words in mission.testimonials.all():
        texts = [] if words.embedded else _paragraphs(words.text, words, _WORDS)
        roles = (f"{who.public_name}, {who.role}" for who in words.public_speakers if who.role)
        texts += [_placed(_WORDS, words.anchor, role) for role in roles]
        held.setdefault(Section.Kind.TEMOIGNAGE.value, []).extend(texts)
    anchors = {section.pk: section.anchor for section in mission.sections.all()}
    own = next((s.pk for s in mission.sections.all() if s.kind == Section.Kind.ALLER_PLUS_LOIN), None)
    for row in mission.references.all():
        holder = row.section_id if row.section_id in anchors else own
        key = holder if holder is not None else Section.Kind.ALLER_PLUS_LOIN.value
        held.setdefault(key, []).append(_placed(_FURTHER, anchors.get(holder or 0, ""), row.text))
    return held


def _reasons(mission: Mission) -> Iterator[Piece]:
    for row in mission.authorships.all():
        yield _reason("authors", "Équipe", "equipe", row.person.public_name)
    for tutor in mission.tutorships.all():
        job = f", {tutor.job_title}" if tutor.job_title and not tutor.person.is_masked else ""
        text = _placed(_BIT["authors"] | _WORDS, "equipe", f"{tutor.person.public_name}{job}")
        yield Piece("authors", "Tutorat", False, [text])
    for method in mission.confirmed_methods:
        yield _reason("method", f"Méthode{NBSP}: {method.name}", "methodes", method.name, *method.synonyms)
    for domain in mission.domains.all():
        yield _reason("theme", "Domaine", "equipe", domain.name)
    if mission.theme:
        yield _reason("theme", "Thème", "", mission.theme.name)
    yield _reason("title", "Titre", "", mission.title)
    for where in mission.collectivity_list:
        yield from _where(where)


def _where(collectivity: Any) -> Iterator[Piece]:
    names = dict.fromkeys([collectivity.display_name, collectivity.official_name, *collectivity.aliases])
    yield _reason("collectivity", "Collectivité", "", *names)
    yield _reason("place", "Collectivité", "", *with_initials(collectivity))
    for label, area in (("Département", collectivity.department), ("Région", collectivity.region)):
        if area:
            yield _reason("place", label, "", str(area))


def _reason(kind: str, label: str, anchor: str, *texts: str) -> Piece:
    return Piece(kind, label, False, [_placed(_BIT[kind], anchor, text) for text in texts])


def _paragraphs(source: str, holder: Section | Testimonial, bit: int) -> list[Placed]:
    """The words of each paragraph with its place in the page."""
    return [_placed(bit, place(holder.anchor, number), plain(text)) for number, text in enumerate(paragraphs(source))]


def _placed(fields: int, anchor: str, text: str) -> Placed:
    return (fields, anchor, *in_sentences(text))
