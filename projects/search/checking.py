"""The index against what the missions say now, computed anew: every document, posting, frequency and facet value.

One segment of missions is in memory at a time. A mission written while it runs may be told as differing: `Checked` says
when the index was written meanwhile.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from casebook.text import NBSP, french_list, plural
from projects.facets import FACETS, Facet, index_missions
from projects.models import (
    Mission,
    SearchDocument,
    SearchFacetPosting,
    SearchFacetValue,
    SearchPosting,
    SearchResult,
    SearchState,
    SearchTerm,
)
from projects.models.search import SEGMENT_SIZE
from projects.search.document import Analysed, Expressions
from projects.search.index import BATCH, expressions, hit, read
from projects.search.postings import Block, Hit, pack
from projects.search.told import written


@dataclass(frozen=True)
class Checked:
    """`differences` are sentences in French; `was_written`: the index was written during the check."""

    missions: int
    differences: list[str]
    was_written: bool


@dataclass
class _Words:
    """What the words of all segments should be."""

    frequency: Counter[str] = field(default_factory=Counter)
    stems: dict[str, str] = field(default_factory=dict)
    acronyms: set[str] = field(default_factory=set)

    def add(self, found: Analysed) -> None:
        for word, entry in found.entries.items():
            self.frequency[word] += 1
            self.stems[word] = entry.stem[:160]
            if entry.is_acronym:
                self.acronyms.add(word)


def check() -> Checked:
    """Read everything and write nothing; some milliseconds per mission."""
    before = _token()
    differences = list(_differences())
    return Checked(Mission.objects.count(), differences, _token() != before)


def _token() -> str:
    return SearchState.objects.values_list("token", flat=True).filter(pk=1).first() or ""


def _differences() -> Iterator[str]:
    known = expressions()
    words = _Words()
    terms: dict[int, str] = dict(SearchTerm.objects.values_list("pk", "word"))
    for segment in _segments():
        yield from _in_segment(segment, known, words, terms)
    yield from _terms(words)
    for facet in FACETS.values():
        yield from _facet(facet)
    for parameter in SearchFacetValue.objects.exclude(parameter__in=list(FACETS)).values_list("parameter", flat=True):
        yield f"filtre «{NBSP}{parameter}{NBSP}»{NBSP}: il n’existe pas."


def _segments() -> list[int]:
    """Where there is a mission, or a posting that may be nobody's."""
    missions = {pk // SEGMENT_SIZE for pk in Mission.objects.values_list("pk", flat=True)}
    return sorted(missions | set(SearchPosting.objects.values_list("segment", flat=True).distinct()))


def _in_segment(segment: int, known: Expressions, words: _Words, terms: dict[int, str]) -> Iterator[str]:
    first = segment * SEGMENT_SIZE
    pks = list(
        Mission.objects.filter(pk__gte=first, pk__lt=first + SEGMENT_SIZE).order_by("pk").values_list("pk", flat=True)
    )
    wanted: dict[str, list[Hit]] = defaultdict(list)
    public: set[int] = set()
    for start in range(0, len(pks), BATCH):
        chunk = pks[start : start + BATCH]
        documents = SearchDocument.objects.in_bulk(chunk)
        results = SearchResult.objects.in_bulk(chunk)
        for mission, found in read(chunk, known):
            yield from _document(mission, found, documents.get(mission.pk))
            yield from _result(mission, results.get(mission.pk))
            if mission.is_published:
                public.add(mission.pk - first)
                words.add(found)
                for word in found.entries:
                    wanted[word].append(hit(mission.pk, found, word))
    for row in SearchPosting.objects.filter(segment=segment).order_by("pk"):
        word = terms.get(row.term_id, "")
        yield from _posting(word, row, wanted.pop(word, []), public)
    for word, hits in wanted.items():
        yield f"mot «{NBSP}{word}{NBSP}»{NBSP}: {plural(len(hits), 'mission manque', 'missions manquent')}."


def _document(mission: Mission, found: Analysed, document: SearchDocument | None) -> Iterator[str]:
    if document is None:
        yield f"mission «{NBSP}{mission}{NBSP}»{NBSP}: elle n’a pas de document."
        return
    words = "\n".join(found.entries) if mission.is_published else ""
    stopwords = pack(found.stopwords) if mission.is_published else b""
    if document.is_public != mission.is_published:
        state = "n’est pas publiée et s’y trouve comme publique" if document.is_public else "est publiée et n’y est pas"
        yield f"mission «{NBSP}{mission}{NBSP}»{NBSP}: elle {state}."
    there = (document.stems, document.words, bytes(document.stopwords or b""))
    if there != (found.stems, words, stopwords):
        yield f"mission «{NBSP}{mission}{NBSP}»{NBSP}: son document n’est plus celui de son texte."


def _result(mission: Mission, result: SearchResult | None) -> Iterator[str]:
    due = written(mission) if mission.is_published else None
    if not due and result:
        yield f"mission «{NBSP}{mission}{NBSP}»{NBSP}: elle n’est pas publiée et ce qu’une liste en montre est gardé."
    elif due and not result:
        yield f"mission «{NBSP}{mission}{NBSP}»{NBSP}: ce qu’une liste en montre manque."
    elif due and result and (result.schema, result.card, result.texts) != (due.schema, due.card, due.texts):
        yield f"mission «{NBSP}{mission}{NBSP}»{NBSP}: ce qu’une liste en montre n’est plus ce qu’elle dit."


def _posting(word: str, row: SearchPosting, hits: list[Hit], public: Collection[int]) -> Iterator[str]:
    """`hits` are those that the row should hold; `public` are ranks in the segment."""
    right = Block.of(hits)
    try:
        block = Block.read(row)
        there, due = set(block.docs.tolist()), set(right.docs.tolist())
    except ValueError:
        yield f"mot «{NBSP}{word}{NBSP}»{NBSP}: sa liste de missions ne peut pas être lue."
        return
    faults = []
    if hidden := there - due - set(public):
        faults.append(plural(len(hidden), "mission qui n’est pas publique", "missions qui ne sont pas publiques"))
    if extra := there - due - hidden:
        faults.append(plural(len(extra), "mission de trop", "missions de trop"))
    if missing := due - there:
        faults.append(plural(len(missing), "mission manquante", "missions manquantes"))
    if not faults and not _same(block, right):
        faults.append("d’autres places ou d’autres poids que ceux des textes")
    if faults:
        yield f"mot «{NBSP}{word}{NBSP}»{NBSP}: {french_list(faults)}."


def _same(one: Block, other: Block) -> bool:
    columns = ("docs", "weights", "fields", "counts", "positions")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in columns)


def _terms(words: _Words) -> Iterator[str]:
    left = dict(words.frequency)
    for row in SearchTerm.objects.order_by("word"):
        said = f"mot «{NBSP}{row.word}{NBSP}»{NBSP}:"
        due = left.pop(row.word, 0)
        if not due:
            yield f"{said} aucune mission publiée ne l’a."
        elif row.df != due:
            yield f"{said} compté {row.df} fois au lieu de {due}."
        elif row.stem != words.stems[row.word]:
            yield f"{said} sa racine est «{NBSP}{row.stem}{NBSP}» au lieu de «{NBSP}{words.stems[row.word]}{NBSP}»."
        elif row.word in words.acronyms and not row.is_acronym:
            yield f"{said} il n’est pas tenu pour un sigle."
    for word in left:
        yield f"mot «{NBSP}{word}{NBSP}»{NBSP}: il manque."


def _facet(facet: Facet) -> Iterator[str]:
    right = index_missions(facet, Mission.objects.published())
    rows = {row.value: row for row in SearchFacetValue.objects.filter(parameter=facet.parameter)}
    members: dict[int, set[int]] = defaultdict(set)
    for posting in SearchFacetPosting.objects.filter(value__in=rows.values()):
        members[posting.value_id] |= _members(posting)
    for value in sorted({*right.options, *rows}):
        said = f"filtre «{NBSP}{facet.label}{NBSP}», valeur «{NBSP}{value}{NBSP}»{NBSP}:"
        row, option = rows.get(value), right.options.get(value)
        if row is None or option is None:
            yield f"{said} {'elle manque' if row is None else 'aucune mission publiée ne l’a'}."
        elif members[row.pk] != right.members[value]:
            yield f"{said} {_gap(members[row.pk], right.members[value])}."
        elif (row.label, row.rank, row.color_key) != (option.label, option.rank, option.color_key):
            yield f"{said} elle n’est plus nommée ou rangée ainsi."


def _members(posting: SearchFacetPosting) -> set[int]:
    bits = np.unpackbits(np.frombuffer(posting.members, np.uint8), bitorder="little")
    return {int(rank) + posting.segment * SEGMENT_SIZE for rank in np.flatnonzero(bits)}


def _gap(there: Iterable[int], due: Iterable[int]) -> str:
    extra, missing = len(set(there) - set(due)), len(set(due) - set(there))
    faults = [plural(extra, "mission de trop", "missions de trop")] if extra else []
    faults += [plural(missing, "mission manquante", "missions manquantes")] if missing else []
    return french_list(faults)
