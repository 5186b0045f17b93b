"""The selection: what a reader asked of the catalogue, and which missions answer, in which order.

Every output (the list page, the search command) starts from it, so that their counts cannot differ. It renders nothing.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.core.paginator import Page, Paginator

from casebook.text import NBSP, NNBSP, collapse, fold, french_list, plural
from projects import search
from projects.facets import FACETS, Chosen, Facet, FacetCount, FacetIndex, count_facets, index_missions, narrowed
from projects.models import Mission
from projects.models.mission import MissionQuerySet

PAGE_SIZE = 10
ECHO_LENGTH = 80
_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

SORTS = {
    "pertinence": "Pertinence",
    "recueil": "Ordre du recueil",
    "ancien": "Recueil le plus ancien",
    "titre": "Titre, de A à Z",
}


@dataclass(frozen=True)
class Pill:
    """An active filter and the address without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True)
class Result:
    """A mission of the page, with the passages that explain why it was found."""

    mission: Mission
    passages: list[search.Passage]


class LenientText(forms.Field):
    """Any text whatever, as it came."""

    def to_python(self, value: Any) -> str:
        return str(value or "")


class LenientList(forms.Field):
    """Every value given, in order, repeated ones too: `Selection` knows which of them mean something."""

    widget = forms.SelectMultiple

    def to_python(self, value: Any) -> list[str]:
        values = [value] if isinstance(value, str) else value or []
        return [text for text in map(str, values) if text]


class TextFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = LenientText


class FacetFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = LenientList

    def __init__(self, parameter: str) -> None:
        super().__init__(label=FACETS[parameter].label)


class Selection(django_filters.FilterSet):  # type: ignore[misc]
    """The published missions that a query string asks for. `notices` say, in French, what could not be obeyed."""

    q = TextFilter(label="Recherche")
    theme = FacetFilter("theme")
    domaine = FacetFilter("domaine")
    methode = FacetFilter("methode")
    type = FacetFilter("type")
    taille = FacetFilter("taille")
    region = FacetFilter("region")
    recueil = FacetFilter("recueil")
    tri = TextFilter(label="Trier par")
    page = TextFilter(label="Page")

    class Meta:
        model = Mission
        fields: list[str] = []

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data or {}, queryset=Mission.objects.published())
        self.form.is_valid()
        asked = self.form.cleaned_data
        self.answer = search.search(self.queryset, asked["q"])
        self.notices = [*_repeated(self.data, ("q", "tri", "page")), *self.answer.notices]
        self._indexes: dict[str, FacetIndex] = {}
        self.chosen = {facet.parameter: self._known(facet, asked[facet.parameter]) for facet in FACETS.values()}
        self.sort = self._known_sort(asked["tri"])
        self.current = self._known_page(asked["page"])

    # What was asked

    @property
    def query(self) -> str:
        """The words searched, as typed; empty when the query holds no word."""
        return "" if self.answer.ids is None else showable(self.answer.query)

    @property
    def is_filtered(self) -> bool:
        return any(self.chosen.values())

    @property
    def filter_count(self) -> int:
        return sum(map(len, self.chosen.values()))

    def _known(self, facet: Facet, asked: list[str]) -> list[str]:
        """The values that some published mission has, each once; each of the others is dropped alone and said."""
        if not asked:
            return []
        options = self._index(facet).options
        once = list(dict.fromkeys(asked))
        unknown = [value for value in once if value not in options]
        repeated = [value for value in once if value in options and asked.count(value) > 1]
        if unknown:
            self.notices.append(
                f"{facet.label}{NBSP}: {_quoted_list(unknown)} ne correspond{'ent' if len(unknown) > 1 else ''} à "
                f"aucune mission publiée et {'ont' if len(unknown) > 1 else 'a'} été ignoré{'s' * (len(unknown) > 1)}."
            )
        if repeated:
            labels = [options[value].label for value in repeated]
            self.notices.append(f"{facet.label}{NBSP}: {_quoted_list(labels)} n’a été compté qu’une fois.")
        return [value for value in once if value in options]

    def _known_sort(self, asked: str) -> str:
        if asked and asked not in SORTS:
            self.notices.append(f"Le tri {quoted(asked)} n’existe pas{NBSP}: il a été ignoré.")
        return asked if asked in dict(self.sort_options) else self.default_sort

    def _known_page(self, asked: str) -> "Page[int]":
        last = self.paginator.num_pages
        try:
            number = int(asked or 1)
        except ValueError:
            number = 0
        if number < 1:
            self.notices.append(f"La page {quoted(asked)} n’existe pas{NBSP}: voici la première.")
        elif number > last:
            which = f"la dernière, la page {last}" if last > 1 else "la seule"
            self.notices.append(f"La page {_shortened(asked)} n’existe pas{NBSP}: voici {which}.")
        return self.paginator.get_page(min(max(number, 1), last))

    @property
    def default_sort(self) -> str:
        return "pertinence" if self.query else "recueil"

    @property
    def sort_options(self) -> list[tuple[str, str]]:
        """(value, label) of the orders that make sense: relevance only with words."""
        return [(value, label) for value, label in SORTS.items() if self.query or value != "pertinence"]

    # Which missions answer

    def _index(self, facet: Facet) -> FacetIndex:
        if facet.parameter not in self._indexes:
            self._indexes[facet.parameter] = index_missions(facet, self.queryset)
        return self._indexes[facet.parameter]

    @property
    def indexes(self) -> dict[str, FacetIndex]:
        """Who has what, for every facet: one query each, once."""
        return {facet.parameter: self._index(facet) for facet in FACETS.values()}

    @cached_property
    def _keys(self) -> dict[int, Any]:
        return {row.pk: row for row in self.queryset.sort_keys()}

    @cached_property
    def found(self) -> set[int]:
        """What the words find, before any filter."""
        return set(self._keys if self.answer.ids is None else self.answer.ids)

    @cached_property
    def ids(self) -> list[int]:
        """Every mission of the selection, in order."""
        kept = narrowed(self.found, self._indexes, self.chosen)
        if self.sort == "pertinence":
            return [pk for pk in self.answer.ids or [] if pk in kept]
        return sorted(kept, key=lambda pk: _ORDERS[self.sort](self._keys[pk]))

    @property
    def count(self) -> int:
        return len(self.ids)

    def filter_queryset(self, queryset: MissionQuerySet) -> MissionQuerySet:
        """Behind `qs`: the same missions, for those who need a queryset and no order."""
        return queryset.filter(pk__in=self.ids)

    @cached_property
    def paginator(self) -> "Paginator[int]":
        return Paginator(self.ids, PAGE_SIZE)

    @cached_property
    def results(self) -> list[Result]:
        """The missions of the current page."""
        return self.results_of(list(self.current.object_list))

    def results_of(self, ids: list[int]) -> list[Result]:
        """These missions, in this order, with one or two passages each when words were searched."""
        words = search.query_words(self.query)
        cards = self.queryset.for_cards()
        missions = (cards.with_text() if words else cards).in_bulk(ids)
        return [Result(missions[pk], search.passages(missions[pk], words)) for pk in ids]

    @cached_property
    def facets(self) -> list[FacetCount]:
        return count_facets(self.indexes, self.chosen, self.found, self.toggle_url)

    # How it is told

    @property
    def heading(self) -> str:
        """« 7 missions pour « ateliers » », « 1 mission », « Aucune mission … avec ces filtres »."""
        words = [plural(self.count, "mission") if self.count else "Aucune mission"]
        if self.query:
            words.append(f"pour {quoted(self.query)}")
        if not self.count and self.is_filtered:
            words.append("avec ces filtres")
        return " ".join(words)

    @property
    def pills(self) -> list[Pill]:
        return [
            Pill(facet.label, self._index(facet).options[value].label, self.toggle_url(facet.parameter, value))
            for facet in FACETS.values()
            for value in self.chosen[facet.parameter]
        ]

    # Addresses, all relative to the page: `?theme=…`

    def url(self, *, chosen: Chosen | None = None, query: str | None = None) -> str:
        """The address of this selection, or of another one in the same order, at its first page."""
        return f"?{self._parameters(self.chosen if chosen is None else chosen, self.query if query is None else query)}"

    def toggle_url(self, parameter: str, value: str) -> str:
        now = self.chosen[parameter]
        then = [kept for kept in now if kept != value] if value in now else [*now, value]
        return self.url(chosen={**self.chosen, parameter: then})

    @property
    def clear_url(self) -> str:
        return self.url(chosen={})

    @property
    def page_query(self) -> str:
        """The parameters that a page number follows, with their « & »."""
        parameters = self._parameters(self.chosen, self.query)
        return f"{parameters}&" if parameters else ""

    def _parameters(self, chosen: Chosen, query: str) -> str:
        pairs = [("q", query)] if query else []
        pairs += [(parameter, value) for parameter in FACETS for value in chosen.get(parameter, [])]
        if self.sort != self.default_sort and not (self.sort == "pertinence" and not query):
            pairs.append(("tri", self.sort))
        return urlencode(pairs)


def _by_edition(row: Any) -> tuple[Any, ...]:
    """Latest book first, then the printed number; what has no edition or no number comes last."""
    year = row.edition__slug
    return year is None, -int(year or 0), row.number is None, row.number or 0, row.pk


def _oldest_first(row: Any) -> tuple[Any, ...]:
    year = row.edition__slug
    return year is None, int(year or 0), *_by_edition(row)[2:]


def _by_title(row: Any) -> tuple[Any, ...]:
    return fold(row.title), *_by_edition(row)


_ORDERS: dict[str, Callable[[Any], tuple[Any, ...]]] = {
    "recueil": _by_edition,
    "ancien": _oldest_first,
    "titre": _by_title,
}


def showable(text: str) -> str:
    """The text on one line, without the control characters and lone surrogates that no page can hold."""
    return collapse(_UNSHOWABLE.sub(" ", text))


def quoted(text: str) -> str:
    return f"«{NBSP}{_shortened(text)}{NBSP}»"


def _shortened(text: str) -> str:
    text = showable(text)
    return text if len(text) <= ECHO_LENGTH else f"{text[:ECHO_LENGTH].rstrip()}…"


def _quoted_list(texts: list[str]) -> str:
    """The first three texts in quotes, and how many others."""
    others = len(texts) - 3
    told = [quoted(text) for text in texts[:3]]
    return french_list([*told, plural(others, "autre valeur", "autres valeurs")] if others > 0 else told)


def _repeated(data: Mapping[str, Any], parameters: Iterable[str]) -> list[str]:
    """Notices for the parameters that take one value and were given several: Django keeps the last."""
    values = getattr(data, "getlist", None)
    names = {"q": "recherches", "tri": "tris", "page": "pages"}
    return [
        f"L’adresse demande plusieurs {names[parameter]}{NNBSP}; seule la dernière valeur compte."
        for parameter in parameters
        if values and len(values(parameter)) > 1
    ]
