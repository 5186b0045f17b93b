"""The door in a real browser: an invitation taken up with its second factor, and every page of it without a fault."""

import re
from typing import Any

import pytest
from axes.models import AccessFailureLog
from django.contrib.auth.models import User
from django_otp.plugins.otp_totp.models import TOTPDevice

from casebook.accounts.journal import Kind, journal
from projects import roles
from tests.browser.conftest import PageFactory, axe_violations, follow, page_faults, sideways_scroll
from tests.casebook.door import PASSWORD, code, make_user, sign_in
from tests.conftest import ReadOnlyGetClient

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENS = [(390, "dark"), (1280, "light")]


def faults(page: Any) -> list[Any]:
    """What is wrong with this page. Axe itself tries styles that the policy refuses: what that says is not counted."""
    said = page_faults(page)[getattr(page, "said_by_axe", 0) :]
    wide = sideways_scroll(page)
    found = [*said, *axe_violations(page), *([f"{wide} pixels too wide"] if wide else [])]
    page.said_by_axe = len(page_faults(page))
    return found


def typed_secret(page: Any) -> TOTPDevice:
    from base64 import b32decode

    return TOTPDevice(key=b32decode(page.locator(".secret").inner_text().replace(" ", "")).hex())


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_invitation_is_taken_up_with_a_phone(browser_page: PageFactory, settings: Any, width: int, scheme: str) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    boss = sign_in(ReadOnlyGetClient(), make_user("alix", roles.ADMINISTRATEUR))
    page = browser_page(width, scheme, client=boss)
    found = {}

    page.goto("/admin/auth/user/add/")
    page.locator("[name=first_name]").fill("Zoé")
    page.locator("[name=last_name]").fill("Œuvrard")
    page.locator("[name=email]").fill("zoe@exemple.fr")
    page.get_by_label("Éditeurs").check()
    found["invite"] = faults(page)
    follow(page, page.locator(".submit-row [name=_save]"))
    link = page.get_by_label("Lien à transmettre").input_value()
    found["link"] = faults(page)
    settings.REQUIRE_SECOND_FACTOR = True
    guest = browser_page(width, scheme)
    guest.goto(link)
    found["arrival"] = faults(guest)
    guest.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    guest.get_by_label("Le même").fill(PASSWORD)
    follow(guest, guest.get_by_role("button", name="Entrer"))
    found["enrol"] = faults(guest)
    guest.get_by_label("Code", exact=True).fill(code(typed_secret(guest)))
    follow(guest, guest.get_by_role("button", name="Enregistrer ce téléphone"))
    found["codes"] = faults(guest)
    codes = guest.locator(".recovery-codes code").all_inner_texts()
    follow(guest, guest.get_by_role("button", name="Je les ai notés"))
    inside = guest.url
    follow(guest, guest.get_by_role("button", name="Déconnexion"))
    guest.goto("/admin/mon-compte/")
    found["login"] = faults(guest)
    guest.get_by_label("Identifiant").fill("zoe@exemple.fr")
    guest.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    follow(guest, guest.get_by_role("button", name="Se connecter"))
    found["code"] = faults(guest)
    guest.get_by_label("Code", exact=True).fill(codes[0])
    follow(guest, guest.get_by_role("button", name="Continuer"))

    assert found == {name: [] for name in found}
    assert len(found) == 7
    assert re.sub(r"https?://[^/]+", "", inside) == "/admin/"
    assert guest.locator("h1").inner_text() == "Mon compte"
    assert "9\u00a0codes de secours" in guest.locator("main").inner_text()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_pages_of_accounts_have_no_fault(browser_page: PageFactory, settings: Any, width: int, scheme: str) -> None:
    boss = make_user("alix", roles.ADMINISTRATEUR)
    person = make_user("dominique")
    journal(boss, person, "Accès fermé.", Kind.RIGHTS)
    AccessFailureLog.objects.create(username="inconnue", ip_address="192.0.2.7", user_agent="", locked_out=True)
    page = browser_page(width, scheme, client=sign_in(ReadOnlyGetClient(), boss))
    found = {}

    for address in (
        "/admin/mon-compte/",
        "/admin/password_change/",
        "/admin/qui-a-fait-quoi/",
        "/admin/auth/user/",
        f"/admin/auth/user/{person.pk}/change/",
        "/admin/auth/group/",
        f"/admin/auth/group/{person.groups.get().pk}/change/",
    ):
        page.goto(address)
        found[address] = faults(page)

    assert found == {name: [] for name in found}


def test_lock_says_what_and_what_to_do(browser_page: PageFactory, settings: Any) -> None:
    settings.AXES_ENABLED = True
    make_user()
    page = browser_page(390, "light")
    page.goto("/admin/login/")

    for _ in range(8):
        page.get_by_label("Identifiant").fill("camille")
        page.get_by_label("Mot de passe", exact=True).fill("faux-mot-de-passe")
        follow(page, page.get_by_role("button", name="Se connecter"))

    assert page.locator("h1").inner_text() == "Trop d’essais"
    assert "Attendez 15\u00a0minutes" in page.locator("main").inner_text()
    assert axe_violations(page) == []
    assert not User.objects.filter(last_login__isnull=False).exists()
