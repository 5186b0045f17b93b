"""PDF in: pages laid out as books are, and files that no reader should open."""

import importlib.util
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from reportlab.pdfgen.canvas import Canvas

from casebook.text import letters
from projects.imports.contract import as_json
from projects.imports.formats.pdf import read_lines
from projects.imports.reading import UnreadableFile, read_bytes
from projects.imports.records import Book
from projects.imports.recueil import read_book
from tests.projects.imports.formats.pdf_samples import (
    Layout,
    drawn,
    encrypted,
    lines_at,
    page_showing,
    pdf_of,
    raw_pdf,
    scanned,
    stream,
)

DEMO = settings.BASE_DIR / "fixtures" / "demo" / "recueil-2019.md"
LAYOUTS = {
    "one column": Layout(),
    "two columns": Layout(columns=2),
    "two columns, justified, words cut, running head": Layout(
        columns=2, hyphen="-", justified=True, running_head="RECUEIL DES PROJETS"
    ),
    "two columns, word by word, soft hyphens, theme above each page, set-in paragraphs": Layout(
        columns=2, hyphen="\u00ad", by_word=True, running_theme=True, indent=True, embedded_font=True, size=9
    ),
    "one column, set-in paragraphs, theme above each page": Layout(indent=True, hyphen="-", running_theme=True),
    "two columns, words cut": Layout(columns=2, hyphen="-", running_head="RECUEIL DES PROJETS"),
    "three columns": Layout(columns=3, size=8),
}
MIN_F1 = 0.98


def text_of(data: bytes) -> list[str]:
    return [text for text, _ in read_lines("essai.pdf", data)]


# ------------------------------------------------------------------------------------------------- whole books


def facts(book: Book) -> list[tuple[object, ...]]:
    return [
        (
            fiche.number,
            letters(fiche.theme or ""),
            letters(fiche.title or ""),
            [author.email for author in fiche.authors],
            [(author.first_name, author.last_name, author.promotion) for author in fiche.authors],
            [section.kind for section in fiche.sections],
        )
        for fiche in book.fiches
    ]


def words_of(book: Book) -> list[str]:
    return ["".join(letters(section.text) for section in fiche.sections) for fiche in book.fiches]


@pytest.mark.parametrize("layout", ["one column", "two columns", "two columns, words cut"])
def test_printed_demo_book_is_read_as_its_text(layout: str) -> None:
    source = DEMO.read_bytes()
    expected = read_book(read_bytes("demo.md", source))

    book = read_book(read_bytes("demo.pdf", pdf_of(source.decode(), LAYOUTS[layout])))

    assert facts(book) == facts(expected)
    assert words_of(book) == words_of(expected)


@pytest.mark.corpus
@pytest.mark.parametrize("layout", LAYOUTS)
def test_printed_recueil_is_read_as_the_gold_says(shared: Path, layout: str) -> None:
    scorer = load(shared / "tools" / "score_import.py")
    source = (shared / "corpus" / "recueil-2019.md").read_text()
    gold = json.loads((shared / "gold" / "recueil-2019-odd.json").read_text())
    printed = read_bytes("recueil.pdf", pdf_of(source, LAYOUTS[layout]))

    result = without_lines(json.loads(json.dumps(as_json(read_book(printed)))))

    tally = scorer.score(gold, result, ["", *source.split("\n")])
    assert tally.micro()[2] >= MIN_F1, tally.misses
    assert scorer.field_f1(tally, "text.kept") >= 0.999, tally.misses


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_import", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def without_lines(data: Any) -> Any:
    keys = {"lines", "header_lines", "heading_line", "body_lines"}
    if isinstance(data, dict):
        return {key: without_lines(value) for key, value in data.items() if key not in keys}
    return [without_lines(value) for value in data] if isinstance(data, list) else data


# ------------------------------------------------------------------------------------------------- reading order

LEFT = ["La colonne de gauche porte un", "texte assez long pour être lu", "avant celle de droite et pour", "finir ici."]
RIGHT = ["La colonne de droite vient en", "second et se termine elle aussi", "par une ligne qui est plus", "courte."]


def two_columns(top: float) -> list[tuple[float, float, str]]:
    sides = ((60.0, LEFT), (220.0, RIGHT))
    return [(x, top - 12 * index, words) for x, lines in sides for index, words in enumerate(lines)]


def test_columns_are_read_one_after_the_other() -> None:
    data = lines_at(*two_columns(700))

    assert text_of(data) == [" ".join(LEFT), "", " ".join(RIGHT)]


def test_heading_across_two_columns_parts_them() -> None:
    heading = "UN TITRE QUI TRAVERSE TOUTE LA LARGEUR DES DEUX COLONNES"
    data = lines_at(*two_columns(700), (60, 630, heading), *two_columns(600))

    pair = [" ".join(LEFT), "", " ".join(RIGHT)]
    assert text_of(data) == [*pair, "", heading, "", *pair]


def test_paragraph_goes_on_in_the_next_column_and_on_the_next_page() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for x, lines in ((60, LEFT[:3]), (220, RIGHT[:3])):
            for index, words in enumerate(lines):
                canvas.drawString(x, 700 - 12 * index, words)
        canvas.showPage()
        canvas.setFont("Helvetica", 10)
        for x, lines in ((60, ["et sur la page suivante il est", *LEFT[2:]]), (220, RIGHT)):
            for index, words in enumerate(lines):
                canvas.drawString(x, 700 - 12 * index, words)

    lines = read_lines("essai.pdf", drawn(draw))

    assert [line for line in lines if "page suivante" in line[0]] == [
        (" ".join([*RIGHT[:3], "et sur la page suivante il est", *LEFT[2:]]), 1)
    ]


def test_page_of_each_line_is_known() -> None:
    data = pdf_of("\n\n".join(f"Paragraphe {number}." for number in range(100)))

    pages = {text: page for text, page in read_lines("essai.pdf", data) if text}

    assert (pages["Paragraphe 0."], pages["Paragraphe 99."]) == (1, 3)


# ------------------------------------------------------------------------------------------------- running heads


def pages(*contents: Sequence[tuple[float, float, str]]) -> bytes:
    def draw(canvas: Canvas) -> None:
        for index, content in enumerate(contents):
            if index:
                canvas.showPage()
            for x, y, words in content:
                canvas.drawString(x, y, words)

    return drawn(draw)


def test_running_heads_and_page_numbers_are_left_out() -> None:
    data = pages(
        *(
            [(60, 810, "Recueil 2031"), (60, 700, f"Le texte {word}."), (290, 30, f"- {n} -")]
            for n, word in enumerate("abc", 7)
        )
    )

    assert text_of(data) == ["Le texte a.", "", "Le texte b.", "", "Le texte c."]


def test_theme_at_the_head_of_each_fiche_is_kept() -> None:
    data = pages(
        *(
            [(60, 800, "PILOTER"), (60, 780, f"0{n}"), (60, 750, f"TITRE {word}"), (290, 30, str(n))]
            for n, word in enumerate("ABC", 1)
        )
    )

    assert [line for line in text_of(data) if line] == [
        *("PILOTER", "01", "TITRE A"),
        *("PILOTER", "02", "TITRE B"),
        *("PILOTER", "03", "TITRE C"),
    ]


# ------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Une ligne entière dont le dernier mot est cou-", "pé en deux.", "coupé en deux."),
        ("Une ligne entière dont le dernier mot est cou\u00ad", "pé en deux.", "coupé en deux."),
        ("Le compte-rendu est lu par tous, puis le compte-", "rendu est signé.", "compte-rendu est signé."),
        ("Une ligne entière qui parle de la ville de Saint-", "Exemple en fête.", "Saint-Exemple en fête."),
        ("Une question à la fin de la ligne, que pense-", "t-il de cela ?", "pense-t-il de cela ?"),
        (
            "Écrivez donc à camille.exemple@ingenieurchef-",
            "exemple.org sans",
            "camille.exemple@ingenieurchef-exemple.org sans",
        ),
    ],
)
def test_word_at_a_line_end_is_made_whole(first: str, second: str, expected: str) -> None:
    data = lines_at((60, 700, first), (60, 688, second), size=10)

    (line,) = text_of(data)
    assert line.endswith(expected)


def test_short_line_ends_what_it_says() -> None:
    data = lines_at(
        (60, 700, "Camille EXEMPLE"),
        (60, 688, "Directrice générale"),
        (60, 650, "Une ligne nettement plus longue."),
    )

    assert text_of(data) == ["Camille EXEMPLE", "Directrice générale", "", "Une ligne nettement plus longue."]


def test_list_marks_are_kept() -> None:
    data = lines_at(
        (60, 700, "•"),
        (80, 700, "le premier"),
        (60, 688, "•"),
        (80, 688, "le second"),
        (60, 676, "1."),
        (80, 676, "un"),
    )

    assert text_of(data) == ["- le premier", "- le second", "1. un"]


def show(draw: Callable[[Canvas], None]) -> list[str]:
    return text_of(drawn(draw))


def test_bold_words_are_marked() -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(60, 700)
        for font, words in (("Helvetica", "Un mot "), ("Helvetica-Bold", "gras"), ("Helvetica", " ici.")):
            text.setFont(font, 10)
            text.textOut(words)
        canvas.drawText(text)

    assert show(draw) == ["Un mot **gras** ici."]


def test_letters_set_apart_make_one_word() -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(60, 700)
        text.setCharSpace(4)
        text.textOut("CONTEXTE")
        canvas.drawText(text)
        canvas.drawString(60, 670, "P R O J E T")

    assert show(draw) == ["CONTEXTE", "", "PROJET"]


def test_exponents_keep_to_their_word_and_footnotes_stand_apart() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        canvas.drawString(60, 700, "Une surface de 30 m")
        canvas.drawString(60, 688, "Une phrase dont la note suit")
        canvas.setFont("Helvetica", 6)
        canvas.drawString(60 + canvas.stringWidth("Une surface de 30 m", "Helvetica", 10), 703, "2")
        canvas.drawString(60 + canvas.stringWidth("Une phrase dont la note suit", "Helvetica", 10), 691, "1")
        canvas.drawString(60, 80, "1 Les mots de la note.")

    assert show(draw) == ["Une surface de 30 m²", "Une phrase dont la note suit^[1]", "", "1 Les mots de la note."]


def test_ligatures_and_decomposed_accents_are_plain_letters() -> None:
    cmap = b"1 begincodespacerange <00> <FF> endcodespacerange 2 beginbfchar <41> <FB01> <42> <00650301> endbfchar"
    data = page_showing(
        b"BT /F 10 Tf 60 700 Td (AB) Tj ET",
        b"/Font<</F 5 0 R>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
        stream(cmap),
    )

    assert text_of(data) == ["fié"]


def test_upright_text_comes_after_the_page() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(30, 400)
        canvas.rotate(90)
        canvas.drawString(0, 0, "Crédits de la page")
        canvas.restoreState()
        canvas.drawString(60, 700, "Le texte.")

    assert show(draw) == ["Le texte.", "", "Crédits de la page"]


def test_text_drawn_twice_is_read_once() -> None:
    assert text_of(lines_at((60, 700, "Un titre ombré"), (60.4, 699.6, "Un titre ombré"))) == ["Un titre ombré"]


# ------------------------------------------------------------------------------------------------- refused

CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</X 5 0 R>>>>"
LOCKED = "est protégé par un mot de passe\u00a0: enregistrez-le sans protection, puis recommencez."
BROKEN = "est abîmé ou incomplet\u00a0: exportez de nouveau le document en PDF, ou donnez le fichier Word."
ENDLESS = (
    "contient bien plus que ce que ses pages montrent (contenu sans fin)\u00a0: exportez de nouveau le document en PDF."
)
NO_TEXT = (
    "est une image sans texte\u00a0: passez-le par une reconnaissance de caractères (OCR) ou demandez le fichier Word."
)
MANY = "a plus de 1000 pages\u00a0: découpez-le, un recueil par fichier."
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "password": (lambda: encrypted("secret"), LOCKED),
    "truncated": (lambda: lines_at((60, 700, "Un texte."))[:700], BROKEN),
    "noise": (lambda: b"%PDF-1.4\nrien de lisible", BROKEN),
    "scanned": (scanned, NO_TEXT),
    "no page": (
        lambda: raw_pdf(CATALOGUE, b"<</Type/Pages/Kids[]/Count 0>>"),
        "n’a aucune page\u00a0: exportez de nouveau le document en PDF.",
    ),
    "page tree in a loop": (lambda: raw_pdf(CATALOGUE, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"), BROKEN),
    "object that is itself": (lambda: raw_pdf(b"1 0 R"), BROKEN),
    "too many pages": (
        lambda: raw_pdf(CATALOGUE, b"<</Type/Pages/Count 1/Kids[" + b"3 0 R " * 1001 + b"]>>", PAGE, stream(b"")),
        MANY,
    ),
    "content that swells": (lambda: page_showing(b" " * 30_000_000), ENDLESS),
    "content without end": (lambda: page_showing(b"BT ET\n" * 400_000), ENDLESS),
    "content in depth": (lambda: page_showing(b"[" * 100_000), ENDLESS),
    "forms without end": (
        lambda: page_showing(b"/X Do " * 3_000, b"/XObject<</X 5 0 R>>", stream(b"q Q", FORM)),
        ENDLESS,
    ),
    "forms that show themselves": (
        lambda: page_showing(b"/X Do", b"/XObject<</X 5 0 R>>", stream(b"/X Do " * 9, FORM)),
        ENDLESS,
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_file_is_refused_with_what_to_do(case: str, capfd: pytest.CaptureFixture[str]) -> None:
    make, reason = REFUSED[case]

    with pytest.raises(UnreadableFile) as refusal:
        read_bytes("essai.pdf", make())

    assert str(refusal.value) == f"«\u00a0essai.pdf\u00a0» {reason}"
    assert tuple(capfd.readouterr()) == ("", "")


def test_file_with_an_empty_password_is_read() -> None:
    assert text_of(encrypted("")) == ["Un texte sous clé."]
