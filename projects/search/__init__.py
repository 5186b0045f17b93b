"""French search: an inverted index in ordinary tables, written in the transaction that writes the missions.

words (text → words) · document (mission → fields) · postings, index (writing) · memory (what a process keeps) · query,
synonyms, spelling, lookup, expressions, matching, engine (`search`) · sentences, pieces, told (what a result shows) ·
passages · suggestions.
"""

from projects.search.engine import Answer, search
from projects.search.index import (
    forget,
    missions_naming,
    rebuild,
    reindex,
    reindex_expressions,
    reindex_for,
    with_words,
)
from projects.search.passages import Marks, Passage, mark, passages
from projects.search.told import tell
from projects.search.words import words_of

__all__ = [
    "Answer",
    "Marks",
    "Passage",
    "forget",
    "mark",
    "missions_naming",
    "passages",
    "rebuild",
    "reindex",
    "reindex_expressions",
    "reindex_for",
    "search",
    "tell",
    "with_words",
    "words_of",
]
