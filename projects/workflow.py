"""From draft to published: the one function that every path to « publiée » calls, and what stops it."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from projects import search
from projects.models import Mission, Section
from projects.models.mission import State


@dataclass(frozen=True)
class Fault:
    """Something that keeps a mission from being published: the form field it is about and a French sentence."""

    field: str
    message: str


class NotPublishable(Exception):
    """Raised by `publish`; `faults` says why, in French."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(" ".join(fault.message for fault in faults))
        self.faults = faults


def blocking_faults(mission: Mission) -> list[Fault]:
    """What is missing for the mission to be public. Costs three queries."""
    faults = []
    if not mission.title.strip():
        faults.append(Fault("title", "Donnez un titre à la mission."))
    if mission.theme_id is None:
        faults.append(Fault("theme", "Choisissez le thème."))
    if not mission.mission_collectivities.exists():
        faults.append(Fault("mission_collectivities", "Indiquez au moins une collectivité."))
    written = {section.kind for section in mission.sections.all() if section.text.strip()}
    for kind in Section.CORE_KINDS:
        if kind not in written:
            faults.append(Fault("sections", f"Écrivez la rubrique «\u00a0{kind.label}\u00a0»."))
    if mission.number is not None and mission.edition_id is not None:
        same = Mission.objects.filter(edition_id=mission.edition_id, number=mission.number, working_copy_of=None)
        if same.exclude(pk__in=[mission.pk, mission.working_copy_of_id or mission.pk]).exists():
            faults.append(Fault("number", f"Le numéro {mission.number} est déjà pris dans ce recueil."))
    return faults


@transaction.atomic
def publish(mission: Mission) -> None:
    """Make the mission public, or raise `NotPublishable` and change nothing."""
    faults = blocking_faults(mission)
    if faults:
        raise NotPublishable(faults)
    mission.state = State.PUBLISHED
    mission.published_at = mission.published_at or timezone.now()
    mission.save(update_fields=["state", "published_at", "updated_at"])
    search.reindex([mission])


@transaction.atomic
def withdraw(mission: Mission, state: str = State.DRAFT) -> None:
    """Take the mission off the public site: back to draft, to review or to the archive."""
    if state == State.PUBLISHED:
        raise ValueError("withdraw() cannot publish")
    mission.state = state
    mission.save(update_fields=["state", "updated_at"])
    search.reindex([mission])


def check_published() -> list[tuple[Mission, list[Fault]]]:
    """Published missions that no longer hold the rule (for the check command)."""
    missions: Any = Mission.objects.published().in_book_order()
    return [(mission, faults) for mission in missions if (faults := blocking_faults(mission))]
