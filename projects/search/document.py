"""What of a mission is searched: its fields with their weights, and the words of each with their places."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from casebook.richtext import plain
from casebook.text import fold
from projects.models import Section
from projects.search.words import STOPWORDS, chunks, initials, singular, stem, stopword_code, units


class Field(NamedTuple):
    """`weight` and `norm` are BM25F's; `length` is the usual number of telling words, fixed, so that one mission never
    moves another; `bit` tells the field in a posting."""

    weight: float
    norm: float
    length: int
    bit: int
    is_name: bool = False


_SECTION_FIELDS = {
    Section.Kind.PROBLEMATIQUE: (1.2, 30),
    Section.Kind.CONTEXTE: (1.0, 150),
    Section.Kind.CLES_POUR_AGIR: (1.0, 200),
    Section.Kind.ZOOM: (0.8, 100),
    Section.Kind.TEMOIGNAGE: (0.8, 80),
    Section.Kind.CHIFFRES: (0.7, 30),
    Section.Kind.ALLER_PLUS_LOIN: (0.5, 40),
    Section.Kind.AUTRE: (0.8, 100),
}
FIELDS: dict[str, Field] = {
    "title": Field(7.0, 0.3, 10, 1 << 0, is_name=True),
    "collectivity": Field(5.0, 0.0, 1, 1 << 1, is_name=True),
    "authors": Field(3.0, 0.0, 1, 1 << 2, is_name=True),
    "method": Field(2.5, 0.0, 1, 1 << 3, is_name=True),
    "place": Field(2.0, 0.0, 1, 1 << 4, is_name=True),
    "theme": Field(1.0, 0.0, 1, 1 << 5, is_name=True),
    "summary": Field(1.2, 0.6, 40, 1 << 6),
    **{
        str(kind): Field(weight, 0.6, length, 1 << (7 + rank))
        for rank, (kind, (weight, length)) in enumerate(_SECTION_FIELDS.items())
    },
}
SCALE = 256  # of a stored weight
GAP = 16  # between two texts, so that no phrase runs from one into the next
MAX_POSITION = 0xFFFF


@dataclass(slots=True)
class Entry:
    """One word of one mission."""

    stem: str
    display: str
    is_acronym: bool = False
    frequency: dict[str, int] = field(default_factory=dict)
    positions: list[int] = field(default_factory=list)

    @property
    def fields(self) -> int:
        """One bit for each field that has the word."""
        bits = 0
        for name in self.frequency:
            bits |= FIELDS[name].bit
        return bits


@dataclass
class Analysed:
    """The words of a mission, ready to be indexed."""

    entries: dict[str, Entry] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    stems: str = ""
    stopwords: list[int] = field(default_factory=list)  # the place of each, then its code

    @cached_property
    def _worth(self) -> dict[str, float]:
        """What a word counts for in each field of this length: BM25F."""
        return {
            name: kind.weight * SCALE / (1 - kind.norm + kind.norm * self.lengths[name] / kind.length)
            for name, kind in FIELDS.items()
        }

    def weight(self, entry: Entry) -> int:
        """The weighted frequency of the word, once the mission is read whole."""
        worth = self._worth
        total = 0.0
        for name, count in entry.frequency.items():
            total += worth[name] * count
        return min(max(1, round(total)), 0xFFFF)


def texts(mission: Any) -> Iterator[tuple[str, str]]:
    """(field, text) of everything that may be searched: what the page shows. Needs `for_search()`."""
    yield "title", mission.title
    for place in mission.collectivity_list:
        yield "collectivity", " . ".join(dict.fromkeys([place.official_name, place.display_name, *place.aliases]))
        yield "place", " . ".join([str(place.region or ""), str(place.department or ""), *with_initials(place)])
    for row in (*mission.authorships.all(), *mission.tutorships.all()):
        yield "authors", row.person.public_name
    for method in mission.confirmed_methods:
        yield "method", " . ".join([method.name, *method.synonyms])
    yield "theme", mission.theme.name if mission.theme else ""
    for domain in mission.domains.all():
        yield "theme", domain.name
    for text in (mission.summary_asked, mission.summary_done, mission.summary_advised):
        yield "summary", text
    yield from _parts(mission)


def with_initials(place: Any) -> list[str]:
    """The names of three words or more of a collectivité, with their initials: « Grand Paris Seine Ouest (GPSO) »."""
    found = []
    for name in dict.fromkeys([place.official_name, place.display_name]):
        words = [word for word in re.findall(r"[^\W\d_]{2,}", fold(name)) if word not in STOPWORDS]
        if acronym := initials(words):
            found.append(f"{name} ({acronym.upper()})")
    return found


def _parts(mission: Any) -> Iterator[tuple[str, str]]:
    for section in mission.sections.all():
        yield section.kind, f"{section.heading}\n{section.text}"
    for figure in mission.key_figures.all():
        yield Section.Kind.CHIFFRES, f"{figure.value} {figure.label}"
    for testimonial in mission.testimonials.all():
        if not testimonial.embedded:
            yield Section.Kind.TEMOIGNAGE, plain(testimonial.text)
    # the job of a masked person would tell who it is
    jobs = [row.job_title for row in mission.tutorships.all() if not row.person.is_masked]
    jobs += [speaker.role for testimonial in mission.testimonials.all() for speaker in testimonial.public_speakers]
    for job in jobs:
        yield Section.Kind.TEMOIGNAGE, job
    for reference in mission.references.all():
        yield Section.Kind.ALLER_PLUS_LOIN, reference.text
    for deliverable in mission.deliverables.all():
        yield Section.Kind.ALLER_PLUS_LOIN, deliverable.title


Expressions = Mapping[str, list[tuple[str, ...]]]  # synonyms of several words by their first stem, as stems


class Token(NamedTuple):
    """A word of a run of letters; `place` is counted from the run's own. The telling ones make lengths and phrases."""

    word: str
    stem: str
    display: str
    place: int
    is_acronym: bool
    is_telling: bool


class Run(NamedTuple):
    """A run of letters: its words, those that a name is searched by (the same and the stopwords), the place and the
    code of each stopword, how many places it takes."""

    tokens: tuple[Token, ...]
    in_name: tuple[Token, ...]
    stopwords: tuple[tuple[int, int], ...]
    places: int


def analyse(pieces: Iterable[tuple[str, str]], expressions: Expressions) -> Analysed:
    found = Analysed()
    position = 0
    stems: list[str] = []
    for name, text in pieces:
        in_piece: list[tuple[str, int]] = []
        is_name = FIELDS[name].is_name
        for run in map(_run, chunks(text)):
            if tokens := run.in_name if is_name else run.tokens:
                _enter(found.entries, name, tokens, position, in_piece)
            for place, code in run.stopwords:
                if position + place < MAX_POSITION:
                    found.stopwords += (position + place, code)
            position += run.places
        found.lengths[name] += len(in_piece)
        _enter_expressions(found, name, in_piece, expressions)
        position += GAP
        if in_piece:
            stems += [*(each for each, _ in in_piece), "|"]
    found.stems = f" {' '.join(stems)} "
    return found


@lru_cache(maxsize=50_000)
def _run(chunk: str) -> Run:
    tokens = []
    stopwords = []
    position = 0
    for unit in units(chunk):
        raw = chunk[unit.start : unit.end]
        if unit.joined:
            tokens.append((_token(unit.joined, raw, position, unit.is_prefixed), False))
        for rank, part in enumerate(unit.parts):
            surface = chunk[slice(*unit.spans[rank])] if unit.spans else raw
            place = position if unit.is_prefixed else position + rank
            is_stopword = part in STOPWORDS
            is_telling = not (unit.is_prefixed or is_stopword)
            tokens.append((_token(part, surface, place, is_telling), is_stopword))
            if is_stopword and not unit.is_prefixed:
                stopwords.append((place, stopword_code(part)))
        position += 1 if unit.is_prefixed else len(unit.parts)
    searched = tuple(token for token, is_stopword in tokens if not is_stopword)
    return Run(searched, tuple(token for token, _ in tokens), tuple(stopwords), position)


def _token(part: str, surface: str, place: int, is_telling: bool) -> Token:
    word = part if part in STOPWORDS else singular(part)[:160]
    is_acronym = surface.isupper() and 1 < len(word) <= 8
    return Token(word, stem(word), _display(surface, word), place, is_acronym, is_telling)


def _enter(
    entries: dict[str, Entry], name: str, tokens: Iterable[Token], position: int, in_piece: list[tuple[str, int]]
) -> None:
    for word, its_stem, display, place, is_acronym, is_telling in tokens:
        entry = entries.get(word)
        if entry is None:
            entry = entries[word] = Entry(its_stem, display)
        if is_acronym and not FIELDS[name].is_name:
            entry.is_acronym = True
        entry.frequency[name] = entry.frequency.get(name, 0) + 1
        if position + place < MAX_POSITION:
            entry.positions.append(position + place)
        if is_telling:
            in_piece.append((its_stem, position + place))


def _display(surface: str, word: str) -> str:
    """How the word is written when it is offered: as it was met, a capital word in small letters but an acronym."""
    if surface.isupper() and len(surface) > 6:
        return surface.lower()[:160]
    return surface[:160] or word


def _enter_expressions(found: Analysed, name: str, in_piece: list[tuple[str, int]], expressions: Expressions) -> None:
    """Each synonym of several words is a word of its own, so that a query needs one lookup for it."""
    order = [each for each, _ in in_piece]
    for rank, (first, position) in enumerate(in_piece):
        for expression in expressions.get(first, ()):
            if tuple(order[rank : rank + len(expression)]) == expression:
                word = " ".join(expression)[:160]
                entry = found.entries.setdefault(word, Entry(word, word))
                entry.frequency[name] = entry.frequency.get(name, 0) + 1
                if position < MAX_POSITION:
                    entry.positions.append(position)
