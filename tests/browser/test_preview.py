"""The preview beside the form in a real browser: it follows typing, runs no script, and stays quiet."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from projects.models import Mission
from projects.models.mission import State
from tests import factories
from tests.browser.conftest import PageFactory, axe_violations, page_faults, sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOSTILE = "<p>Avant</p><script>top.ran = 1</script><img src=x onerror='top.ran = 1'><p onclick='top.ran = 1'>Après</p>"


class Preview:
    """The form with its preview open."""

    def __init__(self, page: Page, mission: Mission) -> None:
        self.page = page
        page.goto(reverse("admin:projects_mission_change", args=[mission.pk]))
        expect(page.locator(".prose-menubar [aria-pressed]").first).to_be_attached()
        self.button = page.get_by_role("button", name="Aperçu", exact=True)
        self.pane = page.get_by_role("dialog", name="Aperçu")
        self.frame = page.frame_locator("#preview iframe")
        self.button.click()
        expect(self.frame.locator("h1")).to_be_visible()

    def width(self) -> Any:
        return self.frame.locator("html").evaluate("html => html.ownerDocument.defaultView.innerWidth")


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("marie"))
    return client


@pytest.fixture
def draft() -> Mission:
    return factories.make_mission("Un brouillon", state=State.DRAFT, methods=[factories.make_method()])


def test_preview_follows_typing_at_every_width(browser_page: PageFactory, staff: Client, draft: Mission) -> None:
    preview = Preview(browser_page(client=staff), draft)
    heading = preview.frame.locator("h1")

    preview.page.fill("#id_title", "Un titre tout neuf")
    expect(heading).to_contain_text("Un titre tout neuf")
    preview.page.locator(".prose-editor:has(#id_sections-0-body) .ProseMirror").click()
    preview.page.keyboard.press("Control+A")
    preview.page.keyboard.type("Un contexte neuf")
    expect(preview.frame.locator("#rubrique-1")).to_contain_text("Un contexte neuf")
    widths = [preview.width()]
    for name in ("Ordinateur", "Impression"):
        preview.pane.get_by_role("button", name=name).click()
        widths.append(preview.width())

    assert widths == [390, 1280, 794]
    expect(preview.frame.locator(".site-footer")).to_be_hidden()
    preview.pane.get_by_role("button", name="Téléphone").click()
    expect(preview.frame.locator(".site-footer")).to_be_visible()
    preview.page.fill("#id_title", "")
    expect(preview.pane.locator("li")).to_have_text("Titre : Ce champ est obligatoire.")
    expect(heading).to_contain_text("Un titre tout neuf")
    assert page_faults(preview.page) == []
    # a link leads nowhere; Chromium notes the click itself in its console
    preview.page.locator("#preview iframe").evaluate("frame => frame.contentDocument.querySelector('.brand').click()")
    expect(heading).to_contain_text("Un titre tout neuf")
    draft.refresh_from_db()
    assert draft.title == "Un brouillon"


def test_no_script_of_what_is_written_runs(browser_page: PageFactory, staff: Client, draft: Mission) -> None:
    Mission.objects.filter(pk=draft.pk).update(title="<script>top.ran = 1</script><img src=x onerror='top.ran = 1'>")
    draft.sections.filter(position=1).update(body=HOSTILE)
    page = browser_page(client=staff)
    preview = Preview(page, draft)

    page.fill("#id_summary_asked", "<svg onload='top.ran = 1'>")
    expect(preview.frame.locator(".fiche__brief")).to_contain_text("<svg onload")
    preview.frame.locator("#rubrique-1").click()
    page.locator("#preview iframe").evaluate(
        "frame => { const script = frame.contentDocument.createElement('script');"
        " script.textContent = 'top.ran = 2'; frame.contentDocument.body.append(script) }"
    )

    assert page.evaluate("window.ran") is None


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_preview_is_accessible(
    browser_page: PageFactory, staff: Client, draft: Mission, width: int, scheme: str
) -> None:
    page = browser_page(width, scheme, client=staff)

    preview = Preview(page, draft)

    assert sideways_scroll(page) == 0
    assert page_faults(page) == []
    assert axe_violations(page, exclude=["iframe"]) == []
    preview.pane.get_by_role("button", name="Fermer").click()
    expect(preview.button).to_be_focused()
