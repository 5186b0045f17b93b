"""Assisted tagging in a real browser: what each screen is like, and a proposal decided by keyboard."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from projects.models import KeyFigure, MethodUse, Mission, Section
from projects.tagging import decisions, waiting
from tests import factories as make
from tests.browser.conftest import PageFactory, axe_violations, page_faults, sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DONE = "L’équipe a mené un benchmark de cinq villes et diffusé un questionnaire."
MORE = "Le benchmark a été complété par des entretiens individuels."
ASKED = "La ville souhaite disposer d’une étude prospective."


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("marie"))
    return client


@pytest.fixture
def mission() -> Mission:
    """With proposals, an intention, a figure, a passage to add and a refused method."""
    parangonnage, entretiens, *_ = (
        make.make_method(name) for name in ("Parangonnage", "Entretiens", "Sondage", "Étude prospective")
    )
    texts = {Section.Kind.CLES_POUR_AGIR: f"<p>{DONE}</p><p>{MORE}</p>", Section.Kind.PROBLEMATIQUE: f"<p>{ASKED}</p>"}
    mission = make.make_mission(texts=texts)
    KeyFigure.objects.create(mission=mission, position=1, value="210", label="réponses au questionnaire")
    section = mission.sections.get(kind=Section.Kind.CLES_POUR_AGIR)
    decisions.accept(mission, parangonnage, decisions.Accepted(MethodUse.Role.USED, "", [(section, DONE)]))
    decisions.refuse(mission, entretiens, MethodUse.Role.USED)
    return mission


def address(name: str, *args: int) -> str:
    return reverse(f"admin:projects_tagging_{name}", args=args)


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_screens_are_accessible_and_quiet(
    browser_page: PageFactory, staff: Client, mission: Mission, width: int, scheme: str
) -> None:
    faults = {}

    for screen in (address("catalogue"), address("mission", mission.pk)):
        page = browser_page(width, scheme, client=staff)
        page.goto(screen)
        for summary in page.locator(".decision summary").all():
            summary.click()
        faults[screen] = [*page_faults(page), *axe_violations(page), *["sideways"] * (sideways_scroll(page) > 0)]

    assert {screen: found for screen, found in faults.items() if found} == {}


def test_proposal_is_corrected_by_keyboard_without_javascript(
    browser_page: PageFactory, staff: Client, mission: Mission
) -> None:
    waiting.keep_all(waiting.for_tagging())
    page = browser_page(client=staff, java_script_enabled=False)
    page.goto(address("catalogue"))
    page.get_by_role("link", name="Proposition suivante").press("Enter")
    card = page.get_by_role("article", name="Sondage")
    expect(card.locator("mark").first).to_have_text("questionnaire")

    card.get_by_text("Corriger l’extrait").press("Enter")
    extracts = card.get_by_role("textbox", name="Extraits")
    extracts.fill("diffusé un sondage")
    card.get_by_role("button", name="Accepter").press("Enter")
    expect(card.get_by_role("alert")).to_contain_text("ne se trouve mot pour mot dans aucune rubrique")
    expect(extracts).to_have_value("diffusé un sondage")
    extracts.fill("diffusé un questionnaire")
    card.get_by_role("button", name="Accepter").press("Enter")
    expect(page.get_by_text("Méthode « Sondage » acceptée.")).to_be_visible()

    use = mission.method_uses.get(method__slug="sondage")
    assert (use.state, use.extracts.get().text) == ("confirmee", "diffusé un questionnaire")
    assert use.key_figures.count() == 1
