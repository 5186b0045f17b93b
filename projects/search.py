"""Text search: one function, `search`, answers ordered ids, passages and notices; `reindex` writes what it reads.

All words are required; case, accents, ligatures and apostrophes do not count; a word found in the title goes first,
then one in a name. The engine of the measured search design will take this file's place behind the same interface.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils.html import escape

from casebook.richtext import plain
from casebook.text import fold
from projects.models import Mission, SearchDocument
from projects.models.mission import MissionQuerySet

MAX_QUERY_LENGTH = 300
MAX_WORDS = 12
PASSAGE_LENGTH = 220
_WEIGHTS = {"title": 100, "names": 10, "body": 1}


@dataclass(frozen=True)
class Passage:
    """An extract that explains a match: escaped HTML in which only `<mark>` is a tag."""

    section: str
    section_label: str
    anchor: str
    html: str


@dataclass(frozen=True)
class Answer:
    """`ids` best first, or None when the query holds no word (everything matches, in the list's own order)."""

    query: str
    ids: list[int] | None = None
    notices: list[str] = field(default_factory=list)


def query_words(query: str) -> list[str]:
    """The folded words of a query, each once, in order."""
    return list(dict.fromkeys(re.findall(r"[a-z0-9]+", fold(query))))[:MAX_WORDS]


def search(missions: MissionQuerySet, query: str) -> Answer:
    """The missions of the queryset that hold every word of the query, best first. One query, whatever the input."""
    notices = []
    query = query.replace("\x00", " ")
    if len(query) > MAX_QUERY_LENGTH:
        query = query[:MAX_QUERY_LENGTH]
        notices.append(f"La recherche a été coupée à {MAX_QUERY_LENGTH} caractères.")
    words = query_words(query)
    if not words:
        if query.strip():
            notices.append("La recherche ne contient aucun mot\u00a0: elle a été ignorée.")
        return Answer(query, None, notices)
    hits = missions
    score: Any = Value(0)
    for word in words:
        anywhere = Q()
        for name, weight in _WEIGHTS.items():
            found = Q(**{f"search_document__{name}__contains": word})
            anywhere |= found
            score = score + Case(When(found, then=Value(weight)), default=Value(0), output_field=IntegerField())
        hits = hits.filter(anywhere)
    ordered = hits.annotate(score=score).order_by("-score", F("edition__slug").desc(nulls_last=True), "number", "pk")
    return Answer(query, list(ordered.values_list("pk", flat=True)), notices)


def passages(mission: Mission, words: list[str], limit: int = 2) -> list[Passage]:
    """One or two extracts of the mission's sections that hold the most words of the query (sections prefetched)."""
    if not words:
        return []
    found = []
    for section in mission.sections.all():
        best = max(_sentences(section.text), key=lambda s: _hits(s, words), default="")
        if hits := _hits(best, words):
            found.append((-hits, section.position, section, best))
    found.sort(key=lambda row: row[:2])
    return [
        Passage(section.kind, section.label, section.anchor, mark_words(_shorten(text, words), words))
        for _, _, section, text in sorted(found[:limit], key=lambda row: row[1])
    ]


def mark_words(text: str, words: list[str]) -> str:
    """Escaped text in which every word that begins with a searched word is between `<mark>` and `</mark>`."""
    pieces = re.split(r"(\w+)", text)
    return "".join(f"<mark>{escape(piece)}</mark>" if _is_hit(piece, words) else escape(piece) for piece in pieces)


def _is_hit(piece: str, words: list[str]) -> bool:
    return bool(piece.strip()) and any(word in fold(piece) for word in words)


def _hits(text: str, words: list[str]) -> int:
    folded = fold(text)
    return sum(word in folded for word in words)


def _sentences(text: str) -> list[str]:
    return [s for line in text.split("\n") for s in re.split(r"(?<=[.!?…])\s+", line) if s.strip()]


def _shorten(text: str, words: list[str]) -> str:
    """About PASSAGE_LENGTH characters around the first found word, cut between words."""
    if len(text) <= PASSAGE_LENGTH:
        return text
    first = next((m.start() for m in re.finditer(r"\w+", text) if _is_hit(m[0], words)), 0)
    start = max(0, first - PASSAGE_LENGTH // 3)
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = text.rfind(" ", start, start + PASSAGE_LENGTH)
    end = len(text) if start + PASSAGE_LENGTH >= len(text) else end
    return f"{'… ' if start else ''}{text[start:end].rstrip()}{' …' if end < len(text) else ''}"


@transaction.atomic
def reindex(missions: Iterable[Mission]) -> None:
    """Write the search documents of these missions, in the caller's transaction. Drafts are indexed too: the
    queryset that is searched decides what is seen."""
    ids = [mission.pk for mission in missions]
    SearchDocument.objects.filter(mission__in=ids).delete()
    loaded = (
        Mission.objects.filter(pk__in=ids)
        .for_detail()
        .prefetch_related("method_uses__method", "mission_collectivities__collectivity__department")
    )
    SearchDocument.objects.bulk_create(_document(mission) for mission in loaded)


def _document(mission: Mission) -> SearchDocument:
    names = [mission.theme.name if mission.theme else "", *(domain.name for domain in mission.domains.all())]
    for place in mission.collectivity_list:
        names += [place.official_name, place.display_name, *place.aliases]
        names += [str(place.region or ""), str(place.department or "")]
    names += [authorship.person.public_name for authorship in mission.authorships.all()]
    names += [tutorship.person.public_name for tutorship in mission.tutorships.all()]
    for use in mission.method_uses.all():
        if use.state == "confirmee":
            names += [use.method.name, *use.method.synonyms]
    body = [mission.summary_asked, mission.summary_done, mission.summary_advised]
    body += [f"{section.heading}\n{section.text}" for section in mission.sections.all()]
    body += [f"{figure.value} {figure.label}" for figure in mission.key_figures.all()]
    body += [plain(testimonial.text) for testimonial in mission.testimonials.all()]
    body += [reference.text for reference in mission.references.all()]
    body += [deliverable.title for deliverable in mission.deliverables.all()]
    return SearchDocument(
        mission=mission,
        title=fold(f"{mission.title} {mission.title_printed}"),
        names=fold(" ".join(names)),
        body=fold(" ".join(body)),
    )
