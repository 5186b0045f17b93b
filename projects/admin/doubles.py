"""« Existe déjà ? »: what the catalogue has under nearly the same name, while one types it and once it is saved.

It never stops anybody: two people may bear one name.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_GET
from rapidfuzz import fuzz

from casebook.text import NBSP, NNBSP, collapse, fold, printable
from people.models import Collectivity, Person
from projects.models import Method, Mission

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    _Base = ModelAdmin[Any]
else:
    _Base = object

SHOWN = 5
MAX_LENGTH = 200  # characters of a name that are compared
_SHORTEST = 4  # letters, below which everything would be alike
_ALIKE = 85  # of 100: one slip in seven letters, whatever the order of the words
_PART_OF = 4  # words of a title that stand in another one
_WHOLE = 95.0
_URL = "projects_doubles"


@dataclass(frozen=True)
class Double:
    label: str
    url: str


@dataclass(frozen=True)
class _Kind:
    """What is compared of a model, and what is said of each row: `names` (columns or lists), `note` (a column)."""

    model: Any
    rows: models.QuerySet[Any]
    names: tuple[str, ...]
    note: str


_KINDS = {
    "person": _Kind(Person, Person.objects.current(), ("first_name", "last_name", "aliases"), "promotion__name"),
    "collectivity": _Kind(
        Collectivity, Collectivity.objects.all(), ("display_name", "official_name", "aliases"), "department__name"
    ),
    "method": _Kind(Method, Method.objects.all(), ("name", "synonyms"), "family"),
    "mission": _Kind(
        Mission, Mission.objects.filter(working_copy_of=None), ("title", "title_printed"), "edition__school_year"
    ),
}


def addresses() -> list[URLPattern]:
    return [path("existe-deja/", admin.site.admin_view(answer), name=_URL)]


@require_GET
def answer(request: HttpRequest) -> JsonResponse:
    """`?nature=person&q=…&sauf=12`."""
    kind = _KINDS.get(request.GET.get("nature", ""))
    if kind is None:
        raise Http404
    if not admin.site._registry[kind.model].has_view_permission(request):
        raise PermissionDenied
    but = request.GET.get("sauf", "")
    found = doubles(kind, request.GET.get("q", ""), int(but) if re.fullmatch("[0-9]{1,15}", but) else None)
    return JsonResponse({"found": [{"label": double.label, "url": double.url} for double in found]})


def doubles(kind: _Kind, name: str, but: int | None = None) -> list[Double]:
    """The nearest first; one query, all the names of the kind."""
    wanted = _key(collapse(printable(name))[:MAX_LENGTH])
    if len(wanted) < _SHORTEST:
        return []
    labels: dict[int, str] = {}
    keys: list[tuple[int, str]] = []
    others = kind.rows.exclude(pk=but)
    if kind.model is Mission and but:
        others = others.exclude(working_copy__pk=but)
    for pk, note, *values in others.order_by("pk").values_list("pk", kind.note, *kind.names):
        whole = " ".join(values[:2]) if kind.model is Person else values[0]
        labels[pk] = f"{whole} ({note})" if note else whole
        aliases = values[2] if kind.model is Person else _flat(values[1:])
        keys += [(pk, _key(each)) for each in (whole, *aliases) if each]
    scored = [(score, pk) for pk, key in keys if (score := _alike(wanted, key))]
    best = list(dict.fromkeys(pk for _, pk in sorted(scored, key=lambda row: -row[0])))
    change = f"admin:{kind.model._meta.app_label}_{kind.model._meta.model_name}_change"
    return [Double(labels[pk], reverse(change, args=[pk])) for pk in best[:SHOWN]]


def _flat(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        yield from value if isinstance(value, list) else [value]


def _key(name: str) -> str:
    """Folded words in any order; signs do not count."""
    return " ".join(sorted("".join(c if c.isalnum() else " " for c in fold(name)).split()))


def _alike(one: str, other: str) -> float:
    """Of 100, or 0 when they are too far apart. A long title that stands whole in another one is nearly the same."""
    if score := fuzz.ratio(one, other, score_cutoff=_ALIKE):
        return score
    return _WHOLE if len(one.split()) >= _PART_OF and fuzz.token_set_ratio(one, other, score_cutoff=_WHOLE) else 0


class NamedOnce(_Base):
    """Mixin of the admins whose things should be there once. `double_names`: the fields of the name, in order."""

    double_kind: ClassVar[str]
    double_names: ClassVar[tuple[str, ...]]

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=["js/admin-doubles.js"])

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name in self.double_names:
            field.widget.attrs["data-doubles"] = f"{reverse(f'admin:{_URL}')}?nature={self.double_kind}"
        return field

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Without JavaScript, and for who did not look: said once it is saved."""
        if set(self.double_names) & set(form.changed_data):
            name = " ".join(str(getattr(form.instance, field)) for field in self.double_names)
            if found := doubles(_KINDS[self.double_kind], name, form.instance.pk):
                links = format_html_join(", ", '<a href="{}">{}</a>', ((double.url, double.label) for double in found))
                asked = f"Enregistré. Existait peut-être déjà{NBSP}: {{}}. Est-ce bien une autre fiche{NNBSP}?"
                messages.warning(request, format_html(asked, links))
        return super().construct_change_message(request, form, formsets, add)
