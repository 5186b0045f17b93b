"""The answer of a search, and suggestions, as data (`edition` is the book's first year)."""

from collections.abc import Iterable
from typing import Any

from projects.facets import FacetCount
from projects.search.suggestions import Suggestion
from projects.selection import Result, Selection


def page_json(selection: Selection) -> dict[str, Any]:
    """The page that was asked for: past the end, it has no result."""
    asked = str(selection.data.get("page", ""))
    number = int(asked[:9]) if asked.isdecimal() else 1
    results = selection.results if number <= selection.current.paginator.num_pages else []
    return _answer(selection, results, max(number, 1), selection.current.paginator.num_pages)


def whole_json(selection: Selection) -> dict[str, Any]:
    """Every result at once."""
    return _answer(selection, selection.results_of(selection.ids), 1, 1)


def suggestions_json(suggestions: Iterable[Suggestion]) -> dict[str, Any]:
    return {"suggestions": [suggestion.as_json() for suggestion in suggestions]}


def _answer(selection: Selection, results: list[Result], page: int, pages: int) -> dict[str, Any]:
    """`corrected`: the query that was run instead, or null; « Chercher dans » is the last facet of words."""
    facets = [*selection.facets, selection.within_count] if selection.query else selection.facets
    return {
        "count": selection.count,
        "page": page,
        "pages": pages,
        "results": [_result(result) for result in results],
        "corrected": selection.corrected or None,
        "facets": [_facet(facet) for facet in facets],
    }


def _facet(facet: FacetCount) -> dict[str, Any]:
    """The counts obey the other filters, not the facet's own choice."""
    return {
        "parameter": facet.parameter,
        "label": facet.label,
        "values": [
            {"value": each.value, "label": each.label, "count": each.count, "selected": each.selected}
            for each in facet.values
        ],
    }


def _result(result: Result) -> dict[str, Any]:
    mission = result.mission
    return {
        "number": mission.number,
        "edition": mission.edition or None,
        "slug": mission.slug,
        "title": mission.title,
        "collectivities": list(mission.places),
        "passages": [{"section": passage.section, "html": passage.html} for passage in result.passages],
    }
