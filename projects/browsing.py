"""What the browsing pages show, grouped as a reader looks for it: by theme, région or person."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Count

from casebook.text import NBSP, fold, plural
from people.models import Collectivity, Promotion, Region
from people.models.collectivity import CollectivityQuerySet, RegionQuerySet
from people.models.promotion import PromotionQuerySet
from projects.models import Authorship, Edition, Mission, MissionCollectivity, Theme
from projects.models.mission import published

_PLURALS = {
    Collectivity.Kind.COMMUNE: "Communes",
    Collectivity.Kind.EPCI: "Intercommunalités",
    Collectivity.Kind.DEPARTEMENT: "Départements",
    Collectivity.Kind.REGION: "Régions",
    Collectivity.Kind.STATUT_PARTICULIER: "Collectivités à statut particulier",
    Collectivity.Kind.AUTRE: "Autres organismes",
}


def alphabetical(named: Iterable[Any]) -> list[Any]:
    """By name as a French index does it (É with E), the same on both databases."""
    return sorted(named, key=_place)


def _place(named: Any) -> tuple[str, int]:
    return fold(str(named)), named.pk


def public_collectivities() -> CollectivityQuerySet:
    """The collectivities of a published mission, with `mission_count`."""
    return Collectivity.objects.with_missions(published("missions__"))


def public_promotions() -> PromotionQuerySet:
    """The promotions that wrote something published."""
    return Promotion.objects.with_authors(published("members__authorships__mission__"))


def public_regions() -> RegionQuerySet:
    """The régions of a published mission."""
    return Region.objects.with_missions(published("collectivities__missions__"))


@dataclass
class ThemeGroup:
    theme: Theme
    mission_count: int = 0
    missions: list[Mission] = field(default_factory=list)


def edition_contents(edition: Edition, most: int | None = None) -> list[ThemeGroup]:
    """The published missions of a book under its themes, in printed order, `most` of each at most. Three queries, and
    one more to know which."""
    groups = {row.theme_id: ThemeGroup(row.theme) for row in edition.edition_themes.select_related("theme")}
    book = Mission.objects.published().in_edition(edition.slug).in_book_order()
    numbers: dict[int | None, list[int]] = {}
    if most is not None:
        for pk, theme in book.values_list("pk", "theme"):
            numbers.setdefault(theme, []).append(pk)
        book = book.among([pk for pks in numbers.values() for pk in pks[:most]])
    for mission in book.for_lines():
        if mission.theme is not None:
            groups.setdefault(mission.theme.pk, ThemeGroup(mission.theme)).missions.append(mission)
    for group in groups.values():
        group.mission_count = len(numbers.get(group.theme.pk, group.missions))
    return [group for group in groups.values() if group.missions]


def edition_promotions(edition: Edition) -> list[Promotion]:
    """The promotions of a book that wrote something published in the catalogue, in printed order."""
    with_authors = public_promotions().order_by()
    rows = edition.edition_promotions.filter(promotion__in=with_authors).select_related("promotion")
    return [row.promotion for row in rows]


@dataclass(frozen=True)
class KindLink:
    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class RegionGroup:
    name: str
    slug: str
    mission_count: int
    collectivities: list[Any]


@dataclass(frozen=True)
class Territories:
    kinds: list[KindLink]
    total: int
    kind: str
    regions: list[RegionGroup]
    mission_count: int
    notice: str


def territories(kind: str) -> Territories:
    """The collectivities of a published mission by région, of one kind or of all. Three queries.

    An unknown kind is dropped, and `notice` says so.
    """
    everyone = alphabetical(public_collectivities().with_territory())
    known = kind in Collectivity.Kind.values
    shown = [place for place in everyone if place.kind == kind] if known else everyone
    rows = MissionCollectivity.objects.filter(published("mission__"))
    if known:
        rows = rows.filter(collectivity__kind=kind)
    per_region = dict(
        rows.order_by().values_list("collectivity__region").annotate(missions=Count("mission", distinct=True))
    )
    shown.sort(key=lambda place: (place.region is None, fold(str(place.region or ""))))
    groups = groupby(shown, key=lambda place: place.region)
    return Territories(
        kinds=[
            KindLink(str(value), label, count, value == kind)
            for value, label in _PLURALS.items()
            if (count := sum(place.kind == value for place in everyone))
        ],
        total=len(everyone),
        kind=kind if known else "",
        regions=[
            RegionGroup(
                region.name if region else "Région non précisée",
                region.slug if region else "",
                per_region.get(region.pk if region else None, 0),
                list(places),
            )
            for region, places in groups
        ],
        mission_count=rows.values("mission").distinct().count(),
        notice="" if known or not kind else f"Ce type de collectivité n’existe pas{NBSP}: toutes sont affichées.",
    )


@dataclass
class Member:
    name: str
    missions: list[Mission] = field(default_factory=list)


@dataclass(frozen=True)
class Roll:
    members: list[Member]
    masked: str


def promotion_roll(promotion: Promotion) -> Roll:
    """Who of a promotion wrote something published, by name, with their missions; masked people are only counted.
    Two queries."""
    rows = (
        Authorship.objects.filter(published("mission__"), person__promotion=promotion)
        .select_related("person", "mission__theme", "mission__edition")
        .prefetch_related("mission__mission_collectivities__collectivity")
        .order_by(
            "person__last_name", "person__first_name", "person", "mission__edition__slug", "mission__number", "pk"
        )
    )
    members: dict[int, Member] = {}
    masked = set()
    for row in rows:
        if row.person.is_masked:
            masked.add(row.person_id)
        else:
            members.setdefault(row.person_id, Member(row.person.public_name)).missions.append(row.mission)
    sentence = f"{plural(len(masked), 'élève')} dont le nom n’est pas publié" if masked else ""
    return Roll(list(members.values()), sentence)
