"""« Annuler l’import »: what was there before comes back exactly; what was edited since is asked about."""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.core import serializers
from django.db import models, transaction

from people.models import Person
from projects import search
from projects.changes import record
from projects.history import bin
from projects.models import (
    CopyOrigin,
    FormerAddress,
    ImportBatch,
    ImportedMission,
    Mission,
    Presence,
    StateChange,
)
from projects.models.search import SearchDocument, SearchResult

ASK, KEEP, REMOVE = "ask", "keep", "remove"
_LEARNED = (
    "first_name",
    "last_name",
    "aliases",
    "gender",
    "corps",
    "email",
    "email_kept_until",
)  # what an import may tell of a person
_TIMES = {"created_at", "updated_at"}
_NO_PARTS: set[Any] = {
    CopyOrigin,
    FormerAddress,
    ImportedMission,
    Mission,
    Presence,
    SearchDocument,
    SearchResult,
    StateChange,
}


class EditedSince(Exception):
    """Drafts of the import were edited since: `missions` says which; nothing was changed."""

    def __init__(self, missions: Sequence[Mission]) -> None:
        super().__init__(", ".join(map(str, missions)))
        self.missions = list(missions)


class CannotUndo(Exception):
    """The import is not one that can be undone; the message says why."""


@dataclass(frozen=True)
class Undone:
    """What was removed, and what stays because something else uses it (names, in French)."""

    removed: int
    kept: tuple[str, ...] = ()


# ------------------------------------------------------------------------------------------------- before applying


def people_now() -> dict[str, dict[str, Any]]:
    """What an import may change of people, by identifier."""
    return {str(row.pop("pk")): row for row in _plain(Person.objects.values("pk", *_LEARNED))}


def changed_since(before: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """For `ImportBatch.before`: the earlier values of the people that changed."""
    now = people_now()
    changed = {pk: values for pk, values in before.items() if pk in now and now[pk] != values}
    return {Person._meta.label: changed} if changed else {}


def _plain(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return json.loads(json.dumps(list(rows), default=str))  # type: ignore[no-any-return]


def content_of(mission: Mission) -> list[dict[str, Any]]:
    """The mission with its parts and theirs, as plain data that `restore_content` puts back."""
    written = serializers.serialize("python", _tree([mission]))
    return json.loads(json.dumps(written, default=str))  # type: ignore[no-any-return]


def _tree(rows: list[models.Model]) -> list[models.Model]:
    """The rows, then those that would go with them; the journal of imports, the search and working copies apart."""
    found = list(rows)
    for model in {type(row) for row in rows}:
        pks = [row.pk for row in rows if type(row) is model]
        for relation in model._meta.related_objects:
            part: Any = relation.related_model
            if relation.on_delete is models.CASCADE and part not in _NO_PARTS:
                parts = part._default_manager.filter(**{f"{relation.field.name}__in": pks})
                found += _tree(list(parts.order_by("pk"))) if parts else []
    return found


def restore_content(mission_pk: str, content: list[dict[str, Any]], by: User | None = None) -> None:
    """Put a mission back as `content_of` saw it."""
    mission = Mission.objects.filter(pk=mission_pk).first()
    if mission is None:
        return
    for row in reversed(_tree([mission])[1:]):
        row.delete()
    for written in serializers.deserialize("python", content):
        written.save()
    Mission.objects.filter(pk=mission_pk).update(updated_at=content[0]["fields"]["updated_at"])  # not « now »
    record([Mission.objects.get(pk=mission_pk)], by, "Import annulé")


def fingerprint(mission: Mission) -> str:
    """Tells whether a mission or one of its parts was changed: the same for the same content, whatever the time."""
    written = content_of(Mission.objects.get(pk=mission.pk))
    for row in written:
        for name in _TIMES:
            row["fields"].pop(name, None)
    ordered = sorted(json.dumps(row, sort_keys=True) for row in written)
    return hashlib.sha256("\n".join(ordered).encode()).hexdigest()


# ------------------------------------------------------------------------------------------------- undoing


def edited_since(batch: ImportBatch) -> list[Mission]:
    """The missions that the import wrote and that are no longer as it left them."""
    rows = batch.fiches.filter(mission__isnull=False).exclude(fingerprint="").select_related("mission")
    return [row.mission for row in rows if row.mission and fingerprint(row.mission) != row.fingerprint]


def _published_since(batch: ImportBatch) -> Iterable[ImportedMission]:
    """What the import wrote in working copies that took their mission's place: nobody undoes that but an editor."""
    written = batch.fiches.filter(outcome=ImportedMission.Outcome.CHANGED, fingerprint="", mission__isnull=False)
    return written.select_related("mission")


@transaction.atomic
def undo(batch: ImportBatch, edited: str = ASK, by: User | None = None) -> Undone:
    """Take back what the import wrote. `edited`: what becomes of the drafts that were changed since (ask, keep,
    remove); raises `EditedSince` when they must be asked about, `CannotUndo`."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state == ImportBatch.State.UNDONE:
        raise CannotUndo("Cet import est déjà annulé.")
    changed = edited_since(batch)
    if changed and edited == ASK:
        raise EditedSince(changed)
    spared = {mission.pk for mission in changed} if edited == KEEP else set()
    for pk, content in batch.before.get(Mission._meta.label, {}).items():
        if int(pk) not in spared:
            restore_content(pk, content, by)
    _keep_work([mission for mission in changed if mission.pk not in spared], batch, by)
    removed, kept = _remove(batch.created, spared)
    kept += [f"{row.mission} (modifications publiées)" for row in _published_since(batch)]
    _restore_people(batch.before.get(Person._meta.label, {}))
    batch.state = ImportBatch.State.UNDONE
    batch.save(update_fields=["state"])
    return Undone(removed, tuple(kept))


def _keep_work(edited: Iterable[Mission], batch: ImportBatch, by: User | None) -> None:
    """What somebody wrote since goes to the bin, from where it may come back."""
    made = set(batch.created.get(Mission._meta.label, []))
    bin.throw([mission for mission in edited if mission.pk in made], by)


def _remove(created: dict[str, list[int]], spared: Collection[int]) -> tuple[int, list[str]]:
    """The rows that the import made go, missions first; those that something else uses by now stay."""
    missions = Mission.objects.filter(pk__in=created.get(Mission._meta.label, []))
    kept = list(missions.filter(pk__in=spared))
    going = missions.exclude(pk__in=spared)
    removed = going.count()
    going.delete()
    rest: list[models.Model] = []
    for label in reversed([label for label in created if label != Mission._meta.label]):
        rest += apps.get_model(label)._default_manager.filter(pk__in=created[label]).order_by("-pk")
    while free := [row for row in rest if not _is_used(row)]:  # what only these used becomes free in turn
        for row in free:
            row.delete()
        rest = [row for row in rest if row not in free and row.pk is not None]
    return removed, [str(row) for row in (*kept, *rest)]


def _is_used(row: models.Model) -> bool:
    """Whether another row than the journal of imports points to this one."""
    for relation in row._meta.related_objects:
        model: Any = relation.related_model
        if model in {ImportBatch, ImportedMission}:
            continue
        if model._default_manager.filter(**{relation.field.name: row.pk}).exists():
            return True
    return False


def _restore_people(people: dict[str, dict[str, Any]]) -> None:
    changed = []
    for person in Person.objects.filter(pk__in=people):
        for name, value in people[str(person.pk)].items():
            setattr(person, name, value)
        person.save(update_fields=list(_LEARNED))
        changed.append(person)
    search.reindex_for(*changed)
