"""Passages: the sentences of a mission that show why it was found, the words marked as they are written."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from casebook.richtext import paragraphs, place, plain
from casebook.text import typeset
from projects.models import Mission, Section, Testimonial
from projects.search.synonyms import Stems
from projects.search.words import STOPWORDS, chunks, singular, stem, units

LENGTH = 220
MOST = 3
_END_WORDS = 4  # how many words tell where a passage begins or ends
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True)
class Passage:
    """An extract that explains a match. `html` is escaped text in which only `<mark>` is a tag; `url` leads to its
    paragraph, and a browser that knows how marks in it what comes `between` the first and the last words."""

    section: str
    section_label: str
    url: str
    between: str
    html: SafeString
    text: str


@dataclass(frozen=True)
class Marks:
    """What is marked: single stems, and stems that must follow each other."""

    single: frozenset[str]
    several: tuple[Stems, ...]
    # the runs of letters that were looked at, and what those with marked stems hold
    _known: set[str] = field(default_factory=set, repr=False, compare=False)
    _marked: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, marks: Iterable[Stems]) -> "Marks":
        marks = list(marks)
        return cls(
            frozenset(stems[0] for stems in marks if len(stems) == 1),
            tuple(sorted(stems for stems in marks if len(stems) > 1)),
        )

    def __bool__(self) -> bool:
        return bool(self.single or self.several)

    def found_in(self, text: str) -> frozenset[str]:
        """The marked stems that the text has: quick, for choosing a sentence."""
        runs = chunks(text)
        once = set(runs)
        for run in once - self._known:
            self._known.add(run)
            if marked := _read(run).stems & self.single:
                self._marked[run] = marked
        found = {stem for run in once & self._marked.keys() for stem in self._marked[run]}
        if self.several:
            line = f" {' '.join(word.stem for run in runs for word in _read(run).telling)} "
            found.update(" ".join(stems) for stems in self.several if f" {' '.join(stems)} " in line)
        return frozenset(found)


class _Word(NamedTuple):
    stem: str
    start: int
    end: int


class _Run(NamedTuple):
    """A run of letters as it is searched: its stems, its telling words in order, and each unit (the joined form of a
    compound, if it is one, and its parts)."""

    stems: frozenset[str]
    telling: tuple[_Word, ...]
    units: tuple[tuple[_Word | None, tuple[_Word, ...]], ...]


@lru_cache(maxsize=20_000)
def _read(run: str) -> _Run:
    stems: set[str] = set()
    telling: list[_Word] = []
    found = []
    for unit in units(run):
        spans = unit.spans or ((unit.start, unit.end),)
        parts = [_Word(stem(singular(part)), *span) for part, span in zip(unit.parts, spans, strict=True)]
        joined = _Word(stem(singular(unit.joined)), unit.start, unit.end) if unit.joined else None
        searched = [part for part, word in zip(parts, unit.parts, strict=True) if word not in STOPWORDS]
        stems.update(part.stem for part in searched)
        if joined and unit.joined not in STOPWORDS:
            stems.add(joined.stem)
        telling += [joined] if joined and unit.is_prefixed else searched
        found.append((joined, tuple(parts)))
    return _Run(frozenset(stems), tuple(telling), tuple(found))


def passages(mission: Mission, marks: Marks, limit: int = MOST, kinds: frozenset[str] = frozenset()) -> list[Passage]:
    """The sentences that hold the most of the query, each of another section, in printed order.

    Needs `for_cards().with_text()`. `kinds`: only sections of these kinds, where the words are known to be.
    """
    if not marks:
        return []
    found = []
    for rank, (kind, label, texts) in enumerate(_pieces(mission, kinds)):
        best, hits, at = "", frozenset[str](), ""
        for anchor, text in texts:
            if len(marks.found_in(text)) <= len(hits):
                continue
            for sentence in _sentences(text):
                in_sentence = marks.found_in(sentence)
                if len(in_sentence) > len(hits):
                    best, hits, at = sentence, in_sentence, anchor
        if hits:
            found.append((rank, kind, label, at, best, hits))
    telling = [row for row in found if row[1] != "method"] or found
    chosen = _most_telling(telling, limit)
    address = mission.get_absolute_url()
    return [
        _passage(kind, label, f"{address}#{anchor}", _cut(typeset(best), marks), marks)
        for _, kind, label, anchor, best, _ in sorted(chosen, key=lambda row: row[0])
    ]


def _passage(kind: str, label: str, url: str, text: str, marks: Marks) -> Passage:
    words = text.strip("… ").split(" ")
    ends = [words] if len(words) <= 2 * _END_WORDS else [words[:_END_WORDS], words[-_END_WORDS:]]
    between = ",".join(quote(" ".join(end), safe="").replace("-", "%2D") for end in ends)
    return Passage(kind, label, url, f":~:text={between}", mark(text, marks), text)


def _most_telling(rows: list[Any], limit: int) -> list[Any]:
    """The best one, then those that show most of what the others have not shown."""
    chosen: list[Any] = []
    shown: set[str] = set()
    left = list(rows)
    while left and len(chosen) < limit:
        best = max(left, key=lambda row: (len(row[5] - shown), len(row[5]), -row[0]))
        if chosen and not best[5] - shown and len(chosen) >= 2:
            break
        chosen.append(best)
        shown |= best[5]
        left.remove(best)
    return chosen


Placed = list[tuple[str, str]]  # (anchor, text)
_ALL = frozenset({*map(str, Section.Kind), "summary", "method"})


def _pieces(mission: Mission, kinds: frozenset[str]) -> Iterator[tuple[str, str, Placed]]:
    """(kind, label, texts) of each section in printed order with the figures and testimonials it holds; then the
    summary, then each method with its other names: what explains the match when no section does."""
    kinds = kinds or _ALL
    rows: dict[str, Callable[[], Placed]] = {
        Section.Kind.CHIFFRES: lambda: [
            (figure.anchor, f"{figure.value} {figure.label}") for figure in mission.key_figures.all()
        ],
        Section.Kind.TEMOIGNAGE: lambda: [
            row for words in mission.testimonials.all() if not words.embedded for row in _placed(words.text, words)
        ],
    }
    for section in mission.sections.all():
        held = rows.pop(section.kind, list)
        if section.kind in kinds:
            yield section.kind, section.label, [*_placed(section.body, section), *held()]
    for kind, held in rows.items():
        if kind in kinds:
            yield kind, str(Section.Kind(kind).label), held()
    if "summary" in kinds:
        summary = (mission.summary_asked, mission.summary_done, mission.summary_advised)
        yield "summary", "En bref", [("en-bref", text) for text in summary]
    for method in mission.confirmed_methods if "method" in kinds else ():
        names = [("methodes", name) for name in (method.name, *method.synonyms)]
        yield "method", f"Méthode\u00a0: {method.name}", names


def _placed(source: str, holder: Section | Testimonial) -> Placed:
    """The words of each paragraph with its place in the page."""
    return [(place(holder.anchor, number), text) for number, text in enumerate(_plain_paragraphs(source))]


@lru_cache(maxsize=2048)
def _plain_paragraphs(source: str) -> tuple[str, ...]:
    """Kept for the texts that searches find most: cutting them costs more than looking for words in them."""
    return tuple(plain(piece) for piece in paragraphs(source))


def mark(text: str, marks: Marks) -> SafeString:
    """Escaped text in which the words of the query are between `<mark>` and `</mark>`."""
    html, done = [], 0
    for start, end in _spans(text, marks):
        html += [escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"]
        done = end
    return mark_safe("".join([*html, escape(text[done:])]))


def _spans(text: str, marks: Marks) -> list[tuple[int, int]]:
    """The places to mark, in order, apart from each other."""
    spans: list[tuple[int, int]] = []
    order: list[_Word] = []
    at = 0
    for run in chunks(text):
        at = text.index(run, at)
        read = _read(run)
        for joined, parts in read.units:
            whole = joined if joined and joined.stem in marks.single else None
            marked = [whole] if whole else [part for part in parts if part.stem in marks.single]
            spans += [(at + word.start, at + word.end) for word in marked]
        if marks.several:
            order += [_Word(word.stem, at + word.start, at + word.end) for word in read.telling]
        at += len(run)
    for expression in marks.several:
        for rank in range(len(order) - len(expression) + 1):
            if tuple(word.stem for word in order[rank : rank + len(expression)]) == expression:
                spans.append((order[rank].start, order[rank + len(expression) - 1].end))
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _sentences(text: str) -> list[str]:
    return [s for line in text.split("\n") for s in _SENTENCE_END.split(line) if s.strip()]


def _cut(text: str, marks: Marks) -> str:
    """About LENGTH characters around the first found word, cut between words."""
    if len(text) <= LENGTH:
        return text
    first = next((start for start, _ in _spans(text, marks)), 0)
    start = max(0, first - LENGTH // 3)
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = text.rfind(" ", start, start + LENGTH)
    end = len(text) if start + LENGTH >= len(text) or end <= start else end
    return f"{'… ' if start else ''}{text[start:end].rstrip()}{' …' if end < len(text) else ''}"
