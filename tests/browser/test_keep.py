"""Nothing typed is lost in a real browser: an ended session, a closed page, a server that is down, a logout."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Dialog, Page, expect

from projects.models import KeyFigure, Mission
from tests import factories
from tests.browser.conftest import TIMEOUT, PageFactory, axe_violations, page_faults, sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "un mot de passe très long"  # noqa: S105
COPIES = "[...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter((key) => key.includes('copy.')).length"


@pytest.fixture
def mission() -> Mission:
    mission = factories.make_draft(edition=factories.make_edition(), number=9)
    for position, value in enumerate(["20", "65 000"], start=1):
        KeyFigure.objects.create(mission=mission, value=value, label="ménages", position=position)
    return mission


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("marie", password=PASSWORD))
    return client


class Form:
    """The form of a mission as the person who types meets it."""

    def __init__(self, page: Page, mission: Mission) -> None:
        self.page, self.mission = page, mission
        self.open()

    def open(self) -> None:
        self.page.goto(reverse("admin:projects_mission_change", args=[self.mission.pk]))
        self.is_ready()

    def is_ready(self) -> None:
        expect(self.page.locator(".keep-state")).to_be_visible(timeout=TIMEOUT)
        expect(self.page.locator(".prose-menubar [aria-pressed]").first).to_be_attached()

    def editor(self, prefix: str) -> Any:
        return self.page.locator(f".prose-editor:has(#id_{prefix}) .ProseMirror").first

    def type_everywhere(self) -> None:
        """A title, rich text in a saved and in a new section, a new row, moved up."""
        self.page.fill("#id_title", "Un titre tapé")
        self.editor("sections-0-body").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type("Une rubrique tapée")
        self.page.locator("#sections-group .add-row a").click()
        self.page.locator("#id_sections-3-kind").select_option("autre")
        self.editor("sections-3-body").click()
        self.page.keyboard.type("Une rubrique neuve")
        self.page.locator("#key_figures-group .add-row a").click()
        self.page.fill("#id_key_figures-2-value", "neuf")
        self.page.fill("#id_key_figures-2-label", "mois")
        self.page.locator("#key_figures-2").get_by_role("button", name="Monter").click()

    def click_save(self) -> None:
        self.page.locator('input[name="_continue"]').click()

    def is_saved(self) -> None:
        expect(self.page.locator("ul.messagelist li.success")).to_be_visible(timeout=TIMEOUT)

    def answer(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()


def written(mission: Mission) -> list[Any]:
    fresh = Mission.objects.get(pk=mission.pk)
    bodies = list(fresh.sections.values_list("body", flat=True))
    return [fresh.title, bodies[0], bodies[3:], list(fresh.key_figures.values_list("value", flat=True))]


TYPED = ["Un titre tapé", "<p>Une rubrique tapée</p>", ["<p>Une rubrique neuve</p>"], ["20", "neuf", "65 000"]]


def test_expired_session_brings_the_form_back(browser_page: PageFactory, staff: Client, mission: Mission) -> None:
    form = Form(browser_page(client=staff), mission)
    before = written(mission)
    form.type_everywhere()
    Session.objects.all().delete()

    form.click_save()
    expect(form.page.get_by_text("Votre saisie n’est pas perdue")).to_be_visible(timeout=TIMEOUT)
    form.page.fill("#id_username", "marie")
    form.page.fill("#id_password", PASSWORD)
    form.page.keyboard.press("Enter")
    form.is_ready()

    notice = form.page.locator("[data-resumed]")
    expect(notice).to_contain_text("rien n’est perdu, vérifiez et enregistrez.")
    expect(notice).to_be_focused()
    assert written(mission) == before
    form.click_save()
    form.is_saved()
    assert written(mission) == TYPED
    assert page_faults(form.page) == []


def test_copy_comes_back_after_the_page_was_closed(browser_page: PageFactory, staff: Client, mission: Mission) -> None:
    form = Form(browser_page(client=staff), mission)
    form.answer("Oui, c’est mon poste")
    form.type_everywhere()
    expect(form.page.locator(".keep-state")).to_contain_text("Copie de sécurité gardée à")
    form.page.wait_for_timeout(1500)
    context = form.page.context
    form.page.close()

    again = Form(context.new_page(), mission)
    found = again.page.get_by_role("region", name="Saisie retrouvée")
    expect(found).to_contain_text("Une saisie non enregistrée du ")
    again.answer("Voir")
    expect(found.locator("dd").filter(has_text="Une rubrique neuve")).to_be_visible()
    assert axe_violations(again.page) == []
    again.answer("Restaurer")
    expect(again.editor("sections-3-body")).to_have_text("Une rubrique neuve")
    expect(again.editor("sections-0-body")).to_have_text("Une rubrique tapée")
    again.click_save()
    again.is_saved()

    assert written(mission) == TYPED
    assert again.page.evaluate(COPIES) == 0


def test_server_that_is_down_leaves_the_form(browser_page: PageFactory, staff: Client, mission: Mission) -> None:
    form = Form(browser_page(390, "dark", client=staff), mission)
    form.answer("Non")
    form.type_everywhere()
    form.page.route(
        "**/change/",
        lambda route: route.fulfill(status=503, body="") if route.request.method == "POST" else route.continue_(),
    )

    form.click_save()
    alert = form.page.locator(".send-state[role=alert]")
    expect(alert).to_contain_text("Le site rencontre un problème\u00a0: rien n’a été enregistré.")
    expect(alert).to_be_focused()
    assert sideways_scroll(form.page) == 0
    form.page.unroute("**/change/")
    form.page.route("**/change/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    form.page.wait_for_timeout(2000)  # a second click at once would be a double click
    form.click_save()
    expect(alert).to_contain_text("La réponse du site n’est pas arrivée")
    form.page.unroute("**/change/")
    form.page.wait_for_timeout(2000)
    form.page.fill("#id_title", "")
    form.click_save()
    expect(form.page.locator(".errornote")).to_be_visible(timeout=TIMEOUT)
    form.page.fill("#id_title", "Un titre tapé")
    form.page.wait_for_timeout(1000)
    form.click_save()
    form.is_saved()

    assert written(mission) == TYPED
    assert form.page.evaluate(COPIES) == 0


def test_logout_removes_every_copy(browser_page: PageFactory, staff: Client, mission: Mission) -> None:
    form = Form(browser_page(client=staff), mission)
    form.answer("Oui, c’est mon poste")
    form.page.fill("#id_title", "Un titre tapé")
    expect(form.page.locator(".keep-state")).to_contain_text("Copie de sécurité gardée à")
    warned = []

    def stay_or_leave(dialog: Dialog) -> None:
        warned.append(dialog.type)
        dialog.accept()

    form.page.on("dialog", stay_or_leave)

    kept = form.page.evaluate(COPIES)
    form.page.locator("#logout-form button").click()
    form.page.wait_for_url("**/logout/")

    assert (kept, warned) == (1, ["beforeunload"])
    assert form.page.evaluate(COPIES) == 0


def test_copy_of_another_account_is_not_shown(browser_page: PageFactory, staff: Client, mission: Mission) -> None:
    form = Form(browser_page(client=staff), mission)
    form.answer("Oui, c’est mon poste")
    form.page.fill("#id_title", "Un titre tapé")
    expect(form.page.locator(".keep-state")).to_contain_text("Copie de sécurité gardée à")
    paul = Client()
    paul.force_login(User.objects.create_superuser("paul"))
    url = form.page.url

    form.page.context.clear_cookies()
    form.page.context.add_cookies(
        [{"name": "sessionid", "value": paul.cookies["sessionid"].value, "domain": "localhost", "path": "/"}]
    )
    form.page.goto(url)
    form.is_ready()

    assert form.page.get_by_role("region", name="Saisie retrouvée").count() == 0
    assert "Un titre tapé" not in form.page.content()
