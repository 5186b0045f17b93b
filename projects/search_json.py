"""The answer of a search as data (`edition` is the book's first year)."""

from typing import Any

from projects.selection import Result


def result_json(result: Result) -> dict[str, Any]:
    mission = result.mission
    return {
        "number": mission.number,
        "edition": mission.edition.slug if mission.edition else None,
        "slug": mission.slug,
        "title": mission.title,
        "collectivities": [collectivity.display_name for collectivity in mission.collectivity_list],
        "passages": [{"section": passage.section, "html": passage.html} for passage in result.passages],
    }


def answer_json(results: list[Result], count: int, page: int, pages: int) -> dict[str, Any]:
    """`corrected` stays null: this engine runs a query as it was typed."""
    return {
        "count": count,
        "page": page,
        "pages": pages,
        "results": [result_json(result) for result in results],
        "corrected": None,
    }
