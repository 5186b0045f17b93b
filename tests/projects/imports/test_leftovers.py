import pytest

from projects.imports.leftovers import narrative
from tests.projects.imports.samples import section_of

LONG = (
    "La ville poursuit le chemin ouvert par l'équipe, en réunissant chaque mois les agents des trois mairies annexes. "
)


@pytest.mark.parametrize(
    ("heading", "body", "left"),
    [
        ("Zoom", "Un texte.", "Un texte."),
        ("Témoignage", "« Merci à l'équipe. »", ""),
        ("Témoignage", "", ""),
        ("Les chiffres", "Ce que la ville compte.\n\n3\n\nmairies\n\nTitulaire **95 %**", "Ce que la ville compte."),
        ("Aller plus loin", "À lire\n\n- Cahier, 2029", ""),
        ("Aller plus loin", LONG * 2, LONG * 2),
    ],
)
def test_section_keeps_the_words_that_no_row_holds(heading: str, body: str, left: str) -> None:
    assert narrative(section_of(heading, body), 3).strip() == left.strip()
