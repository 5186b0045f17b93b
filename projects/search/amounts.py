"""« plus de 50 ateliers », « au moins 3 000 agents », « moins de 20 entretiens »: the key figures that say so."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from projects.models import KeyFigure, Section
from projects.search.document import FIELDS
from projects.search.matching import Lookup, Match, Matched, match_word, rarity
from projects.search.memory import Memory
from projects.search.query import Query
from projects.search.words import stems_of

_MORE = re.compile(r"(?:plus de|plus d['’]|au moins|minimum|supérieure?s? à|au-delà de)\s*$", re.IGNORECASE)
_LESS = re.compile(r"(?:moins de|moins d['’]|au plus|maximum|inférieure?s? à)\s*$", re.IGNORECASE)
MOST_MISSIONS = 2000  # looked at, those of the latest books first


@dataclass(frozen=True)
class Amount:
    """The clause at `index` is a bound; `stem` is what is counted."""

    index: int
    number: Decimal
    is_least: bool
    stem: str


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
    """Let the figures that keep the bound stand for its number: one query a bound."""
    place = {id(clause): rank for rank, (clause, _) in enumerate(matched.clauses)}
    for amount in amounts(query):
        found = _figures(amount, memory, lookup)
        rank = place.get(id(query.clauses[amount.index]))
        if rank is None or not found.missions:
            continue
        clause, own = matched.clauses[rank]
        members = np.zeros(len(memory.public), dtype=bool)
        members[list(found.missions)] = True
        worth = 500 * rarity(len(found.missions), memory.total)
        fields = np.where(members, own.fields | np.uint16(FIELDS[Section.Kind.CHIFFRES].bit), own.fields)
        better = Match(np.where(members, np.maximum(own.impact, worth), own.impact), fields)
        matched.clauses[rank] = (clause, better)
        matched.marks.update(stems for value in found.values if len(stems := stems_of(value)) == 1)


def _figures(amount: Amount, memory: Memory, lookup: Lookup) -> Found:
    """The missions with a figure of this thing that keeps the bound, and how these figures are printed."""
    bits = match_word(lookup, memory, (amount.stem,)).fields & np.uint16(FIELDS[Section.Kind.CHIFFRES].bit)
    pks = np.flatnonzero(bits)
    pks = pks[np.argsort(memory.place[pks])][:MOST_MISSIONS]
    bound = {"number__gte" if amount.is_least else "number__lte": amount.number}
    rows = KeyFigure.objects.filter(mission__in=[int(pk) for pk in pks], **bound)
    found = Found(set(), set())
    for mission, value, unit, label in rows.values_list("mission", "value", "unit", "label"):
        counts = "%" not in f"{value}{unit}"  # a share is not a number of things
        if counts and amount.stem in stems_of(f"{unit} {label}"):
            found.missions.add(mission)
            found.values.add(value)
    return found
