"""The forms of a mission as the database fills them: read as a snapshot, and the measure of what is sent."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.forms.models import InlineForeignKeyField
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from casebook.prose import ProseWidget
from projects.admin.merging.merge import Kinds, Merged
from projects.admin.merging.snapshot import Kind, Row, Snapshot, Values, same
from projects.admin.ordering import as_wished
from projects.models import Mission

BASE = "base"  # the hidden field that holds the signed snapshot
_MOST_POSITION = 10_000


@dataclass(frozen=True)
class MissionForms:
    """The form of a recorded mission and the form sets of the parts that the person may change, none of them bound."""

    mission: Mission
    form: Any
    formsets: dict[str, Any]  # by prefix
    part_names: dict[str, str]

    @classmethod
    def of(cls, model_admin: Any, request: HttpRequest, mission: Mission) -> "MissionForms":
        names = flatten_fieldsets(model_admin.get_fieldsets(request, mission))
        form = model_admin.get_form(request, mission, change=True, fields=names)(instance=mission)
        formsets, part_names = {}, {}
        for form_set, inline in model_admin.get_formsets_with_inlines(request, mission):
            if inline.has_change_permission(request, mission):
                prefix = form_set.get_default_prefix()
                rows = inline.get_queryset(request)
                formsets[prefix] = form_set(instance=mission, prefix=prefix, queryset=rows)
                part_names[prefix] = str(inline.verbose_name_plural)
        return cls(mission, form, formsets, part_names)

    @classmethod
    def shown_in(cls, context: dict[str, Any]) -> "MissionForms":
        """Those that a page of the admin is about to show."""
        parts = {part.formset.prefix: part for part in context["inline_admin_formsets"] if part.has_change_permission}
        formsets = {prefix: part.formset for prefix, part in parts.items()}
        return cls(context["original"], context["adminform"].form, formsets, {})

    @cached_property
    def kinds(self) -> Kinds:
        kinds = {("", name): _kind(field) for name, field in _merged_fields(self.form).items()}
        for part, form_set in self.formsets.items():
            kinds |= {(part, name): _kind(field) for name, field in _merged_fields(form_set.empty_form).items()}
        return kinds

    def field(self, part: str, row: str, name: str) -> forms.Field:
        """The form field of a place; that of an empty row when the row is not recorded."""
        if not part:
            return self.form.fields[name]  # type: ignore[no-any-return]
        form_set = self.formsets[part]
        known = next((form for form in form_set.initial_forms if str(form.instance.pk) == row), None)
        return (known or form_set.empty_form).fields[name]  # type: ignore[no-any-return]

    @cached_property
    def recorded(self) -> Snapshot:
        """What the form would show now."""
        parts = {}
        for part, form_set in self.formsets.items():
            rows = [
                Row(str(form.instance.pk), _shown(form), form.initial.get("position"))
                for form in form_set.initial_forms
            ]
            parts[part] = tuple(rows)
        return Snapshot(
            _shown(self.form),
            parts,
            mission=self.mission.pk,
            working_copy_of=self.mission.working_copy_of_id,
            last_entry=entries_of(self.mission).values_list("pk", flat=True).first() or 0,
        )

    def sent(self, data: QueryDict, files: MultiValueDict[str, Any], base: Snapshot | None) -> Snapshot:
        """What a person sent; a part whose rows cannot be counted is left out."""
        fields = _sent(self.form, "", data, files, base.fields if base else self.recorded.fields)
        parts = {}
        for part, form_set in self.formsets.items():
            count = data.get(f"{part}-TOTAL_FORMS", "")
            if count.isascii() and count.isdecimal() and int(count) <= form_set.absolute_max:
                known = (base or self.recorded).parts.get(part, ())
                parts[part] = self._sent_rows(form_set, int(count), data, {row.key: row.position for row in known})
        return Snapshot(fields, parts, files=tuple(files))

    def _sent_rows(
        self, form_set: Any, count: int, data: QueryDict, positions: dict[str, int | None]
    ) -> tuple[Row, ...]:
        id_name = form_set.model._meta.pk.name
        blank = _shown(form_set.empty_form)
        kinds = {name: self.kinds[form_set.prefix, name] for name in blank}
        rows = []
        for index in range(count):
            prefix = form_set.add_prefix(index)
            key = data.get(f"{prefix}-{id_name}") or f"+{index}"
            is_deleted = f"{prefix}-DELETE" in data
            fields = _sent(form_set.empty_form, f"{prefix}-", data, None, blank)
            row = Row(key, fields, _position(data.get(f"{prefix}-position", "")), is_deleted)
            if row.is_new and (is_deleted or all(same(kinds[name], fields[name], blank[name]) for name in fields)):
                continue
            rows.append((row.position, None if row.is_new else positions.get(key), row))
        return tuple(as_wished(rows))

    def write(self, merged: Merged, data: QueryDict) -> None:
        """Put the result in what was sent, as if it had been typed into a form of what is recorded now."""
        for name, values in merged.fields.items():
            if self.kinds["", name] is not Kind.FILE:
                _put(data, name, values)
        for part, rows in merged.parts.items():
            self._write_rows(part, rows, data)
        data[BASE] = self.recorded.signed()

    def _write_rows(self, part: str, rows: list[Row], data: QueryDict) -> None:
        form_set = self.formsets[part]
        for key in [key for key in data if re.match(rf"{re.escape(part)}-\d+-", key)]:
            del data[key]
        known = {row.key for row in self.recorded.parts[part]}
        positions = {row.key: position for position, row in enumerate(rows, start=1)}
        ordered = sorted(rows, key=lambda row: row.key not in known)
        for index, row in enumerate(ordered):
            prefix = form_set.add_prefix(index)
            data[f"{prefix}-{form_set.model._meta.pk.name}"] = row.key if row.key in known else ""
            data[f"{prefix}-{form_set.fk.name}"] = str(self.mission.pk)
            data[f"{prefix}-position"] = str(positions[row.key])
            for name, values in row.fields.items():
                _put(data, f"{prefix}-{name}", values)
            if row.is_deleted:
                data[f"{prefix}-DELETE"] = "on"
        data[f"{part}-INITIAL_FORMS"] = str(sum(row.key in known for row in rows))
        data[f"{part}-TOTAL_FORMS"] = str(len(rows))


def entries_of(mission: Mission) -> QuerySet[LogEntry]:
    """The admin's journal about a mission, the latest first."""
    kind = ContentType.objects.get_for_model(Mission)
    return LogEntry.objects.filter(content_type=kind, object_id=str(mission.pk)).order_by("-pk")


def _merged_fields(form: Any) -> dict[str, forms.Field]:
    """Without what only Django's forms need: keys, order, deletion, our own hidden field."""
    fields = form.fields.items()
    aside = {"DELETE", "position", BASE, form._meta.model._meta.pk.name}
    return {name: f for name, f in fields if name not in aside and not isinstance(f, InlineForeignKeyField)}


def _widget(field: forms.Field) -> Any:
    return field.widget.widget if isinstance(field.widget, RelatedFieldWidgetWrapper) else field.widget


def _kind(field: forms.Field) -> Kind:
    widget = _widget(field)
    if isinstance(field, forms.FileField):
        return Kind.FILE
    if isinstance(field, (forms.ModelMultipleChoiceField, forms.MultipleChoiceField)):
        return Kind.SET
    if isinstance(widget, ProseWidget):
        return Kind.PROSE
    return Kind.LINES if isinstance(widget, forms.Textarea) else Kind.VALUE


def _shown(form: Any) -> dict[str, Values]:
    """What a browser would send back for a form that is not bound."""
    return {name: _shown_value(form[name]) for name in _merged_fields(form)}


def _shown_value(field: Any) -> Values:
    value, widget = field.value(), _widget(field.field)
    if isinstance(widget, forms.FileInput):
        return (value.name,) if value else ()
    if isinstance(widget, forms.CheckboxInput):
        return ("on",) if widget.check_test(value) else ()
    shown = widget.format_value(value)
    if isinstance(shown, (list, tuple)):
        return tuple(shown)
    return ("" if shown is None else str(shown),)


def _sent(form: Any, prefix: str, data: QueryDict, files: Any, unchanged: Any) -> dict[str, Values]:
    """What was sent for the fields of a form; a field that the page did not hold is left out."""
    sent = {}
    for name, field in _merged_fields(form).items():
        key, widget = f"{prefix}{name}", _widget(field)
        if isinstance(widget, forms.FileInput):
            if files is not None:
                sent[name] = _sent_file(key, data, files, unchanged.get(name, ()))
        elif key in data:
            sent[name] = tuple(data.getlist(key))
        elif not widget.value_omitted_from_data(data, {}, key):
            sent[name] = ()
    return sent


def _sent_file(key: str, data: QueryDict, files: Any, unchanged: Values) -> Values:
    if key in files:
        return (f"{files[key].name} ({files[key].size})",)
    return () if f"{key}-clear" in data else unchanged


def _put(data: QueryDict, key: str, values: Values) -> None:
    if values:
        data.setlist(key, list(values))
    else:
        data.pop(key, None)


def _position(text: str) -> int | None:
    text = text.strip()
    return min(int(text), _MOST_POSITION) if text.isascii() and text.isdecimal() and len(text) < 12 else None
