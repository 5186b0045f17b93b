"""The corpus and its judged queries: what the scorer measures does not get worse."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from projects.search.checking import check
from projects.search.suggestions import suggestions
from projects.search_json import suggestions_json, whole_json
from projects.selection import Selection

pytestmark = [pytest.mark.corpus, pytest.mark.django_db]

OWN = Path(__file__).parent.parent / "search_queries"


class Here:
    """The search as the scorer asks for it, in this process."""

    def search(self, query: str) -> tuple[list[dict[str, Any]], int]:
        answer = json.loads(json.dumps(whole_json(Selection({"q": query}))))
        return answer["results"], answer["count"]

    def suggest(self, query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(json.dumps(suggestions_json(suggestions(query))))["suggestions"]
        return found


@pytest.fixture(scope="module")
def scorer(shared: Path) -> Any:
    spec = importlib.util.spec_from_file_location("score_search", shared / "tools" / "score_search.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measured(scorer: Any, path: Path, kept: bool | None = None) -> tuple[dict[str, float], list[str]]:
    """The measures of a file of queries, and the queries whose first answer is not one of those expected.

    `kept`: only those that were kept unopened while the search was tuned, or only the others.
    """
    queries = json.loads(path.read_text(encoding="utf-8"))["queries"]
    queries = [query for query in queries if kept is None or query["heldout"] == kept]
    rows = [scorer.run_query(query, Here(), "2019") for query in queries]
    missed = [f"{row['id']} {row['query']}: {row['got'][:5]} {row['error'] or ''}" for row in rows if row["rank"] != 1]
    return scorer.measures(rows), missed


def test_judged_queries_find_their_fiches(corpus_catalogue: None, scorer: Any, shared: Path) -> None:
    score, missed = measured(scorer, shared / "gold" / "search-queries.json")

    assert score["hit1"] >= 0.97, missed
    assert score["hit3"] == 1, missed
    assert score["mrr"] >= 0.98, missed
    assert score["also"] == 1
    assert (score["violations"], score["faults"], score["errors"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("name", "kept", "hit1", "hit3", "mrr"),
    [
        ("tuning", None, 0.99, 0.99, 0.99),
        ("held_out", None, 0.98, 0.99, 0.99),
        ("fresh", None, 0.93, 0.98, 0.95),
        ("fresh_two", False, 0.97, 1, 0.98),
        ("fresh_two", True, 0.97, 1, 0.98),
        ("fresh_three", None, 0.9, 0.96, 0.93),
    ],
)
def test_own_queries_find_their_fiches(
    corpus_catalogue: None, scorer: Any, name: str, kept: bool | None, hit1: float, hit3: float, mrr: float
) -> None:
    score, missed = measured(scorer, OWN / f"{name}.json", kept)

    assert score["hit1"] >= hit1, missed
    assert score["hit3"] >= hit3, missed
    assert score["mrr"] >= mrr, missed
    assert (score["violations"], score["faults"], score["errors"]) == (0, 0, 0), missed


def test_index_of_the_corpus_is_right(corpus_catalogue: None) -> None:
    assert check().differences == []
