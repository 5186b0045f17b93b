"""Advice on the text of the sections, beside its field: when the form is shown, and while one types."""

import re
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from projects.models import Section
from projects.writing_hints import Written, hints

_NAME = "projects_mission_hints"
_ROW = re.compile(r"sections-(\d+)-body")


def addresses(model_admin: Any) -> list[URLPattern]:
    @require_POST
    def answer(request: HttpRequest) -> JsonResponse:
        if not (model_admin.has_change_permission(request) or model_admin.has_add_permission(request)):
            raise PermissionDenied
        rows = sorted(int(match[1]) for name in request.POST if (match := _ROW.fullmatch(name)))
        return JsonResponse(_shown([_sent(request, row) for row in rows]))

    return [path("conseils/", model_admin.admin_site.admin_view(answer), name=_NAME)]


def attach(formsets: list[Any]) -> None:
    """Under the text of each section, as the help of its field: it is described by it."""
    rows = [row for formset in formsets if formset.model is Section for row in formset.forms if "body" in row.fields]
    texts = _shown([_of_form(row) for row in rows])
    for row in rows:
        row.fields["body"].help_text = row["body"].help_text = texts[row["body"].auto_id]


def address() -> str:
    return reverse(f"admin:{_NAME}")


def _shown(rows: list[tuple[float, Written]]) -> dict[str, str]:
    found = hints(written for _, written in sorted(rows, key=lambda row: row[0]))
    return {
        field: render_to_string("admin/projects/mission/_hints.html", {"hints": texts}) if texts else ""
        for field, texts in found.items()
    }


def _sent(request: HttpRequest, row: int) -> tuple[float, Written]:
    kind, body = (request.POST.get(f"sections-{row}-{name}", "") for name in ("kind", "body"))
    return _place(request.POST.get(f"sections-{row}-position")), Written(f"id_sections-{row}-body", kind, body)


def _of_form(row: Any) -> tuple[float, Written]:
    kind, body = (str(row[name].value() or "") for name in ("kind", "body"))
    return _place(row["position"].value()), Written(row["body"].auto_id, kind, body)


def _place(position: Any) -> float:
    return int(position) if re.fullmatch(r"\d{1,5}", str(position)) else float("inf")
