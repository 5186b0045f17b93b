import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command, execute_from_command_line
from django.test import Client

from projects import search
from projects.models import Mission, Section
from projects.models.mission import State
from tests.factories import make_collectivity, make_mission

pytestmark = pytest.mark.django_db


def run(query: str, *options: str) -> str:
    out = StringIO()
    call_command("search", query, *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def two_missions() -> list[Mission]:
    place = make_collectivity("La Ciotat")
    text = {Section.Kind.CONTEXTE: "<p>L’accueil & la <strong>mairie</strong>.</p>"}
    titled = make_mission("Accueil", number=9, collectivities=[place])
    told = make_mission("Autre", number=4, collectivities=[place], texts=text)
    told.edition = told.number = None
    told.save()
    search.reindex([told])
    make_mission("Accueil secret", state=State.DRAFT)
    return [titled, told]


def test_json_gives_every_result_best_first(two_missions: list[Mission], client: Client) -> None:
    titled, told = two_missions

    assert json.loads(run("l’accueil", "--format", "json")) == {
        "count": 2,
        "page": 1,
        "pages": 1,
        "results": [
            {
                "number": 9,
                "edition": "2019",
                "slug": titled.slug,
                "title": "Accueil",
                "collectivities": ["La Ciotat"],
                "passages": [{"section": "title", "html": "<mark>Accueil</mark>"}],
            },
            {
                "number": None,
                "edition": None,
                "slug": told.slug,
                "title": "Autre",
                "collectivities": ["La Ciotat"],
                "passages": [{"section": "contexte", "html": "L’<mark>accueil</mark> &amp; la mairie."}],
            },
        ],
        "corrected": None,
        "facets": client.get("/api/missions/?q=accueil").json()["facets"],
    }


def test_text_can_be_read(two_missions: list[Mission]) -> None:
    titled, told = two_missions

    assert run("accueil").splitlines() == [
        "2\u00a0missions pour «\u00a0accueil\u00a0»",
        "",
        "09 Accueil",
        f"   La Ciotat · 2019/2020 · {titled.get_absolute_url()}",
        "   Titre\u00a0: *Accueil*",
        "",
        "Autre",
        f"   La Ciotat · édition non précisée · {told.get_absolute_url()}",
        "   Contexte\u00a0: L’*accueil* & la mairie.",
    ]


@pytest.mark.parametrize("query", ["", "?!", '"', "a" * 3000, "\x00", "\udcff", "-"])
def test_any_query_gives_json(two_missions: list[Mission], query: str) -> None:
    answer: dict[str, Any] = json.loads(run(query, "--format", "json"))

    assert answer["count"] == len(answer["results"])
    assert answer["corrected"] is None


def test_suggestions_are_those_of_the_site(two_missions: list[Mission]) -> None:
    titled, _ = two_missions

    suggestions = json.loads(run("accu", "--format", "json", "--suggest"))["suggestions"]

    assert suggestions[0] == {
        "kind": "mission",
        "label": "Accueil",
        "url": titled.get_absolute_url(),
        "typed": [[0, 4]],
        "number": 9,
        "edition": "2019",
        "collectivities": ["La Ciotat"],
    }
    assert [each["kind"] for each in suggestions[:2]] == ["mission", "mission"]
    assert run("accu", "--suggest").splitlines()[0] == f"Accueil · {titled.get_absolute_url()}"


@pytest.mark.parametrize("query", ["", "?!", '"', "a" * 10_000, "\x00", "\udcff acc", "-"])
def test_any_beginning_gives_suggestions_in_json(two_missions: list[Mission], query: str) -> None:
    assert list(json.loads(run(query, "--format", "json", "--suggest"))) == ["suggestions"]


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (["-annexes", "--format", "json"], 1),
        (["-accueil", "--format", "json"], 0),
        (["--accueil", "--format", "json"], 2),
        (["--format", "json", "--", "-accueil"], 0),
        (["--format=json", "--", "--format"], 0),
    ],
)
def test_query_that_begins_with_a_hyphen_is_no_option(
    two_missions: list[Mission], capsys: pytest.CaptureFixture[str], arguments: list[str], count: int
) -> None:
    execute_from_command_line(["manage.py", "search", *arguments])

    assert json.loads(capsys.readouterr().out)["count"] == count
