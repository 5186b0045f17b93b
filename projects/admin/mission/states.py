"""The addresses beside the mission form that only take orders: move between states, open, leave or make a copy."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_POST

from casebook.text import NBSP
from projects import copying, working_copies
from projects.admin import publishing
from projects.history import bin
from projects.models import Mission

_NAME = "projects_mission"


def form_address(mission: Mission, anchor: str = "") -> str:
    url = reverse(f"admin:{_NAME}_change", args=[mission.pk])
    return f"{url}#{anchor}" if anchor else url


def keep_filters(model_admin: Any, request: HttpRequest, address: str) -> str:
    """The address with the filters of the list from which one came, for the way back."""
    filters = {"preserved_filters": model_admin.get_preserved_filters(request), "opts": model_admin.opts}
    return add_preserved_filters(filters, address)


def addresses(model_admin: Any) -> list[URLPattern]:
    def address(last: str, view: Any, name: str, check: Any) -> URLPattern:
        def wrapped(request: HttpRequest, object_id: str) -> HttpResponse:
            mission: Mission | None = model_admin.get_object(request, unquote(object_id))
            if mission is None:
                raise Http404
            answer: HttpResponse = view(model_admin, request, mission)
            return answer

        guarded = model_admin.admin_site.admin_view(check(wrapped))
        pattern: URLPattern = path(f"<path:object_id>/{last}/", guarded, name=f"{_NAME}_{name}")
        return pattern

    return [
        address("etat", _state, "state", require_POST),
        address("copie-de-travail", _open_copy, "working_copy", require_POST),
        address("copier", _duplicate, "duplicate", require_POST),
        address("abandonner", _abandon, "abandon", require_http_methods(["GET", "POST"])),
    ]


def _to_form(model_admin: Any, request: HttpRequest, address: str) -> HttpResponse:
    return HttpResponseRedirect(keep_filters(model_admin, request, address))


def _state(model_admin: Any, request: HttpRequest, mission: Mission) -> HttpResponse:
    """The moves of a form that cannot be saved."""
    if not model_admin.has_view_permission(request, mission):
        raise PermissionDenied
    name = next((name for name in publishing.BY_NAME if f"_{name}" in request.POST), "")
    if not name:
        messages.warning(request, "Aucun changement n’était demandé.")
        return HttpResponseRedirect(form_address(mission))
    return _to_form(model_admin, request, model_admin.move(request, [mission], name))


def _open_copy(model_admin: Any, request: HttpRequest, mission: Mission) -> HttpResponse:
    if not request.user.has_perm(publishing.CHANGE):
        raise PermissionDenied
    if mission.working_copy_of_id is None and not mission.is_locked:
        return HttpResponseRedirect(form_address(mission))  # a draft is changed on its own form
    copy, made = working_copies.open_copy(mission, request.user)
    if made:
        messages.success(request, "Copie de travail ouverte. Le site garde la fiche telle qu’elle est en attendant.")
    return _to_form(model_admin, request, form_address(copy))


def _duplicate(model_admin: Any, request: HttpRequest, mission: Mission) -> HttpResponse:
    if not (model_admin.has_add_permission(request) and model_admin.has_view_permission(request, mission)):
        raise PermissionDenied
    draft = copying.duplicate(mission, request.user)
    model_admin.log_addition(request, draft, f"Copie de «{NBSP}{mission}{NBSP}».")
    messages.success(request, "Mission copiée. La copie est un brouillon, sans numéro ni accord de publication.")
    return _to_form(model_admin, request, form_address(draft))


def _abandon(model_admin: Any, request: HttpRequest, copy: Mission) -> HttpResponse:
    if copy.working_copy_of is None:
        raise Http404
    if not publishing.may_abandon(request.user, copy):
        raise PermissionDenied
    if request.method == "POST":
        with transaction.atomic():
            bin.throw([copy], request.user)
            mission = working_copies.abandon(copy, request.user, request.POST.get("note", ""))
        messages.success(
            request,
            "Copie de travail abandonnée. La fiche est restée comme elle était ; la copie est dans la corbeille.",
        )
        return HttpResponseRedirect(form_address(mission))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Abandonner la copie de travail\u00a0?",
        "opts": model_admin.opts,
        "copy": copy,
        "mission": copy.working_copy_of,
        "changes": working_copies.replacement(copy).lines(),
    }
    return TemplateResponse(request, "admin/projects/mission/abandon.html", context)
