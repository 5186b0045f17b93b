"""Lines → records, on a small invented book: every line once, whatever is missing or moved."""

import re
import unicodedata
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.imports.reading import read_bytes
from projects.imports.records import Book, Fiche, Member
from projects.imports.recueil import read_book
from tests.projects.imports.samples import BOOK, FICHE_1, FICHE_2, LISTS, TOC


def book_of(text: str) -> Book:
    return read_book(read_bytes("essai.md", text.encode()))


def claims(book: Book) -> Counter[int]:
    """How often each line is claimed; what is also listed as `non_body` counts once with its own fiche."""
    counter: Counter[int] = Counter()

    def add(spans: object) -> None:
        for first, last in spans:  # type: ignore[attr-defined]
            counter.update(range(first, last + 1))

    add(part.lines for part in book.parts)
    add(piece.lines for piece in book.unplaced)
    for fiche in book.fiches:
        add(fiche.header_lines)
        body: set[int] = set()
        for section in fiche.sections:
            add((n, n) for n in section.heading_lines)
            add(section.body_lines)
            body |= {n for first, last in section.body_lines for n in range(first, last + 1)}
        for piece in fiche.non_body:
            counter.update(n for n in range(piece.lines[0], piece.lines[1] + 1) if n not in body)
    return counter


def assert_every_line_once(text: str, book: Book) -> None:
    source = read_bytes("essai.md", text.encode())
    filled = {line.number for line in source.lines if not line.is_blank}
    counter = claims(book)
    assert {n for n in filled if counter[n] != 1} == set()


def without_lines(fiche: Fiche) -> tuple[object, ...]:
    return (
        fiche.number,
        fiche.theme,
        fiche.title,
        fiche.collectivities,
        [(a.first_name, a.last_name, a.email, a.corps, a.promotion) for a in fiche.authors],
        [(t.first_name, t.last_name, t.job_title) for t in fiche.tutors],
        [(s.kind, re.sub(r"\s+", " ", s.text)) for s in fiche.sections],
        [(t.form, t.text, t.speakers) for t in fiche.testimonials],
        [(f.value, f.label) for f in fiche.key_figures],
        [(r.text, r.url) for r in fiche.references],
    )


def test_book_is_read_whole() -> None:
    book = book_of(BOOK)

    assert (book.title, book.school_year, book.published, book.publisher, book.themes) == (
        "REGARDS D'ESSAI",
        "2021 / 2022",
        "2021-12",
        "INET",
        ("AGIR ENSEMBLE",),
    )
    assert [(p.name, p.corps, p.members) for p in book.promotions] == [
        ("Ada Lovelace", "administrateur", (Member("Zoé", "MARTINEZ"), Member("Jean", "PETIT"))),
        ("Émilie Du Châtelet", "ingénieur en chef", (Member("Ali", "BEN SALAH"), Member("Paul", "AUTRE"))),
    ]
    assert book.unplaced == ()
    assert_every_line_once(BOOK, book)


def test_fiche_is_read_whole() -> None:
    fiche = book_of(BOOK).fiches[0]

    assert (fiche.number, fiche.theme, fiche.title, fiche.page, fiche.page_last) == (
        1,
        "AGIR ENSEMBLE",
        "RANGER LES ARCHIVES",
        5,
        8,
    )
    assert [place.name for place in fiche.collectivities] == ["VILLE DE MIRAVAL"]
    assert [(a.first_name, a.last_name, a.email, a.corps, a.promotion) for a in fiche.authors] == [
        ("Zoé", "MARTINEZ", "zoe.martinez@administrateur-inet.org", "administrateur", "Ada Lovelace"),
        ("Ali", "BEN SALAH", "ali.bensalah@ingenieurchef-inet.org", "ingénieur en chef", "Émilie Du Châtelet"),
    ]
    assert [(t.first_name, t.last_name, t.job_title) for t in fiche.tutors] == [
        ("Léa", "DUPONT", "Directrice des archives")
    ]
    assert [(s.kind, s.heading, s.text) for s in fiche.sections] == [
        ("contexte", "CONTEXTE", "La ville garde **trois kilomètres** de papier."),
        ("problematique", "PROBLÉMATIQUE", "Que garder, et pour qui ?"),
        ("cles_pour_agir", "DES CLÉS POUR AGIR", "L'équipe a mené douze entretiens.\n\n- trier\n- numériser"),
        (
            "temoignage",
            "TÉMOIGNAGE DE LA COLLECTIVITÉ",
            "Léa Dupont, directrice des archives\n\n« Le travail de l'équipe nous a permis de voir clair dans des "
            "fonds que personne n'osait ouvrir depuis trente ans. »",
        ),
        ("chiffres", "LES CHIFFRES", "3 000\n\nmètres de rayonnages\n\n+25 % de demandes en dix ans"),
        (
            "aller_plus_loin",
            "ALLER PLUS LOIN",
            "- Guide de l'archivage, 2019\n- [Portail des archives](https://archives.example/)",
        ),
    ]
    assert [(t.form, [(s.first_name, s.last_name, s.job_title) for s in t.speakers]) for t in fiche.testimonials] == [
        ("citation", [("Léa", "Dupont", "directrice des archives")])
    ]
    assert fiche.testimonials[0].text.startswith("Le travail de l'équipe nous a permis")
    assert [(f.value, f.label) for f in fiche.key_figures] == [
        ("3 000", "mètres de rayonnages"),
        ("+25 %", "de demandes en dix ans"),
    ]
    assert [(r.text, r.url) for r in fiche.references] == [
        ("Guide de l'archivage, 2019", ""),
        ("Portail des archives", "https://archives.example/"),
    ]
    assert fiche.warnings == ()


def _lower_headings(text: str) -> str:
    return re.sub(
        r"^(CONTEXTE|PROBLÉMATIQUE|LES CHIFFRES|ALLER PLUS LOIN)$", lambda m: m[0].capitalize(), text, flags=re.M
    )


@pytest.mark.parametrize(
    "change",
    [
        _lower_headings,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace("DES CLÉS POUR AGIR", "**DES CLÉS\nPOUR AGIR**"),
        lambda text: text.replace("PROBLÉMATIQUE", "PROBLÉ-\nMATIQUE"),
        lambda text: text.replace("\n\n", "\n\n\n\n"),
        lambda text: text.replace("TUTRICE AU SEIN DE LA COLLECTIVITÉ", "Tutrice"),
        lambda text: text.replace("RANGER\nLES", "RANGER\u00a0LES"),
        lambda text: text.replace("MARTINEZ\nzoe", "MARTINEZ zoe"),
        lambda text: text.replace("01\n\nRANGER", "01/\n\nRANGER"),
    ],
    ids=[
        "case",
        "crlf",
        "decomposed",
        "bold-cut",
        "hyphen",
        "blank",
        "tutrice",
        "no-break space",
        "e-mail beside",
        "slash",
    ],
)
def test_fiche_reads_the_same_when_its_form_changes(change) -> None:
    plain = book_of(BOOK)
    text = change(BOOK)

    changed = book_of(text)

    assert [without_lines(fiche) for fiche in changed.fiches] == [without_lines(fiche) for fiche in plain.fiches]
    assert_every_line_once(text, changed)


def test_lists_before_the_fiches_are_found() -> None:
    plain = book_of(BOOK)

    moved = book_of("\n".join([TOC, LISTS, FICHE_1, FICHE_2]))

    assert [without_lines(fiche) for fiche in moved.fiches] == [without_lines(fiche) for fiche in plain.fiches]


def test_fiche_alone_has_neither_page_nor_promotion() -> None:
    book = book_of(FICHE_1)

    fiche = book.fiches[0]
    assert (book.title, book.school_year, fiche.number, fiche.page, fiche.theme) == (
        None,
        None,
        1,
        None,
        "AGIR ENSEMBLE",
    )
    assert [(a.corps, a.promotion) for a in fiche.authors] == [("administrateur", None), ("ingénieur en chef", None)]
    assert_every_line_once(FICHE_1, book)


def test_fiche_printed_twice_gives_two_and_says_so() -> None:
    book = book_of("\n".join([TOC, FICHE_1, FICHE_1, FICHE_2, LISTS]))

    assert [fiche.number for fiche in book.fiches] == [1, 1, 2]
    assert [[w.code for w in fiche.warnings] for fiche in book.fiches] == [[], ["duplicate_number"], []]


def test_missing_fiche_of_the_contents_is_said() -> None:
    book = book_of("\n".join([TOC, FICHE_1, LISTS]))

    assert [(w.code, w.message) for w in book.warnings] == [
        ("missing_fiche", "Le sommaire annonce la fiche 02, qui n’a pas été trouvée dans le texte.")
    ]


def test_text_without_fiche_is_unplaced_and_said() -> None:
    book = book_of("Une lettre.\n\nSans fiche.")

    assert [w.code for w in book.warnings] == ["no_mission", "unplaced_text", "unplaced_text"]
    assert [piece.text for piece in book.unplaced] == ["Une lettre.", "Sans fiche."]


def test_passage_of_another_fiche_is_said() -> None:
    passage = (
        "Les neuf communes partagent désormais un même atelier, ouvert chaque matin à tous leurs agents techniques."
    )
    first = FICHE_1.replace("Que garder", f"{passage}\n\nQue garder")
    second = FICHE_2.replace("Comment acheter", f"{passage}\n\nComment acheter")

    book = book_of("\n".join([TOC, first, second, LISTS]))

    assert [[w.code for w in fiche.warnings] for fiche in book.fiches] == [[], ["foreign_text"]]


LINES = [line for line in BOOK.split("\n") if line.strip()]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from([*LINES, "", "", "  ", "\u00a0", "## ", "42", "« ", "?"]), max_size=60))
def test_any_lines_in_any_order_are_read_and_each_claimed_once(lines: list[str]) -> None:
    text = "\n".join(["x", *lines])

    book = book_of(text)

    assert_every_line_once(text, book)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_book_with_lines_dropped_is_still_claimed_once(data: st.DataObject) -> None:
    lines = BOOK.split("\n")
    dropped = data.draw(st.sets(st.integers(0, len(lines) - 1), max_size=12))
    text = "\n".join(line for number, line in enumerate(lines) if number not in dropped)

    assert_every_line_once(text, book_of(text))


def test_checksum_and_name_are_kept() -> None:
    book = book_of(FICHE_1)

    assert replace(book, fiches=()).source_name == "essai.md"
    assert len(book.checksum) == 64
