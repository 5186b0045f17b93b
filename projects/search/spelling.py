"""Typing errors: the nearest word of the index for a word that nothing has.

Distance: optimal string alignment (a transposition is one error), 1 under 6 letters, 2 from 6, none under 4 letters or
with a digit. Another first letter costs half an error more, a length that differs by two or more a quarter.
"""

from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from projects.search.words import PREFIXES

MIN_LENGTH = 4
LONG = 6


def nearest(word: str, vocabulary: Mapping[str, int]) -> str:
    """The most probable word for one that is not in the vocabulary (word → how many missions have it), or nothing."""
    if len(word) < MIN_LENGTH or any(character.isdigit() for character in word):
        return ""
    allowed = 1 if len(word) < LONG else 2
    near = process.extract(word, list(vocabulary), scorer=OSA.distance, score_cutoff=allowed, limit=None)
    ranked = []
    for candidate, distance, _ in near:
        if len(candidate) < 3 or candidate.isdigit() or _only_drops_a_prefix(word, candidate):
            continue
        cost = distance + 0.5 * (candidate[0] != word[0]) + 0.25 * (abs(len(candidate) - len(word)) >= 2)
        ranked.append((cost, -vocabulary[candidate], candidate))
    return min(ranked)[2] if ranked else ""


def _only_drops_a_prefix(word: str, candidate: str) -> bool:
    """« réemploi » is not a misspelt « emploi »."""
    return word.endswith(candidate) and word[: len(word) - len(candidate)] in PREFIXES
