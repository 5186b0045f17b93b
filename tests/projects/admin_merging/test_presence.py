"""Who else has the mission open."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from projects import roles
from projects.models import Mission, Presence
from projects.models.mission import State
from tests import factories
from tests.mission_form import change_url, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission() -> Mission:
    return factories.make_mission(state=State.DRAFT)


def address(mission: Mission) -> str:
    return reverse("admin:projects_mission_presence", args=[mission.pk])


def names(answer: object) -> list[tuple[str, str]]:
    return [(seen.name, seen.when) for seen in answer.context["people"]]  # type: ignore[attr-defined]


def test_each_sees_the_other_and_not_themself(mission: Mission) -> None:
    editor, writer = member(roles.EDITEUR), member(roles.REDACTEUR)
    editor.post(address(mission))

    answer = writer.post(address(mission))

    assert names(answer) == [("Éditeurs", "en ce moment")]
    assert names(editor.post(address(mission))) == [("Rédacteurs", "en ce moment")]
    assert "1\u00a0autre personne a aussi cette fiche ouverte" in editor.get(change_url(mission)).text
    other = factories.make_mission("Autre", state=State.DRAFT)
    assert names(editor.post(address(other))) == []


def test_who_is_silent_for_long_is_no_longer_told(mission: Mission) -> None:
    writer = member(roles.REDACTEUR)
    ali = User.objects.create_user("ali", first_name="Ali", last_name="Diallo")
    seen = {"ali": timedelta(minutes=2, seconds=10), "vieux": timedelta(minutes=6)}
    for name, ago in seen.items():
        user = ali if name == "ali" else User.objects.create_user(name)
        Presence.objects.create(mission=mission, user=user, seen_at=timezone.now() - ago)

    answer = writer.post(address(mission))

    assert names(answer) == [("Ali Diallo", "il y a 2\u00a0minutes")]
    assert sorted(Presence.objects.values_list("user__username", flat=True)) == [roles.REDACTEUR, "ali"]


def test_presence_is_for_those_who_may_see_the_mission(mission: Mission, client: Client) -> None:
    stranger = Client()
    stranger.force_login(User.objects.create_user("inconnu", is_staff=True))
    editor = member(roles.EDITEUR)

    answers = [
        stranger.post(address(mission)),
        editor.get(address(mission)),
        editor.post("/admin/projects/mission/0/presence/"),
    ]

    assert [answer.status_code for answer in answers] == [403, 405, 404]
    client.post(address(mission))
    assert Presence.objects.count() == 0


def test_form_costs_the_same_whoever_is_there(mission: Mission) -> None:
    editor = member(roles.EDITEUR)
    editor.get(change_url(mission))

    counts = []
    for number in (0, 2):
        for n in range(number):
            user = User.objects.create_user(f"u{n}")
            Presence.objects.create(mission=mission, user=user, seen_at=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            editor.get(change_url(mission))
        counts.append(len(queries))

    assert counts[0] == counts[1]
