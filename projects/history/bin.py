"""Whatever is deleted in the admin goes to the bin first, whole: its rows, those that go with it, the links to it.

It comes back under the same identifiers; a mission comes back as a draft. Files stay on the disk until the bin lets
them go. The private e-mail of a person is not kept.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser, User
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models.deletion import Collector

from casebook.text import NBSP, first_free, plural
from people.models import Collectivity, Department, Person, Region
from projects import images, search
from projects.addresses import free_address
from projects.changes import record
from projects.history import erasing, recording
from projects.history.kinds import KINDS, MISSION, PRIVATE
from projects.models import (
    BinItem,
    Domain,
    Edition,
    Method,
    Mission,
    Presence,
    SearchDocument,
    SearchResult,
    SearchSynonym,
    SynonymGroup,
    Theme,
)
from projects.models.mission import State
from projects.working_copies import name_of

_EDITION = "projects.edition"  # its address is its year: it is never changed for another
_NAMED_IN_SEARCH = (Person, Collectivity, Region, Department, Edition, Theme, Domain, Method)
_DERIVED = {SearchDocument, SearchResult, Presence}  # made anew, or of the moment
BACK = "Rétablie de la corbeille"


class CannotRestore(Exception):
    """The thing stays in the bin; the French message says why and what to do."""


class Gone(CannotRestore):
    """It is not in the bin any more."""


@dataclass
class Restored:
    thing: models.Model
    notes: list[str] = field(default_factory=list)


# ------------------------------------------------------------------------------------------------- in


@transaction.atomic
def throw(things: Iterable[models.Model], by: User | AnonymousUser | None = None) -> list[BinItem]:
    """Keep what is about to be deleted. Call it in the transaction that deletes, before."""
    return [_thrown(thing, by) for thing in things]


def _thrown(thing: models.Model, by: User | AnonymousUser | None) -> BinItem:
    rows, links = _going(thing)
    return BinItem.objects.create(
        kind=_label(thing),
        thing=thing.pk,
        name=str(thing)[:300],
        user=by if isinstance(by, User) else None,
        who=name_of(by)[:160],
        was_public=isinstance(thing, Mission) and thing.is_published,
        rows=[_written(row) for row in rows],
        links=links,
        files=sorted({name for row in rows for name in _files(row)}),
    )


def _label(thing: models.Model) -> str:
    return thing._meta.label_lower


def _going(thing: models.Model) -> tuple[list[models.Model], list[list[Any]]]:
    """The thing and what Django deletes with it; and what it only detaches: [model, identifier, field, value]."""
    if isinstance(thing, SynonymGroup):
        return list(SearchSynonym.objects.filter(group=thing.group).order_by("pk")), []
    collector = Collector(using=DEFAULT_DB_ALIAS)
    collector.collect([thing])
    going: dict[Any, set[Any]] = {type(thing): {thing.pk}}
    together: list[Any] = [*collector.data.values(), *collector.fast_deletes]
    for rows in together:
        for row in rows:
            going.setdefault(type(row), set()).add(row.pk)
    found: list[models.Model] = []
    for model, pks in going.items():
        if model not in _DERIVED:  # read again: of some rows Django reads only what it needs to delete them
            found += sorted(model._base_manager.filter(pk__in=pks), key=lambda row: (row.pk != thing.pk, row.pk))
    detached: dict[Any, Any] = collector.field_updates
    links = [
        [row._meta.label_lower, row.pk, model_field.attname, getattr(row, model_field.attname)]
        for (model_field, value), updates in detached.items()
        for rows in updates
        for row in rows
        if value is None
    ]
    return found, links


def _written(row: models.Model) -> dict[str, Any]:
    unkept = PRIVATE.get(row._meta.label_lower, frozenset())
    names = [one.name for one in row._meta.concrete_fields if one.name not in unkept]
    (value,) = serializers.serialize("python", [row], fields=names)
    plain: dict[str, Any] = json.loads(json.dumps(value, cls=DjangoJSONEncoder))
    return plain


def _files(row: models.Model) -> Iterator[str]:
    for one in row._meta.concrete_fields:
        if isinstance(one, models.FileField) and (name := getattr(row, one.attname).name):
            yield name


# ------------------------------------------------------------------------------------------------- out


@transaction.atomic
def restore(item: BinItem, by: User | AnonymousUser | None = None) -> Restored:
    """Bring the thing back whole under its own identifier. Raises `CannotRestore`."""
    found = BinItem.objects.select_for_update().filter(pk=item.pk).first()
    if found is None:
        raise Gone("Une autre personne vient de le rétablir ou de le supprimer définitivement.")
    item = found
    model: Any = apps.get_model(item.kind)
    if model._base_manager.filter(pk=item.thing).exists():
        raise CannotRestore(
            "Cet élément est déjà au catalogue. Supprimez définitivement ce qui en reste dans la corbeille."
        )
    return _Return(item, by).made()


class _Return:
    def __init__(self, item: BinItem, by: User | AnonymousUser | None) -> None:
        self.item, self.by = item, by
        self.rows = [(apps.get_model(row["model"]), row) for row in item.rows]
        self.own = {(model, row["pk"]) for model, row in self.rows}
        self.notes: list[str] = []
        self.lost = 0

    def made(self) -> Restored:
        (model, first), *others = self.rows
        thing = self._row(model, first)
        if thing is None:
            raise CannotRestore(f"Ce dont cet élément dépend n’existe plus{NBSP}: rétablissez-le d’abord.")
        self._find_room(thing)
        self._insert(thing)
        for model, written in others:
            row = self._row(model, written)
            if row is None or model._base_manager.filter(pk=row.pk).exists() or not self._fits(row):
                self.lost += 1
                continue
            if isinstance(row, Mission):
                self._find_room(row)
            self._insert(row)
        if self.lost:
            verb = "menait" if self.lost == 1 else "menaient"
            self.notes.append(f"{plural(self.lost, 'ligne')} {verb} à ce qui n’existe plus")
        self._link_again()
        self._follow(thing)
        self.item.delete()
        return Restored(apps.get_model(self.item.kind)._base_manager.get(pk=self.item.thing), self.notes)

    def _row(self, model: Any, written: dict[str, Any]) -> Any:
        """The row as it was; None when what it must point at is gone."""
        row = model(pk=written["pk"])
        for one in model._meta.concrete_fields:
            if one.name not in written["fields"]:
                continue
            value = one.to_python(written["fields"][one.name]) if not one.is_relation else written["fields"][one.name]
            if one.is_relation and value is not None and not self._is_there(one.related_model, value):
                if not one.null:
                    return None
                value = None
            setattr(row, one.attname, value)
        return row

    def _is_there(self, model: Any, pk: Any) -> bool:
        concrete = model._meta.concrete_model
        return (concrete, pk) in self.own or bool(concrete._base_manager.filter(pk=pk).exists())

    def _find_room(self, thing: Any) -> None:
        """What another thing took meanwhile is left to it: a number, an address; a name is asked about."""
        if isinstance(thing, Mission):
            self._find_room_of_mission(thing)
        elif any(one.name == "slug" for one in thing._meta.concrete_fields) and thing._meta.label_lower != _EDITION:
            others = type(thing)._base_manager.filter(slug__startswith=thing.slug).exclude(pk=thing.pk)
            free = first_free(thing.slug, set(others.values_list("slug", flat=True)))
            if free != thing.slug:
                self.notes.append(f"son adresse était prise{NBSP}: elle est maintenant «{NBSP}{free}{NBSP}»")
                thing.slug = free
        try:
            thing.validate_unique()
            thing.validate_constraints()
        except ValidationError as error:
            raise CannotRestore(
                f"Sa place est prise{NBSP}: {' '.join(error.messages)} Modifiez ou supprimez d’abord l’autre."
            ) from None

    def _find_room_of_mission(self, mission: Mission) -> None:
        if mission.state != State.DRAFT:
            self.notes.append("elle est en brouillon")
            mission.state = State.DRAFT
        if mission.working_copy_of_id is not None:
            return
        same = Mission.objects.filter(edition=mission.edition_id, number=mission.number, working_copy_of=None)
        if mission.edition_id and mission.number is not None and same.exists():
            self.notes.append(f"son numéro {mission.number:02d} était pris{NBSP}: elle n’en a plus")
            mission.number = None
        free = free_address(mission.slug, mission.pk)
        if free != mission.slug:
            self.notes.append(f"son adresse était prise{NBSP}: elle est maintenant «{NBSP}{free}{NBSP}»")
            mission.slug = free

    def _fits(self, row: Any) -> bool:
        try:
            row.validate_unique()
            row.validate_constraints()
        except ValidationError:
            return False
        return True

    def _insert(self, row: Any) -> None:
        """As it was, dates included: `save` would write « now »."""
        row.save_base(raw=True, force_insert=True)

    def _link_again(self) -> None:
        for label, pk, attname, value in self.item.links:
            model: Any = apps.get_model(label)
            if (model, pk) not in self.own:
                model._base_manager.filter(pk=pk, **{attname: None}).update(**{attname: value})

    def _follow(self, thing: Any) -> None:
        """The search and the history, of the thing and of the missions that name it again."""
        if isinstance(thing, SearchSynonym):
            texts = [row["fields"]["text"] for _, row in self.rows]
            search.reindex_expressions(texts)
            return
        if isinstance(thing, Mission):
            if thing.cover and not thing.cover_public.storage.exists(thing.cover_public.name or "-"):
                images.renew_public_cover(thing)
            copies = Mission.objects.filter(working_copy_of=thing)
            record([thing, *copies], self.by, BACK)
            return
        if type(thing) in KINDS:
            recording.keep([thing], self.by, BACK)
        record(missions_of(self.item), self.by, f"De la corbeille{NBSP}: {thing}")
        if isinstance(thing, _NAMED_IN_SEARCH):
            search.reindex_for(thing)


def missions_of(*items: BinItem) -> list[Mission]:
    """The missions that stay, and that lose or find rows with these things."""
    pks: set[int] = set()
    for item in items:
        pks |= {row["fields"]["mission"] for row in item.rows if "mission" in row["fields"]}
        for part in MISSION.parts:
            linked = [pk for label, pk, *_ in item.links if label == part.model._meta.label_lower]
            pks |= set(part.model._base_manager.filter(pk__in=linked).values_list(part.path, flat=True))
    return list(Mission.objects.filter(pk__in=pks).order_by("pk"))


# ------------------------------------------------------------------------------------------------- for good


@transaction.atomic
def purge(items: Iterable[BinItem]) -> None:
    """Let these go for good, with their history and the files that nothing else shows."""
    for item in items:
        if item.kind == "people.person":
            erasing.erase_person(item)
        things = [(apps.get_model(row["model"]), row["pk"]) for row in item.rows]
        if item.kind == SynonymGroup._meta.label_lower:
            things = [(SynonymGroup, item.thing)]
        for model, pk in things:
            if model in KINDS:  # rows of something else are in the history of that
                erasing.forget(model, pk)
        names = list(item.files)
        item.delete()
        transaction.on_commit(partial(_delete_files, names))


def _delete_files(names: list[str]) -> None:
    kept = {name for files in BinItem.objects.values_list("files", flat=True) for name in files}
    for model in apps.get_models():
        for one in model._meta.concrete_fields:
            if isinstance(one, models.FileField):
                shown = model._base_manager.filter(**{f"{one.name}__in": names})
                kept |= set(shown.values_list(one.name, flat=True))
    for name in set(names) - kept:
        default_storage.delete(name)


@transaction.atomic
def forget_orphans(before: Any) -> int:
    """The history of missions that neither the catalogue nor the bin has (an abandoned copy, an import undone): how
    many missions were forgotten. Of those written last before this moment."""
    known = {str(pk) for pk in Mission.objects.values_list("pk", flat=True)}
    for item in BinItem.objects.only("rows"):
        known |= {str(row["pk"]) for row in item.rows if row["model"] == Mission._meta.label_lower}
    last = recording.all_versions_of(Mission).values_list("object_id").annotate(models.Max("revision__date_created"))
    gone = [int(pk) for pk, moment in last.order_by() if pk not in known and moment < before]
    for pk in gone:
        erasing.forget(Mission, pk)
    return len(gone)


def contents(item: BinItem) -> Counter[str]:
    """What came with the thing: model → how many."""
    return Counter(row["model"] for row in item.rows[1:])
