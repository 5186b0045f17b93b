"""Who else has the mission open. Nothing is locked: people are told, and their changes are merged."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from casebook.accounts.names import account_name
from casebook.text import plural
from projects.models import Mission, Presence

_NAME = "projects_mission_presence"
_NOW = timedelta(seconds=75)  # two beats of static/js/admin-presence.js and a little
_MOST = 20  # people named


@dataclass(frozen=True)
class Seen:
    """« Aïcha B. », « vue il y a 2 minutes »: the words do not tell a gender that is not known."""

    name: str
    when: str


def addresses(model_admin: Any) -> list[URLPattern]:
    @require_POST
    def presence(request: HttpRequest, object_id: str) -> HttpResponseBase:
        mission = model_admin.get_object(request, unquote(object_id))
        if not model_admin.has_view_permission(request, mission):
            raise PermissionDenied
        if mission is None:
            raise Http404
        return _beat(request, mission)

    return [path("<path:object_id>/presence/", model_admin.admin_site.admin_view(presence), name=_NAME)]


def notice(request: HttpRequest, mission: Mission | None) -> dict[str, Any] | None:
    """What `_presence.html` shows; nothing for a mission that is not recorded."""
    if mission is None or mission.pk is None:
        return None
    return {"address": reverse(f"admin:{_NAME}", args=[mission.pk]), "people": _others(request, mission)}


def _beat(request: Any, mission: Mission) -> HttpResponse:
    """The person is there; the answer says who else is."""
    Presence.objects.outdated().delete()
    Presence.objects.update_or_create(mission=mission, user=request.user, defaults={"seen_at": timezone.now()})
    context = {"people": _others(request, mission)}
    page = "admin/projects/mission/_people.html"
    return TemplateResponse(request, page, context, headers={"X-Presence": "1"})  # no other page is shown there


def _others(request: HttpRequest, mission: Mission) -> list[Seen]:
    found = Presence.objects.others_at(mission.pk, request.user)[:_MOST]
    return [Seen(account_name(each.user), _when(each)) for each in found]


def _when(presence: Presence) -> str:
    ago = timezone.now() - presence.seen_at
    return "en ce moment" if ago < _NOW else f"il y a {plural(int(ago.total_seconds() // 60), 'minute')}"
