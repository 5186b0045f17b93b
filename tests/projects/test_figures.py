"""What a key figure says away from its fiche."""

import pytest

from projects.figures import speaks
from projects.models import KeyFigure


@pytest.mark.parametrize(
    ("value", "label", "expected"),
    [
        ("93", "personnes contactées", 0),
        ("45 h", "d’entretiens", 0),
        ("+90", "personnes rencontrées", 0),
        ("20", "mois d’attente", 1),
        ("30", "millions d’euros inscrits", 1),
        ("51,5 ans", "d’âge", 1),
        ("1,371", "million d’habitants", 2),
        ("8,61", "agents dans l’équipe", 2),
        ("59", "communes membres", 2),
        ("2", "immersions", 2),
        ("2006", "création du service", 3),
        ("2^e", "région de France", 3),
        ("3/4", "des acteurs rencontrés", 3),
        ("9", "mois après le déploiement", 3),
        ("1", "9 mois après le déploiement", 3),
        ("78,4 %", "UN HOMME", 3),
        ("3", "", 3),
    ],
)
def test_speaks(value: str, label: str, expected: int) -> None:
    assert speaks(KeyFigure(value=value, label=label)) == expected
