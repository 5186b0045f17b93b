"""The head of a fiche: theme, number, title, collectivities, authors, tutors."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from casebook.text import fold, letters
from projects.imports.names import find_member, looks_like_name, split_name
from projects.imports.records import Author, Place, Promotion, Span, TocEntry, Tutor, spans
from projects.imports.text import Text, bare, join_lines
from projects.imports.vocabulary import (
    COLLECTIVITY_INSIDE,
    COLLECTIVITY_WORDS,
    CORPS_OF_HOST,
    EMAIL,
    TUTORS_HEADING,
    corps_in_words,
)


@dataclass(frozen=True)
class Head:
    """Where the head of a fiche stands: `start` is its first line, `authors` the line of the authors' heading."""

    start: int
    authors: int | None
    theme: str | None
    number: int | None
    naming: tuple[int, ...]  # the lines of title and collectivities


def title_and_places(text: Text, naming: Sequence[int], toc: TocEntry | None) -> tuple[str | None, tuple[Place, ...]]:
    """The lines between number and authors cut into title and collectivities: at the blank line that fits best."""
    if not naming:
        return None, ()
    best_cut, best_score = len(naming), 0.0
    printed = letters(toc.text) if toc else ""
    for cut in range(1, len(naming)):
        title = letters(join_lines(text.raw(n) for n in naming[:cut]))
        place = join_lines(text.raw(n) for n in naming[cut:])
        score = 0.0
        if naming[cut] > naming[cut - 1] + 1:
            score += 2
        if looks_like_place(place):
            score += 1.5
        if printed and letters(place) and printed.endswith(letters(place)) and printed.startswith(title):
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
        if grouped and COLLECTIVITY_WORDS.match(fold(line)) and looks_like_place(" ".join(grouped[-1])):
            grouped.append([line])
        elif grouped:
            grouped[-1].append(line)
        else:
            grouped.append([line])
    places: list[Place] = []
    for group in grouped:
        printed = join_lines(group)
        shared = re.match(
            r"^(ville|commune)\s+et\s+(\S+(?:\s+urbaine|\s+d.agglom\S+)?)\s+(de\s+|d['’])(.+)$", printed, re.I
        )
        if shared:
            names = [f"{shared[1]} {shared[3]}{shared[4]}", f"{shared[2]} {shared[3]}{shared[4]}"]
        else:
            names = _split_and(printed)
        places += [Place(printed if shared else name, name) for name in names]
    return tuple(places)


def _split_and(printed: str) -> list[str]:
    for match in re.finditer(r"\s+(?:ET|et|&)\s+", printed):
        left, right = printed[: match.start()], printed[match.end() :]
        if looks_like_place(left) and looks_like_place(right):
            return [left, right]
    return [printed]


def authors(text: Text, first: int, last: int) -> tuple[Author, ...]:
    """The people between the authors' heading and the next heading, each with the address printed beside or below."""
    found: list[Author] = []
    for number in text.filled(first, last):
        line = text.bare(number)
        emails = EMAIL.findall(line)
        name = EMAIL.sub("", line).strip(" <>()[]:;,–—-|")
        corps = None
        with_corps = re.match(r"^(?P<name>[^,(–—]+?)\s*[,(–—]\s*(?P<rest>.+?)\)?$", name)
        if with_corps and corps_in_words(with_corps["rest"]):
            name, corps = with_corps["name"], corps_in_words(with_corps["rest"])
        elif found and name and not looks_like_name(name, strict=False) and corps_in_words(name):
            found[-1] = replace(found[-1], corps=corps_in_words(name), lines=(*found[-1].lines, (number, number)))
            name = ""
        if name:
            given, surname = split_name(name, emails[0] if emails else None)
            found.append(Author(given, surname, None, corps, None, ((number, number),)))
        if emails and found:
            author = found[-1]
            given, surname = author.first_name, author.last_name
            if author.email is None:
                full = " ".join(part for part in (given, surname) if part)
                given, surname = split_name(full, emails[0])
            found[-1] = replace(
                author,
                first_name=given,
                last_name=surname,
                email=author.email or emails[0],
                lines=spans([*(n for span in author.lines for n in range(span[0], span[1] + 1)), number]),
            )
    return tuple(found)


def with_promotions(people: Sequence[Author], promotions: Sequence[Promotion]) -> tuple[Author, ...]:
    """The same people with the promotion whose list holds them, and their corps (e-mail, printed words, promotion)."""
    completed = []
    for author in people:
        match = find_member(author.first_name, author.last_name, promotions)
        corps = corps_of_email(author.email) or author.corps or (match[0].corps if match else None)
        completed.append(replace(author, corps=corps, promotion=match[0].name if match else None))
    return tuple(completed)


def corps_of_email(email: str | None) -> str | None:
    return CORPS_OF_HOST.get(email.rsplit("@", 1)[1].casefold()) if email else None


def tutors(text: Text, first: int, last: int) -> tuple[Tutor, ...]:
    """The people below the tutors' heading: a name, then the lines of the job."""
    groups: list[tuple[str, list[int]]] = []
    lines = text.filled(first, last)
    capitals = any(looks_like_name(text.bare(number)) for number in lines)
    for number in lines:
        line = EMAIL.sub("", text.bare(number)).strip(" ,;")
        if not line:
            if groups:
                groups[-1][1].append(number)
            continue
        name, job = line, ""
        comma = re.match(r"^(?P<name>[^,]+),\s*(?P<job>.+)$", line)
        if comma and looks_like_name(comma["name"], strict=capitals):
            name, job = comma["name"], comma["job"]
        if not groups or looks_like_name(name, strict=capitals):
            groups.append((name, [number]))
            if job:
                groups[-1] = (f"{name}\n{job}", [number])
        else:
            groups[-1][1].append(number)
    people = []
    for head, numbers in groups:
        name, _, job = head.partition("\n")
        given, surname = split_name(name)
        rest = join_lines([job, *(text.raw(number) for number in numbers[1:])])
        people.append(Tutor(given, surname, EMAIL.sub("", rest).strip(" ,;") or None, spans(numbers)))
    return tuple(people)


def find_tutors_heading(text: Text, first: int, last: int) -> Span | None:
    """The lines of the tutors' heading (one line, or two when it is broken)."""
    lines = text.filled(first, last)
    for index, number in enumerate(lines):
        if TUTORS_HEADING.match(text.key(number)):
            following = lines[index + 1] if index + 1 < len(lines) else None
            if following == number + 1 and TUTORS_HEADING.match(text.key(number) + text.key(following)):
                return (number, following)
            return (number, number)
        if index + 1 < len(lines) and text.key(number)[:3] == "tut":
            following = lines[index + 1]
            if TUTORS_HEADING.match(text.key(number) + text.key(following)):
                return (number, following)
    return None
