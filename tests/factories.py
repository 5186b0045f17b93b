"""Things for tests, with nothing hidden: every value that a test reads is written in the test."""

from itertools import count
from typing import Any

from casebook.text import slug
from people.models import Collectivity, Department, Person, Promotion, Region
from projects import search
from projects.models import (
    Authorship,
    Domain,
    Edition,
    EditionTheme,
    Method,
    MethodExtract,
    MethodUse,
    Mission,
    MissionCollectivity,
    Section,
    Theme,
    Tutorship,
)
from projects.models.mission import State, mission_slug

_numbers = count(1)

CORE_TEXTS = {
    Section.Kind.CONTEXTE: "<p>La ville compte trois mairies annexes.</p>",
    Section.Kind.PROBLEMATIQUE: "<p>Comment mieux recevoir le public ?</p>",
    Section.Kind.CLES_POUR_AGIR: "<p>L’équipe a mené douze entretiens avec les agents.</p>",
}


def make_region(name: str = "Bretagne", code: str = "53") -> Region:
    return Region.objects.get_or_create(code=code, defaults={"name": name, "slug": slug(name)})[0]


def make_department(name: str = "Finistère", code: str = "29", region: Region | None = None) -> Department:
    return Department.objects.get_or_create(code=code, defaults={"name": name, "region": region or make_region()})[0]


def make_collectivity(name: str = "Ville d’Exemple", **values: Any) -> Collectivity:
    values.setdefault("kind", Collectivity.Kind.COMMUNE)
    values.setdefault("official_name", name)
    return Collectivity.objects.create(display_name=name, slug=f"{slug(name)}-{next(_numbers)}", **values)


def make_person(first_name: str = "Camille", last_name: str = "Exemple", **values: Any) -> Person:
    return Person.objects.create(first_name=first_name, last_name=last_name, **values)


def make_promotion(name: str = "Ada Lovelace", corps: str = "administrateur") -> Promotion:
    return Promotion.objects.create(name=name, slug=slug(name), corps=corps)


def make_edition(year: int = 2019) -> Edition:
    return Edition.objects.get_or_create(
        slug=str(year), defaults={"title": f"Recueil {year}", "school_year": f"{year}/{year + 1}"}
    )[0]


def make_theme(name: str = "Piloter ensemble", order: int = 1, edition: Edition | None = None) -> Theme:
    theme = Theme.objects.get_or_create(slug=slug(name), defaults={"name": name, "order": order})[0]
    if edition:
        EditionTheme.objects.get_or_create(edition=edition, theme=theme, defaults={"position": order})
    return theme


def make_domain(name: str = "Relation aux usagers") -> Domain:
    return Domain.objects.get_or_create(slug=slug(name), defaults={"name": name})[0]


def make_method(name: str = "Entretiens", **values: Any) -> Method:
    values.setdefault("family", "diagnostic")
    values.setdefault("definition", "Interroger des personnes une par une.")
    return Method.objects.get_or_create(slug=slug(name), defaults={"name": name, **values})[0]


def make_mission(
    title: str = "Réorganiser l’accueil de la mairie",
    *,
    number: int | None = None,
    edition: Edition | None = None,
    theme: Theme | None = None,
    collectivities: list[Collectivity] | None = None,
    state: str = State.PUBLISHED,
    texts: dict[Any, str] | None = None,
    methods: list[Method] | None = None,
    domains: list[Domain] | None = None,
    **values: Any,
) -> Mission:
    """A mission with its three core sections, a collectivity and, for each method, a confirmed use and its extract."""
    edition = edition or make_edition()
    mission = Mission.objects.create(
        title=title,
        number=number or next(_numbers),
        edition=edition,
        theme=theme or make_theme(edition=edition),
        slug=f"{mission_slug(edition.slug, number, title)}-{next(_numbers)}",
        state=state,
        **values,
    )
    for position, place in enumerate(collectivities or [make_collectivity()], start=1):
        MissionCollectivity.objects.create(mission=mission, collectivity=place, position=position)
    for position, (kind, body) in enumerate({**CORE_TEXTS, **(texts or {})}.items(), start=1):
        Section.objects.create(mission=mission, kind=kind, heading=kind.label.upper(), body=body, position=position)
    mission.domains.set(domains or [])
    for position, method in enumerate(methods or [], start=1):
        use = MethodUse.objects.create(
            mission=mission, method=method, position=position, state=MethodUse.State.CONFIRMED, role=MethodUse.Role.USED
        )
        section = mission.sections.get(kind=Section.Kind.CLES_POUR_AGIR)
        MethodExtract.objects.create(use=use, section=section, text=section.text.split("\n")[0])
    search.reindex([mission])
    return mission


def make_draft(title: str = "Réorganiser l’accueil de la mairie", **values: Any) -> Mission:
    """The same, not yet on the site: its form can be saved."""
    return make_mission(title, **{"state": State.DRAFT, **values})


def add_author(mission: Mission, person: Person, position: int = 1, corps: str = "") -> Authorship:
    return Authorship.objects.create(mission=mission, person=person, position=position, corps=corps)


def add_tutor(mission: Mission, person: Person, job_title: str = "Directrice", position: int = 1) -> Tutorship:
    return Tutorship.objects.create(mission=mission, person=person, job_title=job_title, position=position)
