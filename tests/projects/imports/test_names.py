import pytest

from projects.imports.names import (
    Roster,
    display_case,
    email_agrees,
    looks_like_name,
    similarity,
    spelled_alike,
    split_member,
    split_members,
    split_name,
    split_people,
)
from projects.imports.records import Member, Promotion

BRUN_A = Member("Jean", "BRUN")
BRUN_C = Member("Jean", "BRUN")
OREL = Member("Lina-Rose", "OREL")
METAL = Member("Louis", "MÉTAL")
ADA = Promotion("Ada Lovelace", "administrateur", (BRUN_A, OREL, METAL))
MARIE = Promotion("Marie Curie", "conservateur", (BRUN_C, Member("Ève", "DE LA TOUCHE")))


@pytest.mark.parametrize(
    ("text", "email", "name"),
    [
        ("Lina OREL", None, ("Lina", "OREL")),
        ("Ève DE LA TOUCHE", None, ("Ève", "DE LA TOUCHE")),
        ("OREL Lina Rose", None, ("Lina Rose", "OREL")),
        ("Lina Rose Orel", "linarose.orel@exemple.org", ("Lina Rose", "Orel")),
        ("Lina Rose Orel", None, ("Lina", "Rose Orel")),
        (" Orel, ", None, (None, "Orel")),
        ("", None, (None, None)),
    ],
)
def test_name_is_cut_by_capitals_then_address_then_first_word(
    text: str, email: str | None, name: tuple[str | None, str | None]
) -> None:
    assert split_name(text, email) == name


@pytest.mark.parametrize(
    ("line", "member"),
    [
        ("OREL Lina-Rose", Member("Lina-Rose", "OREL")),
        ("VAN DER MER Camille", Member("Camille", "VAN DER MER")),
        ("D’ALBE Éric", Member("Éric", "D’ALBE")),
        ("ORELLina", Member("Lina", "OREL")),
        ("Lina OREL", Member("Lina", "OREL")),
        ("PROMOTION", None),
        ("Une phrase quelconque.", None),
        ("", None),
    ],
)
def test_member_of_a_list_is_read_in_both_orders(line: str, member: Member | None) -> None:
    assert split_member(line) == member


@pytest.mark.parametrize(
    ("line", "strict", "loose"),
    [
        ("Lina OREL", True, True),
        ("Lina Orel", False, True),
        ("Ève de la Touche", False, True),
        ("Directrice Générale", False, False),
        ("PILOTER ENSEMBLE", False, False),
        ("Orel", False, False),
        ("Une phrase, avec virgule", False, False),
    ],
)
def test_line_looks_like_a_name(line: str, strict: bool, loose: bool) -> None:
    assert (looks_like_name(line), looks_like_name(line, strict=False)) == (strict, loose)


def test_people_on_one_line_are_parted_when_all_are_names() -> None:
    assert split_people("Lina OREL, Jean BRUN et Ève DE LA TOUCHE") == ["Lina OREL", "Jean BRUN", "Ève DE LA TOUCHE"]
    assert split_people("Lina OREL, administratrice") == ["Lina OREL, administratrice"]


@pytest.mark.parametrize(
    ("first", "last", "corps", "found"),
    [
        ("Lina-Rose", "OREL", None, (ADA, OREL)),
        ("lina rose", "Orel", None, (ADA, OREL)),
        ("Lina", "OREL", None, (ADA, OREL)),
        ("Louis", "METAIL", None, (ADA, METAL)),
        ("Jean", "BRUN", None, (ADA, BRUN_A)),
        ("Jean", "BRUN", "conservateur", (MARIE, BRUN_C)),
        ("Jeanne", "DUROC", None, None),
        (None, None, None, None),
    ],
)
def test_roster_finds_the_closest_entry(
    first: str | None, last: str | None, corps: str | None, found: tuple[Promotion, Member] | None
) -> None:
    assert Roster([ADA, MARIE]).find(first, last, corps) == found


def test_roster_without_lists_is_false() -> None:
    assert (bool(Roster([])), bool(Roster([ADA]))) == (False, True)


def test_accents_and_hyphens_make_another_spelling() -> None:
    spellings = [("Louis", "Métal"), ("Louis", "METAL"), ("louis", "MÉTAL")]

    assert [spelled_alike(first, last, METAL) for first, last in spellings] == [True, False, True]


def test_address_spells_the_name_without_accents_and_hyphens() -> None:
    assert email_agrees("eve.delatouche@exemple.org", "Ève", "DE LA TOUCHE")
    assert not email_agrees("eve.latouche@exemple.org", "Ève", "DE LA TOUCHE")


def test_similarity_spares_what_is_far() -> None:
    assert [similarity("orel", "orel"), similarity("orel", "orels", 0.8), similarity("orel", "brun", 0.8)] == [
        1.0,
        pytest.approx(8 / 9),
        0.0,
    ]


def test_surname_in_capitals_is_written_with_one() -> None:
    assert [display_case(name) for name in ("LE GOFF", "NOVAK-PETIT", "D’ALBE", "McAdam", "Orel")] == [
        "Le Goff",
        "Novak-Petit",
        "D’Albe",
        "McAdam",
        "Orel",
    ]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("BRUN Jean", ["Jean BRUN"]),
        ("BRUN Jean DE LA TOUCHE Marc-Antoine ORELLina", ["Jean BRUN", "Marc-Antoine DE LA TOUCHE", "Lina OREL"]),
        ("Jean BRUN Lina OREL", ["Jean BRUN", "Lina OREL"]),
        ("Directrice générale", []),
    ],
)
def test_joined_lines_of_a_list_name_each_member(line: str, names: list[str]) -> None:
    assert [f"{member.first_name} {member.last_name}" for member in split_members(line)] == names
