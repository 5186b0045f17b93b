"""The pages of methods in a real browser: extracts copied, kept and moved; a card on one page of paper."""

import io
from typing import Any

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from projects.models import KeyFigure, MethodUse, Mission
from tests.browser.conftest import PageFactory, axe_violations, page_faults, sideways_scroll
from tests.factories import add_author, make_domain, make_edition, make_method, make_mission, make_person, make_theme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAIN = [
    "/methodes/",
    "/methodes/entretiens/",
    "/methodes/entretiens/carte/",
    "/methodes/familles/diagnostic/",
    "/methodes/moments/ideation/",
    "/methodes/comparer/",
    "/methodes/comparer/?m=entretiens&m=sondage&m=inconnue",
    "/mes-extraits/",
]


@pytest.fixture
def missions(transactional_db: None) -> list[Mission]:
    """Three missions that used two methods."""
    edition = make_edition()
    theme = make_theme("Piloter ensemble", 1, edition)
    methods = [
        make_method("Entretiens", synonyms=["interviews"], steps=["Préparer", "Écouter"], limits="Prend du temps."),
        make_method("Sondage", steps=["Écrire"], limits="Peu de réponses."),
    ]
    methods[0].related.add(methods[1])
    missions = []
    for number, title in enumerate(("Accueil", "Mobilité", "Habitat"), start=1):
        mission = make_mission(
            title, number=number, edition=edition, theme=theme, methods=methods, domains=[make_domain()]
        )
        add_author(mission, make_person("Ada", title))
        figure = KeyFigure.objects.create(mission=mission, position=1, value="22", label="participants")
        MethodUse.objects.get(mission=mission, position=1).key_figures.add(figure)
        missions.append(mission)
    MethodUse.objects.update(moment="ideation", outcome="Un guichet unique")
    return missions


def numbers(missions: list[Mission]) -> list[int]:
    """The extracts of the first method, mission by mission."""
    return [mission.method_uses.get(position=1).extracts.get().pk for mission in missions]


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_method_pages_are_accessible(
    browser_page: PageFactory, missions: list[Mission], width: int, scheme: str
) -> None:
    first, second, _ = numbers(missions)
    addresses = [*PLAIN, f"/mes-extraits/?e={first}&e={second}&e=0", missions[0].get_absolute_url()]
    faults = {}

    for address in addresses:
        page = browser_page(width, scheme)
        page.goto(address)
        faults[address] = [*page_faults(page), *axe_violations(page), *["sideways"] * (sideways_scroll(page) > 0)]

    assert {address: found for address, found in faults.items() if found} == {}


def test_method_pages_fit_320_pixels(browser_page: PageFactory, missions: list[Mission]) -> None:
    page = browser_page(320)
    overflow = {}

    for address in [*PLAIN, f"/mes-extraits/?e={numbers(missions)[0]}"]:
        page.goto(address)
        overflow[address] = sideways_scroll(page)

    assert overflow == dict.fromkeys(overflow, 0)


def test_extract_is_copied_with_its_reference(browser_page: PageFactory, missions: list[Mission]) -> None:
    page = browser_page(1280, permissions=["clipboard-read", "clipboard-write"])

    page.goto("/methodes/entretiens/")
    page.get_by_role("button", name="Copier l’extrait et sa référence").first.click()
    expect(page.get_by_role("status")).to_have_text("Copié, avec la référence.")
    copied = page.evaluate("navigator.clipboard.readText()")

    base = page.evaluate("location.origin")
    assert copied == (
        "«\u00a0L’équipe a mené douze entretiens avec les agents.\u00a0»\n"
        "Ada Accueil, «\u00a0Accueil\u00a0», dans Recueil 2019, édition 2019/2020, "
        "rubrique «\u00a0Des clés pour agir\u00a0». "
        f"{base}{missions[0].get_absolute_url()}#rubrique-3"
    )


def test_reference_can_be_selected_without_javascript(browser_page: PageFactory, missions: list[Mission]) -> None:
    page = browser_page(390, java_script_enabled=False)

    page.goto("/methodes/entretiens/")
    page.get_by_text("Voir la référence").first.click()

    expect(page.locator(".quotation").first).to_be_visible()
    expect(page.get_by_role("button", name="Copier")).to_have_count(0)


def test_extracts_are_kept_from_page_to_page_and_moved(browser_page: PageFactory, missions: list[Mission]) -> None:
    first, _, third = numbers(missions)
    page = browser_page(1280)

    page.goto("/methodes/entretiens/")
    page.get_by_role("button", name="Ajouter à mes extraits").first.click()
    expect(page.get_by_role("status")).to_have_text("Extrait ajouté. Mes extraits\u00a0: 1.")
    page.goto(missions[2].get_absolute_url())
    page.get_by_role("button", name="Ajouter à mes extraits").first.click()
    page.get_by_role("link", name="Mes extraits (2)").first.click()
    expect(page).to_have_url(f"{page.evaluate('location.origin')}/mes-extraits/?e={first}&e={third}")
    page.get_by_role("link", name="Descendre l’extrait 1").click()
    expect(page.locator(".extracts > li").first).to_contain_text("Ada Habitat")
    page.get_by_role("link", name="Retirer l’extrait 2").click()

    expect(page.locator(".extracts > li")).to_have_count(1)
    page.goto("/mes-extraits/")  # a bare address finds the list of the browser
    expect(page.locator(".extracts > li")).to_contain_text("Ada Habitat")
    page.get_by_role("link", name="Retirer l’extrait 1").click()
    expect(page.get_by_text("Aucun extrait dans cette liste.")).to_be_visible()


def test_list_of_someone_else_does_not_replace_mine(browser_page: PageFactory, missions: list[Mission]) -> None:
    first, second, third = numbers(missions)
    page = browser_page(1280)
    page.goto(f"/mes-extraits/?e={first}")

    page.goto(f"/mes-extraits/?e={second}&e={third}")
    expect(page.locator(".extracts > li")).to_have_count(2)
    page.goto("/mes-extraits/")
    expect(page.locator(".extracts > li")).to_contain_text(["Ada Accueil"])
    page.goto(f"/mes-extraits/?e={second}&e={third}")
    page.get_by_role("button", name="Garder cette liste").click()
    page.goto("/mes-extraits/")

    expect(page.locator(".extracts > li")).to_contain_text(["Ada Mobilité", "Ada Habitat"])


def test_extracts_are_added_without_javascript(browser_page: PageFactory, missions: list[Mission]) -> None:
    page = browser_page(1280, java_script_enabled=False)

    page.goto("/methodes/entretiens/")
    page.get_by_role("link", name="Ajouter à mes extraits").nth(1).click()
    page.get_by_role("link", name="Entretiens").last.click()
    page.get_by_role("link", name="Ajouter à mes extraits").first.click()

    expect(page.locator(".extracts > li")).to_contain_text(["Ada Mobilité", "Ada Accueil"])


@pytest.mark.parametrize("length", [1, 12], ids=["short", "long"])
def test_card_is_printed_on_one_page(browser_page: PageFactory, missions: list[Mission], length: int) -> None:
    method: Any = missions[0].method_uses.get(position=1).method
    method.definition, method.limits = "Interroger des personnes. " * 6 * length, "Prend du temps. " * 5 * length
    method.steps = ["Préparer un guide court avec des questions ouvertes"] * 8
    method.save()
    for number in range(4, 16):
        make_mission(
            "Une mission dont le titre est aussi long que ceux du recueil " * 2, number=number, methods=[method]
        )
    page = browser_page(1280)

    page.goto("/methodes/entretiens/carte/")
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))

    assert len(printed.pages) == 1
    assert "Étapes" in printed.pages[0].extract_text()
