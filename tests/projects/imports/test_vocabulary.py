import pytest

from casebook.text import letters
from projects.imports.vocabulary import (
    AUTHORS_HEADING,
    TUTORS_HEADING,
    Kind,
    corps_in_words,
    misspelt_kind,
    section_kind,
)


@pytest.mark.parametrize(
    ("kind", "headings"),
    [
        (
            Kind.CONTEXTE,
            "CONTEXTE|Contextes|Le contexte|Contexte :|**CONTEXTE**|1. Contexte|C O N T E X T E|II – CONTEXTE",
        ),
        (Kind.PROBLEMATIQUE, "PROBLÉMATIQUE|La problematique|Les problématiques|PROBLÉ- MATIQUE|2) Problématique"),
        (Kind.CLES_POUR_AGIR, "DES CLÉS POUR AGIR|« Les clés pour agir »|Clefs pour agir|Nos clés pour agir…"),
        (Kind.CHIFFRES, "Les chiffres|CHIFFRES-CLÉS|En chiffres|La mission en chiffres|Quelques chiffres :"),
        (Kind.ALLER_PLUS_LOIN, "Aller plus loin|POUR ALLER PLUS LOIN…|Aller + loin|En savoir plus|Pour en savoir +"),
        (Kind.TEMOIGNAGE, "Témoignage|TÉMOIGNAGES|Témoignage de la collectivité|Paroles d’élus|Le mot du tuteur"),
        (Kind.ZOOM, "ZOOM|Zoom sur la méthode|ZOOM : l’atelier"),
        (Kind.AUTRE, "Et après...|ET MAINTENANT ?|Et ensuite"),
    ],
)
def test_heading_is_known_in_any_case_and_usual_wording(kind: Kind, headings: str) -> None:
    assert {heading: section_kind(heading) for heading in headings.split("|")} == dict.fromkeys(
        headings.split("|"), kind
    )


@pytest.mark.parametrize(
    "words",
    ["", "Contexte politique local", "Le mot de la fin", "12", "Les chiffres parlent d’eux-mêmes", "zoom " * 20],
)
def test_other_words_are_no_heading(words: str) -> None:
    assert section_kind(words) is None


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("contexe", Kind.CONTEXTE),
        ("contextee", Kind.CONTEXTE),
        ("contetxe", Kind.CONTEXTE),
        ("problenatique", Kind.PROBLEMATIQUE),
        ("contxe", None),
        ("", None),
        ("leschats", None),
    ],
)
def test_heading_with_one_slip_is_still_that_heading(key: str, kind: Kind | None) -> None:
    assert misspelt_kind(key) == kind


@pytest.mark.parametrize(
    "words",
    [
        "LES AUTEURS",
        "Auteurs",
        "Les autrices",
        "LES AUTEURS ET AUTRICES",
        "Les auteur·e·s",
        "Les auteur(e)s",
        "L’autrice",
        "Les auteurs de la fiche",
        "LES AUTEUR·RICE·S",
    ],
)
def test_authors_heading_takes_every_form(words: str) -> None:
    assert AUTHORS_HEADING.match(letters(words))


@pytest.mark.parametrize(
    "words",
    [
        "TUTEUR",
        "Tutrice",
        "TUTEURS",
        "TUTEUR ET TUTRICE",
        "Tuteur / tutrice",
        "Tuteur·rice",
        "Tuteur(s)",
        "LES TUTRICES",
        "TUTRICE AU SEIN DE LA COLLECTIVITÉ",
        "Tuteurs des collectivités",
        "Maître de stage",
        "Tutorat",
    ],
)
def test_tutors_heading_takes_every_form(words: str) -> None:
    assert TUTORS_HEADING.match(letters(words))


@pytest.mark.parametrize("words", ["Claire Tutelle", "tuteur Paul Garnier", "Auteurs et lecteurs", "hauteurs"])
def test_names_and_sentences_are_no_heading_of_people(words: str) -> None:
    assert not TUTORS_HEADING.match(letters(words))
    assert not AUTHORS_HEADING.match(letters(words))


def test_corps_is_told_by_words() -> None:
    words = ["Ingénieure en chef", "conservatrice de bibliothèques", "Administrateur territorial", "Directrice"]

    assert [corps_in_words(text) for text in words] == ["ingénieur en chef", "conservateur", "administrateur", None]
