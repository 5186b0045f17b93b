"""What was typed into a mission that went on the site meanwhile, carried over to its working copy."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.forms.models import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from projects import working_copies
from projects.admin.merging import snapshot
from projects.admin.merging.forms import BASE, MissionForms
from projects.admin.merging.snapshot import Row, Snapshot, Values
from projects.models import Mission


def addresses(model_admin: Any) -> list[URLPattern]:
    @require_POST
    def to_copy(request: HttpRequest, object_id: str) -> HttpResponse:
        return _answer(model_admin, request, model_admin.get_object(request, unquote(object_id)))

    view = model_admin.admin_site.admin_view(to_copy)
    return [path("<path:object_id>/reporter/", view, name="projects_mission_to_copy")]


def _answer(model_admin: Any, request: Any, mission: Mission | None) -> HttpResponse:
    """As if what was sent had been sent by the form of the working copy."""
    if mission is None:
        raise Http404
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    copy, is_made = working_copies.open_copy(mission, request.user) if mission.is_locked else (mission, False)
    if is_made:
        messages.info(request, "Une copie de travail a été ouverte pour votre saisie.")
    if copy != mission:
        request.POST = _Carrying(MissionForms.of(model_admin, request, copy), mission).data(request.POST)
    request.path = request.path_info = reverse("admin:projects_mission_change", args=[copy.pk])
    answer: HttpResponse = model_admin.changeform_view(request, str(copy.pk), request.path)
    return answer


class _Carrying:
    """The rows of a mission become those that its working copy has in their place."""

    def __init__(self, forms: MissionForms, mission: Mission) -> None:
        self.forms, self.mission = forms, mission
        self.models = {form_set.model: part for part, form_set in forms.formsets.items()}
        self.known: dict[tuple[Any, str], str] = {}

    def data(self, sent: QueryDict) -> QueryDict:
        data = sent.copy()
        for part, form_set in self.forms.formsets.items():
            pk, fk, links = form_set.model._meta.pk.name, form_set.fk.name, self._links(part)
            for key in [key for key in data if re.match(rf"{re.escape(part)}-\d+-", key)]:
                name = key.split("-", 2)[2]
                if name == pk:
                    data[key] = self._row(form_set.model, str(data[key]))
                elif name == fk:
                    data[key] = str(self.forms.mission.pk)
                elif name in links:
                    data.setlist(key, [self._row(links[name], str(value)) for value in data.getlist(key)])
        base = snapshot.read(data.get(BASE, ""), self.mission.pk)
        data[BASE] = self._base(base).signed() if base else ""
        return data

    def _base(self, base: Snapshot) -> Snapshot:
        parts = {
            part: tuple(
                Row(self._row(form_set.model, row.key), self._fields(part, row.fields), row.position)
                for row in base.parts.get(part, ())
            )
            for part, form_set in self.forms.formsets.items()
        }
        return Snapshot(base.fields, parts, mission=self.forms.mission.pk, working_copy_of=self.mission.pk)

    def _fields(self, part: str, fields: Any) -> dict[str, Values]:
        links = self._links(part)
        return {
            name: tuple(self._row(links[name], value) for value in values) if name in links else values
            for name, values in fields.items()
        }

    def _links(self, part: str) -> dict[str, Any]:
        """The fields that point at other rows of the mission, with their model."""
        fields = self.forms.formsets[part].empty_form.fields.items()
        models = {
            name: getattr(field.queryset, "model", None)
            for name, field in fields
            if isinstance(field, ModelChoiceField)
        }
        pk = self.forms.formsets[part].model._meta.pk.name
        return {name: model for name, model in models.items() if model in self.models and name != pk}

    def _row(self, model: Any, key: str) -> str:
        """A row that the copy does not have keeps its key: for the merge, it was deleted there."""
        if not key.isascii() or not key.isdecimal():
            return key
        if (model, key) not in self.known:
            found = working_copies.copied_row(self.forms.mission, model, int(key))
            self.known[model, key] = str(found) if found else key
        return self.known[model, key]
