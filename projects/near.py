"""Missions near another one, each with the reason in words.

Points: a common domain 4, a common method 2 (three at most, and no phase: a diagnosis is everywhere), the same kind of
territory 2, the same size 1, the same theme 1, and up to 6 for the words that tell the problem and are rare elsewhere.
One of the first two or such a word is needed: the same kind of territory alone tells nothing.
All are looked for in the search index, so a draft is never near. The number of queries is fixed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from casebook.text import NBSP
from projects.facets import kind_option, size_option
from projects.models import Method, Mission, SearchTerm, Section
from projects.search import memory as memories
from projects.search.document import FIELDS, Expressions, analyse
from projects.search.lookup import Lookup, rarity
from projects.search.memory import Memory, Value
from projects.search.postings import Array
from projects.search.words import GENRE, STOPWORDS, WEAK, stem

POINTS = {"domaine": 4, "methode": 2, "type": 2, "taille": 1, "theme": 1}
TELLING = {"domaine", "methode", "mots"}  # without one of these two missions are not near
MAX_METHODS = 3
TERMS, MAX_TERM_POINTS = 10, 6
TOLD_TERMS = 3
# where the problem is told, here and in the others
TELLING_FIELDS = np.uint16(FIELDS["title"].bit | FIELDS["summary"].bit | FIELDS[Section.Kind.PROBLEMATIQUE].bit)
_IN_TITLE = np.uint16(FIELDS["title"].bit)
_GENERIC = {stem(word) for word in WEAK | STOPWORDS | GENRE}
_NO_EXPRESSIONS: Expressions = {}


@dataclass(frozen=True)
class NearMission:
    mission: Mission
    reason: str


@dataclass(frozen=True)
class Common:
    """What is looked for in the others: who has it, and how it is said."""

    parameter: str
    label: str
    members: Array


def near_missions(mission: Mission, limit: int = 3) -> list[NearMission]:
    """The nearest published missions, best first; `mission` comes from `for_detail()`."""
    memory = memories.current()
    common = _common(memory, _values(mission))
    words = [(Common("mots", word, members), points) for word, members, points in _telling_words(memory, mission)]
    score = _score(memory, common)
    if words:
        told = np.sum([points * row.members for row, points in words], axis=0, dtype=np.int64)
        score = score + np.minimum(told, 100 * MAX_TERM_POINTS)
    every = [*common, *(row for row, _ in words)]
    telling = [row.members for row in every if row.parameter in TELLING]
    score = np.where(np.logical_or.reduce(telling), score, 0) if telling else np.zeros_like(score)
    for own in {mission.pk, mission.working_copy_of_id or mission.pk}:
        if own < len(score):
            score[own] = 0
    candidates = np.flatnonzero(np.where(memory.public, score, 0))
    best = candidates[np.lexsort((memory.place[candidates], -score[candidates]))][:limit]
    missions = Mission.objects.published().for_lines().in_bulk([int(pk) for pk in best])
    return [NearMission(missions[pk], _reason(pk, every)) for pk in map(int, best) if pk in missions]


def _values(mission: Mission) -> Mapping[str, set[str]]:
    """The values of the facets that make two missions near; needs `for_detail()`."""
    uses = mission.confirmed_uses  # type: ignore[attr-defined]
    places = mission.collectivity_list
    return {
        "domaine": {domain.slug for domain in mission.domains.all()},
        "methode": {use.method.slug for use in uses if use.method.kind != Method.Kind.PHASE},
        "type": {option.value for place in places if (option := kind_option(place.kind, place.epci_type))},
        "taille": {option.value for place in places if (option := size_option(place.population))},
        "theme": {mission.theme.slug} if mission.theme else set(),
    }


def _common(memory: Memory, values: Mapping[str, set[str]]) -> list[Common]:
    found = []
    for parameter, slugs in values.items():
        known: dict[str, Value] = memory.values.get(parameter, {})
        for slug in sorted(slugs & known.keys(), key=lambda slug: (known[slug].rank, known[slug].label)):
            found.append(Common(parameter, known[slug].label, memory.having(parameter, [slug])))
    return found


def _score(memory: Memory, common: list[Common]) -> Array:
    """Hundredths of points."""
    total = np.zeros(len(memory.public), dtype=np.int64)
    for parameter, points in POINTS.items():
        shared = [row.members for row in common if row.parameter == parameter]
        if shared:
            count = np.sum(shared, axis=0, dtype=np.int64)
            most = MAX_METHODS if parameter == "methode" else 1 if parameter in {"type", "taille"} else len(shared)
            total += 100 * points * np.minimum(count, most)
    return total


def _telling_words(memory: Memory, mission: Mission) -> list[tuple[str, Array, int]]:
    """The rarest words of the title, the problem statement and the summary that other missions have too, where the
    title of one of the two has it: how each is written, who has it, its hundredths of a point."""
    pieces = [("title", mission.title), ("summary", mission.summary_asked)]
    pieces += [(s.kind, s.text) for s in mission.sections.all() if s.kind == Section.Kind.PROBLEMATIQUE]
    entries = {word: e for word, e in analyse(pieces, _NO_EXPRESSIONS).entries.items() if _may_tell(word)}
    rows = (
        SearchTerm.objects.filter(word__in=list(entries), df__gt=1)
        .order_by("df", "word")
        .values_list("word", "display")
    )
    shown = dict(rows[: 4 * TERMS])
    lookup = Lookup.of(memory, {entries[word].stem for word in shown})
    found: dict[str, tuple[str, Array, int]] = {}
    for word, display in shown.items():
        its_stem = entries[word].stem
        if its_stem in found:
            continue
        fields = lookup.fields_of(its_stem) * memory.public
        telling = fields & TELLING_FIELDS
        count = int(np.count_nonzero(telling))
        if 1 < count <= max(2, memory.total // 4):
            members = (telling if "title" in entries[word].frequency else fields & _IN_TITLE) != 0
            display = display.lower() if display.istitle() else display
            found[its_stem] = (display, members, 2 * rarity(count, memory.total))
    return sorted(found.values(), key=lambda row: (-row[2], row[0]))[:TERMS]


def _may_tell(word: str) -> bool:
    return len(word) > 4 and not word[0].isdigit() and stem(word) not in _GENERIC


def _reason(pk: int, common: list[Common]) -> str:
    """« Même domaine : habitat et logement. Méthode commune : parangonnage »: two reasons at most, the heaviest."""
    labels: dict[str, list[str]] = {}
    for row in common:
        if row.members[pk]:
            labels.setdefault(row.parameter, []).append(
                row.label if row.parameter == "mots" else in_sentence(row.label)
            )
    reasons = []
    if domains := labels.get("domaine"):
        reasons.append(f"{'Même domaine' if len(domains) == 1 else 'Mêmes domaines'}{NBSP}: {', '.join(domains)}")
    if methods := labels.get("methode"):
        head = "Méthode commune" if len(methods) == 1 else "Méthodes communes"
        reasons.append(f"{head}{NBSP}: {', '.join(methods[:MAX_METHODS])}")
    if words := labels.get("mots"):
        reasons.append(f"Sujet proche{NBSP}: {', '.join(words[:TOLD_TERMS])}")
    if kinds := labels.get("type"):
        reasons.append(f"Même type de territoire{NBSP}: {' et '.join(kinds)}")
    if sizes := labels.get("taille"):
        reasons.append(f"Même taille de territoire{NBSP}: {' et '.join(sizes)}")
    if labels.get("theme"):
        reasons.append("Même thème")
    return ". ".join(reasons[:2])


def in_sentence(name: str) -> str:
    """The name as it stands inside a sentence: « Entretiens » → « entretiens », « SWOT » as it is."""
    return name[:1].lower() + name[1:] if name[1:2].islower() or name[1:2] in "’' " else name


@dataclass(frozen=True)
class Neighbours:
    previous: Mission | None
    next: Mission | None


def neighbours(mission: Mission) -> Neighbours:
    """The published fiches before and after this one in its book. Two queries, or none without a printed number."""
    found = list(Mission.objects.published().for_lines().beside(mission))
    before = [other for other in found if (other.number or 0) < (mission.number or 0)]
    after = [other for other in found if other not in before]
    return Neighbours(before[0] if before else None, after[0] if after else None)
