import random
from pathlib import Path
from typing import Any

import pytest

from projects.imports.apply import apply
from projects.imports.differences import Difference, differences
from projects.imports.reading import read
from projects.imports.records import Book
from projects.imports.recueil import read_book
from projects.models import Mission
from tests.factories import add_author, make_edition, make_mission, make_person
from tests.projects.imports.noise import NOISES, numbered, source_of
from tests.projects.imports.samples import FIRST, RECUEIL, SECOND, book_of, fiche_of

pytestmark = pytest.mark.django_db
DEMO = Path(__file__).parents[3] / "fixtures" / "demo" / "recueil-2019.md"


def draft_of(source: str) -> Mission:
    (outcome,) = apply(book_of(source)).fiches
    return outcome.mission


def told(found: list[Difference]) -> list[tuple[str, str, str, str]]:
    """(kind of value, what happened, in the catalogue, in the source)."""
    return [(d.key.split(":")[0], d.kind, d.catalogue, d.read) for d in found]


def differing(book: Book) -> list[tuple[Mission, list[Difference]]]:
    pairs = [(outcome.mission, differences(outcome.fiche, outcome.mission)) for outcome in apply(book).fiches]
    return [pair for pair in pairs if pair[1]]


def test_draft_differs_in_nothing_from_what_made_it() -> None:
    assert differing(book_of(RECUEIL)) == []


def test_demo_book_differs_in_nothing_from_its_drafts() -> None:
    book = read_book(read(DEMO))

    assert (len(book.fiches), differing(book)) == (22, [])


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["recueil-2019.md", "fiche-saint-etienne.md"])
def test_corpus_differs_in_nothing_from_its_drafts(shared: Path, name: str) -> None:
    book = read_book(read(shared / "corpus" / name))

    assert (bool(book.fiches), differing(book)) == (True, [])


@pytest.mark.corpus
@pytest.mark.parametrize(
    "name", ["words hyphenated in narrow lines", "curly quotes", "no-break spaces", "page breaks moved"]
)
def test_corpus_printed_otherwise_differs_in_nothing(shared: Path, name: str) -> None:
    source = (shared / "corpus" / "recueil-2019.md").read_text()
    missions = [outcome.mission for outcome in apply(book_of(source)).fiches]
    noisy = source_of(NOISES[name](numbered(source), random.Random(3)))  # noqa: S311

    fiches = book_of(noisy).fiches

    assert noisy != source
    found = [differences(fiche, mission) for fiche, mission in zip(fiches, missions, strict=True)]
    assert found == [[]] * len(missions)


def test_numbers_of_a_list_are_no_difference() -> None:
    listed = SECOND.replace(
        "Une lettre suffit", "Trois envois\u00a0:\n\n1. une lettre\n2. un plan\n\nUne lettre suffit"
    )
    mission = draft_of(listed)

    assert differences(fiche_of(listed.replace("1. ", "1.\u00a0").replace("2. ", "2.\u00a0")), mission) == []


def test_noise_of_a_printer_is_no_difference() -> None:
    mission = draft_of(FIRST)
    printed = (
        FIRST.replace("'", "’")
        .replace("réponse partout", "ré-\nponse  partout")
        .replace("douze entretiens", "douze\u00a0entre\u00adtiens")
        .replace("agents ?", "agents\u202f?")
        .replace("« Le regard", "“Le regard")
        .replace("commencer. »", "commencer.”")
        .replace("+12 %", "+12\u00a0%")
        .replace("Rose VASSEUR", "Rose Vasseur")
        .replace("lina.orel@administrateur-inet.org", "")
    )

    assert printed != FIRST
    assert differences(fiche_of(printed), mission) == []


def test_corrected_head_differs_by_field() -> None:
    mission = draft_of(SECOND)
    corrected = (
        SECOND.replace("ACCUEILLIR MIEUX", "ACCUEILLIR PLUS")
        .replace("\n02\n", "\n12\n")
        .replace("DES ARRIVANTS", "DES NOUVEAUX")
        .replace("VILLE ET MÉTROPOLE DE HAUTERIVE", "VILLE DE HAUTERIVE")
        .replace("Jean BRUN", "Jeanne BRUN")
        .replace("jean.brun", "jeanne.brun")
        .replace("Directeur général adjoint", "Directeur général")
    )

    assert told(differences(fiche_of(corrected), mission)) == [
        ("number", "changed", "02", "12"),
        ("theme", "changed", "Accueillir mieux", "ACCUEILLIR PLUS"),
        ("title", "changed", "LE BUREAU DES ARRIVANTS", "LE BUREAU DES NOUVEAUX"),
        ("collectivities", "changed", "Ville de Hauterive\nMétropole de Hauterive", "VILLE DE HAUTERIVE"),
        ("author", "changed", "Jean Brun, administrateur territorial", "Jeanne Brun, administrateur territorial"),
        ("tutor", "changed", "Paul Garnier, Directeur général adjoint", "Paul Garnier, Directeur général"),
    ]


def test_corrected_parts_differ_by_row() -> None:
    mission = draft_of(FIRST)
    corrected = (
        FIRST.replace("douze entretiens", "treize entretiens")
        .replace("et à choisir par où commencer", "et à choisir")
        .replace("mairies annexes\n\n+12 %", "mairies annexes\n\n8\n\nguichets ouverts\n\n+12 %")
        .replace("de visites en un an", "de visites en deux ans")
        .replace("- Réseau des accueils, Cahier de recettes, 2029\n", "")
    )
    row = mission.references.get(position=2)

    found = differences(fiche_of(corrected), mission)

    assert [(d.key.split(":")[0], d.kind, d.label) for d in found] == [
        ("section", "changed", "DES CLÉS POUR AGIR"),
        ("figure", "added", "Chiffre"),
        ("figure", "changed", "Chiffre"),
        ("reference", "removed", "Référence"),
        ("testimonial", "changed", "Témoignage"),
    ]
    assert told(found)[1:4] == [
        ("figure", "added", "", "8 guichets ouverts"),
        ("figure", "changed", "+12 % de visites en un an", "+12 % de visites en deux ans"),
        ("reference", "removed", "Réseau des accueils, Cahier de recettes, 2029", ""),
    ]
    assert found[3].key == f"reference:-{row.pk}"


def test_fiche_alone_says_nothing_of_its_theme_and_number() -> None:
    mission = draft_of(FIRST)
    mission.number = 7
    mission.save()
    alone = FIRST.replace("ACCUEILLIR MIEUX", "").replace("\n01\n", "\n")

    assert (fiche_of(alone).number, fiche_of(alone).theme) == (None, None)
    assert differences(fiche_of(alone), mission) == []


def test_number_of_another_mission_is_no_difference() -> None:
    edition = make_edition(2031)
    mission = make_mission(title="L’une", number=3, edition=edition, title_printed="LE BUREAU DES ARRIVANTS")
    make_mission(title="L’autre", number=2, edition=edition)

    found = differences(fiche_of(SECOND), mission)

    assert "number" not in [d.key for d in found]


def test_person_is_known_under_another_spelling() -> None:
    mission = draft_of(SECOND)
    person = mission.authorships.get(position=2).person
    person.first_name, person.last_name, person.aliases = "J.", "Brun-Faure", ["Jean Brun"]
    person.save()

    assert differences(fiche_of(SECOND), mission) == []


def test_person_of_the_catalogue_alone_is_removed() -> None:
    mission = draft_of(SECOND)
    row = add_author(mission, make_person("Zoé", "Quint"), position=3)

    found = differences(fiche_of(SECOND), mission)

    assert [(d.key, d.kind, d.catalogue, d.read) for d in found] == [(f"author:-{row.pk}", "removed", "Zoé Quint", "")]


def test_link_that_print_lost_is_no_difference_and_another_one_is() -> None:
    mission = draft_of(FIRST)
    lost = FIRST.replace("[Recevoir sans attendre](https://exemple.org/guichets)", "Recevoir sans attendre")
    other = FIRST.replace("https://exemple.org/guichets", "https://exemple.org/accueil")

    assert differences(fiche_of(lost), mission) == []
    assert [(d.key.split(":")[0], d.kind, d.read[-26:]) for d in differences(fiche_of(other), mission)] == [
        ("reference", "changed", "https://exemple.org/accueil"[-26:])
    ]


def test_zoom_with_another_heading_differs_and_a_core_section_does_not() -> None:
    zoom = "\nZOOM SUR LE PUITS\n\nLe puits est profond.\n"
    mission = draft_of(SECOND + zoom)
    corrected = (SECOND + zoom).replace("SUR LE PUITS", "SUR LA SOURCE").replace("DES CLÉS POUR", "LES CLÉS POUR")

    found = differences(fiche_of(corrected), mission)

    assert told(found) == [
        ("section", "changed", "ZOOM SUR LE PUITS\nLe puits est profond.", "ZOOM SUR LA SOURCE\nLe puits est profond.")
    ]


@pytest.mark.parametrize("figures", ["", "\n9\n\nagents formés\n\n14\n\nguichets\n"])
def test_queries_do_not_grow_with_the_parts(figures: str, django_assert_num_queries: Any) -> None:
    source = FIRST.replace("de visites en un an\n", f"de visites en un an\n{figures}")
    mission, fiche = draft_of(source), fiche_of(source)

    with django_assert_num_queries(12):
        found = differences(fiche, mission)

    assert (found, mission.key_figures.count()) == ([], 4 if figures else 2)
