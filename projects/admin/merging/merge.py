"""Two versions of a mission made from the same one: what merges by itself, and what a person must choose."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from casebook.richtext import paragraphs, sanitize
from projects.admin.merging.pieces import Run, merge_pieces
from projects.admin.merging.snapshot import Kind, Row, Snapshot, Values, alike, same

Kinds = Mapping[tuple[str, str], Kind]  # (part, field) → kind; the mission itself is the part ""


@dataclass(frozen=True)
class Place:
    """A field of the mission (`part` empty), of a row, a whole row (`field` empty), or the order of a part."""

    part: str = ""
    row: str = ""
    field: str = ""

    def __str__(self) -> str:
        return ".".join((self.part, self.row, self.field))


class Side(StrEnum):
    MINE = "mine"
    THEIRS = "theirs"
    OWN = "own"


@dataclass(frozen=True)
class Choice:
    """`seen` is the mark of the other version that the person had before their eyes."""

    side: str
    seen: str
    own: Values = ()


@dataclass(frozen=True)
class Conflict:
    """Values of a field, two rows (none when that side deleted it), or two orders (keys of rows)."""

    place: Place
    base: Any
    mine: Any
    theirs: Any
    choice: Choice | None = None

    @property
    def mark(self) -> str:
        text = json.dumps(self.theirs, default=lambda row: [row.key, dict(row.fields)], sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()

    @property
    def is_settled(self) -> bool:
        return self.choice is not None and self.choice.seen == self.mark and self.choice.side in set(Side)


@dataclass
class Merged:
    """`taken` is where the other version was kept beside mine; `changed`, where mine differs from the other version."""

    fields: dict[str, Values] = field(default_factory=dict)
    parts: dict[str, list[Row]] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    taken: list[Place] = field(default_factory=list)
    changed: list[Place] = field(default_factory=list)

    @property
    def is_settled(self) -> bool:
        return all(conflict.is_settled for conflict in self.conflicts)


def merge(
    base: Snapshot | None, mine: Snapshot, theirs: Snapshot, kinds: Kinds, choices: Mapping[str, Choice] | None = None
) -> Merged:
    """Without `base`, whatever differs is a conflict. Where a conflict has no choice yet, the result holds mine."""
    return _Merging(base, mine, theirs, kinds, choices or {}).result


def merge_text(kind: Kind, base: str, mine: str, theirs: str) -> str | None:
    """Both changes in one text; nothing when they touch each other."""
    runs = _runs(kind, base, mine, theirs)
    if any(run.theirs is not None for run in runs):
        return None
    text = _joined(kind, [run.pieces for run in runs])
    return text if kind is Kind.LINES or sanitize(text) == text else None


def both_texts(kind: Kind, base: str, mine: str, theirs: str) -> str:
    """One text to start from when writing: where they touch each other, mine comes before theirs."""
    runs = _runs(kind, base, mine, theirs)
    text = _joined(kind, [pieces for run in runs for pieces in (run.pieces, run.theirs or ())])
    return text if kind is Kind.LINES else sanitize(text)


def _runs(kind: Kind, base: str, mine: str, theirs: str) -> list[Run]:
    if kind is Kind.PROSE:
        return merge_pieces(*(paragraphs(sanitize(text)) for text in (base, mine, theirs)))
    return merge_pieces(*(text.replace("\r\n", "\n").split("\n") for text in (base, mine, theirs)))


def _joined(kind: Kind, runs: list[tuple[str, ...]]) -> str:
    return ("" if kind is Kind.PROSE else "\n").join(piece for run in runs for piece in run)


class _Merging:
    def __init__(
        self, base: Snapshot | None, mine: Snapshot, theirs: Snapshot, kinds: Kinds, choices: Mapping[str, Choice]
    ) -> None:
        self.kinds, self.choices, self.result = kinds, choices, Merged()
        ancestor = base.fields if base else None
        self.result.fields = self._fields("", "", ancestor, mine.fields, theirs.fields)
        for part, rows in theirs.parts.items():
            if part in mine.parts:
                was = base.parts.get(part) if base else None
                self.result.parts[part] = self._rows(part, was, mine.parts[part], rows)

    def _conflict(self, place: Place, base: Any, mine: Any, theirs: Any) -> str:
        """The side that was chosen; mine while none was."""
        conflict = Conflict(place, base, mine, theirs, self.choices.get(str(place)))
        self.result.conflicts.append(conflict)
        return conflict.choice.side if conflict.choice and conflict.is_settled else Side.MINE

    # Fields

    def _fields(
        self,
        part: str,
        row: str,
        base: Mapping[str, Values] | None,
        mine: Mapping[str, Values],
        theirs: Mapping[str, Values],
    ) -> dict[str, Values]:
        """A field that was not sent is as the other left it."""
        return {
            name: self._value(Place(part, row, name), base.get(name) if base else None, mine[name], other)
            if name in mine
            else other
            for name, other in theirs.items()
        }

    def _value(self, place: Place, base: Values | None, mine: Values, theirs: Values) -> Values:
        kind = self.kinds[place.part, place.field]
        if same(kind, mine, theirs):
            return theirs
        if base is not None and same(kind, mine, base):
            self.result.taken.append(place)
            return theirs
        self.result.changed.append(place)
        if base is not None and same(kind, theirs, base):
            return mine
        if alike(kind, mine, theirs):
            return mine
        merged = self._both(kind, base, mine, theirs)
        if merged is not None:
            self.result.taken.append(place)
            return merged
        side = self._conflict(place, base, mine, theirs)
        return {Side.THEIRS: theirs, Side.OWN: self._own(place)}.get(Side(side), mine)

    def _own(self, place: Place) -> Values:
        choice = self.choices.get(str(place))
        return choice.own if choice else ()

    @staticmethod
    def _both(kind: Kind, base: Values | None, mine: Values, theirs: Values) -> Values | None:
        if base is None:
            return None
        if kind is Kind.SET:
            kept = [value for value in theirs if value in mine or value not in base]
            return (*kept, *(value for value in mine if value not in theirs and value not in base))
        if kind in {Kind.LINES, Kind.PROSE} and len(base) == len(mine) == len(theirs) == 1:
            text = merge_text(kind, base[0], mine[0], theirs[0])
            return None if text is None else (text,)
        return None

    # Rows

    def _rows(self, part: str, base: Sequence[Row] | None, mine: Sequence[Row], theirs: Sequence[Row]) -> list[Row]:
        was = {row.key: row for row in base or ()}
        other = {row.key: row for row in theirs}
        sent = {row.key: row for row in mine}
        rows: dict[str, Row] = {}
        for key, row in other.items():
            if key in sent:
                rows[key] = self._row(part, was.get(key), sent[key], row)
            else:
                rows[key] = row
                if key not in was:
                    self.result.taken.append(Place(part, key))
        added = [row for row in theirs if row.key not in sent and row.key not in was]
        for row in mine:
            if row.key in other:
                continue
            twin = next((each for each in added if self._same_row(part, row, each)), None) if row.is_new else None
            if twin:
                added.remove(twin)
                self.result.taken.remove(Place(part, twin.key))
            elif row.is_new:
                rows[row.key] = row
                self.result.changed.append(Place(part, row.key))
            elif not row.is_deleted and self._keeps_gone_row(part, was.get(row.key), row):
                rows[row.key] = row
        deleted = [row for row in rows.values() if row.is_deleted]
        order = self._order(part, base, mine, theirs, {key for key, row in rows.items() if not row.is_deleted})
        return [*(rows[key] for key in order), *deleted]

    def _row(self, part: str, base: Row | None, mine: Row, theirs: Row) -> Row:
        """A row that is still recorded."""
        if not mine.is_deleted:
            was = base.fields if base else None
            return replace(theirs, fields=self._fields(part, mine.key, was, mine.fields, theirs.fields))
        place = Place(part, mine.key)
        self.result.changed.append(place)
        if base is not None and self._same_row(part, base, theirs):
            return replace(theirs, is_deleted=True)
        side = self._conflict(place, base, None, theirs)
        return replace(theirs, is_deleted=side != Side.THEIRS)

    def _keeps_gone_row(self, part: str, base: Row | None, mine: Row) -> bool:
        """Whether to record again a row that the other deleted."""
        place = Place(part, mine.key)
        if base is not None and self._same_row(part, base, mine):
            self.result.taken.append(place)
            return False
        self.result.changed.append(place)
        return self._conflict(place, base, mine, None) != Side.THEIRS

    def _same_row(self, part: str, a: Row, b: Row) -> bool:
        names = [name for name in a.fields if name in b.fields]
        return all(same(self.kinds[part, name], a.fields[name], b.fields[name]) for name in names)

    def _order(
        self, part: str, base: Sequence[Row] | None, mine: Sequence[Row], theirs: Sequence[Row], alive: set[str]
    ) -> list[str]:
        """The keys of `alive`: those that all know as who moved them wanted, each of the others after its neighbour."""
        ours, others = [row.key for row in mine], [row.key for row in theirs]
        was = [row.key for row in base] if base is not None else None
        asked = {each.place.row for each in self.result.conflicts if each.place.part == part and not each.place.field}
        known = (alive | asked) & set(ours) & set(others)  # what is asked about rows does not change what is asked here
        known &= known if was is None else set(was)
        wanted, saved = ([key for key in keys if key in known] for keys in (ours, others))
        before = [key for key in was if key in known] if was is not None else None
        order = wanted
        if wanted != saved:
            place = Place(part)
            if wanted == before:
                order = saved
                self.result.taken.append(place)
            else:
                self.result.changed.append(place)
                if saved != before and self._conflict(place, before, wanted, saved) == Side.THEIRS:
                    order = saved
        order = [key for key in order if key in alive]
        for keys in (ours, others):
            _insert_neighbours(order, [key for key in keys if key in alive])
        return order


def _insert_neighbours(order: list[str], keys: list[str]) -> None:
    """Each key that `order` lacks comes after the one before it in `keys`; those at the end of `keys`, at the end."""
    last = max((index for index, key in enumerate(keys) if key in order), default=-1)
    at = 0
    for index, key in enumerate(keys):
        if key in order:
            at = order.index(key) + 1
        else:
            at = len(order) if index > last else at
            order.insert(at, key)
            at += 1
