"""The results of a page as the list shows them: each passage with what a reader copies of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from projects.citations import Quotation, quotation
from projects.models import Mission
from projects.search import Passage
from projects.selection import Result


@dataclass(frozen=True)
class CitedPassage:
    """`key` names it in the page."""

    passage: Passage
    quotation: Quotation
    key: str


@dataclass(frozen=True)
class CitedResult:
    mission: Mission
    passages: list[CitedPassage]


def cited(results: Iterable[Result], root: str) -> list[CitedResult]:
    """`root` is the site's own address, without a final slash. Two queries when there are passages, for the authors."""
    results = list(results)
    found = [result.mission for result in results if result.passages]
    prefetch_related_objects(found, "authorships__person")
    return [
        CitedResult(result.mission, [_cited(result.mission, passage, root) for passage in result.passages])
        for result in results
    ]


def _cited(mission: Mission, passage: Passage, root: str) -> CitedPassage:
    address = f"{root}{passage.url}"
    key = f"m{mission.pk}-{passage.url.partition('#')[2]}"
    return CitedPassage(passage, quotation(passage.text, mission, passage.section_label, address), key)
