"""What a book says of itself before and after its fiches: cover, table of contents, colophon, closing page."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from projects.imports.records import Part, Span, TocEntry, Unplaced
from projects.imports.text import Text, is_capitals
from projects.imports.vocabulary import (
    AUTHORS_HEADING,
    CLOSING_HEADING,
    CONTACT,
    EMAIL,
    MONTH_YEAR,
    MONTHS,
    PHONE,
    PROMOTIONS_ON_COVER,
    PUBLISHER,
    SCHOOL_YEAR,
    SUBTITLE,
    TOC_ENTRY,
    TOC_HEADING,
    TOC_PAGE,
)

MAX_CONTACT = 300  # characters: a longer paragraph says more than how to reach someone
LONG_FRONT = 4_000  # characters: a longer text before the first fiche is no cover


@dataclass(frozen=True)
class Toc:
    span: Span
    entries: tuple[TocEntry, ...]
    themes: tuple[str, ...]


@dataclass(frozen=True)
class Front:
    """The words of cover and colophon."""

    title: str | None = None
    subtitle: str | None = None
    school_year: str | None = None
    published: str | None = None
    publisher: str | None = None
    promotions: tuple[str, ...] = ()
    credits: str = ""


def read_toc(text: Text) -> Toc | None:
    """The table of contents: entries of a number, words and a page, under lines that name a theme."""
    start = next((n for n in text.filled(1, text.last) if TOC_HEADING.match(text.key(n))), None)
    if start is None:
        return None
    entries: list[TocEntry] = []
    theme: str | None = None
    waiting: list[str] = []  # lines outside an entry: a theme, once an entry follows
    number: int | None = None
    words: list[str] = []
    end = start
    for line in text.filled(start + 1, text.last):
        if AUTHORS_HEADING.match(text.key(line)):
            break
        content = text.bare(line)
        entry = TOC_ENTRY.match(content)
        if entry and (number is None or int(entry["number"]) == number + 1):
            if number is not None:  # the page of the one before is lost
                entries.append(TocEntry(number, " ".join(filter(None, words)), None, theme))
            elif waiting:
                theme, waiting = " ".join(waiting), []
            number, words, content = int(entry["number"]), [], entry["rest"]
        if number is None:
            waiting.append(content)
            continue
        page = TOC_PAGE.match(content)
        words.append(page["before"].rstrip(" ./…") if page else content)
        if page:
            entries.append(TocEntry(number, " ".join(filter(None, words)), int(page["page"]), theme))
            number, words, end = None, [], line
    if not entries:
        return None
    return Toc((start, end), tuple(entries), tuple(dict.fromkeys(e.theme for e in entries if e.theme)))


def closing_headings(text: Text) -> Iterator[int]:
    """The lines where a closing page may begin: a heading in capitals, on one line or cut over a few."""
    for number in text.filled(1, text.last):
        if text.key(number).startswith("accueillir") and is_capitals(text.bare(number)):
            heading = "".join(text.key(n) for n in text.filled(number, number + 4) if is_capitals(text.bare(n)))
            if CLOSING_HEADING.match(heading):
                yield number


def set_aside(text: Text, kind: str, first: int, last: int, keep: bool = True) -> tuple[list[Part], list[Unplaced]]:
    """Lines before the fiches as a part of the book; without a place when they are too long for one."""
    lines = text.filled(first, last)
    if not lines:
        return [], []
    if keep and sum(len(text.raw(n)) for n in lines) <= LONG_FRONT:
        return [Part(kind, (lines[0], lines[-1]))], []
    return [], [Unplaced((block.first, block.last), block.raw) for block in text.blocks(first, last)]


def read_front(text: Text, cover: Span | None, colophon: Span | None) -> Front:
    lines = text.filled(*cover) if cover else []
    year_at = next((i for i, n in enumerate(lines) if SCHOOL_YEAR.search(text.bare(n))), len(lines))
    subtitle_at = next((i for i, n in enumerate(lines[:year_at]) if SUBTITLE.search(text.bare(n))), year_at)
    title, subtitle = _joined(text, lines[:subtitle_at]), _joined(text, lines[subtitle_at:year_at])
    year = SCHOOL_YEAR.search(text.bare(lines[year_at])) if year_at < len(lines) else None
    if not title and year:  # « Recueil 2030/2031 » on one line
        title = SCHOOL_YEAR.sub("", text.bare(lines[year_at])).strip(" ,–—-") or None
    everything = "\n".join(block.text for span in (cover, colophon) if span for block in text.blocks(*span))
    month = MONTH_YEAR.search(everything)
    by_line = "\n".join(text.bare(line) for span in (cover, colophon) if span for line in text.filled(*span))
    publisher = PUBLISHER.search(by_line) or PUBLISHER.search(everything)
    return Front(
        title=title,
        subtitle=subtitle,
        school_year=year[0] if year else None,
        published=f"{month[2]}-{MONTHS.index(month[1].casefold()) + 1:02d}" if month else None,
        publisher=publisher["name"].strip() if publisher else None,
        promotions=_cover_promotions(subtitle),
        credits="\n\n".join(block.raw for block in text.blocks(*colophon) if block.key) if colophon else "",
    )


def _joined(text: Text, lines: Sequence[int]) -> str | None:
    return text.joined(lines[0], lines[-1]) if lines else None


def _cover_promotions(subtitle: str | None) -> tuple[str, ...]:
    after = PROMOTIONS_ON_COVER.split(subtitle or "", maxsplit=1)
    if len(after) < 2:
        return ()
    names = re.split(r"\s*,\s*|\s+&\s+|\s+et\s+", after[1], flags=re.I)
    return tuple(name_case(name) for name in names if name.strip())


def without_contacts(markdown: str) -> str:
    """The text without the paragraphs that say how to reach someone; addresses and numbers inside a longer one go."""
    kept = []
    for paragraph in re.split(r"\n\s*\n", markdown):
        reached = EMAIL.search(paragraph) or PHONE.search(paragraph) or CONTACT.match(paragraph)
        if not reached:
            kept.append(paragraph)
        elif len(paragraph) > MAX_CONTACT:
            kept.append(PHONE.sub("", EMAIL.sub("", paragraph)))
    return "\n\n".join(kept)


def name_case(name: str) -> str:
    """« GEORGE SAND » → « George Sand »."""
    return re.sub(r"[^\W\d_]+", lambda m: m[0][:1].upper() + m[0][1:].lower(), name.strip()) if name.isupper() else name
