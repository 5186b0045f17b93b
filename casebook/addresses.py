"""The last part of a page's address, of which each row of a model has its own."""

from typing import Any

from django.db import models

from casebook.text import first_free

MAX_LENGTH = 100  # room is left for -2, -3…


def free_slug(model: type[models.Model], wanted: str, pk: Any = None) -> str:
    """The wanted address, or the first of `wanted-2`, `wanted-3`… that no other row than `pk` has."""
    wanted = (wanted or str(model._meta.model_name))[:MAX_LENGTH].strip("-")
    others = model._default_manager.filter(slug__startswith=wanted).exclude(pk=pk)
    return first_free(wanted, set(others.values_list("slug", flat=True)))
