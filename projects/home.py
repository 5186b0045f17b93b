"""The home page: what a curator puts on it, chosen from what is published."""

from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from math import ceil
from typing import Any

from casebook.models import SiteIdentity
from casebook.richtext import plain
from projects import search
from projects.browsing import ThemeGroup, edition_contents, public_regions
from projects.figures import speaks
from projects.models import Authorship, Edition, KeyFigure, Method, Mission, Testimonial, Theme
from projects.search import memory

EXAMPLES = 3
METHODS = 7
MOST_LINES = 40  # missions of a theme: a book has fewer, a catalogue that was loaded may have hundreds
MOST_FIGURES = 3
FIGURE_LABEL_LENGTH = 90
TESTIMONIAL_LENGTH = 320


@dataclass(frozen=True)
class Column:
    """A theme of the table of contents: its first missions; the shorter its list, the more figures close it."""

    theme: Theme
    mission_count: int
    missions: list[Mission]
    figures: list[KeyFigure]


@dataclass(frozen=True)
class Contents:
    edition: Edition
    mission_count: int
    student_count: int
    columns: list[Column]


@dataclass(frozen=True)
class RankedMethod:
    method: Method
    count: int
    percent: int


@dataclass(frozen=True)
class HomePage:
    examples: list[str]
    theme_count: int
    method_count: int
    region_count: int
    contents: Contents | None
    has_other_editions: bool
    unknown_edition_count: int
    methods: list[RankedMethod]
    testimonial: Testimonial | None


def home_page() -> HomePage:
    """The number of queries depends on the site's example searches, never on the missions."""
    editions = list(Edition.objects.published()[:2])
    return HomePage(
        examples=_examples(),
        theme_count=Theme.objects.in_use().count(),
        method_count=Method.objects.in_use().count(),
        region_count=public_regions().count(),
        contents=_contents(editions[0]) if editions else None,
        has_other_editions=len(editions) > 1,
        unknown_edition_count=Mission.objects.published().without_edition().count(),
        methods=_ranked(list(Method.objects.most_used()[:METHODS])),
        testimonial=_testimonial(),
    )


def _ranked(methods: list[Any]) -> list[RankedMethod]:
    """With their share of the first one's missions."""
    counts = [method.mission_count for method in methods]
    return [
        RankedMethod(method, count, round(100 * count / counts[0]))
        for method, count in zip(methods, counts, strict=True)
    ]


def _examples() -> list[str]:
    """The example searches that give results; looked for once, as long as the index stands."""
    asked = [str(query) for query in SiteIdentity.current().example_queries]
    remembered = memory.current().remember
    return [query for query in asked if remembered(f"example {query}", partial(_finds, query))][:EXAMPLES]


def _finds(query: str) -> bool:
    hits = search.search(query).hits
    return hits is not None and bool(hits.any())


def _contents(edition: Edition) -> Contents:
    groups = edition_contents(edition, MOST_LINES)
    longest = max((len(group.missions) for group in groups), default=0)
    figures = _figures([mission.pk for group in groups for mission in group.missions])
    return Contents(
        edition=edition,
        mission_count=sum(group.mission_count for group in groups),
        student_count=Authorship.objects.students_of(edition),
        columns=[_column(group, figures, longest) for group in groups],
    )


def _column(group: ThemeGroup, figures: dict[int, list[KeyFigure]], longest: int) -> Column:
    """One figure, and one more for every two missions that the longest column has and this one has not.

    Each mission gives its most telling figure before any gives its second, the most telling missions first; the
    chosen ones then stand in printed order.
    """
    number = min(MOST_FIGURES, 1 + ceil((longest - len(group.missions)) / 2))
    telling = [sorted(figures.get(mission.pk, []), key=speaks) for mission in group.missions]
    rounds = zip_longest(*telling)
    best_first = [figure for each in rounds for figure in sorted(filter(None, each), key=speaks)][:number]
    printed = [figure for mission in group.missions for figure in figures.get(mission.pk, [])]
    shown = [figure for figure in printed if figure in best_first]
    return Column(group.theme, group.mission_count, group.missions, shown)


def _figures(missions: list[int]) -> dict[int, list[KeyFigure]]:
    """The figures of these missions that stand on their own, by mission, in printed order."""
    by_mission: dict[int, list[KeyFigure]] = {}
    for figure in KeyFigure.objects.published().of_missions(missions).short(FIGURE_LABEL_LENGTH):
        by_mission.setdefault(figure.mission_id, []).append(figure)
    return by_mission


def _testimonial() -> Testimonial | None:
    """A short one, whose speakers are all named; exact words first, then the latest book."""
    for testimonial in Testimonial.objects.published().for_home():
        names = [speaker.public_name for speaker in testimonial.speakers.all()]
        if names and all(names) and len(plain(testimonial.text)) <= TESTIMONIAL_LENGTH:
            return testimonial
    return None
