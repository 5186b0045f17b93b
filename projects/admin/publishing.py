"""What the mission form says before publishing, and the moves between states."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from casebook.text import NBSP
from projects import workflow, working_copies
from projects.checklist import Checklist, anchor, checklist, place_of
from projects.models import CopyOrigin, Mission, StateChange
from projects.models.mission import State

PUBLISH, CHANGE = "projects.publish_mission", "projects.change_mission"
SHOWN_CHANGES = 8


@dataclass(frozen=True)
class Move:
    """A change of state, as a button of the form and as an action of the list."""

    name: str
    label: str
    done: str
    done_several: str
    state: str
    starts: frozenset[str]
    of_copies: str = ""  # the label on the form of a working copy; without it, no move of a copy


_DRAFT, _REVIEW, _PUBLISHED, _ARCHIVED = State.DRAFT, State.REVIEW, State.PUBLISHED, State.ARCHIVED
MOVES = [
    Move(
        "publish",
        "Publier",
        "publiée",
        "publiées",
        _PUBLISHED,
        frozenset({_DRAFT, _REVIEW, _ARCHIVED}),
        "Publier les modifications",
    ),
    Move("withdraw", "Retirer", "retirée du site", "retirées du site", _DRAFT, frozenset({_PUBLISHED})),
    Move(
        "review",
        "Mettre en relecture",
        "mise en relecture",
        "mises en relecture",
        _REVIEW,
        frozenset({_DRAFT, _PUBLISHED}),
        "Mettre en relecture",
    ),
    Move(
        "draft",
        "Remettre en brouillon",
        "remise en brouillon",
        "remises en brouillon",
        _DRAFT,
        frozenset({_REVIEW, _ARCHIVED}),
        "Remettre en brouillon",
    ),
    Move("archive", "Archiver", "archivée", "archivées", _ARCHIVED, frozenset({_DRAFT, _REVIEW, _PUBLISHED})),
]
BY_NAME = {move.name: move for move in MOVES}


class NotAllowed(Exception):
    """The person may not make this move."""


@dataclass(frozen=True)
class Button:
    name: str
    label: str


@dataclass(frozen=True)
class WorkingCopy:
    """What the form of a working copy, or of a mission that has one, says of it."""

    copy: Mission
    mission: Mission
    who: str
    made_at: Any
    may_abandon: bool
    changes: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Publication:
    """The block « Avant de publier »."""

    mission: Mission
    is_locked: bool
    is_copy: bool
    checklist: Checklist | None
    copy: WorkingCopy | None
    moves: list[Button]
    may_edit: bool
    may_copy: bool
    changes: list[StateChange]

    @property
    def url(self) -> str:
        return self.mission.get_absolute_url() if self.mission.is_published else ""

    @property
    def changes_shown(self) -> list[StateChange]:
        return self.changes[:SHOWN_CHANGES]


def may_move(user: User | AnonymousUser, mission: Mission, move: Move) -> bool:
    """Those who publish make every move; those who write hand a draft over to review, or take it back."""
    if mission.state not in move.starts or (mission.working_copy_of_id and not move.of_copies):
        return False
    if user.has_perm(PUBLISH):
        return True
    writing = {mission.state, move.state} <= {State.DRAFT, State.REVIEW}
    return writing and user.has_perm(CHANGE)


def may_abandon(user: User | AnonymousUser, copy: Mission) -> bool:
    """Who made the working copy, and those who publish."""
    if user.has_perm(PUBLISH):
        return True
    mine = CopyOrigin.objects.filter(copy=copy, user=user.pk)
    return user.has_perm(CHANGE) and mine.exists()


def make_move(user: User | AnonymousUser, mission: Mission, move: Move, note: str = "") -> Mission:
    """The mission after the move (that of a working copy, once it is published). Raises `NotAllowed`, or
    `workflow.NotPublishable` with what is missing."""
    if not may_move(user, mission, move):
        raise NotAllowed
    if move.state == State.PUBLISHED:
        return workflow.publish(mission, user, note)
    workflow.withdraw(mission, move.state, user, note)
    return mission


def publication(user: User | AnonymousUser, mission: Mission) -> Publication:
    is_copy, is_locked = mission.working_copy_of_id is not None, mission.is_locked
    moves = [move for move in MOVES if may_move(user, mission, move)]
    return Publication(
        mission=mission,
        is_locked=is_locked,
        is_copy=is_copy,
        checklist=None if is_locked else checklist(mission),
        copy=_working_copy(user, mission),
        moves=[Button(move.name, move.of_copies if is_copy else move.label) for move in moves],
        may_edit=user.has_perm(CHANGE),
        may_copy=user.has_perm("projects.add_mission") and not is_copy,
        changes=list(StateChange.objects.filter(mission=mission.working_copy_of_id or mission.pk)),
    )


def _working_copy(user: User | AnonymousUser, mission: Mission) -> WorkingCopy | None:
    copy = mission if mission.working_copy_of_id else mission.open_copy
    if copy is None:
        return None
    origin = CopyOrigin.objects.filter(copy=copy).first()
    return WorkingCopy(
        copy=copy,
        mission=copy.working_copy_of or mission,
        who=origin.who if origin else "",
        made_at=origin.made_at if origin else copy.created_at,
        may_abandon=may_abandon(user, copy),
        changes=working_copies.replacement(copy).lines() if copy is mission else [],
    )


def anchor_of(mission: Mission, fault: workflow.Fault) -> str:
    return anchor(place_of(fault, list(mission.sections.all()) if fault.section else []))


def missing_message(mission: Mission, faults: list[Any], form_url: str) -> SafeString:
    """« Accueil : n’est pas publiée. Choisissez le thème. … », each fault linked to its field on the form."""
    links = format_html_join(
        " ", '<a href="{}#{}">{}</a>', ((form_url, anchor_of(mission, f), f.message) for f in faults)
    )
    return format_html("«{}{}{}» n’est pas publiée. {}", NBSP, mission, NBSP, links)
