"""What a person decides about a proposal: accepted as it is or corrected, refused for good, taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction

from casebook.text import NBSP
from projects.changes import record
from projects.models import KeyFigure, Method, MethodUse, Mission, Section
from projects.models.method_use import stands_in
from projects.tagging.waiting import State, Waiting, next_position, write_extracts

Who = User | AnonymousUser | None


@dataclass(frozen=True)
class Accepted:
    """A use as the person leaves it; `extracts`: each with the section that holds it word for word."""

    role: str
    moment: str
    extracts: Sequence[tuple[Section, str]]
    figures: Sequence[KeyFigure] = ()


@transaction.atomic
def accept(mission: Mission, method: Method, accepted: Accepted, by: Who = None) -> MethodUse:
    """Confirm the use: public as soon as the mission is. A confirmed use of the same role gets what is new."""
    use = _confirm(mission, method, accepted)
    record([mission], by, f"Méthode «{NBSP}{method}{NBSP}» acceptée")
    return use


@transaction.atomic
def accept_as_proposed(mission: Mission, waiting: Iterable[Waiting], by: Who = None) -> list[MethodUse]:
    """Confirm these as they are proposed, all or none."""
    sections = {section.pk: section for section in mission.sections.all()}
    figures = {figure.pk: figure for figure in mission.key_figures.all()}
    uses = [_confirm(mission, one.method, _as_proposed(one, sections, figures)) for one in waiting]
    record([mission], by, "Méthodes proposées acceptées")
    return uses


def _confirm(mission: Mission, method: Method, accepted: Accepted) -> MethodUse:
    for section, text in accepted.extracts:
        if section.mission_id != mission.pk or not stands_in(text, section):
            raise ValueError(f"no extract of the mission: {text[:80]!r}")
    rows = list(mission.method_uses.select_for_update().filter(method=method).order_by("position", "pk"))
    proposed = [row for row in rows if row.state == State.PROPOSED]
    same_role = [row for row in rows if row.role == accepted.role]
    new = MethodUse(mission=mission, method=method, position=next_position(mission))
    use = next(iter(same_role + proposed), new)
    for row in proposed:
        if row.pk != use.pk:
            row.delete()
    if use.state != State.CONFIRMED:
        use.role, use.moment, use.state = accepted.role, accepted.moment, State.CONFIRMED
        use.save()
        use.extracts.all().delete()
        use.key_figures.clear()
    _add_extracts(use, accepted.extracts)
    use.key_figures.add(*accepted.figures)
    return use


def _add_extracts(use: MethodUse, extracts: Iterable[tuple[Section, str]]) -> None:
    """After those that the use has; the same text is not written twice."""
    rows = use.extracts.values_list("section", "text", "position")
    known = {(section, text): position for section, text, position in rows}
    new = [(section.pk, text) for section, text in dict.fromkeys(extracts) if (section.pk, text) not in known]
    write_extracts(use, new, first=max(known.values(), default=0) + 1)


def _as_proposed(one: Waiting, sections: dict[int, Section], figures: dict[int, KeyFigure]) -> Accepted:
    """What was kept, as far as it still stands in the text; else what the rules say now."""
    linked = [figures[pk] for pk in one.proposal.figures] if one.proposal else []
    if one.use:
        extracts = [(sections[extract.section_id], extract.text) for extract in one.use.extracts.all()]
        standing = [(section, text) for section, text in extracts if stands_in(text, section)]
        return Accepted(one.use.role, one.use.moment, standing, linked)
    proofs = one.proposal.extracts if one.proposal else ()
    found = [(sections[proof.part.section], proof.text) for proof in proofs if proof.part.section]
    return Accepted(one.role, one.moment, found, linked)


@transaction.atomic
def refuse(mission: Mission, method: Method, role: str, by: Who = None) -> None:
    """Remembered: the method is not proposed again for this mission. A confirmed use is left as it is."""
    rows = mission.method_uses.select_for_update().filter(method=method)
    if not rows.exists():
        position = next_position(mission)
        MethodUse.objects.create(mission=mission, method=method, role=role, position=position, state=State.REFUSED)
    rows.filter(state=State.PROPOSED).update(state=State.REFUSED)
    record([mission], by, f"Méthode «{NBSP}{method}{NBSP}» refusée")


@transaction.atomic
def take_back(use: MethodUse, by: Who = None) -> None:
    """Forget a refusal: the method may be proposed again."""
    if use.state == State.REFUSED:
        use.delete()
        record([use.mission], by, f"Refus de la méthode «{NBSP}{use.method}{NBSP}» oublié")
