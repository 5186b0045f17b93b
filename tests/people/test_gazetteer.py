import pytest

from people.gazetteer import collectivity_from, entries_named, entry_with_code, gazetteer, regular_siren
from tests.factories import make_department, make_region


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        (
            "VILLE DE SAINT-DENIS",
            [
                "Saint-Denis (La Réunion, 974)",
                "Saint-Denis (Seine-Saint-Denis, 93)",
                "Saint-Denis (Aude, 11)",
                "Saint-Denis (Gard, 30)",
            ],
        ),
        ("Ville du Havre", ["Le Havre (Seine-Maritime, 76)"]),
        ("LE MANS MÉTROPOLE", ["Le Mans Métropole (Sarthe, 72)"]),
        ("EPT Plaine Commune", ["Plaine Commune (Seine-Saint-Denis, 93)"]),
        ("Conseil départemental de l'Ain", ["Département de l’Ain (Ain, 01)"]),
        ("Région Bretagne", ["Région Bretagne"]),
        ("Ville de Port-au-Vent", []),
    ],
)
def test_name_gives_everything_that_bears_it(name: str, labels: list[str]) -> None:
    assert [gazetteer().label(entry) for entry in entries_named(name)] == labels


@pytest.mark.parametrize(
    ("code", "name"),
    [("93066", "Saint-Denis"), ("2A004", "Ajaccio"), ("69M", "Métropole de Lyon"), ("213300635", "Bordeaux")],
)
def test_code_gives_one_entry(code: str, name: str) -> None:
    entry = entry_with_code(code)

    assert entry is not None
    assert (entry.name, entry_with_code(entry.key)) == (name, entry)


def test_unknown_code_gives_nothing() -> None:
    assert entry_with_code("99999") is None


def test_siren_of_a_commune_follows_from_its_code() -> None:
    assert [regular_siren(code) for code in ("33063", "2A004", "97411")] == ["213300635", "212000046", "219740115"]


@pytest.mark.django_db
def test_collectivity_is_made_complete() -> None:
    (entry,) = entries_named("Ville de Brest")

    place = collectivity_from(entry)

    assert (place.department, place.region) == (None, None)
    region = make_region("Bretagne", "53")
    department = make_department("Finistère", "29", region)
    place = collectivity_from(entry)
    place.full_clean()
    assert (place.pk, place.department, place.region, place.official_name, place.display_name, place.insee_code) == (
        None,
        department,
        region,
        "Commune de Brest",
        "Brest",
        "29019",
    )
    assert (place.siren, place.population, place.population_year) == ("212900195", 142346, 2023)
