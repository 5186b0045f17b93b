"""The way of a published mission in a real browser: working copy, checklist, publication; with and without scripts."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from projects import roles, workflow, working_copies
from projects.models import Mission, Section, StateChange
from projects.models.mission import State
from tests import factories as make
from tests.browser.conftest import PageFactory, axe_violations, follow, page_faults, sideways_scroll
from tests.mission_form import member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor() -> Client:
    return member(roles.EDITEUR)


def form_of(mission: Mission) -> str:
    return reverse("admin:projects_mission_change", args=[mission.pk])


def text_of(page: Page, field: str) -> Any:
    return page.locator(f".prose-editor:has(#{field}) .ProseMirror").first


def test_published_mission_is_changed_through_its_copy(browser_page: PageFactory, editor: Client) -> None:
    mission = make.make_mission("Accueillir", methods=[make.make_method()], domains=[make.make_domain()])
    page = browser_page(1280, client=editor)
    page.goto(form_of(mission))
    expect(page.locator("#id_title")).to_have_count(0)
    assert axe_violations(page) == []

    page.get_by_role("button", name="Modifier (copie de travail)").click()
    expect(page.get_by_text("La copie dit encore la même chose")).to_be_visible()
    page.locator("#id_title").fill("Recevoir")
    text_of(page, "id_sections-0-body").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("Quatre mairies.")
    page.locator("#id_title").press("Enter")  # saves, and does not publish
    expect(page).to_have_url(re.compile(f"{reverse('admin:projects_mission_changelist')}$"))
    copy = Mission.objects.get(working_copy_of=mission)
    assert (copy.title, copy.state) == ("Recevoir", State.DRAFT)
    assert "Accueillir" in Client().get(mission.get_absolute_url()).content.decode()

    page.goto(form_of(copy))
    expect(page.get_by_text("modification\u00a0: Contexte")).to_be_visible()
    page.get_by_label("Note, gardée avec le changement d’état").fill("chiffre corrigé")
    assert axe_violations(page) == []
    page.get_by_role("button", name="Publier les modifications").click()

    expect(page.get_by_text("La fiche du site est à jour")).to_be_visible()
    assert page.url.endswith(form_of(mission))
    public = Client().get(mission.get_absolute_url()).content.decode()
    assert ("Recevoir" in public, "Quatre mairies." in public) == (True, True)
    assert Mission.objects.get() == mission
    assert [(c.label, c.note) for c in StateChange.objects.all()] == [("modifications publiées", "chiffre corrigé")]


def test_publishing_leads_to_the_first_point_that_blocks(browser_page: PageFactory, editor: Client) -> None:
    mission = make.make_draft()
    Section.objects.filter(mission=mission, position__in=[2, 3]).update(body="")
    page = browser_page(1280, client=editor)
    page.goto(form_of(mission))

    page.get_by_role("button", name="Publier", exact=True).click()

    expect(page.locator("ul.messagelist li.error")).to_be_visible()
    expect(text_of(page, "id_sections-1-body")).to_be_focused()
    page.locator("a[data-point]", has_text="Des clés pour agir").click()
    expect(text_of(page, "id_sections-2-body")).to_be_focused()
    page.locator("a[data-point]", has_text="Tutorat").click()
    expect(page.locator("#tutorships-group .add-row a")).to_be_focused()
    assert page_faults(page) == []


def test_points_are_reached_without_scripts(browser_page: PageFactory, editor: Client) -> None:
    mission = make.make_draft()
    Mission.objects.filter(pk=mission.pk).update(theme=None)
    page = browser_page(390, client=editor, java_script_enabled=False)
    page.goto(form_of(mission))

    follow(page, page.get_by_role("button", name="Publier", exact=True))

    assert page.url.endswith(f"{form_of(mission)}#id_theme")
    expect(page.locator("#id_theme")).to_be_focused()


def test_panel_stays_beside_the_form_and_stands_above_it_when_narrow(browser_page: PageFactory, editor: Client) -> None:
    mission = make.make_mission(texts={Section.Kind.ZOOM: "<p>De près.</p>"})
    copy, _ = working_copies.open_copy(mission)
    workflow.withdraw(copy, State.REVIEW, note="à relire")
    wide = browser_page(1024, client=editor)
    wide.goto(form_of(copy))
    wide.locator("#sections-group").scroll_into_view_if_needed()
    box = wide.locator(".publication").bounding_box()
    assert box
    assert (box["y"] >= 0, box["x"] > 500) == (True, True)

    for width, scheme in ((320, "dark"), (390, "light")):
        page = browser_page(width, scheme, client=editor)
        page.goto(form_of(copy))
        panel, form = page.locator("aside.publication").bounding_box(), page.locator("#id_title").bounding_box()
        assert panel
        assert form
        assert panel["y"] + panel["height"] <= form["y"]
        assert sideways_scroll(page) == 0
        assert axe_violations(page) == []


def test_edition_is_published_in_two_steps(browser_page: PageFactory, editor: Client) -> None:
    edition = make.make_edition()
    waiting = make.make_mission("Prête", edition=edition, state=State.REVIEW)
    page = browser_page(390, "dark", client=editor)
    page.goto(reverse("admin:projects_edition_change", args=[edition.pk]))
    assert axe_violations(page) == []
    follow(page, page.get_by_role("link", name="Publier l’édition maintenant"))
    assert axe_violations(page) == []
    assert sideways_scroll(page) == 0

    page.get_by_role("button", name="Publier l’édition maintenant").click()

    expect(page.locator("ul.messagelist li.success")).to_contain_text("1\u00a0mission")
    waiting.refresh_from_db()
    assert waiting.is_published
