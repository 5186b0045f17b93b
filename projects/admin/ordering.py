"""Rows in an order that the editor chooses: the form set behind the buttons of `static/js/admin-order.js`."""

import re
from typing import Any, cast

from django.contrib import admin
from django.db.models import F
from django.forms.models import BaseInlineFormSet
from django.http import QueryDict

from casebook.admin import ProseAdmin
from casebook.written import WrittenForm

_ASIDE = 10_000  # added to the positions while they are written, out of the way of « unique per mission »
_GONE = (
    "Une autre personne a supprimé cette ligne pendant votre saisie. "
    "Enregistrez de nouveau pour la garder, ou retirez-la."
)


def as_wished(rows: list[tuple[int | None, int | None, Any]]) -> list[Any]:
    """Rows given as (position asked for, position until now, row) and in the order of the form, by the position asked
    for. Where two ask for the same, the one that came from below is first."""

    def place(numbered: tuple[int, tuple[int | None, int | None, Any]]) -> tuple[float, int, int]:
        index, (wanted, old, _) = numbered
        asked = wanted if wanted is not None else old if old is not None else float("inf")
        direction = 0 if old is None else (asked > old) - (asked < old)
        return asked, direction, index

    return [row for _, (_, _, row) in sorted(enumerate(rows), key=place)]


class OrderedRowForm(WrittenForm):
    """A row whose position is only a wish: the form set numbers the rows 1, 2, 3…"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusals: dict[str, list[str]] = {}
        self.is_gone = False
        if position := self.fields.get("position"):
            position.required = False
            position.label = "Ordre"
            if self.instance.pk is None:
                position.initial = None
                self.initial.pop("position", None)

    @property
    def changed_data(self) -> list[str]:
        """A new row with nothing but a position is an empty row."""
        changed: list[str] = super().changed_data
        return [] if self.instance.pk is None and changed == ["position"] else changed

    def clean(self) -> dict[str, Any] | None:
        for name, messages in self.refusals.items():
            self.add_error(name, messages)
        if self.is_gone:
            self.add_error(None, _GONE)
        return self.cleaned_data

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"position"}  # type: ignore[misc,no-any-return]


class OrderedFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._gone = self._renew_gone_rows() if self.is_bound else range(0)

    def _renew_gone_rows(self) -> range:
        """The rows that another person deleted meanwhile become new rows of what was sent, so that they are shown, with
        a message, and can be saved again. Returns their new indexes."""
        if not self.management_form.is_valid():
            return range(0)
        id_name = self.model._meta.pk.name  # type: ignore[union-attr]
        alive = {str(row.pk) for row in self.get_queryset()}
        sent, known = range(self.total_form_count()), self.initial_form_count()
        gone = [index for index in sent[:known] if self.data.get(f"{self.add_prefix(index)}-{id_name}") not in alive]
        if not gone:
            return range(0)
        kept = [index for index in sent[:known] if index not in gone]
        lost = [index for index in gone if f"{self.add_prefix(index)}-DELETE" not in self.data]
        renewed = range(len(kept), len(kept) + len(lost))
        order = [*kept, *lost, *sent[known:]]
        data = self._renumbered(order)
        for index in renewed:
            data[f"{self.add_prefix(index)}-{id_name}"] = ""
        data[f"{self.prefix}-INITIAL_FORMS"], data[f"{self.prefix}-TOTAL_FORMS"] = str(len(kept)), str(len(order))
        self.data = data
        del self.management_form
        return renewed

    def _renumbered(self, order: list[int]) -> Any:
        """A copy of what was sent in which the rows of this part stand in this order."""
        data = cast("QueryDict", self.data).copy()
        rows: dict[int, dict[str, list[Any]]] = {}
        for key in list(data):
            if match := re.fullmatch(rf"{re.escape(str(self.prefix))}-(\d+)-(.+)", key):
                rows.setdefault(int(match[1]), {})[match[2]] = data.pop(key)
        for new, old in enumerate(order):
            for name, values in rows.get(old, {}).items():
                data.setlist(f"{self.add_prefix(new)}-{name}", values)
        return data

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        form.is_gone = i in self._gone
        return form

    def save(self, commit: bool = True) -> Any:
        """Deleted rows go, the others take the positions 1 to n; call it inside a transaction.

        Rows that another person added meanwhile are kept, after those of the form.
        """
        rows = self._rows_in_order()
        before = {form.instance.pk: form.initial.get("position") for form in self.initial_forms}
        for position, form in enumerate(rows, start=1):
            form.instance.position = position
        moved = [form.instance for form in rows if before.get(form.instance.pk, 0) not in (0, form.instance.position)]
        manager: Any = self.fk.model._default_manager
        siblings = manager.filter(**{self.fk.name: self.instance})
        others = list(siblings.exclude(pk__in=list(before)).order_by("position", "pk")) if self.instance.pk else []
        if moved or others:
            siblings.update(position=F("position") + _ASIDE)
        saved = super().save(commit)
        for position, other in enumerate(others, start=len(rows) + 1):
            other.position = position
        if moved or others:
            unwritten = [form.instance for form in rows if form.instance.pk and form.instance not in saved]
            manager.bulk_update([*unwritten, *others], ["position"])
        return saved

    def _rows_in_order(self) -> list[Any]:
        """The rows to keep, in the order asked for."""
        rows = []
        for index, form in enumerate(self.forms):
            is_new = index >= self.initial_form_count()
            if form in self.deleted_forms or (is_new and not form.has_changed()):
                continue
            rows.append((form.cleaned_data.get("position"), None if is_new else form.initial.get("position"), form))
        return as_wished(rows)


class OrderedInline(ProseAdmin, admin.TabularInline):  # type: ignore[type-arg]
    """Rows as lines; « position » comes first among the fields."""

    form = OrderedRowForm
    formset = OrderedFormSet
    template = "admin/ordered_lines.html"
    extra = 0


class OrderedBlocks(ProseAdmin, admin.StackedInline):  # type: ignore[type-arg]
    """Rows as blocks, for those that hold long texts."""

    form = OrderedRowForm
    formset = OrderedFormSet
    extra = 0
