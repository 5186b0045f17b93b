"""A deleted mission leaves the index at once, whichever way it was deleted: the admin, a queryset, an undone import.

Writing is told to the index by explicit calls, since `update` and `bulk_create` send no signal; deletion always sends
one.
"""

from typing import Any

from django.db.models import QuerySet

from projects.models import Mission, SearchDocument
from projects.search.index import forget


def forget_deleted(sender: Any, instance: Mission, origin: Any = None, **kwargs: Any) -> None:
    """Receives `pre_delete` of each mission; those of one queryset are forgotten together, with the first of them."""
    if SearchDocument.objects.filter(mission=instance).exists():
        together = origin.model is Mission if isinstance(origin, QuerySet) else False
        forget(origin.all() if together else [instance])
