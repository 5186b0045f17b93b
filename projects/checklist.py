"""« Avant de publier »: what a mission lacks and what is ready, each point with the field of the form it is about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from casebook.text import NBSP, french_list, plural
from projects.models import MethodUse, Mission, Section
from projects.workflow import Fault, blocking_faults

# the parts, of which the whole is meant where no field is
_PARTS = {"mission_collectivities", "authorships", "tutorships", "sections", "key_figures", "method_uses"}
_SUMMARY = {"summary_asked": "demandé", "summary_done": "fait", "summary_advised": "conseillé"}


@dataclass(frozen=True)
class Point:
    """`place`: a field of the form (`theme`, `sections-0-body`), or the prefix of a part (`sections`)."""

    label: str
    detail: str
    place: str

    @property
    def anchor(self) -> str:
        return anchor(self.place)


@dataclass(frozen=True)
class Checklist:
    blocking: Sequence[Point]
    advice: Sequence[Point]
    ready: Sequence[Point]

    @property
    def said(self) -> str:
        """« 9 points sur 12 sont prêts »."""
        ready, every = len(self.ready), len(self.blocking) + len(self.advice) + len(self.ready)
        verb = "est prêt" if ready == 1 else "sont prêts"
        return f"{plural(ready, 'point')} sur {every} {verb}" if ready else f"Aucun point sur {every} n’est prêt"

    @property
    def blocking_said(self) -> str:
        count = len(self.blocking)
        return f"{plural(count, 'point empêche', 'points empêchent')} la publication"

    @property
    def advice_said(self) -> str:
        return f"{plural(len(self.advice), 'point')} à améliorer"

    @property
    def ready_said(self) -> str:
        return plural(len(self.ready), "point prêt", "points prêts")


def checklist(mission: Mission) -> Checklist:
    """Costs eight queries, up to three more for a working copy."""
    faults = blocking_faults(mission)
    sections = list(mission.sections.all())
    blocking = [Point(_label(fault), fault.message, place_of(fault, sections)) for fault in faults]
    found = list(_advised(mission))
    return Checklist(
        blocking,
        [point for point, lacks in found if lacks],
        [*_held(mission, faults, sections), *(point for point, lacks in found if not lacks)],
    )


def anchor(place: str) -> str:
    """The id of the element of the form, as Django's admin writes it."""
    return f"{place}-group" if place in _PARTS else f"id_{place}"


def place_of(fault: Fault, sections: Sequence[Section]) -> str:
    """The text of the section that is to be written when the mission has it, else the part."""
    if fault.section:
        for index, section in enumerate(sections):
            if section.kind == fault.section:
                return f"sections-{index}-body"
    return fault.field


def _label(fault: Fault) -> str:
    if fault.section:
        return str(Section.Kind(fault.section).label)
    if fault.field == "mission_collectivities":
        return "Collectivité"
    field: Any = Mission._meta.get_field(fault.field)
    name = str(field.verbose_name)
    return name[:1].upper() + name[1:]


def _held(mission: Mission, faults: Sequence[Fault], sections: Sequence[Section]) -> Iterator[Point]:
    """Of what can stop a publication, what does not."""
    missing = {fault.section or fault.field for fault in faults}
    rules = [("title", "Titre"), ("theme", "Thème"), ("mission_collectivities", "Collectivité")]
    for name, label in rules:
        if name not in missing:
            yield Point(label, "", name)
    for kind in Section.CORE_KINDS:
        if kind.value not in missing:
            yield Point(str(kind.label), "", place_of(Fault("sections", "", kind.value), sections))


def _advised(mission: Mission) -> Iterator[tuple[Point, bool]]:
    """What would make the fiche better and does not stop it, and whether it lacks."""
    empty = [name for name in _SUMMARY if not getattr(mission, name)]
    lines = french_list([_SUMMARY[name] for name in empty])
    detail = f"À écrire{NBSP}: {lines}." if empty else ""
    yield Point("En bref", detail, empty[0] if empty else "summary_asked"), bool(empty)
    for place, label, detail, rows in (
        ("domains", "Domaine", "Choisissez au moins un domaine.", mission.domains),
        ("authorships", "Équipe", "Indiquez les élèves de l’équipe.", mission.authorships),
        ("tutorships", "Tutorat", "Indiquez qui a suivi l’équipe.", mission.tutorships),
    ):
        lacks = not rows.exists()
        yield Point(label, detail if lacks else "", place), lacks
    yield from _figures(mission)
    yield _methods(mission)


def _figures(mission: Mission) -> Iterator[tuple[Point, bool]]:
    figures = list(mission.key_figures.all())
    bare = [(index, figure) for index, figure in enumerate(figures) if figure.value and not figure.label]
    if bare:
        index, figure = bare[0]
        said = f"Ligne {index + 1}, valeur {figure.value}{NBSP}: précisez ce que compte ce chiffre."
        more = f" Et {plural(len(bare) - 1, 'autre ligne', 'autres lignes')}." if len(bare) > 1 else ""
        yield Point("Chiffre sans libellé", said + more, f"key_figures-{index}-label"), True
    elif figures:
        yield Point("Chiffres clés", "", "key_figures"), False


def _methods(mission: Mission) -> tuple[Point, bool]:
    states = list(mission.method_uses.values_list("state", flat=True))
    if MethodUse.State.PROPOSED in states:
        waiting = states.count(MethodUse.State.PROPOSED)
        said = plural(waiting, "méthode proposée attend votre choix", "méthodes proposées attendent votre choix")
        return Point("Méthodes", f"{said}.", "method_uses"), True
    if MethodUse.State.CONFIRMED not in states:
        return Point("Méthodes", "Aucune méthode confirmée.", "method_uses"), True
    return Point("Méthodes", "", "method_uses"), False
