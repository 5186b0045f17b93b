"""Passages: the sentences of a mission that show why it was found, the words marked as they are written."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from casebook.richtext import paragraphs, place, plain
from casebook.text import typeset
from projects.models import Mission, Section, Testimonial
from projects.search.synonyms import Stems
from projects.search.words import STOPWORDS, singular, stem, units

LENGTH = 220
MOST = 3
_END_WORDS = 4  # how many words tell where a passage begins or ends
_CHUNK = re.compile(r"[^\W_](?:[\w\u00ad\u0300-\u036f]|[-'’.·](?=\w))*")


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
        found: set[str] = set()
        order: list[str] = []
        for chunk in _CHUNK.findall(text):
            stems, telling = _stems_in(chunk)
            found |= stems & self.single
            if self.several:
                order += telling
        if self.several:
            line = f" {' '.join(order)} "
            found.update(" ".join(stems) for stems in self.several if f" {' '.join(stems)} " in line)
        return frozenset(found)


@lru_cache(maxsize=100_000)
def _stems_in(chunk: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """All stems of a run of letters, and the telling ones in order."""
    every, telling = [], []
    for unit in units(chunk):
        words = [*unit.parts, *([unit.joined] if unit.joined else [])]
        every += [stem(singular(word)) for word in words if word not in STOPWORDS]
        main = (unit.joined,) if unit.is_prefixed else unit.parts
        telling += [stem(singular(word)) for word in main if word not in STOPWORDS]
    return frozenset(every), tuple(telling)


def passages(mission: Mission, marks: Marks, limit: int = MOST, kinds: frozenset[str] = frozenset()) -> list[Passage]:
    """The sentences that hold the most of the query, each of another section, in printed order.

    Needs `for_cards().with_text()`. `kinds`: only sections of these kinds.
    """
    if not marks:
        return []
    found = []
    for rank, (kind, label, texts) in enumerate(_pieces(mission)):
        if kinds and kind not in kinds:
            continue
        best, hits, at = "", frozenset[str](), ""
        for anchor, text in texts:
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


def _pieces(mission: Mission) -> list[tuple[str, str, Placed]]:
    """(kind, label, texts) of each section in printed order with the figures and testimonials it holds; then the
    summary, then each method with its other names: what explains the match when no section does."""
    rows: dict[str, Placed] = {
        Section.Kind.CHIFFRES: [
            (figure.anchor, f"{figure.value} {figure.label}") for figure in mission.key_figures.all()
        ],
        Section.Kind.TEMOIGNAGE: [
            row for words in mission.testimonials.all() if not words.embedded for row in _placed(words.text, words)
        ],
    }
    pieces = [(s.kind, s.label, [*_placed(s.body, s), *rows.pop(s.kind, [])]) for s in mission.sections.all()]
    pieces += [(kind, str(Section.Kind(kind).label), texts) for kind, texts in rows.items()]
    summary = (mission.summary_asked, mission.summary_done, mission.summary_advised)
    pieces.append(("summary", "En bref", [("en-bref", text) for text in summary]))
    for method in mission.confirmed_methods:
        names = [("methodes", name) for name in (method.name, *method.synonyms)]
        pieces.append(("method", f"Méthode\u00a0: {method.name}", names))
    return pieces


def _placed(source: str, holder: Section | Testimonial) -> Placed:
    """The words of each paragraph with its place in the page."""
    return [(place(holder.anchor, number), plain(piece)) for number, piece in enumerate(paragraphs(source))]


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
    order: list[tuple[str, int, int]] = []
    for unit in units(text):
        parts = [
            (stem(singular(part)), *span)
            for part, span in zip(unit.parts, unit.spans or ((unit.start, unit.end),), strict=True)
        ]
        joined = stem(singular(unit.joined)) if unit.joined else ""
        if joined and joined in marks.single:
            spans.append((unit.start, unit.end))
        else:
            spans += [(start, end) for each, start, end in parts if each in marks.single]
        main = [(joined, unit.start, unit.end)] if unit.is_prefixed else parts
        order += [
            row
            for row, word in zip(main, (unit.joined,) if unit.is_prefixed else unit.parts, strict=True)
            if word not in STOPWORDS
        ]
    for expression in marks.several:
        for rank in range(len(order) - len(expression) + 1):
            if tuple(row[0] for row in order[rank : rank + len(expression)]) == expression:
                spans.append((order[rank][1], order[rank + len(expression) - 1][2]))
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _sentences(text: str) -> list[str]:
    return [s for line in text.split("\n") for s in re.split(r"(?<=[.!?…])\s+", line) if s.strip()]


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
