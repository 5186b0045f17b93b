import pytest

from projects.imports.records import Reference
from tests.projects.imports.samples import section_of


def read(body: str) -> list[tuple[str, str, bool]]:
    return [(r.text, r.url, r.target_lost) for r in section_of("Aller plus loin", body).references]


@pytest.mark.parametrize(
    "body",
    [
        "- Réseau des accueils, Cahier, 2029\n- Nina Faure, Recevoir, 2030",
        "→ Réseau des accueils, Cahier, 2029\n\n→ Nina Faure, Recevoir, 2030",
        "Réseau des accueils, Cahier, 2029\n\nNina Faure, Recevoir, 2030",
        "Réseau des accueils, Cahier, 2029\nNina Faure, Recevoir, 2030",
        "Réseau des accueils,\nCahier, 2029\nNina Faure,\nRecevoir, 2030",
        "1. Réseau des accueils, *Cahier*, 2029\n2. **Nina Faure**, Recevoir, 2030",
    ],
)
def test_each_reference_is_one_entry(body: str) -> None:
    assert read(body) == [("Réseau des accueils, Cahier, 2029", "", False), ("Nina Faure, Recevoir, 2030", "", False)]


@pytest.mark.parametrize(
    ("body", "reference"),
    [
        ("Cahier, [Recevoir](https://exemple.org/a)", ("Cahier, Recevoir", "https://exemple.org/a", False)),
        ("Cahier, [Recevoir](#), 2030", ("Cahier, Recevoir, 2030", "", True)),
        ("Cahier, [Recevoir](javascript:x)", ("Cahier, Recevoir", "", True)),
        ("Cahier : www.exemple.org/a.", ("Cahier : www.exemple.org/a.", "https://www.exemple.org/a", False)),
        ("[Le \\[vrai\\] cahier](http://exemple.org)", ("Le [vrai] cahier", "http://exemple.org", False)),
    ],
)
def test_link_gives_its_words_and_its_target(body: str, reference: tuple[str, str, bool]) -> None:
    assert read(body) == [reference]


def test_narrative_gives_no_reference() -> None:
    assert (
        read(
            "La ville poursuit le chemin ouvert par l'équipe, en réunissant chaque mois les agents des trois mairies. "
            * 2
        )
        == []
    )
    assert read("") == []


def test_reference_keeps_its_lines() -> None:
    fiche = section_of("Aller plus loin", "Réseau des accueils,\nCahier, 2029\n\nNina Faure, Recevoir")
    start = fiche.sections[-1].body_lines[0][0]

    assert fiche.references == (
        Reference("Réseau des accueils, Cahier, 2029", 3, "", False, ((start, start + 1),)),
        Reference("Nina Faure, Recevoir", 3, "", False, ((start + 3, start + 3),)),
    )
