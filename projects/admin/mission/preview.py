"""« Aperçu »: the form as it is typed, on the public page itself. What was sent is written in a transaction that is
always rolled back: no revision, no index, no file, no message."""

from collections.abc import Iterator
from copy import copy
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST

from casebook.text import NBSP
from projects.admin.mission.form import give_address
from projects.admin.parts import record_lines
from projects.models import Mission
from projects.views.mission import mission_page

_NAME = "projects_mission_preview"


def addresses(model_admin: Any) -> list[URLPattern]:
    @require_POST
    def preview(request: HttpRequest, object_id: str = "") -> HttpResponse:
        return _answer(request, model_admin, _mission(request, model_admin, object_id))

    view = model_admin.admin_site.admin_view(preview)
    return [path("apercu/", view, name=f"{_NAME}_new"), path("<path:object_id>/apercu/", view, name=_NAME)]


def address(mission: Mission | None) -> str:
    return reverse(f"admin:{_NAME}", args=[mission.pk]) if mission else reverse(f"admin:{_NAME}_new")


def _mission(request: HttpRequest, model_admin: Any, object_id: str) -> Mission | None:
    if not object_id:
        if not model_admin.has_add_permission(request):
            raise PermissionDenied
        return None
    mission: Mission | None = model_admin.get_object(request, unquote(object_id))
    if mission is None:
        raise Http404
    if not model_admin.has_change_permission(request, mission):
        raise PermissionDenied
    return mission


def _answer(request: HttpRequest, model_admin: Any, mission: Mission | None) -> HttpResponse:
    """The page for a browser; for `static/js/admin-preview.js` the page as text, or why there is none, and the page
    that was last saved."""
    pk = mission.pk if mission else None
    page, errors = _as_typed(request, model_admin, mission)
    response: HttpResponse
    if request.accepts("text/html"):
        context = {**model_admin.admin_site.each_context(request), "title": "Aperçu", "errors": errors}
        response = page or TemplateResponse(request, "admin/projects/mission/preview.html", context)
    else:
        shown = page or (_page(request, pk) if pk else None)
        response = JsonResponse({"errors": errors, "page": shown.text if shown else ""})
    patch_cache_control(response, no_store=True, private=True)
    response["X-Robots-Tag"] = "noindex"
    return response


def _as_typed(request: HttpRequest, model_admin: Any, mission: Mission | None) -> tuple[HttpResponse | None, list[str]]:
    """The page, or the errors. A file that was chosen is not sent: its image shows once it is saved."""
    change = mission is not None
    sent: Any = request.POST.copy()
    request.POST = sent
    form = model_admin.get_form(request, mission, change=change)(sent, None, instance=mission)
    valid = form.is_valid()
    typed = form.save(commit=False) if valid else form.instance
    formsets, _ = model_admin._create_formsets(request, typed, change)
    if not all([*(formset.is_valid() for formset in formsets), valid]):
        return None, list(_errors(form, formsets))
    with transaction.atomic():  # it locks out who saves: nothing but the writing and the page
        give_address(typed)
        typed.save()
        form.save_m2m()
        for formset in formsets:
            formset.save()
        for prefix, refusals in record_lines(typed, formsets).items():
            _refuse(formsets, prefix, refusals)
        errors = list(_errors(form, formsets))
        page = None if errors else _page(request, typed.pk)
        transaction.set_rollback(True)
    return page, errors


def _page(request: HttpRequest, pk: Any) -> HttpResponse:
    mission = Mission.objects.for_detail().get(pk=pk)
    as_public = copy(request)
    as_public.path = mission.get_absolute_url()
    return mission_page(as_public, mission)


def _refuse(formsets: list[Any], prefix: str, refusals: dict[str | None, list[str]]) -> None:
    for formset in formsets:
        for row in formset.forms:
            if row.prefix == prefix:
                for field, messages in refusals.items():
                    row.add_error(field, messages)


def _errors(form: Any, formsets: list[Any]) -> Iterator[str]:
    """« Titre : ce champ est obligatoire », « Chiffres clés, ligne 4, valeur : … »."""
    yield from _errors_of(form, "")
    for formset in formsets:
        name = str(formset.model._meta.verbose_name_plural).capitalize()
        for number, row in enumerate(formset.forms, start=1):
            yield from _errors_of(row, f"{name}, ligne{NBSP}{number}")
        yield from (f"{name}{NBSP}: {message}" for message in formset.non_form_errors())


def _errors_of(form: Any, where: str) -> Iterator[str]:
    for name, messages in form.errors.items():
        label = str(form.fields[name].label or "") if name in form.fields else ""
        place = ", ".join(filter(None, [where, label.lower() if where else label]))
        yield from (f"{place}{NBSP}: {message}" if place else str(message) for message in messages)
