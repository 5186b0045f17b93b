"""Searching in a real browser: suggestions by keyboard, the list renewed in place, the passage marked in the fiche."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from projects import search
from projects.models import Mission, Section
from tests.browser.conftest import PageFactory, axe_violations, page_faults, sideways_scroll
from tests.factories import (
    add_author,
    make_collectivity,
    make_domain,
    make_edition,
    make_method,
    make_mission,
    make_person,
    make_theme,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def missions(transactional_db: None) -> list[Mission]:
    """Twelve missions of two themes that speak of a tramway, the last one of an orangerie too."""
    edition = make_edition()
    themes = [make_theme("Piloter ensemble", 1, edition), make_theme("Travailler autrement", 2, edition)]
    domains = [make_domain(f"Domaine {number:02d}") for number in range(15)]
    place, method = make_collectivity("Tramville"), make_method("Trame commune")
    missions = [
        make_mission(
            f"Le tramway, étape {number}",
            number=number,
            edition=edition,
            theme=themes[number % 2],
            domains=domains if number == 1 else [],
            collectivities=[place],
            methods=[method],
            texts={
                Section.Kind.CONTEXTE: "<p>Rien encore. Toujours rien.</p>" * 12
                + f"<p>La ville attend. Le tramway passe {'devant l’orangerie ' * (number == 12)}le matin.</p>"
            },
        )
        for number in range(1, 13)
    ]
    add_author(missions[-1], make_person("Ada", "Élève"))
    search.reindex(missions[-1:])
    return missions


def field(page: Page) -> Any:
    return page.get_by_role("combobox", name="Rechercher dans les missions")


def heading(page: Page) -> Any:
    return page.locator("#resultats")


def active(page: Page) -> str:
    """What a screen reader says of the option that the keyboard is on."""
    return str(
        page.evaluate(
            "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent ?? ''"
        )
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_search_pages_are_accessible(
    browser_page: PageFactory, missions: list[Mission], width: int, scheme: str
) -> None:
    faults = {}

    for address, typed in (
        ("/", "tram"),
        ("/missions/?q=tramway", "tram"),
        ("/missions/?q=oranjerie", ""),
        ("/missions/?q=orangerie&dans=zoom&litteral=1&theme=piloter-ensemble", ""),
        (f"{missions[11].get_absolute_url()}#rubrique-1-p13", ""),
    ):
        page = browser_page(width, scheme)
        page.goto(address)
        if typed:
            field(page).fill(typed)
            expect(page.get_by_role("option").first).to_be_visible()
            page.keyboard.press("ArrowDown")
        faults[address] = [*page_faults(page), *axe_violations(page), *["sideways"] * (sideways_scroll(page) > 0)]

    assert {address: found for address, found in faults.items() if found} == {}


def test_search_pages_fit_320_pixels(browser_page: PageFactory, missions: list[Mission]) -> None:
    page = browser_page(320)
    overflow = []

    for address in ("/", "/missions/?q=tramway&dans=contexte"):
        page.goto(address)
        field(page).fill("tram")
        expect(page.get_by_role("option").first).to_be_visible()
        overflow.append(sideways_scroll(page))

    assert overflow == [0, 0]


def test_suggestions_are_gone_through_by_keyboard(browser_page: PageFactory, missions: list[Mission]) -> None:
    page = browser_page(1280)
    page.goto("/")
    page.keyboard.press("Tab")
    field(page).focus()
    page.keyboard.type("tram")

    expect(field(page)).to_have_attribute("aria-expanded", "true")
    options = page.get_by_role("option").all_inner_texts()
    groups = page.get_by_role("listbox").get_by_role("group")
    names = [page.locator(f"#{group.get_attribute('aria-labelledby')}").inner_text() for group in groups.all()]
    said = page.locator("form.search [role=status]").inner_text()
    steps = {}
    for name, keys in {
        "nothing": [],
        "down": ["ArrowDown"],
        "end": ["End"],
        "down past the end": ["ArrowDown"],
        "up from the field": ["ArrowUp"],
        "home": ["Home"],
        "up to the field": ["ArrowUp"],
    }.items():
        for key in keys:
            page.keyboard.press(key)
        steps[name] = active(page)

    first, last = (re.sub(r"\s+", "", options[rank]) for rank in (0, -1))
    assert names[:3] == ["Missions", "Méthodes", "Collectivités"]
    assert said == f"{len(options) - 1} suggestions"
    assert last == "Touslesrésultatspour«tram»"
    assert {name: re.sub(r"\s+", "", text) for name, text in steps.items()} == {
        "nothing": "",
        "down": first,
        "end": last,
        "down past the end": "",
        "up from the field": last,
        "home": first,
        "up to the field": "",
    }
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field(page)).to_have_value("tram")
    expect(field(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Le tramway, étape")


def test_enter_without_a_choice_searches_and_leaving_closes(browser_page: PageFactory, missions: list[Mission]) -> None:
    page = browser_page(390)
    page.goto("/")

    field(page).fill("tramway")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field(page).fill("t")
    field(page).press("Enter")

    expect(page).to_have_url(re.compile(r"/missions/\?q=t$"))


def test_older_answer_never_replaces_a_newer_one(browser_page: PageFactory, missions: list[Mission]) -> None:
    page = browser_page(1280)
    held: list[Any] = []
    page.route("**/api/suggestions/?q=tram", lambda route: held.append(route))
    page.goto("/")

    field(page).fill("tram")
    with page.expect_request("**/api/suggestions/?q=tram"):
        pass
    field(page).fill("orangerie")
    expect(page.get_by_role("option").last).to_contain_text("orangerie")
    for route in held:
        route.abort()

    expect(page.get_by_role("option").last).to_contain_text("orangerie")


def test_suggestions_are_of_no_need(browser_page: PageFactory, missions: list[Mission]) -> None:
    page = browser_page(390, java_script_enabled=False)
    page.goto("/")

    page.get_by_role("searchbox").fill("orangerie")
    page.keyboard.press("Enter")

    expect(heading(page)).to_have_text("1 mission pour « orangerie »")
    expect(page.locator("[data-find]:visible")).to_have_count(0)
    expect(page.get_by_role("button", name="Copier")).to_have_count(0)


def test_filter_renews_the_list_in_place_and_back_undoes_it(browser_page: PageFactory, missions: list[Mission]) -> None:
    page = browser_page(1280)
    page.goto("/missions/?q=tramway")
    page.evaluate("window.stays = true")
    box = page.get_by_role("checkbox", name="Travailler autrement")

    box.focus()
    before = box.bounding_box()
    page.keyboard.press("Space")
    expect(heading(page)).to_have_text("6 missions pour « tramway »")
    expect(page).to_have_url(re.compile(r"/missions/\?q=tramway&theme=travailler-autrement$"))
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    assert box.bounding_box() == before
    expect(page.locator("[data-part=bilan]")).to_have_attribute("role", "status")
    page.get_by_role("link", name="Retirer le filtre Thème").click()
    expect(heading(page)).to_have_text("12 missions pour « tramway »")
    expect(heading(page)).to_be_focused()
    page.get_by_role("link", name="Suivante").click()
    expect(page.locator(".pager [aria-current]")).to_have_text("Page 2")
    expect(heading(page)).to_be_in_viewport()

    page.go_back()
    expect(page.locator(".pager [aria-current]")).to_have_text("Page 1")
    page.go_back()
    expect(heading(page)).to_have_text("6 missions pour « tramway »")
    expect(box).to_be_checked()
    page.go_back()

    expect(heading(page)).to_have_text("12 missions pour « tramway »")
    expect(box).not_to_be_checked()
    assert page.evaluate("window.stays") is True
    assert page_faults(page) == []


def test_filters_that_leave_nothing_can_be_taken_back_where_they_are(
    browser_page: PageFactory, missions: list[Mission]
) -> None:
    page = browser_page(1280)
    page.goto("/missions/?q=orangerie")

    page.get_by_role("checkbox", name="Travailler autrement").check()
    expect(heading(page)).to_have_text("Aucune mission pour « orangerie » avec ces filtres")
    expect(page.get_by_role("checkbox", name="Travailler autrement")).to_be_focused()
    page.get_by_role("checkbox", name="Travailler autrement").uncheck()

    expect(heading(page)).to_have_text("1 mission pour « orangerie »")


def test_order_is_changed_in_place(browser_page: PageFactory, missions: list[Mission]) -> None:
    page = browser_page(1280)
    page.goto("/missions/")

    expect(page.get_by_role("button", name="Trier")).to_have_count(0)
    page.get_by_label("Trier par").select_option("titre")

    expect(page).to_have_url(re.compile(r"/missions/\?tri=titre$"))
    expect(page.get_by_label("Trier par")).to_have_value("titre")
    expect(page.locator(".card__title").nth(1)).to_contain_text("étape 10")


def test_value_is_found_among_many(browser_page: PageFactory, missions: list[Mission]) -> None:
    page = browser_page(1280)
    page.goto("/missions/")

    page.get_by_text("9 autres").click()
    page.get_by_role("searchbox", name="Trouver dans les autres valeurs").fill("DOMAÎNE 14")
    expect(page.locator("#autres-domaine li:visible")).to_have_count(1)
    expect(page.locator("#autres-domaine [role=status]")).to_have_text("1 valeur")
    page.get_by_role("checkbox", name="Domaine 14").check()

    expect(heading(page)).to_have_text("1 mission")
    expect(page.get_by_role("checkbox", name="Domaine 14")).to_be_focused()


def test_correction_is_refused_then_forgotten_with_other_words(
    browser_page: PageFactory, missions: list[Mission]
) -> None:
    page = browser_page(390)
    page.goto("/missions/?q=oranjerie")

    expect(page.locator(".correction")).to_have_text("Résultats pour orangerie\u202f; chercher plutôt oranjerie")
    page.get_by_role("link", name="oranjerie", exact=True).click()
    expect(heading(page)).to_have_text("Aucune mission pour « oranjerie »")
    field(page).fill("orengerie")
    field(page).press("Enter")

    expect(heading(page)).to_have_text("1 mission pour « orangerie »")


@pytest.mark.parametrize("script", [True, False])
def test_passage_leads_to_its_marked_paragraph(
    browser_page: PageFactory, missions: list[Mission], script: bool
) -> None:
    page = browser_page(1280, java_script_enabled=script)
    page.goto("/missions/?q=orangerie")

    page.locator(".passage__section").first.click()
    paragraph = page.locator("#rubrique-1-p13")

    expect(paragraph).to_have_text("La ville attend. Le tramway passe devant l’orangerie le matin.")
    expect(paragraph).to_be_in_viewport()
    marked = "element => [element.matches(':target'), getComputedStyle(element, '::after').borderLeftColor]"
    assert paragraph.evaluate(marked) == [True, "rgb(255, 228, 92)"]
    assert "?" not in page.url


def test_passage_is_copied_with_its_reference_after_a_filter(
    browser_page: PageFactory, missions: list[Mission]
) -> None:
    page = browser_page(1280, permissions=["clipboard-read", "clipboard-write"])
    page.goto("/missions/?q=orangerie")

    page.get_by_role("checkbox", name="Piloter ensemble").check()
    expect(page).to_have_url(re.compile("theme="))
    page.get_by_role("button", name="Copier l’extrait et sa référence").first.click()
    expect(page.get_by_text("Copié, avec la référence.")).to_be_visible()

    root, url = page.evaluate("location.origin"), missions[11].get_absolute_url()
    assert page.evaluate("navigator.clipboard.readText()") == (
        "«\u00a0Le tramway passe devant l’orangerie le matin.\u00a0»\n"
        "Ada Élève, «\u00a0Le tramway, étape 12\u00a0», dans Recueil 2019, édition 2019/2020, "
        f"rubrique «\u00a0Contexte\u00a0». {root}{url}#rubrique-1-p13"
    )
