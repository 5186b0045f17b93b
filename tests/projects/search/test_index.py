"""The index follows what changes, whichever way: each change is judged by `check`, which computes everything anew."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.models import Person
from projects import search, workflow
from projects.imports import undo
from projects.imports.apply import apply
from projects.models import (
    Authorship,
    Domain,
    Mission,
    SearchDocument,
    SearchFacetValue,
    SearchPosting,
    SearchResult,
    SearchState,
    SearchTerm,
    Section,
)
from projects.models.mission import State
from projects.search import memory
from projects.search.checking import check
from projects.search.suggestions import suggestions
from projects.selection import Selection
from tests import forms
from tests.factories import (
    add_author,
    add_tutor,
    make_collectivity,
    make_department,
    make_domain,
    make_method,
    make_mission,
    make_person,
    make_region,
    make_theme,
)
from tests.mission_form import change_url, form_data
from tests.projects.imports.samples import RECUEIL, book_of
from tests.projects.search.catalogue import titles, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission() -> Mission:
    """A published mission that names one thing of each kind, beside another one and a draft."""
    region = make_region("Bretagne", "53")
    place = make_collectivity("Brest", region=region, department=make_department("Finistère", "29", region))
    mission = make_mission(
        "Accueil",
        theme=make_theme("Piloter ensemble"),
        collectivities=[place],
        methods=[make_method("Persona")],
        domains=[make_domain("Culture")],
    )
    add_author(mission, make_person("Zoé", "Œuvrard"))
    add_tutor(mission, make_person("Ali", "Touré"))
    search.reindex([mission])
    make_mission("Autre")
    make_mission("Brouillon secret", collectivities=[make_collectivity("Quimper")], state=State.DRAFT)
    return mission


def save(client: Client, thing: Any, **changes: Any) -> None:
    """Send the admin's form of this thing as it is shown, but for these fields."""
    opts = thing._meta
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[thing.pk])
    data: dict[str, Any] = dict(forms.form_data(client.get(url).text, f"{opts.model_name}_form"))
    assert client.post(url, data | changes).status_code == 302


def words() -> set[str]:
    return set(SearchTerm.objects.values_list("word", flat=True))


def suggested(text: str) -> list[str]:
    return [suggestion.label for suggestion in suggestions(text)]


def test_index_of_a_new_catalogue_is_right(mission: Mission) -> None:
    assert check().differences == []
    assert not words() & {"secret", "quimper", "brouillon"}


# What missions name


@pytest.mark.parametrize(
    ("path", "field", "old"),
    [
        ("authorships.first.person", "last_name", "oeuvrard"),
        ("tutorships.first.person", "last_name", "toure"),
        ("collectivities.first", "display_name", ""),
        ("collectivities.first", "official_name", ""),
        ("collectivities.first.region", "name", "bretagne"),
        ("collectivities.first.department", "name", "finistere"),
        ("domains.first", "name", "culture"),
        ("method_uses.first.method", "name", "persona"),
        ("theme", "name", "piloter"),
        ("edition", "school_year", ""),
    ],
)
def test_renamed_thing_is_found_under_its_new_name_only(
    admin_client: Client, mission: Mission, path: str, field: str, old: str
) -> None:
    thing: Any = mission
    for step in path.split("."):
        thing = getattr(thing, step)
        thing = thing() if step == "first" else thing
    value = "2031/2032" if field == "school_year" else "Hydravion"
    titles("accueil")  # the process remembers the old names

    save(admin_client, thing, **{field: value})

    assert check().differences == []
    if field == "school_year":
        labels = {v.label for facet in Selection({}).facets for v in facet.values if facet.parameter == "recueil"}
        assert labels == {"Édition 2031/2032"}
    else:
        assert "Accueil" in titles("hydravion")
    if old:
        assert "Accueil" not in titles(old, literal=True)


@pytest.mark.parametrize("field", ["title", "publisher"])
def test_renamed_recueil_is_cited_anew(admin_client: Client, mission: Mission, field: str) -> None:
    save(admin_client, mission.edition, **{field: "Hydravion"})

    assert check().differences == []
    assert "Hydravion" in SearchResult.objects.get(mission=mission).texts


@pytest.mark.parametrize(("mode", "left"), [("masque", set()), ("initiales", {"z"})])
def test_hidden_name_is_nowhere_in_the_index(admin_client: Client, mission: Mission, mode: str, left: set[str]) -> None:
    assert titles("œuvrard") == ["Accueil"]
    assert suggested("œuvr") == ["Accueil", "Œuvrard"]

    save(admin_client, Person.objects.get(last_name="Œuvrard"), display_mode=mode)

    assert check().differences == []
    assert not words() & {"oeuvrard", "zoe"}
    assert words() >= left
    assert not SearchTerm.objects.filter(display__icontains="uvrard").exists()
    assert not SearchDocument.objects.filter(words__contains="oeuvrard").exists()
    assert not SearchDocument.objects.filter(stems__contains="oeuvrard").exists()
    assert not SearchResult.objects.filter(texts__icontains="uvrard").exists()
    assert (titles("œuvrard", literal=True), suggested("œuvr")) == ([], [])
    assert "oeuvrard" not in memory.current().vocabulary


@pytest.mark.parametrize("name", ["domain", "person"])
def test_deleted_thing_leaves_the_index(admin_client: Client, mission: Mission, name: str) -> None:
    if name == "person":
        Authorship.objects.all().delete()  # who is named may not be deleted
        search.reindex([mission])
        person = Person.objects.get(last_name="Œuvrard")
        admin_client.post(reverse("admin:people_person_delete", args=[person.pk]), {"post": "yes"})
    else:
        admin_client.post(reverse("admin:projects_domain_delete", args=[Domain.objects.get().pk]), {"post": "yes"})

    assert check().differences == []
    assert not words() & ({"culture"} if name == "domain" else {"oeuvrard"})


def test_facet_value_that_no_public_mission_has_any_more_goes(admin_client: Client, mission: Mission) -> None:
    assert "persona" in memory.current().values["methode"]

    workflow.withdraw(mission)

    assert "methode" not in memory.current().values
    assert not SearchFacetValue.objects.filter(parameter="methode").exists()


# The mission itself


def test_changed_text_is_found_and_the_old_one_is_not(mission: Mission) -> None:
    mission.title = "Nouveau"
    mission.save()
    mission.sections.filter(kind=Section.Kind.CONTEXTE).update(body="<p>Un hydravion.</p>")
    Section.objects.get(mission=mission, kind=Section.Kind.CONTEXTE).save()
    search.reindex([mission])

    assert check().differences == []
    assert (titles("hydravion"), titles("nouveau")) == (["Nouveau"], ["Nouveau"])
    assert "accueil" not in words()


def test_form_of_a_mission_writes_its_domains(admin_client: Client, mission: Mission) -> None:
    other = make_domain("Transports")
    url = change_url(mission)
    workflow.withdraw(mission, State.DRAFT)

    admin_client.post(url, form_data(admin_client, url) | {"domains": [str(other.pk)]})
    workflow.publish(mission)

    assert check().differences == []
    assert list(mission.domains.all()) == [other]
    assert (titles("transports"), titles("culture", literal=True)) == (["Accueil"], [])
    assert Selection({"domaine": ["transports"]}).count == 1


@pytest.mark.parametrize("state", [State.DRAFT, State.REVIEW, State.ARCHIVED])
def test_withdrawn_mission_leaves_at_once_and_comes_back(mission: Mission, state: str) -> None:
    assert titles("brest") == ["Accueil"]

    workflow.withdraw(mission, state)

    assert check().differences == []
    assert (titles("brest", literal=True), "brest" in words(), Selection({}).count) == ([], False, 1)
    workflow.publish(mission)
    assert check().differences == []
    assert (titles("brest"), Selection({}).count) == (["Accueil"], 2)


def test_editors_find_drafts_by_their_words(mission: Mission) -> None:
    found = search.with_words(Mission.objects.order_by("pk"), "brouillons\x00 SECRÈTS")

    assert [each.title for each in found] == ["Brouillon secret"]
    assert not search.with_words(Mission.objects.all(), "inconnu").exists()


def test_new_mission_far_along_in_the_numbers_has_a_segment_of_its_own(mission: Mission) -> None:
    far = make_mission("Au loin")
    Mission.objects.filter(pk=far.pk).delete()
    far.pk = 3 * 4096 + 7
    far.save(force_insert=True)
    search.reindex([far])

    assert check().differences == []
    assert (titles("loin"), Selection({}).count) == (["Au loin"], 3)
    far.delete()
    assert check().differences == []
    assert Selection({}).count == 2


def test_published_mission_that_the_index_does_not_know_breaks_nothing(mission: Mission, client: Client) -> None:
    """Written by a script that forgot `reindex`: it is not listed, and `check_search` says so."""
    Mission.objects.create(pk=9 * 4096, title="Oubliée", slug="oubliee", state=State.PUBLISHED)

    assert client.get(reverse("mission_list")).status_code == 200
    assert client.get(reverse("mission_list"), {"q": "accueil"}).status_code == 200
    assert "mission «\u00a0Oubliée\u00a0»\u00a0: elle n’a pas de document." in check().differences


def test_words_too_long_for_a_column_are_cut() -> None:
    told("Long", contexte=f"{'A' * 300} {'é' * 300} {'ﷺ' * 40} {'-'.join('abcdefgh' * 40)}")

    assert check().differences == []
    assert titles("long") == ["Long"]


def test_reindexing_again_changes_nothing_but_the_token(mission: Mission) -> None:
    models = (SearchDocument, SearchResult, SearchPosting, SearchFacetValue)
    before = [sorted(map(str, model.objects.values_list())) for model in models]
    frequencies = set(SearchTerm.objects.values_list("word", "df"))
    token = SearchState.objects.get().token

    search.reindex(Mission.objects.all())

    assert [sorted(map(str, model.objects.values_list())) for model in models] == before
    assert set(SearchTerm.objects.values_list("word", "df")) == frequencies
    assert SearchState.objects.get().token != token


def test_rebuilt_index_is_the_one_that_was_written_step_by_step(mission: Mission) -> None:
    mission.delete()
    frequencies = set(SearchTerm.objects.values_list("word", "stem", "df"))

    assert search.rebuild() == 2

    assert check().differences == []
    assert set(SearchTerm.objects.values_list("word", "stem", "df")) == frequencies


# Deletion, by every way


def by_instance(client: Client, mission: Mission) -> None:
    mission.delete()


def by_queryset(client: Client, mission: Mission) -> None:
    Mission.objects.filter(title__in=["Accueil", "Brouillon secret"]).delete()


def by_words(client: Client, mission: Mission) -> None:
    search.with_words(Mission.objects.all(), "accueil").filter(title="Accueil").delete()


def by_the_form(client: Client, mission: Mission) -> None:
    client.post(reverse("admin:projects_mission_delete", args=[mission.pk]), {"post": "yes"})


def by_the_list(client: Client, mission: Mission) -> None:
    data = {"action": "delete_selected", "_selected_action": [mission.pk], "post": "yes"}
    client.post(reverse("admin:projects_mission_changelist"), data)


@pytest.mark.parametrize(
    "delete", [by_instance, by_queryset, by_words, by_the_form, by_the_list], ids=lambda function: function.__name__
)
def test_deleted_mission_leaves_the_index_at_once(
    admin_client: Client, mission: Mission, delete: Callable[[Client, Mission], None]
) -> None:
    pk = mission.pk
    assert titles("brest") == ["Accueil"]

    delete(admin_client, mission)

    assert not Mission.objects.filter(pk=pk).exists()
    assert check().differences == []
    assert (titles("brest", literal=True), suggested("bres"), Selection({}).count) == ([], [], 1)
    assert "brest" not in words()


def test_working_copy_deleted_with_its_mission_leaves_too(mission: Mission) -> None:
    copy = Mission.objects.create(title="Copie", slug=mission.slug, working_copy_of=mission)
    search.reindex([copy])

    mission.delete()

    assert check().differences == []
    assert not SearchDocument.objects.filter(stems__contains="copi").exists()


def test_undone_import_leaves_the_index(mission: Mission) -> None:
    batch = apply(book_of(RECUEIL), publish=True).batch
    assert batch is not None
    assert Selection({}).count == 5

    undo.undo(batch)

    assert check().differences == []
    assert Selection({}).count == 2


@pytest.mark.parametrize("missions", [2, 6])
def test_missions_of_a_queryset_are_forgotten_together(missions: int) -> None:
    for _ in range(missions):
        make_mission("Accueil")

    with CaptureQueriesContext(connection) as queries:
        Mission.objects.filter(title="Accueil").delete()

    tokens = [query for query in queries if query["sql"].startswith('UPDATE "projects_searchstate"')]
    assert len(tokens) == 1


# Rollback


class Refused(Exception):
    pass


@contextmanager
def rolled_back() -> Iterator[None]:
    with suppress(Refused), transaction.atomic():
        yield
        raise Refused


def test_nothing_is_remembered_of_a_transaction_that_was_rolled_back(mission: Mission) -> None:
    before = (titles(""), titles("accueil"), suggested("bre"))

    with rolled_back():
        make_mission("Retenue", theme=make_theme("Thème retenu", 2))
        workflow.withdraw(mission)
        assert sorted(titles("")) == ["Autre", "Retenue"]
        assert (titles("accueil"), titles("retenue")) == ([], ["Retenue"])
        assert suggested("ret") == ["Retenue", "Thème retenu", "retenu", "Retenue"]
        assert "theme-retenu" in memory.current().values["theme"]

    assert (titles(""), titles("accueil"), suggested("bre")) == before
    assert (titles("retenue", literal=True), suggested("ret")) == ([], [])
    assert "theme-retenu" not in memory.current().values["theme"]
    assert check().differences == []


def test_first_index_rolled_back_leaves_an_empty_memory() -> None:
    with rolled_back():
        make_mission("Retenue")
        assert titles("") == ["Retenue"]

    assert (titles(""), memory.current().values) == ([], {})


def test_deletion_rolled_back_changes_nothing(mission: Mission) -> None:
    with rolled_back():
        mission.delete()
        assert titles("accueil") == []

    assert titles("accueil") == ["Accueil"]
    assert check().differences == []
