"""Addresses of pages, and their last part, of which each row of a model has its own."""

from functools import lru_cache
from typing import Any

from django.db import models
from django.urls import get_script_prefix, get_urlconf, reverse

from casebook.text import first_free

MAX_LENGTH = 100  # room is left for -2, -3…


def free_slug(model: type[models.Model], wanted: str, pk: Any = None) -> str:
    """The wanted address, or the first of `wanted-2`, `wanted-3`… that no other row than `pk` has."""
    wanted = (wanted or str(model._meta.model_name))[:MAX_LENGTH].strip("-")
    others = model._default_manager.filter(slug__startswith=wanted).exclude(pk=pk)
    return first_free(wanted, set(others.values_list("slug", flat=True)))


def address(view: str, slug: str) -> str:
    """`reverse` of a page that its slug names, remembered: a list links to a hundred of them."""
    return _address(get_urlconf(), get_script_prefix(), view, slug)


@lru_cache(maxsize=16_384)
def _address(urlconf: str | None, prefix: str, view: str, slug: str) -> str:
    return reverse(view, urlconf, [slug])
