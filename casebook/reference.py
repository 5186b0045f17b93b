"""Reference data kept as JSON files: reading an entry with French errors, writing it, counting what was done."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from casebook.models import SiteIdentity
from casebook.text import NBSP, fold, plural, thousands

Row = TypeVar("Row", bound=models.Model)


class BadReference(Exception):
    """A fault of a reference file: one French sentence that names the file and the entry."""


@dataclass(frozen=True)
class Entry:
    """One object of a reference file, read with a check of its types."""

    file: str
    label: str
    values: dict[str, Any]

    def bad(self, message: str) -> BadReference:
        return BadReference(f"{self.file}, {self.label}{NBSP}: {message}")

    def text(self, key: str) -> str:
        """The text of a key; empty when it is absent or null."""
        value = self.values.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.bad(f"«{NBSP}{key}{NBSP}» doit être un texte.")
        return value

    def texts(self, key: str) -> list[str]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.bad(f"«{NBSP}{key}{NBSP}» doit être une liste de textes.")
        return value

    def whole(self, key: str) -> int | None:
        value = self.values.get(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise self.bad(f"«{NBSP}{key}{NBSP}» doit être un nombre entier.")
        return value

    def choice(self, key: str, choices: Collection[str]) -> str:
        """The stored value of a choice, whatever its accents, case and separators; empty when it is not given."""
        given = self.text(key)
        known = {fold(value).replace("_", "-"): value for value in choices}
        if given and fold(given).replace("_", "-") not in known:
            raise self.bad(f"«{NBSP}{key}{NBSP}» vaut «{NBSP}{given}{NBSP}», qui n’est pas dans la liste.")
        return known.get(fold(given).replace("_", "-"), "")


@dataclass
class Tally:
    """What became of the entries of one kind."""

    created: int = 0
    updated: int = 0
    known: int = 0

    def line(self, singular: str, several: str, feminine: bool = False) -> str:
        """« 56 méthodes : 56 créées, 0 déjà là »."""
        ending = "e" if feminine else ""
        parts = [f"{thousands(self.created)} créé{ending}{'s' if self.created > 1 else ''}"]
        if self.updated:
            parts.append(f"{thousands(self.updated)} mis{'es' if feminine and self.updated > 1 else ending} à jour")
        parts.append(f"{thousands(self.known)} déjà là")
        return f"{plural(self.created + self.updated + self.known, singular, several)}{NBSP}: {', '.join(parts)}"


@dataclass
class Loader:
    """Creates what is missing; overwrites what is there only when `update` is asked."""

    update: bool = False
    tally: Tally = field(default_factory=Tally)

    def put(self, entry: Entry, model: type[Row], found: Row | None, **values: Any) -> tuple[Row, bool]:
        """The row of an entry, and whether it was written."""
        if found is not None and not self.update:
            self.tally.known += 1
            return found, False
        row = model() if found is None else found
        for name, value in values.items():
            setattr(row, name, value)
        save(entry, row)
        if found is None:
            self.tally.created += 1
        else:
            self.tally.updated += 1
        return row, True

    def put_new(self, rows: Iterable[tuple[Entry, Row]]) -> None:
        """Rows that are not there yet, known not to be of one key: a few queries, however many."""
        rows = list(rows)
        for entry, row in rows:
            check(entry, row, beside_others=False)
        if rows:
            type(rows[0][1])._default_manager.bulk_create(row for _, row in rows)
        self.tally.created += len(rows)


def save(entry: Entry, row: models.Model) -> None:
    """Save a row that its model accepts; else say why, in French."""
    check(entry, row)
    row.save()


def check(entry: Entry, row: models.Model, beside_others: bool = True) -> None:
    """Raise `BadReference` unless the model accepts the row, by itself and `beside_others`."""
    try:
        row.full_clean(validate_unique=beside_others, validate_constraints=beside_others)
    except ValidationError as error:
        reasons = (
            f"{'' if name == '__all__' else f'«{NBSP}{name}{NBSP}»{NBSP}: '}{' '.join(messages)}"
            for name, messages in error.message_dict.items()
        )
        raise entry.bad(" ".join(reasons)) from None


def read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadReference(f"{path.name}{NBSP}: le fichier est introuvable dans {path.parent}.") from None
    except OSError as error:
        raise BadReference(f"{path.name}{NBSP}: le fichier ne peut pas être lu ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise BadReference(f"{path.name}{NBSP}: le fichier n’est pas en UTF-8.") from None
    except json.JSONDecodeError as error:
        raise BadReference(
            f"{path.name}{NBSP}: ce n’est pas du JSON (ligne {error.lineno}, colonne {error.colno})."
        ) from None


def entries(path: Path, part: str = "") -> list[Entry]:
    """The objects of a file that is a list, or of the list that stands under `part`."""
    content = read_json(path)
    if part:
        content = content.get(part) if isinstance(content, dict) else None
    name = f"{path.name} ({part})" if part else path.name
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        raise BadReference(f"{name}{NBSP}: une liste d’objets est attendue.")
    return [Entry(name, _label(number, item), item) for number, item in enumerate(content, start=1)]


def _label(number: int, item: dict[str, Any]) -> str:
    name = next((item[key] for key in ("official_name", "name", "title") if isinstance(item.get(key), str)), "")
    return f"entrée {number}" + (f" ({name})" if name else "")


def load_site(path: Path, update: bool = False) -> Tally:
    """The site's identity, only where staff have not made their own."""
    content = read_json(path)
    if not isinstance(content, dict):
        raise BadReference(f"{path.name}{NBSP}: un objet est attendu.")
    entry = Entry(path.name, "identité du site", content)
    fields = {f.name for f in SiteIdentity._meta.fields} - {"id"}
    if unknown := sorted(set(content) - fields):
        raise entry.bad(f"«{NBSP}{unknown[0]}{NBSP}» n’est pas un champ connu.")
    values = {key: entry.texts(key) if key == "example_queries" else entry.text(key) for key in content}
    loader = Loader(update)
    loader.put(entry, SiteIdentity, SiteIdentity.objects.filter(pk=1).first(), **values)
    return loader.tally
