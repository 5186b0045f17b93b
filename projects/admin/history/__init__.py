"""History and bin in the admin.

pages   the history of a thing, two versions side by side, the way back
bin     what was deleted, and back again
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from casebook.admin import CatalogueAdmin
from casebook.text import NBSP, french_list
from people.models import Consent, Department, Region
from projects.admin.history import bin, pages
from projects.changes import record
from projects.history import bin as kept
from projects.history import recording, snapshots
from projects.history.kinds import KINDS, MISSION, MissionResource
from projects.history.paragraphs import visible
from projects.models import Mission, Resource

_NAMED = 3  # things, in the reason that a mission's history gives
_COUNTED = {*KINDS, Region, Department, Consent} | {part.model for part in MISSION.parts} - {MissionResource}


class _Keeper:
    def addresses(self, model_admin: Any) -> Sequence[URLPattern]:
        return pages.addresses(model_admin) if model_admin.model in KINDS else []

    def written(self, request: HttpRequest, thing: Model) -> None:
        """Missions are recorded by `changes.record`, once their lines and their image are written too."""
        if type(thing) not in KINDS or isinstance(thing, Mission):
            return
        before = _missions_of(thing) if isinstance(thing, Resource) else set()
        recording.keep([thing], request.user)
        if isinstance(thing, Resource):
            linked = {mission.pk for mission in thing.missions.all()}
            changed = Mission.objects.filter(pk__in=linked ^ before)
            record(changed, request.user, f"Ressource{NBSP}: {thing}")

    def history(self, model_admin: Any, request: HttpRequest, thing: Model) -> HttpResponse | None:
        return pages.history(model_admin, request, thing) if type(thing) in KINDS else None

    def deleting(self, request: HttpRequest, things: Iterable[Model]) -> Callable[[], None]:
        """Into the bin; the missions that lose rows with these things have a revision of before and one of after."""
        things = list(things)
        items = kept.throw(things, request.user)
        concerned = kept.missions_of(*items)
        recording.keep_before(concerned)
        request.binned = items  # type: ignore[attr-defined]
        why = f"Suppression{NBSP}: {french_list([str(thing) for thing in things[:_NAMED]])}"

        def follow() -> None:
            stay = Mission.objects.filter(pk__in=[mission.pk for mission in concerned])
            record(stay, request.user, f"{why}…" if len(things) > _NAMED else why)

        return follow

    def told(self, model_admin: Any, things: Sequence[Model], found: Any) -> Any:
        """The things by name, and how many of each kind of row: not the rows of the search, one by one."""
        _, counts, missing, protected = found
        shown = {str(model._meta.verbose_name_plural) for model in _COUNTED}
        named = [visible(str(thing)) for thing in things]
        return named, {name: count for name, count in counts.items() if str(name) in shown}, missing, protected

    def deleted(self, request: HttpRequest) -> None:
        if items := getattr(request, "binned", None):
            messages.success(request, bin.message(items, request.user.has_perm("projects.view_binitem")))


def _missions_of(resource: Resource) -> set[int]:
    """The missions that its last version points at."""
    last = recording.last_revisions(Resource, [resource.pk]).get(resource.pk)
    thing = snapshots.of_revisions(Resource, [last])[last].thing if last else None
    return set(thing.fields.get("missions", [])) if thing else set()


CatalogueAdmin.keeper = _Keeper()
