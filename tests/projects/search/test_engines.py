"""SQLite and PostgreSQL answer alike: the demo catalogue's answers are kept in a file, and the suite runs on both.

When the ranking is meant to change: `SEARCH_ANSWERS=write .venv/bin/pytest tests/projects/search/test_engines.py`
writes the file again; its difference shows which queries moved.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from casebook.text import fold
from projects.models import Mission
from projects.search.checking import check
from projects.search.suggestions import suggestions
from projects.selection import Selection

pytestmark = pytest.mark.django_db

ANSWERS = Path(__file__).parent / "demo_answers.json"
QUERIES = Path(__file__).parent.parent / "search_queries"


def answers() -> dict[str, dict[str, Any]]:
    """For each judged query: the fiches in order (0 is Saint-Étienne's) and what is said, or the suggestions."""
    fiches = {pk: number if year else 0 for pk, year, number in Mission.objects.values_list("pk", "edition", "number")}
    found: dict[str, dict[str, Any]] = {}
    for half in ("tuning", "held_out"):
        for row in json.loads((QUERIES / f"{half}.json").read_text(encoding="utf-8"))["queries"]:
            if row["mode"] == "prefix":
                found[row["id"]] = {"offered": [f"{each.kind} {each.label}" for each in suggestions(row["query"])]}
                continue
            selection = Selection({"q": row["query"]})
            found[row["id"]] = {"fiches": [fiches[pk] for pk in selection.ids]}
            found[row["id"]] |= {"notices": selection.notices} if selection.notices else {}
            found[row["id"]] |= {"corrected": selection.corrected} if selection.corrected else {}
    return found


def test_every_query_is_answered_as_on_the_other_engine(demo_catalogue: None) -> None:
    found = answers()
    if os.environ.get("SEARCH_ANSWERS") == "write":
        lines = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in found.items()]
        ANSWERS.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")

    assert found == json.loads(ANSWERS.read_text(encoding="utf-8"))


def test_no_result_stands_without_a_reason(demo_catalogue: None) -> None:
    unexplained = [
        (row["query"], result.mission.title)
        for half in ("tuning", "held_out")
        for row in json.loads((QUERIES / f"{half}.json").read_text(encoding="utf-8"))["queries"]
        for result in Selection({"q": row["query"]}).results
        if not result.passages and not row["query"].startswith("-")
    ]

    assert unexplained == []


@pytest.mark.parametrize("sort", ["recueil", "ancien", "titre"])
def test_every_order_is_the_one_that_python_makes(demo_catalogue: None, sort: str) -> None:
    """The demo has one mission without edition, and titles that databases would sort each in its way."""
    missions = list(Mission.objects.published().select_related("edition"))
    keys = {
        "recueil": lambda m: (m.edition is None, m.number),
        "ancien": lambda m: (m.edition is None, m.number),
        "titre": lambda m: fold(m.title),
    }

    assert Selection({"tri": sort}).ids == [mission.pk for mission in sorted(missions, key=keys[sort])]


def test_index_of_the_demo_is_right(demo_catalogue: None) -> None:
    assert check().differences == []
