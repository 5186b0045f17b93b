"""Whatever is asked, by whichever way: an answer that can be shown, and the same few SQL queries."""

import json
import re
from collections.abc import Callable
from io import StringIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis.extra.django import TestCase

from projects.models import KeyFigure
from projects.search import reindex, search
from projects.search.suggestions import suggestions
from projects.selection import Selection
from tests.factories import make_collectivity, make_method, make_mission
from tests.projects.search.any_text import any_text
from tests.projects.search.catalogue import synonyms, told

pytestmark = pytest.mark.django_db

HOSTILE = {
    "nothing": "",
    "spaces": " \t\n\u00a0\u202f",
    "nul": "\x00",
    "nul between words": "mairie\x00accueil",
    "3 000 characters": "mairie " * 430,
    "10 000 characters": "mairie accueil " * 670,
    "one word of 3 000 letters": "a" * 3_000,
    "3 000 combining marks": "e" + "\u0301" * 3_000,
    "300 quotes": '"' * 300,
    "300 French quotes": "«" * 300,
    "unbalanced quotes": '"accueil "mairie" " -"',
    "many expressions": '"accueil mairie" ' * 17,
    "many other expressions": " ".join(f'"accueil lieu{rank}"' for rank in range(17)),
    "many expressions in OU": " OU ".join(f'"mairie x{rank}"' for rank in range(22)),
    "many unknown words": " ".join(f"inconnu{chr(97 + rank)}" for rank in range(25)),
    "many unknown words in OU": " OU ".join(f"inconn{chr(97 + rank)}" for rank in range(24)),
    "many typing errors": "acceuil miarie " * 20,
    "many beginnings": " ".join(["accue", "mairi", "intercommu", "réorga", "servic"] * 5),
    "many exclusions": " ".join(f"-mot{rank}" for rank in range(40)),
    "exclusions of expressions": '-"accueil mairie" ' * 16,
    "percent": "%",
    "underscore": "_",
    "star": "*",
    "wildcards": "%mairie% _accueil_ acc*",
    "backslashes": "\\ \\\\ \\' mairie\\",
    "regular expression": "(a+)+$ [a-z]* ^mairie",
    "SQL": "'; DROP TABLE projects_mission; --",
    "HTML": "<script>alert(1)</script> mairie & &amp; <mark>",
    "Greek": "Δήμος και υποδοχή",
    "Arabic": "بلدية والاستقبال",
    "Chinese": "市政府接待處",
    "Hebrew, right to left": "\u202eעירייה\u202c",
    "emoji": "👩\u200d💻 🏛️ mairie 🎉",
    "lone surrogates": "\ud800 mairie \udfff",
    "noncharacters": "\ufffe\uffff \U0010ffff mairie",
    "OU": "OU OU OU",
    "ET and OU": "ET OU ET",
    "stopwords and an exclusion": "de la -mairie",
    "hyphen": "-",
    "hyphens": "- -- --- -",
    "option": "--a",
    "only stopwords": "de la des à et ou",
    "one letter": "a",
    "digits": "3 000 000 2019-2020 1^{er}",
    "parentheses": "((((mairie))))",
    "an acronym to spell": "a b c d e f g h i j k l",
}


@pytest.fixture
def catalogue() -> None:
    """A place for each rule to find something: a synonym, an acronym, an expression, a method, a draft."""
    synonyms("GPEC", "gestion prévisionnelle des emplois")
    told("Accueil de la mairie", contexte="Une ABC. L’accueil, une mairie, l’intercommunalité.")
    make_mission(
        "Réorganiser le service",
        collectivities=[make_collectivity("Ville A")],
        methods=[make_method("Persona", synonyms=["profil type"])],
    )
    make_mission("Secret", state="brouillon")


def cost(ask: Callable[[str], Any], text: str) -> int:
    ask("mairie")  # what the process remembers is read once per writing
    with CaptureQueriesContext(connection) as queries:
        ask(text)
    return len(queries)


def by_suggestions(text: str) -> None:
    for each in suggestions(text):
        assert (each.label + each.url).encode()


def by_selection(text: str) -> None:
    selection = Selection({"q": text})
    said = [selection.heading, selection.query, selection.corrected, selection.url(), *selection.notices]
    shown = [result.passages for result in selection.results]
    assert "".join([*said, selection.literal_url]).encode()
    assert len(shown) == min(selection.count, 10)
    assert selection.facets or not selection.memory.total


# What a query costs at most, whatever its words and expressions: the index's state, the postings of what was typed and
# of what it was corrected to, the places of expressions, their stopwords, the documents of the first ones.
WAYS: dict[str, tuple[Callable[[str], Any], int]] = {
    "search": (lambda text: search(text).ids, 6),
    "literal": (lambda text: search(text, literal=True, within=1 << 8).ids, 5),
    "suggestions": (by_suggestions, 10),
    "selection": (by_selection, 16),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_costs_no_more_queries_than_another(catalogue: None, name: str) -> None:
    costs = {way: cost(ask, HOSTILE[name]) for way, (ask, _) in WAYS.items()}

    assert {way: queries for way, queries in costs.items() if queries > WAYS[way][1]} == {}


@pytest.mark.parametrize("number", [1, 8])
def test_number_of_queries_does_not_grow_with_words_and_expressions(catalogue: None, number: int) -> None:
    unknown = " ".join(f"x{letter * 5}q" for letter in "bdfgklmp"[:number])
    beginnings = " ".join(("accue", "mairi", "intercommu", "réorga", "servic", "chang", "annex", "ordin")[:number])
    errors = " OU ".join(f"acceui{letter}" for letter in "lbcdfghj"[:number])
    expressions = " OU ".join(f'"l’accueil, une mairie{" annexe" * rank}"' for rank in range(number))
    excluded = " ".join(f'-"une mairie{" annexe" * rank}"' for rank in range(number))
    bounds = " ".join(f"plus de {rank} mairies" for rank in range(number))

    mission = make_mission("Chiffres")
    KeyFigure.objects.create(mission=mission, position=1, value="3", number=3, label="mairies")
    reindex([mission])

    def steady(text: str) -> int:
        search(text)  # now the process knows what it keeps of the index
        return cost(search, text)

    # the index's state and the postings; those of another spelling; places and stopwords; the figures
    assert steady(unknown) == 2
    assert steady(beginnings) == 3
    assert steady(errors) == 3
    assert steady(expressions) == 4
    assert steady(f"{unknown} {excluded}") == 4
    assert steady(bounds) == 3


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_over_http_gives_pages_and_json(catalogue: None, client: Client, name: str) -> None:
    address = urlencode({"q": HOSTILE[name]}, errors="surrogatepass")

    page = client.get(f"/missions/?{address}")
    answer = client.get(f"/api/missions/?{address}")
    offered = client.get(f"/api/suggestions/?{address}")

    assert (page.status_code, answer.status_code, offered.status_code) == (200, 200, 200)
    assert "<script>alert" not in page.text
    found = json.loads(answer.content)
    assert found["count"] >= len(found["results"])
    assert "Secret" not in [result["title"] for result in found["results"]]
    for html in [passage["html"] for result in found["results"] for passage in result["passages"]]:
        assert not re.findall("<(?!/?mark>)", html)
    assert set(json.loads(offered.content)) == {"suggestions"}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_at_the_command_gives_json(catalogue: None, name: str) -> None:
    found, offered = StringIO(), StringIO()

    call_command("search", "--format", "json", "--", HOSTILE[name], stdout=found)
    call_command("search", "--format", "json", "--suggest", "--", HOSTILE[name], stdout=offered)

    answer = json.loads(found.getvalue().encode())
    assert answer["count"] == len(answer["results"])
    assert set(json.loads(offered.getvalue().encode())) == {"suggestions"}


@pytest.mark.parametrize("parameter", ["theme", "methode", "type", "dans", "tri", "page", "litteral"])
def test_hostile_parameters_are_dropped(catalogue: None, client: Client, parameter: str) -> None:
    for value in ("\x00", "\ud800", "a" * 3_000, "'; --", "%", "-1", "9" * 400, "٣", "²"):
        address = urlencode({"q": "mairie", parameter: value}, errors="surrogatepass")

        assert client.get(f"/missions/?{address}").status_code == 200, value
        assert client.get(f"/api/missions/?{address}").status_code in {200, 404}, value


class AnyText(TestCase):
    def setUp(self) -> None:
        told("Mot", contexte="mot a b OU œuvre co-construction, avant-projet, 3 000, l’acteur·rice")

    @given(any_text)
    @settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_any_text_is_answered(self, text: str) -> None:
        by_selection(text)
        by_suggestions(text)
