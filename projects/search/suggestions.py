"""Suggestions while typing: missions, methods, places, themes and words, the last word being unfinished."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from casebook.text import collapse, printable
from people.models import Collectivity
from projects.models import Domain, Method, Mission, SearchTerm, Theme
from projects.models.mission import published
from projects.search.engine import Answer, search
from projects.search.memory import Memory
from projects.search.words import STOPWORDS, units

MOST = 10
_SHARES = {"mission": 5, "method": 2, "collectivity": 2, "theme": 2, "query": 3}
MIN_LENGTH = 2
CONSIDERED = 15  # the missions found first, among which those whose name was typed go before


@dataclass(frozen=True)
class Suggestion:
    kind: str
    label: str
    url: str
    mission: Mission | None = None
    typed: tuple[tuple[int, int], ...] = ()  # the places of the label that were typed

    def as_json(self) -> dict[str, Any]:
        row: dict[str, Any] = {"kind": self.kind, "label": self.label, "url": self.url, "typed": self.typed}
        if self.mission:
            row["number"] = self.mission.number
            row["edition"] = self.mission.edition.slug if self.mission.edition else None
            row["collectivities"] = [place.display_name for place in self.mission.collectivity_list]
        return row


def suggestions(text: str) -> list[Suggestion]:
    """Best first within each kind, at most MOST. The number of queries is fixed."""
    text = printable(text[:200])  # an address takes no lone surrogate
    words = [part for unit in units(text) for part in unit.parts]
    if sum(map(len, words)) < MIN_LENGTH:
        return []
    by_kind = {kind: [] for kind in _SHARES}  # type: dict[str, list[Suggestion]]
    answer = search(text, unfinished=True)
    by_kind["mission"] = _missions(answer, words)
    for name in _names(words[-1], answer.memory):
        if _begins(name.words, words):
            by_kind[name.kind].append(Suggestion(name.kind, name.label, name.url))
    by_kind["query"] = list(_words(text, words))
    found = [each for kind, share in _SHARES.items() for each in by_kind[kind][:share]]
    return [replace(each, typed=_typed(each.label, words)) for each in found[:MOST]]


def _typed(label: str, words: list[str]) -> tuple[tuple[int, int], ...]:
    """Where a word of the label begins as one that was typed, whatever the accents: from its first letter on."""
    telling = [word for word in words[:-1] if word not in STOPWORDS] + words[-1:]
    found = []
    for unit in units(label):
        spans = unit.spans or ((unit.start, unit.end),)
        for part, (start, end) in zip(unit.parts, spans, strict=True):
            if begun := max((word for word in telling if part.startswith(word)), key=len, default=""):
                found.append((start, start + len(begun) if len(part) == end - start else end))
    return tuple(found)


def _missions(answer: Answer, words: list[str]) -> list[Suggestion]:
    if answer.hits is None:
        return []
    pks = [int(pk) for pk in answer.best_first(answer.hits)[:CONSIDERED]]
    missions = Mission.objects.published().for_lines().in_bulk(pks)
    pks = sorted((pk for pk in pks if pk in missions), key=lambda pk: not _is_named(missions[pk], words))
    return [
        Suggestion("mission", missions[pk].title, missions[pk].get_absolute_url(), missions[pk])
        for pk in pks[: _SHARES["mission"]]
    ]


def _is_named(mission: Mission, words: list[str]) -> bool:
    """Whether the words typed stand in this order in its title or in the name of a collectivity, the last one begun."""
    for name in (mission.title, *(place.display_name for place in mission.collectivity_list)):
        own = [part for unit in units(name) for part in unit.parts]
        for start in range(len(own) - len(words) + 1):
            *whole, last = own[start : start + len(words)]
            if whole == words[:-1] and last.startswith(words[-1]):
                return True
    return False


@dataclass(frozen=True)
class Name:
    """Something with a page of its own, and the words that it is found by."""

    kind: str
    label: str
    url: str
    words: tuple[str, ...]


def _names(start: str, memory: Memory) -> list[Name]:
    """Those with a word that begins so, in their order."""
    names: list[Name]
    by_word: list[tuple[str, int]]
    names, by_word = memory.remember("names", _read_by_word)
    first, last = bisect_left(by_word, (start, 0)), bisect_left(by_word, (f"{start}\U0010ffff", 0))
    return [names[rank] for rank in sorted({rank for _, rank in by_word[first:last]})]


def _read_by_word() -> tuple[list[Name], list[tuple[str, int]]]:
    names = list(_read_names())
    return names, sorted((word, rank) for rank, name in enumerate(names) for word in name.words)


def _read_names() -> Iterator[Name]:
    for method in Method.objects.most_used():
        yield Name("method", method.name, method.get_absolute_url(), _split(" ".join([method.name, *method.synonyms])))
    used = Collectivity.objects.filter(published("missions__")).distinct().order_by("display_name", "pk")
    for place in used:
        yield Name("collectivity", place.display_name, place.get_absolute_url(), _split(place.display_name))
    for theme in Theme.objects.in_use():
        yield Name("theme", theme.name, theme.get_absolute_url(), _split(theme.name))
    for domain in Domain.objects.in_use():
        url = f"{reverse('mission_list')}?{urlencode({'domaine': domain.slug})}"
        yield Name("theme", domain.name, url, _split(domain.name))


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for unit in units(text) for part in (*unit.parts, unit.joined) if part)


def _begins(name: tuple[str, ...], words: list[str]) -> bool:
    """Every word typed begins a word of the name."""
    telling = [word for word in words[:-1] if word not in STOPWORDS] + words[-1:]
    return all(any(own.startswith(word) for own in name) for word in telling)


def _words(text: str, words: list[str]) -> Iterator[Suggestion]:
    """The query with its last word finished, by the words that most missions have."""
    last = words[-1]
    if not text[-1:].isalnum() or len(last) < MIN_LENGTH:
        return
    *_, unit = units(text)
    start = unit.spans[-1][0] if unit.spans else unit.start
    before = f"{collapse(text[:start])}{' ' * text[:start][-1:].isspace()}".lstrip()
    terms = SearchTerm.objects.filter(word__begins=last).exclude(word__contains=" ").order_by("-df", "word")
    for display in terms.values_list("display", flat=True)[: 2 * _SHARES["query"]]:
        label = f"{before}{display}"
        if label.casefold() != collapse(text).casefold():
            yield Suggestion("query", label, f"{reverse('mission_list')}?{urlencode({'q': label})}")
