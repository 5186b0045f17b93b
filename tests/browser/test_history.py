"""A version put back, in a real browser: the screens are read, and what was typed by mistake goes."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from projects.changes import record
from projects.models import KeyFigure, Mission
from projects.models.mission import State
from tests.browser.conftest import PageFactory, axe_violations, follow, page_faults, sideways_scroll
from tests.projects.history.missions import full_mission

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOSTILE = "<script>document.title='pris'</script><img src=x onerror=\"document.title='pris'\">\u202e"


def _mission() -> Mission:
    mission = full_mission(state=State.DRAFT)
    record([mission])
    Mission.objects.filter(pk=mission.pk).update(title="Titre écrit par erreur", summary_done=HOSTILE)
    KeyFigure.objects.create(mission=mission, value="9", label=HOSTILE, position=9)
    record([mission], why=HOSTILE)
    return mission


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_editor_compares_and_restores(browser_page: PageFactory, admin_client: Client, width: int, scheme: Any) -> None:
    mission = _mission()
    page = browser_page(width, scheme, admin_client)

    page.goto(reverse("admin:projects_mission_history", args=[mission.pk]))
    assert (axe_violations(page), sideways_scroll(page)) == ([], 0)
    page.get_by_role("button", name="Comparer les deux versions choisies").click()
    expect(page.get_by_role("heading", name="Comparaison")).to_be_visible()
    assert "Titre écrit par erreur" in page.title()
    assert (axe_violations(page), sideways_scroll(page)) == ([], 0)
    page.get_by_role("button", name="la plus ancienne").click()

    expect(page.get_by_label("Titre", exact=False).first).to_have_value("L’été des œuvres")
    mission.refresh_from_db()
    assert (mission.title, mission.summary_done, mission.key_figures.count()) == ("L’été des œuvres", "", 2)
    assert [fault for fault in page_faults(page) if "style" not in fault] == []


def test_editor_deletes_and_takes_it_back(browser_page: PageFactory, admin_client: Client) -> None:
    mission = _mission()
    page = browser_page(390, "light", admin_client)

    page.goto(reverse("admin:projects_mission_delete", args=[mission.pk]))
    assert (axe_violations(page), sideways_scroll(page)) == ([], 0)
    page.get_by_role("button", name="Supprimer").click()
    follow(page, page.get_by_role("link", name="Annuler"))
    assert (axe_violations(page), sideways_scroll(page)) == ([], 0)
    page.get_by_role("button", name="Rétablir").click()

    expect(page.get_by_text("Rétabli")).to_be_visible()
    assert Mission.objects.filter(pk=mission.pk).exists()
