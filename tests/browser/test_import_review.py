"""A recueil from drop to published in a real browser: by mouse, by keyboard, and what each screen is like."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from projects.imports import batch as batches
from projects.imports.apply import apply
from projects.imports.decisions import Review, decide
from projects.models import ImportBatch, Mission
from tests.browser.conftest import PageFactory, axe_violations, page_faults, sideways_scroll
from tests.projects.imports.batches import batch_of
from tests.projects.imports.samples import RECUEIL, book_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DEMO = Path(settings.BASE_DIR) / "fixtures" / "demo"
DOUBTFUL = 5  # a fiche of the demo book whose testimonial is not signed
LIST = "/admin/projects/importbatch/"


@pytest.fixture
def user() -> User:
    return User.objects.create_superuser("marie")


@pytest.fixture
def staff(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def demo(user: User) -> ImportBatch:
    return batch_of((DEMO / "recueil-2019.md").read_text(encoding="utf-8"), user=user)


def address(name: str, *args: int) -> str:
    return reverse(f"admin:projects_importbatch_{name}", args=args)


def lift_doubts(batch: ImportBatch) -> None:
    for fiche, value in list(Review(batch).doubts()):
        first = next((choice.key for choice in value.choices if choice.key), "")
        decide(fiche.row.pk, value.key, "accepter", first, "", "Marie")


def unsigned(batch: ImportBatch) -> str:
    """The key of the doubt about a testimonial."""
    fiche = Review(batch).fiche(DOUBTFUL)
    assert fiche is not None
    return next(value.key for value in fiche.doubts if value.key.startswith("section:"))


def corrected_again(user: User) -> ImportBatch:
    """A second version of a book that the catalogue has as drafts: a sentence and a figure are corrected."""
    apply(book_of(RECUEIL))
    text = RECUEIL.replace("dans trois mairies", "dans quatre mairies").replace(
        "visites en un an", "visites en deux ans"
    )
    return batch_of(text, user=user)


def value(page: Page, key: str):
    return page.locator(f"article[data-key='{key}']")


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_screens_are_accessible_and_quiet(
    browser_page: PageFactory, staff: Client, demo: ImportBatch, user: User, width: int, scheme: str
) -> None:
    reading = batches.receive([("fiche.md", b"x")], user)
    refused = batches.receive([("image.png", b"\x89PNG")], user)
    batches.read(refused.pk)
    corrected = corrected_again(user)
    screens = [
        LIST,
        address("receive"),
        address("batch", reading.pk),
        address("batch", refused.pk),
        address("batch", corrected.pk),
        address("fiche", corrected.pk, 1),
        address("change", demo.pk),
        address("batch", demo.pk),
        address("fiche", demo.pk, DOUBTFUL),
        address("undo", demo.pk),
    ]
    faults = {}

    for screen in screens:
        page = browser_page(width, scheme, client=staff)
        page.goto(screen)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")  # where the bar covers nothing
        faults[screen] = [*page_faults(page), *axe_violations(page), *["sideways"] * (sideways_scroll(page) > 0)]

    assert {screen: found for screen, found in faults.items() if found} == {}


@pytest.mark.parametrize("width", [320, 390])
def test_batch_is_stacked_on_a_narrow_screen(
    browser_page: PageFactory, staff: Client, demo: ImportBatch, width: int
) -> None:
    page = browser_page(width, client=staff)
    page.goto(address("batch", demo.pk))

    cells = page.get_by_role("row").nth(2).get_by_role("cell")
    lefts = cells.evaluate_all("cells => cells.map((cell) => Math.round(cell.getBoundingClientRect().left))")

    assert sideways_scroll(page) == 0
    assert len(set(lefts)) == 1
    expect(page.get_by_role("row").nth(2)).to_contain_text("Nouvelle mission")


def test_known_fiche_is_reviewed_to_its_end_by_keyboard(browser_page: PageFactory, staff: Client, user: User) -> None:
    batch = corrected_again(user)
    page = browser_page(client=staff)
    page.goto(address("fiche", batch.pk, 1))
    keys = [v.key for v in Review(batch).fiches[0].doubts]

    for key in keys:
        page.keyboard.press("d")
        expect(value(page, key)).to_be_focused()
        page.keyboard.press("Tab")
        while not page.evaluate("document.activeElement.matches('input[type=radio]')"):
            page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(value(page, key).locator(".value-state")).to_have_text("Accepté")
    expect(value(page, keys[0]).locator(".value-body")).to_contain_text("Prendre le document")
    page.get_by_role("button", name="Terminer la fiche 01").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Relire la fiche 02")
    assert [made["value"] for made in batch.fiches.get(position=1).decisions.values() if made["value"]] == [
        "prendre",
        "prendre",
    ]
    assert page_faults(page) == []


def test_recognised_values_stay_unfolded_after_a_decision(browser_page: PageFactory, staff: Client, user: User) -> None:
    batch = corrected_again(user)
    page = browser_page(client=staff)
    page.goto(address("fiche", batch.pk, 1))

    page.get_by_text("Reconnu sans doute au catalogue").click()
    page.keyboard.press("Tab")
    page.keyboard.press("a")

    expect(page.locator(".recognised .value-state").first).to_have_text("Accepté")
    assert page.locator(".recognised").evaluate("group => group.open") is True


def test_recueil_from_drop_to_published_by_mouse(browser_page: PageFactory, staff: Client) -> None:
    page = browser_page(client=staff)
    page.goto(LIST)

    page.get_by_role("link", name="Importer des fiches").click()
    page.get_by_label("Fichiers à importer").set_input_files(DEMO / "recueil-2019.md")
    page.get_by_role("button", name="Lire les fichiers").click()
    expect(page.get_by_role("button", name="Accepter tout ce qui est sûr")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Accepter tout ce qui est sûr").click()
    page.get_by_role("link", name="Doute suivant").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Relire la fiche 05")
    batch = ImportBatch.objects.get()
    doubt = value(page, unsigned(batch))
    doubt.get_by_role("button", name="Accepter").click()
    expect(doubt.locator(".value-state")).to_have_text("Accepté")
    lift_doubts(batch)
    page.goto(address("batch", batch.pk))
    page.get_by_role("button", name="Accepter tout ce qui est sûr").click()
    page.get_by_role("button", name="Créer les brouillons (22").click()
    page.get_by_role("button", name="Publier ce qui peut l’être").click()

    expect(page.locator("ul.messagelist li.success")).to_contain_text("missions publiées")
    assert Mission.objects.published().count() == 22
    assert page_faults(page) == []


def test_fiche_is_reviewed_by_keyboard(browser_page: PageFactory, staff: Client, demo: ImportBatch) -> None:
    page = browser_page(client=staff)
    page.goto(address("fiche", demo.pk, DOUBTFUL))
    key = unsigned(demo)
    doubt = value(page, key)

    for _ in range(8):
        page.keyboard.press("d")
        if doubt.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.press("a")
    expect(doubt.locator(".value-state")).to_have_text("Accepté")
    expect(doubt.get_by_role("button", name="Revenir")).to_be_focused()
    expect(page.locator("#review-live")).to_have_text("Témoignage de la collectivité\u00a0: Accepté.")
    page.keyboard.press("e")
    expect(doubt.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("Une jade dans un texte")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(doubt.locator(".value-state")).to_have_text("Corrigé")
    expect(doubt.locator(".value-text").first).to_have_text("Une jade dans un texte")
    made = demo.fiches.get(position=DOUBTFUL).decisions[key]
    assert (made["do"], made["value"]) == ("modifier", "Une jade dans un texte")
    assert page_faults(page) == []


def test_shortcuts_are_switched_off(browser_page: PageFactory, staff: Client, demo: ImportBatch) -> None:
    page = browser_page(client=staff)
    page.goto(address("fiche", demo.pk, DOUBTFUL))

    page.get_by_text("Raccourcis clavier").click()
    page.get_by_label("Raccourcis actifs").uncheck()
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.reload()

    assert page.get_by_label("Raccourcis actifs", exact=True).is_checked() is False
    assert page.locator(".is-current").count() == 0
    assert demo.fiches.get(position=DOUBTFUL).decisions == {}


def test_lost_network_keeps_what_was_typed(browser_page: PageFactory, staff: Client, demo: ImportBatch) -> None:
    page = browser_page(client=staff)
    page.goto(address("fiche", demo.pk, DOUBTFUL))
    title = value(page, "title")
    title.locator(".edit > summary").click()
    title.get_by_role("textbox").fill("Un titre écrit hors ligne")

    page.context.set_offline(True)
    title.get_by_role("button", name="Enregistrer").click()

    expect(title.get_by_role("alert")).to_contain_text("La connexion est perdue")
    expect(title.get_by_role("textbox")).to_have_value("Un titre écrit hors ligne")
    page.context.set_offline(False)
    title.get_by_role("button", name="Enregistrer").click()
    expect(title.locator(".value-state")).to_have_text("Corrigé")


def test_conflict_shows_the_other_decision(browser_page: PageFactory, staff: Client, demo: ImportBatch) -> None:
    page = browser_page(client=staff)
    page.goto(address("fiche", demo.pk, DOUBTFUL))
    title = value(page, "title")
    title.locator(".edit > summary").click()
    title.get_by_role("textbox").fill("Mon titre")
    decide(demo.fiches.get(position=DOUBTFUL).pk, "title", "modifier", "Le titre de Paul", "", "Paul")

    title.get_by_role("button", name="Enregistrer").click()

    expect(title.get_by_role("alert")).to_contain_text("Paul a décidé de «\u00a0Titre\u00a0» entre-temps")
    expect(title.locator(".value-text").first).to_have_text("Le titre de Paul")
    expect(title.get_by_role("textbox")).to_have_value("Mon titre")


def test_selected_lines_are_attached_elsewhere(browser_page: PageFactory, staff: Client, demo: ImportBatch) -> None:
    page = browser_page(client=staff)
    page.goto(address("fiche", demo.pk, DOUBTFUL))
    line = page.locator(".line-placed[data-target^='v-section']").first
    number = line.get_attribute("data-line")

    line.locator(".line-text").select_text()
    expect(page.locator("#attach-first")).to_have_value(number or "")
    page.locator(".attach select").select_option("ecarter")
    page.get_by_role("button", name="Rattacher", exact=True).click()

    expect(page.locator("#rattacher .move")).to_contain_text(f"l.\u00a0{number}")
    assert json.dumps(demo.fiches.get(position=DOUBTFUL).decisions).count(f"move:{number}-{number}") == 1


def test_everything_works_without_script(browser_page: PageFactory, staff: Client, demo: ImportBatch) -> None:
    page = browser_page(client=staff, java_script_enabled=False)
    page.goto(address("fiche", demo.pk, DOUBTFUL))
    key = unsigned(demo)

    value(page, key).get_by_role("button", name="Accepter").click()

    expect(value(page, key).locator(".value-state")).to_have_text("Accepté")
    assert page.url.endswith(f"#v-{key}")
