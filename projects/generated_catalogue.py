"""A generated catalogue, for measures at size: lines of JSON → published missions with all their parts, indexed.

A line is a mission: `edition` (a year), `number`, `theme`, `title`, `slug`; `collectivites` (slug, name, kind, region,
department), `authors` and `tutors` (first_name, last_name, job_title), `methods` (labels), `sections` (kind, heading,
body with blank lines), `key_figures` (value, label), `testimonial` (speaker, role, text) or null.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from casebook.text import NBSP, slug
from people.models import Collectivity, Department, Person, Region
from projects import search
from projects.models import (
    Authorship,
    Edition,
    EditionTheme,
    KeyFigure,
    Method,
    MethodUse,
    Mission,
    MissionCollectivity,
    Section,
    Speaker,
    Testimonial,
    Theme,
    Tutorship,
)
from projects.models.mission import State

CHUNK = 512  # missions written together
TOGETHER = 4096  # missions of a transaction: as many as share a segment of the index, which is then written once
Line = dict[str, Any]
_EPCI_TYPES = {
    "metropole": Collectivity.EpciType.METROPOLE,
    "communaute-d-agglomeration": Collectivity.EpciType.CA,
    "communaute-de-communes": Collectivity.EpciType.CC,
}


class BadCatalogue(Exception):
    """A fault of the file: one French sentence that names the line."""


def load_generated(path: Path, tell: Callable[[int], None]) -> int:
    """Create the missions of the file, some thousands to a transaction: how many. `tell` is told after each one.

    The régions and départements must be known (`load_reference`); everything else that a line names is created.
    """
    known = _Known()
    done = 0
    lines = _lines(path)
    while written := _write_together(islice(lines, TOGETHER), known, done):
        done += written
        tell(done)
    return done


def _lines(path: Path) -> Iterator[Line]:
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, start=1):
            try:
                yield dict(json.loads(text))
            except (ValueError, TypeError):
                raise BadCatalogue(f"Ligne {number}{NBSP}: ce n’est pas un objet JSON.") from None


@transaction.atomic
def _write_together(lines: Iterator[Line], known: "_Known", done: int) -> int:
    missions: list[Mission] = []
    while chunk := list(islice(lines, CHUNK)):
        first = done + len(missions) + 1
        try:
            missions += _write(chunk, known)
        except KeyError as error:
            where = f"Lignes {first} à {first + len(chunk) - 1}"
            raise BadCatalogue(f"{where}{NBSP}: {error} manque ou n’est pas connu.") from None
    search.reindex(missions)
    return len(missions)


def _write(lines: list[Line], known: "_Known") -> list[Mission]:
    now = timezone.now()
    missions = Mission.objects.bulk_create(
        Mission(
            edition=known.edition(line),
            number=line["number"],
            theme=known.theme(line["theme"]),
            title=line["title"],
            title_printed=line["title"],
            slug=line["slug"],
            state=State.PUBLISHED,
            published_at=now,
        )
        for line in lines
    )
    rows = list(zip(missions, lines, strict=True))
    MissionCollectivity.objects.bulk_create(
        MissionCollectivity(mission=mission, collectivity=known.place(place), position=rank)
        for mission, line in rows
        for rank, place in enumerate(line["collectivites"], start=1)
    )
    MethodUse.objects.bulk_create(
        MethodUse(mission=mission, method=known.method(label), position=rank, state=MethodUse.State.CONFIRMED)
        for mission, line in rows
        for rank, label in enumerate(line["methods"], start=1)
    )
    _write_people(rows)
    _write_texts(rows)
    return missions


def _write_people(rows: list[tuple[Mission, Line]]) -> None:
    """Each author and tutor is a person of their own."""
    signed = [
        (mission, rank, person, role)
        for mission, line in rows
        for role in ("authors", "tutors")
        for rank, person in enumerate(line[role], start=1)
    ]
    people = Person.objects.bulk_create(
        Person(first_name=person["first_name"], last_name=person["last_name"]) for _, _, person, _ in signed
    )
    paired = list(zip(people, signed, strict=True))
    Authorship.objects.bulk_create(
        Authorship(mission=mission, person=person, position=rank)
        for person, (mission, rank, _, role) in paired
        if role == "authors"
    )
    Tutorship.objects.bulk_create(
        Tutorship(mission=mission, person=person, position=rank, job_title=values["job_title"])
        for person, (mission, rank, values, role) in paired
        if role == "tutors"
    )


def _write_texts(rows: list[tuple[Mission, Line]]) -> None:
    Section.objects.bulk_create(
        Section(
            mission=mission,
            position=rank,
            kind=Section.Kind(part["kind"]),
            heading=part["heading"],
            body=_paragraphs(part["body"]),
        )
        for mission, line in rows
        for rank, part in enumerate(line["sections"], start=1)
    )
    KeyFigure.objects.bulk_create(
        KeyFigure(mission=mission, position=rank, value=figure["value"], label=figure["label"])
        for mission, line in rows
        for rank, figure in enumerate(line["key_figures"], start=1)
    )
    told = [(mission, line["testimonial"]) for mission, line in rows if line["testimonial"]]
    testimonials = Testimonial.objects.bulk_create(
        Testimonial(mission=mission, text=_paragraphs(words["text"])) for mission, words in told
    )
    Speaker.objects.bulk_create(
        Speaker(testimonial=testimonial, **_name(words["speaker"]), role=words["role"])
        for testimonial, (_, words) in zip(testimonials, told, strict=True)
    )


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in text.split("\n\n"))


def _name(speaker: str) -> dict[str, str]:
    first, _, last = speaker.partition(" ")
    return {"first_name": first, "last_name": last}


@dataclass
class _Known:
    """What several missions share, by address: found, or created when it is met."""

    editions: dict[str, Edition] = field(default_factory=lambda: {row.slug: row for row in Edition.objects.all()})
    themes: dict[str, Theme] = field(default_factory=lambda: {row.slug: row for row in Theme.objects.all()})
    methods: dict[str, Method] = field(default_factory=lambda: {row.slug: row for row in Method.objects.all()})
    regions: dict[str, Region] = field(default_factory=lambda: {row.slug: row for row in Region.objects.all()})
    places: dict[str, Collectivity] = field(
        default_factory=lambda: {row.slug: row for row in Collectivity.objects.all()}
    )
    departments: dict[str, Department] = field(
        default_factory=lambda: {slug(row.name): row for row in Department.objects.all()}
    )
    printed: set[tuple[str, str]] = field(
        default_factory=lambda: set(EditionTheme.objects.values_list("edition__slug", "theme__slug"))
    )

    def edition(self, line: Line) -> Edition:
        year = int(line["edition"])
        edition = self.editions.get(str(year))
        if edition is None:
            edition = self.editions[str(year)] = Edition.objects.create(
                slug=str(year), title=f"Recueil {year}/{year + 1}", school_year=f"{year}/{year + 1}"
            )
        theme = self.theme(line["theme"])
        if (edition.slug, theme.slug) not in self.printed:
            position = 1 + sum(year == edition.slug for year, _ in self.printed)
            EditionTheme.objects.create(edition=edition, theme=theme, position=position)
            self.printed.add((edition.slug, theme.slug))
        return edition

    def theme(self, name: str) -> Theme:
        address = slug(name)
        if address not in self.themes:
            self.themes[address] = Theme.objects.create(name=name, slug=address, order=len(self.themes) + 1)
        return self.themes[address]

    def method(self, label: str) -> Method:
        address = slug(label)
        if address not in self.methods:
            self.methods[address] = Method.objects.create(name=label, slug=address, family="autres méthodes")
        return self.methods[address]

    def place(self, values: Line) -> Collectivity:
        address = values["slug"]
        if address not in self.places:
            kind = slug(values["kind"])
            epci_type = _EPCI_TYPES.get(kind, "")
            self.places[address] = Collectivity.objects.create(
                slug=address,
                official_name=values["name"],
                display_name=values["name"],
                kind=Collectivity.Kind.EPCI if epci_type else Collectivity.Kind(kind),
                epci_type=epci_type,
                region=self.regions[slug(values["region"])],
                department=self.departments[slug(values["department"])],
            )
        return self.places[address]
