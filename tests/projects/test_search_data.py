"""The search's data files hold together: groups of synonyms, and the judged queries of the two halves."""

import json
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from casebook.text import fold, slug
from projects.search.synonyms import BROADER

SYNONYMS = Path(settings.BASE_DIR) / "fixtures" / "reference" / "synonyms.json"
QUERIES = Path(__file__).parent / "search_queries"
HALVES = ("tuning", "held_out")
# An acronym with several meanings, or one that is a word, would pull the wrong missions.
AMBIGUOUS = {"ca", "cap", "cia", "cdc", "ct", "dd", "pre", "sem", "si", "vae", "notre", "plus", "cet", "data", "ville"}


@pytest.fixture(scope="module")
def groups():
    return json.loads(SYNONYMS.read_text(encoding="utf-8"))


def queries(half):
    return json.loads((QUERIES / f"{half}.json").read_text(encoding="utf-8"))["queries"]


def test_there_are_enough_groups_of_two_terms_or_more(groups):
    assert len(groups) >= 250
    assert [group["group"] for group in groups if set(group) != {"group", "terms"} or len(group["terms"]) < 2] == []


def test_group_names_are_unique_slugs_in_order(groups):
    names = [group["group"] for group in groups]
    assert names == sorted(set(names))
    assert [name for name in names if name != slug(name)] == []


def test_a_term_stands_in_one_group_only(groups):
    seen = Counter(fold(term) for group in groups for term in group["terms"] if not term.startswith(BROADER))
    assert [term for term, times in seen.items() if times > 1] == []


def test_terms_are_written_in_natural_french(groups):
    terms = [term for group in groups for term in group["terms"]]
    assert [term for term in terms if term != term.strip() or "'" in term or "  " in term] == []


def test_no_term_is_a_known_ambiguous_word(groups):
    assert AMBIGUOUS & {fold(term) for group in groups for term in group["terms"]} == set()


@pytest.mark.parametrize("half", HALVES)
def test_queries_have_the_shape_that_the_scorer_reads(half):
    rows = queries(half)
    assert len(rows) >= 110
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["mode"] in ("search", "prefix"), row["id"]
        assert row["query"].strip(), row["id"]
        assert row["why"].strip(), row["id"]
        assert row["expected"], row["id"]
        assert set(row["expected"] + row["also"] + row["must_not"]) <= set(range(23)), row["id"]
        assert not set(row["must_not"]) & set(row["expected"] + row["also"]), row["id"]


def test_the_halves_are_alike_and_share_no_query():
    tuning, held_out = (queries(half) for half in HALVES)
    assert Counter(row["category"] for row in tuning) == Counter(row["category"] for row in held_out)
    assert {fold(row["query"]) for row in tuning} & {fold(row["query"]) for row in held_out} == set()


@pytest.mark.parametrize("half", HALVES)
def test_every_fiche_is_asked_for(half):
    assert {number for row in queries(half) for number in row["expected"]} == set(range(23))
