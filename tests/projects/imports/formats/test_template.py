"""The Word template, as its writer fills it and as the importer reads it."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from docx import Document
from docx.document import Document as Filled
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from projects.imports import contract
from projects.imports.formats.styles import Style
from projects.imports.formats.template import FIELDS, template
from projects.imports.reading import read_bytes
from projects.imports.recueil import read_book

FILLED = (
    (Style.THEME, ["Accueillir mieux"]),
    (Style.NUMBER, ["04"]),
    (Style.TITLE, ["Un guichet pour les habitants"]),
    (Style.COLLECTIVITY, ["Ville de Port-au-Vent", "Métropole de Hauterive"]),
    (Style.AUTHOR, ["Lina OREL", "Jean-Marc DE LA TOUCHE"]),
    (Style.EMAIL, ["lina.orel@administrateur-inet.org", "jean-marc.delatouche@conservateur-inet.org"]),
    (Style.TUTOR, ["Rose VASSEUR"]),
    (Style.JOB, ["Directrice des relations avec les habitants"]),
)
BODIES = {
    "CONTEXTE": [(Style.TEXT, "La ville reçoit ses habitants dans trois mairies que rien ne relie entre elles.")],
    "PROBLÉMATIQUE": [(Style.TEXT, "Comment donner partout la même réponse, sans allonger les journées des agents ?")],
    "DES CLÉS POUR AGIR": [
        (Style.HEADING, "Observer d’abord"),
        (Style.TEXT, "L’équipe a mené douze entretiens et observé deux semaines d’accueil."),
        (Style.ITEM, "écouter les agents,"),
        (Style.ITEM, "compter les visites."),
    ],
    "ZOOM": [(Style.TEXT, "Le carnet de bord de l’agent d’accueil tient sur une page.")],
    "TÉMOIGNAGE DE LA COLLECTIVITÉ": [
        (Style.SPEAKER, "Rose Vasseur, Directrice des relations avec les habitants"),
        (Style.WORDS, "« L’équipe nous a aidés à voir ce que nous ne regardions plus, et à choisir quoi faire. »"),
    ],
    "LES CHIFFRES": [
        (Style.FIGURE, "3"),
        (Style.LABEL, "mairies annexes"),
        (Style.FIGURE, "+12 %"),
        (Style.LABEL, "de visites en un an"),
    ],
    "ALLER PLUS LOIN": [
        (Style.REFERENCE, "Observatoire des Guichets, Recevoir sans attendre, 2030"),
        (Style.REFERENCE, "Réseau des accueils, Cahier de recettes, 2029"),
    ],
}


def fill(document: Filled, without: tuple[str, ...] = ()) -> None:
    """Writes in the empty paragraphs, as a person does; a field that repeats gets more of its paragraphs."""
    for style, texts in FILLED:
        if style is Style.EMAIL:
            continue
        place = next(p for p in document.paragraphs if p.style is not None and p.style.name == style)
        for text in texts[:-1]:
            place.insert_paragraph_before(text, style=style)
            if style is Style.AUTHOR:
                place.insert_paragraph_before(FILLED[5][1][0], style=Style.EMAIL)
        place.text = texts[-1]
    emails = [p for p in document.paragraphs if p.style is not None and p.style.name == Style.EMAIL]
    emails[-1].text = FILLED[5][1][-1]
    for heading, lines in BODIES.items():
        if heading not in without:
            guidance = next(field.guidance for field in FIELDS if field.heading == heading)
            place = next(p for p in document.paragraphs if p.text == guidance)
            for style, text in reversed(lines):
                written = document.add_paragraph(text, style=style)
                place._p.addnext(written._p)


def read_filled(document: Filled) -> dict[str, object]:
    written = io.BytesIO()
    document.save(written)
    return contract.as_json(read_book(read_bytes("fiche.docx", written.getvalue())))


def test_filled_template_is_read_without_a_doubt() -> None:
    document = Document(io.BytesIO(template()))
    fill(document)

    result = read_filled(document)

    (fiche,) = result["missions"]  # type: ignore[misc,attr-defined]
    assert result["document"]["warnings"] == result["document"]["unplaced"] == []  # type: ignore[index]
    assert {name: fiche[name] for name in ("number", "theme", "title", "tutors_heading", "warnings", "non_body")} == {
        "number": 4,
        "theme": "ACCUEILLIR MIEUX",
        "title": "Un guichet pour les habitants",
        "tutors_heading": "TUTORAT",
        "warnings": [],
        "non_body": [],
    }
    assert [place["name_as_printed"] for place in fiche["collectivities"]] == [
        "VILLE DE PORT-AU-VENT",
        "MÉTROPOLE DE HAUTERIVE",
    ]
    assert [(a["first_name"], a["last_name"], a["email"], a["corps"]) for a in fiche["authors"]] == [
        ("Lina", "OREL", "lina.orel@administrateur-inet.org", "administrateur"),
        ("Jean-Marc", "DE LA TOUCHE", "jean-marc.delatouche@conservateur-inet.org", "conservateur"),
    ]
    assert fiche["tutors"] == [
        {
            "first_name": "Rose",
            "last_name": "VASSEUR",
            "job_title": "Directrice des relations avec les habitants",
        }
    ]
    assert [(section["heading_as_printed"], section["text"]) for section in fiche["sections"]] == [
        ("CONTEXTE", BODIES["CONTEXTE"][0][1]),
        ("PROBLÉMATIQUE", BODIES["PROBLÉMATIQUE"][0][1]),
        (
            "DES CLÉS POUR AGIR",
            "### Observer d’abord\n\nL’équipe a mené douze entretiens et observé deux semaines d’accueil.\n\n"
            "- écouter les agents,\n- compter les visites.",
        ),
        ("ZOOM", BODIES["ZOOM"][0][1]),
        ("TÉMOIGNAGE DE LA COLLECTIVITÉ", "\n\n".join(words for _, words in BODIES["TÉMOIGNAGE DE LA COLLECTIVITÉ"])),
        ("LES CHIFFRES", "3\n\nmairies annexes\n\n+12 %\n\nde visites en un an"),
        ("ALLER PLUS LOIN", "\n".join(f"- {words}" for _, words in BODIES["ALLER PLUS LOIN"])),
    ]
    assert fiche["testimonials"] == [
        {
            "form": "citation",
            "section": "TÉMOIGNAGE DE LA COLLECTIVITÉ",
            "embedded": False,
            "speakers": [
                {
                    "first_name": "Rose",
                    "last_name": "Vasseur",
                    "job_title": "Directrice des relations avec les habitants",
                }
            ],
            "text": "L’équipe nous a aidés à voir ce que nous ne regardions plus, et à choisir quoi faire.",
        }
    ]
    assert fiche["key_figures"] == [
        {"value": "3", "label": "mairies annexes"},
        {"value": "+12 %", "label": "de visites en un an"},
    ]
    assert [reference["text"] for reference in fiche["references"]] == [words for _, words in BODIES["ALLER PLUS LOIN"]]


def test_section_left_empty_is_not_read() -> None:
    document = Document(io.BytesIO(template()))
    fill(document, without=("ZOOM", "LES CHIFFRES", "ALLER PLUS LOIN"))

    (fiche,) = read_filled(document)["missions"]  # type: ignore[misc,attr-defined]

    assert [section["heading_as_printed"] for section in fiche["sections"]] == [
        "CONTEXTE",
        "PROBLÉMATIQUE",
        "DES CLÉS POUR AGIR",
        "TÉMOIGNAGE DE LA COLLECTIVITÉ",
    ]
    assert fiche["warnings"] == []


def test_words_typed_over_a_guidance_are_kept() -> None:
    document = Document(io.BytesIO(template()))
    fill(document, without=("ZOOM",))
    guidance = next(field.guidance for field in FIELDS if field.heading == "ZOOM")
    next(p for p in document.paragraphs if p.text == guidance).text = "Le carnet de bord tient sur une page."

    (fiche,) = read_filled(document)["missions"]  # type: ignore[misc,attr-defined]

    assert [s["text"] for s in fiche["sections"] if s["kind"] == "zoom"] == ["Le carnet de bord tient sur une page."]


def test_link_of_a_reference_keeps_its_address() -> None:
    document = Document(io.BytesIO(template()))
    fill(document)
    place = next(p for p in document.paragraphs if p.text.startswith("Réseau des accueils"))
    link = OxmlElement("w:hyperlink")
    address = "https://exemple.org/cahier"
    link.set(qn("r:id"), document.part.relate_to(address, _HYPERLINK, is_external=True))
    for run in list(place.runs):
        link.append(run._r)
    place._p.append(link)

    written = io.BytesIO()
    document.save(written)
    (fiche,) = read_book(read_bytes("fiche.docx", written.getvalue())).fiches

    assert [(reference.text, reference.url) for reference in fiche.references] == [
        ("Observatoire des Guichets, Recevoir sans attendre, 2030", ""),
        ("Réseau des accueils, Cahier de recettes, 2029", address),
    ]


_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def test_template_untouched_says_nothing() -> None:
    source = read_bytes("fiche.docx", template())

    words = [line.text for line in source.lines if not line.is_blank]

    assert words == ["LES AUTEURS", "TUTORAT"]


def test_command_writes_the_template(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "modele.docx"

    call_command("import_template", str(path))

    assert read_bytes("m.docx", path.read_bytes()).lines == read_bytes("m.docx", template()).lines
    assert capsys.readouterr().out == f"Le modèle est dans {path}.\n"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("modele.txt", "« modele.txt » n’est pas un nom de fichier Word : terminez-le par .docx."),
        ("absent/modele.docx", "ne peut pas être écrit : vérifiez que le dossier existe et vous appartient."),
    ],
)
def test_command_refuses_a_place_where_it_cannot_write(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("import_template", str(tmp_path / name))

    assert str(refused.value).replace("\u00a0", " ").endswith(message)
