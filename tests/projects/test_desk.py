"""The first page of the admin, and the search over everything."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from projects import roles, search, workflow, working_copies
from projects.admin.desk import desk
from projects.models import Edition, ImportBatch, MethodUse, Mission
from projects.models.mission import State
from tests import factories as make
from tests.conftest import ReadOnlyGetClient
from tests.mission_form import member

pytestmark = pytest.mark.django_db

INDEX, EVERYTHING = reverse("admin:index"), "/admin/projects/mission/chercher/"


def make_work(count: int = 1) -> None:
    """Something in every part of the desk, `count` times."""
    edition = make.make_edition()
    user, _ = User.objects.get_or_create(username="camille", first_name="Camille", last_name="Roux")
    for _ in range(count):
        for state in State.values:
            title = f"{state} {Mission.objects.count()}"
            mission = make.make_mission(title, edition=edition, state=state, methods=[make.make_method()])
            LogEntry.objects.log_actions(user.pk, [mission], CHANGE, "Titre modifié.", single_object=True)
        MethodUse.objects.filter(mission=mission).update(state=MethodUse.State.PROPOSED)
        ImportBatch.objects.create(state=ImportBatch.State.REVIEW, user=user)


def test_desk_tells_what_waits() -> None:
    make_work()

    told = desk(User.objects.create_superuser("chef"))

    assert told
    assert [(task.label, task.url) for task in told.tasks] == [
        ("1\u00a0fiche en relecture", "/admin/projects/mission/?state__exact=relecture"),
        ("1\u00a0import à relire", "/admin/projects/importbatch/"),
        ("1\u00a0méthode proposée", reverse("admin:projects_tagging_catalogue")),
    ]
    assert told.progress
    assert (told.progress.published, told.progress.total) == (1, 4)
    assert told.progress.segments == ["brouillon", "relecture", "publie", "archive"]
    assert [share.label for share in told.progress.shares] == [
        "1\u00a0fiche publiée",
        "1\u00a0fiche en relecture",
        "1\u00a0fiche en brouillon",
        "1\u00a0fiche archivée",
    ]
    assert [change.who for change in told.changes] == ["Camille Roux"] * 4
    assert {change.what for change in told.changes} == {"Titre modifié."}


def test_desk_leads_to_working_copies_and_to_editions_that_have_a_date() -> None:
    at_review, in_work = make.make_mission("Un"), make.make_mission("Deux")
    workflow.withdraw(working_copies.open_copy(at_review)[0], State.REVIEW)
    working_copies.open_copy(in_work)
    edition = make.make_edition()
    Edition.objects.update(publish_at=timezone.now() - timedelta(hours=1))
    chief = User.objects.create_superuser("chef")
    client = Client()
    client.force_login(chief)

    told = desk(chief)

    assert told
    assert [(task.label, task.url) for task in told.tasks] == [
        ("1\u00a0copie de travail en relecture", "/admin/projects/mission/?copie=relecture"),
        ("1\u00a0copie de travail en cours", "/admin/projects/mission/?copie=avec"),
        (str(edition), f"/admin/projects/edition/{edition.pk}/change/"),
    ]
    assert told.tasks[-1].what == "La date est passée\u00a0: voyez ce qui bloque."
    assert [set(client.get(task.url).context["cl"].result_list) for task in told.tasks[:2]] == [
        {at_review},
        {at_review, in_work},
    ]


def test_draft_says_what_it_lacks() -> None:
    Mission.objects.create(title="Presque", slug="presque", theme=make.make_theme())

    told = desk(User.objects.create_superuser("chef"))

    assert told
    (draft,) = told.drafts
    assert draft.missing == (
        "Il manque\u00a0: collectivité, rubrique «\u00a0Contexte\u00a0», "
        "rubrique «\u00a0Problématique\u00a0», rubrique «\u00a0Des clés pour agir\u00a0», "
        "En bref, domaine, élèves, méthode confirmée et recueil connu."
    )


def test_those_who_only_write_are_not_asked_to_publish() -> None:
    make_work()
    client = member(roles.REDACTEUR)

    page = client.get(INDEX)

    assert "en relecture</a>" in page.text  # as a share of the edition
    assert "À relire, puis à publier." not in page.text
    assert "Toutes les listes" in page.text


def test_person_without_any_right_sees_nothing() -> None:
    make_work()
    client = ReadOnlyGetClient()
    client.force_login(User.objects.create_user("sans", is_staff=True))

    page = client.get(INDEX)

    assert page.status_code == 200
    assert "Demandez ce droit" in page.text
    assert "relecture" not in page.text
    assert "Camille" not in page.text


@pytest.mark.parametrize("url", [INDEX, f"{EVERYTHING}?q=relecture"])
def test_page_costs_the_same_for_1_and_3(admin_client: Client, url: str) -> None:
    make_work()
    search.rebuild()
    admin_client.get(url)

    with CaptureQueriesContext(connection) as one:
        admin_client.get(url)
    make_work(2)
    search.rebuild()
    with CaptureQueriesContext(connection) as three:
        admin_client.get(url)

    assert len(one) == len(three)


def found(client: Client, query: str) -> dict[str, list[str]]:
    page = client.get(EVERYTHING, {"q": query})
    return {group.label: [str(thing) for thing, _ in group.found] for group in page.context["groups"]}


def test_search_goes_over_everything(admin_client: Client) -> None:
    make.make_mission("Le port", number=2, state=State.DRAFT, collectivities=[make.make_collectivity("Port-Vieux")])
    make.make_person("Zoé", "Duport")
    make.make_method("Entretiens")

    assert found(admin_client, "PORT") == {
        "Missions": ["02 Le port"],
        "Personnes": ["Zoé Duport"],
        "Collectivités": ["Port-Vieux"],
    }


def test_search_leaves_out_what_the_person_may_not_see() -> None:
    make.make_person("Zoé", "Duport")
    client = ReadOnlyGetClient()
    client.force_login(User.objects.create_user("sans", is_staff=True))

    assert found(client, "Duport") == {}


@pytest.mark.parametrize("query", ["", "   ", "\x00", "%", "'", "é" * 3000, "<script>alert(1)</script>"])
def test_search_takes_anything(admin_client: Client, query: str) -> None:
    page = admin_client.get(EVERYTHING, {"q": query})

    assert page.status_code == 200
    assert "<script>alert" not in page.text
