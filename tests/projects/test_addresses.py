"""Addresses of missions: those that a published mission left still lead to it, and nobody else takes them."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from projects import addresses, workflow, working_copies
from projects.models import FormerAddress, Mission
from projects.models.mission import State
from tests import factories as make

pytestmark = pytest.mark.django_db


def rename(mission: Mission, slug: str) -> Mission:
    copy, _ = working_copies.open_copy(mission)
    copy.slug = slug
    copy.save()
    return workflow.publish(copy)


@pytest.fixture
def mission() -> Mission:
    mission = make.make_mission()
    Mission.objects.filter(pk=mission.pk).update(slug="premiere")
    mission.refresh_from_db()
    return mission


def test_former_addresses_lead_to_the_mission_for_ever(client: Client, mission: Mission) -> None:
    rename(rename(mission, "deuxieme"), "troisieme")

    answers = [client.get(f"/missions/{slug}/") for slug in ("premiere", "deuxieme", "troisieme")]

    assert [(a.status_code, a.headers.get("Location")) for a in answers] == [
        (301, "/missions/troisieme/"),
        (301, "/missions/troisieme/"),
        (200, None),
    ]
    assert client.get("/missions/premiere/?recueil=2019").headers["Location"] == "/missions/troisieme/?recueil=2019"
    assert client.get("/missions/premiere/image/?v=1").headers["Location"] == "/missions/troisieme/image/?v=1"


def test_mission_that_comes_back_to_its_address_has_left_the_other(client: Client, mission: Mission) -> None:
    rename(rename(mission, "deuxieme"), "premiere")

    assert list(FormerAddress.objects.values_list("slug", "mission")) == [("deuxieme", mission.pk)]
    assert client.get("/missions/premiere/").status_code == 200


@pytest.mark.parametrize("state", [State.DRAFT, State.REVIEW, State.ARCHIVED])
def test_former_address_says_nothing_of_a_mission_that_is_not_public(
    client: Client, mission: Mission, state: str
) -> None:
    workflow.withdraw(rename(mission, "deuxieme"), state)

    assert [client.get(f"/missions/premiere/{last}").status_code for last in ("", "image/")] == [404, 404]


def test_address_of_a_working_copy_does_not_exist_yet(client: Client, mission: Mission) -> None:
    copy, _ = working_copies.open_copy(mission)
    Mission.objects.filter(pk=copy.pk).update(slug="deuxieme")

    assert client.get("/missions/deuxieme/").status_code == 404
    assert FormerAddress.objects.count() == 0


def test_former_address_is_taken_for_every_other_mission(mission: Mission) -> None:
    rename(mission, "deuxieme")
    other = make.make_draft("Autre")
    other.slug = "premiere"

    with pytest.raises(ValidationError) as refused:
        other.full_clean()

    assert list(refused.value.message_dict) == ["slug"]
    assert addresses.free_address("premiere") == "premiere-2"
    assert addresses.free_address("premiere", mission.pk) == "premiere"
    assert addresses.free_address("deuxieme") == "deuxieme-2"


def test_copy_with_the_former_address_of_another_is_refused(mission: Mission) -> None:
    rename(mission, "deuxieme")
    other = make.make_mission("Autre")

    with pytest.raises(workflow.NotPublishable, match="a été, celle d’une autre mission"):
        rename(other, "premiere")
