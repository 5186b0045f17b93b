import pytest

from projects.imports.formats.docx import read_lines
from tests.projects.imports.formats.documents import NAMESPACES, paragraph, run, table, word

BREAK, TAB = "<w:r><w:br/></w:r>", "<w:r><w:tab/></w:r>"
LONG = "Une phrase assez longue pour être un paragraphe de texte, et qui appelle une note"
_BOX = f"<w:txbxContent>{paragraph(run('Dans le cadre'))}</w:txbxContent>"
BOX = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wp:docPr descr="Texte de '
    f'remplacement"/><wps:txbx>{_BOX}</wps:txbx></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape>'
    f"<v:textbox>{_BOX}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
NUMBERING = (
    f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/>'
    "</w:lvlOverride></w:num></w:numbering>"
)
STYLES = (
    f'<w:styles {NAMESPACES}><w:style w:type="paragraph" w:styleId="T1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="T2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="C"><w:name w:val="Couvert"/><w:rPr><w:caps/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="C2"><w:name w:val="Fils"/><w:basedOn w:val="C"/></w:style></w:styles>'
)


def text_of(body: str, **parts: str) -> str:
    return "\n".join(line for line, _ in read_lines("f.docx", word(body, **parts)))


def item(words: str, level: int = 0, number: int = 1) -> str:
    look = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return paragraph(run(words), look=look)


def styled(words: str, style: str) -> str:
    return paragraph(run(words), look=f'<w:pStyle w:val="{style}"/>')


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (paragraph(run("Un ")) + paragraph() + paragraph(run("deux")), "Un\n\ndeux"),
        (paragraph(run("PROBLÉ-"), BREAK, run("MATIQUE")), "PROBLÉ-\nMATIQUE"),
        (paragraph(run("un"), TAB, run("deux")), "un deux"),
        (paragraph('<w:r><w:br w:type="page"/></w:r>'), ""),
        (paragraph("<w:r><w:t>cou</w:t><w:softHyphen/><w:t>pé\u00ad e</w:t></w:r>"), "coupé e"),
        (paragraph("<w:r><w:t>non</w:t><w:noBreakHyphen/><w:t>lieu</w:t></w:r>"), "non-lieu"),
        (paragraph(run("caché", "<w:vanish/>"), run("grand", "<w:caps/>")), "GRAND"),
        (paragraph(run("un "), run("mot ", "<w:b/>"), run("gras", "<w:b/>"), run(".")), "un **mot gras**."),
        (paragraph(run("le 1"), run("er", '<w:vertAlign w:val="superscript"/>')), "le 1^{er}"),
        (paragraph(run("3*4 &lt;b&gt; &amp;amp; AT&amp;T")), "3&#42;4 &lt;b> &amp;amp; AT&T"),
        (paragraph('<w:fldSimple w:instr="REF a">' + run("champ") + "</w:fldSimple>"), "champ"),
    ],
)
def test_words_of_a_paragraph_are_one_line(body: str, text: str) -> None:
    assert text_of(body) == text


def test_only_the_accepted_text_is_read() -> None:
    body = paragraph(
        run("Avant "),
        "<w:del><w:r><w:delText>supprimé</w:delText></w:r></w:del>",
        "<w:ins>" + run("ajouté") + "</w:ins>",
        "<w:moveFrom>" + run("parti") + "</w:moveFrom>",
        '<w:r><w:commentReference w:id="1"/></w:r>',
    ) + paragraph(run("Un"), look="<w:rPr><w:del/></w:rPr>")
    comments = f'<w:comments {NAMESPACES}><w:comment w:id="1">{paragraph(run("remarque"))}</w:comment></w:comments>'

    text = text_of(body + paragraph(run(" deux")), comments=comments)

    assert text == "Avant ajouté\n\nUn deux"


def test_text_box_is_read_once_below_its_paragraph() -> None:
    assert text_of(paragraph(run("Texte"), BOX, run(" suite"))) == "Texte suite\n\nDans le cadre"


def test_lists_print_the_numbers_that_word_shows() -> None:
    body = item("un") + item("dessous", 1) + paragraph(run("Entre")) + item("deux") + item("sept", 0, 2)

    assert text_of(body, numbering=NUMBERING) == "1. un\n  - dessous\n\nEntre\n\n2. deux\n7. sept"


def test_styles_tell_headings_and_capitals() -> None:
    body = styled("Le titre", "T1") + styled("Un intertitre", "T2") + styled("Pilote", "C2")

    assert text_of(body, styles=STYLES) == "**Le titre**\n\n### Un intertitre\n\nPILOTE"


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("https://exemple.org/a(b)", "[voir](https://exemple.org/a%28b%29)"),
        ("javascript:alert(1)", "voir"),
        ("file:///c:/a", "voir"),
        ("mailto:lina@exemple.org", "voir lina@exemple.org"),
    ],
)
def test_link_keeps_a_web_or_mail_address_only(target: str, text: str) -> None:
    field = "".join(f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>{{}}' for kind in ("begin", "separate", "end"))
    body = field.format(f'<w:r><w:instrText> HYPERLINK "{target}" </w:instrText></w:r>', run("voir"), "")

    assert text_of(paragraph(body)) == text


def test_note_is_a_paragraph_below_the_text_that_calls_it() -> None:
    call = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = f'<w:footnotes {NAMESPACES}><w:footnote w:id="2">{paragraph(run(" La note."))}</w:footnote></w:footnotes>'
    body = paragraph(run("UN TITRE"), call) + paragraph(run(LONG), call, run(".")) + paragraph(run("Fin."))

    text = text_of(body, footnotes=notes)

    assert text == f"UN TITRE\n\n{LONG}.\n\n^[1] La note.\n\n^[2] La note.\n\nFin."


def test_table_of_data_is_a_table_and_a_layout_is_its_paragraphs() -> None:
    data = table(
        [paragraph(run("Étape")), paragraph(run("Durée"))],
        [paragraph(run("Lire")), paragraph(run("2 | 3")) + paragraph(run("jours"))],
    )
    layout = table([paragraph(run("CONTEXTE")) + paragraph(run("Le texte.")), paragraph(run("PROBLÉMATIQUE"))], [""])
    figures = table(
        [paragraph(run("12 %")), paragraph(run("de visites"))], [paragraph(run("3")), paragraph(run("lieux"))]
    )

    assert text_of(data) == "| Étape | Durée |\n|---|---|\n| Lire | 2 \\| 3<br>jours |"
    assert text_of(layout) == "CONTEXTE\n\nLe texte.\n\nPROBLÉMATIQUE"
    assert text_of(figures) == "12 %\n\nde visites\n\n3\n\nlieux"
