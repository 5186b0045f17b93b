import pytest

from projects.imports import header
from projects.imports.names import Roster
from projects.imports.records import Author, Member, Place, Promotion, TocEntry, Tutor
from tests.projects.imports.samples import text_of


def authors_of(source: str) -> tuple[Author, ...]:
    text = text_of(source)
    return header.authors(text, 1, text.last)


def tutors_of(source: str) -> tuple[Tutor, ...]:
    text = text_of(source)
    return header.tutors(text, 1, text.last)


OREL = ("Lina", "OREL", "lina.orel@administrateur-inet.org")


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("Lina OREL\nlina.orel@administrateur-inet.org", ((1, 2),)),
        ("Lina OREL\n\n\nlina.orel@administrateur-inet.org", ((1, 1), (4, 4))),
        ("Lina OREL lina.orel@administrateur-inet.org", ((1, 1),)),
        ("**Lina OREL** – <lina.orel@administrateur-inet.org>", ((1, 1),)),
        ("Lina OREL (lina.orel@administrateur-inet.org)", ((1, 1),)),
    ],
)
def test_author_takes_the_address_beside_or_below(source: str, lines: tuple[tuple[int, int], ...]) -> None:
    assert authors_of(source) == (Author(*OREL, None, None, lines),)


def test_corps_is_read_beside_or_below_the_name() -> None:
    source = "Lina OREL, administratrice territoriale\n\nJean BRUN (ingénieur en chef)\n\nÈve Novak\nConservatrice"

    assert authors_of(source) == (
        Author("Lina", "OREL", None, "administrateur", None, ((1, 1),)),
        Author("Jean", "BRUN", None, "ingénieur en chef", None, ((3, 3),)),
        Author("Ève", "Novak", None, "conservateur", None, ((5, 5), (6, 6))),
    )


def test_several_authors_on_one_line_take_their_addresses_in_order() -> None:
    assert authors_of("Lina OREL, Jean BRUN\nlina.orel@exemple.org, jean.brun@exemple.org") == (
        Author("Lina", "OREL", "lina.orel@exemple.org", None, None, ((1, 2),)),
        Author("Jean", "BRUN", "jean.brun@exemple.org", None, None, ((1, 2),)),
    )


def test_second_heading_of_authors_is_no_person() -> None:
    assert authors_of("Jean BRUN\n\nLES AUTRICES\n\nLina OREL") == (
        Author("Jean", "BRUN", None, None, None, ((1, 1),)),
        Author("Lina", "OREL", None, None, None, ((5, 5),)),
    )


def test_corps_comes_from_address_then_words_then_promotion() -> None:
    ada = Promotion(
        "Ada Lovelace", "conservateur", (Member("Lina", "OREL"), Member("Jean", "BRUN"), Member("Ève", "NOVAK"))
    )
    people = [
        Author("Lina", "OREL", "lina.orel@administrateur-inet.org", "conservateur"),
        Author("Jean", "BRUN", "jean.brun@exemple.org", "ingénieur en chef"),
        Author("Eve", "NOVAK"),
        Author("Paul", "GARNIER"),
    ]

    assert [(a.corps, a.promotion) for a in header.with_promotions(people, Roster([ada]))] == [
        ("administrateur", "Ada Lovelace"),
        ("ingénieur en chef", "Ada Lovelace"),
        ("conservateur", "Ada Lovelace"),
        (None, None),
    ]


@pytest.mark.parametrize(
    ("source", "tutors"),
    [
        (
            "Rose VASSEUR\nDirectrice des relations\navec les habitants",
            [("Rose", "VASSEUR", "Directrice des relations avec les habitants", ((1, 3),))],
        ),
        ("Rose VASSEUR, directrice", [("Rose", "VASSEUR", "directrice", ((1, 1),))]),
        ("Anne LE GOFF Cheffe de projet", [("Anne", "LE GOFF", "Cheffe de projet", ((1, 1),))]),
        ("Rose Vasseur\n\nDirectrice générale", [("Rose", "Vasseur", "Directrice générale", ((1, 1), (3, 3)))]),
        (
            "Anne LE GOFF\nCheffe de projet\n\nPaul GARNIER",
            [("Anne", "LE GOFF", "Cheffe de projet", ((1, 2),)), ("Paul", "GARNIER", None, ((4, 4),))],
        ),
        ("Rose VASSEUR\nDirectrice\nrose@exemple.org", [("Rose", "VASSEUR", "Directrice", ((1, 3),))]),
    ],
)
def test_tutor_is_a_name_and_the_lines_of_a_job(source: str, tutors: list[tuple]) -> None:  # type: ignore[type-arg]
    assert tutors_of(source) == tuple(Tutor(*values) for values in tutors)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("Lina OREL\nTUTRICE\nRose VASSEUR", (2, 2)),
        ("TUTEURS AU SEIN\nDE LA COLLECTIVITÉ\nRose VASSEUR", (1, 2)),
        ("TUTRICE AU SEIN DE LA VILLE DE PORT-AU-VENT\nRose VASSEUR", (1, 1)),
        ("Lina OREL\nRose VASSEUR", None),
    ],
)
def test_tutors_heading_is_found_on_one_line_or_two(source: str, found: tuple[int, int] | None) -> None:
    assert header.find_tutors_heading(text_of(source), 1, 9) == found


@pytest.mark.parametrize(
    ("source", "toc", "title", "places"),
    [
        ("UN GUICHET POUR\nTOUS\n\nVILLE DE PORT-AU-VENT", None, "UN GUICHET POUR TOUS", ["VILLE DE PORT-AU-VENT"]),
        ("UN GUICHET\n\nPOUR TOUS\n\nRÉGION DU CAP", None, "UN GUICHET POUR TOUS", ["RÉGION DU CAP"]),
        ("LA CÔTE\nEN COMMUN", TocEntry(1, "LA CÔTE EN COMMUN", 5, None), "LA CÔTE", ["EN COMMUN"]),
        ("UN SEUL TITRE", None, "UN SEUL TITRE", []),
        ("", None, None, []),
    ],
)
def test_title_is_parted_from_the_collectivity(
    source: str, toc: TocEntry | None, title: str | None, places: list[str]
) -> None:
    text = text_of(source or "x")
    naming = text.filled(1, text.last) if source else []

    assert header.title_and_places(text, naming, toc) == (title, tuple(Place(name, name) for name in places))


@pytest.mark.parametrize(
    ("lines", "places"),
    [
        (["VILLE DE PORT-AU-VENT ET RÉGION DU CAP"], [("VILLE DE PORT-AU-VENT",) * 2, ("RÉGION DU CAP",) * 2]),
        (["Hauterive Métropole", "Ville de Hauterive"], [("Hauterive Métropole",) * 2, ("Ville de Hauterive",) * 2]),
        (
            ["VILLE ET MÉTROPOLE DE HAUTERIVE"],
            [
                ("VILLE ET MÉTROPOLE DE HAUTERIVE", "VILLE DE HAUTERIVE"),
                ("VILLE ET MÉTROPOLE DE HAUTERIVE", "MÉTROPOLE DE HAUTERIVE"),
            ],
        ),
        (
            ["COMMUNAUTÉ D'AGGLOMÉRATION", "DU VAL ET DES MONTS"],
            [("COMMUNAUTÉ D'AGGLOMÉRATION DU VAL ET DES MONTS",) * 2],
        ),
        ([], []),
    ],
)
def test_collectivities_are_parted(lines: list[str], places: list[tuple[str, str]]) -> None:
    assert header.split_places(lines) == tuple(Place(*place) for place in places)


def test_people_end_before_a_line_too_long_for_a_name() -> None:
    text = text_of("Lina OREL\n\n" + "Un texte sans titre. " * 10)

    assert header.people_end(text, 1, 3, None, sure=True) == 1


def test_people_end_before_other_words_when_no_heading_follows() -> None:
    text = text_of("Lina OREL\nlina.orel@exemple.org\nTUTEUR\nPaul GARNIER\nDirecteur\nUne phrase quelconque.\nX Y")

    assert header.people_end(text, 1, 7, (3, 3), sure=False) == 5
    assert header.people_end(text, 1, 7, None, sure=False) == 2
