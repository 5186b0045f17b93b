"""Methods as a reader comes to them: by family, by moment of a mission, one by one, on a card of one page."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from casebook.text import fold, slug
from projects.browsing import alphabetical
from projects.evidence import Extract, shown
from projects.models import Method, MethodExtract, MethodUse, Mission
from projects.models.method import MethodQuerySet
from projects.models.method_use import MethodUseQuerySet
from projects.selection import Selection

PURPOSES = Path(settings.BASE_DIR) / "fixtures" / "reference" / "method_groups.json"
FACETS_OF_A_METHOD = ("theme", "domaine", "type")
CARD_EXTRACTS, CARD_MISSIONS, CARD_METHODS = 4, 8, 6
# What an A4 page holds beside the head of the card, in characters of running text.
CARD_LENGTH, CARD_DENSE_LENGTH = 2200, 1500


@dataclass(frozen=True)
class Group:
    """What gathers methods, with a page of its own: a family, or a moment of a mission."""

    name: str
    slug: str
    url: str
    purpose: str
    mission_count: int = 0
    methods: tuple[Any, ...] = ()


@dataclass(frozen=True)
class MethodIndex:
    """`families` hold the methods of a published mission, `unused` the others."""

    families: list[Group]
    moments: list[Group]
    unused: list[Any]


def method_index() -> MethodIndex:
    """The methods under their families, and the moments, with their counts. Two queries."""
    methods: list[Any] = alphabetical(Method.objects.with_mission_count())
    methods.sort(key=lambda method: slug(method.family))
    used = [method for method in methods if method.mission_count]
    return MethodIndex(
        families=[_family(list(group)) for _, group in groupby(used, key=lambda method: slug(method.family))],
        moments=[moment_group(moment, count) for moment, count in MethodUse.objects.published().moment_counts()],
        unused=alphabetical(method for method in methods if not method.mission_count),
    )


def _family(methods: list[Any]) -> Group:
    address = slug(methods[0].family)
    return Group(
        name=methods[0].family_label,
        slug=address,
        url=methods[0].family_url,
        purpose=purposes()["families"].get(address, ""),
        methods=tuple(methods),
    )


def moment_group(moment: MethodUse.Moment, mission_count: int = 0) -> Group:
    return Group(
        name=str(moment.label).capitalize(),
        slug=moment.value,
        url=reverse("moment_detail", args=[moment.value]),
        purpose=purposes()["moments"].get(moment.value, ""),
        mission_count=mission_count,
    )


@cache
def purposes() -> dict[str, dict[str, str]]:
    """What each family and each moment is for: reference text, by the slug of its address."""
    told: dict[str, dict[str, str]] = json.loads(PURPOSES.read_text(encoding="utf-8"))
    return told


@dataclass(frozen=True)
class GroupPage:
    """A family or a moment with its methods; `uses` are the published ones that it gathers."""

    group: Group
    methods: list[Any]
    unused: list[Any]
    uses: MethodUseQuerySet
    others: list[Group]

    @property
    def moments(self) -> list[Group]:
        return [moment_group(moment, count) for moment, count in self.uses.moment_counts()]


def family_page(family_slug: str) -> GroupPage | None:
    """The family of this address, or None when no method has it."""
    names = Method.objects.family_names(family_slug)
    if not names:
        return None
    methods: list[Any] = alphabetical(Method.objects.in_families(names).with_mission_count())
    used = [method for method in methods if method.mission_count]
    return GroupPage(
        group=_family(methods),
        methods=sorted(used, key=lambda method: -method.mission_count),
        unused=[method for method in methods if not method.mission_count],
        uses=MethodUse.objects.published().in_families(names),
        others=[],
    )


def moment_page(moment_slug: str) -> GroupPage | None:
    """The moment of this address, or None; `others` are the moments around it."""
    if moment_slug not in MethodUse.Moment.values:
        return None
    methods: list[Any] = alphabetical(Method.objects.at_moment(moment_slug))
    return GroupPage(
        group=moment_group(MethodUse.Moment(moment_slug)),
        methods=sorted(methods, key=lambda method: -method.mission_count),
        unused=[],
        uses=MethodUse.objects.published().at_moment(moment_slug),
        others=[moment_group(moment) for moment in MethodUse.Moment],
    )


@dataclass(frozen=True)
class Share:
    """How many missions of a method have a value of a facet, and the list of these missions."""

    label: str
    count: int
    url: str


def shares(method: Method) -> dict[str, list[Share]]:
    """The missions of a method by theme, domain and kind of collectivity, the most frequent first.

    They are the counts of the list that each links to: both come from the selection.
    """
    selection = Selection(QueryDict(urlencode({"methode": method.slug})))
    if not selection.is_filtered:
        return {parameter: [] for parameter in FACETS_OF_A_METHOD}
    counted = {facet.parameter: facet.values for facet in selection.facets}
    return {
        parameter: sorted(
            (
                Share(value.label, value.count, _list_url(method, parameter, value.value))
                for value in counted.get(parameter, [])
                if value.count
            ),
            key=lambda share: -share.count,
        )
        for parameter in FACETS_OF_A_METHOD
    }


def _list_url(method: Method, parameter: str, value: str) -> str:
    return f"{reverse('mission_list')}?{urlencode({'methode': method.slug, parameter: value})}"


@dataclass(frozen=True)
class CardExtract:
    mission: Mission
    role: str
    extract: Extract


@dataclass(frozen=True)
class Card:
    """What holds on one printed page; `is_dense` asks for a smaller type."""

    extracts: list[CardExtract]
    missions: list[Mission]
    more: int
    beside: list[Any]
    is_dense: bool


def method_card(method: Any, root: str) -> Card:
    """The method (with its count) with as many extracts as its own text leaves room for."""
    own = len(method.definition) + len(method.limits) + sum(len(step) + 20 for step in method.steps)
    rows = MethodExtract.objects.published().of_methods([method]).best_first().with_source()[:CARD_EXTRACTS]
    extracts: list[CardExtract] = []
    room = CARD_LENGTH - own
    for row in rows:
        room -= len(row.text) + len(row.use.mission.title) + 60
        if room >= 0:
            extracts.append(CardExtract(row.use.mission, row.use.role, shown(row, row.use, row.use.mission, root)))
    ids = list(MethodUse.objects.published().of_method(method).mission_ids()[:CARD_MISSIONS])
    return Card(
        extracts=extracts,
        missions=list(Mission.objects.published().among(ids).in_book_order().for_lines()),
        more=max(0, method.mission_count - len(ids)),
        beside=list(Method.objects.used_with(method)[:CARD_METHODS]),
        is_dense=own > CARD_DENSE_LENGTH,
    )


def with_families(methods: MethodQuerySet) -> list[tuple[str, list[Method]]]:
    """The methods under the names of their families, as a list of choices shows them."""
    ordered: Iterable[Method] = sorted(alphabetical(methods), key=lambda method: fold(method.family))
    return [(name, list(group)) for name, group in groupby(ordered, key=lambda method: method.family_label)]
