"""The states of a mission: the one function of each passage, which every path calls, and what stops a publication."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.utils import timezone

from projects import changes, working_copies
from projects.models import Mission, Section
from projects.models.mission import ADDRESS_TAKEN, State

By = User | AnonymousUser | None  # None: a command


@dataclass(frozen=True)
class Fault:
    """Something that keeps a mission from being published: the form field it is about and a French sentence.

    `section`: the kind of section that is to be written.
    """

    field: str
    message: str
    section: str = ""


class NotPublishable(Exception):
    """Raised by `publish`; `faults` says why, in French."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(" ".join(fault.message for fault in faults))
        self.faults = faults


def blocking_faults(mission: Mission) -> list[Fault]:
    """What is missing for the mission to be public. Costs two queries, four for a working copy; none of the two when
    the mission was read with `for_faults()`."""
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
            faults.append(Fault("sections", f"Écrivez la rubrique «\u00a0{kind.label}\u00a0».", kind.value))
    if mission.working_copy_of_id is not None:  # of the others, the database knows the number and the address free
        faults += _taken_meanwhile(mission)
    return faults


def _taken_meanwhile(copy: Mission) -> list[Fault]:
    faults = []
    if copy.number is not None and copy.edition_id is not None:
        others = Mission.objects.without_copies().exclude(working_copy=copy)
        if others.filter(edition_id=copy.edition_id, number=copy.number).exists():
            faults.append(Fault("number", f"Le numéro {copy.number} est déjà pris dans ce recueil."))
    if copy.address_is_taken():
        faults.append(Fault("slug", ADDRESS_TAKEN))
    return faults


@transaction.atomic
def publish(mission: Mission, by: By = None, note: str = "") -> Mission:
    """Make the mission public, or raise `NotPublishable` and change nothing. A working copy takes the place of its
    mission, which is returned."""
    return publish_together([mission], by, note)[0]


@transaction.atomic
def publish_together(missions: Iterable[Mission], by: By = None, note: str = "") -> list[Mission]:
    """`publish` for several missions, all or none: the index is written once for all of them."""
    done = [_publish(mission, by, note) for mission in missions]
    for why in dict.fromkeys(why for _, why in done):
        changes.record([mission for mission, its_why in done if its_why == why], by=by, why=why)
    return [mission for mission, _ in done]


def _publish(mission: Mission, by: By, note: str) -> tuple[Mission, str]:
    """The mission that is public now, and what the history says of it."""
    before = _state_now(mission)
    if faults := blocking_faults(mission):
        raise NotPublishable(faults)
    if mission.working_copy_of_id is not None:
        return _publish_copy(mission, by, note), note or "Modifications publiées"
    mission.state = State.PUBLISHED
    mission.published_at = mission.published_at or timezone.now()
    mission.save(update_fields=["state", "published_at", "updated_at"])
    _keep_change(mission, before, by, note)
    return mission, note or _state_told(mission)


def _publish_copy(copy: Mission, by: By, note: str) -> Mission:
    working_copies.keep_change(copy, copy.state, State.PUBLISHED, by, note)
    mission = working_copies.put_in_place(copy)
    before, mission.state = mission.state, State.PUBLISHED
    mission.published_at = mission.published_at or timezone.now()
    mission.save(update_fields=["state", "published_at"])
    _keep_change(mission, before, by)
    return mission


@transaction.atomic
def withdraw(mission: Mission, state: str = State.DRAFT, by: By = None, note: str = "") -> None:
    """Take the mission off the public site, or let it pass between the states that are not public."""
    if state == State.PUBLISHED:
        raise ValueError("withdraw() cannot publish")
    if state == State.ARCHIVED and mission.working_copy_of_id is not None:
        raise ValueError("a working copy is published or abandoned, never archived")
    before = _state_now(mission)
    mission.state = state
    mission.save(update_fields=["state", "updated_at"])
    _keep_change(mission, before, by, note)
    changes.record([mission], by=by, why=note or _state_told(mission))


def _state_now(mission: Mission) -> str:
    """The state that the database has, whatever this object was read with; the row is held until the end.

    Mission.DoesNotExist: it was deleted meanwhile, or was a working copy that took its place."""
    return Mission.objects.select_for_update().values_list("state", flat=True).get(pk=mission.pk)


def _keep_change(mission: Mission, before: str, by: By, note: str = "") -> None:
    if before != mission.state:
        working_copies.keep_change(mission, before, mission.state, by, note)


def _state_told(mission: Mission) -> str:
    return f"État\u00a0: {mission.get_state_display()}"


def check_published() -> list[tuple[Mission, list[Fault]]]:
    """Published missions that no longer hold the rule (for the check command)."""
    return with_faults(Mission.objects.published().in_book_order().for_faults())


def with_faults(missions: Iterable[Mission]) -> list[tuple[Mission, list[Fault]]]:
    return [(mission, faults) for mission in missions if (faults := blocking_faults(mission))]
