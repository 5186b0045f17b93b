"""A revision read back as plain rows, and the names of what these rows point at."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from reversion.models import Version

from casebook.text import letters
from people.models import Person
from projects.history import recording

HIDDEN = "personne au nom masqué"
_GONE = {
    "people.person": "personne supprimée depuis",
    "people.collectivity": "collectivité supprimée depuis",
    "projects.method": "méthode supprimée depuis",
    "projects.theme": "thème supprimé depuis",
    "projects.domain": "domaine supprimé depuis",
    "projects.edition": "recueil supprimé depuis",
    "projects.resource": "ressource supprimée depuis",
    "projects.mission": "mission supprimée depuis",
    "people.promotion": "promotion supprimée depuis",
    "people.region": "région supprimée depuis",
    "people.department": "département supprimé depuis",
}
_NAME_FIELDS = ("display_name", "name", "title", "school_year")


@dataclass(frozen=True)
class Row:
    """A row as it was: `model` is its label in lower case."""

    model: str
    pk: int
    fields: dict[str, Any]

    @property
    def position(self) -> int:
        return int(self.fields.get("position") or 0)


@dataclass(frozen=True)
class Snapshot:
    """A thing with its parts, by model, each in its order."""

    thing: Row | None
    parts: dict[str, list[Row]] = field(default_factory=dict)

    def rows(self) -> Iterable[Row]:
        yield from [self.thing] if self.thing else []
        for rows in self.parts.values():
            yield from rows

    def of(self, model: str, **values: Any) -> list[Row]:
        rows = self.parts.get(model, [])
        return [row for row in rows if all(row.fields.get(name) == value for name, value in values.items())]


EMPTY = Snapshot(None)


def of_revisions(model: Any, revisions: Iterable[int]) -> dict[int, Snapshot]:
    """Each of these revisions of one thing as it was. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    stored = Version.objects.filter(revision__in=list(revisions)).order_by("pk")
    for revision, data in stored.values_list("revision", "serialized_data"):
        found[revision].append(data)
    return {revision: _snapshot(model, written) for revision, written in found.items()}


def current(thing: models.Model) -> Snapshot:
    """The thing as it is now in the database."""
    rows = recording.rows_of(type(thing), [thing.pk])[thing.pk]
    return _snapshot(type(thing), [data for _, data in recording.serialized(rows)])


def _snapshot(model: Any, written: Iterable[str]) -> Snapshot:
    thing: Row | None = None
    parts: dict[str, list[Row]] = defaultdict(list)
    label = model._meta.concrete_model._meta.label_lower
    for data in written:
        (value,) = json.loads(data)
        row = Row(value["model"], int(value["pk"]), value["fields"])
        if thing is None and row.model == label:
            thing = row
        else:
            parts[row.model].append(row)
    return Snapshot(thing, {name: sorted(rows, key=lambda row: (row.position, row.pk)) for name, rows in parts.items()})


class Names:
    """The names of what some snapshots point at, in a fixed number of queries.

    Of a person who chose not to be named, those who may not see people read neither the name nor the job.
    """

    def __init__(self, snapshots: Sequence[Snapshot], sees_people: bool) -> None:
        wanted: dict[str, set[int]] = {label: set() for label in _GONE}
        for snapshot in snapshots:
            for row in snapshot.rows():
                for model, pk in pointed(row):
                    wanted[model._meta.label_lower].add(pk)
        self._names: dict[tuple[str, int], str] = {}
        self._hidden: set[int] = set()
        self._hidden_letters: set[str] = set()
        for label, pks in wanted.items():
            self._read(label, pks, sees_people)
        self._read_gone({(label, pk) for label, pks in wanted.items() for pk in pks} - set(self._names), sees_people)

    def __call__(self, label: str, pk: int | None) -> str:
        return self._names.get((label, pk), _GONE.get(label, "")) if pk is not None else ""

    def is_hidden(self, person: int | None, printed: str = "") -> bool:
        return person in self._hidden or bool(printed and letters(printed) in self._hidden_letters)

    def _read(self, label: str, pks: set[int], sees_people: bool) -> None:
        model: Any = apps.get_model(label)
        for thing in model._base_manager.filter(pk__in=pks):
            name = str(thing)
            if isinstance(thing, Person) and thing.is_masked and not sees_people:
                self._hidden.add(thing.pk)
                self._hidden_letters.add(letters(name))
                name = HIDDEN
            self._names[label, thing.pk] = name

    def _read_gone(self, gone: set[tuple[str, int]], sees_people: bool) -> None:
        """What was deleted is named after its own last version, when there is one."""
        labels = {ContentType.objects.get_for_model(apps.get_model(label)).pk: label for label in _GONE}
        stored = Version.objects.filter(
            content_type__in=list(labels), object_id__in=[str(pk) for _, pk in gone], db="default"
        ).order_by("pk")
        for kind, pk, data in stored.values_list("content_type", "object_id", "serialized_data"):
            key = labels[kind], int(pk)
            if key not in gone:
                continue
            fields = json.loads(data)[0]["fields"]
            if key[0] == "people.person":
                name = f"{fields.get('first_name', '')} {fields.get('last_name', '')}".strip()
                if fields.get("display_mode") == "masque" and not sees_people:
                    self._hidden.add(key[1])
                    self._hidden_letters.add(letters(name))
                    name = HIDDEN
            else:
                name = next((str(fields[name]) for name in _NAME_FIELDS if fields.get(name)), "")
            self._names[key] = f"{name} (n’existe plus)" if name else _GONE[key[0]]


def pointed(row: Row) -> Iterable[tuple[Any, int]]:
    """What the row points at outside its own thing, as model and identifier."""
    for name, value in row.fields.items():
        target = _target(row.model, name)
        if target and target._meta.label_lower in _GONE and value not in (None, []):
            for pk in value if isinstance(value, list) else [value]:
                yield target, int(pk)


def _target(model: str, name: str) -> Any:
    try:
        return apps.get_model(model)._meta.get_field(name).related_model
    except (LookupError, FieldDoesNotExist):
        return None
