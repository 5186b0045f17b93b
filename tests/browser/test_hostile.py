"""Hostile text in every field, seen on every screen of a real browser: nothing runs, nothing leaves, nothing breaks."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Dialog, Page

from casebook.lost_session.kept import TOO_OLD, Kept
from people.models import Person
from projects import working_copies
from projects.history import bin
from projects.models import MethodExtract, Mission
from tests.browser.conftest import PageFactory, page_faults, sideways_scroll
from tests.browser.hostile import RICH, TEXTS, full_of_hostility
from tests.mission_form import change_url
from tests.projects.imports.batches import batch_of
from tests.projects.imports.samples import RECUEIL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_WRONG = """() => [
  ...(window.pris ? ["a script ran"] : []),
  ...[...document.links].map((a) => a.protocol).filter((p) => !/^(https?|mailto|tel):$/.test(p)),
  ...[...document.querySelectorAll("base, object, embed, meta[http-equiv=refresh], [onerror], [onload], [onclick]")]
    .map((element) => element.outerHTML),
  ...[...document.forms].map((form) => form.getAttribute("action") || "").filter((to) => to.startsWith("http")),
]"""


class Watched:
    """A page of which everything that should not happen is noted, with the address where it did."""

    def __init__(self, page: Page, home: str) -> None:
        self.page, self.faults = page, []
        page.on("request", lambda asked: self._note(asked.url.startswith((home, "data:", "blob:")), asked.url))
        page.on("dialog", self._close)

    def _note(self, is_fine: bool, what: str) -> None:
        if not is_fine:
            self.faults.append((self.page.url, what))

    def _close(self, box: Dialog) -> None:
        self._note(box.type == "beforeunload", f"dialog {box.message}")
        box.accept()

    def look(self, address: str = "") -> None:
        if address:
            self.page.goto(address)
        for frame in self.page.frames:
            self.faults += [(address or self.page.url, wrong) for wrong in frame.evaluate(_WRONG)]
        if wider := sideways_scroll(self.page):
            self.faults.append((address or self.page.url, f"{wider} px too wide"))


@pytest.fixture
def boss() -> Client:
    client = Client()
    user = User.objects.create_superuser(TEXTS[1][:150], "chef@exemple.fr", first_name=TEXTS[0], last_name=TEXTS[5])
    client.force_login(user)
    return client


def public_addresses(mission: Mission) -> Iterator[str]:
    yield from ("/", "/missions/", f"/missions/?q={TEXTS[0]}&theme={TEXTS[1]}", "/themes/", "/domaines/", "/recueils/")
    yield from ("/methodes/", "/collectivites/", "/ressources/", "/a-propos/", f"/mes-extraits/?e={_extract(mission)}")
    yield mission.get_absolute_url()
    method = mission.method_uses.get().method
    yield from (method.get_absolute_url(), f"{method.get_absolute_url()}carte/")
    named = [mission.theme, mission.edition, mission.collectivities.first()]
    yield from (thing.get_absolute_url() for thing in named if thing)


def _extract(mission: Mission) -> int:
    return MethodExtract.objects.filter(use__mission=mission).get().pk


def admin_addresses(draft: Mission, copy: Mission) -> Iterator[str]:
    yield from ("/admin/", "/admin/projects/mission/chercher/?q=window", "/admin/qui-a-fait-quoi/")
    yield from ("/admin/projects/mission/methodes-proposees/", "/admin/projects/mission/recherches/")
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        first = model._default_manager.order_by("pk").first()
        if first is not None and model is not Mission:
            yield reverse(f"{name}_change", args=[first.pk])
    for page in ("change", "history", "comparer", "delete"):
        yield reverse(f"admin:projects_mission_{page}", args=[draft.pk])
    yield reverse("admin:projects_tagging_mission", args=[draft.pk])
    yield reverse("admin:projects_mission_abandon", args=[copy.pk])
    person = Person.objects.order_by("pk").first()
    yield from (reverse(f"admin:people_person_{page}", args=[person.pk]) for page in ("history", "delete") if person)


def test_hostile_text_runs_nowhere(browser_page: PageFactory, live_server: Any, boss: Client) -> None:
    draft, public = full_of_hostility()
    copy, _ = working_copies.open_copy(public)
    bin.throw([Person.objects.create(first_name=TEXTS[3][:80], last_name=TEXTS[1])])
    told = RECUEIL.replace("trois mairies", RICH.replace("\x00", "")).replace("# ", f"# {TEXTS[3]} ")
    batch = batch_of(told, edition="2031")
    batch.files.update(name=TEXTS[1])
    fiche = reverse("admin:projects_importbatch_fiche", args=[batch.pk, 1])
    page = browser_page(390, client=boss)
    watched = Watched(page, live_server.url)

    for address in [*public_addresses(public), *admin_addresses(draft, copy), fiche]:
        watched.look(address)

    # the preview beside the form, what exists already, and advice on the texts
    page.goto(change_url(draft))
    with page.expect_response("**/existe-deja/**"):
        page.fill("#id_title", f"{TEXTS[1]} en saisie")
    page.get_by_role("button", name="Aperçu", exact=True).click()
    page.frame_locator("#preview iframe").locator("h1").wait_for()
    watched.look()

    # a conflict, by a form that was open meanwhile
    page.goto(change_url(draft))
    Mission.objects.filter(pk=draft.pk).update(title=f"{TEXTS[3]} le sien")
    page.fill("#id_title", f"{TEXTS[1]} le mien")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_text("Deux personnes ont changé la même chose").first.wait_for()
    watched.look()

    # what was typed before the session ended
    kept = Kept(change_url(draft), "", TOO_OLD, [("title", TEXTS[3]), ("sections-0-body", RICH)], [TEXTS[1]])
    answer = boss.post(change_url(draft), {"_kept": kept.text()})
    page.route("**/kept-page/", lambda route: route.fulfill(body=answer.text, headers=dict(answer.headers)))
    watched.look("/kept-page/")

    assert watched.faults == []
    assert page_faults(page) == []
