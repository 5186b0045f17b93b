"""One revision of a thing with all its parts, in the transaction that wrote it: `keep`.

A thing written twice in one transaction has one revision, that of its last state; one left as it was has no new one.
What is stored is what django-reversion stores: a version for each row, as JSON.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, connection, models, transaction
from django.db.models import F, Max
from django.utils import timezone
from reversion.models import Revision, Version

from casebook.text import NBSP
from projects.history.kinds import KINDS, kept_fields
from projects.models import Mission, SearchSynonym, SynonymGroup

BEFORE = "État d’avant l’historique"
_TOGETHER = 200  # things read and written at once
_Key = tuple[int, str]  # content type and identifier of a row


@transaction.atomic
def keep(things: Iterable[models.Model], by: User | AnonymousUser | None = None, why: str = "") -> None:
    """One revision of each of these things, all of one model, as they are now in the database.

    Ten queries and some for each 200 missions, however many rows they have.
    """
    found = {thing.pk: thing for thing in things}
    pks = sorted(found)
    if not pks:
        return
    model = KINDS[type(found[pks[0]])].model
    user = by if isinstance(by, User) and by.pk else None
    for start in range(0, len(pks), _TOGETHER):
        _keep(model, pks[start : start + _TOGETHER], user, why)


def keep_before(things: Iterable[models.Model]) -> None:
    """Call it before writing things that may be older than the history: how they are now is kept first."""
    things = list(things)
    if not things:
        return
    model = KINDS[type(things[0])].model
    known = last_revisions(model, [thing.pk for thing in things])
    new = [thing.pk for thing in things if thing.pk and thing.pk not in known]
    if new:
        _write(rows_of(model, new), None, BEFORE)


def start(tell: Any = None) -> int:
    """A first revision of every mission that has none: how many."""
    everything = Mission.objects.order_by("pk").values_list("pk", flat=True)
    started, pks = 0, list(everything)
    for first in range(0, len(pks), _TOGETHER):
        some = pks[first : first + _TOGETHER]
        with transaction.atomic():
            known = last_revisions(Mission, some)
            new = [pk for pk in some if pk not in known]
            if new:
                _write(rows_of(Mission, new), None, BEFORE)
        started += len(new)
    return started


def all_versions_of(model: Any) -> Any:
    kind = ContentType.objects.get_for_model(model)
    return Version.objects.filter(db=DEFAULT_DB_ALIAS, content_type=kind)


def versions_of(model: Any, pks: Iterable[Any]) -> Any:
    """The versions of these things themselves, without those of their parts."""
    return all_versions_of(model).filter(object_id__in=[str(pk) for pk in pks])


def last_revisions(model: Any, pks: Iterable[Any]) -> dict[int, int]:
    """The last revision of each of these things that has one."""
    last = versions_of(model, pks).order_by().values_list("object_id").annotate(Max("revision"))
    return {int(pk): revision for pk, revision in last}


# ------------------------------------------------------------------------------------------------- what is written


def rows_of(model: Any, pks: list[int]) -> dict[int, list[models.Model]]:
    """The things of these identifiers, each with all its parts, things gone left out."""
    found: dict[int, list[models.Model]] = {}
    for thing in _readable(model, model._base_manager.filter(pk__in=pks).order_by("pk")):
        found[thing.pk] = [thing]
    for part in KINDS[model].parts:
        rows = part.model._base_manager.filter(**{f"{part.path}__in": list(found)}).annotate(_thing=F(part.path))
        for row in _readable(part.model, rows.order_by("pk")):
            found[row._thing].append(row)
    if model is SynonymGroup:
        groups: dict[str, int] = {rows[0].group: pk for pk, rows in found.items()}  # type: ignore[attr-defined]
        for row in SearchSynonym.objects.filter(group__in=list(groups)).exclude(pk__in=pks).order_by("pk"):
            found[groups[row.group]].append(row)
    return found


def _readable(model: Any, rows: Any) -> Any:
    """With the lists that are written beside the row, so that each is not asked for by itself."""
    lists = [field.name for field in model._meta.local_many_to_many if field.remote_field.through._meta.auto_created]
    return rows.prefetch_related(*lists)


def serialized(rows: Iterable[models.Model]) -> list[tuple[models.Model, str]]:
    """Each row with its version as JSON, in the form of Django's own serializer."""
    written = []
    by_model: dict[Any, list[models.Model]] = defaultdict(list)
    for row in rows:
        by_model[row._meta.concrete_model].append(row)
    for model, same in by_model.items():
        values = serializers.serialize("python", same, fields=kept_fields(model))
        for row, value in zip(same, values, strict=True):
            written.append((row, json.dumps([value], cls=DjangoJSONEncoder, ensure_ascii=False)))
    return written


def _keep(model: Any, pks: list[int], user: User | None, why: str) -> None:
    now = rows_of(model, pks)
    last = last_revisions(model, pks)
    before: dict[int, dict[_Key, str]] = defaultdict(dict)
    stored = Version.objects.filter(revision__in=list(last.values())).order_by()
    for revision, kind, pk, data in stored.values_list("revision", "content_type", "object_id", "serialized_data"):
        before[revision][kind, pk] = data
    mine = _Transaction.current().revisions
    changed, again = {}, {}
    for pk, rows in now.items():
        data = {_key(row): text for row, text in serialized(rows)}
        revision = last.get(pk)
        if revision is not None and revision == mine.get((model, pk)):
            again[revision] = rows
        elif revision is None or data != before[revision]:
            changed[pk] = rows
    for revision, rows in again.items():
        Version.objects.filter(revision=revision).delete()
        _write_versions(revision, rows)
        _complete(revision, user, why)
    for pk, revision in _write(changed, user, why).items():
        mine[model, pk] = revision


def _complete(revision: int, user: User | None, why: str) -> None:
    """The reasons of one transaction, each once."""
    known = Revision.objects.get(pk=revision)
    if why and why not in known.comment.split(_AND):
        known.comment = _AND.join(filter(None, (known.comment, why)))
    known.user = known.user or user
    known.save(update_fields=["comment", "user"])


_AND = f"{NBSP}; "


def _write(things: dict[int, list[models.Model]], user: User | None, why: str) -> dict[int, int]:
    moment = timezone.now()
    revisions = Revision.objects.bulk_create(Revision(date_created=moment, user=user, comment=why) for _ in things)
    made = dict(zip(things, (revision.pk for revision in revisions), strict=True))
    versions = [version for pk, rows in things.items() for version in _versions(made[pk], rows)]
    Version.objects.bulk_create(versions)
    return made


def _write_versions(revision: int, rows: list[models.Model]) -> None:
    Version.objects.bulk_create(_versions(revision, rows))


def _versions(revision: int, rows: list[models.Model]) -> list[Version]:
    """`object_repr` names no one: it is not where a masked or erased person is looked for."""
    return [
        Version(
            revision_id=revision,
            object_id=str(row.pk),
            content_type_id=_key(row)[0],
            db=DEFAULT_DB_ALIAS,
            format="json",
            serialized_data=data,
            object_repr=f"{row._meta.verbose_name} {row.pk}",
        )
        for row, data in serialized(rows)
    ]


def _key(row: models.Model) -> _Key:
    return ContentType.objects.get_for_model(row).pk, str(row.pk)


# ------------------------------------------------------------------------------------------------- the transaction


class _Transaction:
    """The revisions that the present transaction made. What ends it, or undoes it, ends this too.

    Known by a callback that waits for the commit: Django drops it with the transaction. Those transactions that a test
    opens around everything do not count: the first one inside them does.
    """

    def __init__(self, savepoint: str | None) -> None:
        self.revisions: dict[tuple[Any, int], int] = {}
        self.savepoint = savepoint

    def __call__(self) -> None:
        """Nothing to do: that the callback waits is what tells."""

    @classmethod
    def current(cls) -> "_Transaction":
        here: Any = connection
        of_test = sum(bool(block._from_testcase) for block in here.atomic_blocks)
        savepoint = here.savepoint_ids[of_test - 1] if of_test and len(here.savepoint_ids) >= of_test else None
        for _, waiting, _ in here.run_on_commit:
            if isinstance(waiting, cls) and waiting.savepoint == savepoint:
                return waiting
        transaction.on_commit(new := cls(savepoint))
        return new
