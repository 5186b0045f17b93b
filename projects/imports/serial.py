"""Records ↔ JSON, whole: what is kept of a reading until a person has decided."""

from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_json(thing: Any) -> Any:
    """A record, or a tuple of records, as lists, dictionaries and plain values."""
    if is_dataclass(thing):
        return {field.name: to_json(getattr(thing, field.name)) for field in fields(thing)}
    return [to_json(item) for item in thing] if isinstance(thing, tuple | list) else thing


def from_json(kind: type[T], data: Any) -> T:
    """The record of this class that `to_json` wrote; a field that was not yet known takes its default."""
    hints = _hints(kind)  # type: ignore[arg-type]
    return kind(**{name: _value(hints[name], value) for name, value in data.items() if name in hints})


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, data: Any) -> Any:
    if data is None:
        return None
    if get_origin(hint) in {Union, UnionType}:
        return _value(next(arg for arg in get_args(hint) if arg is not type(None)), data)
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        return tuple(_value(inner[0], item) for item in data)
    return from_json(hint, data) if is_dataclass(hint) and isinstance(hint, type) else data
