import pytest

from projects.imports.formats.odt import read_lines
from tests.projects.imports.formats.documents import odt

LOOKS = {
    "G": 'fo:font-weight="bold"',
    "C": 'text:display="none"',
    "M": 'fo:text-transform="uppercase"',
    "E": 'style:text-position="super 58%"',
}
STYLES = (
    "".join(
        f'<style:style style:name="{name}" style:family="text"><style:text-properties {look}/></style:style>'
        for name, look in LOOKS.items()
    )
    + '<text:list-style style:name="N"><text:list-level-style-number text:level="1" style:num-format="1" '
    'style:num-suffix="."/><text:list-level-style-bullet text:level="2" text:bullet-char="•"/></text:list-style>'
    '<text:list-style style:name="P"><text:list-level-style-number text:level="1" style:num-format="1" '
    'text:start-value="3" style:num-suffix=")"/></text:list-style>'
)


def text_of(body: str) -> str:
    return "\n".join(line for line, _ in read_lines("f.odt", odt(body, STYLES)))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<text:p>Un\n   mot</text:p><text:p/><text:p>deux</text:p>", "Un mot\n\ndeux"),
        ("<text:p>PROBLÉ-<text:line-break/>MATIQUE</text:p>", "PROBLÉ-\nMATIQUE"),
        ('<text:p>a<text:tab/>b<text:s text:c="3"/>c</text:p>', "a b c"),
        ('<text:p>un <text:span text:style-name="G">mot </text:span>gras</text:p>', "un **mot** gras"),
        ('<text:p><text:span text:style-name="C">caché</text:span></text:p>', ""),
        ('<text:p><text:span text:style-name="M">vu</text:span></text:p>', "VU"),
        ('<text:p>le 1<text:span text:style-name="E">er</text:span></text:p>', "le 1^{er}"),
        ('<text:h text:outline-level="2">Un intertitre</text:h>', "### Un intertitre"),
        ('<text:p><text:a xlink:href="https://exemple.org">voir</text:a></text:p>', "[voir](https://exemple.org)"),
        ('<text:p><text:a xlink:href="javascript:alert(1)">voir</text:a></text:p>', "voir"),
        ("<text:section><text:p>dedans</text:p></text:section>", "dedans"),
    ],
)
def test_words_of_a_paragraph_are_one_line(body: str, text: str) -> None:
    assert text_of(body) == text


def test_only_the_accepted_text_is_read() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>supprimé</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        "<text:p>Avant<office:annotation><text:p>remarque</text:p></office:annotation> après<text:change/></text:p>"
    )

    assert text_of(body) == "Avant après"


def test_text_box_is_read_below_its_paragraph_without_the_words_about_a_picture() -> None:
    body = (
        "<text:p>Texte<draw:frame><draw:text-box><text:p>Dans le cadre</text:p></draw:text-box></draw:frame>"
        "<draw:frame><draw:image/><svg:desc>image</svg:desc></draw:frame> suite</text:p>"
    )

    assert text_of(body) == "Texte suite\n\nDans le cadre"


def test_lists_print_the_numbers_that_the_reader_sees() -> None:
    items = [f"<text:list-item><text:p>{words}</text:p>{{}}</text:list-item>" for words in ("un", "deux", "dessous")]
    below = f"<text:list>{items[2].format('')}</text:list>"
    body = (
        f'<text:list text:style-name="N">{items[0].format(below)}</text:list><text:p>Entre</text:p>'
        f'<text:list text:style-name="N" text:continue-numbering="true">{items[1].format("")}</text:list>'
        f'<text:list text:style-name="N">{items[0].format("")}</text:list>'
    )

    assert text_of(body) == "1. un\n  - dessous\n\nEntre\n\n2. deux\n1. un"


def test_list_inside_another_keeps_its_own_numbers_when_its_style_has_one_depth() -> None:
    inner = '<text:list text:style-name="P"><text:list-item><text:p>un</text:p></text:list-item></text:list>'

    assert text_of(f"<text:list><text:list-item>{inner}</text:list-item></text:list>") == "  3) un"


def test_note_is_a_paragraph_below_the_text_that_calls_it() -> None:
    long = "Une phrase assez longue pour être un paragraphe de texte, et qui appelle une note"
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>La note.</text:p>"
        "</text:note-body></text:note>"
    )

    assert text_of(f"<text:p>{long}{note}.</text:p><text:p>Fin.</text:p>") == f"{long}.\n\n^[1] La note.\n\nFin."


def test_table_of_data_is_a_table() -> None:
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{words}</text:p></table:table-cell>" for words in row)
        + "</table:table-row>"
        for row in (("Étape", "Durée"), ("Lire", "2 jours"))
    )

    assert text_of(f"<table:table>{rows}</table:table>") == "| Étape | Durée |\n|---|---|\n| Lire | 2 jours |"
