"""« plus de 50 ateliers », « au moins 3 000 agents », « moins de 20 entretiens »: the key figures that say so."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from django.db.models import Q

from projects.models import KeyFigure, Section
from projects.search.document import FIELDS
from projects.search.lookup import Lookup, Match, match_word, rarity
from projects.search.matching import Matched
from projects.search.memory import Memory
from projects.search.query import Query
from projects.search.words import stems_of

_MORE = re.compile(r"(?:plus de|plus d['’]|au moins|minimum|supérieure?s? à|au-delà de)\s*$", re.IGNORECASE)
_LESS = re.compile(r"(?:moins de|moins d['’]|au plus|maximum|inférieure?s? à)\s*$", re.IGNORECASE)
_FIGURES = FIELDS[Section.Kind.CHIFFRES].bit
MOST_MISSIONS = 2000  # looked at, those of the latest books first


@dataclass(frozen=True)
class Amount:
    """The clause at `index` is a bound; `stem` is what is counted."""

    index: int
    number: Decimal
    is_least: bool
    stem: str

    def keeps(self, number: Decimal) -> bool:
        return number >= self.number if self.is_least else number <= self.number


class Found(NamedTuple):
    missions: set[int]
    values: set[str]


def amounts(query: Query) -> Iterator[Amount]:
    clauses = [(index, clause.words[0]) for index, clause in enumerate(query.clauses) if not clause.is_negative]
    for rank, (index, word) in enumerate(clauses):
        before = query.text[: word.start]
        if not word.word.isdigit() or len(word.word) > 12 or query.clauses[index].is_phrase:
            continue
        after = next((w for i, w in clauses[rank + 1 :] if not query.clauses[i].is_optional), None)
        if after is not None and (_MORE.search(before) or _LESS.search(before)):
            yield Amount(index, Decimal(word.word), bool(_MORE.search(before)), after.stem)


def match_amounts(query: Query, memory: Memory, lookup: Lookup, matched: Matched) -> None:
    """Let the figures that keep a bound stand for its number: one query, when there are bounds."""
    place = {id(clause): rank for rank, (clause, _) in enumerate(matched.clauses)}
    asked = [amount for amount in amounts(query) if id(query.clauses[amount.index]) in place]
    for amount, found in _figures(asked, memory, lookup) if asked else ():
        rank = place[id(query.clauses[amount.index])]
        if not found.missions:
            continue
        clause, own = matched.clauses[rank]
        members = np.zeros(len(memory.public), dtype=bool)
        members[list(found.missions)] = True
        worth = 500 * rarity(len(found.missions), memory.total)
        fields = np.where(members, own.fields | np.uint16(_FIGURES), own.fields)
        better = Match(np.where(members, np.maximum(own.impact, worth), own.impact), fields)
        matched.clauses[rank] = (clause, better)
        matched.marks.update(stems for value in found.values if len(stems := stems_of(value)) == 1)


def _figures(asked: list[Amount], memory: Memory, lookup: Lookup) -> list[tuple[Amount, Found]]:
    """The missions with a figure of each thing that keeps its bound, and how these figures are printed."""
    several = [(amount, _counting(amount, memory, lookup), Found(set(), set())) for amount in asked]
    bounds = Q(pk__in=[])
    for amount, missions, _ in several:
        bound = {"number__gte" if amount.is_least else "number__lte": amount.number}
        bounds |= Q(mission__in=missions, **bound)
    for mission, number, value, unit, label in KeyFigure.objects.filter(bounds).values_list(
        "mission", "number", "value", "unit", "label"
    ):
        if number is None or "%" in f"{value}{unit}":  # a share is no number of things
            continue
        counted = stems_of(f"{unit} {label}")
        for amount, missions, found in several:
            if mission in missions and amount.keeps(number) and amount.stem in counted:
                found.missions.add(mission)
                found.values.add(value)
    return [(amount, found) for amount, _, found in several]


def _counting(amount: Amount, memory: Memory, lookup: Lookup) -> set[int]:
    """The missions with a figure of this thing, those of the latest books first."""
    bits = match_word(lookup, memory, (amount.stem,)).fields & np.uint16(_FIGURES)
    pks = np.flatnonzero(bits)
    return {int(pk) for pk in pks[np.argsort(memory.place[pks])][:MOST_MISSIONS]}
