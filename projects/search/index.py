"""Writing the index: `reindex` in the transaction that writes the missions; only what is public is in it.

Names of people, places, themes and methods are in the postings too: when one changes, `reindex_for` it. A reader keeps
what it read in memory while `SearchState.token` stands; whoever writes locks that row, so that writers follow each
other.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q

from projects.facets import FACETS, Option, index_missions
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
from projects.search.document import Analysed, Expressions, analyse, texts
from projects.search.postings import COLUMNS, Block, Gathered, Hit, pack
from projects.search.synonyms import members
from projects.search.told import written
from projects.search.words import stems_of

BATCH = 500  # missions read at a time
_TOGETHER = SEGMENT_SIZE  # missions whose postings are written at once
_IN = 1000  # values of one SQL list

# How a mission is reached from each kind of thing that its search document names.
_NAMED_BY = {
    "person": ("authorships__person", "tutorships__person", "testimonials__speakers__person"),
    "collectivity": ("mission_collectivities__collectivity",),
    "region": ("mission_collectivities__collectivity__region",),
    "department": ("mission_collectivities__collectivity__department",),
    "edition": ("edition",),
    "theme": ("theme",),
    "domain": ("domains",),
    "method": ("method_uses__method",),
}


def with_words(missions: Any, text: str) -> Any:
    """The missions of the queryset, drafts too, whose document has all these words: the editors' own search."""
    for stem in stems_of(text.replace("\x00", " ")[:300])[:12]:
        missions = missions.filter(search_document__stems__contains=f" {stem}")
    return missions


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


@transaction.atomic
def reindex_for(*things: Any) -> None:
    """`reindex` of the missions that name these things; what readers remember of the things is forgotten too."""
    _lock()
    reindex(missions_naming(*things))


@transaction.atomic
def reindex(missions: Iterable[Mission]) -> None:
    """Write the documents and postings of these missions as they are now, in the caller's transaction."""
    pks = sorted({mission.pk for mission in missions})
    if not pks:
        return
    _lock()
    known = expressions()
    for chunk in _chunks(pks, _TOGETHER):
        _reindex(chunk, known)


@transaction.atomic
def forget(missions: Iterable[Mission]) -> None:
    """Take these missions out of the index, before they are deleted."""
    pks = sorted({mission.pk for mission in missions})
    if pks:
        _lock()
        for chunk in _chunks(pks, _TOGETHER):
            _write(_known_words(chunk), _Coming())
            _write_facets(chunk, [])
            SearchDocument.objects.filter(mission__in=chunk).delete()
            SearchResult.objects.filter(mission__in=chunk).delete()


@transaction.atomic
def rebuild() -> int:
    """The whole index anew: the number of missions read."""
    _lock()
    for model in (SearchPosting, SearchTerm, SearchFacetPosting, SearchFacetValue, SearchDocument, SearchResult):
        model.objects.all().delete()
    missions = Mission.objects.order_by("pk").only("pk")
    reindex(missions)
    return len(missions)


def reindex_expressions(texts_of_group: Iterable[str]) -> None:
    """Reindex the missions that may hold one of these synonyms: those of several words have postings of their own."""
    concerned: set[int] = set()
    for text in texts_of_group:
        stems = stems_of(text)
        if len(stems) > 1:
            holding = Q()
            for stem in stems:
                holding &= Q(stems__contains=f" {stem} ")
            concerned.update(SearchDocument.objects.filter(holding).values_list("mission", flat=True))
    with transaction.atomic():
        _lock()  # what a query means has changed, even where no mission has
        reindex(Mission(pk=pk) for pk in concerned)


def _lock() -> None:
    """Draw a new token; until the transaction ends no one else writes the index."""
    state, _ = SearchState.objects.select_for_update().get_or_create(pk=1)
    state.token = secrets.token_hex(8)
    state.save()


def expressions() -> Expressions:
    """The synonyms of several words: each has postings of its own."""
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for _, text in members():
        stems = stems_of(text)
        if len(stems) > 1 and stems not in found[stems[0]]:
            found[stems[0]].append(stems)
    return found


def read(pks: list[int], known: Expressions) -> Iterator[tuple[Mission, Analysed]]:
    """These missions, each with its words. The number of queries is fixed."""
    loaded: Iterable[Any] = Mission.objects.among(pks).for_search().order_by("pk")
    for mission in loaded:
        yield mission, analyse(texts(mission), known)


def hit(pk: int, found: Analysed, word: str) -> Hit:
    """What is written of a word of this mission."""
    entry = found.entries[word]
    return Hit(pk % SEGMENT_SIZE, found.weight(entry), entry.fields, entry.positions)


@dataclass
class _Coming:
    """What missions bring to the index: their hits, and their words."""

    hits: Gathered = field(default_factory=Gathered)
    terms: dict[str, SearchTerm] = field(default_factory=dict)
    public: list[int] = field(default_factory=list)

    def add(self, pk: int, found: Analysed) -> None:
        self.public.append(pk)
        self.hits.add(pk, ((word, hit(pk, found, word)) for word in found.entries))
        for word, entry in found.entries.items():
            if word not in self.terms:
                self.terms[word] = SearchTerm(word=word, stem=entry.stem[:160], display=entry.display)
            if entry.is_acronym:
                self.terms[word].is_acronym = True


def _reindex(pks: list[int], known: Expressions) -> None:
    leaving = _known_words(pks)
    coming = _Coming()
    for chunk in _chunks(pks, BATCH):
        documents, results = [], []
        for mission, found in read(chunk, known):
            document = SearchDocument(mission=mission, is_public=mission.is_published, stems=found.stems)
            document.stopwords = b""
            if document.is_public:
                document.words = "\n".join(found.entries)
                document.stopwords = pack(found.stopwords)
                coming.add(mission.pk, found)
                results.append(written(mission))
            documents.append(document)
        SearchDocument.objects.filter(mission__in=chunk).exclude(mission__in=[d.pk for d in documents]).delete()
        SearchDocument.objects.bulk_create(
            documents,
            update_conflicts=True,
            unique_fields=["mission"],
            update_fields=["is_public", "stems", "words", "stopwords"],
        )
        SearchResult.objects.filter(mission__in=chunk).exclude(mission__in=[r.pk for r in results]).delete()
        SearchResult.objects.bulk_create(
            results, update_conflicts=True, unique_fields=["mission"], update_fields=["schema", "card", "texts"]
        )
    _write(leaving, coming)
    _write_facets(pks, coming.public)


def _known_words(pks: list[int]) -> dict[str, list[int]]:
    """Each word that some of these missions have in the index, with these missions."""
    found: dict[str, list[int]] = defaultdict(list)
    rows = SearchDocument.objects.filter(mission__in=pks, is_public=True).values_list("mission", "words")
    for pk, words in rows.iterator():
        for word in words.split("\n") if words else ():
            found[word].append(pk)
    return found


def _write(leaving: dict[str, list[int]], coming: _Coming) -> None:
    """Take the leaving words of missions out of the postings, and put the coming ones in."""
    for word, df in coming.hits.frequency().items():
        coming.terms[word].df = df
    terms = _write_terms(leaving, coming.terms)
    gone: dict[tuple[int, int], list[int]] = defaultdict(list)
    for word, pks in leaving.items():
        for pk in pks if word in terms else ():
            gone[terms[word].pk, pk // SEGMENT_SIZE].append(pk % SEGMENT_SIZE)
    fresh = {(terms[word].pk, segment): block for word, segment, block in coming.hits.blocks()}
    for chunk in _chunks(list({**gone, **fresh}), _IN):
        _write_postings({key: (gone.get(key, []), fresh.get(key)) for key in chunk})
    for chunk in _chunks([term.pk for term in terms.values() if not term.df], _IN):
        SearchTerm.objects.filter(pk__in=chunk).delete()


def _write_terms(leaving: dict[str, list[int]], coming: dict[str, SearchTerm]) -> dict[str, SearchTerm]:
    """Each word, with how many missions have it now."""
    words = list({**leaving, **coming})
    known: dict[str, SearchTerm] = {}
    for chunk in _chunks(words, _IN):
        known.update((term.word, term) for term in SearchTerm.objects.filter(word__in=chunk))
    new = [term for word, term in coming.items() if word not in known]
    changed = []
    for word, term in known.items():
        brought = coming.get(word)
        # frequencies are compared, never trusted: a fault is found by check_search, not turned into a crash
        df = max(0, term.df + (brought.df if brought else 0) - len(leaving.get(word, ())))
        is_acronym = term.is_acronym or bool(brought and brought.is_acronym)
        if (df, is_acronym) != (term.df, term.is_acronym):
            term.df, term.is_acronym = df, is_acronym
            changed.append(term)
    SearchTerm.objects.bulk_create(new)
    SearchTerm.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["id"], update_fields=["df", "is_acronym"]
    )
    return {**known, **{term.word: term for term in new}}


def _write_postings(changes: dict[tuple[int, int], tuple[list[int], Block | None]]) -> None:
    """By word and segment: the ranks that leave, and the hits that come."""
    terms, segments = ({key[rank] for key in changes} for rank in (0, 1))
    there = SearchPosting.objects.filter(term__in=terms, segment__in=segments)
    known = {(row.term_id, row.segment): row for row in there}
    rows, gone = [], []
    for key, (leaving, coming) in changes.items():
        old = known.get(key)
        block = Block.read(old) if old else Block.of([])
        if leaving:
            block = block.without(leaving)
        if coming:
            block = block.merged(coming)
        if len(block.docs):
            row = block.row(*key)
            if old is None or any(bytes(getattr(old, name)) != getattr(row, name) for name in COLUMNS):
                rows.append(row)
        elif old:
            gone.append(old.pk)
    SearchPosting.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["term", "segment"], update_fields=COLUMNS
    )
    SearchPosting.objects.filter(pk__in=gone).delete()


def _write_facets(pks: list[int], public: list[int]) -> None:
    """The values of the public missions among these; the others have none."""
    leaving = _bits(pks)
    coming: dict[tuple[str, str], dict[int, int]] = {}
    options: dict[tuple[str, str], Option] = {}
    for parameter, facet in FACETS.items():
        index = index_missions(facet, Mission.objects.filter(pk__in=public))
        for value, option in index.options.items():
            options[parameter, value] = option
            coming[parameter, value] = _bits(index.members[value])
    values = _facet_values(options)
    known = {(row.value_id, row.segment): row for row in SearchFacetPosting.objects.filter(segment__in=list(leaving))}
    named = {values[key]: key for key in coming}
    rows, gone = [], []
    for value_id, segment in {*known, *((values[k], s) for k, by_segment in coming.items() for s in by_segment)}:
        row = known.get((value_id, segment))
        members = int.from_bytes(row.members, "little") if row else 0
        members &= ~leaving[segment]
        if value_id in named:
            members |= coming[named[value_id]].get(segment, 0)
        if members:
            packed = members.to_bytes(SEGMENT_SIZE // 8, "little")
            if row is None or bytes(row.members) != packed:
                rows.append(SearchFacetPosting(value_id=value_id, segment=segment, members=packed))
        elif row:
            gone.append(row.pk)
    SearchFacetPosting.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["value", "segment"], update_fields=["members"]
    )
    SearchFacetPosting.objects.filter(pk__in=gone).delete()
    SearchFacetValue.objects.filter(postings=None).delete()


def _bits(pks: Iterable[int]) -> dict[int, int]:
    """These missions as one bit each, by segment."""
    found: dict[int, int] = defaultdict(int)
    for pk in pks:
        segment, doc = divmod(pk, SEGMENT_SIZE)
        found[segment] |= 1 << doc
    return found


def _facet_values(options: dict[tuple[str, str], Option]) -> dict[tuple[str, str], int]:
    """The number of each value; new ones are created, labels follow their things."""
    SearchFacetValue.objects.bulk_create(
        (
            SearchFacetValue(
                parameter=parameter,
                value=value,
                label=option.label,
                rank=option.rank,
                color_key=option.color_key,
            )
            for (parameter, value), option in options.items()
        ),
        update_conflicts=True,
        unique_fields=["parameter", "value"],
        update_fields=["label", "rank", "color_key"],
    )
    return {(row.parameter, row.value): row.pk for row in SearchFacetValue.objects.all()}


def _chunks(values: Sequence[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(values), size):
        yield list(values[start : start + size])
