"""A row of a snapshot as a person reads it: its title, and its values under the labels of the form."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst

from casebook.richtext import RichTextField, plain
from casebook.text import collapse
from projects.history.kinds import kept_fields
from projects.history.snapshots import HIDDEN, Names, Row, Snapshot
from projects.models import Section

_TITLE = 80  # characters
# What leads from a row to its own thing, or is shown as the row's place or title.
_STRUCTURE = {"mission", "testimonial", "use", "edition", "position", "section", "content_type", "object_id"}
_UNSHOWN = {"cover_public", "created_at", "published_at"}


class Noun(NamedTuple):
    one: str
    several: str
    feminine: bool = False


NOUNS = {
    "projects.missioncollectivity": Noun("collectivité", "collectivités", True),
    "projects.section": Noun("rubrique", "rubriques", True),
    "projects.keyfigure": Noun("chiffre clé", "chiffres clés"),
    "projects.testimonial": Noun("témoignage", "témoignages"),
    "projects.reference": Noun("référence", "références", True),
    "projects.deliverable": Noun("livrable", "livrables"),
    "projects.authorship": Noun("élève de l’équipe", "élèves de l’équipe"),
    "projects.tutorship": Noun("tutorat", "tutorats"),
    "projects.followup": Noun("suite", "suites", True),
    "projects.methoduse": Noun("méthode", "méthodes", True),
    "projects.resource_missions": Noun("ressource liée", "ressources liées", True),
    "projects.editiontheme": Noun("thème du recueil", "thèmes du recueil"),
    "projects.editionpromotion": Noun("promotion du recueil", "promotions du recueil", True),
    "people.consent": Noun("accord de publication", "accords de publication"),
    "projects.searchsynonym": Noun("terme", "termes"),
}


@dataclass(frozen=True)
class Value:
    """`kind`: `rich` (HTML of the closed list), `text` (compared by words), `whole` (replaced at once)."""

    name: str
    label: str
    text: str
    kind: str


class Shown:
    """The rows of one snapshot, to be read."""

    def __init__(self, snapshot: Snapshot, names: Names) -> None:
        self.snapshot, self.names = snapshot, names

    def rows(self, model: str) -> list[Row]:
        return self.snapshot.of(model)

    @cached_property
    def _sections(self) -> dict[int, str]:
        return {row.pk: self.title(row) for row in self.snapshot.of("projects.section")}

    def title(self, row: Row) -> str:
        """What the row is called in a sentence; at most 80 characters."""
        text = collapse(self._title(row))
        return text if len(text) <= _TITLE else f"{text[: _TITLE - 1].rstrip()}…"

    def _title(self, row: Row) -> str:
        fields = row.fields
        match row.model:
            case "projects.section":
                return Section(kind=fields["kind"], heading=fields["heading"]).label
            case "projects.keyfigure":
                return f"{fields['value']} {fields['label']}"
            case "projects.testimonial":
                return ", ".join(self._speakers(row)) or plain(fields["text"])
            case "projects.missioncollectivity":
                return self.names("people.collectivity", fields["collectivity"])
            case "projects.authorship" | "projects.tutorship":
                return self.names("people.person", fields["person"])
            case "projects.methoduse":
                return self.names("projects.method", fields["method"])
            case "projects.resource_missions":
                return self.names("projects.resource", fields["resource"])
            case "projects.editiontheme":
                return self.names("projects.theme", fields["theme"])
            case "projects.editionpromotion":
                return self.names("people.promotion", fields["promotion"])
            case "people.consent":
                return str(fields["given_on"])
        return str(fields.get("title") or fields.get("text") or fields.get("name") or "")

    def values(self, row: Row) -> list[Value]:
        """The values that are filled in or could be, in the order of the model."""
        return [*self._own(row), *self._below(row)]

    def _own(self, row: Row) -> Iterator[Value]:
        model: Any = apps.get_model(row.model)
        hidden = row.model == "projects.tutorship" and self.names.is_hidden(row.fields.get("person"))
        for name in kept_fields(model):
            if name in _UNSHOWN or name in _STRUCTURE - {"edition"} or name not in row.fields:
                continue
            if name == "edition" and row.model != "projects.mission":
                continue
            field = model._meta.get_field(name)
            text, kind = self._text(field, row.fields[name])
            if hidden and name == "job_title" and text:
                text = HIDDEN
            yield Value(name, capfirst(str(field.verbose_name)), text, kind)

    def _below(self, row: Row) -> Iterator[Value]:
        """What stands in rows of its own below this one, and the section that holds it."""
        if row.model == "projects.testimonial":
            yield Value("speakers", "Intervenants", "\n".join(self._speakers(row, roles=True)), "text")
        if row.model == "projects.methoduse":
            extracts = self.snapshot.of("projects.methodextract", use=row.pk)
            yield Value("extracts", "Extraits", "\n".join(collapse(one.fields["text"]) for one in extracts), "text")
        if row.fields.get("section") is not None and row.model != "projects.methodextract":
            yield Value("section", "Rubrique", self._sections.get(row.fields["section"], ""), "whole")

    def _speakers(self, row: Row, roles: bool = False) -> list[str]:
        lines = []
        for speaker in self.snapshot.of("projects.speaker", testimonial=row.pk):
            fields = speaker.fields
            name = f"{fields['first_name']} {fields['last_name']}".strip()
            if self.names.is_hidden(fields["person"], name):
                lines.append(HIDDEN)
            else:
                lines.append(", ".join(filter(None, (name, fields["role"] if roles else ""))))
        return lines

    def _text(self, field: Any, value: Any) -> tuple[str, str]:
        if isinstance(field, RichTextField):
            return value or "", "rich"
        if field.many_to_many:
            return "\n".join(sorted(self._pointed(field, pk) for pk in value)), "text"
        if field.is_relation:
            return self._pointed(field, value), "whole"
        if value is None or value == "":
            return "", "whole"
        if field.choices:
            return str(dict(field.flatchoices).get(value, value)), "whole"
        if isinstance(value, bool):
            return "oui" if value else "non", "whole"
        if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
            return date_format(date.fromisoformat(value), "j F Y"), "whole"
        if isinstance(value, list):
            return "\n".join(map(str, value)), "text"
        if isinstance(field, models.FileField):
            return str(value).rsplit("/", 1)[-1], "whole"
        is_text = isinstance(field, models.CharField | models.TextField)
        return str(value), "text" if is_text and not isinstance(field, models.SlugField | models.URLField) else "whole"

    def _pointed(self, field: Any, pk: int | None) -> str:
        label = field.related_model._meta.label_lower
        if label == "projects.keyfigure":
            figures = [row for row in self.snapshot.of(label) if row.pk == pk]
            return self.title(figures[0]) if figures else ""
        return self.names(label, pk)
