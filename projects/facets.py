"""Facets as plain data: how many published missions each value of each filter holds.

*Or* within a facet, *and* between facets; the counts of a facet obey every other filter but not itself. A value that
holds a published mission is always listed, even when the other filters leave it none, and always in the same place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q

from casebook.text import fold, slug
from people.models import Collectivity
from people.models.collectivity import SIZES
from projects.models import MethodUse, Theme
from projects.models.mission import MissionQuerySet

if TYPE_CHECKING:
    from projects.search.memory import Memory, Value
    from projects.search.postings import Array

UNKNOWN_EDITION = "inconnu"
SHOWN_VALUES = 6
LONG = 12
Chosen = Mapping[str, list[str]]


class Option(NamedTuple):
    """A value that missions have. Options are listed by rank, then by label."""

    value: str
    label: str
    rank: int = 0
    color_key: int = 0


@dataclass(frozen=True)
class Facet:
    """A way to narrow the list: `read` makes an option of the `columns` of a mission, or None where it has no value."""

    parameter: str
    label: str
    everywhere: str
    columns: tuple[str, ...]
    read: Callable[..., Option | None]
    only: Q = field(default_factory=Q)
    frequent_first: bool = False


@dataclass(frozen=True)
class FacetIndex:
    """Which of some missions have which value."""

    options: dict[str, Option]
    members: dict[str, set[int]]


@dataclass(frozen=True)
class FacetValue:
    value: str
    label: str
    count: int
    selected: bool
    color_key: int = 0


@dataclass(frozen=True)
class FacetCount:
    parameter: str
    label: str
    values: list[FacetValue]

    @property
    def shown(self) -> list[FacetValue]:
        """The first values, and the chosen ones wherever they are."""
        return [value for rank, value in enumerate(self.values) if rank < SHOWN_VALUES or value.selected]

    @property
    def others(self) -> list[FacetValue]:
        return [value for value in self.values[SHOWN_VALUES:] if not value.selected]

    @property
    def is_long(self) -> bool:
        """So many values that one looks for one rather than reads them."""
        return len(self.values) > LONG


def index_missions(facet: Facet, missions: MissionQuerySet) -> FacetIndex:
    """What is written in the index. One query, whatever the number of missions."""
    options: dict[str, Option] = {}
    members: dict[str, set[int]] = {}
    for pk, *row in missions.filter(facet.only).order_by().values_list("pk", *facet.columns):
        if option := facet.read(*row):
            options[option.value] = option
            members.setdefault(option.value, set()).add(pk)
    return FacetIndex(options, members)


def narrowed(memory: "Memory", found: "Array", chosen: Chosen, but: str = "") -> "Array":
    """Those of the missions found that the chosen values keep, leaving out the facet named in `but`."""
    for parameter, values in chosen.items():
        if values and parameter != but:
            found = found & memory.having(parameter, values)
    return found


def count_facets(memory: "Memory", chosen: Chosen, found: "Array") -> list[FacetCount]:
    """The facets that have a value at all, with counts among the missions found."""
    everywhere = memory.counts(narrowed(memory, found, chosen))
    counted = []
    for parameter, facet in FACETS.items():
        own = chosen.get(parameter, [])
        counts = memory.counts(narrowed(memory, found, chosen, but=parameter)) if own else everywhere
        values = [
            FacetValue(
                value=option.value,
                label=option.label,
                count=int(counts[option.row]),
                selected=option.value in own,
                color_key=option.color_key,
            )
            for option in memory.remember(f"facet {parameter}", partial(_in_order, memory, facet))
        ]
        if values:
            counted.append(FacetCount(parameter, facet.label, values))
    return counted


def _in_order(memory: "Memory", facet: Facet) -> "list[Value]":
    """The values as they are listed, always in the same place."""

    def place(option: "Value") -> tuple[int, int, str, str]:
        frequency = -int(memory.public_counts[option.row]) if facet.frequent_first else 0
        return frequency, option.rank, fold(option.label), option.value

    return sorted(memory.values.get(facet.parameter, {}).values(), key=place)


def _named(value: str | None, label: str | None) -> Option | None:
    return Option(value, label or value) if value else None


def _theme(value: str | None, label: str, order: int) -> Option | None:
    return Option(value, label, order, Theme(order=order).color_key) if value else None


def kind_option(kind: str | None, epci_type: str) -> Option | None:
    """The kind of collectivity; intercommunal bodies are told apart by their legal form."""
    if not kind:
        return None
    label = Collectivity(kind=kind, epci_type=epci_type).kind_label
    kinds, forms = Collectivity.Kind.values, Collectivity.EpciType.values
    if kind == Collectivity.Kind.EPCI and epci_type:
        return Option(slug(label), label, kinds.index(kind) * 10 + forms.index(epci_type) + 1)
    return Option(kind, label, kinds.index(kind) * 10)


def size_option(population: int | None) -> Option | None:
    if population is None:
        return None
    rank = max(rank for rank, (_, least, _) in enumerate(SIZES) if population >= least)
    return Option(SIZES[rank][0], SIZES[rank][2], rank)


def _edition(value: str | None, school_year: str | None) -> Option:
    """Latest first; the missions whose edition is not known are a value of their own, last."""
    if value is None:
        return Option(UNKNOWN_EDITION, "Édition non précisée", 1)
    return Option(value, f"Édition {school_year}", -int(value))


_FACETS = (
    Facet("theme", "Thème", "dans tous les thèmes", ("theme__slug", "theme__name", "theme__order"), _theme),
    Facet(
        "domaine",
        "Domaine",
        "dans tous les domaines",
        ("domains__slug", "domains__name"),
        _named,
        frequent_first=True,
    ),
    Facet(
        "methode",
        "Méthode",
        "avec toutes les méthodes",
        ("method_uses__method__slug", "method_uses__method__name"),
        _named,
        only=Q(method_uses__state=MethodUse.State.CONFIRMED),
        frequent_first=True,
    ),
    Facet(
        "type",
        "Type de collectivité",
        "pour tous les types de collectivité",
        ("collectivities__kind", "collectivities__epci_type"),
        kind_option,
    ),
    Facet("taille", "Taille", "pour toutes les tailles de collectivité", ("collectivities__population",), size_option),
    Facet(
        "region",
        "Région",
        "dans toutes les régions",
        ("collectivities__region__slug", "collectivities__region__name"),
        _named,
        frequent_first=True,
    ),
    Facet("recueil", "Recueil", "dans tous les recueils", ("edition__slug", "edition__school_year"), _edition),
)
FACETS = {facet.parameter: facet for facet in _FACETS}
