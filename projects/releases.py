"""The day an edition comes out: its missions in review are published together, or none is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from casebook.text import NBSP, plural
from projects import workflow
from projects.models import Edition, Mission
from projects.models.mission import State


@dataclass(frozen=True)
class Release:
    """What would come out now. Drafts are not finished and stay; a working copy is published by itself."""

    edition: Edition
    ready: Sequence[Mission]
    blocked: Sequence[tuple[Mission, list[workflow.Fault]]]
    drafts: Sequence[Mission]
    published_count: int

    @property
    def is_possible(self) -> bool:
        return bool(self.ready) and not self.blocked


class NotReleased(Exception):
    """Nothing was published; `release` says what blocks, when something does."""

    def __init__(self, release: Release) -> None:
        super().__init__(str(release.edition))
        self.release = release


def release_of(edition: Edition) -> Release:
    """Costs four queries, however many missions."""
    missions: Any = Mission.objects.without_copies().filter(edition=edition).in_book_order()
    waiting = list(missions.filter(state=State.REVIEW).for_faults())
    blocked = workflow.with_faults(waiting)
    stopped = {mission.pk for mission, _ in blocked}
    others = list(missions.filter(state__in=[State.DRAFT, State.PUBLISHED]))
    return Release(
        edition,
        [mission for mission in waiting if mission.pk not in stopped],
        blocked,
        [mission for mission in others if mission.state == State.DRAFT],
        sum(mission.state == State.PUBLISHED for mission in others),
    )


@transaction.atomic
def publish_edition(edition: Edition, by: workflow.By = None, note: str = "") -> list[Mission]:
    """Publish every mission of the edition that is in review, in one transaction: when one is blocked, none is. The
    date, if there was one, is done with. Raises `NotReleased`."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    release = release_of(edition)
    if not release.is_possible:
        raise NotReleased(release)
    workflow.publish_together(release.ready, by, note or f"Parution de l’édition {edition.school_year}")
    _forget_date(edition)
    return list(release.ready)


@dataclass(frozen=True)
class Due:
    """What became of an edition whose date has come."""

    edition: Edition
    published: Sequence[Mission]
    blocked: Sequence[tuple[Mission, list[workflow.Fault]]]

    def lines(self) -> list[str]:
        if self.published:
            count = plural(len(self.published), "mission publiée", "missions publiées")
            return [f"{self.edition}{NBSP}: {count}."]
        if not self.blocked:
            return [f"{self.edition}{NBSP}: aucune mission en relecture, rien n’est publié. La date est retirée."]
        said = [f"{mission}{NBSP}: {' '.join(fault.message for fault in faults)}" for mission, faults in self.blocked]
        return [f"{self.edition}{NBSP}: rien n’est publié, car il reste à régler{NBSP}:", *said]


def publish_due(now: datetime | None = None) -> list[Due]:
    """Publish the editions whose date has come. Done twice, it does nothing more; what is blocked is tried again the
    next time. An edition without anything in review loses its date, so that nothing comes out later by surprise."""
    found = []
    for edition in Edition.objects.filter(publish_at__lte=now or timezone.now()).order_by("publish_at", "pk"):
        try:
            found.append(Due(edition, publish_edition(edition), ()))
        except NotReleased as error:
            if not error.release.blocked:
                _forget_date(edition)
            found.append(Due(edition, (), error.release.blocked))
    return found


def _forget_date(edition: Edition) -> None:
    edition.publish_at = None
    edition.save(update_fields=["publish_at"])
