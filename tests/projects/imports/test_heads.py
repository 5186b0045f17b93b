import pytest

from projects.imports.front import Toc
from projects.imports.header import Head
from projects.imports.heads import divider, find_heads
from projects.imports.records import TocEntry
from tests.projects.imports.samples import text_of

PEOPLE = "LES AUTEURS\n\nLina OREL\n\nCONTEXTE\n\nUn texte.\n"
TOC = Toc((1, 1), (TocEntry(1, "UN GUICHET VILLE DU CAP", 5, "ACCUEILLIR MIEUX"),), ("ACCUEILLIR MIEUX",))


def heads_of(source: str, toc: Toc | None = None) -> list[Head]:
    return find_heads(text_of(source), toc)


@pytest.mark.parametrize("number", ["01", "1/", "n° 1", "N°01", "Fiche 1", "FICHE N° 01", "**01**", "# 01"])
def test_fiche_begins_at_the_theme_above_its_number(number: str) -> None:
    source = f"ACCUEILLIR MIEUX\n\n{number}\n\nUN GUICHET\n\nVILLE DU CAP\n\n{PEOPLE}"

    assert heads_of(source) == [Head(1, 9, "ACCUEILLIR MIEUX", 1, (5, 7))]


@pytest.mark.parametrize(
    "line", ["ACCUEILLIR MIEUX 01", "Accueillir mieux – 1", "01 ACCUEILLIR MIEUX", "1 / Accueillir mieux"]
)
def test_known_theme_and_number_may_share_a_line(line: str) -> None:
    source = f"SOMMAIRE\n\n{line}\n\nUN GUICHET\n\n{PEOPLE}"

    (head,) = heads_of(source, TOC)

    assert (head.start, head.theme and head.theme.casefold(), head.number, head.naming) == (
        3,
        "accueillir mieux",
        1,
        (5,),
    )


def test_theme_may_be_broken_over_lines() -> None:
    source = f"x\n\nACCUEILLIR\nMIEUX\n\n01\n\nUN GUICHET\n\n{PEOPLE}"

    assert heads_of(source, TOC) == [Head(3, 10, "ACCUEILLIR MIEUX", 1, (8,))]


def test_theme_with_a_slip_is_taken_as_printed() -> None:
    source = f"x\n\nACCUEILIR MIEUX\n\n01\n\nUN GUICHET\n\n{PEOPLE}"

    assert heads_of(source, TOC) == [Head(3, 9, "ACCUEILIR MIEUX", 1, (7,))]


def test_fiche_without_theme_begins_at_its_number() -> None:
    source = f"Un texte d'avant.\n\n01\n\nUN GUICHET\n\nVILLE DU CAP\n\n{PEOPLE}"

    assert heads_of(source, TOC) == [Head(3, 9, None, 1, (5, 7))]


def test_fiche_without_number_begins_at_its_theme() -> None:
    source = f"Un texte d'avant.\n\nACCUEILLIR MIEUX\n\nUN GUICHET\n\n{PEOPLE}"

    assert heads_of(source, TOC) == [Head(3, 7, "ACCUEILLIR MIEUX", None, (5,))]


def test_fiche_with_neither_begins_at_its_title_in_capitals_or_bold() -> None:
    source = f"Un texte d'avant.\n\n**Un guichet\npour tous**\n\nVILLE DU CAP\n\n{PEOPLE}"

    assert heads_of(source) == [Head(3, 8, None, None, (3, 4, 6))]


def test_figure_above_a_head_is_no_number_of_a_fiche() -> None:
    source = f"{PEOPLE}\nLes chiffres\n\n12\n\nagents\n\nUN GUICHET\n\n{PEOPLE}"

    assert [(head.start, head.number) for head in heads_of(source)] == [(1, None), (15, None)]


def test_theme_and_number_are_enough_when_no_authors_are_announced() -> None:
    source = (
        f"ACCUEILLIR MIEUX\n\n01\n\nUN\n\n{PEOPLE}\n"
        "ACCUEILLIR MIEUX\n\n02\n\nDEUX\n\nLina OREL\nlina@exemple.org\n\nCONTEXTE\n"
    )

    assert heads_of(source) == [
        Head(1, 7, "ACCUEILLIR MIEUX", 1, (5,)),
        Head(15, 19, "ACCUEILLIR MIEUX", 2, (19,)),
    ]


def test_second_heading_of_people_begins_no_fiche() -> None:
    source = (
        "ACCUEILLIR MIEUX\n\n01\n\nUN GUICHET\n\nLES AUTEURS\n\nJean BRUN\n\nLES AUTRICES\n\nLina OREL\n\nCONTEXTE\n"
    )

    assert heads_of(source) == [Head(1, 7, "ACCUEILLIR MIEUX", 1, (5,))]


@pytest.mark.parametrize(("address", "count"), [("lina@exemple.org", 1), ("Une phrase.", 0)])
def test_team_is_a_heading_only_above_people(address: str, count: int) -> None:
    assert len(heads_of(f"UN GUICHET\n\nL'ÉQUIPE\n\nLina OREL\n{address}\n\nCONTEXTE\n")) == count


def test_authors_inside_the_table_of_contents_begin_no_fiche() -> None:
    assert heads_of("SOMMAIRE\n\nLES AUTEURS\n\nx", Toc((1, 5), TOC.entries, TOC.themes)) == []


@pytest.mark.parametrize(
    ("before", "found"),
    [("ACCUEILLIR MIEUX", (1, 1)), ("**ACCUEILLIR\nMIEUX**", (1, 2)), ("Un texte d'avant.", None)],
)
def test_page_with_the_theme_alone_is_a_divider(before: str, found: tuple[int, int] | None) -> None:
    text = text_of(f"{before}\n\nACCUEILLIR MIEUX\n\n01\n\nUN GUICHET\n\n{PEOPLE}")
    (head,) = find_heads(text, None)

    assert divider(text, head, set()) == found
    assert divider(text, head, {1, 2}) is None
