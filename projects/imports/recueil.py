"""Lines → records: the parts of a book, and its fiches in the order of the source."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from casebook.text import letters
from projects.imports import checking, figures, header, references, sections, testimonials
from projects.imports.header import Head
from projects.imports.names import similarity, split_member
from projects.imports.reading import Source
from projects.imports.records import Book, Fiche, Part, Promotion, Span, TocEntry, Unplaced, spans
from projects.imports.text import Block, Text, is_capitals
from projects.imports.vocabulary import (
    AUTHORS_HEADING,
    CLOSING_HEADING,
    FICHE_NUMBER,
    MONTH_YEAR,
    MONTHS,
    PROMOTION_HEADING,
    PUBLISHER,
    SCHOOL_YEAR,
    TOC_ENTRY,
    TOC_HEADING,
    TOC_PAGE,
    Kind,
    corps_in_words,
)

MAX_HEAD_LINES = 30  # filled lines between a fiche's number and its authors
LONG_FRONT = 4_000  # characters: a longer text before the first fiche is no cover


@dataclass(frozen=True)
class Toc:
    span: Span
    entries: tuple[TocEntry, ...]
    themes: tuple[str, ...]


def read_book(source: Source) -> Book:
    """Everything that the source holds, each line once: in a field of a fiche, in a part of the book, or unplaced."""
    text = Text(source)
    authors_headings = [n for n in text.filled(1, text.last) if AUTHORS_HEADING.match(text.key(n))]
    toc = _read_toc(text, authors_headings[0] if authors_headings else text.last)
    themes = {letters(theme) for theme in toc.themes} if toc else set()
    heads = _find_heads(text, authors_headings, toc, themes)
    lists = _find_promotion_lists(text, toc.span[1] if toc else 0)
    closing = next(
        (b.first for b in text.blocks(1, text.last) if CLOSING_HEADING.match(b.key) and is_capitals(b.text)), None
    )
    dividers = {head.start: _divider_lines(text, head) for head in heads}
    begins = {head.start: (divider[0] if (divider := dividers[head.start]) else head.start) for head in heads}
    stops = sorted({*begins.values(), *(block.first for block in lists), *([closing] if closing else [])})
    end_of = {start: (stops[i + 1] - 1 if i + 1 < len(stops) else text.last) for i, start in enumerate(stops)}

    front_end = stops[0] - 1 if stops else text.last
    book, parts, unplaced = _read_front(text, toc, front_end, bool(heads))
    promotions = [_read_promotion(text, block, end_of[block.first], book.cover_promotions) for block in lists]
    for block in lists:
        parts.append(Part("promotion", _filled_span(text, block.first, end_of[block.first])))
    if closing:
        parts.append(Part("accueil", _filled_span(text, closing, end_of[closing])))

    fiches: list[Fiche] = []
    for head in heads:
        if divider := dividers[head.start]:
            parts.append(Part("intercalaire", divider))
        fiche, left = _read_fiche(text, head, end_of[begins[head.start]], toc)
        fiches.append(fiche)
        unplaced += left
    promotions = [_with_corps(promotion, fiches) for promotion in promotions]
    fiches = [replace(f, authors=header.with_promotions(f.authors, promotions)) for f in fiches]
    book = replace(
        book,
        themes=toc.themes if toc and toc.themes else _themes_of(fiches),
        promotions=tuple(promotions),
        closing="\n".join(line.text for line in text.lines[closing - 1 : end_of[closing]]) if closing else "",
        toc=toc.entries if toc else (),
        parts=tuple(sorted(parts, key=lambda part: part.lines)),
        unplaced=tuple(unplaced),
        fiches=tuple(fiches),
    )
    return checking.check(book, source)


def _filled_span(text: Text, first: int, last: int) -> Span:
    lines = text.filled(first, last)
    return lines[0], lines[-1]


# ------------------------------------------------------------------------------------------------- front of the book


def _read_toc(text: Text, before: int) -> Toc | None:
    start = next((n for n in text.filled(1, before) if TOC_HEADING.match(text.key(n))), None)
    if start is None:
        return None
    entries: list[TocEntry] = []
    themes: list[str] = []
    waiting: list[str] = []  # lines outside an entry: a theme, once an entry follows
    number: int | None = None
    words: list[str] = []
    last_page = start
    for line in text.filled(start + 1, before):
        content = text.bare(line)
        page = TOC_PAGE.match(content)
        entry = TOC_ENTRY.match(content) if number is None else None
        if entry:
            if waiting:
                themes.append(" ".join(waiting))
                waiting = []
            number, words = int(entry["number"]), []
            content = entry["rest"]
            page = TOC_PAGE.match(content)
        if number is None:
            waiting.append(content)
            continue
        if page:
            words.append(page["before"].rstrip(" ./…"))
            joined = " ".join(word for word in words if word)
            entries.append(TocEntry(number, joined, int(page["page"]), themes[-1] if themes else None))
            number, words, last_page = None, [], line
        elif content:
            words.append(content)
    if not entries:
        return None
    named = tuple(dict.fromkeys(entry.theme for entry in entries if entry.theme))
    return Toc((start, last_page), tuple(entries), named)


def _read_front(text: Text, toc: Toc | None, end: int, has_fiches: bool) -> tuple[Book, list[Part], list[Unplaced]]:
    """Title, subtitle, year, promotions, credits: what stands before the first fiche."""
    parts: list[Part] = []
    unplaced: list[Unplaced] = []
    cover_end = toc.span[0] - 1 if toc else end
    cover = list(text.blocks(1, cover_end))
    colophon = list(text.blocks(toc.span[1] + 1, end)) if toc else []
    if not has_fiches or sum(len(block.raw) for block in cover) > LONG_FRONT:
        unplaced += [Unplaced((b.first, b.last), b.raw) for b in cover]
        cover = []
    if cover:
        parts.append(Part("couverture", (cover[0].first, cover[-1].last)))
    if toc:
        parts.append(Part("sommaire", toc.span))
    if colophon:
        parts.append(Part("colophon", (colophon[0].first, colophon[-1].last)))
    year_at = next((i for i, b in enumerate(cover) if SCHOOL_YEAR.search(b.text)), len(cover))
    subtitle_at = next(
        (i for i, b in enumerate(cover[:year_at]) if re.search(r"[ée]l[èe]ves|promotions?", b.text, re.I)), year_at
    )
    titles, subtitles = cover[:subtitle_at], cover[subtitle_at:year_at]
    subtitle = " ".join(block.text for block in subtitles) or None
    everything = "\n".join(block.text for block in (*cover, *colophon))
    year = SCHOOL_YEAR.search("\n".join(block.text for block in cover))
    month = MONTH_YEAR.search(everything)
    publisher = PUBLISHER.search(everything)
    book = Book(
        source_name=text.source.name,
        checksum=text.source.checksum,
        size=text.source.size,
        title=" ".join(block.text for block in titles) or None,
        subtitle=subtitle,
        school_year=year[0] if year else None,
        published=f"{month[2]}-{MONTHS.index(month[1].casefold()) + 1:02d}" if month else None,
        publisher=publisher["name"].strip() if publisher else None,
        themes=(),
        cover_promotions=_cover_promotions(subtitle),
        promotions=(),
        credits="\n\n".join(b.raw for b in colophon if letters(b.text)),
        closing="",
        toc=(),
        parts=(),
        unplaced=(),
        fiches=(),
    )
    return book, parts, unplaced


def _cover_promotions(subtitle: str | None) -> tuple[str, ...]:
    after = re.split(r"promotions?\s+", subtitle or "", maxsplit=1, flags=re.I)
    if len(after) < 2:
        return ()
    names = re.split(r"\s*,\s*|\s+&\s+|\s+et\s+", after[1], flags=re.I)
    return tuple(_name_case(name) for name in names if name.strip())


def _name_case(name: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda m: m[0][:1].upper() + m[0][1:].lower(), name.strip()) if name.isupper() else name


# ------------------------------------------------------------------------------------------------- promotions


def _find_promotion_lists(text: Text, after: int) -> list[Block]:
    """The headings of the lists: « PROMOTION … » in capitals (it may be cut over lines), followed by names."""
    found = []
    lines = text.filled(after + 1, text.last)
    for index, line in enumerate(lines):
        if not text.key(line).startswith("promo") or not is_capitals(text.bare(line)):
            continue
        stop = index + 1
        while stop < len(lines) and lines[stop] == lines[stop - 1] + 1 and is_capitals(text.bare(lines[stop])):
            stop += 1
        block = Block(line, lines[stop - 1], tuple(text.raw(n) for n in lines[index:stop]))
        members = sum(split_member(text.bare(n)) is not None for n in lines[stop : stop + 8])
        if PROMOTION_HEADING.match(block.key) and len(block.key) <= 80 and members >= 2:
            found.append(block)
    return found


def _read_promotion(text: Text, block: Block, end: int, cover: Sequence[str]) -> Promotion:
    printed = re.sub(r"^\W*promo\W*tion\W*", "", block.text, flags=re.I)
    corps = corps_in_words(printed) if re.search(r"[(–—,]", printed) else None
    name = re.split(r"\s*[(–—,]", printed)[0] if corps else printed
    likeness = {known: similarity(letters(known), letters(name)) for known in cover}
    best = max(likeness, key=lambda known: likeness[known], default=None)
    members = []
    for number in text.filled(block.last + 1, end):
        member = split_member(text.bare(number))
        if member:
            members.append(member)
        elif not members:
            corps = corps or corps_in_words(text.bare(number))
    official = best if best and likeness[best] >= 0.8 else _name_case(name)
    return Promotion(official, corps, tuple(members), (_filled_span(text, block.first, end),))


def _with_corps(promotion: Promotion, fiches: Sequence[Fiche]) -> Promotion:
    """The corps of most of its members whose e-mail or printed words tell it."""
    if promotion.corps:
        return promotion
    told: dict[str, int] = {}
    for fiche in fiches:
        for author in header.with_promotions(fiche.authors, [promotion]):
            corps = header.corps_of_email(author.email) or author.corps
            if author.promotion and corps:
                told[corps] = told.get(corps, 0) + 1
    return replace(promotion, corps=max(told, key=lambda corps: told[corps])) if told else promotion


# ------------------------------------------------------------------------------------------------- fiches


def _find_heads(text: Text, authors_headings: Sequence[int], toc: Toc | None, themes: set[str]) -> list[Head]:
    """Where each fiche begins: at the theme and number above an authors' heading, or at a known theme and a number."""
    floor = toc.span[1] if toc else 0
    heads: list[Head] = []
    for heading in authors_headings:
        if heading <= floor:
            continue
        heads.append(_head_above(text, heading, floor, themes))
        floor = heading
    known = themes | {letters(head.theme) for head in heads if head.theme}
    inside = {n for head in heads for n in range(head.start, (head.authors or head.start) + 1)}
    blocks = list(text.blocks((toc.span[1] if toc else 0) + 1, text.last))
    for before, block in pairwise(blocks):
        number = FICHE_NUMBER.match(block.text)
        if number and before.key in known and block.first not in inside:
            heads.append(Head(before.first, None, before.text, int(number["number"]), ()))
    return sorted(heads, key=lambda head: head.start)


def _head_above(text: Text, heading: int, floor: int, themes: set[str]) -> Head:
    above = text.filled(floor + 1, heading - 1)[-MAX_HEAD_LINES:]
    number_line = number = None
    for line in reversed(above):
        match = FICHE_NUMBER.match(text.bare(line))
        previous = above[above.index(line) - 1] if above.index(line) else None
        if match and (previous is None or _is_theme_line(text, previous, themes)):
            number_line, number = line, int(match["number"])
            break
    if number_line is not None:
        start, theme = _theme_above(text, number_line, above, themes)
        naming = tuple(line for line in above if line > number_line)
        return Head(start, heading, theme, number, naming)
    theme_line = next((line for line in reversed(above) if text.key(line) in themes), None)
    if theme_line is not None:
        naming = tuple(line for line in above if line > theme_line)
        return Head(theme_line, heading, text.bare(theme_line), None, naming)
    titles: list[int] = []
    for line in reversed(above):
        if not is_capitals(text.bare(line)) and "**" not in text.raw(line):
            break
        titles.insert(0, line)
    return Head(titles[0] if titles else heading, heading, None, None, tuple(titles))


def _is_theme_line(text: Text, line: int, themes: set[str]) -> bool:
    words = text.bare(line)
    return (
        text.key(line) in themes
        or any(theme.endswith(text.key(line)) for theme in themes)
        or (is_capitals(words) and len(words) <= 60)
    )


def _theme_above(text: Text, number_line: int, above: Sequence[int], themes: set[str]) -> tuple[int, str | None]:
    """(the line where the theme begins, the theme as printed): one line, or two or three when it is broken."""
    before = [line for line in above if line < number_line]
    for count in (1, 2, 3):
        lines = before[-count:]
        if len(lines) == count and letters(text.joined(lines[0], lines[-1])) in themes:
            return lines[0], text.joined(lines[0], lines[-1])
    if before and not themes:
        lines = [before[-1]]
        while len(before) > len(lines) and before[-len(lines) - 1] == lines[0] - 1 and len(lines) < 3:
            lines.insert(0, before[-len(lines) - 1])
        words = text.joined(lines[0], lines[-1])
        if is_capitals(words) and len(words) <= 60:
            return lines[0], words
    return number_line, None


def _divider_lines(text: Text, head: Head) -> Span | None:
    """A page with the theme alone, printed before the first fiche of a theme."""
    if not head.theme:
        return None
    before = text.filled(max(head.start - 12, 1), head.start - 1)
    for count in (1, 2, 3):
        lines = before[-count:]
        if len(lines) == count and similarity(letters(text.joined(lines[0], lines[-1])), letters(head.theme)) >= 0.9:
            return lines[0], lines[-1]
    return None


def _themes_of(fiches: Sequence[Fiche]) -> tuple[str, ...]:
    return tuple({letters(fiche.theme): fiche.theme for fiche in fiches if fiche.theme}.values())


def _toc_entry(toc: Toc | None, number: int | None) -> TocEntry | None:
    return next((entry for entry in toc.entries if entry.number == number), None) if toc else None


def _page_last(toc: Toc | None, entry: TocEntry | None) -> int | None:
    """The page before the next fiche begins; unknown for the last one."""
    if toc is None or entry is None or entry.page is None:
        return None
    later = [other.page for other in toc.entries if other.page is not None and other.page > entry.page]
    return min(later) - 1 if later else None


def _read_fiche(text: Text, head: Head, end: int, toc: Toc | None) -> tuple[Fiche, list[Unplaced]]:
    start = head.start
    entry = _toc_entry(toc, head.number)
    body_start = (head.authors or head.start) + 1
    headings = sections.find_headings(text, body_start, end)
    first_heading = headings[0].lines[0] if headings else end + 1
    tutors_heading = header.find_tutors_heading(text, body_start, first_heading - 1)
    authors_end = tutors_heading[0] - 1 if tutors_heading else first_heading - 1
    title, collectivities = header.title_and_places(text, head.naming, entry)
    people = header.authors(text, body_start, authors_end) if head.authors else ()
    tutors = header.tutors(text, tutors_heading[1] + 1, first_heading - 1) if tutors_heading else ()
    header_lines = text.filled(start, first_heading - 1)
    if not headings:  # nothing tells where the head ends: only what was read of it is claimed
        places = [*(author.lines for author in people), *(tutor.lines for tutor in tutors)]
        read_lines = {n for spans_read in places for first, last in spans_read for n in range(first, last + 1)}
        header_lines = [n for n in header_lines if n <= (head.authors or start) or n in read_lines]
    records, non_body = sections.read_sections(text, headings, end)
    said, numbers, read = [], [], []
    for index, section in enumerate(records):
        if section.kind == Kind.TEMOIGNAGE.value:
            said += testimonials.read_section(text, index, section)
        elif section.kind == Kind.CHIFFRES.value:
            numbers += figures.read_section(text, index, section)
        elif section.kind == Kind.ALLER_PLUS_LOIN.value:
            read += references.read_section(text, index, section)
        said += testimonials.read_embedded(index, section, tutors)
    taken = set(header_lines) | sections.claimed(records, non_body)
    left = [
        Unplaced(span, "\n".join(text.raw(n) for n in range(span[0], span[1] + 1)), head.number)
        for span in sections.unclaimed(text, start, end, taken)
    ]
    fiche = Fiche(
        number=head.number,
        theme=head.theme,
        title=title,
        page=entry.page if entry else None,
        page_last=_page_last(toc, entry),
        collectivities=collectivities,
        authors=people,
        tutors_heading=text.joined(*tutors_heading) if tutors_heading else None,
        tutors=tutors,
        header_lines=spans(header_lines),
        sections=tuple(records),
        testimonials=tuple(said),
        key_figures=tuple(numbers),
        references=tuple(read),
        non_body=tuple(non_body),
        lines=(start, end),
    )
    return fiche, left
