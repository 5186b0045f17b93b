from decimal import Decimal

import pytest

from projects.imports.figures import classify, number_and_unit
from projects.imports.records import KeyFigure
from projects.imports.text import Block
from tests.projects.imports.samples import section_of


def read(body: str) -> list[tuple[str | None, str | None]]:
    return [(figure.value, figure.label) for figure in section_of("Les chiffres", body).key_figures]


@pytest.mark.parametrize(
    "body",
    [
        "3\n\nmairies annexes\n\n+12 %\n\nde visites en un an",
        "3\nmairies annexes\n\n+12 %\nde visites en un an",
        "3\nmairies annexes\n+12 %\nde visites en un an",
        "3 mairies annexes\n\n+12 % de visites en un an",
        "3 mairies annexes\n+12 % de visites en un an",
        "- 3 mairies annexes\n- +12 % de visites en un an",
        "**3** mairies annexes\n\n**+12 %** de visites\nen un an",
        "→ **3** mairies annexes, **+12 %** de visites en un an",
    ],
)
def test_value_and_label_are_read_however_they_are_set(body: str) -> None:
    assert [(v, (label or "").rstrip(",")) for v, label in read(body)] == [
        ("3", "mairies annexes"),
        ("+12 %", "de visites en un an"),
    ]


@pytest.mark.parametrize(
    "value",
    [
        "65 000",
        "1,371",
        "2,3 MRD",
        "41%",
        "-5 %",
        "3,7/4",
        "10 ANS",
        "23 M",
        "35,9 %",
        "12 M€",
        "7,5 ans",
        "2ème",
        "1^{er}",
        "400 km",
    ],
)
def test_value_keeps_its_sign_and_unit(value: str) -> None:
    assert read(f"{value}\n\nce qui est compté") == [(value, "ce qui est compté")]


def test_label_goes_up_to_the_next_value_with_its_lines() -> None:
    fiche = section_of("Les chiffres", "3\n\nmairies annexes,\ndont une en mer\n\net un bateau.\n\n4\n\nquais")
    start = fiche.sections[-1].body_lines[0][0]

    assert fiche.key_figures == (
        KeyFigure("3", "mairies annexes, dont une en mer et un bateau.", 3, ((start, start + 5),)),
        KeyFigure("4", "quais", 3, ((start + 7, start + 9),)),
    )


def test_label_may_begin_with_a_number_of_its_own() -> None:
    assert read("3\n\n9 mois après le début") == [("3", "9 mois après le début")]


def test_words_without_value_are_no_figure() -> None:
    assert read("Ce que disent les chiffres de la ville.") == []
    assert section_of("Les chiffres", "").key_figures == ()


def test_subtitle_between_groups_is_no_label() -> None:
    assert read("3\n\nmairies\n\nLes profils\n\n\n\n40 %\n\nde femmes") == [("3", "mairies"), ("40 %", "de femmes")]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_figure_below_a_finished_sentence_is_another_one(gap: str) -> None:
    two = [("3", "mairies annexes et un bateau."), ("4", "quais de bois")]

    assert read(f"3\n\nmairies annexes et un bateau.{gap}4 quais de bois") == two
    assert read(f"3\n\nmairies annexes et un bateau.{gap}4\n\nquais de bois") == two


def test_subtitle_below_a_long_line_needs_no_gap() -> None:
    label = "des agents qui reçoivent les habitants dans les mairies annexes de la ville"

    assert read(f"3 %\n\n{label}\n\nLes profils\n\n40 % de femmes") == [("3 %", label), ("40 %", "de femmes")]
    assert read(f"3 %\n\n{label},\n\nLe port\n\n40 % de femmes") == [
        ("3 %", f"{label}, Le port"),
        ("40 %", "de femmes"),
    ]


def test_value_may_follow_its_label() -> None:
    assert read("**UNE FEMME**\nà **64,3 %**\n\nTitulaire **95 %**") == [("64,3 %", "UNE FEMME"), ("95 %", "Titulaire")]


@pytest.mark.parametrize(
    ("lines", "kind"),
    [(["12"], "value"), (["12", "agents"], "both"), (["**2** a **3** b"], "several"), (["des mots"], "words")],
)
def test_block_is_classified(lines: list[str], kind: str) -> None:
    assert classify(Block(1, tuple(lines)))[0] == kind


@pytest.mark.parametrize(
    ("value", "parsed"),
    [
        ("+25 %", (Decimal(25), "%")),
        ("−3", (Decimal(-3), "")),
        ("65\u202f000", (Decimal(65000), "")),
        ("3,7/4", (Decimal("3.7"), "/4")),
        ("2,3 MRD", (Decimal("2.3"), "MRD")),
        ("10 ANS", (Decimal(10), "ANS")),
        ("beaucoup", (None, "")),
        ("1" * 20, (None, "")),
        (None, (None, "")),
    ],
)
def test_number_and_unit_of_a_value(value: str | None, parsed: tuple[Decimal | None, str]) -> None:
    assert number_and_unit(value) == parsed
