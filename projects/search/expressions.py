"""Expressions: words that must stand in this order, with the stopwords that were typed between them."""

from collections.abc import Collection

import numpy as np

from projects.models import SearchDocument, SearchPosting
from projects.models.search import SEGMENT_SIZE
from projects.search.lookup import K1, Lookup, Match, rarity
from projects.search.memory import Memory
from projects.search.postings import Array, unpack
from projects.search.query import Clause
from projects.search.words import stopword_code

_MANY = 500  # missions that one SQL list may name
Places = dict[tuple[str, str], Array]  # by stem and word: mission << 16 | place, rising


def match_expressions(expressions: Collection[Clause], memory: Memory, lookup: Lookup) -> dict[Clause, Match]:
    """What is excluded is by word (singular or plural), the others by stem. Two queries at most, however many there
    are."""
    singles = {
        each: [lookup.word((word.stem,), word.word if each.is_negative else "") for word in each.words]
        for each in expressions
    }
    candidates = {
        each: np.bitwise_and.reduce([fields != 0 for _, fields in found]) & memory.public
        for each, found in singles.items()
    }
    somewhere = [each for each, missions in candidates.items() if missions.any()]
    places: Places = {}
    if somewhere:
        among = np.bitwise_or.reduce([candidates[each] for each in somewhere])
        places = _places({word.stem for each in somewhere for word in each.words}, among)
    keys = _with_stopwords({each: _in_order(each, places) for each in expressions})
    return {each: _match(singles[each], keys[each] >> 16, memory) for each in expressions}


def _match(singles: list[tuple[Array, Array]], missions: Array, memory: Memory) -> Match:
    found = np.zeros(len(memory.public), dtype=bool)
    found[missions] = True
    found &= memory.public
    weight = np.where(found, sum(weight for weight, _ in singles), 0)
    fields = np.bitwise_and.reduce([fields for _, fields in singles])
    bits = np.where(found, np.where(fields == 0, 1, fields), 0).astype(np.uint16)
    return Match(1000 * weight // (K1 + weight) * rarity(int(found.sum()), memory.total), bits)


def _places(stems: Collection[str], among: Array) -> Places:
    """Where the words of these stems stand in these missions. One query."""
    found: dict[tuple[str, str], list[Array]] = {}
    rows = SearchPosting.objects.filter(term__stem__in=stems).values_list(
        "term__stem", "term__word", "segment", "docs", "counts", "positions"
    )
    for stem, word, segment, docs, counts, positions in rows:
        missions = unpack(docs).astype(np.int64) + segment * SEGMENT_SIZE
        within = missions < len(among)
        keep = np.zeros(len(missions), dtype=bool)
        keep[within] = among[missions[within]]
        each = unpack(counts)
        keys = (np.repeat(missions, each) << 16) | unpack(positions)
        found.setdefault((stem, word), []).append(keys[np.repeat(keep, each)])
    return {word: np.sort(np.concatenate(keys)) for word, keys in found.items()}


def _in_order(expression: Clause, places: Places) -> Array:
    """Where its first word stands, the others being at their places."""
    keys = np.zeros(0, dtype=np.int64)
    for rank, (word, gap) in enumerate(zip(expression.words, expression.gaps, strict=True)):
        own = [keys[:0]]
        for (stem, form), there in places.items():
            if stem == word.stem and (form == word.word or not expression.is_negative):
                own.append(there - gap)
        keys = np.concatenate(own) if rank == 0 else keys[np.isin(keys, np.concatenate(own))]
    return keys


def _with_stopwords(places: dict[Clause, Array]) -> dict[Clause, Array]:
    """Those of the places that have the stopwords of their expression around them; a mission whose stopwords are not
    kept yet is taken at its word. One query, when an expression has stopwords."""
    asked = {each: keys for each, keys in places.items() if each.stopwords and len(keys)}
    if not asked:
        return places
    missions = np.unique(np.concatenate(list(asked.values())) >> 16)
    known = _stopwords(missions.tolist())
    untold = missions[~np.isin(missions, list(known))]
    there = np.concatenate([untold[:0], *known.values()])
    for each, keys in asked.items():
        right = np.ones(len(keys), dtype=bool)
        for gap, word in each.stopwords:
            right &= np.isin(((keys + gap) << 16) | stopword_code(word), there)
        places[each] = keys[right | np.isin(keys >> 16, untold)]
    return places


def _stopwords(missions: list[int]) -> dict[int, Array]:
    """For each mission whose stopwords are kept: mission << 32 | place << 16 | code."""
    several = {"mission__in": missions} if len(missions) <= _MANY else {"mission__range": (missions[0], missions[-1])}
    rows = SearchDocument.objects.filter(is_public=True, **several).values_list("mission", "stopwords")
    found: dict[int, Array] = {}
    for mission, blob in rows:
        if blob is not None:
            pairs = unpack(blob).astype(np.int64).reshape(-1, 2)
            found[mission] = (mission << 32) | (pairs[:, 0] << 16) | pairs[:, 1]
    return found
