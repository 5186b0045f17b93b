"""A mission put back as one of its revisions has it: its texts and all its rows, in one transaction.

Its state, its number, its address and its dates of publication stay those of today. A mission that changes through a
working copy only is not touched: the version goes into that copy, and is public once the copy is published. What is
gone since is left out, and said.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from reversion.models import Revision

from casebook.text import NBSP
from people.models import Person
from projects import images, working_copies
from projects.changes import record
from projects.history import recording, snapshots
from projects.history.kinds import MISSION, Part, kept_fields
from projects.history.snapshots import Names, Row, Snapshot
from projects.models import Mission

CHANGE = "projects.change_mission"
_OF_TODAY = {"id", "state", "number", "slug", "published_at", "created_at", "cover", "cover_public", "domains"}


class Refused(Exception):
    """The version cannot be put back; the message says why and what to do."""


@dataclass
class Restored:
    """`mission`: what was written, the mission or its working copy; `notes`: what could not come back."""

    mission: Mission
    notes: list[str] = field(default_factory=list)


def label(revision: Revision) -> str:
    """« 21 novembre 2026 à 14 h 32 »."""
    moment = timezone.localtime(revision.date_created)
    return date_format(moment, f"j F Y à H{NBSP}\\h{NBSP}i")


@transaction.atomic
def restore(mission: Mission, revision: Revision, by: User) -> Restored:
    """Put the mission back as the revision has it, which is itself a revision. Raises `Refused`."""
    mission = Mission.objects.select_for_update().get(pk=mission.pk)
    snapshot = snapshots.of_revisions(Mission, [revision.pk]).get(revision.pk, snapshots.EMPTY)
    if snapshot.thing is None or snapshot.thing.pk != mission.pk:
        raise Refused("Cette version n’est pas une version de cette mission. Choisissez-la dans son historique.")
    if not by.has_perm(CHANGE):
        raise Refused("Vous n’avez pas le droit de modifier les missions. Demandez à la personne qui gère les comptes.")
    target = mission
    if mission.is_locked:
        target, _ = working_copies.open_copy(mission, by)
    recording.keep_before([target])
    notes = _Writing(target, snapshot, by).write(snapshot.thing)
    record([target], by, f"Version du {label(revision)} rétablie")
    return Restored(target, notes)


class _Writing:
    def __init__(self, target: Mission, snapshot: Snapshot, by: User | AnonymousUser) -> None:
        self.target, self.snapshot = target, snapshot
        self.names = Names([snapshot], by.has_perm("people.view_person"))
        self.alive = _Alive(snapshot)
        self.notes: list[str] = []
        self.written: dict[Any, dict[int, int]] = defaultdict(dict)  # by model: identifier then → identifier now

    def write(self, thing: Row) -> list[str]:
        self._write_mission(thing)
        for part in reversed(MISSION.parts):
            part.model._base_manager.filter(**{part.path: self.target}).delete()
        for part in MISSION.parts:
            self._write_rows(part)
        return list(dict.fromkeys(self.notes))

    # The mission itself

    def _write_mission(self, row: Row) -> None:
        for name in kept_fields(Mission):
            if name in row.fields and name not in _OF_TODAY:
                model_field: Any = Mission._meta.get_field(name)
                value = self._value(model_field, row.fields[name], row)
                if name == "edition" and self._number_is_taken(value):
                    self.notes.append("le recueil reste celui d’aujourd’hui, où son numéro est libre")
                    continue
                setattr(self.target, model_field.attname, value)
        is_new = self._take_cover(row.fields.get("cover") or "")
        self.target.save()
        if is_new:
            images.renew_public_cover(self.target)
        self.target.domains.set(self._targets(Mission._meta.get_field("domains"), row.fields.get("domains", []), row))

    def _number_is_taken(self, edition: int | None) -> bool:
        mine = [self.target.pk, self.target.working_copy_of_id]
        others = Mission.objects.filter(working_copy_of=None).exclude(pk__in=[pk for pk in mine if pk])
        number = self.target.number
        return bool(edition and number is not None and others.filter(edition=edition, number=number).exists())

    def _take_cover(self, name: str) -> bool:
        """Whether the image is another one from now on; the file may be gone."""
        if name == (self.target.cover.name or ""):
            return False
        if name and not self.target.cover.storage.exists(name):
            self.notes.append("le fichier de l’image n’existe plus")
            return False
        self.target.cover = name
        return True

    # Its rows

    def _write_rows(self, part: Part) -> None:
        rows = [
            (row, made) for row in self.snapshot.of(part.model._meta.label_lower) if (made := self._made(part, row))
        ]
        wanted = {row.pk: self._identifier(part, row.pk) for row, _ in rows}
        taken = set(part.model._base_manager.filter(pk__in=wanted.values()).values_list("pk", flat=True))
        for row, made in rows:
            made.pk = wanted[row.pk] if wanted[row.pk] not in taken else None
        kept, new = [m for _, m in rows if m.pk], [m for _, m in rows if not m.pk]
        part.model._base_manager.bulk_create(kept)
        part.model._base_manager.bulk_create(new)
        self.written[part.model] = {row.pk: made.pk for row, made in rows}
        for row, made in rows:
            for name in kept_fields(part.model):
                model_field: Any = part.model._meta.get_field(name)
                if model_field.many_to_many:
                    pks = self._targets(model_field, row.fields.get(name, []), row)
                    getattr(made, name).set(pks)

    def _identifier(self, part: Part, pk: int) -> int | None:
        """That of then; in a working copy, that of the row made of it."""
        if self.target.working_copy_of_id is None or self.snapshot.thing is None:
            return pk
        own = self.snapshot.thing.pk == self.target.pk
        return pk if own else working_copies.copied_row(self.target, part.model, pk)

    def _made(self, part: Part, row: Row) -> Any:
        """The row to write, or None when what it names is gone or named already."""
        made = part.model()
        for name in kept_fields(part.model):
            model_field: Any = part.model._meta.get_field(name)
            if model_field.many_to_many or name not in row.fields:
                continue
            value = self._value(model_field, row.fields[name], row)
            if value is None and not model_field.null:
                return None
            setattr(made, model_field.attname, value)
        return made if self._is_single(made) else None

    def _is_single(self, made: Any) -> bool:
        """Two people that became one are in the team once."""
        for constraint in made._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and "position" not in constraint.fields:
                key = (type(made), *(getattr(made, made._meta.get_field(name).attname) for name in constraint.fields))
                if key in self.alive.seen:
                    return False
                self.alive.seen.add(key)
        return True

    def _value(self, model_field: Any, value: Any, row: Row) -> Any:
        if not model_field.is_relation:
            return model_field.to_python(value)
        if value is None:
            return None
        return next(iter(self._targets(model_field, [value], row)), None)

    def _targets(self, model_field: Any, values: list[int], row: Row) -> list[int]:
        """What the row pointed at, as far as it is still there; what is not is noted."""
        model = model_field.related_model
        if model is Mission:
            return [self.target.pk]
        if model in {part.model for part in MISSION.parts}:
            return [self.written[model][pk] for pk in values if pk in self.written[model]]
        found = []
        for pk in values:
            now = self.alive(model, pk)
            if now is not None:
                found.append(now)
            if now != pk:
                name = self.names(model._meta.label_lower, pk)
                self.notes.append(name if now is None else f"{name}, fusionnée depuis avec une autre personne")
        return found


class _Alive:
    """What the rows of a snapshot point at and is still there; of people who were merged, the one that stays."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.seen: set[tuple[Any, ...]] = set()
        wanted: dict[Any, set[int]] = defaultdict(set)
        for row in snapshot.rows():
            for model, pk in snapshots.pointed(row):
                wanted[model].add(pk)
        self._pks = {
            m: set(m._base_manager.filter(pk__in=pks).values_list("pk", flat=True)) for m, pks in wanted.items()
        }
        self._merged = dict(Person.objects.exclude(merged_into=None).values_list("pk", "merged_into"))

    def __call__(self, model: Any, pk: int) -> int | None:
        if pk not in self._pks.get(model, ()):
            return None
        if model is Person:
            for _ in range(len(self._merged)):
                pk = self._merged.get(pk) or pk
        return pk
