"""Text search: one function, `search`, answers ordered ids, passages and notices; `reindex` writes what it reads.

All words are required, found where a word begins; case, accents, ligatures, apostrophes and a final s or x do not
count, nor do words such as « de » beside others; a word found in the title goes first, then one in a name.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from casebook.richtext import plain
from casebook.text import fold
from projects.models import Mission, SearchDocument, Section
from projects.models.mission import MissionQuerySet

MAX_QUERY_LENGTH = 300
MAX_WORDS = 12
PASSAGE_LENGTH = 220
_TOO_COMMON = {"a", "au", "aux", "avec", "ce", "ces", "d", "dans", "de", "des", "du", "en", "et", "l", "la", "le"}
_TOO_COMMON |= {"les", "ou", "par", "pour", "qu", "que", "qui", "s", "sur", "un", "une"}
_WEIGHTS = {"title": 100, "names": 10, "body": 1}


@dataclass(frozen=True)
class Passage:
    """An extract that explains a match: escaped HTML in which only `<mark>` is a tag; `url` leads to its section."""

    section: str
    section_label: str
    url: str
    html: SafeString


@dataclass(frozen=True)
class Answer:
    """`ids` best first, or None when the query holds no word (everything matches, in the list's own order)."""

    query: str
    ids: list[int] | None = None
    notices: list[str] = field(default_factory=list)


def query_words(query: str, limit: int | None = MAX_WORDS) -> list[str]:
    """The folded words to look for, each once, in order."""
    words = _words(query)
    telling = [word for word in words if word not in _TOO_COMMON] or words
    return list(dict.fromkeys(map(_singular, telling)))[:limit]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", fold(text))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" and word[-2] != "s" else word


def _searchable(text: str) -> str:
    """The words of the text, folded, each after one space: `" atelier"` is found where a word begins so."""
    return "".join(f" {word}" for word in _words(text))


def search(missions: MissionQuerySet, query: str) -> Answer:
    """The missions of the queryset that hold every word of the query, best first. One query, whatever the input."""
    notices = []
    is_blank = not query.strip()
    query = query.replace("\x00", " ")
    if len(query) > MAX_QUERY_LENGTH:
        query = query[:MAX_QUERY_LENGTH]
        notices.append(f"La recherche a été coupée à {MAX_QUERY_LENGTH} caractères.")
    words = query_words(query, limit=None)
    if len(words) > MAX_WORDS:
        words = words[:MAX_WORDS]
        notices.append(f"Seuls les {MAX_WORDS} premiers mots ont été cherchés.")
    if not words:
        if not is_blank:
            notices.append("La recherche ne contient aucun mot\u00a0: elle a été ignorée.")
        return Answer(query, None, notices)
    hits = missions
    score: Any = Value(0)
    for word in words:
        anywhere = Q()
        for name, weight in _WEIGHTS.items():
            found = Q(**{f"search_document__{name}__contains": f" {word}"})
            anywhere |= found
            score = score + Case(When(found, then=Value(weight)), default=Value(0), output_field=IntegerField())
        hits = hits.filter(anywhere)
    book_order = (F("edition__slug").desc(nulls_last=True), F("number").asc(nulls_last=True), "pk")
    ordered = hits.annotate(score=score).order_by("-score", *book_order)
    return Answer(query, list(ordered.values_list("pk", flat=True)), notices)


def passages(mission: Mission, words: list[str], limit: int = 2) -> list[Passage]:
    """The sentences that hold the most words of the query, each of another section; needs `for_cards().with_text()`."""
    if not words:
        return []
    found = []
    for place, (kind, label, anchor, texts) in enumerate(_pieces(mission)):
        sentences = [sentence for text in texts for sentence in _sentences(text)]
        best = max(sentences, key=lambda sentence: _hits(sentence, words), default="")
        if hits := _hits(best, words):
            url = f"{mission.get_absolute_url()}#{anchor}"
            found.append((-hits, place, Passage(kind, label, url, mark_words(_shorten(best, words), words))))
    telling = [row for row in found if row[2].section != "method"] or found
    best_first = sorted(telling, key=lambda row: row[:2])[:limit]
    return [passage for _, _, passage in sorted(best_first, key=lambda row: row[1])]


def _pieces(mission: Mission) -> list[tuple[str, str, str, list[str]]]:
    """(kind, label, anchor, texts) of each section in printed order with the figures and testimonials it holds; then
    the summary, then each method with its other names: what explains the match when no section does."""
    rows: dict[str, list[str]] = {
        Section.Kind.CHIFFRES: [f"{figure.value} {figure.label}" for figure in mission.key_figures.all()],
        Section.Kind.TEMOIGNAGE: [plain(words.text) for words in mission.testimonials.all() if not words.embedded],
    }
    pieces = [(s.kind, s.label, s.anchor, [s.text, *rows.pop(s.kind, [])]) for s in mission.sections.all()]
    pieces += [(kind, str(Section.Kind(kind).label), kind, texts) for kind, texts in rows.items()]
    pieces.append(("summary", "En bref", "en-bref", _summary(mission)))
    for method in mission.confirmed_methods:
        pieces.append(("method", f"Méthode\u00a0: {method.name}", "methodes", [method.name, *method.synonyms]))
    return pieces


def _summary(mission: Mission) -> list[str]:
    return [mission.summary_asked, mission.summary_done, mission.summary_advised]


def mark_words(text: str, words: list[str]) -> SafeString:
    """Escaped text in which every word that begins with a searched word is between `<mark>` and `</mark>`."""
    pieces = re.split(r"(\w+)", text)
    return mark_safe(
        "".join(f"<mark>{escape(piece)}</mark>" if _is_hit(piece, words) else escape(piece) for piece in pieces)
    )


def _is_hit(piece: str, words: list[str]) -> bool:
    return any(folded.startswith(word) for folded in _words(piece) for word in words)


def _hits(text: str, words: list[str]) -> int:
    searchable = _searchable(text)
    return sum(f" {word}" in searchable for word in words)


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
    loaded: Iterable[Any] = (
        Mission.objects.filter(pk__in=ids)
        .for_detail()
        .prefetch_related("mission_collectivities__collectivity__department")
    )
    SearchDocument.objects.bulk_create(_document(mission) for mission in loaded)


# How a mission is reached from each kind of thing that its search document names.
_NAMED_BY = {
    "person": ("authorships__person", "tutorships__person"),
    "collectivity": ("mission_collectivities__collectivity",),
    "region": ("mission_collectivities__collectivity__region",),
    "department": ("mission_collectivities__collectivity__department",),
    "theme": ("theme",),
    "domain": ("domains",),
    "method": ("method_uses__method",),
}


def missions_naming(*things: Any) -> list[Mission]:
    """The missions whose search document names one of these people, places, themes, domains or methods.

    Their documents are to be written again (`reindex`) when one of the things is renamed, masked or deleted; ask
    before a deletion, which loses the links.
    """
    naming = Q(pk__in=[])
    for thing in things:
        for path in _NAMED_BY[thing._meta.model_name]:
            naming |= Q(**{path: thing})
    return list(Mission.objects.filter(naming).order_by("pk").distinct())


def reindex_for(*things: Any) -> None:
    """`reindex` of the missions that name these things."""
    reindex(missions_naming(*things))


def _document(mission: Any) -> SearchDocument:
    names = [mission.theme.name if mission.theme else "", *(domain.name for domain in mission.domains.all())]
    for place in mission.collectivity_list:
        names += [place.official_name, place.display_name, *place.aliases]
        names += [str(place.region or ""), str(place.department or "")]
    names += [authorship.person.public_name for authorship in mission.authorships.all()]
    names += [tutorship.person.public_name for tutorship in mission.tutorships.all()]
    for method in mission.confirmed_methods:
        names += [method.name, *method.synonyms]
    body = _summary(mission)
    body += [f"{section.heading}\n{section.text}" for section in mission.sections.all()]
    body += [f"{figure.value} {figure.label}" for figure in mission.key_figures.all()]
    body += [plain(testimonial.text) for testimonial in mission.testimonials.all()]
    body += [reference.text for reference in mission.references.all()]
    body += [deliverable.title for deliverable in mission.deliverables.all()]
    return SearchDocument(
        mission=mission,
        title=_searchable(f"{mission.title} {mission.title_printed}"),
        names=_searchable(" ".join(names)),
        body=_searchable(" ".join(body)),
    )
