"""Texts cut in sentences, and the words of a sentence as passages look for them."""

import re
from functools import lru_cache
from typing import NamedTuple

from casebook.text import typeset
from projects.search.words import STOPWORDS, chunks, singular, stem, units

_END = re.compile(r"(?<=[.!?…])\s+")


class Spot(NamedTuple):
    """A stem, and where its word stands."""

    stem: str
    start: int
    end: int


class Run(NamedTuple):
    """A run of letters as it is searched: its telling words in order, every word in order (a stopword as it is), each
    unit (the joined form of a compound, if it is one, and its parts); what a line of `in_sentences` has of it."""

    telling: tuple[Spot, ...]
    every: tuple[Spot, ...]
    units: tuple[tuple[Spot | None, tuple[Spot, ...]], ...]
    in_line: str
    others: str


@lru_cache(maxsize=20_000)
def read(run: str) -> Run:
    stems: set[str] = set()
    telling: list[Spot] = []
    every: list[Spot] = []
    found = []
    for unit in units(run):
        spans = unit.spans or ((unit.start, unit.end),)
        parts = [Spot(stem(singular(part)), *span) for part, span in zip(unit.parts, spans, strict=True)]
        joined = Spot(stem(singular(unit.joined)), unit.start, unit.end) if unit.joined else None
        searched = [part for part, word in zip(parts, unit.parts, strict=True) if word not in STOPWORDS]
        stems.update(part.stem for part in searched)
        if joined and unit.joined not in STOPWORDS:
            stems.add(joined.stem)
        telling += [joined] if joined and unit.is_prefixed else searched
        every += (
            [joined]
            if joined and unit.is_prefixed
            else [
                part._replace(stem=word) if word in STOPWORDS else part
                for part, word in zip(parts, unit.parts, strict=True)
            ]
        )
        found.append((joined, tuple(parts)))
    # a compound that reads as a stopword (« de-puis ») is searched by its parts alone: it only keeps its place
    in_line = "".join(f"{word.stem} " if word.stem in stems else "= " for word in telling)
    others = "".join(f"| {each} " for each in sorted(stems.difference(word.stem for word in telling)))
    return Run(tuple(telling), tuple(every), tuple(found), in_line, others)


def in_sentences(text: str) -> tuple[str, str]:
    """The sentences as they are shown, one a line; the stems of each, one line each.

    A line: ` a b c | d | e `, the telling words in order, then the other forms of compounds, each for itself.
    """
    cut = [sentence for line in text.split("\n") for sentence in _END.split(line) if sentence.strip()]
    return typeset("\n".join(cut)), "\n".join(map(_stems, cut))


def _stems(sentence: str) -> str:
    runs = [read(run) for run in chunks(sentence)]
    return f" {''.join([run.in_line for run in runs])}{''.join([run.others for run in runs])}"


def every_word(sentence: str) -> str:
    """The stems of all its words in order, the stopwords as they are."""
    return f" {' '.join(word.stem for run in chunks(sentence) for word in read(run).every)} "
