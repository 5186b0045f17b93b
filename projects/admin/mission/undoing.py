"""The moves of several missions, undone: each goes back to the state it had, unless something happened to it since."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from casebook.text import NBSP, plural
from projects import workflow
from projects.admin import publishing
from projects.admin.mission.states import form_address
from projects.models import Mission, StateChange
from projects.models.mission import State

_NAME = "projects_mission_undo"


@dataclass(frozen=True)
class Step:
    """A passage of a mission, and why it cannot be undone (or nothing)."""

    change: StateChange
    reason: str

    @property
    def url(self) -> str:
        return form_address(self.change.mission)


def addresses(model_admin: Any) -> list[URLPattern]:
    def view(request: HttpRequest, first: int, last: int) -> HttpResponse:
        return _undo(model_admin, request, first, last)

    guarded = model_admin.admin_site.admin_view(require_http_methods(["GET", "POST"])(view))
    return [path("annuler/<int:first>/<int:last>/", guarded, name=_NAME)]


def latest() -> int:
    """The last passage of any mission; what comes after it can be undone together."""
    return StateChange.objects.aggregate(last=Max("pk"))["last"] or 0


def with_way_back(request: HttpRequest, said: str, since: int, filters: str) -> SafeString | str:
    """The success message, with « Annuler ». `filters`: those of the list, kept on the way."""
    last = _mine(request, since + 1, latest()).aggregate(last=Max("pk"))["last"]
    if not last:
        return said
    address = reverse(f"admin:{_NAME}", args=[since + 1, last])
    return format_html('{} <a href="{}">Annuler</a>', said, f"{address}?{filters}" if filters else address)


def _mine(request: HttpRequest, first: int, last: int) -> Any:
    return StateChange.objects.filter(user=request.user.pk, pk__gte=first, pk__lte=last, of_working_copy=False)


def _steps(request: HttpRequest, first: int, last: int) -> list[Step]:
    later = StateChange.objects.filter(mission=OuterRef("mission"), pk__gt=OuterRef("pk"))
    changes = _mine(request, first, last).annotate(is_past=Exists(later)).select_related("mission__edition")
    return [Step(change, _reason(request, change)) for change in changes.order_by("pk")]


def _reason(request: HttpRequest, change: Any) -> str:
    writing = {change.before, change.after} <= {State.DRAFT, State.REVIEW}
    if not request.user.has_perm(publishing.CHANGE if writing else publishing.PUBLISH):
        return "vous n’avez pas le droit de faire ce changement"
    if change.is_past or change.mission.state != change.after:
        return "son état a changé depuis"
    return "elle a été modifiée depuis" if change.mission.updated_at > change.at else ""


def _undo(model_admin: Any, request: HttpRequest, first: int, last: int) -> HttpResponse:
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    steps = _steps(request, first, last)
    if not steps:
        raise Http404("Ces changements ne sont pas les vôtres, ou leurs missions ont été supprimées.")
    if request.method == "POST":
        return _put_back(model_admin, request, first, last)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Annuler ces changements d’état\u00a0?",
        "opts": model_admin.opts,
        "possible": [step for step in steps if not step.reason],
        "impossible": [step for step in steps if step.reason],
        "list_url": _list_address(request),
    }
    return TemplateResponse(request, "admin/projects/mission/undo.html", context)


@transaction.atomic
def _put_back(model_admin: Any, request: HttpRequest, first: int, last: int) -> HttpResponse:
    missions = _mine(request, first, last).order_by().values("mission")
    list(Mission.objects.select_for_update().filter(pk__in=missions).order_by("pk").values_list("pk"))
    done = 0
    for step in _steps(request, first, last):
        mission, before = step.change.mission, step.change.before
        if step.reason:
            messages.warning(request, f"«{NBSP}{mission}{NBSP}» reste comme elle est{NBSP}: {step.reason}.")
            continue
        try:
            if before == State.PUBLISHED:
                workflow.publish(mission, request.user, "Changement d’état annulé")
            else:
                workflow.withdraw(mission, before, request.user, "Changement d’état annulé")
        except workflow.NotPublishable as refused:
            messages.error(request, publishing.missing_message(mission, refused.faults, step.url))
            continue
        model_admin.log_change(request, mission, f"Retour à l’état «{NBSP}{mission.get_state_display()}{NBSP}».")
        done += 1
    if done:
        said = plural(done, "mission est revenue à son état d’avant", "missions sont revenues à leur état d’avant")
        messages.success(request, f"{said}.")
    return HttpResponseRedirect(_list_address(request))


def _list_address(request: HttpRequest) -> str:
    """The list as it was filtered; the filters only ever follow the address of the list."""
    filters = request.GET.get("_changelist_filters", "")
    address = reverse("admin:projects_mission_changelist")
    return f"{address}?{filters}" if filters else address
