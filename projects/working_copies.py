"""Working copies: a mission of the site is changed in a draft of its own, that takes its place in one transaction.

The rows that a copy was made of are known (`CopyOrigin`), with what they said then. When the copy is put in place, a
row of the mission that has its copy is written over and keeps its identifier; a row that the copy gained moves over; a
row that the copy lost goes. What the copy left as it was stays as the mission has it by then, whoever changed it.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from casebook.accounts.names import account_name
from casebook.text import collapse, french_list
from people.models import Consent
from projects import addresses, changes, images
from projects.copying import FIELDS, PARTS, Copied, Part, content, copy_parts, fill, mission_content, rows_of
from projects.history import recording
from projects.models import CopyOrigin, ImportedMission, Mission, StateChange
from projects.models.mission import State

_ASIDE = 10_000  # added to the positions while they are written, out of the way of « unique per mission »


class NotACopy(ValueError):
    """The mission is no working copy."""


def name_of(user: User | AnonymousUser | None) -> str:
    """Who did it, as the screens say it for good."""
    return account_name(user) if user and user.is_authenticated else "une commande"


# ------------------------------------------------------------------------------------------------- making one


@transaction.atomic
def open_copy(mission: Mission, by: User | AnonymousUser | None = None) -> tuple[Mission, bool]:
    """The working copy of a mission, and whether it was made now; the mission itself is as it was."""
    mission = Mission.objects.select_for_update().get(pk=mission.working_copy_of_id or mission.pk)
    if copy := mission.open_copy:
        return copy, False
    copy = Mission(working_copy_of=mission, state=State.DRAFT)
    fill(copy, mission)
    copy.save()
    copied = copy_parts(mission, copy)
    CopyOrigin.objects.create(copy=copy, user=_account(by), who=name_of(by), rows=_origin(mission, copied))
    changes.record([copy], by=by, why="Copie de travail")
    return copy, True


def _account(user: User | AnonymousUser | None) -> User | None:
    return user if isinstance(user, User) else None


def _origin(mission: Mission, copied: Copied) -> dict[str, Any]:
    """By kind of row: what the mission's rows said, and the row that each row of the copy was made of."""
    origin: dict[str, Any] = {Mission._meta.label: {"said": mission_content(mission)}}
    for part in PARTS:
        rows = rows_of(part, [mission.pk])
        of = {str(copy): row for row, copy in copied[part.model].items()}
        origin[part.model._meta.label] = {"said": {str(row.pk): content(row, part) for row in rows}, "of": of}
    return origin


def copied_row(copy: Mission, model: Any, pk: int) -> int | None:
    """The row of the copy that was made of this row of its mission."""
    of = _rows(copy).get(model._meta.label, {}).get("of", {})
    return next((int(mine) for mine, theirs in of.items() if theirs == pk), None)


def _rows(copy: Mission) -> dict[str, Any]:
    origin = CopyOrigin.objects.filter(copy=copy).first()
    return origin.rows if origin else {}


# ------------------------------------------------------------------------------------------------- what it changes


@dataclass
class RowChanges:
    """What becomes of the rows of one kind: those of the mission first, those of the copy that move over."""

    part: Part
    written: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)  # row of the mission, new values
    moved: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)  # row of the copy, values there
    removed: list[Any] = field(default_factory=list)
    placed: list[Any] = field(default_factory=list)  # all that stay, in their order
    reordered: bool = False
    mapping: dict[int, int] = field(default_factory=dict)  # row of the copy → row of the mission
    owners: dict[int, int] = field(default_factory=dict)  # a row that stays → what it belongs to from then on
    names: dict[int, str] = field(default_factory=dict)

    def summary(self) -> str:
        """« modification : Contexte ; ajout : Zoom ; ordre changé », or nothing."""
        said = [
            (noun, [self.names[row.pk] for row in rows])
            for noun, rows in (
                ("modification", [row for row, values in self.written if values]),
                ("ajout", [row for row, _ in self.moved]),
                ("retrait", self.removed),
            )
        ]
        told = [f"{noun}\u00a0: {french_list(names)}" for noun, names in said if names]
        return "\u202f; ".join([*told, *(["ordre changé"] if self.reordered else [])])


@dataclass
class Replacement:
    """What putting a working copy in place would do."""

    mission: Mission
    copy: Mission
    values: dict[str, Any]  # of the mission's own fields
    rows: list[RowChanges]

    def lines(self) -> list[tuple[str, str]]:
        """What the copy changes, in French: the subject, then what happens to it. Nothing when nothing changes."""
        lines = []
        fields = [name for name in self.values if name != "cover_public"]
        if fields:
            names = [str(_field(name).verbose_name) for name in fields]
            lines.append(("Identité et résumé", french_list(list(dict.fromkeys(names)))))
        for rows in self.rows:
            if said := rows.summary():
                name = str(rows.part.model._meta.verbose_name_plural)
                lines.append((name[:1].upper() + name[1:], said))
        return lines


def _field(name: str) -> Any:
    return Mission._meta.get_field(name.removesuffix("_id"))


def replacement(copy: Mission) -> Replacement:
    """What the working copy changes in its mission as it is now. Costs the same queries whatever its length."""
    if copy.working_copy_of is None:
        raise NotACopy(copy.pk)
    mission, origin = copy.working_copy_of, _rows(copy)
    said = origin.get(Mission._meta.label, {}).get("said", {})
    there = mission_content(mission)
    values = {
        name: value
        for name, value in mission_content(copy).items()
        if value not in (there[name], said.get(name, there[name]))
    }
    mappings: dict[Any, dict[int, int]] = {}
    found = []
    for part in PARTS:
        rows = _Matching(part, mission, copy, origin.get(part.model._meta.label, {}), mappings).changes()
        mappings[part.model] = rows.mapping
        found.append(rows)
    return Replacement(mission, copy, values, found)


class _Matching:
    """Finds, for the rows of one kind, which of the copy is which of the mission."""

    def __init__(
        self, part: Part, mission: Mission, copy: Mission, origin: dict[str, Any], mappings: dict[Any, dict[int, int]]
    ) -> None:
        self.part, self.mission, self.mappings = part, mission, mappings
        rows = rows_of(part, [mission.pk, copy.pk])
        self.theirs = {row.pk: row for row in rows if row.of_mission == mission.pk}
        self.mine = [row for row in rows if row.of_mission == copy.pk]
        self.said: dict[str, Any] = origin.get("said", {})
        self.origin = {int(mine): theirs for mine, theirs in origin.get("of", {}).items()}
        self.owner = part.model._meta.get_field(part.owner)

    def changes(self) -> RowChanges:
        mapping = self._mapping()
        found = RowChanges(self.part, mapping=mapping)
        kept_of = {theirs: mine for mine, theirs in mapping.items()}
        for row in self.mine:
            wanted = self._wanted(row)
            if theirs := self.theirs.get(mapping.get(row.pk, 0)):
                now = content(theirs, self.part)
                said = self.said.get(str(theirs.pk), now)
                new = {name: value for name, value in wanted.items() if value not in (said.get(name), now[name])}
                found.written.append((theirs, new))
                found.placed.append(theirs)
            elif self.said.get(str(self.origin.get(row.pk))) != wanted:  # else it went from the mission meanwhile
                found.moved.append((row, wanted))
                found.placed.append(row)
        found.owners = {mapping.get(row.pk, row.pk): self._owner_pk(row) for row in self.mine}
        before = [pk for pk in self.theirs if pk in kept_of]
        after = [row.pk for row in found.placed if row.pk in kept_of]
        found.reordered = self.part.owner == "mission" and before != after
        for pk, row in self.theirs.items():
            if pk not in kept_of and str(pk) in self.said:
                found.removed.append(row)
            elif pk not in kept_of:
                found.placed.append(row)  # another person gave it to the mission meanwhile
        rows = [*self.theirs.values(), *self.mine]
        found.names = {row.pk: collapse(str(row))[:80] for row in rows} | {
            mapping[row.pk]: collapse(str(row))[:80] for row in self.mine if row.pk in mapping
        }
        return found

    def _mapping(self) -> dict[int, int]:
        """By what makes two rows the same where the database wants it single, then by origin."""
        free = dict(self.theirs)
        mapping: dict[int, int] = {}

        def take(row: Any, pk: int | None) -> None:
            if pk is not None and pk in free and row.pk not in mapping:
                mapping[row.pk] = pk
                del free[pk]

        def by_origin() -> None:
            for row in self.mine:
                take(row, self.origin.get(row.pk))

        def by_key() -> None:
            for row in self.mine if self.part.key else []:
                key = self._key(self._wanted(row), self._owner_pk(row))
                take(row, next((pk for pk, other in free.items() if self._their_key(other) == key), None))

        steps = (by_key, by_origin) if self.part.owner == "mission" else (by_origin, by_key)
        for step in steps:
            step()
        return mapping

    def _key(self, values: dict[str, Any], owner: int) -> tuple[Any, ...]:
        return tuple(owner if name == self.owner.attname else values[name] for name in self.part.key)

    def _their_key(self, row: Any) -> tuple[Any, ...]:
        return self._key(content(row, self.part), getattr(row, self.owner.attname))

    def _owner_pk(self, row: Any) -> int:
        """What the row belongs to once it is in the mission."""
        pk: int = getattr(row, self.owner.attname)
        if self.part.owner == "mission":
            return self.mission.pk
        return self.mappings.get(self.owner.related_model, {}).get(pk, pk)

    def _wanted(self, row: Any) -> dict[str, Any]:
        """What the row of the copy says, once it points at rows of the mission."""
        values = content(row, self.part)
        for name, model in self.part.links.items():
            values[name] = self.mappings[model].get(values[name], values[name])
        if self.part.many:
            pointed = self.part.model._meta.get_field(self.part.many).related_model
            values[self.part.many] = sorted(self.mappings[pointed].get(pk, pk) for pk in values[self.part.many])
        return values


# ------------------------------------------------------------------------------------------------- putting in place


@transaction.atomic
def put_in_place(copy: Mission) -> Mission:
    """The copy takes the place of its mission, which keeps its identifier, its state and all that points at it; the
    copy is gone. For `workflow.publish`, which says who did it."""
    mission = Mission.objects.select_for_update().get(working_copy=copy)
    copy = Mission.objects.select_related("working_copy_of").get(pk=copy.pk)
    plan = replacement(copy)
    recording.keep_before([mission])
    _write_mission(mission, copy, plan.values)
    for rows in plan.rows:
        _write_rows(rows)
    for rows in reversed(plan.rows):
        rows.part.model._default_manager.filter(pk__in=[row.pk for row in rows.removed]).delete()
    _hand_over(mission, copy, plan)
    copy.delete()
    return Mission.objects.get(pk=mission.pk)


def _write_mission(mission: Mission, copy: Mission, values: dict[str, Any]) -> None:
    image = mission.cover_public.name
    if "slug" in values:
        addresses.move(mission, copy.slug)
    for name in FIELDS:
        if name in values:
            setattr(mission, name, getattr(copy, name))
    mission.save()
    if "domains" in values:
        mission.domains.set(values["domains"])
    if "cover_public" in values:
        images.forget_public(image)


def _write_rows(rows: RowChanges) -> None:
    part, manager = rows.part, rows.part.model._default_manager
    owner = part.model._meta.get_field(part.owner).attname
    every = {row.pk for row in (*rows.placed, *rows.removed)}
    manager.filter(pk__in=every).update(position=models.F("position") + _ASIDE)
    values_of = {row.pk: values for row, values in (*rows.written, *rows.moved)}
    last: Counter[int] = Counter()
    for row in rows.placed:
        values = dict(values_of.get(row.pk, {}))
        many = values.pop(part.many, None) if part.many else None
        belongs = rows.owners.get(row.pk, getattr(row, owner))
        last[belongs] += 1
        values |= {owner: belongs, "position": last[belongs]}
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        if many is not None:
            getattr(row, part.many).set(many)


def _hand_over(mission: Mission, copy: Mission, plan: Replacement) -> None:
    """What points at the copy, or at a row of it that stays behind, points at the mission from now on."""
    pairs: list[tuple[Any, dict[int, int]]] = [(Mission, {copy.pk: mission.pk})]
    pairs += [(rows.part.model, rows.mapping) for rows in plan.rows]
    kinds = {ContentType.objects.get_for_model(model).pk: mapping for model, mapping in pairs}
    about = models.Q()
    for kind, mapping in kinds.items():
        about |= models.Q(content_type=kind, object_id__in=list(mapping))
    for consent in Consent.objects.filter(about):
        consent.object_id = kinds[consent.content_type_id][consent.object_id]  # type: ignore[index]
        consent.save(update_fields=["object_id"])
    ImportedMission.objects.filter(mission=copy).update(mission=mission, fingerprint="")


@transaction.atomic
def abandon(copy: Mission, by: User | AnonymousUser | None = None, note: str = "") -> Mission:
    """Delete the working copy; its mission, returned, is as it was."""
    if copy.working_copy_of is None:
        raise NotACopy(copy.pk)
    mission = copy.working_copy_of
    keep_change(copy, copy.state, "", by, note)
    known = ImportedMission.Outcome.KNOWN
    ImportedMission.objects.filter(mission=copy).update(mission=mission, fingerprint="", outcome=known)
    copy.delete()
    return Mission.objects.get(pk=mission.pk)


def keep_change(mission: Mission, before: str, after: str, by: User | AnonymousUser | None, note: str) -> None:
    """Record a passage between states, with the mission even when its working copy made it."""
    StateChange.objects.create(
        mission_id=mission.working_copy_of_id or mission.pk,
        user=_account(by),
        who=name_of(by),
        before=before,
        after=after,
        of_working_copy=mission.working_copy_of_id is not None,
        note=collapse(note)[:500],
    )
