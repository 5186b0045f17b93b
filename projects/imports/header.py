"""The head of a fiche: theme, number, title, collectivities, authors, tutors."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from casebook.text import fold, letters
from projects.imports.names import Roster, is_capital_word, looks_like_name, split_name, split_people
from projects.imports.records import Author, Place, Span, TocEntry, Tutor, numbers_of, spans
from projects.imports.text import Text, bare, join_lines
from projects.imports.vocabulary import (
    AUTHORS_HEADING,
    COLLECTIVITY_INSIDE,
    COLLECTIVITY_WORDS,
    CORPS_OF_HOST,
    EMAIL,
    JOB_WORDS,
    LONG_TUTORS_HEADING,
    SHARED_NAME,
    TUTORS_HEADING,
    corps_in_words,
)

MAX_PERSON_LINE = 160  # characters: a longer line below the authors is no name, address or job
MAX_TUTOR_LINES = 12


@dataclass(frozen=True)
class Head:
    """Where the head of a fiche stands: its first line, the lines of title and collectivities, and the line below which
    people are named (their heading, or the last line before them when none is printed)."""

    start: int
    naming_end: int
    theme: str | None
    number: int | None
    naming: tuple[int, ...]


def title_and_places(text: Text, naming: Sequence[int], toc: TocEntry | None) -> tuple[str | None, tuple[Place, ...]]:
    """The lines between number and authors cut into title and collectivities: where blank line, words of a
    collectivity and table of contents agree best."""
    if not naming:
        return None, ()
    best_cut, best_score = len(naming), 0.0
    printed = letters(toc.text) if toc else ""
    for cut in range(1, len(naming)):
        title, place_key = ("".join(text.key(n) for n in lines) for lines in (naming[:cut], naming[cut:]))
        place = " ".join(text.bare(n) for n in naming[cut:])
        score = 0.0
        if naming[cut] > naming[cut - 1] + 1:
            score += 2
        if looks_like_place(place):
            score += 1.5
        if printed and place_key and printed.endswith(place_key) and printed.startswith(title):
            score += 3
        if score and (score > best_score or (score == best_score and cut > best_cut)):
            best_cut, best_score = cut, score
    title = join_lines(text.raw(n) for n in naming[:best_cut])
    return title or None, split_places([bare(text.raw(n)) for n in naming[best_cut:]])


def looks_like_place(name: str) -> bool:
    folded = fold(name)
    return bool(COLLECTIVITY_WORDS.match(folded) or COLLECTIVITY_INSIDE.search(folded))


def split_places(lines: Sequence[str]) -> tuple[Place, ...]:
    """One entry per collectivity, on its own lines or not (« VILLE DE X ET X MÉTROPOLE », « VILLE ET … DE X »)."""
    grouped: list[list[str]] = []
    for line in lines:
        if grouped and not (COLLECTIVITY_WORDS.match(fold(line)) and looks_like_place(" ".join(grouped[-1]))):
            grouped[-1].append(line)
        else:
            grouped.append([line])
    places: list[Place] = []
    for group in grouped:
        printed = join_lines(group)
        shared = SHARED_NAME.match(printed)
        if ";" in printed:
            places += [Place(name, name) for name in re.split(r"\s*;\s*", printed) if name]
        elif shared:
            first, second, of, name = shared.groups()
            places += [Place(printed, f"{first} {of}{name}"), Place(printed, f"{second} {of}{name}")]
        else:
            places += [Place(name, name) for name in _split_and(printed)]
    return tuple(places)


def _split_and(printed: str) -> list[str]:
    for match in re.finditer(r"\s+(?:ET|et|&)\s+", printed):
        left, right = printed[: match.start()], printed[match.end() :]
        if looks_like_place(left) and looks_like_place(right):
            return [left, right]
    return [printed]


def people_end(text: Text, first: int, last: int, tutors_heading: Span | None, sure: bool) -> int:
    """The last line where people may be named: before a line too long for a name or a job, and, when no heading tells
    where the head ends (not `sure`), before the first line that does not look like a part of it."""
    end = first - 1
    after_tutors = 0
    for number in text.filled(first, last):
        words = text.bare(number)
        if len(words) > MAX_PERSON_LINE:
            return end
        if tutors_heading and number >= tutors_heading[0]:
            after_tutors += 1
            fits = after_tutors <= MAX_TUTOR_LINES and not words.endswith((".", "?", "!"))
        else:
            name = EMAIL.sub("", words)
            fits = "@" in words or looks_like_name(name, strict=False) or bool(corps_in_words(name))
        if not sure and not fits:
            return end
        end = number
    return end


def authors(text: Text, first: int, last: int) -> tuple[Author, ...]:
    """The people between the authors' heading and the next heading, each with the address printed beside or below."""
    found: list[Author] = []
    for number in text.filled(first, last):
        line = text.bare(number)
        if AUTHORS_HEADING.match(text.key(number)):
            continue
        emails = EMAIL.findall(line)
        name = EMAIL.sub("", line).strip(" <>()[]:;,–—-|")
        corps = None
        with_corps = re.match(r"^(?P<name>[^,(–—]+?)\s*[,(–—]\s*(?P<rest>.+?)\)?$", name)
        if with_corps and corps_in_words(with_corps["rest"]):
            name, corps = with_corps["name"], corps_in_words(with_corps["rest"])
        elif found and name and not looks_like_name(name, strict=False) and corps_in_words(name):
            found[-1] = replace(found[-1], corps=corps_in_words(name), lines=(*found[-1].lines, (number, number)))
            name = ""
        for position, one in enumerate(split_people(name) if name else []):
            given, surname = split_name(one, emails[position] if position < len(emails) else None)
            found.append(Author(given, surname, None, corps, None, ((number, number),)))
        for author, email in zip(range(len(found) - max(len(emails), 1), len(found)), emails, strict=False):
            if author >= 0:
                found[author] = _with_email(found[author], email, number)
    return tuple(found)


def _with_email(author: Author, email: str, line: int) -> Author:
    given, surname = author.first_name, author.last_name
    if author.email is None:
        full = " ".join(part for part in (given, surname) if part)
        given, surname = split_name(full, email)
    lines = spans([*numbers_of(author.lines), line])
    return replace(author, first_name=given, last_name=surname, email=author.email or email, lines=lines)


def with_promotions(people: Sequence[Author], roster: Roster) -> tuple[Author, ...]:
    """The same people with the promotion whose list holds them, and their corps (e-mail, printed words, promotion)."""
    completed = []
    for author in people:
        told = corps_of_email(author.email) or author.corps
        match = roster.find(author.first_name, author.last_name, told)
        corps = told or (match[0].corps if match else None)
        completed.append(replace(author, corps=corps, promotion=match[0].name if match else None))
    return tuple(completed)


def corps_of_email(email: str | None) -> str | None:
    return CORPS_OF_HOST.get(email.rsplit("@", 1)[1].casefold()) if email else None


def tutors(text: Text, first: int, last: int) -> tuple[Tutor, ...]:
    """The people below the tutors' heading: a name, then the lines of the job."""
    groups: list[tuple[str, str, list[int]]] = []  # name, job beside it, lines
    lines = text.filled(first, last)
    capitals = any(looks_like_name(text.bare(number)) for number in lines)
    for number in lines:
        line = EMAIL.sub("", text.bare(number)).strip(" ,;<>()[]")
        comma = re.match(r"^(?P<name>[^,–—]+?)(?:,|\s[–—-])\s+(?P<job>.+)$", line)
        name, job = line, ""
        if comma and looks_like_name(comma["name"], strict=capitals):
            name, job = comma["name"], comma["job"]
        elif not comma:
            name, job = _before_job(line)
        if line and (not groups or looks_like_name(name, strict=capitals)):
            groups.append((name, job, [number]))
        elif groups:
            groups[-1][2].append(number)
    people = []
    for name, job, numbers in groups:
        given, surname = split_name(name)
        rest = join_lines([job, *(text.raw(number) for number in numbers[1:])])
        people.append(Tutor(given, surname, EMAIL.sub("", rest).strip(" ,;<>()[]") or None, spans(numbers)))
    return tuple(people)


def _before_job(line: str) -> tuple[str, str]:
    """(name, job) of « Prénom NOM Fonction »: capitals tell where the name ends."""
    tokens = line.split()
    for index in range(2, len(tokens)):
        name = " ".join(tokens[:index])
        if JOB_WORDS.match(tokens[index]) and not is_capital_word(tokens[index]) and looks_like_name(name):
            return name, " ".join(tokens[index:])
    return line, ""


def find_tutors_heading(text: Text, first: int, last: int) -> Span | None:
    """The lines of the tutors' heading (one line, or two when it is broken)."""
    lines = text.filled(first, last)
    for index, number in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        if following and text.key(following) and TUTORS_HEADING.match(text.key(number) + text.key(following)):
            return (number, following)
        if TUTORS_HEADING.match(text.key(number)) or LONG_TUTORS_HEADING.match(text.key(number)):
            return (number, number)
    return None
