"""An import: its fiches, the queue of doubts, the drafts, publishing, undoing."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from projects.imports.decisions import Outcome, Review
from projects.models import ImportBatch, Mission
from projects.models.mission import State
from tests.projects.admin_imports.screens import said, url

pytestmark = pytest.mark.django_db


def test_batch_page_has_a_row_per_fiche(client: Client, demo: ImportBatch) -> None:
    page = client.get(url("batch", demo.pk))

    lines = page.context["lines"]
    assert [line.name for line in lines] == [f"{number:02d}" for number in range(1, 23)]
    waiting = {fiche.name: len(fiche.doubts) for fiche in Review(demo).fiches}
    assert {line.name: line.doubts for line in lines} == waiting
    assert {"05", "08", "12"} <= {name for name, doubts in waiting.items() if doubts}
    assert lines[1].title == "Bilan des 10 ans d’Est Ensemble"
    assert (page.context["proposed"], page.context["doubts"]) == (22, sum(waiting.values()))


def test_accept_all_that_is_sure_leaves_the_doubts(client: Client, demo: ImportBatch) -> None:
    sure = [fiche for fiche in Review(demo).fiches if not fiche.doubts]
    left = sum(1 for _ in Review(demo).doubts())

    answer = client.post(url("accept_sure", demo.pk), follow=True)

    assert said(answer) == [
        f"Ce qui est sûr est accepté\u00a0: {len(sure)}\u00a0fiches relues, il reste {left}\u00a0doutes à lever."
    ]
    assert demo.fiches.filter(outcome=Outcome.ACCEPTED).count() == len(sure)


def test_next_doubt_goes_round_all_fiches(client: Client, demo: ImportBatch) -> None:
    queue = [f"{url('fiche', demo.pk, f.row.position)}#v-{value.key}" for f, value in Review(demo).doubts()]
    places = []
    position, key = 0, ""

    for _ in range(len(queue) + 1):
        answer = client.get(url("next_doubt", demo.pk), {"apres": position, "cle": key})
        places.append(answer["Location"])
        position = int(re.search(r"fiches/(\d+)/", answer["Location"])[1])  # type: ignore[index]
        key = answer["Location"].partition("#v-")[2]

    assert len(queue) > 2
    assert places == [*queue, queue[0]]


def test_no_doubt_left_leads_to_the_batch(client: Client, ready: ImportBatch) -> None:
    answer = client.get(url("next_doubt", ready.pk))

    assert answer["Location"] == url("batch", ready.pk)


def test_drafts_published_and_undone(client: Client, ready: ImportBatch) -> None:
    answer = client.post(url("create_drafts", ready.pk), follow=True)
    assert said(answer)[0] == "22\u00a0brouillons créés."
    assert Mission.objects.filter(state=State.DRAFT).count() == 22

    answer = client.post(url("publish", ready.pk), follow=True)
    assert said(answer)[0] == "22\u00a0missions publiées."
    assert Mission.objects.published().count() == 22

    assert "22\u00a0fiches créées par cet import seront retirées" in client.get(url("undo", ready.pk)).text
    answer = client.post(url("undo", ready.pk), follow=True)
    assert said(answer)[0] == "Import annulé\u00a0: 22\u00a0fiches retirées."
    assert not Mission.objects.exists()
    assert "Import annulé" in answer.text


def test_mission_that_cannot_be_published_is_named_with_why(client: Client, ready: ImportBatch) -> None:
    client.post(url("create_drafts", ready.pk), follow=True)
    mission = Mission.objects.get(number=3)
    Mission.objects.filter(pk=mission.pk).update(theme=None)

    answer = client.post(url("publish", ready.pk), follow=True)

    link = reverse("admin:projects_mission_change", args=[mission.pk])
    assert said(answer) == [
        "21\u00a0missions publiées.",
        "1\u00a0mission n’est pas publiée. Complétez-les, puis publiez de nouveau.<ul>"
        f'<li><a href="{link}">{mission}</a>\u00a0: Choisissez le thème.</li></ul>',
    ]


def test_drafts_without_a_reviewed_fiche_are_refused(client: Client, demo: ImportBatch) -> None:
    answer = client.post(url("create_drafts", demo.pk), follow=True)

    assert said(answer) == ["Aucune fiche n’est relue\u00a0: terminez-en une, ou acceptez tout ce qui est sûr."]
    assert not Mission.objects.exists()


@pytest.mark.parametrize(("answered", "left"), [("keep", 1), ("remove", 0)])
def test_undo_asks_about_a_draft_edited_since(client: Client, ready: ImportBatch, answered: str, left: int) -> None:
    client.post(url("create_drafts", ready.pk))
    Mission.objects.filter(number=3).update(title="Titre retravaillé")

    asked = client.post(url("undo", ready.pk))
    client.post(url("undo", ready.pk), {"modifies": answered})

    assert asked.status_code == 422
    assert [str(mission) for mission, _ in asked.context["edited"]] == ["03 Titre retravaillé"]
    assert 'name="modifies"' in asked.text
    assert Mission.objects.count() == left
