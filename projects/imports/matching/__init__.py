"""What the catalogue already knows of a fiche, each match with its confidence, its reason in words, its candidates.

match        Match, Candidate, Proposal
places       collectivities, by name, alias, code and kind; then the gazetteer
persons      people, by normalised name within promotion and edition
works        missions, themes and promotions
matcher      everything of one fiche, from indices that are loaded once for a book
"""

from people.place_names import place_key
from projects.imports.matching.match import NEW, SURE, Candidate, Match, Proposal
from projects.imports.matching.matcher import NO_CHOICES, Matcher, person_key, proposals
from projects.imports.matching.persons import People, name_key
from projects.imports.matching.places import Places, new_place_kind, place_case

__all__ = [
    "NEW",
    "NO_CHOICES",
    "SURE",
    "Candidate",
    "Match",
    "Matcher",
    "People",
    "Places",
    "Proposal",
    "name_key",
    "new_place_kind",
    "person_key",
    "place_case",
    "place_key",
    "proposals",
]
