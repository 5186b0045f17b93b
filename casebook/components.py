"""Components of pages, each rendered once for what it is given: a list shows the same lines on every page."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from casebook.text import plural

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
    frame = _line.__wrapped__ if settings.DEBUG else _line
    lines = []
    for each in values:
        before, after = frame(parameter, each.value, each.label, each.color_key, each.selected, min(each.count, 2))
        lines.append(f"{before}{each.count}{after}")
    return mark_safe("".join(lines))


@lru_cache(maxsize=MOST, typed=True)
def _line(parameter: str, value: str, label: str, color_key: int, selected: bool, least: int) -> tuple[str, str]:
    """What comes before the count of a value, and after. `least`: 2 stands for any more."""
    values = {"parameter": parameter, "value": value, "label": label, "color_key": color_key, "selected": selected}
    values |= {"count": _COUNT, "is_zero": least == 0, "is_many": least > 1}
    before, _, after = render_to_string("components/_choice.html", values).rpartition(_COUNT)
    return before, after


def facet(found: Any) -> SafeString:
    """A facet with its values (`.parameter .label .shown .others .is_long`)."""
    others = found.others
    return filled(
        "components/_facet.html",
        parameter=found.parameter,
        label=found.label,
        shown=choices(found.parameter, found.shown),
        others=choices(found.parameter, others),
        number=plural(len(others), "autre") if others else "",
        is_long="1" if found.is_long else "",
    )


def site_header(name: str, tagline: str, path: str) -> SafeString:
    """The beginning of a public page; `path` is its address, the first part of which tells where it is."""
    prefix = get_script_prefix()
    part = f"{prefix}{path.removeprefix(prefix).partition('/')[0]}/"
    return component("components/_site_header.html", name=name, tagline=tagline, part=part, is_whole=path == part)
