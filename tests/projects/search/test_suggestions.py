"""What is offered while typing: kinds in order, the last word unfinished, nothing that is not public."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis.extra.django import TestCase

from projects.models.mission import State
from projects.search.suggestions import MOST, Suggestion, suggestions
from tests.factories import make_collectivity, make_domain, make_method, make_mission, make_theme
from tests.projects.search.any_text import any_text
from tests.projects.search.catalogue import told

pytestmark = pytest.mark.django_db


def shown(text: str, kind: str = "") -> list[Any]:
    found = suggestions(text)
    return [each.label for each in found if each.kind == kind] if kind else [(each.kind, each.label) for each in found]


def test_each_kind_is_offered_in_order_and_leads_to_its_page() -> None:
    place, theme, domain = make_collectivity("Métropole A"), make_theme("Métier"), make_domain("Métaux")
    method = make_method("Métaplan")
    mission = make_mission("Métro", number=7, collectivities=[place], theme=theme, domains=[domain], methods=[method])
    make_mission(
        "Météo",
        collectivities=[make_collectivity("Métabief")],
        theme=make_theme("Métiers secrets", 2),
        domains=[make_domain("Météorologie")],
        methods=[make_method("Métriques")],
        state=State.DRAFT,
    )

    found = suggestions("mét")

    assert [replace(each, typed=()) for each in found if each.kind != "query"] == [
        Suggestion("mission", "Métro", mission.get_absolute_url(), mission),
        Suggestion("method", "Métaplan", method.get_absolute_url()),
        Suggestion("collectivity", "Métropole A", place.get_absolute_url()),
        Suggestion("theme", "Métier", theme.get_absolute_url()),
        Suggestion("theme", "Métaux", "/missions/?domaine=metaux"),
    ]
    assert found[0].as_json() == {
        "kind": "mission",
        "label": "Métro",
        "url": mission.get_absolute_url(),
        "typed": ((0, 3),),
        "number": 7,
        "edition": "2019",
        "collectivities": ["Métropole A"],
    }
    assert {each.label for each in found if each.kind == "query"} <= {
        "Métaplan",
        "Métaux",
        "Métier",
        "Métro",
        "Métropole",
    }


def test_last_word_is_unfinished_and_the_others_are_not() -> None:
    told("Un", contexte="Une mairie annexe.")
    told("Deux", contexte="Un annexe mairial.")

    assert sorted(shown("annexe mai", "mission")) == ["Deux", "Un"]
    assert shown("mairie anne", "mission") == ["Un"]


def test_mission_whose_place_is_being_typed_comes_first() -> None:
    told("Les études", contexte="Un saint, une étude, une autre étude.")
    make_mission("Le plan", collectivities=[make_collectivity("Ville de Saint-Étienne")])

    assert shown("saint-ét", "mission") == ["Le plan", "Les études"]


def test_queries_finish_the_word_and_keep_what_was_typed_before() -> None:
    told("Un", contexte="Un œuvrier d’hôtel, une œuvre.")

    assert shown("Bel  hôt", "query") == ["Bel hôtel"]
    assert shown("l’œuv", "query") == ["l’œuvre", "l’œuvrier"]
    assert shown("hôtel", "query") == []
    assert shown("hôt ", "query") == []


def test_accents_and_case_do_not_matter() -> None:
    make_mission("Le métro")

    assert shown("METR", "mission") == shown("métr", "mission") == ["Le métro"]


@pytest.mark.parametrize("text", ["", " ", "m", "?!", "-", '"', "\x00", "\ud800", "% _"])
def test_too_little_is_no_suggestion(text: str) -> None:
    make_mission("Le métro")

    assert suggestions(text) == []


def test_no_more_than_ten() -> None:
    for rank in range(12):
        make_mission(
            f"Métro {rank}",
            collectivities=[make_collectivity(f"Métropole {rank}")],
            methods=[make_method(f"Métaplan {rank}")],
            domains=[make_domain(f"Métaux {rank}")],
        )

    found = suggestions("mét")

    assert len(found) == MOST
    assert [each.kind for each in found][:7] == ["mission"] * 5 + ["method"] * 2


@pytest.mark.parametrize("missions", [1, 3])
@pytest.mark.parametrize("text", ["mét", "une mairie annexe et un mét"])
def test_queries_are_as_many_whatever_is_found(missions: int, text: str) -> None:
    for rank in range(missions):
        make_mission(f"Métro de la mairie annexe {rank}", methods=[make_method(f"Métaplan {rank}")])
    suggestions(text)  # the memory of the process is read once per writing

    with CaptureQueriesContext(connection) as queries:
        suggestions(text)

    assert len(queries) <= 12


class AnyText(TestCase):
    @given(any_text)
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_any_text_gives_suggestions_that_can_be_shown(self, text: str) -> None:
        told("Mot", contexte="mot a b OU œuvre")

        for each in suggestions(text):
            assert (each.label + each.url).encode()
            assert "\x00" not in each.label


def test_what_was_typed_is_told_in_each_label_whatever_the_accents() -> None:
    make_mission("L’accueil et le réaccueil de l’Écomusée")

    def typed(text: str) -> list[str]:
        (found,) = (each for each in suggestions(text) if each.kind == "mission")
        return [found.label[start:end] for start, end in found.typed]

    assert typed("accu") == ["accu"]
    assert typed("acc eco") == ["acc", "Éco"]
    assert typed("le accueil écom") == ["accueil", "Écom"]
