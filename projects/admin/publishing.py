"""What the mission form says before publishing, and the moves between states."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from casebook.text import NBSP
from projects import workflow
from projects.models import MethodUse, Mission
from projects.models.mission import State

PUBLISH = "projects.publish_mission"

# field of a fault → id of the element of the form that it is about
_ANCHORS = {
    "mission_collectivities": "mission_collectivities-group",
    "sections": "sections-group",
}


@dataclass(frozen=True)
class Move:
    """A change of state, as a button of the form and as an action of the list."""

    name: str
    label: str
    done: str
    done_several: str
    state: str
    starts: frozenset[str]


_DRAFT, _REVIEW, _PUBLISHED, _ARCHIVED = State.DRAFT, State.REVIEW, State.PUBLISHED, State.ARCHIVED
MOVES = [
    Move("publish", "Publier", "publiée", "publiées", _PUBLISHED, frozenset({_DRAFT, _REVIEW, _ARCHIVED})),
    Move("withdraw", "Retirer", "retirée du site", "retirées du site", _DRAFT, frozenset({_PUBLISHED})),
    Move(
        "review",
        "Mettre en relecture",
        "mise en relecture",
        "mises en relecture",
        _REVIEW,
        frozenset({_DRAFT, _PUBLISHED}),
    ),
    Move(
        "draft",
        "Remettre en brouillon",
        "remise en brouillon",
        "remises en brouillon",
        _DRAFT,
        frozenset({_REVIEW, _ARCHIVED}),
    ),
    Move("archive", "Archiver", "archivée", "archivées", _ARCHIVED, frozenset({_DRAFT, _REVIEW, _PUBLISHED})),
]


class NotAllowed(Exception):
    """The person may not make this move."""


@dataclass(frozen=True)
class Point:
    """Something to settle on the form, with the id of the element to go to."""

    message: str
    anchor: str


@dataclass(frozen=True)
class Publication:
    """The block « Avant de publier »."""

    state: str
    state_label: str
    is_published: bool
    url: str
    faults: list[Point]
    advice: list[Point]
    moves: list[Move] = field(default_factory=list)


def may_move(user: User | AnonymousUser, mission: Mission, move: Move) -> bool:
    """Those who publish make every move; those who write hand a draft over to review, or take it back."""
    if mission.state not in move.starts:
        return False
    if user.has_perm(PUBLISH):
        return True
    writing = {mission.state, move.state} <= {State.DRAFT, State.REVIEW}
    return writing and user.has_perm("projects.change_mission")


def make_move(user: User | AnonymousUser, mission: Mission, move: Move) -> None:
    """Raises `NotAllowed`, or `workflow.NotPublishable` with what is missing."""
    if not may_move(user, mission, move):
        raise NotAllowed
    if move.state == State.PUBLISHED:
        workflow.publish(mission)
    else:
        workflow.withdraw(mission, move.state)


def publication(user: User | AnonymousUser, mission: Mission) -> Publication:
    return Publication(
        state=mission.state,
        state_label=mission.get_state_display(),
        is_published=mission.is_published,
        url=mission.get_absolute_url() if mission.slug else "",
        faults=[Point(fault.message, anchor(fault.field)) for fault in workflow.blocking_faults(mission)],
        advice=_advice(mission),
        moves=[move for move in MOVES if may_move(user, mission, move)],
    )


def anchor(field_name: str) -> str:
    return _ANCHORS.get(field_name, f"id_{field_name}")


def _advice(mission: Mission) -> list[Point]:
    """What would make the fiche better, and does not stop it."""
    points = []
    if not (mission.summary_asked and mission.summary_done and mission.summary_advised):
        points.append(Point("Complétez les trois lignes «\u00a0En bref\u00a0».", "id_summary_asked"))
    if not mission.domains.exists():
        points.append(Point("Choisissez au moins un domaine.", "id_domains"))
    if not mission.authorships.exists():
        points.append(Point("Indiquez les élèves de l’équipe.", "authorships-group"))
    if mission.method_uses.filter(state=MethodUse.State.PROPOSED).exists():
        points.append(Point("Confirmez ou refusez les méthodes proposées.", "method_uses-group"))
    return points


def missing_message(mission: Mission, faults: list[Any], form_url: str) -> SafeString:
    """« Accueil : n’est pas publiée. Choisissez le thème. … », each fault linked to its field on the form."""
    links = format_html_join(" ", '<a href="{}#{}">{}</a>', ((form_url, anchor(f.field), f.message) for f in faults))
    return format_html("«{}{}{}» n’est pas publiée. {}", NBSP, mission, NBSP, links)
