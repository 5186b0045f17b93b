"""The places of a mission's form and their values, as a person reads them."""

from django import forms as django_forms
from django.forms.models import ModelChoiceField

from casebook.richtext import plain
from casebook.text import NBSP, collapse
from projects.admin.merging.forms import MissionForms
from projects.admin.merging.merge import Place
from projects.admin.merging.snapshot import Kind, Row, Values

_SHORT = 80
EMPTY = "(vide)"


def long_name(forms: MissionForms, place: Place, row: Row | None = None) -> str:
    """« Titre », « Chiffres clés, « 65 000 » : unité »."""
    if not place.part:
        return label(forms, place)
    part = _capital(forms.part_names[place.part])
    if not place.row:
        return f"{part}{NBSP}: ordre des lignes"
    name = f"{part}, «{NBSP}{row_name(forms, place.part, row)}{NBSP}»" if row else part
    return f"{name}{NBSP}: {label(forms, place).lower()}" if place.field else name


def short_name(forms: MissionForms, place: Place) -> str:
    """« titre », « chiffres clés », « ordre des chiffres clés »."""
    if not place.part:
        return label(forms, place)[:1].lower() + label(forms, place)[1:]
    part = forms.part_names[place.part]
    return part if place.row else f"ordre ({part})"


def row_name(forms: MissionForms, part: str, row: Row) -> str:
    for name, values in row.fields.items():
        kind = forms.kinds[part, name]
        if kind is not Kind.SET and (text := shown(forms, Place(part, row.key, name), values)) != EMPTY:
            text = collapse(text)
            return text if len(text) <= _SHORT else f"{text[:_SHORT].rstrip()}…"
    return "ligne"


def label(forms: MissionForms, place: Place) -> str:
    return _capital(str(forms.field(place.part, place.row, place.field).label or place.field))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def shown(forms: MissionForms, place: Place, values: Values) -> str:
    """The value of a field as a person reads it."""
    kind, form_field = forms.kinds[place.part, place.field], forms.field(place.part, place.row, place.field)
    if isinstance(form_field, django_forms.BooleanField):
        return "oui" if values else "non"
    if isinstance(form_field, ModelChoiceField):
        found = form_field.queryset.filter(pk__in=[v for v in values if v.isascii() and v.isdecimal()])  # type: ignore[union-attr]
        text = ", ".join(form_field.label_from_instance(one) for one in found)
    elif isinstance(form_field, django_forms.ChoiceField):
        labels = {str(key): str(words) for key, words in list(form_field.choices)}  # type: ignore[arg-type]
        text = ", ".join(labels.get(value, value) for value in values)
    elif kind is Kind.FILE:
        text = ", ".join(value.rsplit("/", 1)[-1] for value in values)
    else:
        text = "\n".join(plain(value) if kind is Kind.PROSE else value.replace("\r\n", "\n") for value in values)
    return text.strip() or EMPTY
