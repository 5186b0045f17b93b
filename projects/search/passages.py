"""Passages: the sentences of a mission that show why it was found, the words marked as they are written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from projects.search.document import FIELDS
from projects.search.pieces import ON_CARD, Piece
from projects.search.sentences import Spot, every_word, read
from projects.search.synonyms import Stems
from projects.search.told import Told
from projects.search.words import STOPWORDS, chunk_spans

LENGTH = 220
MOST = 3
_END_WORDS = 4  # how many words tell where a passage begins or ends
_EVERYWHERE = sum(kind.bit for kind in FIELDS.values())


@dataclass(frozen=True)
class Passage:
    """What explains a match. `html` is escaped text in which only `<mark>` is a tag; `url` leads to its paragraph, and
    a browser that knows how marks in it what comes `between` the first and the last words. What is no extract of the
    fiche (a name, a method) is a reason only: it is not cited."""

    section: str
    section_label: str
    url: str
    between: str
    html: SafeString
    text: str
    is_extract: bool = True


@dataclass(frozen=True)
class Marks:
    """What is marked: single stems, stems that must follow each other, and phrases, whose stopwords count too."""

    single: frozenset[str]
    several: tuple[Stems, ...]
    phrases: tuple[Stems, ...] = ()
    # where a run of letters has single stems, from its own beginning
    _places: dict[str, list[tuple[int, int]]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, marks: Iterable[Stems], phrases: Iterable[Stems] = ()) -> "Marks":
        marks = list(marks)
        return cls(
            frozenset(stems[0] for stems in marks if len(stems) == 1),
            tuple(sorted(stems for stems in marks if len(stems) > 1)),
            tuple(sorted(phrases)),
        )

    def __bool__(self) -> bool:
        return len(self) > 0

    def __len__(self) -> int:
        return len(self.single) + len(self.several) + len(self.phrases)

    @cached_property
    def _in_order(self) -> list[tuple[str, str]]:
        """What a line of `sentences.in_sentences` has of those whose stopwords do not count, with its name."""
        names = [*self.single, *(" ".join(stems) for stems in self.several)]
        return [(f" {name} ", name) for name in names]

    @cached_property
    def _phrases(self) -> list[tuple[list[str], str]]:
        """The telling stems of each phrase, with its name."""
        return [([f" {stem} " for stem in stems if stem not in STOPWORDS], " ".join(stems)) for stems in self.phrases]

    def may_be_in(self, stems: str) -> int:
        """How many of them this text, of which the stems are given, has at most."""
        return sum(sign in stems for sign, _ in self._in_order) + sum(
            all(sign in stems for sign in signs) for signs, _ in self._phrases
        )

    def found_in(self, sentence: str, stems: str) -> frozenset[str]:
        found = {name for sign, name in self._in_order if sign in stems}
        for signs, name in self._phrases:
            if all(sign in stems for sign in signs) and f" {name} " in every_word(sentence):
                found.add(name)
        return frozenset(found)

    def places_in(self, run: str) -> list[tuple[int, int]]:
        """Where this run of letters has single stems: a compound whole, if it is one of them, else its parts."""
        if run not in self._places:
            places = []
            for joined, parts in read(run).units:
                whole = joined if joined and joined.stem in self.single else None
                marked = [whole] if whole else [part for part in parts if part.stem in self.single]
                places += [(word.start, word.end) for word in marked]
            self._places[run] = places
        return self._places[run]


def passages(told: Told, marks: Marks, limit: int = MOST, fields: int = _EVERYWHERE) -> list[Passage]:
    """The sentences that hold the most of the query, each of another section, in printed order; then what they do not
    show and a card does not either: a person, a place, a domain. Without a sentence, what else explains the match.

    `fields`: the bits of those where the words are known to be.
    """
    if not marks:
        return []
    rows = [row for row in (_best(piece, marks, fields) for piece in told.pieces) if row.hits]
    chosen = _most_telling([row for row in rows if row.piece.is_extract], limit)
    reasons = [row for row in rows if not row.piece.is_extract]
    if not chosen:
        chosen = _most_telling(reasons, limit)
    shown = {hit for row in chosen for hit in row.hits}
    for row in reasons:
        if len(chosen) < limit and row.piece.kind not in ON_CARD and row.hits - shown:
            chosen.append(row)
            shown |= row.hits
    address = told.mission.url
    return [_passage(row, address, marks) for row in rows if row in chosen]


class _Row(NamedTuple):
    """The sentence of a piece that holds the most of what is searched."""

    piece: Piece
    hits: frozenset[str]
    anchor: str
    sentence: str


def _best(piece: Piece, marks: Marks, fields: int) -> _Row:
    best = _Row(piece, frozenset(), "", "")
    for own, anchor, text, stems in piece.texts:
        if not own & fields or marks.may_be_in(stems) <= len(best.hits):
            continue
        for sentence, line in zip(text.split("\n"), stems.split("\n"), strict=True):
            hits = marks.found_in(sentence, line)
            if len(hits) > len(best.hits):
                best = _Row(piece, hits, anchor, sentence)
    return best


def _passage(row: _Row, address: str, marks: Marks) -> Passage:
    text = _cut(row.sentence, marks)
    words = text.strip("… ").split(" ")
    ends = [words] if len(words) <= 2 * _END_WORDS else [words[:_END_WORDS], words[-_END_WORDS:]]
    between = ",".join(quote(" ".join(end), safe="").replace("-", "%2D") for end in ends)
    piece, url = row.piece, f"{address}#{row.anchor}"
    return Passage(piece.kind, piece.label, url, f":~:text={between}", mark(text, marks), text, piece.is_extract)


def _most_telling(rows: list[_Row], limit: int) -> list[_Row]:
    """The best one, then those that show most of what the others have not shown."""
    chosen: list[_Row] = []
    shown: set[str] = set()
    left = list(enumerate(rows))
    while left and len(chosen) < limit:
        rank, best = max(left, key=lambda row: (len(row[1].hits - shown), len(row[1].hits), -row[0]))
        if chosen and not best.hits - shown and len(chosen) >= 2:
            break
        chosen.append(best)
        shown |= best.hits
        left.remove((rank, best))
    return chosen


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
    telling: list[Spot] = []
    every: list[Spot] = []
    for run, at in chunk_spans(text):
        if places := marks.places_in(run):
            spans += [(at + start, at + end) for start, end in places]
        if marks.several:
            telling += [Spot(word.stem, at + word.start, at + word.end) for word in read(run).telling]
        if marks.phrases:
            every += [Spot(word.stem, at + word.start, at + word.end) for word in read(run).every]
    for order, wanted in ((telling, marks.several), (every, marks.phrases)):
        for stems in wanted:
            spans += _runs_of(stems, order)
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _runs_of(stems: Stems, order: list[Spot]) -> Iterator[tuple[int, int]]:
    """Where these stems follow each other: from the first to the last."""
    for rank in range(len(order) - len(stems) + 1):
        if all(word.stem == stem for word, stem in zip(order[rank:], stems, strict=False)):
            yield order[rank].start, order[rank + len(stems) - 1].end


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
