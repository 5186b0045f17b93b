import pytest

from people.models import Collectivity, Person
from projects.imports.matching import People, Places, name_key, new_place_kind, place_case, place_key
from tests.factories import make_collectivity, make_person, make_promotion

Kind, EpciType = Collectivity.Kind, Collectivity.EpciType


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("VILLE DE PORT-AU-VENT", ("commune", "portauvent")),
        ("Ville de La Barre", ("commune", "barre")),
        ("Commune d’Aubière-sur-Mer", ("commune", "aubieresurmer")),
        ("RÉGION DU CAP", ("region", "cap")),
        ("Conseil départemental de l'Arche", ("departement", "arche")),
        ("MÉTROPOLE DE HAUTERIVE", ("metropole", "hauterive")),
        ("Hauterive Métropole", ("metropole", "hauterive")),
        ("Communauté d'agglomération du Val Serein", ("communaute", "valserein")),
        ("Le Syndicat des eaux", ("", "syndicatdeseaux")),
    ],
)
def test_name_of_a_place_is_a_kind_and_a_proper_name(name: str, key: tuple[str, str]) -> None:
    assert place_key(name) == key


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["VILLE DE PORT-AU-VENT", "Port-au-Vent", "Mairie de Port au Vent", "LA CITÉ DU VENT", "ville de la cité du vent"],
)
def test_collectivity_is_found_by_name_alias_and_kind(name: str) -> None:
    port = make_collectivity("Port-au-Vent", aliases=["Cité du Vent"])
    make_collectivity("Port-au-Vent Métropole", kind=Kind.EPCI, epci_type=EpciType.METROPOLE)
    places = Places(Collectivity.objects.all())

    assert places.find(name) == [port]


@pytest.mark.django_db
def test_collectivities_that_share_a_name_are_all_given_and_others_none() -> None:
    one, two = make_collectivity("Saint-Roch"), make_collectivity("Saint-Roch")
    places = Places(Collectivity.objects.all())

    assert (places.find("VILLE DE SAINT-ROCH"), places.find("RÉGION DE SAINT-ROCH")) == ([one, two], [])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("VILLE DU CAP", (Kind.COMMUNE, "")),
        ("Métropole du Cap", (Kind.EPCI, EpciType.METROPOLE)),
        ("Communauté de communes du Cap", (Kind.EPCI, "")),
        ("Syndicat du Cap", (Kind.AUTRE, "")),
    ],
)
def test_new_collectivity_takes_the_kind_that_its_name_tells(name: str, kind: tuple[str, str]) -> None:
    assert new_place_kind(name) == kind


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("VILLE DE LA BARRE", "Ville de La Barre"),
        ("COMMUNAUTÉ D'AGGLOMÉRATION DU VAL", "Communauté d’agglomération du Val"),
        ("AUBE-SUR-MER", "Aube-sur-Mer"),
        ("PORT-AU-VENT ET LES-BAINS", "Port-au-Vent et Les-Bains"),
        ("Val Serein", "Val Serein"),
    ],
)
def test_place_in_capitals_is_written_in_words(printed: str, written: str) -> None:
    assert place_case(printed) == written


def test_name_key_does_not_mind_order_accents_and_hyphens() -> None:
    assert name_key("Ève Novak-Petit") == name_key("NOVAK PETIT Eve") == "eve novak petit"


@pytest.mark.django_db
def test_person_is_found_within_a_promotion_only() -> None:
    ada, marie = make_promotion("Ada Lovelace"), make_promotion("Marie Curie")
    in_ada = make_person("Jean", "Brun", promotion=ada)
    in_marie = make_person("Jean", "Brun", promotion=marie, aliases=["Jehan Brun"])
    tutor = make_person("Jean", "Brun")
    people = People(Person.objects.all())

    found = [people.find("JEAN", "BRUN", promotion) for promotion in (ada, marie, None)]

    assert found == [in_ada, in_marie, tutor]
    assert people.find("Jehan", "BRUN", marie) == in_marie
    assert people.find("Jehan", "BRUN", ada) is None


@pytest.mark.django_db
def test_homonyms_of_one_promotion_are_not_chosen_between() -> None:
    ada = make_promotion()
    make_person("Jean", "Brun", promotion=ada)
    make_person("Jean", "Brun", promotion=ada)

    assert People(Person.objects.all()).find("Jean", "Brun", ada) is None


@pytest.mark.django_db
def test_person_who_learns_a_spelling_is_still_one() -> None:
    person = make_person("Pamela", "Orel")
    people = People([person])
    person.first_name, person.aliases = "Paméla", ["Pamela Orel"]

    people.add(person)

    assert people.find("Pamela", "Orel", None) == person


@pytest.mark.django_db
def test_address_finds_a_person_of_the_same_name() -> None:
    person = make_person("Lina", "Orel", email="lina@exemple.org", promotion=make_promotion())
    people = People([person])

    assert people.with_email("LINA@exemple.org", "Lina", "OREL") == person
    assert people.with_email("lina@exemple.org", "Jean", "Brun") is None
    assert people.with_email(None, "Lina", "OREL") is None
