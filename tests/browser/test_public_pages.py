"""The public pages in a real browser: what a reader sees, with and without JavaScript, on a phone and on a desk."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from projects.models import KeyFigure, Mission, Section
from tests.browser.conftest import PageFactory, axe_violations, page_faults, sideways_scroll
from tests.factories import (
    add_author,
    add_tutor,
    make_collectivity,
    make_domain,
    make_edition,
    make_method,
    make_mission,
    make_person,
    make_region,
    make_theme,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TABLE = "<table><thead><tr><th>Exigence</th></tr></thead><tbody><tr><td>Lire vite</td></tr></tbody></table>"


@pytest.fixture
def mission(transactional_db: None) -> Mission:
    """A full mission, in a catalogue of three in two themes."""
    edition = make_edition(2019)
    piloter = make_theme("Piloter ensemble", 1, edition)
    travailler = make_theme("Travailler autrement", 2, edition)
    town = make_collectivity("Ville d’Exemple", region=make_region(), population=42_000)
    method = make_method("Entretiens", synonyms=["interviews"], steps=["Préparer", "Écouter"], limits="Prend du temps.")
    domain = make_domain()
    make_mission("Mesurer la mutualisation", number=1, edition=edition, theme=piloter, domains=[domain])
    make_mission("Prévenir l’usure", number=3, edition=edition, theme=travailler, collectivities=[town])
    mission = make_mission(
        "Définition d’une nouvelle stratégie pour l’accueil des usagers de toutes les mairies annexes de la ville",
        number=2,
        edition=edition,
        theme=travailler,
        collectivities=[town],
        methods=[method],
        domains=[domain],
        texts={Section.Kind.ZOOM: f"<p>Un tableau :</p>{TABLE}", Section.Kind.CHIFFRES: ""},
        summary_asked="Mieux recevoir le public.",
        summary_done="Douze entretiens.",
        summary_advised="Un guichet unique.",
        page_first=46,
        page_last=51,
    )
    for position in range(1, 24):
        KeyFigure.objects.create(
            mission=mission,
            position=position,
            value=f"{position} 000",
            number=Decimal(position),
            label="visiteurs par an",
        )
    add_author(mission, make_person("Ada", "Élève", gender="f"), corps="administrateur")
    add_tutor(mission, make_person("Tom", "Tuteur", gender="m"))
    return mission


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_public_pages_are_accessible(browser_page: PageFactory, mission: Mission, width: int, scheme: str) -> None:
    page = browser_page(width, scheme)
    faults = {}

    for address in ("/", "/missions/", "/missions/?q=accueil&theme=travailler-autrement", "/missions/?q=introuvable",
                    mission.get_absolute_url(), "/methodes/entretiens/"):  # fmt: skip
        page.goto(address)
        faults[address] = [*page_faults(page), *axe_violations(page), *["sideways"] * (sideways_scroll(page) > 0)]
        page = browser_page(width, scheme)

    assert {address: found for address, found in faults.items() if found} == {}


def test_pages_fit_320_pixels(browser_page: PageFactory, mission: Mission) -> None:
    page = browser_page(320)
    overflow = {}

    for address in (
        "/",
        "/missions/?q=accueil",
        mission.get_absolute_url(),
        "/methodes/",
        "/collectivites/",
        "/recueils/2019/",
    ):
        page.goto(address)
        overflow[address] = sideways_scroll(page)

    assert overflow == dict.fromkeys(overflow, 0)


def test_filters_work_without_javascript(browser_page: PageFactory, mission: Mission) -> None:
    page = browser_page(1280, java_script_enabled=False)

    page.goto("/missions/")
    expect(count(page)).to_have_text("3 missions")
    page.get_by_role("checkbox", name="Travailler autrement").check()
    page.get_by_role("button", name="Appliquer les filtres").click()
    expect(count(page)).to_have_text("2 missions")
    page.get_by_role("link", name="Retirer le filtre").click()

    expect(count(page)).to_have_text("3 missions")


def test_search_from_the_home_page_leads_to_the_passage(browser_page: PageFactory, mission: Mission) -> None:
    page = browser_page(390)

    page.goto("/")
    page.get_by_role("combobox").fill("entretiens avec les agents")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_be_visible()
    page.get_by_role("link", name="Des clés pour agir").first.click()

    expect(page).to_have_url(re.compile(f"{mission.get_absolute_url()}.*#rubrique-3"))


def test_skip_link_is_the_first_stop_of_the_keyboard(browser_page: PageFactory, mission: Mission) -> None:
    page = browser_page(1280)
    page.goto(mission.get_absolute_url())

    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Enter")

    assert focused == page.evaluate("location.hash")
    assert page.evaluate("document.querySelector(location.hash).tagName") == "MAIN"


def count(page: Page):
    return page.get_by_role("status").get_by_role("heading", level=2)
