"""« Ce que l’on cherche » and the synonyms in a real browser: from a word to its group, and axe."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import expect

from projects.models import MissionStatistic, SearchStatistic, SearchSynonym, StatisticsFlush, SynonymGroup
from projects.statistics import last_month
from tests.browser.conftest import PageFactory, axe_violations, page_faults, sideways_scroll
from tests.factories import make_mission

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIGURES = "/admin/projects/mission/recherches/"
GROUPS = "/admin/projects/synonymgroup/"


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("marie"))
    month = last_month()
    for kind in SearchStatistic.Kind:
        SearchStatistic.objects.create(month=month, kind=kind, words=f"telepherique {kind}", count=3)
    MissionStatistic.objects.create(month=month, mission=make_mission(), count=1200)
    StatisticsFlush.objects.create(name="x", day=month)
    SearchSynonym.objects.bulk_create(SearchSynonym(group=f"groupe {n}", text=f"terme {n}") for n in range(120))
    return client


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_pages_are_clean(browser_page: PageFactory, staff: Client, width: int, scheme: Any) -> None:
    page = browser_page(width, scheme, client=staff)
    group = SynonymGroup.objects.all()[0]
    found = {}

    for address in (FIGURES, GROUPS, f"{GROUPS}add/", f"{GROUPS}{group.pk}/change/", f"{GROUPS}{group.pk}/delete/"):
        page.goto(address)
        found[address] = (page_faults(page), axe_violations(page), sideways_scroll(page))
        page.goto("about:blank")

    assert {address: wrong for address, (faults, wrong, _) in found.items() if wrong} == {}
    assert found[FIGURES][0] == []
    assert [scroll for _, _, scroll in found.values()] == [0] * 5


def test_word_becomes_a_synonym_in_one_click_without_script(browser_page: PageFactory, staff: Client) -> None:
    page = browser_page(390, client=staff, java_script_enabled=False)

    page.goto(FIGURES)
    page.get_by_role("link", name="Ajouter un synonyme de telepherique sans_resultat").click()
    expect(page.get_by_label("Termes")).to_have_value("telepherique sans_resultat")
    page.get_by_label("Termes").fill("téléphérique\ntransport par câble")
    page.get_by_role("button", name="Enregistrer", exact=True).click()

    assert SynonymGroup.objects.get(group="téléphérique").terms == ["transport par câble", "téléphérique"]
