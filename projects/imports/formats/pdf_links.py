"""The web addresses behind the words of a PDF page: a file only tells the rectangles that lead somewhere."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pypdf import PageObject

from projects.imports.formats.paragraphs import WEB, linked
from projects.imports.formats.pdf_spans import Matrix, Span, upright

MAX_LINKS = 200  # of a page
MAX_PLACED = 5_000  # of a document
MAX_ADDRESS = 500  # characters
MAX_WORDS = 300  # characters under one link
_NOT_COMPARED = re.compile(r"[\s*\u00ad\u2010-]+")  # a line's end may add or take them
_ANY_OF_THEM = r"[\s*\u00ad\u2010-]*"
_Box = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(frozen=True)
class Link:
    page: int
    signs: str  # of its words, without what a line's end may change
    target: str


def page_links(page: PageObject, spans: Sequence[Span], number: int) -> list[Link]:
    """The links of a page to the web, in its order, with the words of these spans that they lie on. An address that is
    printed whole needs no link; addresses of people stay where they are."""
    try:
        boxes = list(_boxes(page))[:MAX_LINKS]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return []  # a damaged list of links: the words are there all the same
    links = []
    for target, group in groupby(boxes, key=lambda found: found[0]):  # one rectangle for each line of the words
        signs = _NOT_COMPARED.sub("", "".join(_words_in(box, spans) for _, box in group))
        if 2 < len(signs) <= MAX_WORDS and not target.endswith(signs) and "@" not in signs:
            links.append(Link(number, signs, target))
    return links


def _boxes(page: PageObject) -> Iterator[tuple[str, _Box]]:
    matrix = upright(page)
    annotations = page.get("/Annots")
    for reference in annotations.get_object() if annotations is not None else ():
        annotation = reference.get_object()
        action = annotation.get("/A")
        target = str(action.get_object().get("/URI") or "").strip() if action is not None else ""
        if annotation.get("/Subtype") == "/Link" and target.startswith(WEB) and len(target) <= MAX_ADDRESS:
            x0, y0, x1, y1 = (float(value) for value in annotation["/Rect"][:4])
            yield target, _turned(matrix, (x0, y0, x1, y1))


def _turned(m: Matrix, box: _Box) -> _Box:
    points = [(x * m[0] + y * m[2] + m[4], x * m[1] + y * m[3] + m[5]) for x in box[::2] for y in box[1::2]]
    across, up = sorted(x for x, _ in points), sorted(y for _, y in points)
    return across[0], up[0], across[-1], up[-1]


def _words_in(box: _Box, spans: Sequence[Span]) -> str:
    """The words that lie in the box for the most part; where letters stand in a string is guessed from their count."""
    left, bottom, right, top = box
    inside = [s for s in spans if bottom - 1 <= s.y + s.size / 4 <= top + 1 and s.x1 > left and s.x0 < right]
    found = []
    for span in sorted(inside, key=lambda span: span.x0):
        letter = (span.x1 - span.x0) / max(len(span.text), 1)
        for word in re.finditer(r"\S+", span.text):
            x0, x1 = span.x0 + word.start() * letter, span.x0 + word.end() * letter
            if min(x1, right) - max(x0, left) > (x1 - x0) / 2:
                found.append(word[0])
    return " ".join(found)


def with_links(lines: Sequence[tuple[str, int | None]], links: Sequence[Link]) -> list[tuple[str, int | None]]:
    """The lines with their links in Markdown. Words that stand elsewhere on the page too are linked when each of them
    is, as nothing else tells which are meant."""
    written = list(lines)
    by_page: dict[int, list[int]] = {}
    for index, (text, page) in enumerate(lines):
        if page is not None and not text.isupper():
            by_page.setdefault(page, []).append(index)
    for (page, signs), group in groupby(
        sorted(links[:MAX_PLACED], key=lambda k: (k.page, k.signs)), key=lambda k: (k.page, k.signs)
    ):
        targets = [link.target for link in group]
        # a paragraph has the page where it begins
        near = [*by_page.get(page - 1, [])[-1:], *by_page.get(page, [])]
        pattern = re.compile(_ANY_OF_THEM.join(map(re.escape, signs)))
        places = [(index, match.span()) for index in near for match in pattern.finditer(written[index][0])]
        if len(places) != len(targets):
            continue
        for (index, (start, end)), target in reversed(list(zip(places, targets, strict=True))):
            text, on = written[index]
            if "](" not in text[start:end]:
                written[index] = f"{text[:start]}{linked(text[start:end], target)}{text[end:]}", on
    return written
