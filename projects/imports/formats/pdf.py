"""PDF → lines. Limits first: a page tree without end, streams that unpack to far more than their size, locked files."""

import io
import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from projects.imports.formats.pdf_layout import Row, in_reading_order, rows_of
from projects.imports.formats.pdf_links import Link, page_links, with_links
from projects.imports.formats.pdf_paragraphs import paragraphs
from projects.imports.formats.pdf_running import without_running_heads
from projects.imports.formats.pdf_spans import Span, TooMuch, once, page_spans
from projects.imports.reading import UnreadableFile

MAX_PAGES = 1_000
MAX_STREAM = 20_000_000  # bytes of a page's content, unpacked
MAX_OPERATIONS = 600_000  # operators and operands of a page: they take five seconds
MAX_CHARACTERS = 6_000_000  # thirty recueils
MAX_UNREADABLE = 0.3  # share of letters without a known meaning: above, the text layer is of no use


def read_lines(name: str, data: bytes) -> list[tuple[str, int | None]]:
    """The lines of a PDF with their pages; raises `UnreadableFile`."""
    with _quiet():
        try:
            pages = _read_pages(name, data)
        except (UnreadableFile, MemoryError):
            raise
        except TooMuch:
            raise _endless(name) from None
        except Exception as error:  # whatever pypdf meets in a damaged file
            from pypdf.errors import LimitReachedError

            if isinstance(error, (LimitReachedError, RecursionError)):
                raise _endless(name) from None
            raise _broken(name) from None
    rows = [row for spans, _, number, _ in pages for row in _page_rows(spans, number)]
    heights = {number: height for _, height, number, _ in pages}
    rows = without_running_heads(rows, heights)
    ordered: list[Row] = []
    for spans, _, number, _ in pages:
        ordered += in_reading_order([row for row in rows if row.page == number])
        ordered += _tilted_rows(spans, number)
    return with_links(paragraphs(ordered), [link for *_, links in pages for link in links])


@contextmanager
def _quiet() -> Iterator[None]:
    """pypdf tells of every oddity that it mends; nobody reads it here."""
    logger = logging.getLogger("pypdf")
    before = logger.level, logger.propagate
    logger.setLevel(logging.CRITICAL + 1)
    logger.propagate = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before[0])
        logger.propagate = before[1]


def _read_pages(name: str, data: bytes) -> list[tuple[list[Span], float, int, list[Link]]]:
    """For each page: its spans, its height in points, its number from 1, its links."""
    from pypdf import PdfReader, apply_configuration
    from pypdf.errors import DependencyError, FileNotDecryptedError

    limits: dict[str, Any] = dict.fromkeys(
        (
            "zlib_maximum_output_length",
            "lzw_maximum_output_length",
            "run_length_maximum_output_length",
            "brotli_maximum_output_length",
            "array_based_stream_maximum_output_length",
            "maximum_declared_stream_length",
        ),
        MAX_STREAM,
    )
    limits["stream_decoding_work_maximum_length"] = 2 * MAX_STREAM
    limits["stream_parsing_work_maximum_count"] = MAX_OPERATIONS
    with apply_configuration(None, **limits):
        try:
            reader = PdfReader(io.BytesIO(data), strict=False)
            if reader.is_encrypted and not reader.decrypt(""):
                raise _locked(name)
            count = len(reader.pages)
        except (DependencyError, FileNotDecryptedError):
            raise _locked(name) from None
        if count == 0:
            raise UnreadableFile(f"«\u00a0{name}\u00a0» n’a aucune page\u00a0: exportez de nouveau le document en PDF.")
        if count > MAX_PAGES:
            raise UnreadableFile(
                f"«\u00a0{name}\u00a0» a plus de {MAX_PAGES} pages\u00a0: découpez-le, un recueil par fichier."
            )
        faces: dict[int, Any] = {}
        pages = []
        characters = unreadable = 0
        for number, page in enumerate(reader.pages, start=1):
            spans = list(once(page_spans(page, faces)))
            characters += sum(len(span.text.strip()) for span in spans)
            unreadable += sum(span.text.count("\ufffd") for span in spans)
            if characters > MAX_CHARACTERS:
                raise TooMuch
            pages.append((spans, float(page.mediabox.height), number, page_links(page, spans, number)))
    if characters == 0:
        raise UnreadableFile(
            f"«\u00a0{name}\u00a0» est une image sans texte\u00a0: passez-le par une reconnaissance de caractères "
            "(OCR) ou demandez le fichier Word."
        )
    if unreadable > MAX_UNREADABLE * characters:
        raise UnreadableFile(
            f"«\u00a0{name}\u00a0» contient un texte qui ne se laisse pas extraire (polices sans table de caractères)"
            "\u00a0: passez-le par une reconnaissance de caractères (OCR) ou demandez le fichier Word."
        )
    return pages


def _page_rows(spans: Sequence[Span], number: int) -> list[Row]:
    return rows_of([span for span in spans if not span.tilted], number)


def _tilted_rows(spans: Sequence[Span], number: int) -> list[Row]:
    """Text that leans or stands upright along an edge: after the page's own, in the order of its content."""
    words = "".join(span.text for span in spans if span.tilted).strip()
    if not words:
        return []
    size = max(span.size for span in spans if span.tilted)
    return [Row(((words, False),), 0, 0, -1_000, size, 0, number, (-1_000, -999))]


def _locked(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"«\u00a0{name}\u00a0» est protégé par un mot de passe\u00a0: enregistrez-le sans protection, puis recommencez."
    )


def _broken(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"«\u00a0{name}\u00a0» est abîmé ou incomplet\u00a0: exportez de nouveau le document en PDF, ou "
        "donnez le fichier Word."
    )


def _endless(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"«\u00a0{name}\u00a0» contient bien plus que ce que ses pages montrent (contenu sans fin)\u00a0: "
        "exportez de nouveau le document en PDF."
    )
