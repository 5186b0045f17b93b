"""Taking a person, or any thing, out of all that the history keeps: for good."""

import json
from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from reversion.models import Revision, Version

from casebook.text import letters
from people.models import Consent, Person
from projects.history import recording
from projects.models import Authorship, BinItem, ImportBatch, Mission, Speaker, Tutorship

_NAMING = {model._meta.label_lower: model for model in (Authorship, Tutorship, Speaker, Consent)}
_ERASED = "personne supprimée"


@transaction.atomic
def forget(model: Any, pk: int) -> None:
    """The history of one thing, with that of its parts."""
    versions = recording.versions_of(model, [pk])
    Revision.objects.filter(pk__in=versions.values("revision")).delete()


@transaction.atomic
def erase_person(item: BinItem) -> None:
    """Take the person of a bin item out of what is kept of the past.

    Old versions of the person go, and the rows that name them in old versions of missions: who wrote, who tutored, who
    spoke, what was agreed. So do what bin items and imports remember of them, and the words of the journals. Texts are
    left as they are: an editor who wants a name out of a text takes it out of the text.
    """
    pk, fields = item.thing, item.rows[0]["fields"]
    name = f"{fields.get('first_name') or ''} {fields.get('last_name') or ''}".strip()
    forget(Person, pk)
    kinds = [ContentType.objects.get_for_model(model) for model in _NAMING.values()]
    stored = Version.objects.filter(content_type__in=kinds)
    told = stored.filter(
        models.Q(serialized_data__contains=f'"person": {pk}') | models.Q(content_type__model=Speaker._meta.model_name)
    )
    gone = [
        version
        for version, data in told.order_by().values_list("pk", "serialized_data").iterator()
        if _names(json.loads(data)[0], pk, name)
    ]
    for start in range(0, len(gone), 500):
        Version.objects.filter(pk__in=gone[start : start + 500]).delete()
    _erase_from_bin(pk, name)
    _erase_from_imports(pk)
    _erase_from_journal(item, name)


def _names(row: dict[str, Any], pk: int, name: str) -> bool:
    """Whether the row is about the person: by identifier, or a speaker whom nothing linked yet to anybody."""
    fields = row["fields"]
    if row["model"] not in _NAMING:
        return False
    if fields.get("person") is not None:
        return bool(fields["person"] == pk)
    printed = f"{fields.get('first_name') or ''} {fields.get('last_name') or ''}"
    return bool(letters(name)) and letters(printed) == letters(name)


def _erase_from_bin(pk: int, name: str) -> None:
    for item in BinItem.objects.exclude(kind=Person._meta.label_lower, thing=pk):
        rows = _without(item.rows, pk, name)
        if len(rows) != len(item.rows):
            item.rows = rows
            item.save(update_fields=["rows"])


def _erase_from_imports(pk: int) -> None:
    """What undoing an import would put back."""
    for batch in ImportBatch.objects.exclude(before={}):
        people = batch.before.get(Person._meta.label, {})
        known = people.pop(str(pk), None) is not None
        missions = batch.before.get(Mission._meta.label, {})
        for mission, rows in list(missions.items()):
            missions[mission] = _without(rows, pk, "")
            known = known or len(missions[mission]) != len(rows)
        if known:
            batch.save(update_fields=["before"])


def _without(rows: Iterable[dict[str, Any]], pk: int, name: str) -> list[dict[str, Any]]:
    return [row for row in rows if not _names(row, pk, name)]


def _erase_from_journal(item: BinItem, name: str) -> None:
    for model, pk in ((Person, item.thing), (BinItem, item.pk)):
        own = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model), object_id=str(pk))
        own.update(object_repr=_ERASED, change_message="")
    if not name:
        return
    for revision in Revision.objects.filter(comment__contains=name):
        revision.comment = revision.comment.replace(name, _ERASED)
        revision.save(update_fields=["comment"])
    written = json.dumps(name)[1:-1]  # as Django writes it in the message of a change
    for entry in LogEntry.objects.filter(
        models.Q(change_message__contains=written) | models.Q(change_message__contains=name)
    ):
        entry.change_message = entry.change_message.replace(written, _ERASED).replace(name, _ERASED)
        entry.save(update_fields=["change_message"])
