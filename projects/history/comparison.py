"""Two snapshots of one thing: its fields that changed, and its parts changed, added, removed, moved."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from casebook.richtext import plain
from projects.history.kinds import Kind
from projects.history.paragraphs import Paragraph, Piece, compare_lines, compare_rich, visible
from projects.history.shown import NOUNS, Noun, Shown, Value
from projects.history.snapshots import Names, Row, Snapshot
from projects.imports.differences import Side, alike, matched


@dataclass(frozen=True)
class FieldChange:
    name: str
    label: str
    paragraphs: tuple[Paragraph, ...]
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class PartChange:
    """One row: `op` says what became of it; one that changed may have moved too (`moved`: its places, from 1)."""

    op: str  # added, removed, changed, moved
    title: str
    fields: tuple[FieldChange, ...] = ()
    moved: tuple[int, int] | None = None


@dataclass(frozen=True)
class Group:
    model: str
    noun: Noun
    changes: tuple[PartChange, ...]

    def of(self, *ops: str) -> list[PartChange]:
        return [change for change in self.changes if change.op in ops]

    @property
    def moved(self) -> list[PartChange]:
        return [change for change in self.changes if change.moved]


@dataclass(frozen=True)
class Comparison:
    fields: tuple[FieldChange, ...] = ()
    groups: tuple[Group, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.fields or self.groups)


def compare(kind: Kind, before: Snapshot, after: Snapshot, names: Names) -> Comparison:
    """What the second says otherwise than the first. Costs no query."""
    old, new = Shown(before, names), Shown(after, names)
    own = _fields(old, before.thing, new, after.thing)
    groups = []
    for model in [part.model._meta.label_lower for part in kind.parts] + ["projects.searchsynonym"]:
        if model in NOUNS and (changes := _parts(old, old.rows(model), new, new.rows(model))):
            groups.append(Group(model, NOUNS[model], tuple(changes)))
    return Comparison(tuple(own), tuple(groups))


def _fields(old: Shown, before: Row | None, new: Shown, after: Row | None) -> list[FieldChange]:
    was = {value.name: value for value in old.values(before)} if before else {}
    found = {value.name: value for value in new.values(after)} if after else {}
    changes = []
    for name in dict.fromkeys([*was, *found]):
        value = found.get(name) or was[name]
        one = was.get(name, Value(name, "", "", value.kind)).text
        other = found.get(name, Value(name, "", "", value.kind)).text
        if one != other:
            changes.append(FieldChange(name, value.label, _paragraphs(value.kind, one, other), one, other))
    return changes


def _paragraphs(kind: str, before: str, after: str) -> tuple[Paragraph, ...]:
    if kind == "rich":
        return compare_rich(before, after)
    if kind == "text":
        return compare_lines(before, after)
    pieces = [Piece("delete", visible(before), " ")] if before else []
    pieces += [Piece("insert", visible(after))] if after else []
    return (Paragraph("changed", tuple(pieces)),)


def _parts(old: Shown, before: list[Row], new: Shown, after: list[Row]) -> list[PartChange]:
    """Rows of one model: those of one identifier are one, then those that are alike."""
    pairs = matched(_sides(new, after), _sides(old, before), _same_row, _same_title, alike)
    both = [(a.thing, b.thing) for a, b in pairs if a and b]
    places = {id(row): place for rows in (before, after) for place, row in enumerate(rows, start=1)}
    stay = _longest_rise([places[id(row)] for _, row in sorted(both, key=lambda pair: places[id(pair[0])])])
    changes = []
    for a, b in pairs:
        if a is None:
            shown, row, op = old, b.thing if b else None, "removed"
        elif b is None:
            shown, row, op = new, a.thing, "added"
        else:
            fields = tuple(_fields(old, b.thing, new, a.thing))
            place = places[id(b.thing)], places[id(a.thing)]
            moved = place if place[0] not in stay else None
            if fields or moved:
                changes.append(PartChange("changed" if fields else "moved", visible(new.title(a.thing)), fields, moved))
            continue
        if row is not None:
            one, other = (row, None) if op == "removed" else (None, row)
            fields = tuple(_fields(old, one, new, other))
            changes.append(PartChange(op, visible(shown.title(row)), fields))
    return changes


def _sides(shown: Shown, rows: Sequence[Row]) -> list[Side]:
    return [
        Side(str(row.pk), "", _words(shown, row), row, f"{shown.title(row)}|{row.fields.get('role', '')}")
        for row in rows
    ]


def _words(shown: Shown, row: Row) -> str:
    return " ".join(plain(value.text) if value.kind == "rich" else value.text for value in shown.values(row))


def _same_row(a: Side, b: Side) -> float:
    return float(a.key == b.key)


def _same_title(a: Side, b: Side) -> float:
    return float(bool(a.name) and a.name == b.name)


def _longest_rise(places: Sequence[int]) -> set[int]:
    """The most places that keep their order: the others moved."""
    ends: list[int] = []  # of the best rise of each length, its last place
    before: dict[int, int | None] = {}
    for place in places:
        rank = bisect_left(ends, place)
        before[place] = ends[rank - 1] if rank else None
        ends[rank : rank + 1] = [place]
    rise: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        rise.add(last)
        last = before[last]
    return rise
