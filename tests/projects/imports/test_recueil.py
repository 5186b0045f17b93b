import pytest

from projects.imports.records import Part, TocEntry, Unplaced
from tests.projects.imports.samples import (
    CLOSING,
    CONTENTS,
    COVER,
    FIRST,
    LISTS,
    RECUEIL,
    SECOND,
    THIRD,
    book_of,
    codes,
    fiche_of,
    line_of,
)


def contents(source: str) -> list[tuple[int | None, str | None, str | None, int | None, int]]:
    return [(f.number, f.theme, f.title, f.page, len(f.sections)) for f in book_of(source).fiches]


ONE = (1, "ACCUEILLIR MIEUX", "UN GUICHET POUR LES HABITANTS", 5, 6)
TWO = (2, "ACCUEILLIR MIEUX", "LE BUREAU DES ARRIVANTS", 11, 3)
THREE = (3, "PRÉVOIR LONGTEMPS", "L'EAU EN 2050", 15, 4)


def test_recueil_gives_its_fiches_in_order() -> None:
    assert contents(RECUEIL) == [ONE, TWO, THREE]
    assert [(f.page, f.page_last) for f in book_of(RECUEIL).fiches] == [(5, 10), (11, 14), (15, None)]


@pytest.mark.parametrize(
    "source",
    [
        COVER + CONTENTS + LISTS + FIRST + SECOND + THIRD + CLOSING,
        COVER + LISTS + CONTENTS + FIRST + SECOND + THIRD,
        CONTENTS + FIRST + SECOND + THIRD,
        COVER + FIRST + SECOND + THIRD + LISTS + CONTENTS,
        RECUEIL.replace("\n\n", "\n"),
        RECUEIL.replace("\n", "\n\n"),
        RECUEIL.replace("SOMMAIRE", "SOM MAI RE"),
    ],
    ids=["lists first", "lists before contents", "bare", "contents last", "no blank line", "all blank lines", "spaced"],
)
def test_parts_may_stand_elsewhere(source: str) -> None:
    assert contents(source) == [ONE, TWO, THREE]


def test_fiches_alone_have_no_page() -> None:
    assert contents(FIRST + THIRD) == [(*ONE[:3], None, 6), (*THREE[:3], None, 4)]
    assert contents(SECOND) == [(*TWO[:3], None, 3)]


def test_repeated_swapped_and_missing_fiches_are_as_printed() -> None:
    book = book_of(CONTENTS + THIRD + FIRST + FIRST)

    assert [(fiche.number, codes(fiche.warnings)) for fiche in book.fiches] == [
        (3, ["figures_lost"]),
        (1, []),
        (1, ["duplicate_number"]),
    ]
    assert codes(book.warnings) == ["missing_fiche"]


def test_homonyms_are_told_apart_by_the_corps_of_their_address() -> None:
    book = book_of(RECUEIL)

    assert [(author.corps, author.promotion) for fiche in book.fiches[:2] for author in fiche.authors] == [
        ("administrateur", "Ada Lovelace"),
        ("conservateur", "Marie Curie"),
        ("administrateur", "Ada Lovelace"),
        ("administrateur", "Ada Lovelace"),
    ]


def test_book_keeps_contents_credits_and_closing_page() -> None:
    book = book_of(RECUEIL)

    assert book.toc[1] == TocEntry(2, "LE BUREAU DES ARRIVANTS VILLE ET MÉTROPOLE DE HAUTERIVE", 11, "ACCUEILLIR MIEUX")
    assert book.credits == "Décembre 2031\n\nConception éditoriale :\n\nNina Faure, Maison des Cadres"
    assert book.closing.strip() == CLOSING.strip()


def test_text_between_authors_and_first_heading_is_unplaced_not_a_person() -> None:
    words = "Ce texte a perdu son titre, " + "mais pas ses mots, " * 10 + "et reste lisible."
    source = SECOND.replace("CONTEXTE\n\nHauterive", f"{words}\n\nHauterive")

    book = book_of(source)

    assert [author.last_name for author in book.fiches[0].authors] == ["OREL", "BRUN"]
    assert [tutor.last_name for tutor in book.fiches[0].tutors] == ["GARNIER", "LE GOFF"]
    first, last = line_of(source, words), line_of(source, "PROBLÉMATIQUE")
    assert [piece.lines[0] for piece in book.unplaced] == [first, first + 2]
    assert last == first + 4
    assert book.unplaced_by_fiche == {0: list(book.unplaced)}


def test_fiche_cut_short_claims_what_it_has() -> None:
    source = SECOND.split("CONTEXTE")[0]

    fiche = fiche_of(source)

    assert (fiche.number, len(fiche.authors), len(fiche.tutors), fiche.sections) == (2, 2, 2, ())
    assert codes(fiche.warnings) == ["missing_section"] * 3


def test_text_after_the_lists_is_unplaced() -> None:
    book = book_of(SECOND + LISTS + "\nUne page de fin\nsans titre connu.\n")

    start = (SECOND + LISTS).count("\n") + 2
    assert book.unplaced == (Unplaced((start, start + 1), "Une page de fin\nsans titre connu."),)


def test_long_text_before_the_fiches_is_unplaced() -> None:
    foreword = "Un avant-propos. " * 300

    book = book_of(f"{foreword}\n{SECOND}")

    assert (book.parts, book.unplaced) == ((), (Unplaced((1, 1), foreword.rstrip("\n")),))


def test_theme_alone_before_its_first_fiche_is_a_divider() -> None:
    parts = book_of(CONTENTS + FIRST + SECOND).parts

    line = CONTENTS.count("\n") + 2
    assert Part("intercalaire", (line, line)) in parts
    assert sum(part.kind == "intercalaire" for part in parts) == 1
