"""Two editors at once in a real browser: who else is there, a conflict settled to the end, with and without scripts."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from projects.models import Mission, Presence
from projects.models.mission import State
from tests import factories
from tests.browser.conftest import PageFactory, axe_violations, page_faults, sideways_scroll
from tests.mission_form import change_url, form_data

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BODY = "<p>La ville compte trois mairies.</p><p>Elles ferment tôt.</p>"


@pytest.fixture
def mission() -> Mission:
    mission = factories.make_mission("Accueil", state=State.DRAFT)
    mission.sections.filter(position=1).update(body=BODY)
    return mission


@pytest.fixture
def marie() -> Client:
    return _signed_in("marie")


@pytest.fixture
def aicha() -> Client:
    return _signed_in("aicha", first_name="Aïcha", last_name="Benali")


def _signed_in(name: str, **names: str) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser(name, **names))
    return client


def _save(client: Client, mission: Mission, **values: str) -> None:
    assert client.post(change_url(mission), form_data(client, change_url(mission)) | values).status_code == 302


def test_conflict_is_settled_by_writing(
    browser_page: PageFactory, marie: Client, aicha: Client, mission: Mission
) -> None:
    aicha.post(reverse("admin:projects_mission_presence", args=[mission.pk]))
    page = browser_page(1280, "light", client=marie)
    with page.expect_response("**/presence/"):
        page.goto(change_url(mission))
    assert Presence.objects.filter(user__username="marie", mission=mission).exists()
    expect(page.locator("[data-presence]")).to_contain_text("Aïcha Benali (en ce moment)")
    page.fill("#id_title", "Accueil du public")
    box = page.locator(".prose-editor:has(#id_sections-0-body) .ProseMirror")
    box.locator("p").last.click()
    page.keyboard.press("End")
    page.keyboard.type(" Et le soir ?")
    changed = BODY.replace("ferment tôt", "ferment tard")
    _save(aicha, mission, **{"summary_asked": "Recevoir mieux.", "sections-0-body": changed})

    page.locator('input[name="_continue"]').click()
    question = page.locator("fieldset.question")
    expect(question.locator("legend")).to_contain_text("Rubriques, «\u00a0Contexte\u00a0»\u00a0: texte")
    page.locator(".prose-menubar [aria-pressed]").first.wait_for(state="attached")
    assert page_faults(page) == []
    assert axe_violations(page) == []
    page.set_viewport_size({"width": 320, "height": 900})
    page.emulate_media(color_scheme="dark")
    assert axe_violations(page) == []
    assert sideways_scroll(page) == 0
    box = question.locator(".ProseMirror")
    box.locator("p").last.click()
    page.keyboard.press("End")
    page.keyboard.type(" Toutes.")
    expect(question.get_by_label("Écrire", exact=True)).to_be_checked()
    page.get_by_role("button", name="Enregistrer avec ces choix").click()

    expect(page.locator("ul.messagelist")).to_contain_text("Enregistrés par Aïcha Benali")
    mission.refresh_from_db()
    assert (mission.title, mission.summary_asked) == ("Accueil du public", "Recevoir mieux.")
    assert mission.sections.get(position=1).body.endswith("<p>Elles ferment tard. Toutes.</p>")


def test_conflict_is_settled_without_scripts(
    browser_page: PageFactory, marie: Client, aicha: Client, mission: Mission
) -> None:
    page = browser_page(client=marie, java_script_enabled=False)
    page.goto(change_url(mission))
    page.fill("#id_title", "Le titre de Marie")
    page.fill("#id_sections-0-body", BODY.replace("trois", "quatre"))
    _save(aicha, mission, title="Le titre d’Aïcha", **{"sections-0-body": BODY.replace("trois", "cinq")})

    page.locator('input[name="_save"]').click()
    title, body = page.locator("fieldset.question").all()
    title.get_by_label("Garder le mien").check()
    body.get_by_label("Écrire", exact=True).check()
    body.get_by_label("Texte à enregistrer").fill(BODY.replace("trois", "six"))
    page.get_by_role("button", name="Enregistrer avec ces choix").click()

    expect(page.locator("ul.messagelist li.success").first).to_be_visible()
    mission.refresh_from_db()
    assert (mission.title, mission.sections.get(position=1).body) == ("Le titre de Marie", BODY.replace("trois", "six"))
