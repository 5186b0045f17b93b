"""« Existe déjà ? »: what is nearly the same, for those who may see it; nothing blocks."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from people.models import Person
from projects import roles
from projects.models import Mission
from tests import factories
from tests.mission_form import change_url, form_data, member, messages_of

pytestmark = pytest.mark.django_db


def asked(client: Client, nature: str, name: str, but: Any = "") -> list[str]:
    answer = client.get("/admin/projects/mission/existe-deja/", {"nature": nature, "q": name, "sauf": but})
    return [found["label"] for found in answer.json()["found"]]


@pytest.fixture
def writer() -> Client:
    return member(roles.REDACTEUR)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Zoé Lhermitte", ["Zoé Lhermitte"]),
        ("LHERMITE Zoe", ["Zoé Lhermitte"]),
        ("Zoé Dupré-Lhermitte", ["Zoé Lhermitte"]),
        ("Zoé", []),
        ("Ali Benali", []),
        ("<b>%s</b>\x00", []),
        ("", []),
    ],
)
def test_people_are_found_whatever_the_spelling(writer: Client, name: str, expected: list[str]) -> None:
    factories.make_person("Zoé", "Lhermitte", aliases=["Zoé Dupré-Lhermitte"])
    factories.make_person("Paul", "Martin")

    assert asked(writer, "person", name) == expected


def test_each_kind_is_looked_for_among_its_own_names(writer: Client) -> None:
    factories.make_collectivity("Ville de Port-au-Vent")
    factories.make_method("Entretiens individuels")
    factories.make_mission("Repenser l’accueil du public dans les mairies")
    factories.make_mission("Repenser l’accueil du public dans les mairies annexes du centre", state="brouillon")

    assert asked(writer, "collectivity", "ville de port au vent") == ["Ville de Port-au-Vent"]
    assert [label.split(" (")[0] for label in asked(writer, "method", "entretien individuel")] == [
        "Entretiens individuels"
    ]
    assert [
        label.split(" (")[0] for label in asked(writer, "mission", "Repenser l'accueil du public dans les mairies")
    ] == [
        "Repenser l’accueil du public dans les mairies",
        "Repenser l’accueil du public dans les mairies annexes du centre",
    ]


def test_thing_is_no_double_of_itself_nor_of_its_working_copy(writer: Client) -> None:
    mission = factories.make_mission("Repenser l’accueil")
    copy = factories.make_mission("Repenser l’accueil", working_copy_of=mission, state="brouillon")

    assert asked(writer, "mission", mission.title, mission.pk) == []
    assert asked(writer, "mission", mission.title, copy.pk) == []
    assert len(asked(writer, "mission", mission.title, 99_999)) == 1


@pytest.mark.parametrize("others", [1, 30])
def test_answer_is_short_and_of_one_query(writer: Client, others: int, django_assert_num_queries: Any) -> None:
    for _ in range(others):
        factories.make_person("Zoé", "Lhermitte")
    asked(writer, "person", "Zoé Lhermitte")

    with django_assert_num_queries(QUERIES):
        found = asked(writer, "person", "Zoé Lhermitte")

    assert len(found) == min(others, 5)


QUERIES = 5


def test_only_those_who_see_the_kind_are_answered(client: Client) -> None:
    factories.make_person("Zoé", "Lhermitte")
    stranger = Client()
    stranger.force_login(User.objects.create_user("sans-droit", is_staff=True))
    url = "/admin/projects/mission/existe-deja/?nature=person&q=Zoé Lhermitte"

    assert client.get(url).status_code == 302
    assert stranger.get(url).status_code == 403
    assert member(roles.REDACTEUR).get(url.replace("person", "user")).status_code == 404


def test_double_is_said_once_saved_and_stops_nothing(writer: Client) -> None:
    known = factories.make_person("Zoé", "Lhermitte")
    url = reverse("admin:people_person_add")

    page = writer.post(
        url,
        {
            "first_name": "Zoe",
            "last_name": "Lhermite",
            "display_mode": "complet",
            "consents-TOTAL_FORMS": "0",
            "consents-INITIAL_FORMS": "0",
            "_continue": "1",
        },
        follow=True,
    )

    assert Person.objects.count() == 2
    assert (
        "Enregistré. Existait peut-être déjà\u00a0: Zoé Lhermitte. Est-ce bien une autre fiche\u202f?"
        in messages_of(page)
    )
    assert reverse("admin:people_person_change", args=[known.pk]) in page.text


def test_nothing_is_said_of_a_name_that_was_not_touched(writer: Client) -> None:
    mission = factories.make_mission("Repenser l’accueil", state="brouillon")
    factories.make_mission("Repenser l’accueil")

    page = writer.post(
        change_url(mission),
        form_data(writer, change_url(mission)) | {"summary_asked": "Mieux", "_continue": "1"},
        follow=True,
    )

    assert [text for text in messages_of(page) if "peut-être" in text] == []
    assert Mission.objects.get(pk=mission.pk).summary_asked == "Mieux"
