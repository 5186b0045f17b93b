"""Conflicts as the page asks them: three versions side by side, and where to write another."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django import forms as django_forms
from django.http import QueryDict
from django.utils.safestring import SafeString

from casebook.text import NBSP
from projects.admin.merging import choices
from projects.admin.merging.forms import MissionForms
from projects.admin.merging.merge import Conflict, Merged, Place, Side, both_texts
from projects.admin.merging.naming import EMPTY, label, long_name, row_name, shown
from projects.admin.merging.snapshot import Kind, Row, Snapshot, Values
from projects.history.paragraphs import Piece, compare_words


@dataclass(frozen=True)
class Version:
    """One of the three versions: the words of a text, or the lines of a row or of an order."""

    words: tuple[Piece, ...] = ()
    lines: list[tuple[str, str]] = field(default_factory=list)
    is_order: bool = False


@dataclass(frozen=True)
class Question:
    """A conflict as the page asks it. `box` is where to write another text, `proposed` what it started from."""

    id: str
    number: int
    label: str
    base: Version | None
    mine: Version
    theirs: Version
    mark: str
    mine_label: str
    theirs_label: str
    chosen: str
    is_about_form: bool  # the words are the same: bold, links or lists differ
    box: SafeString | None = None
    error: str = ""
    warned: str = ""


def _said(text: str) -> Version:
    return Version(compare_words(text, text))


def _row_lines(forms: MissionForms, part: str, row: Row) -> list[tuple[str, str]]:
    places = [(Place(part, row.key, name), values) for name, values in row.fields.items()]
    lines = [(label(forms, place), shown(forms, place, values)) for place, values in places]
    return [(name, text) for name, text in lines if text != EMPTY]


class Asking:
    """The questions of one page."""

    def __init__(self, forms: MissionForms, base: Snapshot | None, merged: Merged, data: QueryDict) -> None:
        self.forms, self.merged, self.data = forms, merged, data
        self.was_asked = any(key.startswith(choices.PREFIX) for key in data)
        self.rows: dict[tuple[str, str], Row] = {}
        for source in (base.parts if base else {}, forms.recorded.parts, merged.parts):
            self.rows |= {(part, row.key): row for part, rows in source.items() for row in rows}

    def questions(self) -> list[Question]:
        return [self._question(number, each) for number, each in enumerate(self.merged.conflicts, start=1)]

    def _question(self, number: int, conflict: Conflict) -> Question:
        place = conflict.place
        base, mine, theirs = (self._version(place, each) for each in (conflict.base, conflict.mine, conflict.theirs))
        if place.field or not place.row:
            if place.field and conflict.base is not None:
                was, *now = (shown(self.forms, place, each) for each in (conflict.base, conflict.mine, conflict.theirs))
                mine, theirs = (Version(compare_words(was, text)) for text in now)
            labels = ("Garder le mien", "Prendre le sien")
        elif conflict.mine is None:
            labels = (
                "Garder le mien : supprimer la ligne",
                "Prendre le sien : garder la ligne changée",
            )
        else:
            labels = ("Garder le mien : remettre la ligne avec mes changements", "Prendre le sien : supprimer la ligne")
        box = self._box(number, conflict) if _can_write(self.forms, place) else None
        choice = conflict.choice
        return Question(
            id=f"{choices.PREFIX}{place}",
            number=number,
            label=long_name(self.forms, place, self.rows.get((place.part, place.row))),
            base=base if conflict.base is not None else None,
            mine=mine,
            theirs=theirs,
            mark=conflict.mark,
            mine_label=labels[0].replace(" :", f"{NBSP}:"),
            theirs_label=labels[1].replace(" :", f"{NBSP}:"),
            chosen=choice.side if choice and conflict.is_settled else "",
            is_about_form=self._same_words(conflict),
            box=box,
            error=self._error(conflict),
            warned=_digest(choice.own) if choice else "",
        )

    def _same_words(self, conflict: Conflict) -> bool:
        place = conflict.place
        return bool(place.field) and shown(self.forms, place, conflict.mine) == shown(
            self.forms, place, conflict.theirs
        )

    def _version(self, place: Place, value: Any) -> Version:
        if isinstance(value, Row):
            return Version(lines=_row_lines(self.forms, place.part, value))
        if value is None:
            return _said("(ligne supprimée)" if place.row and not place.field else EMPTY)
        if not place.row and place.part:
            rows = [self.rows[place.part, key] for key in value]
            return Version(lines=[("", row_name(self.forms, place.part, row)) for row in rows], is_order=True)
        return _said(shown(self.forms, place, value))

    def _error(self, conflict: Conflict) -> str:
        if not self.was_asked:
            return ""
        if conflict.choice and conflict.choice.seen != conflict.mark:
            return "Ce texte a encore été changé par une autre personne. Choisissez de nouveau."
        if not conflict.is_settled:
            return "Choisissez l’une des versions."
        if _is_unused(self.forms, conflict, self.data):
            return (
                f"Vous avez écrit un texte sans choisir «{NBSP}Écrire{NBSP}». Choisissez-le, ou enregistrez de nouveau "
                "pour laisser ce texte de côté."
            )
        return ""

    def _box(self, number: int, conflict: Conflict) -> SafeString:
        own = conflict.choice.own if conflict.choice else ()
        value = own[0] if own else proposed(self.forms, conflict)
        widget = self.forms.field(conflict.place.part, conflict.place.row, conflict.place.field).widget
        attrs = {"id": f"own-{number}", "data-own": f"own-side-{number}"}
        return SafeString(widget.render(f"{choices.PREFIX}{conflict.place}:own", value, attrs))


def _can_write(forms: MissionForms, place: Place) -> bool:
    if not place.field:
        return False
    form_field = forms.field(place.part, place.row, place.field)
    return isinstance(form_field.widget, (django_forms.TextInput, django_forms.NumberInput, django_forms.Textarea))


def proposed(forms: MissionForms, conflict: Conflict) -> str:
    """The text that the box starts with: for a long one, both changes."""
    kind = forms.kinds[conflict.place.part, conflict.place.field]
    base, mine, theirs = ("".join(values or ()) for values in (conflict.base, conflict.mine, conflict.theirs))
    return both_texts(kind, base, mine, theirs) if kind in {Kind.LINES, Kind.PROSE} else mine


def unused_texts(merged: Merged, data: QueryDict, forms: MissionForms) -> bool:
    return any(_is_unused(forms, conflict, data) for conflict in merged.conflicts)


def _is_unused(forms: MissionForms, conflict: Conflict, data: QueryDict) -> bool:
    """Whether a text was written beside another choice, and the person was not told yet."""
    choice = conflict.choice
    if choice is None or choice.side == Side.OWN or not choice.own or not _can_write(forms, conflict.place):
        return False
    written = choice.own[0].replace("\r\n", "\n").strip()
    started = proposed(forms, conflict).replace("\r\n", "\n").strip()
    told = data.get(f"{choices.PREFIX}{conflict.place}:warned") == _digest(choice.own)
    return written != started and not told


def _digest(values: Values) -> str:
    return hashlib.blake2b("\n".join(values).encode(), digest_size=8).hexdigest()
