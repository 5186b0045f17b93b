"""Invented editions are read as they were written, clean and disturbed."""

import random
from typing import Any

import pytest

from casebook.text import letters
from projects.imports.contract import as_json
from tests.projects.imports.claims import faults
from tests.projects.imports.invented import Invented, invent
from tests.projects.imports.noise import NOISES, numbered, source_of
from tests.projects.imports.samples import book_of

# Without its blank line, a value below the label of the one before may be its own label's.
AMBIGUOUS = {"some blank lines gone", "blank lines gone"}
MARKED = {name for name in NOISES if name.startswith("footnotes")}  # the mark stays where it was printed


def told(book: Invented) -> list[Any]:
    promotion = {(first, last): name for name, members in book.promotions.items() for last, first in members}
    return [
        [
            (m.number, m.theme, letters(m.title), m.page, [letters(m.place)]),
            [
                (first, letters(last), mail, corps, promotion.get((first, last)))
                for first, last, corps, mail in m.authors
            ],
            [(first, letters(last), letters(job)) for first, last, job in m.tutors],
            [(kind, letters(text)) for kind, text in m.sections],
            [(value, letters(label)) for value, label in m.figures],
            [letters(reference) for reference in m.references],
        ]
        for m in book.missions
    ]


def read(source: str) -> list[Any]:
    book = book_of(source)
    assert faults(as_json(book), source) == []
    return [
        [
            (f.number, f.theme, letters(f.title or ""), f.page, [letters(place.name) for place in f.collectivities]),
            [(a.first_name, letters(a.last_name or ""), a.email, a.corps, a.promotion) for a in f.authors],
            [(t.first_name, letters(t.last_name or ""), letters(t.job_title or "")) for t in f.tutors],
            [(section.kind, letters(section.text)) for section in f.sections],
            [(figure.value, letters(figure.label or "")) for figure in f.key_figures],
            [letters(reference.text) for reference in f.references],
        ]
        for f in book.fiches
    ]


@pytest.mark.parametrize("seed", range(40))
def test_invented_edition_is_read_as_written(seed: int) -> None:
    book = invent(seed, count=1 + seed % 6, contents=seed % 3 > 0, lists=seed % 4 > 0)

    assert read(book.source) == told(book)


@pytest.mark.parametrize("name", sorted(NOISES.keys() - AMBIGUOUS - MARKED))
def test_invented_edition_disturbed_is_read_as_written(name: str) -> None:
    book = invent(len(name), count=4)
    noisy = source_of(NOISES[name](numbered(book.source), random.Random(7)))  # noqa: S311

    assert read(noisy) == told(book)


@pytest.mark.parametrize("seed", range(8))
def test_two_noises_on_an_invented_edition(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    lines = numbered(invent(seed).source)
    for name in rng.sample(sorted(NOISES.keys() - AMBIGUOUS - MARKED), 2):
        lines = NOISES[name](lines, rng)

    assert read(source_of(lines)) == told(invent(seed))
