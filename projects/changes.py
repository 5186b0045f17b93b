"""What follows a change of missions, by whatever path it came: their search index, and their history."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction

from projects import search
from projects.history import recording
from projects.models import Mission


@transaction.atomic
def record(missions: Iterable[Mission], by: User | AnonymousUser | None = None, why: str = "") -> None:
    """Call it in the transaction that wrote these missions or their parts. `why` is French, shown in the history."""
    missions = list(missions)
    search.reindex(missions)
    recording.keep(missions, by, why)
