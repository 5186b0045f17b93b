import pytest

from people.gazetteer import gazetteer
from people.models import Collectivity
from projects.imports.matching.places import PlaceMatcher, Places
from tests.factories import make_collectivity

pytestmark = pytest.mark.django_db


def matcher() -> PlaceMatcher:
    return PlaceMatcher(Places(Collectivity.objects.select_related("department")), gazetteer())


def test_name_that_communes_share_is_asked() -> None:
    match = matcher().match("VILLE DE SAINT-DENIS")

    assert (match.thing, match.sure) == (None, False)
    assert [(c.key, c.label) for c in match.candidates][:2] == [
        ("insee:97411", "Saint-Denis (La Réunion, 974)"),
        ("insee:93066", "Saint-Denis (Seine-Saint-Denis, 93)"),
    ]


@pytest.mark.parametrize("name", ["Ville de Saint-Denis (93)", "VILLE DE SAINT-DENIS (SEINE-SAINT-DENIS)", "93066"])
def test_department_or_code_tells_which_commune(name: str) -> None:
    match = matcher().match(name)

    assert match.thing is not None
    assert (match.thing.insee_code, match.thing.pk, match.sure) == ("93066", None, True)


def test_known_commune_with_namesakes_is_taken_and_doubted() -> None:
    known = make_collectivity("Saint-Denis", insee_code="93066")

    match = matcher().match("Ville de Saint-Denis")

    assert (match.thing, match.sure, match.candidates[0].key) == (known, False, f"pk:{known.pk}")


def test_known_collectivity_is_recognised_by_its_code_under_another_name() -> None:
    known = make_collectivity("La rade", insee_code="29019")

    match = matcher().match("VILLE DE BREST")

    assert (match.thing, match.sure) == (known, True)


def test_unknown_name_proposes_the_close_ones() -> None:
    known = make_collectivity("Port-au-Vent")

    match = matcher().match("VILLE DE PORT-AU-VEMT")

    assert (match.thing, [c.key for c in match.candidates]) == (None, [f"pk:{known.pk}"])
