"""Every page of the admin opens, for each group of people who work there."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casebook.models import SiteIdentity
from people.models import Consent
from projects import roles, search
from projects.models import (
    BinItem,
    Deliverable,
    EditionPromotion,
    FollowUp,
    ImportBatch,
    ImportedFile,
    ImportedMission,
    KeyFigure,
    Mission,
    Reference,
    Resource,
    SearchSynonym,
    Speaker,
    parts,
)
from tests import factories
from tests.conftest import ReadOnlyGetClient

pytestmark = pytest.mark.django_db

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
NOT_ADDED = {"BinItem", "Group", "ImportBatch", "SiteIdentity"}  # made otherwise than by a form, or made once


def _page(model: Any, name: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@pytest.fixture
def catalogue() -> Mission:
    """One of each thing, and a mission with every part."""
    SiteIdentity.objects.create(name="Regards d’essai")
    region = factories.make_region()
    department = factories.make_department(region=region)
    place = factories.make_collectivity("Saint-Étienne", region=region, department=department)
    promotion = factories.make_promotion()
    person = factories.make_person("Zoé", "Œuvrard", promotion=promotion)
    Consent.objects.create(person=person, given_on="2020-01-01")
    edition = factories.make_edition()
    EditionPromotion.objects.create(edition=edition, promotion=promotion, position=1)
    theme = factories.make_theme(edition=edition)
    mission = factories.make_mission(
        "L’été des œuvres",
        edition=edition,
        theme=theme,
        collectivities=[place],
        methods=[factories.make_method()],
        domains=[factories.make_domain()],
    )
    section = mission.sections.first()
    factories.add_author(mission, person)
    factories.add_tutor(mission, factories.make_person("Ali", "Tuteur"))
    KeyFigure.objects.create(mission=mission, value="20", label="agents", section=section)
    testimonial = parts.Testimonial.objects.create(mission=mission, text="<p>Merci.</p>", section=section)
    Speaker.objects.create(testimonial=testimonial, person=person, first_name="Zoé", last_name="Œuvrard", role="maire")
    Reference.objects.create(mission=mission, text="Un guide", section=section)
    Deliverable.objects.create(mission=mission, title="Un plan")
    FollowUp.objects.create(mission=mission, kind="annoncee", text="À suivre")
    Resource.objects.create(kind="prix", title="Un prix", slug="un-prix")
    SearchSynonym.objects.create(group="jeux", text="ludothèque")
    search.reindex([mission])
    batch = ImportBatch.objects.create(edition=edition, document={"title": "Recueil"})
    BinItem.objects.create(kind="projects.theme", thing=0, name="Ancien thème", who="Camille Exemple")
    ImportedFile.objects.create(batch=batch, name="recueil.md", checksum="0" * 64, size=1)
    ImportedMission.objects.create(batch=batch, position=1, mission=mission, outcome="creee", proposal={"title": "Lu"})
    return mission


def _client(user: User) -> Client:
    client = ReadOnlyGetClient()
    client.force_login(user)
    return client


def _member(group: str) -> User:
    user = User.objects.create_user(f"membre-{group}", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def writer_client() -> Client:
    return _client(_member(roles.REDACTEUR))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_page_opens_for_a_superuser(model: Any, admin_client: Client, catalogue: Mission) -> None:
    pages = [
        _page(model, "changelist"),
        *(_page(model, "change", quote(thing.pk)) for thing in model.objects.all()[:1]),
    ]
    model_admin = admin.site._registry[model]
    can_add = model.__name__ not in NOT_ADDED
    pages += [_page(model, "add")] if can_add else []

    statuses = {page: admin_client.get(page).status_code for page in pages}

    assert statuses == dict.fromkeys(pages, 200)
    assert model_admin.model.objects.exists() or model is Permission


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("group", [roles.REDACTEUR, roles.EDITEUR, roles.ADMINISTRATEUR])
def test_every_page_opens_or_is_refused_for_a_group(model: Any, group: str, catalogue: Mission) -> None:
    user = _member(group)
    client = _client(user)
    app, name = model._meta.app_label, model._meta.model_name
    may = {action: user.has_perm(f"{app}.{action}_{name}") for action in ("view", "add")}
    may["add"] = may["add"] and model.__name__ not in NOT_ADDED
    pages = {_page(model, "changelist"): may["view"], _page(model, "add"): may["add"]}
    pages |= {_page(model, "change", quote(thing.pk)): may["view"] for thing in model.objects.all()[:1]}

    statuses = {page: client.get(page).status_code for page in pages}

    assert statuses == {page: 200 if allowed else 403 for page, allowed in pages.items()}


def test_search_page_and_index_name_the_site(admin_client: Client, catalogue: Mission) -> None:
    page = admin_client.get(reverse("admin:index"))

    assert "Regards d’essai" in page.text
    assert "Voir le site" in page.text


@pytest.mark.parametrize("model", [m for m in MODELS if m.__name__ not in NOT_ADDED], ids=lambda m: m._meta.label)
def test_empty_form_says_in_french_what_is_missing(model: Any, admin_client: Client) -> None:
    page = admin_client.get(_page(model, "add"))
    management = {
        f"{inline.formset.prefix}-{name}": 0
        for inline in page.context["inline_admin_formsets"]
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }

    answer = admin_client.post(_page(model, "add"), management)

    assert answer.status_code == 200
    assert "Ce champ est obligatoire." in answer.text or "champs obligatoires" in answer.text


def test_mission_list_costs_the_same_for_1_and_3(admin_client: Client, catalogue: Mission) -> None:
    url = _page(Mission, "changelist")
    admin_client.get(url)

    with CaptureQueriesContext(connection) as one:
        admin_client.get(url)
    for title in ("Une autre", "Une troisième"):
        factories.make_mission(title, collectivities=[factories.make_collectivity(title)])
    with CaptureQueriesContext(connection) as three:
        admin_client.get(url)

    assert (len(one), len(three)) == (36, 36)


@pytest.mark.parametrize("words", ["ete des oeuvres", "ÉTÉ", "saint etienne", "OEUVRARD", "mairies annexes"])
def test_mission_search_ignores_accents_and_case(admin_client: Client, catalogue: Mission, words: str) -> None:
    factories.make_mission("Réorganiser le port", collectivities=[factories.make_collectivity("Nantes")], texts={})

    page = admin_client.get(_page(Mission, "changelist"), {"q": words})

    expected = 2 if words == "mairies annexes" else 1
    assert page.context["cl"].result_count == expected
    assert catalogue in page.context["cl"].result_list


@pytest.mark.parametrize(("words", "found"), [("zoe oeuvrard", 1), ("OEUVRARD ZOÉ", 1), ("zoe tuteur", 0), ("\x00", 2)])
def test_person_search_ignores_accents_case_and_order(
    admin_client: Client, catalogue: Mission, words: str, found: int
) -> None:
    page = admin_client.get(reverse("admin:people_person_changelist"), {"q": words})

    assert page.context["cl"].result_count == found


def test_autocomplete_finds_a_collectivity_without_accents(writer_client: Client, catalogue: Mission) -> None:
    answer = writer_client.get(
        reverse("admin:autocomplete"),
        {"term": "etienne", "app_label": "projects", "model_name": "missioncollectivity", "field_name": "collectivity"},
    )

    assert [result["text"] for result in answer.json()["results"]] == ["Saint-Étienne"]


@pytest.mark.parametrize("query", ["manque=theme", "manque=inconnu", "manque=contexte", "state__exact=x", "p=999999"])
def test_mission_list_takes_any_filter_value(admin_client: Client, catalogue: Mission, query: str) -> None:
    page = admin_client.get(f"{_page(Mission, 'changelist')}?{query}", follow=True)

    assert page.status_code == 200


def test_missing_filter_counts_what_it_selects(admin_client: Client, catalogue: Mission) -> None:
    bare = Mission.objects.create(title="Nue", slug="nue")
    page = admin_client.get(_page(Mission, "changelist"), {"manque": "contexte"})

    assert list(page.context["cl"].result_list) == [bare]
    assert "rubrique «\u00a0Contexte\u00a0» (1)" in page.text


def test_import_journal_is_read_only(admin_client: Client, catalogue: Mission) -> None:
    batch = ImportBatch.objects.get()

    answers = [
        admin_client.get(_page(ImportBatch, "add")).status_code,
        admin_client.post(_page(ImportBatch, "change", batch.pk), {}).status_code,
        admin_client.post(_page(ImportBatch, "delete", batch.pk), {"post": "yes"}).status_code,
    ]

    assert answers == [403, 403, 403]
