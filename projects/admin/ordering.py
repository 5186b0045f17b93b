"""Rows in an order that the editor chooses: the form set behind the buttons of `static/js/admin-order.js`."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F
from django.forms.models import BaseInlineFormSet

from casebook.admin import ProseAdmin

_ASIDE = 10_000  # added to the positions while they are written, out of the way of « unique per mission »


class OrderedRowForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row whose position is only a wish: the form set numbers the rows 1, 2, 3…"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusals: dict[str, list[str]] = {}
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
        return self.cleaned_data

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"position"}  # type: ignore[misc,no-any-return]


class OrderedFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
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
        """The rows to keep: by the number asked for; where two ask for the same, the one that came from below first."""
        rows = []
        for index, form in enumerate(self.forms):
            is_new = index >= self.initial_form_count()
            if form in self.deleted_forms or (is_new and not form.has_changed()):
                continue
            wanted = form.cleaned_data.get("position")
            old = None if is_new else form.initial.get("position")
            if wanted is None:
                wanted = old if old is not None else float("inf")
            direction = 0 if old is None else (wanted > old) - (wanted < old)
            rows.append(((wanted, direction, index), form))
        return [form for _, form in sorted(rows, key=lambda row: row[0])]


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
