"""A mission as a list shows it: its card, from plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from casebook.addresses import address
from casebook.components import component, filled
from casebook.text import french_list, typeset
from projects.models import Mission

MOST_METHODS = 6


@dataclass(frozen=True)
class Listed:
    """What lists tell of a mission: `edition` is the address of its recueil and `theme_slug` that of its theme, empty
    without one; `methods` are the first ones, each with its address, and `others` how many more."""

    pk: int
    slug: str
    number: int | None
    title: str
    edition: str
    year: str
    theme: str
    theme_slug: str
    color_key: int
    places: Sequence[str]
    kinds: str
    methods: Sequence[tuple[str, str]]
    others: int

    @property
    def url(self) -> str:
        return address("mission_detail", self.slug)

    @property
    def number_padded(self) -> str:
        """« 04 »; empty without a number."""
        return "" if self.number is None else f"{self.number:02d}"

    def __str__(self) -> str:
        return f"{self.number_padded} {self.title}".strip()


def listed(mission: Mission) -> Listed:
    """Needs `for_cards()`: no query."""
    places, methods = mission.collectivity_list, mission.confirmed_methods
    theme, edition = mission.theme, mission.edition
    return Listed(
        pk=mission.pk,
        slug=mission.slug,
        number=mission.number,
        title=mission.title,
        edition=edition.slug if edition else "",
        year=edition.school_year if edition else "",
        theme=theme.name if theme else "",
        theme_slug=theme.slug if theme else "",
        color_key=theme.color_key if theme else 0,
        places=[place.display_name for place in places],
        kinds=", ".join(label for label, _ in groupby(place.kind_label for place in places)),
        methods=[(method.name, method.slug) for method in methods[:MOST_METHODS]],
        others=max(0, len(methods) - MOST_METHODS),
    )


def card(mission: Listed, passages: Iterable[SafeString] = ()) -> SafeString:
    """The mission in a list, with the passages that this list adds of its own."""
    number = mission.number_padded if mission.number else ""
    head = component(
        "components/_mission_card_head.html",
        number=number,
        title=typeset(mission.title),
        url=mission.url,
        theme=mission.theme,
        theme_url=address("theme_detail", mission.theme_slug) if mission.theme_slug else "",
        names=french_list(list(mission.places)),
        kinds=mission.kinds,
        year=mission.year,
    )
    foot = component(
        "components/_mission_card_foot.html",
        methods=tuple((name, address("method_detail", slug)) for name, slug in mission.methods),
        others=mission.others,
    )
    return filled(
        "components/_mission_card.html",
        number=number,
        color_key=str(mission.color_key),
        head=head,
        passages=mark_safe("".join(passages)),
        foot=foot,
    )


def cards(missions: Any) -> list[SafeString]:
    """Needs `for_cards()`."""
    return [card(listed(mission)) for mission in missions]
