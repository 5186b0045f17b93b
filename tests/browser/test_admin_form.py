"""The mission form in a real browser: the editor under the strict policy, the order of the parts, axe."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from casebook.richtext import sanitize
from projects.models import Mission, Section, Speaker, parts
from projects.models.mission import State
from tests import factories
from tests.browser.conftest import PageFactory, axe_violations, page_faults, sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EVERY_ELEMENT = (
    "<h3>Un titre</h3><p>Du <strong>gras</strong>, de l’<em>italique</em>, m<sup>2</sup>, CO<sub>2</sub>, "
    '<a href="https://example.org/" rel="noopener">un lien</a>,<br>à\u00a0la ligne\u202f!</p>'
    "<h4>Un sous-titre</h4><ul><li>un</li><li>deux\n<ul><li>deux bis</li></ul></li></ul>"
    '<ol start="3"><li>trois</li><li><p>quatre</p><p>en deux paragraphes</p></li></ol>'
    "<blockquote><p>Une citation.</p></blockquote>"
    '<table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
    '<tbody><tr><th scope="row">1</th><td>x</td></tr><tr><td colspan="2">y</td></tr></tbody></table>'
    "<p>Fin.</p>"
)


class MissionForm:
    """The form as a person meets it."""

    def __init__(self, page: Page, mission: Mission) -> None:
        self.page = page
        page.goto(reverse("admin:projects_mission_change", args=[mission.pk]))
        expect(page.locator(".prose-menubar [aria-pressed]").first).to_be_attached()

    def editor(self, prefix: str) -> Any:
        return self.page.locator(f".prose-editor:has(#id_{prefix}) .ProseMirror").first

    def row(self, prefix: str) -> Any:
        return self.page.locator(f"#{prefix}")

    def announced(self) -> str:
        return str(self.page.locator("p[role=status]").inner_text())

    def save(self) -> None:
        self.page.locator('input[name="_continue"]').click()
        expect(self.page.locator("ul.messagelist li.success")).to_be_visible()


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("marie"))
    return client


@pytest.fixture
def mission() -> Mission:
    edition = factories.make_edition()
    mission = factories.make_mission(
        edition=edition,
        number=9,
        state=State.DRAFT,
        methods=[factories.make_method()],
        domains=[factories.make_domain()],
        texts={Section.Kind.ZOOM: EVERY_ELEMENT},
    )
    factories.add_author(mission, factories.make_person("Zoé", "Martin"))
    factories.add_tutor(mission, factories.make_person("Ali", "Diallo"))
    for position, value in enumerate(["20", "65 000", "3"], start=1):
        parts.KeyFigure.objects.create(mission=mission, value=value, label="ménages", position=position)
    testimonial = parts.Testimonial.objects.create(mission=mission, text="<p>Merci à l’équipe.</p>")
    Speaker.objects.create(testimonial=testimonial, first_name="Zoé", last_name="Martin", role="maire")
    parts.Reference.objects.create(mission=mission, text="Un guide", url="https://example.org/")
    parts.FollowUp.objects.create(mission=mission, kind="annoncee", text="À suivre")
    return mission


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_form_is_accessible_and_quiet(
    browser_page: PageFactory, staff: Client, mission: Mission, width: int, scheme: str
) -> None:
    page = browser_page(width, scheme, client=staff)

    MissionForm(page, mission)

    assert page_faults(page) == []
    assert axe_violations(page) == []
    assert sideways_scroll(page) == 0


def test_typed_spaces_are_stored_as_spaces(browser_page: PageFactory, staff: Client, mission: Mission) -> None:
    form = MissionForm(browser_page(client=staff), mission)
    box = form.editor("sections-0-body")

    box.click()
    form.page.keyboard.press("Control+A")
    form.page.keyboard.type("Trois mots  et  des espaces ")
    form.page.keyboard.press("Enter")
    form.page.keyboard.type("puis la suite")
    form.save()

    assert mission.sections.get(position=1).body == "<p>Trois mots  et  des espaces </p><p>puis la suite</p>"
    assert page_faults(form.page) == []


def test_every_element_comes_back_as_it_was(browser_page: PageFactory, staff: Client, mission: Mission) -> None:
    assert sanitize(EVERY_ELEMENT) == EVERY_ELEMENT
    form = MissionForm(browser_page(client=staff), mission)

    form.editor("sections-3-body").locator("p").last.click()
    form.page.keyboard.press("End")
    form.page.keyboard.type("X")
    form.page.keyboard.press("Backspace")
    form.save()

    assert mission.sections.get(position=4).body == EVERY_ELEMENT
    assert page_faults(form.page) == []


def test_editor_speaks_french_and_is_named(browser_page: PageFactory, staff: Client, mission: Mission) -> None:
    form = MissionForm(browser_page(client=staff), mission)
    editor = form.page.locator(".prose-editor:has(#id_sections-0-body)")

    names = [button.get_attribute("aria-label") for button in editor.locator(".prose-menubar button:visible").all()]

    assert names == [
        "Titre",
        "Sous-titre",
        "Citation",
        "Paragraphe",
        "Liste à puces",
        "Liste numérotée",
        "Gras",
        "Italique",
        "Indice",
        "Exposant",
        "Lien",
        "Insérer un tableau",
        "Annuler",
        "Rétablir",
    ]
    box = form.editor("sections-0-body")
    assert [box.get_attribute(name) for name in ("aria-label", "role", "spellcheck")] == [
        "Texte : Contexte",
        "textbox",
        None,
    ]
    assert len(editor.locator(".prose-menubar button[tabindex='0']").all()) == 1


def test_dialogs_of_the_editor_are_in_french(browser_page: PageFactory, staff: Client, mission: Mission) -> None:
    form = MissionForm(browser_page(client=staff), mission)
    form.editor("sections-0-body").click()

    form.page.locator(".prose-editor:has(#id_sections-0-body) [data-name=table]").click()

    dialog = form.page.locator("dialog.prose-editor-dialog")
    assert dialog.inner_text().split("\n")[0] == "Tableau"
    dialog.get_by_label("Avec une ligne de titres").select_option(label="Oui")
    dialog.get_by_role("button", name="Insérer").click()
    form.save()
    body = mission.sections.get(position=1).body
    assert "<thead><tr><th></th><th></th><th></th></tr></thead><tbody><tr><td></td>" in body
    assert page_faults(form.page) == []


def test_rows_move_by_keyboard_and_say_so(browser_page: PageFactory, staff: Client, mission: Mission) -> None:
    form = MissionForm(browser_page(client=staff), mission)
    up = form.row("sections-2").get_by_role("button", name="Monter")

    up.focus()
    form.page.keyboard.press("Enter")

    assert form.announced() == "Des clés pour agir : place 2 sur 4."
    expect(up).to_be_focused()
    form.page.keyboard.press("Enter")
    form.page.keyboard.press("Enter")
    assert form.announced() == "Des clés pour agir : déjà en première place."
    form.row("key_figures-0").get_by_role("button", name="Descendre").click()
    form.save()
    assert list(mission.sections.values_list("kind", flat=True)) == [
        "cles_pour_agir",
        "contexte",
        "problematique",
        "zoom",
    ]
    assert list(mission.key_figures.values_list("value", flat=True)) == ["65 000", "20", "3"]


def test_new_rows_are_added_moved_and_removed(browser_page: PageFactory, staff: Client, mission: Mission) -> None:
    form = MissionForm(browser_page(client=staff), mission)
    add = form.page.locator("#key_figures-group .add-row a")

    add.click()
    form.page.locator("#id_key_figures-3-value").fill("neuf")
    form.row("key_figures-3").get_by_role("button", name="Monter").click()
    add.click()
    form.page.locator("#id_key_figures-4-value").fill("de trop")
    form.row("key_figures-4").get_by_role("button", name="Monter").click()
    form.row("key_figures-4").locator("a.inline-deletelink").click()
    form.save()

    assert list(mission.key_figures.values_list("position", "value")) == [
        (1, "20"),
        (2, "65 000"),
        (3, "neuf"),
        (4, "3"),
    ]
    assert page_faults(form.page) == []


def test_text_of_a_new_section_has_its_editor(browser_page: PageFactory, staff: Client, mission: Mission) -> None:
    form = MissionForm(browser_page(client=staff), mission)

    form.page.locator("#sections-group .add-row a").click()
    form.page.locator("#id_sections-4-kind").select_option("autre")
    form.editor("sections-4-body").click()
    form.page.keyboard.type("Une rubrique de plus")
    form.save()

    assert mission.sections.get(position=5).body == "<p>Une rubrique de plus</p>"
    assert page_faults(form.page) == []


def test_form_clicked_twice_is_sent_once(browser_page: PageFactory, staff: Client) -> None:
    page = browser_page(client=staff)
    page.goto(reverse("admin:projects_mission_add"))
    page.fill("#id_title", "Une seule fois")

    page.locator('input[name="_save"]').dblclick(delay=60)

    expect(page.locator("ul.messagelist li.success")).to_be_visible()
    assert list(Mission.objects.values_list("title", flat=True)) == ["Une seule fois"]
