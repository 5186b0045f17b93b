"""The results of a page as the list shows them: each passage with what a reader copies of it."""

from collections.abc import Iterable

from django.utils.safestring import SafeString

from casebook.components import filled
from projects.cards import card
from projects.citations import quotation
from projects.search import Passage
from projects.selection import Result


def cited(results: Iterable[Result], root: str) -> list[SafeString]:
    """Their cards. `root` is the site's own address, without a final slash."""
    return [card(result.mission, (_cited(result, passage, root) for passage in result.passages)) for result in results]


def _cited(result: Result, passage: Passage, root: str) -> SafeString:
    """What is no extract is not cited."""
    address = f"{root}{passage.url}"
    copied = quotation(passage.text, result.reference, passage.section_label, address) if passage.is_extract else ""
    return filled(
        "components/_passage.html",
        url=f"{passage.url}{passage.between}",
        label=passage.section_label,
        html=passage.html,
        quotation=str(copied),
        key=f"m{result.mission.pk}-{passage.url.partition('#')[2]}",
    )
