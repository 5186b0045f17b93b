from typing import Any

import pytest
from django.http import QueryDict

from projects import search
from projects.models import Mission
from projects.models.mission import State
from projects.selection import Pill, Selection
from tests.factories import make_collectivity, make_domain, make_edition, make_method, make_mission, make_theme

pytestmark = pytest.mark.django_db


def select(query_string: str = "") -> Selection:
    return Selection(QueryDict(query_string))


def titles(selection: Selection) -> list[str]:
    missions = Mission.objects.in_bulk(selection.ids)
    return [missions[pk].title for pk in selection.ids]


@pytest.fixture
def book() -> None:
    """Three missions of two editions under two themes, one without edition, and a draft of each."""
    piloter, travailler = make_theme("Piloter ensemble", 1), make_theme("Travailler autrement", 2)
    culture, habitat = make_domain("Culture"), make_domain("Habitat")
    for state in (State.PUBLISHED, State.DRAFT):
        make_mission(
            "Écoles",
            number=1 if state == State.PUBLISHED else 11,
            theme=piloter,
            domains=[culture],
            methods=[make_method("Ateliers")],
            state=state,
        )
        make_mission(
            "Logement",
            number=2 if state == State.PUBLISHED else 12,
            theme=travailler,
            domains=[culture, habitat],
            state=state,
        )
        make_mission(
            "Zones",
            number=1 if state == State.PUBLISHED else 11,
            edition=make_edition(2020),
            theme=piloter,
            domains=[habitat],
            state=state,
        )
        unknown = make_mission("Agora", theme=travailler, state=state)
        Mission.objects.filter(pk=unknown.pk).update(edition=None, number=None)
        search.reindex([unknown])


@pytest.mark.parametrize(
    ("query_string", "expected"),
    [
        ("", ["Zones", "Écoles", "Logement", "Agora"]),
        ("theme=piloter-ensemble", ["Zones", "Écoles"]),
        ("theme=piloter-ensemble&theme=travailler-autrement", ["Zones", "Écoles", "Logement", "Agora"]),
        ("domaine=culture&domaine=habitat", ["Zones", "Écoles", "Logement"]),
        ("theme=piloter-ensemble&domaine=culture", ["Écoles"]),
        ("methode=ateliers", ["Écoles"]),
        ("recueil=inconnu", ["Agora"]),
        ("recueil=2020&recueil=inconnu", ["Zones", "Agora"]),
        ("type=commune&domaine=habitat&theme=travailler-autrement", ["Logement"]),
        ("q=ecoles", ["Écoles"]),
        ("q=ecoles&theme=travailler-autrement", []),
        ("tri=titre", ["Agora", "Écoles", "Logement", "Zones"]),
        ("tri=ancien", ["Écoles", "Logement", "Zones", "Agora"]),
        ("tri=recueil&q=", ["Zones", "Écoles", "Logement", "Agora"]),
        ("tri=pertinence", ["Zones", "Écoles", "Logement", "Agora"]),
    ],
)
def test_selection_gives_exactly_these_missions_in_order(book: None, query_string: str, expected: list[str]) -> None:
    selection = select(query_string)

    assert titles(selection) == expected
    assert selection.count == len(expected)
    assert {mission.title for mission in selection.qs} == set(expected)
    assert selection.notices == []


def test_relevance_comes_first_with_words_and_gives_way_to_another_order() -> None:
    make_mission("Fiche", number=1, domains=[make_domain("Culture")])
    make_mission("Culture", number=2)

    assert titles(select("q=culture")) == ["Culture", "Fiche"]
    assert titles(select("q=culture&tri=recueil")) == ["Fiche", "Culture"]


def test_count_of_a_facet_value_is_what_choosing_it_gives(book: None) -> None:
    selection = select("domaine=habitat")

    for facet in selection.facets:
        for value in facet.values:
            if facet.parameter != "domaine":
                assert select(selection.toggle_url(facet.parameter, value.value)[1:]).count == value.count


@pytest.mark.parametrize(
    ("query_string", "kept", "notices"),
    [
        (
            "theme=piloter-ensemble&theme=inconnu",
            {"theme": ["piloter-ensemble"]},
            ["Thème\u00a0: «\u00a0inconnu\u00a0» ne correspond à aucune mission publiée et a été ignoré."],
        ),
        (
            "theme=a&theme=b",
            {},
            [
                "Thème\u00a0: «\u00a0a\u00a0» et «\u00a0b\u00a0» ne correspondent "
                "à aucune mission publiée et ont été ignorés."
            ],
        ),
        (
            "region=a&region=b&region=c&region=d&region=e",
            {},
            [
                "Région\u00a0: «\u00a0a\u00a0», «\u00a0b\u00a0», «\u00a0c\u00a0» et 2\u00a0autres valeurs "
                "ne correspondent à aucune mission publiée et ont été ignorés."
            ],
        ),
        (
            "theme=piloter-ensemble&theme=piloter-ensemble",
            {"theme": ["piloter-ensemble"]},
            ["Thème\u00a0: «\u00a0Piloter ensemble\u00a0» n’a été compté qu’une fois."],
        ),
        ("theme=", {}, []),
        (
            "methode=%00",
            {},
            ["Méthode\u00a0: «\u00a0\u00a0» ne correspond à aucune mission publiée et a été ignoré."],
        ),
        ("tri=hasard", {}, ["Le tri «\u00a0hasard\u00a0» n’existe pas\u00a0: il a été ignoré."]),
        ("q=ecoles&q=zones", {}, ["L’adresse demande plusieurs recherches\u202f; seule la dernière valeur compte."]),
        ("page=abc", {}, ["La page «\u00a0abc\u00a0» n’existe pas\u00a0: voici la première."]),
        ("page=-1", {}, ["La page «\u00a0-1\u00a0» n’existe pas\u00a0: voici la première."]),
        ("page=999999", {}, ["La page 999999 n’existe pas\u00a0: voici la seule."]),
        ("page=1", {}, []),
        ("page=", {}, []),
        ("utm_source=lettre", {}, []),
    ],
)
def test_what_means_nothing_is_dropped_alone_and_said(
    book: None, query_string: str, kept: dict[str, list[str]], notices: list[str]
) -> None:
    selection = select(query_string)

    assert {name: values for name, values in selection.chosen.items() if values} == kept
    assert selection.notices == notices


def test_values_that_only_drafts_have_are_unknown() -> None:
    make_mission("Publiée")
    make_mission("Brouillon", theme=make_theme("Thème secret", 2), edition=make_edition(2021), state=State.DRAFT)

    selection = select("theme=theme-secret&recueil=2021")

    assert titles(selection) == ["Publiée"]
    assert len(selection.notices) == 2


def test_page_past_the_end_shows_the_last_one() -> None:
    for number in range(1, 13):
        make_mission(f"Mission {number:02d}", number=number)

    first, last, past = select(), select("page=2"), select("page=999999")

    assert [result.mission.title for result in first.results] == [f"Mission {number:02d}" for number in range(1, 11)]
    assert [result.mission.title for result in last.results] == ["Mission 11", "Mission 12"]
    assert [result.mission.title for result in past.results] == ["Mission 11", "Mission 12"]
    assert past.notices == ["La page 999999 n’existe pas\u00a0: voici la dernière, la page 2."]


@pytest.mark.parametrize(
    "data",
    [
        {"q": "\ud800", "theme": ["\udfff"], "page": "\x00", "tri": "\ud800"},
        {"q": "a" * 3000, "theme": "b" * 3000, "page": "9" * 5000, "tri": "c" * 3000},
        {"q": '"', "theme": ["'; DROP TABLE"], "page": "1.5"},
        {},
        None,
    ],
)
def test_any_input_gives_a_selection_that_can_be_shown(book: None, data: Any) -> None:
    selection = Selection(data)

    shown = [selection.heading, selection.query, selection.url(), *selection.notices]
    assert "\ud800" not in "".join(shown)
    assert "".join(shown).encode()
    assert max(map(len, shown)) < 1000
    assert [facet.parameter for facet in selection.facets] == ["theme", "domaine", "methode", "type", "recueil"]


def test_heading_is_always_words(book: None) -> None:
    assert select().heading == "4\u00a0missions"
    assert select("q=zones").heading == "1\u00a0mission pour «\u00a0zones\u00a0»"
    assert select("q=xyz").heading == "Aucune mission pour «\u00a0xyz\u00a0»"
    assert (
        select("q=zones&theme=travailler-autrement").heading
        == "Aucune mission pour «\u00a0zones\u00a0» avec ces filtres"
    )


def test_pills_remove_one_value_and_drop_the_page(book: None) -> None:
    selection = select("q=e&theme=piloter-ensemble&theme=travailler-autrement&recueil=2019&tri=titre&page=1")

    assert selection.pills == [
        Pill("Thème", "Piloter ensemble", "?q=e&theme=travailler-autrement&recueil=2019&tri=titre"),
        Pill("Thème", "Travailler autrement", "?q=e&theme=piloter-ensemble&recueil=2019&tri=titre"),
        Pill("Recueil", "Édition 2019/2020", "?q=e&theme=piloter-ensemble&theme=travailler-autrement&tri=titre"),
    ]
    assert selection.clear_url == "?q=e&tri=titre"
    assert selection.page_query == "q=e&theme=piloter-ensemble&theme=travailler-autrement&recueil=2019&tri=titre&"
    assert select().page_query == ""


def test_relevance_is_offered_only_with_words(book: None) -> None:
    assert [value for value, _ in select().sort_options] == ["recueil", "ancien", "titre"]
    assert [value for value, _ in select("q=e").sort_options] == ["pertinence", "recueil", "ancien", "titre"]


def test_results_explain_why_they_were_found() -> None:
    mission = make_mission("Accueil", collectivities=[make_collectivity("Ville A")])

    (result,) = select("q=annexes").results

    assert result.mission.pk == mission.pk
    assert [(passage.section, passage.html) for passage in result.passages] == [
        ("contexte", "La ville compte trois mairies <mark>annexes</mark>.")
    ]
    assert [result.passages for result in select().results] == [[]]


@pytest.mark.parametrize("missions", [1, 3])
def test_selection_loads_only_what_is_asked_of_it(missions: int, django_assert_num_queries: Any) -> None:
    for _ in range(missions):
        make_mission(methods=[make_method()])

    select().ids  # noqa: B018  what the process remembers is read once per writing
    with django_assert_num_queries(1):  # whether the index was written since
        assert len(select("theme=piloter-ensemble").ids) == missions
