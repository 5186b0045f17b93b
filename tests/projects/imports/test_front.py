import pytest

from projects.imports.front import Front, Toc, closing_headings, read_front, read_toc, set_aside, without_contacts
from projects.imports.records import Part, TocEntry, Unplaced
from tests.projects.imports.samples import CLOSING, CONTENTS, COVER, text_of


def test_table_of_contents_gives_entries_under_their_themes() -> None:
    assert read_toc(text_of(CONTENTS)) == Toc(
        (2, 28),
        (
            TocEntry(1, "UN GUICHET POUR LES HABITANTS VILLE DE PORT-AU-VENT", 5, "ACCUEILLIR MIEUX"),
            TocEntry(2, "LE BUREAU DES ARRIVANTS VILLE ET MÉTROPOLE DE HAUTERIVE", 11, "ACCUEILLIR MIEUX"),
            TocEntry(3, "L'EAU EN 2050 COMMUNAUTÉ D'AGGLOMÉRATION DU VAL SEREIN", 15, "PRÉVOIR LONGTEMPS"),
        ),
        ("ACCUEILLIR MIEUX", "PRÉVOIR LONGTEMPS"),
    )


@pytest.mark.parametrize(
    "line",
    [
        "01/ TITRE VILLE / P05",
        "01 – TITRE VILLE p. 5",
        "1. TITRE VILLE ........ 5",
        "01/ TITRE VILLE page 5",
        "1) TITRE VILLE … 5",
    ],
)
def test_entry_on_one_line_is_read_in_every_usual_shape(line: str) -> None:
    assert read_toc(text_of(f"Table des matières\n{line}")) == Toc((1, 2), (TocEntry(1, "TITRE VILLE", 5, None),), ())


def test_entry_that_lost_its_page_does_not_swallow_the_next() -> None:
    assert read_toc(text_of("SOMMAIRE\n01/\nPREMIER\n02/\nSECOND\n/ P9")) == Toc(
        (1, 6), (TocEntry(1, "PREMIER", None, None), TocEntry(2, "SECOND", 9, None)), ()
    )


@pytest.mark.parametrize("source", ["Un texte", "SOMMAIRE\n\nUn texte", "SOMMAIRE"])
def test_no_entry_is_no_table_of_contents(source: str) -> None:
    assert read_toc(text_of(source)) is None


def test_cover_and_colophon_say_what_the_book_is() -> None:
    colophon = "Décembre 2031\n\nConception éditoriale :\n\nNina Faure, Maison des Cadres\n"
    text = text_of(COVER + colophon)
    end = COVER.count("\n")

    assert read_front(text, (1, end), (end + 1, text.last)) == Front(
        title="CARNETS DE MISSIONS",
        subtitle="ÉLÈVES TERRITORIAUX DES PROMOTIONS ADA LOVELACE & MARIE CURIE",
        school_year="2031 / 2032",
        published="2031-12",
        publisher="Maison des Cadres",
        promotions=("Ada Lovelace", "Marie Curie"),
        credits="Décembre 2031\n\nConception éditoriale :\n\nNina Faure, Maison des Cadres",
    )


def test_publisher_is_told_by_its_line_where_none_is_blank() -> None:
    text = text_of(
        "Carnets, 2031-2032\nConception éditoriale :\nNina Faure, Maison des Cadres\nCrédits photos : Lina Orel"
    )

    assert read_front(text, (1, 4), None).publisher == "Maison des Cadres"


def test_title_may_stand_on_the_line_of_the_year() -> None:
    assert read_front(text_of("Carnets de missions, 2031-2032"), (1, 1), None) == Front(
        title="Carnets de missions", school_year="2031-2032"
    )


def test_nothing_is_said_without_a_cover() -> None:
    assert read_front(text_of("x"), None, None) == Front()


def test_long_text_before_the_fiches_is_no_part_of_the_book() -> None:
    short, long = text_of("un\n\ndeux"), text_of("mot " * 1500)

    assert set_aside(short, "couverture", 1, 3) == ([Part("couverture", (1, 3))], [])
    assert set_aside(short, "couverture", 1, 3, keep=False) == ([], [Unplaced((1, 1), "un"), Unplaced((3, 3), "deux")])
    assert set_aside(long, "couverture", 1, 1) == ([], [Unplaced((1, 1), long.raw(1))])
    assert set_aside(short, "couverture", 2, 2) == ([], [])


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (CLOSING, [2]),
        ("ACCUEILLIR UN OU UNE\nÉLÈVE EN STAGE", [1]),
        ("Accueillir un élève, dit-elle.", []),
        ("ACCUEILLIR MIEUX", []),
    ],
)
def test_closing_page_begins_at_a_heading_in_capitals(source: str, lines: list[int]) -> None:
    assert list(closing_headings(text_of(source))) == lines


def test_contacts_are_left_out_of_what_the_site_shows() -> None:
    long = "Écrivez à stages@exemple.org ou au 01 99 00 12 34. " + "Un long paragraphe qui dit autre chose. " * 10

    assert without_contacts(CLOSING).strip() == CLOSING.split("\n\nCONTACT")[0].strip()
    assert without_contacts(f"Contact : Nina Faure\n\nTél. +33 1 99 00 12 34\n\n{long}") == long.replace(
        "stages@exemple.org", ""
    ).replace("01 99 00 12 34", "")
