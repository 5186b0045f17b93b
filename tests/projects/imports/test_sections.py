import pytest

from projects.imports.records import NonBody, SectionRecord
from projects.imports.sections import Heading, find_headings, read_sections
from projects.imports.vocabulary import Kind
from tests.projects.imports.samples import text_of

LONG = "Une phrase assez longue pour être le corps du texte, et non la légende d'une image ou d'un plan. " * 2


def read(source: str) -> tuple[list[SectionRecord], list[NonBody]]:
    text = text_of(source)
    return read_sections(text, find_headings(text, 1, text.last), text.last)


def shape(source: str) -> list[tuple[str, str, tuple[int, ...], tuple[tuple[int, int], ...]]]:
    return [(s.kind, s.heading, s.heading_lines, s.body_lines) for s in read(source)[0]]


def test_sections_follow_in_printed_order() -> None:
    assert read("CONTEXTE\n\nUn **texte**.\nDeux.\n\nTrois.\n\n## Aller plus loin\n\nZoom") == (
        [
            SectionRecord("contexte", "CONTEXTE", (1,), ((3, 6),), "Un **texte**.\nDeux.\n\nTrois."),
            SectionRecord("aller_plus_loin", "Aller plus loin", (8,), (), ""),
            SectionRecord("zoom", "Zoom", (10,), (), ""),
        ],
        [],
    )


@pytest.mark.parametrize(
    ("source", "heading"),
    [
        ("PROBLÉ-\nMATIQUE", Heading(Kind.PROBLEMATIQUE, (1, 2), "PROBLÉMATIQUE")),
        ("PROBLÉ- MATIQUE", Heading(Kind.PROBLEMATIQUE, (1,), "PROBLÉMATIQUE")),
        ("DES CLÉS\n\nPOUR AGIR", Heading(Kind.CLES_POUR_AGIR, (1, 3), "DES CLÉS POUR AGIR")),
        ("Aller\nplus loin", Heading(Kind.ALLER_PLUS_LOIN, (1, 2), "Aller plus loin")),
        ("TÉMOIGNAGE\nDE LA\nCOLLECTIVITÉ", Heading(Kind.TEMOIGNAGE, (1, 2, 3), "TÉMOIGNAGE DE LA COLLECTIVITÉ")),
        ("TÉMOIGNAGE\n\nRose Vasseur", Heading(Kind.TEMOIGNAGE, (1,), "TÉMOIGNAGE")),
        ("x\n\nCONTEXE\n\nx", Heading(Kind.CONTEXTE, (3,), "CONTEXE")),
    ],
)
def test_heading_may_be_cut_or_misspelt(source: str, heading: Heading) -> None:
    text = text_of(source)

    assert find_headings(text, 1, text.last) == [heading]


@pytest.mark.parametrize(
    "source", ["Aller\n\nplus loin", "x\nCONTEXE\nx", "LES CONSTATS", "Contexte local et régional"]
)
def test_words_of_the_text_are_no_heading(source: str) -> None:
    assert find_headings(text_of(source), 1, 9) == []


def test_counted_box_interrupts_its_section_without_cutting_it() -> None:
    source = f"DES CLÉS POUR AGIR\n\n{LONG}\n\n2 conseils pour accueillir\n\nAvant\n\n{LONG}\n\n{LONG}\n\nLa suite."

    assert shape(source) == [
        ("cles_pour_agir", "DES CLÉS POUR AGIR", (1,), ((3, 3), (13, 13))),
        ("autre", "2 conseils pour accueillir", (5,), ((7, 11),)),
    ]


def test_numbered_box_is_set_off_by_a_wide_gap() -> None:
    source = f"DES CLÉS POUR AGIR\n\n{LONG}\n\nLe chemin suivi\n\n\n\n1) Un pas\n\n2) Un autre"

    assert shape(source) == [
        ("cles_pour_agir", "DES CLÉS POUR AGIR", (1,), ((3, 3),)),
        ("autre", "Le chemin suivi", (5,), ((9, 11),)),
    ]
    assert shape(source.replace("\n\n\n\n", "\n\n")) == [("cles_pour_agir", "DES CLÉS POUR AGIR", (1,), ((3, 9),))]


def test_counted_box_is_found_where_no_line_is_blank() -> None:
    source = f"DES CLÉS POUR AGIR\n{LONG}\n2 conseils pour accueillir\nAvant\n{LONG}\n{LONG}\nLa suite."

    assert shape(source) == [
        ("cles_pour_agir", "DES CLÉS POUR AGIR", (1,), ((2, 2), (7, 7))),
        ("autre", "2 conseils pour accueillir", (3,), ((4, 6),)),
    ]


def test_wide_gap_is_told_by_the_others() -> None:
    source = f"DES CLÉS POUR AGIR\n\n{LONG}\n\n{LONG}\n\nLe chemin suivi\n\n\n1) Un pas\n\n2) Un autre"

    assert [section[1] for section in shape(source)] == ["DES CLÉS POUR AGIR", "Le chemin suivi"]
    assert [s[1] for s in shape(source.replace("\n\n", "\n\n\n").replace("\n\n\n\n", "\n\n\n"))] == [
        "DES CLÉS POUR AGIR"
    ]


def test_caption_that_touches_the_text_leaves_it() -> None:
    sections, aside = read(f"CONTEXTE\n\n{LONG}\nCrédit photo : Nina Faure")

    assert [(section.body_lines, section.text) for section in sections] == [(((3, 3),), LONG)]
    assert aside == [NonBody("legende", (4, 4), "Crédit photo : Nina Faure")]


def test_caption_at_the_end_leaves_the_body() -> None:
    sections, aside = read(f"CONTEXTE\n\n{LONG}\n\nCrédit photo : Nina Faure\n\nAVANT")

    assert [section.body_lines for section in sections] == [((3, 5),)]
    assert aside == [NonBody("legende", (5, 5), "Crédit photo : Nina Faure"), NonBody("legende", (7, 7), "AVANT")]


def test_legend_inside_the_body_is_named_and_stays() -> None:
    sections, aside = read(f"CONTEXTE\n\n■ Bas ■ Moyen ■ Haut\n\n{LONG}")

    assert [section.body_lines for section in sections] == [((3, 5),)]
    assert aside == [NonBody("legende", (3, 3), "■ Bas ■ Moyen ■ Haut")]


def test_poster_after_the_words_of_a_testimonial_is_set_apart() -> None:
    sections, aside = read(f"TÉMOIGNAGE\n\n{LONG}\n\nsuite de la phrase.\n\nOuvert\ntous les jours")

    assert [section.body_lines for section in sections] == [((3, 5),)]
    assert aside == [NonBody("affiche", (7, 8), "Ouvert\ntous les jours")]


def test_footnote_is_never_glued_to_the_end() -> None:
    sections, aside = read(f"CONTEXTE\n\n{LONG} Voir le rapport^[1].\n\n[1] Réseau des accueils, 2029")

    assert [section.body_lines for section in sections] == [((3, 3),)]
    assert aside == [NonBody("note", (5, 5), "[1] Réseau des accueils, 2029")]
