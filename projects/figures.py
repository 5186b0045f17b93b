"""How much a key figure says on its own, away from its fiche."""

import re

from casebook.text import fold
from projects.models import KeyFigure

# A year, a rank, a fraction.
_NO_COUNT = re.compile(r"(?:19|20)\d\d|\d+\s*\^?\s*(?:re|ère|ere|er|e|ème|eme)\^?|.*/.*", re.IGNORECASE)
_DECIMAL = re.compile(r"\d,\d")
_UNIT = re.compile(r"[%€]|(?:\b|(?<=\d))(?:ans?|mois|jours?|h|heures?|km)\b", re.IGNORECASE)

# The first words of what is counted, folded: people, or what the team did on the spot; then units.
_PARTITIVE = re.compile(r"^(?:de |d'|des )")
_PEOPLE = re.compile(
    r"(?:acteurs|agents|appels|cadres|conseillers|demandeurs|eleves|elus|enfants|entretiens|etudiants|experts|familles"
    r"|habitants|immersions|jeunes|menages|participants|personnes|repondants|rencontres|salaries|usagers|visites"
    r"|visiteurs)\b"
)
_UNIT_WORD = re.compile(
    r"(?:mois|ans?|jours?|heures?|euros?|km|kilometres?|hectares?|(?:million|milliard)s? d'euros)\b"
)
_CUT = re.compile(r"(?:mois|ans?|jours?) (?:apres|avant|depuis)\b")


def speaks(figure: KeyFigure) -> int:
    """The most telling first: 0 counts people or what the team did, 1 has a unit, 2 counts something else, 3 needs
    its fiche (a year, a rank, a fraction, a time after something, a label cut from its sentence)."""
    value, label = figure.value.strip(), figure.label.strip()
    counted = _PARTITIVE.sub("", fold(label), count=1)
    if _NO_COUNT.fullmatch(value) or not label[:1].islower() or _CUT.match(counted):
        return 3
    if len(value) > 1 and not _DECIMAL.search(value) and _PEOPLE.match(counted):
        return 0
    return 1 if _UNIT.search(value) or _UNIT_WORD.match(counted) else 2
