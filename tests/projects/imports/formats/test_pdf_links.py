"""The addresses behind the words of a PDF."""

import pytest
from reportlab.pdfgen.canvas import Canvas

from projects.imports.formats.pdf import read_lines
from tests.projects.imports.formats.pdf_samples import drawn, page_showing
from tests.projects.imports.samples import section_of

GUIDE = "https://exemple.fr/guide?a=1&b=(2)"


def text_of(data: bytes) -> list[str]:
    return [text for text, _ in read_lines("essai.pdf", data) if text]


def on(canvas: Canvas, x: float, y: float, words: str, target: str = "", before: str = "") -> None:
    """Words at this place, all but those `before` under a link."""
    canvas.setFont("Helvetica", 10)
    canvas.drawString(x, y, before + words)
    start, end = (x + canvas.stringWidth(text, "Helvetica", 10) for text in (before, before + words))
    if target:
        canvas.linkURL(target, (start, y - 2, end, y + 9))


def test_words_under_a_link_keep_their_address() -> None:
    def draw(canvas: Canvas) -> None:
        on(canvas, 60, 700, "Guide de l'accueil", GUIDE, before="Une ville, ")
        on(canvas, 60, 650, "Sans adresse")

    assert text_of(drawn(draw)) == [
        "Une ville, [Guide de l'accueil](https://exemple.fr/guide?a=1&b=%282%29)",
        "Sans adresse",
    ]


def test_link_goes_over_lines_and_words_cut_at_their_end() -> None:
    def draw(canvas: Canvas) -> None:
        on(canvas, 60, 700, "Observatoire des guichets, Recevoir sans attendre, un long rap-", GUIDE)
        on(canvas, 60, 688, "port de la ville, 2030", GUIDE)
        on(canvas, 60, 600, "Une ligne entière qui tient toute la largeur de la page du livre.")

    (first, _) = text_of(drawn(draw))

    assert first == (
        "[Observatoire des guichets, Recevoir sans attendre, un long rapport de la ville, 2030]"
        "(https://exemple.fr/guide?a=1&b=%282%29)"
    )


def test_page_that_is_turned_has_its_links() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(180)
        on(canvas, 60, 700, "Guide de l'accueil", GUIDE)

    assert "(https://exemple.fr/guide" in "".join(text_of(drawn(draw)))


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("exemple.fr/guide", "https://exemple.fr/guide"),  # printed whole
        ("Jean Brun", "mailto:jean.brun@exemple.fr"),
        ("jean.brun@exemple.fr", "https://exemple.fr/jean"),
        ("Guide", "javascript:alert(1)"),
        ("Guide", "file:///etc/passwd"),
        ("Guide", "https://exemple.fr/" + "a" * 500),
        ("LE GUIDE", "https://exemple.fr/guide"),  # a title
    ],
)
def test_link_that_says_nothing_more_is_left(words: str, target: str) -> None:
    assert text_of(drawn(lambda canvas: on(canvas, 60, 700, words, target))) == [words]


def test_same_words_twice_are_linked_when_each_of_them_is() -> None:
    def draw(canvas: Canvas, second: str) -> None:
        on(canvas, 60, 700, "En savoir plus", "https://exemple.fr/a", before="Un : ")
        on(canvas, 60, 600, "En savoir plus", second, before="Deux : ")

    assert text_of(drawn(lambda canvas: draw(canvas, "https://exemple.fr/b"))) == [
        "Un : [En savoir plus](https://exemple.fr/a)",
        "Deux : [En savoir plus](https://exemple.fr/b)",
    ]
    assert text_of(drawn(lambda canvas: draw(canvas, ""))) == ["Un : En savoir plus", "Deux : En savoir plus"]


@pytest.mark.parametrize("links", [b"[9 0 R]", b"[<</Subtype/Link/A<</URI(https://a.fr)>>>>]", b"12", b"[null 7]"])
def test_damaged_links_leave_the_words(links: bytes) -> None:
    font = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    page = page_showing(b"BT /F 10 Tf 60 700 Td (Des mots) Tj ET", font, entries=b"/Annots" + links)

    assert text_of(page) == ["Des mots"]


def test_reference_has_the_address_that_was_read() -> None:
    (read,) = text_of(drawn(lambda canvas: on(canvas, 60, 700, "Guide de l'accueil, 2029", "https://exemple.fr/guide")))

    (reference,) = section_of("Aller plus loin", f"- {read}").references

    assert (reference.text, reference.url) == ("Guide de l'accueil, 2029", "https://exemple.fr/guide")
