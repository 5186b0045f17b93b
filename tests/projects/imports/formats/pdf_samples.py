"""PDF files for the tests: any text laid out as a book is, and files that no reader should open."""

import io
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import reportlab
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
MARGIN = 57.0
Word = tuple[str, bool]


@dataclass(frozen=True)
class Layout:
    """How a text is printed. `hyphen`: what ends a line where a word is cut, empty to cut none; `by_word`: each word is
    placed by itself, without a space between; `indent`: paragraphs begin set in instead of after a gap."""

    columns: int = 1
    hyphen: str = ""
    by_word: bool = False
    justified: bool = False
    indent: bool = False
    running_head: str = ""
    running_theme: bool = False
    page_numbers: bool = True
    embedded_font: bool = False
    size: float = 10.0
    gutter: float = 18.0


def pdf_of(markdown: str, layout: Layout | None = None) -> bytes:
    """The text in pages: each fiche on a new one, its head across, the rest in columns."""
    return _Printer(layout or Layout()).print(markdown)


@cache
def _fonts(embedded: bool) -> tuple[str, str]:
    if not embedded:
        return "Helvetica", "Helvetica-Bold"
    folder = Path(reportlab.__file__).parent / "fonts"
    for name, file in (("Vera", "Vera.ttf"), ("VeraBd", "VeraBd.ttf")):
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    return "Vera", "VeraBd"


class _Printer:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.regular, self.bold = _fonts(layout.embedded_font)
        self.file = io.BytesIO()
        self.canvas = Canvas(self.file, pagesize=A4, invariant=True)
        self.page = 0
        self.theme = ""
        self.opened = False
        self.column, self.columns = 0, 1
        self.top = self.y = 0.0

    def print(self, markdown: str) -> bytes:
        text = re.sub(r"\n[^\S\n]+(?=\n)", "\n", _printable(markdown)).strip("\n")
        pieces = re.split(r"(\n{2,})", text)
        blocks = [block.split("\n") for block in pieces[::2]]
        blanks = [0, *(len(gap) - 1 for gap in pieces[1::2])]
        for index, block in enumerate(blocks):
            below = blocks[index + 1] if index + 1 < len(blocks) else [""]
            if re.fullmatch(r"\d{2,3}", below[0]) and block[0].isupper():
                self.theme = block[0]
                self.new_page(columns=1)
            elif self.page == 0:
                self.new_page(columns=self.layout.columns)
            heading = len(block) == 1 and len(block[0]) < 50 and block[0] in _HEADINGS
            if heading and self.columns == 1 and self.layout.columns > 1:
                self.columns, self.column, self.top = self.layout.columns, 0, self.y - 12
                self.y = self.top
            self.y -= 1.25 * self.layout.size * (blanks[index] - 1)
            self.block(block, heading)
        self.end_page()
        self.canvas.save()
        return self.file.getvalue()

    # ------------------------------------------------------------------------------------------------- pages

    def new_page(self, columns: int) -> None:
        if self.page:
            self.end_page()
        self.page += 1
        self.columns, self.column = columns, 0
        self.top = self.y = HEIGHT - MARGIN - 30
        if self.layout.running_head or self.layout.running_theme:
            self.canvas.setFont(self.regular, 8)
            head = self.theme if self.layout.running_theme else self.layout.running_head
            self.canvas.drawString(MARGIN, HEIGHT - 36, head)

    def end_page(self) -> None:
        if self.layout.page_numbers:
            self.canvas.setFont(self.regular, 8)
            self.canvas.drawCentredString(WIDTH / 2, 28, str(self.page))
        self.canvas.showPage()

    @property
    def width(self) -> float:
        return (WIDTH - 2 * MARGIN - (self.columns - 1) * self.layout.gutter) / self.columns

    @property
    def left(self) -> float:
        return MARGIN + self.column * (self.width + self.layout.gutter)

    def down(self, leading: float) -> None:
        self.y -= leading
        if self.y < MARGIN:
            if self.column + 1 < self.columns:
                self.column += 1
                self.y = self.top - leading
            else:
                self.new_page(self.layout.columns)
                self.y -= leading

    # ------------------------------------------------------------------------------------------------- lines

    def block(self, lines: list[str], heading: bool) -> None:
        size = self.layout.size
        if heading or re.fullmatch(r"\d{2,3}", lines[0]):
            size *= 1.3
        if not self.layout.indent or heading or len(lines) > 1 or len(lines[0]) < 60:
            self.y -= 0.8 * size
        for line in lines:
            first = self.layout.indent and len(line) >= 60 and line[0].isalpha()
            self.paragraph(line, size, heading, 1.2 * size if first else 0.0)

    def paragraph(self, line: str, size: float, heading: bool, first_indent: float) -> None:
        mark = re.match(r"^\s*([-•]|\d{1,2}[.)])\s+", line)
        hang = 1.4 * size if mark else 0.0
        words = list(_words(line[mark.end() :] if mark else line, heading))
        indent = first_indent
        begin = True
        while words or begin:
            row, words = self.take(words, size, self.width - hang - indent)
            self.down(1.25 * size)
            if mark and begin:
                self.canvas.setFont(self.regular, size)
                self.canvas.drawString(self.left, self.y, "•" if mark[1] == "-" else mark[1])
            stretched = words and not line.isupper()  # no printer stretches a title
            self.draw(row, size, self.left + hang + indent, self.width - hang - indent if stretched else None)
            indent, begin = 0.0, False

    def take(self, words: list[Word], size: float, room: float) -> tuple[list[Word], list[Word]]:
        """The words of one line, and those that are left."""
        row: list[Word] = []
        used = 0.0
        for index, (word, bold) in enumerate(words):
            width = self.measure(word, bold, size)
            if row and used + width > room:
                cut = self.cut(word, bold, size, room - used)
                if cut:
                    return [*row, (word[:cut] + self.layout.hyphen, bold)], [(word[cut:], bold), *words[index + 1 :]]
                return row, words[index:]
            row.append((word, bold))
            used += width + self.measure(" ", bold, size)
        return row, []

    def cut(self, word: str, bold: bool, size: float, room: float) -> int:
        """How many letters of a long word still fit, three at least on either side; 0 for none."""
        if not self.layout.hyphen or len(word) < 9 or not word.isalpha() or not word.islower():
            return 0
        for cut in range(len(word) - 3, 2, -1):
            if self.measure(word[:cut] + "-", bold, size) <= room:
                return cut
        return 0

    def measure(self, word: str, bold: bool, size: float) -> float:
        return float(pdfmetrics.stringWidth(word, self.bold if bold else self.regular, size))

    def draw(self, row: list[Word], size: float, x: float, room: float | None) -> None:
        gap = self.measure(" ", False, size)
        if self.layout.justified and room and len(row) > 1:
            gap = (room - sum(self.measure(*word, size) for word in row)) / (len(row) - 1)
        if not self.layout.by_word and not self.layout.justified and not any(bold for _, bold in row):
            self.canvas.setFont(self.regular, size)
            self.canvas.drawString(x, self.y, " ".join(word for word, _ in row))
            return
        for word, bold in row:
            self.canvas.setFont(self.bold if bold else self.regular, size)
            self.canvas.drawString(x, self.y, word)
            x += self.measure(word, bold, size) + gap


_HEADINGS = {
    "CONTEXTE",
    "PROBLÉMATIQUE",
    "DES CLÉS POUR AGIR",
    "Témoignage de la collectivité",
    "Les chiffres",
    "Aller plus loin",
}


def _printable(markdown: str) -> str:
    """Without marks that no printer sets, in the letters of the usual fonts."""
    text = re.sub(r"\[([^\]\n]+)\]\([^)\n]*\)", r"\1", markdown.replace("\ufeff", ""))
    text = re.sub(r"</?[a-z][^<>\n]*>", " ", text)
    text = re.sub(r"(?<!\*)\*(?!\*)|^#+ ", "", text, flags=re.M)
    text = text.replace("\u202f", "\u00a0").replace("\u200b", "")
    return text.encode("cp1252", "replace").decode("cp1252")


def _words(line: str, heading: bool) -> Iterator[Word]:
    bold = False
    for piece in re.split(r"(\*\*)", line):
        if piece == "**":
            bold = not bold
        else:
            for word in re.split(r"[ \t]+", piece):
                if word:
                    yield word, bold or heading


# ------------------------------------------------------------------------------------------------- other files


def drawn(draw: Callable[[Canvas], None], **options: object) -> bytes:
    """One page or more, drawn by a function."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=True, **options)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def lines_at(*lines: tuple[float, float, str], size: float = 10.0, font: str = "Helvetica") -> bytes:
    """One page with these words at these places (x, y)."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, size)
        for x, y, words in lines:
            canvas.drawString(x, y, words)

    return drawn(draw)


def raw_pdf(*objects: bytes) -> bytes:
    """A file of these objects, numbered from 1; the first is the catalogue."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return body + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        table,
        size,
        len(body),
    )


def stream(content: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<</Length %d/Filter/FlateDecode%s>>stream\n%s\nendstream" % (len(packed), entries, packed)


def page_showing(content: bytes, resources: bytes = b"", *others: bytes, entries: bytes = b"") -> bytes:
    """One page with this content stream and more `entries`; `others` are objects from number 5."""
    return raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>%s>>" % (resources, entries),
        stream(content),
        *others,
    )


def encrypted(user_password: str) -> bytes:
    return drawn(
        lambda canvas: canvas.drawString(80, 700, "Un texte sous clé."),
        encrypt=StandardEncryption(user_password, ownerPassword="maître"),
    )


def scanned() -> bytes:
    image = ImageReader(Image.new("L", (60, 80), 200))
    return drawn(lambda canvas: canvas.drawImage(image, 0, 0, WIDTH, HEIGHT))
