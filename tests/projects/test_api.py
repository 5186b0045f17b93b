"""The JSON of the search, exactly as its contract says, for any query whatever."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from projects.facets import FacetValue
from projects.models import KeyFigure, Mission, Section
from projects.models.mission import State
from projects.search import reindex
from projects.selection import Selection
from projects.workflow import withdraw
from tests.factories import make_collectivity, make_domain, make_method, make_mission, make_theme

pytestmark = pytest.mark.django_db

HOSTILE = [
    "",
    "%20",
    "?!,;",
    "%22",
    "%22" * 300,
    "%22a%20b",
    "%00",
    "a%00b",
    "a" * 3000,
    "a+" * 1500,
    "-",
    "-%22",
    "*",
    "%25_",
    "%ED%A0%80",
    "%FF%FE",
    "%D0%9C%D0%B8%D1%80",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "%27%20OR%201=1--",
]


def answer(client: Client, query_string: str = "") -> Any:
    response = client.get(f"/api/missions/?{query_string}")
    assert response.status_code == 200
    return response.json()


def suggested(client: Client, query: str) -> list[dict[str, Any]]:
    response = client.get("/api/suggestions/", {"q": query})
    assert response.status_code == 200
    assert list(response.json()) == ["suggestions"]
    return list(response.json()["suggestions"])


def test_answer_is_what_the_contract_says(client: Client) -> None:
    mission = make_mission(
        "Stratégie",
        number=9,
        collectivities=[make_collectivity("La Ciotat"), make_collectivity("Métropole")],
        texts={Section.Kind.CONTEXTE: "<p>Le <em>réaccueil</em> & l’accueil <strong>neuf</strong>.</p>"},
    )
    make_mission("Accueil secret", state=State.DRAFT)

    assert answer(client, "q=accueil") == {
        "count": 1,
        "page": 1,
        "pages": 1,
        "results": [
            {
                "number": 9,
                "edition": "2019",
                "slug": mission.slug,
                "title": "Stratégie",
                "collectivities": ["La Ciotat", "Métropole"],
                "passages": [{"section": "contexte", "html": "Le réaccueil &amp; l’<mark>accueil</mark> neuf."}],
            }
        ],
        "corrected": None,
        "facets": json_facets(Selection({"q": "accueil"})),
    }


def json_facets(selection: Selection) -> list[dict[str, Any]]:
    facets = [*selection.facets, selection.within_count]
    return [{"parameter": f.parameter, "label": f.label, "values": [value_of(v) for v in f.values]} for f in facets]


def value_of(value: FacetValue) -> dict[str, Any]:
    return {"value": value.value, "label": value.label, "count": value.count, "selected": value.selected}


def test_mission_of_no_known_edition_has_null(client: Client) -> None:
    mission = make_mission("Accueil")
    Mission.objects.filter(pk=mission.pk).update(edition=None, number=None)
    reindex([mission])

    (result,) = answer(client, "q=accueil")["results"]

    assert (result["edition"], result["number"]) == (None, None)


def test_correction_is_given_and_can_be_refused(client: Client) -> None:
    make_mission("Le réseau d’assainissement")

    assert answer(client, "q=assainisement")["corrected"] == "assainissement"
    literal = answer(client, "q=assainisement&litteral=1")
    assert (literal["count"], literal["results"], literal["corrected"]) == (0, [], None)


def test_every_mission_is_once_on_the_pages_and_past_the_end_there_is_none(client: Client) -> None:
    for number in range(1, 24):
        make_mission("Accueil", number=number)

    pages = [answer(client, f"q=accueil&page={page}") for page in (1, 2, 3, 4, "9" * 5000)]

    numbers = [result["number"] for page in pages for result in page["results"]]
    assert sorted(numbers) == list(range(1, 24))
    assert [len(page["results"]) for page in pages] == [10, 10, 3, 0, 0]
    assert [(page["count"], page["page"], page["pages"]) for page in pages[:4]] == [(23, n, 3) for n in range(1, 5)]


@pytest.mark.parametrize("page", ["0", "-1", "abc", "1.5", "%00", "", "²"])
def test_page_that_is_no_number_is_the_first(client: Client, page: str) -> None:
    make_mission("Accueil")

    found = answer(client, f"q=accueil&page={page}")

    assert (found["page"], len(found["results"])) == (1, 1)


def test_answer_obeys_the_same_filters_as_the_list(client: Client) -> None:
    make_mission("Accueil", number=1, theme=make_theme("Piloter ensemble", 1), domains=[make_domain("Culture")])
    make_mission("Accueil", number=2, theme=make_theme("Travailler autrement", 2))

    assert [found["number"] for found in answer(client, "theme=travailler-autrement")["results"]] == [2]
    assert [found["number"] for found in answer(client, "q=accueil&domaine=culture")["results"]] == [1]
    assert answer(client, "q=accueil&dans=zoom")["count"] == 0


@pytest.mark.parametrize("query", HOSTILE)
def test_any_query_is_answered(client: Client, query: str) -> None:
    make_mission("Accueil")

    found = client.get(f"/api/missions/?q={query}")
    suggestions = client.get(f"/api/suggestions/?q={query}")

    assert (found.status_code, suggestions.status_code) == (200, 200)
    assert list(found.json()) == ["count", "page", "pages", "results", "corrected", "facets"]
    assert len(suggestions.json()["suggestions"]) <= 10


def test_passages_hold_no_tag_but_mark(client: Client) -> None:
    make_mission("M", texts={Section.Kind.CONTEXTE: "<p>Un accueil &lt;script&gt;alert(1)&lt;/script&gt;</p>"})

    (result,) = answer(client, "q=accueil")["results"]

    assert re.findall("<[^>]*>", result["passages"][0]["html"]) == ["<mark>", "</mark>"]
    assert "&lt;script&gt;" in result["passages"][0]["html"]


def test_suggestions_are_of_every_kind_and_lead_somewhere(client: Client) -> None:
    place = make_collectivity("Atelierville")
    mission = make_mission(
        "Ateliers du soir",
        number=3,
        collectivities=[place],
        theme=make_theme("Ateliers partagés", 1),
        methods=[make_method("Atelier créatif")],
    )
    make_mission("Atelier secret", methods=[make_method("Atelier caché")], state=State.DRAFT)

    found = suggested(client, "atel")

    assert found[0] == {
        "kind": "mission",
        "label": "Ateliers du soir",
        "url": mission.get_absolute_url(),
        "typed": [[0, 4]],
        "number": 3,
        "edition": "2019",
        "collectivities": ["Atelierville"],
    }
    assert [each["kind"] for each in found[:4]] == ["mission", "method", "collectivity", "theme"]
    assert {each["kind"] for each in found[4:]} <= {"query"}
    assert [client.get(each["url"]).status_code for each in found] == [200] * len(found)
    assert not re.search("secret|caché", json.dumps(found, ensure_ascii=False))


def test_one_letter_suggests_nothing(client: Client) -> None:
    make_mission("Accueil")

    assert suggested(client, "a") == []
    assert suggested(client, "ac") != []


@pytest.mark.parametrize("address", ["/api/missions/?q=accueil", "/api/suggestions/?q=acc"])
def test_data_is_public_checked_each_time_and_sets_no_cookie(client: Client, address: str) -> None:
    make_mission("Accueil")

    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    make_mission("Accueil encore")
    changed = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert first["Content-Type"] == "application/json"
    assert {part.strip() for part in first["Cache-Control"].split(",")} == {"public", "no-cache"}
    assert "Cookie" not in first.get("Vary", "")
    assert not first.cookies
    assert (again.status_code, changed.status_code) == (304, 200)


def test_what_is_unpublished_is_gone_from_the_next_answer(client: Client) -> None:
    mission = make_mission("Accueil")
    assert answer(client, "q=accueil")["count"] == 1

    withdraw(mission)

    assert answer(client, "q=accueil")["count"] == 0
    assert suggested(client, "accu") == []


@pytest.mark.parametrize("missions", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [("/api/missions/?q=accueil", 3), ("/api/suggestions/?q=acc", 5)])
def test_data_costs_a_fixed_number_of_queries(
    client: Client, missions: int, address: str, queries: int, django_assert_num_queries: Any
) -> None:
    for _ in range(missions):
        mission = make_mission("Accueil", domains=[make_domain("Culture")], methods=[make_method()])
        KeyFigure.objects.create(mission=mission, position=1, value="3", label="mairies")
    client.get(address)  # now the process knows the index

    with django_assert_num_queries(queries):
        response = client.get(address)

    assert response.status_code == 200
