"""Where each fiche begins."""

from collections.abc import Iterable, Sequence

from casebook.text import letters
from projects.imports.front import Toc
from projects.imports.header import Head
from projects.imports.names import looks_like_name, similarity
from projects.imports.records import Span, numbers_of
from projects.imports.text import Text, is_capitals
from projects.imports.vocabulary import (
    AUTHORS_HEADING,
    EMAIL,
    FICHE_NUMBER,
    MAX_THEME,
    TEAM_HEADING,
    THEME_BESIDE_NUMBER,
    TUTORS_HEADING,
    Kind,
)

MAX_HEAD_LINES = 30  # filled lines between a fiche's number and its authors
MAX_TITLE_LINE = 300  # characters: a longer line is text
MAX_TITLE_WORDS = (
    160  # characters: a longer line not in capitals is no title, where no authors' heading is printed below
)
DIVIDER_GAP = 12  # lines


def find_heads(text: Text, toc: Toc | None) -> list[Head]:
    """The heads of the fiches, in order: at the theme and number above an authors' heading; where none is printed, at a
    known theme and a number."""
    authors = [n for n in text.filled(1, text.last) if not _within(toc, n) and _is_authors_heading(text, n)]
    printed = {letters(theme) for theme in toc.themes} if toc else set()
    heads = _heads_above(text, authors, toc, printed)
    known = printed | {letters(head.theme) for head in heads if head.theme}
    if known != printed:  # what the other fiches print tells where this theme begins
        heads = _heads_above(text, authors, toc, known)
    taken = lines_of(heads) | (numbers_of([toc.span]) if toc else set())
    lines = text.filled(1, text.last)
    for before, line in zip([0, *lines], lines, strict=False):
        head = None if line in taken else _head_below(text, before, line, known, taken)
        if head:
            heads.append(head)
            taken |= lines_of([head])
    return sorted(heads, key=lambda head: head.start)


def lines_of(heads: Iterable[Head]) -> set[int]:
    return numbers_of((head.start, head.naming_end) for head in heads)


def _within(toc: Toc | None, line: int) -> bool:
    return toc is not None and toc.span[0] <= line <= toc.span[1]


def _is_authors_heading(text: Text, line: int) -> bool:
    if AUTHORS_HEADING.match(text.key(line)):
        return True
    return bool(TEAM_HEADING.match(text.key(line))) and _is_person(text, text.filled(line + 1, line + 8)[:3])


def _is_person(text: Text, lines: Sequence[int]) -> bool:
    """Whether a person is named on the first of these lines, with an address on it or on one of the next two."""
    if not lines or not looks_like_name(EMAIL.sub("", text.bare(lines[0])).strip(" <>()[]:;,–—-|"), strict=False):
        return False
    return any("@" in text.bare(line) and EMAIL.search(text.bare(line)) for line in lines)


# ------------------------------------------------------------------------------------------------- upwards


def _heads_above(text: Text, authors: Iterable[int], toc: Toc | None, themes: set[str]) -> list[Head]:
    heads: list[Head] = []
    floor = 0
    for heading in authors:
        start = max(floor, toc.span[1]) if toc and toc.span[1] < heading else floor
        head = _head_above(text, heading, start, themes)
        goes_on = head.number is None and head.theme is None and heads and not _has_section(text, floor, heading)
        if not goes_on:  # else a second heading of the same people: « les autrices » below « les auteurs »
            heads.append(head)
        floor = heading
    return heads


def _has_section(text: Text, first: int, last: int) -> bool:
    return any(text.heading_kind(n) for n in text.filled(first + 1, last - 1))


def _head_above(text: Text, heading: int, floor: int, themes: set[str]) -> Head:
    above = text.filled(floor + 1, heading - 1)[-MAX_HEAD_LINES:]
    ends = [i for i, n in enumerate(above) if _is_text(text, n) or text.heading_kind(n)]
    above = above[ends[-1] + 1 :] if ends else above
    for index in range(len(above) - 1, -1, -1):
        before, naming = above[:index], tuple(above[index + 1 :])
        beside = _theme_beside_number(text, above[index], themes)
        if beside:
            return Head(above[index], heading, *beside, naming)
        number = FICHE_NUMBER.match(text.bare(above[index]))
        alone = not before and not ends  # nothing above: the number of a fiche by itself
        if number and (alone or (before and _is_theme_line(text, before[-1], themes)) or _are_titles(text, naming)):
            start, theme = _theme_above(text, above[index], before, themes)
            return Head(start, heading, theme, int(number["number"]), naming)
    for index in range(len(above) - 1, -1, -1):
        if text.key(above[index]) in themes:
            return Head(above[index], heading, text.bare(above[index]), None, tuple(above[index + 1 :]))
    titles = len(above)
    while titles and (is_capitals(text.bare(above[titles - 1])) or "**" in text.raw(above[titles - 1])):
        titles -= 1
    naming = tuple(above[titles:])
    return Head(naming[0] if naming else heading, heading, None, None, naming)


def _is_text(text: Text, line: int) -> bool:
    return len(text.bare(line)) >= MAX_TITLE_LINE and not is_capitals(text.bare(line))


def _theme_beside_number(text: Text, line: int, themes: set[str]) -> tuple[str, int] | None:
    """« PILOTER AUTREMENT 04 », « 04 – PILOTER AUTREMENT », for a theme that is known."""
    match = THEME_BESIDE_NUMBER.match(text.bare(line))
    theme = match and (match["before"] or match["after"])
    if not match or not theme or (match["before"] and match["after"]) or letters(theme) not in themes:
        return None
    return theme, int(match["number"])


def _are_titles(text: Text, lines: Sequence[int]) -> bool:
    return bool(lines) and all(is_capitals(text.bare(n)) or "**" in text.raw(n) for n in lines)


def _is_theme_line(text: Text, line: int, themes: set[str]) -> bool:
    key, words = text.key(line), text.bare(line)
    known = bool(key) and any(theme.endswith(key) for theme in themes)
    return known or (is_capitals(words) and len(words) <= MAX_THEME)


def _theme_above(text: Text, number_line: int, before: Sequence[int], themes: set[str]) -> tuple[int, str | None]:
    """(the line where the theme begins, the theme as printed): one line, or two or three when it is broken."""
    for least in (1.0, 0.8):
        for count in (1, 2, 3):
            lines = before[-count:]
            words = text.joined(lines[0], lines[-1]) if len(lines) == count else ""
            if words and len(words) <= 2 * MAX_THEME and any(similarity(letters(words), t, least) for t in themes):
                return lines[0], words
    if before and not themes:
        lines = before[-1:]
        while len(before) > len(lines) and before[-len(lines) - 1] == lines[0] - 1 and len(lines) < 3:
            lines = before[-len(lines) - 1 :]
        words = text.joined(lines[0], lines[-1])
        if is_capitals(words) and len(words) <= MAX_THEME:
            return lines[0], words
    return number_line, None


def divider(text: Text, head: Head, taken: set[int]) -> Span | None:
    """The lines of a page with the theme alone, printed before the first fiche of a theme."""
    if not head.theme:
        return None
    before = text.filled(max(head.start - DIVIDER_GAP, 1), head.start - 1)
    for index in range(len(before) - 1, -1, -1):
        if before[index] in taken:
            before = before[index + 1 :]
            break
    for count in (1, 2, 3):
        lines = before[-count:]
        if len(lines) == count and max(len(text.bare(n)) for n in lines) <= MAX_THEME:
            words = text.joined(lines[0], lines[-1])
            if similarity(letters(words), letters(head.theme), 0.9):
                return lines[0], lines[-1]
    return None


# ------------------------------------------------------------------------------------------------- downwards


def _head_below(text: Text, before: int, line: int, themes: set[str], taken: set[int]) -> Head | None:
    """The head that begins at a number under a known theme, when no authors' heading is printed below."""
    beside = _theme_beside_number(text, line, themes)
    number = FICHE_NUMBER.match(text.bare(line))
    if beside:
        start, theme, printed = line, *beside
    elif number and before and before not in taken and text.key(before) in themes:
        start, theme, printed = before, text.bare(before), int(number["number"])
    else:
        return None
    naming: list[int] = []
    announced = False  # else a theme and a number at the head of a page
    below = text.filled(line + 1, line + 4 * MAX_HEAD_LINES)[:MAX_HEAD_LINES]
    for index, number_below in enumerate(below):
        if _is_text(text, number_below) or number_below in taken:
            break
        kind = text.heading_kind(number_below)
        people = TUTORS_HEADING.match(text.key(number_below)) or _is_person(text, below[index : index + 3])
        if kind or people:
            announced = kind in {None, Kind.CONTEXTE}
            break
        naming.append(number_below)
    if not announced or not naming or any(_is_sentence(text, number_below) for number_below in naming):
        return None
    return Head(start, naming[-1], theme, printed, tuple(naming))


def _is_sentence(text: Text, line: int) -> bool:
    words = text.bare(line)
    return (len(words) > MAX_TITLE_WORDS or words.endswith((".", ";", ":", ","))) and not is_capitals(words)
