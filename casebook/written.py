"""Forms that put the French typography right in what an editor typed, and say so."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from casebook.text import plural
from casebook.typography import Corrected

Correction = Callable[[str], Corrected]


class WrittenForm(forms.ModelForm):  # type: ignore[type-arg]
    """A field with a `correct` (`casebook.admin.ProseAdmin` gives it one) is corrected if it was changed: what was
    imported word for word and not touched stays as it is, and is no change."""

    corrections = 0

    def _clean_form(self) -> None:
        super()._clean_form()  # type: ignore[misc]
        for name in self.changed_data:
            typed = self.cleaned_data.get(name)
            correct: Correction | None = getattr(self.fields[name], "correct", None)
            if correct is None or not isinstance(typed, str):
                continue
            corrected = correct(typed)
            if len(corrected.text) <= (getattr(self.fields[name], "max_length", None) or len(corrected.text)):
                self.cleaned_data[name] = corrected.text
                self.corrections += corrected.made


def say_corrections(request: HttpRequest, form: Any, formsets: Iterable[Any]) -> None:
    """« 3 corrections typographiques »: once for the form and its parts."""
    forms_sent = [form, *(row for formset in formsets for row in formset.forms)]
    if count := sum(getattr(sent, "corrections", 0) for sent in forms_sent):
        done = plural(count, "correction typographique faite", "corrections typographiques faites")
        messages.info(request, f"{done} dans ce que vous avez écrit (espaces, guillemets, apostrophes).")
