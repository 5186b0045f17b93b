"""The selection: what a reader asked of the catalogue, and which missions answer, in which order.

Every output (the list page, the search command) starts from it, so that their counts cannot differ. It renders nothing.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.core.paginator import Page, Paginator

from casebook.text import NBSP, NNBSP, collapse, french_list, plural
from projects import search
from projects.cards import Listed
from projects.facets import FACETS, Chosen, Facet, FacetCount, FacetValue, count_facets, narrowed
from projects.models import Mission, Section
from projects.models.mission import MissionQuerySet
from projects.search.document import FIELDS
from projects.search.memory import Memory
from projects.search.postings import Array

PAGE_SIZE = 10
ECHO_LENGTH = 80
_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

SORTS = {
    "pertinence": "Pertinence",
    "recueil": "Ordre du recueil",
    "ancien": "Recueil le plus ancien",
    "titre": "Titre, de A à Z",
}


WITHIN_LABEL = "Chercher dans"
# (kind of section, value of the parameter `dans`, label)
WITHIN = [(str(kind), kind.value.replace("_", "-"), str(kind.label)) for kind in Section.Kind]


@dataclass(frozen=True)
class Pill:
    """An active filter and the address without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True)
class Result:
    """A mission of the page, with the passages that explain why it was found, and their reference."""

    mission: Listed
    reference: str
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


class WithinFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = LenientList


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
    dans = WithinFilter(label=WITHIN_LABEL)
    litteral = TextFilter(label="Sans correction")
    tri = TextFilter(label="Trier par")
    page = TextFilter(label="Page")

    class Meta:
        model = Mission
        fields: list[str] = []

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        # not `super().__init__`: it copies every filter and makes a class of forms for each request
        self.data = data if data is not None else {}
        self.is_bound, self.form_prefix = True, None
        self.queryset = Mission.objects.published()
        self.filters = self.base_filters
        asked = self._asked()
        self.notices = _repeated(self.data, ("q", "tri", "page"))
        self.within = self._known_within(asked["dans"])
        self.literal = asked["litteral"] == "1"
        self.answer = search.search(asked["q"], literal=self.literal, within=self.within_bits)
        self.notices += self.answer.notices
        self.chosen = {facet.parameter: self._known(facet, asked[facet.parameter]) for facet in FACETS.values()}
        self.sort = self._known_sort(asked["tri"])
        self.current = self._known_page(asked["page"])

    # What was asked

    def _asked(self) -> dict[str, Any]:
        """The value of each parameter, as its field reads it: none refuses anything."""
        fields = {name: each.field for name, each in self.filters.items()}
        return {
            name: field.clean(field.widget.value_from_datadict(self.data, {}, name)) for name, field in fields.items()
        }

    @property
    def query(self) -> str:
        """The words searched, as typed; empty when the query holds no word."""
        return "" if self.answer.hits is None else showable(self.answer.query)

    @property
    def memory(self) -> Memory:
        return self.answer.memory

    @property
    def corrected(self) -> str:
        """What was searched instead of a query with a typing error; else empty."""
        return showable(self.answer.corrected)

    @property
    def literal_url(self) -> str:
        """The same selection, searched as it was typed."""
        return self.url(literal=True)

    @property
    def is_literal(self) -> bool:
        return self.literal and bool(self.query)

    @property
    def is_filtered(self) -> bool:
        return self.filter_count > 0

    @property
    def filter_count(self) -> int:
        return sum(map(len, self.chosen.values())) + (len(self.within) if self.query else 0)

    def _known(self, facet: Facet, asked: list[str]) -> list[str]:
        """The values that some published mission has, each once; each of the others is dropped alone and said."""
        if not asked:
            return []
        options = self.memory.values.get(facet.parameter, {})
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

    def _known_within(self, asked: list[str]) -> list[str]:
        """The kinds of section to search in; an unknown one is dropped alone and said."""
        kinds = {value: kind for kind, value, _ in WITHIN}
        if unknown := [value for value in dict.fromkeys(asked) if value not in kinds]:
            self.notices.append(
                f"{WITHIN_LABEL}{NBSP}: {_quoted_list(unknown)} n’est pas une rubrique et a été ignoré."
                if len(unknown) == 1
                else f"{WITHIN_LABEL}{NBSP}: {_quoted_list(unknown)} ne sont pas des rubriques et ont été ignorés."
            )
        return [kinds[value] for value in dict.fromkeys(asked) if value in kinds]

    @property
    def within_bits(self) -> int:
        """The fields searched, 0 for all of them."""
        return sum(FIELDS[kind].bit for kind in self.within)

    @cached_property
    def within_count(self) -> FacetCount:
        """The kinds of section, each with how many missions are found in it alone under the facets chosen."""
        among = narrowed(self.memory, self.memory.public, self.chosen)
        counts = self.answer.counts_in({kind: FIELDS[kind].bit for kind, _, _ in WITHIN}, among)
        values = [FacetValue(value, label, counts[kind], kind in self.within) for kind, value, label in WITHIN]
        return FacetCount("dans", WITHIN_LABEL, values)

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

    @cached_property
    def kept(self) -> Array:
        """The missions of the selection: one boolean per mission number."""
        return narrowed(self.memory, self.answer.found, self.chosen)

    @cached_property
    def count(self) -> int:
        return int(self.kept.sum())

    @cached_property
    def ordered(self) -> Array:
        """The numbers of all its missions, in order."""
        if self.sort == "pertinence":
            return self.answer.best_first(self.kept)
        order = self.memory.order(self.sort)
        return order[self.kept[order]]

    @property
    def ids(self) -> list[int]:
        return [int(pk) for pk in self.ordered]

    def filter_queryset(self, queryset: MissionQuerySet) -> MissionQuerySet:
        """Behind `qs`: the same missions, for those who need a queryset and no order."""
        return queryset.filter(pk__in=self.ids)

    @cached_property
    def paginator(self) -> "Paginator[int]":
        return Paginator(self.ordered, PAGE_SIZE)

    @cached_property
    def results(self) -> list[Result]:
        """The missions of the current page."""
        return self.results_of([int(pk) for pk in self.current.object_list])

    def results_of(self, ids: list[int]) -> list[Result]:
        """These missions, in this order, with the passages that hold the words searched."""
        marks = search.Marks.of(self.answer.marks, self.answer.phrases)
        told = search.tell(ids, with_texts=bool(marks))
        # a mission unpublished since the index was read is not there any more
        return [
            Result(told[pk].mission, told[pk].reference, search.passages(told[pk], marks, fields=fields))
            for pk, fields in zip(ids, self.answer.fields_of(ids), strict=True)
            if pk in told
        ]

    @cached_property
    def facets(self) -> list[FacetCount]:
        return count_facets(self.memory, self.chosen, self.answer.found)

    # How it is told

    @property
    def heading(self) -> str:
        """« 7 missions pour « ateliers » », « 1 mission », « Aucune mission … avec ces filtres »."""
        words = [plural(self.count, "mission") if self.count else "Aucune mission"]
        if self.query:
            words.append(f"pour {quoted(self.corrected or self.query)}")
        if not self.count and self.is_filtered:
            words.append("avec ces filtres")
        return " ".join(words)

    @property
    def pills(self) -> list[Pill]:
        pills = [
            Pill(facet.label, self.memory.values[facet.parameter][value].label, self.toggle_url(facet.parameter, value))
            for facet in FACETS.values()
            for value in self.chosen[facet.parameter]
        ]
        if self.query:
            pills += [
                Pill(WITHIN_LABEL, label, self.url(within=[other for other in self.within if other != kind]))
                for kind, _, label in WITHIN
                if kind in self.within
            ]
        if self.is_literal:
            pills.append(Pill("Orthographe", "sans correction", self.url(literal=False)))
        return pills

    # Addresses, all relative to the page: `?theme=…`

    def url(
        self,
        *,
        chosen: Chosen | None = None,
        query: str | None = None,
        within: list[str] | None = None,
        literal: bool | None = None,
    ) -> str:
        """The address of this selection, or of another one in the same order, at its first page."""
        is_same_query = query is None or query == self.query
        return "?" + self._parameters(
            self.chosen if chosen is None else chosen,
            self.query if query is None else query,
            self.within if within is None else within,
            is_same_query and (self.is_literal if literal is None else literal),
        )

    def toggle_url(self, parameter: str, value: str) -> str:
        now = self.chosen[parameter]
        then = [kept for kept in now if kept != value] if value in now else [*now, value]
        return self.url(chosen={**self.chosen, parameter: then})

    @property
    def clear_url(self) -> str:
        return self.url(chosen={}, within=[], literal=False)

    @property
    def page_query(self) -> str:
        """The parameters that a page number follows, with their « & »."""
        parameters = self.url().removeprefix("?")
        return f"{parameters}&" if parameters else ""

    def _parameters(self, chosen: Chosen, query: str, within: list[str], literal: bool) -> str:
        pairs = [("q", query)] if query else []
        pairs += [(parameter, value) for parameter in FACETS for value in chosen.get(parameter, [])]
        pairs += [("dans", value) for kind, value, _ in WITHIN if kind in within and query]
        pairs += [("litteral", "1")] if literal and query else []
        if self.sort != self.default_sort and not (self.sort == "pertinence" and not query):
            pairs.append(("tri", self.sort))
        return urlencode(pairs)


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
