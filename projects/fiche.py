"""The page of one mission: its parts put where they are printed, and of each person only what may be read."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.utils.safestring import SafeString

from casebook.richtext import in_page
from casebook.text import NBSP, plural
from people.models import Person, Promotion
from people.models.person import corps_label, tutors_label
from projects.citations import reference
from projects.evidence import Evidence, evidence
from projects.models import Deliverable, KeyFigure, Mission, Reference, Section, Testimonial

FIRST_FIGURES = 4


@dataclass(frozen=True)
class Tutor:
    name: str
    job_title: str


@dataclass
class Block:
    """A section of the page with the rows that it holds."""

    anchor: str
    label: str
    kind: str
    html: SafeString | str = ""
    figures: list[KeyFigure] = field(default_factory=list)
    testimonials: list[Testimonial] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.html or self.figures or self.testimonials or self.references)


@dataclass(frozen=True)
class Member:
    name: str
    label: str


@dataclass
class TeamGroup:
    """The authors of one corps and one promotion, in printed order."""

    label: str
    promotion: Promotion | None
    members: list[Member] = field(default_factory=list)


@dataclass(frozen=True)
class Request:
    """A deliverable and the message that asks for it."""

    row: Deliverable
    contact: str


@dataclass(frozen=True)
class Fiche:
    mission: Mission
    figures_label: str
    figures_anchor: str
    figures_below: str
    first_figures: list[KeyFigure]
    other_figures: list[KeyFigure]
    figure_count: int
    blocks: list[Block]
    uses: list[Evidence]
    deliverables: list[Request]
    team: list[TeamGroup]
    team_masked: str
    tutors_label: str
    tutors: list[Tutor]
    tutors_masked: str
    citation: str
    contact: str


def fiche(mission: Mission, address: str) -> Fiche:
    """Everything the page shows of a mission from `for_detail()`; `address` is the page's full address. No query.

    Each figure is shown once: the first ones head the page; the others follow in a disclosure, or in their printed
    section when it has a text of its own (`figures_below` is its anchor). A figure of an inset stays in it.
    """
    sections = list(mission.sections.all())
    figures, inset = _figures(mission, sections)
    later = figures[FIRST_FIGURES:]
    told = any(s.kind == Section.Kind.CHIFFRES and s.body for s in sections)
    blocks = _blocks(mission, sections, [*inset, *(later if told else [])])
    bare = next((s.anchor for s in sections if s.kind == Section.Kind.CHIFFRES and not s.body), "chiffres")
    below = next((b.anchor for b in blocks if b.kind == Section.Kind.CHIFFRES and b.figures), "")
    return Fiche(
        mission=mission,
        figures_label="En chiffres" if told else "Les chiffres",
        figures_anchor=bare,
        figures_below=below,
        first_figures=figures[:FIRST_FIGURES],
        other_figures=[] if below else later,
        figure_count=len(figures),
        blocks=blocks,
        uses=[
            evidence(use, mission, address.removesuffix(mission.get_absolute_url()), on_its_page=True)
            for use in mission.confirmed_uses  # type: ignore[attr-defined]
        ],
        deliverables=[_request(row, mission, address) for row in mission.deliverables.all()],
        team=_team(mission),
        team_masked=_masked([row.person for row in mission.authorships.all()], "élève"),
        tutors_label=tutors_label([row.person.gender for row in mission.tutorships.all()]),
        tutors=[
            Tutor(row.person.public_name, row.job_title) for row in mission.tutorships.all() if not row.person.is_masked
        ],
        tutors_masked=_masked([row.person for row in mission.tutorships.all()], "personne"),
        citation=f"{reference(mission)}.",
        contact=mail_query(
            f"Fiche {mission.number_padded}{NBSP}: {mission.title}" if mission.number_padded else mission.title,
            f"Bonjour,\n\nJe lis cette fiche et j’aimerais entrer en relation avec son équipe ou sa collectivité.\n\n"
            f"Fiche{NBSP}: {mission.title}\nAdresse{NBSP}: {address}\n\nMa question{NBSP}:\n",
        ),
    )


def mail_query(subject: str, body: str) -> str:
    """What follows « ? » in a mailto address: nothing is sent before the reader does it."""
    return f"subject={quote(subject, safe='')}&body={quote(body.replace(chr(10), chr(13) + chr(10)), safe='')}"


def _request(row: Deliverable, mission: Mission, address: str) -> Request:
    asked = f"J’aimerais recevoir ce document{NBSP}: {row.title}"
    body = f"Bonjour,\n\n{asked}\n\nFiche{NBSP}: {mission.title}\nAdresse{NBSP}: {address}\n"
    return Request(row, mail_query(f"Livrable{NBSP}: {row.title}", body))


def _figures(mission: Mission, sections: list[Section]) -> tuple[list[KeyFigure], list[KeyFigure]]:
    """The figures that head the page, and those that stay in the section of another kind that holds them."""
    elsewhere = {section.pk for section in sections if section.kind != Section.Kind.CHIFFRES}
    figures = list(mission.key_figures.all())
    return (
        [figure for figure in figures if figure.section_id not in elsewhere],
        [figure for figure in figures if figure.section_id in elsewhere],
    )


def _blocks(mission: Mission, sections: list[Section], figures: list[KeyFigure]) -> list[Block]:
    """The sections in printed order, each with its rows; rows that no section holds come at the end."""
    blocks = {s.pk: Block(s.anchor, s.label, s.kind, in_page(s.body, s.label, s.anchor)) for s in sections}
    first: dict[str, Block] = {}
    for block in blocks.values():
        first.setdefault(block.kind, block)
    loose: list[Block] = []

    def holder(row: Any, kind: Section.Kind) -> Block:
        if row.section_id in blocks:
            return blocks[row.section_id]
        if kind not in first:
            first[kind] = Block(kind.value.replace("_", "-"), str(kind.label), kind.value)
            loose.append(first[kind])
        return first[kind]

    for figure in figures:
        holder(figure, Section.Kind.CHIFFRES).figures.append(figure)
    for testimonial in mission.testimonials.all():
        if not testimonial.embedded:
            holder(testimonial, Section.Kind.TEMOIGNAGE).testimonials.append(testimonial)
    for row in mission.references.all():
        holder(row, Section.Kind.ALLER_PLUS_LOIN).references.append(row)
    return [block for block in (*blocks.values(), *loose) if not block.is_empty]


def _team(mission: Mission) -> list[TeamGroup]:
    groups: dict[tuple[str, int | None], TeamGroup] = {}
    for row in mission.authorships.all():
        if row.person.is_masked:
            continue
        corps = row.corps or row.person.corps
        group = groups.setdefault((corps, row.person.promotion_id), TeamGroup(corps_label(corps), row.person.promotion))
        group.members.append(
            Member(row.person.public_name, corps_label(corps, row.person.gender) if row.person.gender else "")
        )
    return list(groups.values())


def _masked(people: list[Person], noun: str) -> str:
    """« 1 élève dont le nom n’est pas publié », or nothing."""
    count = sum(person.is_masked for person in people)
    return f"{plural(count, noun)} dont le nom n’est pas publié" if count else ""
