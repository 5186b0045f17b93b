"""Writing help in a real browser: names for assistive technology, advice and doubles that follow typing."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from projects.models import Mission, Section
from projects.models.mission import State
from tests import factories
from tests.browser.conftest import PageFactory, axe_violations, page_faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMELESS = """() => [...document.querySelectorAll(
    "button, a[href], input:not([type=hidden]), select, textarea, [role=textbox], [role=combobox]"
)].filter((e) => e.offsetParent && e.ariaHidden !== "true" && e.tabIndex >= 0 && !(
    e.textContent.trim() || e.ariaLabel || e.title || e.getAttribute("aria-labelledby") || (e.labels && e.labels.length)
    || (e.type === "submit" && e.value)
)).map((e) => e.outerHTML.slice(0, 120))"""
ENGLISH = r"\b(?:Add|Change|Delete|Remove|Search|Update|Cancel|Insert|Close|Title|Rows|Link|Yes|No|Today|Choose)\b"


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("marie"))
    return client


@pytest.fixture
def draft() -> Mission:
    return factories.make_mission(
        state=State.DRAFT,
        edition=factories.make_edition(),
        methods=[factories.make_method()],
        texts={Section.Kind.ZOOM: "<table><tbody><tr><td>a</td></tr></tbody></table>"},
    )


def opened(page: Page, mission: Mission) -> Any:
    page.goto(reverse("admin:projects_mission_change", args=[mission.pk]))
    expect(page.locator(".prose-menubar [aria-pressed]").first).to_be_attached()
    return page.get_by_role("textbox", name="Texte : Contexte")


def test_everything_is_named_in_french(browser_page: PageFactory, staff: Client, draft: Mission) -> None:
    page = browser_page(client=staff)
    box = opened(page, draft)

    # the tools of a table
    page.get_by_role("textbox", name="Texte : Zoom").locator("td").click()
    tools = page.get_by_role("toolbar", name="Mise en forme : Texte : Zoom").get_by_role("button").all()
    assert [tool.get_attribute("aria-label") for tool in tools][-10:-2] == [
        "Ajouter une colonne",
        "Supprimer la colonne",
        "Ajouter une ligne",
        "Supprimer la ligne",
        "Fusionner les cellules",
        "Séparer les cellules",
        "Cellule de titre",
        "Supprimer le tableau",
    ]
    # the dialog of a link
    box.click()
    page.keyboard.press("Control+A")
    page.get_by_role("toolbar", name="Mise en forme : Texte : Contexte").get_by_role("button", name="Lien").click()
    dialog = page.get_by_role("dialog", name="Lien")
    expect(dialog.get_by_label("Adresse du lien")).to_be_focused()
    dialog.get_by_role("button", name="Annuler").click()
    # the calendar
    page.get_by_role("link", name="Choisir une date : Début du travail").click()
    expect(page.get_by_role("link", name="Mois précédent")).to_be_visible()
    expect(page.get_by_role("link", name="Mois suivant")).to_be_visible()
    page.keyboard.press("Escape")
    # a choice among many
    expect(page.get_by_role("link", name="Modifier la fiche choisie : Recueil")).to_be_visible()
    page.get_by_role("combobox", name="Recueil").click()
    expect(page.get_by_role("searchbox", name="Chercher : Recueil")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("#key_figures-group .add-row a").click()

    assert page.evaluate(NAMELESS) == []
    assert re.findall(ENGLISH, page.locator("body").aria_snapshot()) == []
    assert page_faults(page) == []


def test_advice_follows_what_is_typed(browser_page: PageFactory, staff: Client, draft: Mission) -> None:
    page = browser_page(client=staff)
    box = opened(page, draft)

    box.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("La DSI parle")

    expect(box).to_have_accessible_description(
        "3 mots ; une rubrique imprimée en a d’ordinaire de 110 à 180. "
        "Sigle sans sa forme développée, la première fois : DSI."
    )
    assert page_faults(page) == []


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_known_person_is_shown_under_the_name(
    browser_page: PageFactory, staff: Client, width: int, scheme: str
) -> None:
    known = factories.make_person("Zoé", "Lhermitte")
    page = browser_page(width, scheme, client=staff)
    page.goto(reverse("admin:people_person_add") + "?_popup=1")

    page.get_by_label("Prénom").fill("zoe")
    page.get_by_label("Nom :", exact=True).fill("Lhermite")

    link = page.get_by_role("link", name="Zoé Lhermitte")
    expect(link).to_have_attribute("href", reverse("admin:people_person_change", args=[known.pk]))
    assert page.evaluate(NAMELESS) == []
    assert page_faults(page) == []
    assert axe_violations(page) == []
    page.get_by_label("Prénom").fill("Paul-Antoine")
    expect(link).to_be_hidden()
