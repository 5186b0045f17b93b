import pytest

from casebook.titles import is_printed_in_capitals, lowered

NB, NNB = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("printed", "evidence", "title"),
    [
        ("UN GUICHET POUR LES HABITANTS", [], "Un guichet pour les habitants"),
        ("un  guichet\npour tous.", [], "un guichet pour tous"),
        ("Un guichet pour Port-au-Vent", [], "Un guichet pour Port-au-Vent"),
        ("LE PLUI ET LES EPCI", [], "Le PLUI et les EPCI"),
        ("LES AGENTS DU CRAM", ["Il y a des agents du CRAM."], "Les agents du CRAM"),
        ("LES AGENTS DU CRAM", [], "Les agents du cram"),
        ("LA TOUR DU HAUT-MESNIL", ["On voit la tour du Haut-Mesnil."], "La tour du Haut-Mesnil"),
        ("LA PLACE DE L'ÎLE", ["Elle mène à la place de l’Île."], "La place de l’Île"),
        ("LA PLACE DE L’ÎLE", ["Elle mène à la place de l'Île."], "La place de l’Île"),
        ("L'EAU D'AUBE-LES-BAINS", ["La ville d'Aube-les-Bains boit."], "L’eau d’Aube-les-Bains"),
        ("LE PROJET DES AGENTS", ["Projet mené ici. Le projet avance.", "Agents reçus."], "Le projet des agents"),
        ("LE MARCHÉ DU JEUDI", ["Ici, le Marché. Puis le marché, et un marché."], "Le marché du jeudi"),
        ("UNE MÉTROPOLE OUVERTE", ["Ici, la Métropole reçoit. Car la Métropole lit."], "Une métropole ouverte"),
        ("HAUTERIVE MÉTROPOLE OUVERTE", ["À Hauterive Métropole, on lit."], "Hauterive Métropole ouverte"),
        ("LES 10 ANS DU PORT EN 2050", [], "Les 10 ans du port en 2050"),
        ("LE NUMÉRIQUE : POUR QUI ?", [], f"Le numérique{NB}: pour qui{NNB}?"),
        ("AGIR ! ENSEMBLE ; « VITE »", [], f"Agir{NNB}! ensemble{NNB}; «{NB}vite{NB}»"),
        ("", ["Un texte."], ""),
    ],
)
def test_title_in_capitals_is_written_as_a_sentence(printed: str, evidence: list[str], title: str) -> None:
    assert lowered(printed, evidence) == title


def test_bold_marks_of_the_evidence_do_not_hide_a_name() -> None:
    assert lowered("LE PORT DE BRUMEVAL", ["Voici le port de **Brumeval**."]) == "Le port de Brumeval"


def test_word_that_only_begins_sentences_or_items_is_common() -> None:
    assert lowered("LES ATELIERS", ["Ateliers menés.\n- Ateliers tenus\n→ Ateliers : Ateliers"]) == "Les ateliers"


def test_capitals_may_slip_once_in_ten() -> None:
    assert [is_printed_in_capitals(text) for text in ("RÉORGANiSATION", "L’Été", "2050")] == [True, False, False]
