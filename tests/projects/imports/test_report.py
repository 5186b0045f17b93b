from projects.imports import report
from tests.projects.imports.samples import COVER, FIRST, SECOND, book_of


def lines(source: str) -> list[str]:
    return [line.replace("\u00a0", " ") for line in report.found(book_of(source, "carnets.md"))]


def test_report_tells_what_was_found_and_what_to_check() -> None:
    assert lines(COVER + SECOND.replace("Une lettre", "Une lettre (x pages)")) == [
        "carnets.md : « CARNETS DE MISSIONS », 2031 / 2032",
        "1 fiche, 1 thème et 0 liste de promotion. 1 point à vérifier, marqué « ! ».",
        "",
        "02/ LE BUREAU DES ARRIVANTS",
        "  ACCUEILLIR MIEUX · VILLE DE HAUTERIVE et MÉTROPOLE DE HAUTERIVE · lignes 13 à 48",
        "  Auteurs : Lina OREL et Jean BRUN",
        "  Tuteur et tutrice : Paul GARNIER et Anne LE GOFF",
        "  Rubriques : CONTEXTE, PROBLÉMATIQUE et DES CLÉS POUR AGIR",
        "  0 chiffre, 0 témoignage et 0 référence",
        "  ! Un passage à compléter semble rester dans « DES CLÉS POUR AGIR ». (ligne 47)",
    ]


def test_report_of_a_clean_fiche_has_nothing_to_check() -> None:
    assert lines(FIRST)[:2] == [
        "carnets.md : sans titre de recueil",
        "1 fiche, 1 thème et 0 liste de promotion. Rien à vérifier.",
    ]


def test_report_of_another_text_says_so_and_shows_it() -> None:
    assert lines("Une note.\n\nUne autre\nnote.") == [
        "carnets.md : sans titre de recueil",
        "0 fiche, 0 thème et 0 liste de promotion. 2 points à vérifier, marqués « ! ».",
        "  ! Aucune fiche n’a été reconnue : vérifiez que c’est bien un recueil ou une fiche.",
        "  ! Ce texte n’a pas trouvé de place : « Une note. », 1 autre passage non plus. (lignes 1 et 3 à 4)",
    ]


def test_lines_are_told_in_words() -> None:
    spans = [(), ((3, 3),), ((3, 5),), ((3, 3), (5, 6), (9, 9))]

    assert [report.lines_of(span).replace("\u00a0", " ") for span in spans] == [
        "",
        "ligne 3",
        "lignes 3 à 5",
        "lignes 3, 5 à 6 et 9",
    ]
