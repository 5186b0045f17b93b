from typing import Any

import numpy as np
import pytest

from people.models import Collectivity
from projects import search
from projects.facets import FacetCount, FacetValue, count_facets
from projects.models import MethodUse, Mission
from projects.models.mission import State
from projects.search import memory
from tests.factories import (
    make_collectivity,
    make_domain,
    make_edition,
    make_method,
    make_mission,
    make_region,
    make_theme,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_missions() -> list[Mission]:
    """Two missions of known editions and one of none; a draft that holds values of its own."""
    brittany, occitanie = make_region("Bretagne", "53"), make_region("Occitanie", "76")
    town = make_collectivity("Ville A", region=brittany, population=8_000)
    city = make_collectivity("Métropole B", kind="epci", epci_type="metropole", region=occitanie, population=900_000)
    county = make_collectivity("Département C", kind="departement", region=brittany)
    first = make_mission(
        "Accueil",
        number=1,
        theme=make_theme("Piloter ensemble", 1),
        collectivities=[town],
        domains=[make_domain("Culture")],
        methods=[make_method("Entretiens")],
    )
    second = make_mission(
        "Médiathèque",
        number=2,
        edition=make_edition(2020),
        theme=make_theme("Travailler autrement", 2),
        collectivities=[city],
        domains=[make_domain("Culture"), make_domain("Habitat")],
        methods=[make_method("Entretiens"), make_method("Ateliers")],
    )
    third = make_mission("Déchets", number=3, theme=make_theme("Piloter ensemble", 1), collectivities=[town, county])
    Mission.objects.filter(pk=third.pk).update(edition=None, number=None)
    draft = make_mission(
        "Secret",
        number=4,
        edition=make_edition(2021),
        theme=make_theme("Thème secret", 3),
        collectivities=[make_collectivity("Région D", kind="region", region=make_region("Corse", "94"))],
        domains=[make_domain("Domaine secret"), make_domain("Culture")],
        methods=[make_method("Méthode secrète"), make_method("Entretiens")],
        state=State.DRAFT,
    )
    Mission.objects.create(  # a working copy of a published mission is a draft too
        title="Copie", slug=first.slug, working_copy_of=first, theme=draft.theme, state=State.PUBLISHED
    )
    MethodUse.objects.create(mission=first, method=make_method("Proposée"), position=2, state="proposee")
    MethodUse.objects.create(mission=first, method=make_method("Refusée"), position=3, state="refusee")
    search.reindex(Mission.objects.all())
    return [first, second, third]


def counted(chosen: dict[str, list[str]], found: set[int]) -> dict[str, FacetCount]:
    known = memory.current()
    among = np.isin(np.arange(len(known.public)), list(found))
    return {facet.parameter: facet for facet in count_facets(known, chosen, among)}


def short(facet: FacetCount) -> list[tuple[str, int]]:
    return [(value.value, value.count) for value in facet.values]


def test_facets_without_choice_count_every_published_mission(three_missions: list[Mission]) -> None:
    facets = counted({}, {mission.pk for mission in three_missions})

    assert facets == {
        "theme": FacetCount(
            "theme",
            "Thème",
            [
                FacetValue("piloter-ensemble", "Piloter ensemble", 2, False, 1),
                FacetValue("travailler-autrement", "Travailler autrement", 1, False, 2),
            ],
        ),
        "domaine": FacetCount(
            "domaine",
            "Domaine",
            [
                FacetValue("culture", "Culture", 2, False),
                FacetValue("habitat", "Habitat", 1, False),
            ],
        ),
        "methode": FacetCount(
            "methode",
            "Méthode",
            [
                FacetValue("entretiens", "Entretiens", 2, False),
                FacetValue("ateliers", "Ateliers", 1, False),
            ],
        ),
        "type": FacetCount(
            "type",
            "Type de collectivité",
            [
                FacetValue("commune", "Commune", 2, False),
                FacetValue("metropole", "Métropole", 1, False),
                FacetValue("departement", "Département", 1, False),
            ],
        ),
        "taille": FacetCount(
            "taille",
            "Taille",
            [
                FacetValue("moins-de-10000", "Moins de 10\u202f000 habitants", 2, False),
                FacetValue(
                    "200000-a-1000000",
                    "De 200\u202f000 à 1\u202fmillion d’habitants",
                    1,
                    False,
                ),
            ],
        ),
        "region": FacetCount(
            "region",
            "Région",
            [
                FacetValue("bretagne", "Bretagne", 2, False),
                FacetValue("occitanie", "Occitanie", 1, False),
            ],
        ),
        "recueil": FacetCount(
            "recueil",
            "Recueil",
            [
                FacetValue("2020", "Édition 2020/2021", 1, False),
                FacetValue("2019", "Édition 2019/2020", 1, False),
                FacetValue("inconnu", "Édition non précisée", 1, False),
            ],
        ),
    }


def test_facets_obey_the_other_choices_but_not_their_own(three_missions: list[Mission]) -> None:
    facets = counted({"theme": ["piloter-ensemble"]}, {mission.pk for mission in three_missions})

    assert {name: short(facet) for name, facet in facets.items()} == {
        "theme": [("piloter-ensemble", 2), ("travailler-autrement", 1)],
        "domaine": [("culture", 1), ("habitat", 0)],
        "methode": [("entretiens", 1), ("ateliers", 0)],
        "type": [("commune", 2), ("metropole", 0), ("departement", 1)],
        "taille": [("moins-de-10000", 2), ("200000-a-1000000", 0)],
        "region": [("bretagne", 2), ("occitanie", 0)],
        "recueil": [("2020", 0), ("2019", 1), ("inconnu", 1)],
    }
    assert [value.selected for value in facets["theme"].values] == [True, False]


def test_facets_are_or_within_and_and_between(three_missions: list[Mission]) -> None:
    chosen = {"theme": ["piloter-ensemble", "travailler-autrement"], "domaine": ["culture", "habitat"]}

    facets = counted(chosen, {mission.pk for mission in three_missions})

    assert short(facets["theme"]) == [("piloter-ensemble", 1), ("travailler-autrement", 1)]
    assert short(facets["domaine"]) == [("culture", 2), ("habitat", 1)]
    assert short(facets["recueil"]) == [("2020", 1), ("2019", 1), ("inconnu", 0)]


def test_facets_count_among_what_was_found(three_missions: list[Mission]) -> None:
    facets = counted({}, {three_missions[1].pk})

    assert short(facets["theme"]) == [("piloter-ensemble", 0), ("travailler-autrement", 1)]
    assert short(facets["region"]) == [("bretagne", 0), ("occitanie", 1)]


def test_facets_of_an_empty_catalogue_are_none() -> None:
    make_mission(state=State.DRAFT)

    assert counted({}, set()) == {}


@pytest.mark.parametrize(
    ("kind", "epci_type", "expected"),
    [
        ("epci", "CC", ("communaute-de-communes", "Communauté de communes")),
        ("epci", "CA", ("communaute-d-agglomeration", "Communauté d’agglomération")),
        ("epci", "CU", ("communaute-urbaine", "Communauté urbaine")),
        ("epci", "metropole", ("metropole", "Métropole")),
        ("epci", "EPT", ("etablissement-public-territorial", "Établissement public territorial")),
        ("epci", "", ("epci", "Intercommunalité")),
        ("statut-particulier", "", ("statut-particulier", "Collectivité à statut particulier")),
    ],
)
def test_kinds_tell_intercommunal_bodies_apart(kind: str, epci_type: str, expected: tuple[str, str]) -> None:
    mission = make_mission(collectivities=[make_collectivity("X", kind=kind, epci_type=epci_type)])

    values = counted({}, {mission.pk})["type"].values

    assert [(value.value, value.label) for value in values] == [expected]


@pytest.mark.parametrize(
    ("population", "expected"),
    [
        (0, ["moins-de-10000"]),
        (9_999, ["moins-de-10000"]),
        (10_000, ["10000-a-50000"]),
        (1_000_000, ["plus-de-1000000"]),
        (None, []),
    ],
)
def test_sizes_at_their_limits(population: int | None, expected: list[str]) -> None:
    mission = make_mission(collectivities=[make_collectivity("X", population=population)])

    facets = counted({}, {mission.pk})

    assert [facet.values[0].value for facet in facets.values() if facet.parameter == "taille"] == expected


def test_facet_shows_six_values_and_the_chosen_ones() -> None:
    values = [FacetValue(str(rank), str(rank), 1, rank == 8) for rank in range(1, 10)]

    facet = FacetCount("region", "Région", values)

    assert [value.value for value in facet.shown] == ["1", "2", "3", "4", "5", "6", "8"]
    assert [value.value for value in facet.others] == ["7", "9"]


@pytest.mark.parametrize("missions", [1, 3])
def test_facets_are_counted_in_memory(missions: int, django_assert_num_queries: Any) -> None:
    found = {make_mission(methods=[make_method()], domains=[make_domain()]).pk for _ in range(missions)}
    counted({}, found)

    with django_assert_num_queries(1):  # whether the index was written since
        facets = counted({"type": ["commune"]}, found)

    assert short(facets["type"]) == [(Collectivity.Kind.COMMUNE.value, missions)]
