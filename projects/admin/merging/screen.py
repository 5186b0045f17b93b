"""The pages that are shown instead of saving: what to choose, and a mission that cannot be changed any more."""

from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.forms.models import ModelChoiceField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from js_asset import Media

from casebook.lost_session.middleware import UNSAVED
from projects.admin.merging import choices
from projects.admin.merging.forms import MissionForms
from projects.admin.merging.merge import Merged, Place
from projects.admin.merging.naming import EMPTY, label, long_name, short_name, shown
from projects.admin.merging.questions import Asking
from projects.admin.merging.snapshot import Kind, Snapshot, same
from projects.models import Mission


@dataclass(frozen=True)
class Carried:
    """What was sent, to be sent again from the page."""

    values: list[tuple[str, str]]
    files: list[tuple[str, str, str]]  # name of the field, label, name of the file


def conflicts(
    model_admin: Any, request: HttpRequest, forms: MissionForms, base: Snapshot | None, merged: Merged, who: str
) -> HttpResponse:
    others = [place for place in merged.taken if place not in {each.place for each in merged.conflicts}]
    asked = {conflict.place for conflict in merged.conflicts}
    context = {
        "questions": Asking(forms, base, merged, request.POST).questions(),
        "who": who,
        "is_base_known": base is not None,
        "taken": _names(forms, others),
        "changed": _names(forms, [place for place in merged.changed if place not in asked]),
        "carried": _carried(request, forms),
        "form_media": forms.form.media + sum((each.media for each in forms.formsets.values()), django_forms.Media()),
    }
    title = "Deux personnes ont changé la même chose" if base else "Choisissez entre deux versions"
    return _page(model_admin, request, forms.mission, "conflict", title, context)


def _names(forms: MissionForms, places: list[Place]) -> list[str]:
    return list(dict.fromkeys(short_name(forms, place) for place in places))


def _carried(request: HttpRequest, forms: MissionForms) -> Carried:
    files = []
    for (_, name), kind in forms.kinds.items():
        if kind is Kind.FILE:
            chosen = request.FILES.get(name)
            before = chosen.name if chosen else request.POST.get(choices.file_name(name))
            if before:
                files.append((name, label(forms, Place(field=name)), str(before)))
    return Carried(list(choices.carried(request.POST)), files)


def gone(model_admin: Any, request: HttpRequest, base: Snapshot | None) -> HttpResponse:
    """The mission was deleted: all that was typed, to copy or to make another mission of."""
    forms = MissionForms.of(model_admin, request, Mission())
    sent = forms.sent(request.POST, request.FILES, None)
    origin = base.working_copy_of if base else None
    original = Mission.objects.filter(pk=origin).first() if origin else None
    context = {
        "typed": _typed(forms, None, sent),
        "original": original,
        "as_new": list(choices.carried(as_new(request.POST, forms))) if _may_add(model_admin, request) else [],
    }
    title = "Cette copie de travail n’existe plus" if original else "Cette mission a été supprimée"
    return _page(model_admin, request, None, "gone", title, context)


def _may_add(model_admin: Any, request: HttpRequest) -> bool:
    return bool(model_admin.has_add_permission(request))


def locked(
    model_admin: Any, request: HttpRequest, forms: MissionForms, base: Snapshot | None, sent: Snapshot, who: str
) -> HttpResponse:
    """The mission went on the site or to the archive meanwhile, or has a working copy: all that was typed, and the way
    into the working copy."""
    context = {
        "typed": _typed(forms, base, sent),
        "who": who,
        "copy": forms.mission.open_copy,
        "carried": _carried(request, forms),
    }
    title = "Cette mission ne se modifie plus directement"
    return _page(model_admin, request, forms.mission, "locked", title, context)


def _typed(forms: MissionForms, base: Snapshot | None, sent: Snapshot) -> list[tuple[str, str]]:
    """(name of the field, text) of what was typed: what differs from what the form showed, or all."""
    typed = []
    for name, values in sent.fields.items():
        if base is None or not same(forms.kinds["", name], base.fields.get(name, ()), values):
            typed.append((long_name(forms, Place(field=name)), shown(forms, Place(field=name), values)))
    for part, rows in sent.parts.items():
        before = {row.key: row.fields for row in base.parts.get(part, ())} if base else {}
        for row in rows:
            if row.is_deleted:
                typed.append((long_name(forms, Place(part, row.key), row), "(ligne à supprimer)"))
                continue
            was = before.get(row.key, {})
            for name, values in row.fields.items():
                place = Place(part, row.key, name)
                if name not in was or not same(forms.kinds[part, name], was[name], values):
                    typed.append((long_name(forms, place, row), shown(forms, place, values)))
    return [(name, text) for name, text in typed if base or text not in {EMPTY, "non"}]


def as_new(data: QueryDict, forms: MissionForms) -> QueryDict:
    """What was sent, as the form of a new mission would send it: its rows point at none that were recorded."""
    new = data.copy()
    own = {form_set.model for form_set in forms.formsets.values()}
    for part, form_set in forms.formsets.items():
        fields = form_set.empty_form.fields.items()
        links = [
            name
            for name, each in fields
            if isinstance(each, ModelChoiceField) and getattr(each.queryset, "model", None) in own
        ]
        ends = tuple(f"-{name}" for name in (form_set.model._meta.pk.name, form_set.fk.name, *links))
        for key in [key for key in new if key.startswith(f"{part}-") and key.endswith(ends)]:
            del new[key]
        new[f"{part}-INITIAL_FORMS"] = "0"
    return new


def _page(
    model_admin: Any, request: Any, mission: Mission | None, name: str, title: str, context: dict[str, Any]
) -> HttpResponse:
    media = context.pop("form_media", django_forms.Media())
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "subtitle": None,
        "opts": model_admin.opts,
        "mission": mission,
        "action": request.get_full_path(),
        "add_url": reverse("admin:projects_mission_add"),
        "media": Media.from_media(media, nonce=str(request.csp_nonce)),
        **context,
    }
    response = TemplateResponse(request, f"admin/projects/mission/{name}.html", context)
    response[UNSAVED] = "1"
    return response
