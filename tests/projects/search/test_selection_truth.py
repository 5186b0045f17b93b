"""Random catalogues and random selections: list, counts and JSON are those that plain Python works out alone."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from people.models import Collectivity
from projects import search
from projects.models import MethodUse, Mission, MissionCollectivity, Section
from projects.models.mission import State
from projects.search.checking import check
from projects.selection import PAGE_SIZE, Selection
from projects.selection import WITHIN as KINDS
from tests.factories import make_domain, make_edition, make_method, make_region, make_theme

pytestmark = pytest.mark.django_db

WORDS = ("verger", "tramway", "piscine", "orchestre")
# (kind, legal form, population, région) → the values of the facets
PLACES: dict[tuple[str, str, int | None, str], dict[str, str]] = {
    ("commune", "", 8_000, "Bretagne"): {"type": "commune", "taille": "moins-de-10000", "region": "bretagne"},
    ("commune", "", 60_000, "Corse"): {"type": "commune", "taille": "50000-a-200000", "region": "corse"},
    ("epci", "metropole", 900_000, "Corse"): {"type": "metropole", "taille": "200000-a-1000000", "region": "corse"},
    ("epci", "CC", 8_000, "Bretagne"): {
        "type": "communaute-de-communes",
        "taille": "moins-de-10000",
        "region": "bretagne",
    },
    ("departement", "", None, "Bretagne"): {"type": "departement", "region": "bretagne"},
    ("statut-particulier", "", 2_000_000, ""): {"type": "statut-particulier", "taille": "plus-de-1000000"},
}
THEMES, DOMAINS, METHODS = ("theme-a", "theme-b", "theme-c"), ("dom-a", "dom-b", "dom-c"), ("met-a", "met-b", "met-c")
EDITIONS = (2019, 2021, None)
PARTS = {"words": Section.Kind.CONTEXTE, "keys": Section.Kind.CLES_POUR_AGIR}
WITHIN = {"contexte": ["words"], "cles-pour-agir": ["keys"]}  # the parts that a value of `dans` looks in


def some(values: Any, most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(list(values)), max_size=most, unique=True)


missions = st.fixed_dictionaries(
    {
        "theme": st.sampled_from([*THEMES, None]),
        "domains": some(DOMAINS),
        "methods": some(METHODS),
        "proposed": some(METHODS),
        "places": some(PLACES, 2),
        "edition": st.sampled_from(EDITIONS),
        "words": some(WORDS, 4),
        "keys": some(WORDS, 2),
        "state": st.sampled_from([State.PUBLISHED] * 4 + [State.DRAFT, State.ARCHIVED]),
    }
)
queries = st.one_of(
    st.just(""),
    st.just("?!"),
    some(WORDS, 3).map(lambda words: " ".join(words)),
    st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS)).map(lambda pair: f"{pair[0]} OU {pair[1]}"),
    st.tuples(some(WORDS, 2), st.sampled_from(WORDS)).map(lambda pair: " ".join([*pair[0], f"-{pair[1]}"])),
)
selections = st.fixed_dictionaries(
    {"q": queries},
    optional={
        "theme": some([*THEMES, "inconnu-ici"]),
        "domaine": some([*DOMAINS, "\x00"]),
        "methode": some([*METHODS, "autre"]),
        "type": some(["commune", "metropole", "communaute-de-communes", "departement", "region"]),
        "taille": some(["moins-de-10000", "50000-a-200000", "plus-de-1000000", "geante"]),
        "region": some(["bretagne", "corse", "grand-est"]),
        "recueil": some(["2019", "2021", "inconnu", "2035"]),
        "dans": some(["contexte", "cles-pour-agir", "zoom", "ailleurs"]),
    },
)


# The catalogue, written for good


@contextmanager
def catalogue(specs: list[dict[str, Any]]) -> Iterator[list[int]]:
    """The numbers of the missions, in order; everything goes at the end."""
    with suppress(_Over), transaction.atomic():
        yield _write(specs)
        raise _Over


class _Over(Exception):
    pass


def _write(specs: list[dict[str, Any]]) -> list[int]:
    themes = {name: make_theme(name, rank) for rank, name in enumerate(THEMES)}
    domains, methods = {name: make_domain(name) for name in DOMAINS}, {name: make_method(name) for name in METHODS}
    regions = {"Bretagne": make_region("Bretagne", "53"), "Corse": make_region("Corse", "94")}
    places = {
        key: Collectivity.objects.create(
            kind=key[0],
            epci_type=key[1],
            population=key[2],
            region=regions.get(key[3]),
            display_name=f"Lieu {rank}",
            official_name=f"Lieu {rank}",
            slug=f"lieu-{rank}",
        )
        for rank, key in enumerate(PLACES)
    }
    pks = []
    for rank, spec in enumerate(specs):
        mission = Mission.objects.create(
            title=f"Fiche {rank}",
            slug=f"fiche-{rank}",
            number=rank,
            edition=make_edition(spec["edition"]) if spec["edition"] else None,
            theme=themes.get(spec["theme"]),
            state=spec["state"],
        )
        mission.domains.set([domains[name] for name in spec["domains"]])
        MissionCollectivity.objects.bulk_create(
            MissionCollectivity(mission=mission, collectivity=places[key], position=place)
            for place, key in enumerate(spec["places"], start=1)
        )
        uses = dict.fromkeys(spec["proposed"], MethodUse.State.PROPOSED)
        uses |= dict.fromkeys(spec["methods"], MethodUse.State.CONFIRMED)
        MethodUse.objects.bulk_create(
            MethodUse(mission=mission, method=methods[name], position=place, state=state, role=MethodUse.Role.USED)
            for place, (name, state) in enumerate(uses.items(), start=1)
        )
        Section.objects.bulk_create(
            Section(mission=mission, kind=kind, body=f"<p>{' '.join(spec[part])}</p>", position=place)
            for place, (part, kind) in enumerate(PARTS.items(), start=1)
        )
        pks.append(mission.pk)
    search.reindex(Mission.objects.filter(pk__in=pks))
    return pks


# The truth, worked out alone


def values_of(spec: dict[str, Any]) -> dict[str, set[str]]:
    places = [PLACES[key] for key in spec["places"]]
    return {
        "theme": {spec["theme"]} - {None},
        "domaine": set(spec["domains"]),
        "methode": set(spec["methods"]),
        "type": {place["type"] for place in places if "type" in place},
        "taille": {place["taille"] for place in places if "taille" in place},
        "region": {place["region"] for place in places if "region" in place},
        "recueil": {str(spec["edition"] or "inconnu")},
    }


def found_by(query: str, specs: dict[int, dict[str, Any]], parts: Iterable[str] = PARTS) -> set[int]:
    """Those with the most of the words asked in these parts, half of them at least, and without those excluded."""
    left = query.replace("?!", "")
    excluded = {word[1:] for word in left.split() if word.startswith("-")}
    left = " ".join(word for word in left.split() if not word.startswith("-"))
    asked = [set(left.split(" OU "))] if " OU " in left else [{word} for word in left.split()]
    allowed = {pk: spec for pk, spec in specs.items() if not excluded & told_in(spec, PARTS)}
    met = {pk: sum(bool(each & told_in(spec, parts)) for each in asked) for pk, spec in allowed.items()}
    best = max(met.values(), default=0)
    if asked and best < max(1, (len(asked) + 1) // 2):
        return set()
    return {pk for pk, count in met.items() if count == best}


def told_in(spec: dict[str, Any], parts: Iterable[str]) -> set[str]:
    return {word for part in parts for word in spec[part]}


def kept_by(specs: dict[int, dict[str, Any]], found: set[int], chosen: dict[str, set[str]], but: str = "") -> set[int]:
    return {
        pk
        for pk in found
        if all(
            values & values_of(specs[pk])[parameter]
            for parameter, values in chosen.items()
            if values and parameter != but
        )
    }


@given(st.lists(missions, min_size=2, max_size=13), st.lists(selections, min_size=3, max_size=5))
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example writes a catalogue: shrinking takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_list_counts_and_json_are_what_plain_python_finds(
    client: Client, specs: list[dict[str, Any]], asked: list[dict[str, Any]]
) -> None:
    with catalogue(specs) as pks:
        assert check().differences == []
        public = {pk: spec for pk, spec in zip(pks, specs, strict=True) if spec["state"] == State.PUBLISHED}
        known: dict[str, set[str]] = {}
        for spec in public.values():
            for parameter, values in values_of(spec).items():
                known.setdefault(parameter, set()).update(values)
        for each in asked:
            _compare(client, each, public, known)


def _compare(
    client: Client, asked: dict[str, Any], public: dict[int, dict[str, Any]], known: dict[str, set[str]]
) -> None:
    address = urlencode(asked, doseq=True)
    chosen = {
        parameter: set(values) & known.get(parameter, set())
        for parameter, values in asked.items()
        if parameter not in {"q", "dans"}
    }
    dans = [value for value in asked.get("dans", []) if value in {*WITHIN, "zoom"}]
    found = found_by(asked["q"], public, [part for value in dans for part in WITHIN.get(value, [])] if dans else PARTS)
    kept = kept_by(public, found, chosen)

    selection = Selection(QueryDict(address))

    assert set(selection.ids) == kept
    assert len(selection.ids) == len(kept) == selection.count == selection.qs.count()
    assert {f.parameter: {v.value: v.count for v in f.values} for f in selection.facets} == {
        parameter: {
            value: sum(value in values_of(public[pk])[parameter] for pk in kept_by(public, found, chosen, parameter))
            for value in values
        }
        for parameter, values in known.items()
        if values
    }
    assert {f.parameter: {v.value for v in f.values if v.selected} for f in selection.facets} == {
        parameter: chosen.get(parameter, set()) for parameter, values in known.items() if values
    }
    if selection.query:
        assert {value.value: value.count for value in selection.within_count.values if value.count} == {
            value: len(count)
            for _, value, _ in KINDS
            if (count := kept_by(public, found_by(asked["q"], public, WITHIN.get(value, [])), chosen))
        }
        assert {value.value for value in selection.within_count.values if value.selected} == set(dans)
    dropped = {n for n, values in asked.items() if n not in {"q", "dans"} and set(values) - known.get(n, set())}
    assert sum("aucune mission publiée" in notice for notice in selection.notices) == len(dropped)
    assert any("n’est pas une rubrique" in notice for notice in selection.notices) == (
        "ailleurs" in asked.get("dans", [])
    )
    if not asked["q"].strip("?!"):
        assert selection.ids == sorted(kept, key=lambda pk: _book_place(public[pk], pk))
    _compare_json(client, address, selection, kept)


def _book_place(spec: dict[str, Any], pk: int) -> tuple[Any, ...]:
    """Latest recueil first, those of none last; then the number, which rises with the missions."""
    return spec["edition"] is None, -(spec["edition"] or 0), pk


def _compare_json(client: Client, address: str, selection: Selection, kept: set[int]) -> None:
    slugs: list[str] = []
    for page in range(1, len(kept) // PAGE_SIZE + 2):
        answer = json.loads(client.get(f"/api/missions/?{address}&page={page}").content)
        assert answer["count"] == len(kept)
        facets = {facet["parameter"]: facet["values"] for facet in answer["facets"]}
        shown = [*selection.facets, selection.within_count] if selection.query else selection.facets
        assert facets == {
            facet.parameter: [
                {"value": v.value, "label": v.label, "count": v.count, "selected": v.selected} for v in facet.values
            ]
            for facet in shown
        }
        slugs += [result["slug"] for result in answer["results"]]
    missions = Mission.objects.in_bulk(selection.ids)
    assert slugs == [missions[pk].slug for pk in selection.ids]
