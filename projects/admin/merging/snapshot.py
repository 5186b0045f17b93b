"""What the form of a mission shows or sends, as data: its fields, and the rows of its parts in their order.

The one that a form shows travels with it, signed: it is the common ancestor of what is sent and of what another person
saved meanwhile.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from django.core import signing

from casebook.prose import tidy
from casebook.richtext import sanitize
from casebook.typography import correct_html, correct_text

Values = tuple[str, ...]  # as a form posts a field: none for an empty box, several for several choices
_SALT = "casebook.merging.snapshot"


class Kind(Enum):
    """How two versions of a field are merged."""

    VALUE = auto()
    LINES = auto()
    PROSE = auto()
    SET = auto()
    FILE = auto()


@dataclass(frozen=True)
class Row:
    """`key` is the primary key, or « + » and a rank for a row that is not recorded."""

    key: str
    fields: Mapping[str, Values]
    position: int | None = None
    is_deleted: bool = False

    @property
    def is_new(self) -> bool:
        return self.key.startswith("+")


@dataclass(frozen=True)
class Snapshot:
    fields: Mapping[str, Values]
    parts: Mapping[str, tuple[Row, ...]]
    mission: int | None = None
    working_copy_of: int | None = None
    last_entry: int = 0  # of the admin's journal about this mission
    files: tuple[str, ...] = field(default=())  # names of the files that came with it

    def signed(self) -> str:
        """The same text for the same snapshot, whenever it is made."""
        data = {
            "mission": self.mission,
            "of": self.working_copy_of,
            "entry": self.last_entry,
            "fields": self.fields,
            "parts": {part: [(row.key, row.position, row.fields) for row in rows] for part, rows in self.parts.items()},
        }
        return signing.Signer(salt=_SALT).sign_object(data, compress=True)


def read(token: str, mission: int) -> Snapshot | None:
    """The snapshot that was signed for this mission; nothing when it was tampered with, or is another's."""
    try:
        data = signing.Signer(salt=_SALT).unsign_object(token)
    except signing.BadSignature:
        return None
    if data["mission"] != mission:
        return None
    return Snapshot(
        fields=_tuples(data["fields"]),
        parts={
            part: tuple(Row(key, _tuples(fields), position) for key, position, fields in rows)
            for part, rows in data["parts"].items()
        },
        mission=mission,
        working_copy_of=data["of"],
        last_entry=data["entry"],
    )


def _tuples(fields: Mapping[str, Iterable[str]]) -> dict[str, Values]:
    return {name: tuple(values) for name, values in fields.items()}


def same(kind: Kind, a: Values, b: Values) -> bool:
    """Whether saving one or the other would store the same."""
    return a == b or _stored(kind, a) == _stored(kind, b)


def alike(kind: Kind, a: Values, b: Values) -> bool:
    """The same but for typographic signs, which the site sets by itself."""
    if kind in {Kind.SET, Kind.FILE}:
        return same(kind, a, b)
    correct = correct_html if kind is Kind.PROSE else correct_text
    one, other = ([correct(text).text for text in _stored(kind, values)] for values in (a, b))
    return one == other


def _stored(kind: Kind, values: Values) -> Any:
    if kind is Kind.SET:
        return frozenset(values)
    if kind is Kind.FILE:
        return values
    texts = [value.replace("\r\n", "\n") for value in values]
    if kind is Kind.PROSE:
        return [sanitize(tidy(text)) for text in texts]
    return ["\n".join(line.rstrip() for line in text.split("\n")).strip() for text in texts]
