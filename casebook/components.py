"""Components of pages, each rendered once for what it is given: a list shows the same lines on every page."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

MOST = 8192  # kept; a few hundred bytes each, the longest two thousand
_COUNT = "\0"  # stands for the count in a line that is kept


Plain = str | int | tuple[tuple[str, str], ...]


def component(template: str, **values: Plain) -> SafeString:
    """`{% include template with … only %}` of a template that shows nothing but these plain values.

    It is kept by all that it is given, so it can never be out of date; safe HTML is not taken for a text (in a tuple,
    texts only).
    """
    if settings.DEBUG:  # an edited template shows at once
        return render_to_string(template, values)
    return _kept(template, **values)


@lru_cache(maxsize=MOST, typed=True)
def _kept(template: str, **values: Plain) -> SafeString:
    return render_to_string(template, values)


def filled(template: str, **values: str) -> SafeString:
    """`component` of a template that only writes these texts, as they come, and asks whether they are empty: texts
    without number are put into what is kept of it. Safe HTML is not escaped."""
    empty = frozenset(name for name, value in values.items() if not value)
    if settings.DEBUG:
        return render_to_string(template, values)
    first, *others = _frame(template, tuple(values), empty)
    written = {name: conditional_escape(value) for name, value in values.items()}
    return mark_safe("".join([first, *(text for name, after in others for text in (written[name], after))]))


@lru_cache(maxsize=MOST)
def _frame(template: str, names: tuple[str, ...], empty: frozenset[str]) -> list[Any]:
    """What comes before any value, then each value's name with what comes after it."""
    marks = {name: "" if name in empty else mark_safe(f"\0{name}\0") for name in names}
    first, *pieces = render_to_string(template, marks).split("\0")
    return [first, *zip(pieces[::2], pieces[1::2], strict=True)]


def choices(parameter: str, values: Iterable[Any]) -> SafeString:
    """The checkboxes of a facet's values (`.value .label .count .selected .color_key`). A page has a hundred, which
    differ from another page's by their counts alone."""
    lines = (
        component(
            "components/_choice.html",
            parameter=parameter,
            value=value.value,
            label=value.label,
            color_key=value.color_key,
            selected=value.selected,
            count=_COUNT,
            is_zero=value.count == 0,
            is_many=value.count > 1,
        ).replace(_COUNT, str(value.count))
        for value in values
    )
    return mark_safe("".join(lines))
