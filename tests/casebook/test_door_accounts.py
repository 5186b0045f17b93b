"""Accounts: invitations and links, passwords, sessions, second factors, and who may change whom."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casebook.accounts import links, rights, second_factor, sessions
from casebook.accounts.journal import Kind
from casebook.models import AccessLink
from projects import roles
from tests import pages
from tests.casebook.door import (
    CODE,
    ENROL,
    INDEX,
    LOGIN,
    PASSWORD,
    code,
    enter,
    is_in,
    make_phone,
    make_user,
    of_person,
    sign_in,
)
from tests.conftest import ReadOnlyGetClient

pytestmark = pytest.mark.django_db

PEOPLE, INVITE = "/admin/auth/user/", "/admin/auth/user/add/"
NEVER_STORED = "no-store, max-age=0, no-cache, must-revalidate, private"
NEW = "quatre-barques-sans-phare"


@pytest.fixture
def administrator() -> User:
    return make_user("alix", roles.ADMINISTRATEUR)


@pytest.fixture
def boss(client: Client, administrator: User) -> Client:
    return sign_in(client, administrator)


def group(name: str) -> int:
    return Group.objects.get(name=name).pk


def invite(boss: Client, **values: Any) -> Any:
    sent = {"first_name": "Zoé", "last_name": "Œuvrard", "email": "Zoe@Exemple.fr", "groups": group(roles.EDITEUR)}
    return boss.post(INVITE, sent | values)


def shown_link(response: Any) -> str:
    found = re.search(r'value="http://testserver(/admin/acces/[^"]+)"', response.text)
    assert found, response.text
    return found[1]


def accept(client: Client, link: str, **values: str) -> Any:
    sent = {"first_name": "Zoé", "last_name": "Œuvrard", "new_password1": NEW, "new_password2": NEW}
    return client.post(link, sent | values)


def change(boss: Client, person: User, **values: Any) -> Any:
    sent = {"first_name": person.first_name, "last_name": person.last_name, "email": person.email, "is_active": "on"}
    sent |= {"groups": [one.pk for one in person.groups.all()]}
    sent = {name: value for name, value in (sent | values).items() if value is not None}
    return boss.post(reverse("admin:auth_user_change", args=[person.pk]), sent)


def words(kind: Kind | None = None) -> list[str]:
    entries = LogEntry.objects.order_by("pk")
    return list((entries.filter(action_flag=kind) if kind else entries).values_list("change_message", flat=True))


# Invitations


def test_invited_person_chooses_the_password_and_comes_in(boss: Client) -> None:
    shown = invite(boss)
    link = shown_link(shown)
    guest = ReadOnlyGetClient()
    welcome = guest.get(link)

    response = accept(guest, link)

    person = User.objects.get(email="zoe@exemple.fr")
    assert (shown["Cache-Control"], "zoe@exemple.fr" in welcome.text) == (NEVER_STORED, True)
    assert response["Location"] == INDEX
    assert is_in(guest)
    assert (person.username, person.is_staff, person.is_superuser) == ("zoe@exemple.fr", True, False)
    assert [one.name for one in person.groups.all()] == [roles.EDITEUR]
    assert words(Kind.INVITATION) == [
        "Invitation en groupe Éditeurs.",
        "Lien d’accès affiché.",
        "Invitation acceptée, mot de passe choisi.",
    ]


def test_link_serves_once(boss: Client) -> None:
    link = shown_link(invite(boss))
    accept(ReadOnlyGetClient(), link)
    thief = ReadOnlyGetClient()

    page, taken = thief.get(link), accept(thief, link)

    assert (page.status_code, taken.status_code, is_in(thief)) == (410, 410, False)


def test_newer_link_kills_the_older(boss: Client) -> None:
    first = shown_link(invite(boss))
    person = User.objects.get(email="zoe@exemple.fr")

    second = shown_link(boss.post(of_person(person, "lien")))

    assert [ReadOnlyGetClient().get(link).status_code for link in (first, second)] == [410, 200]


@pytest.mark.parametrize("case", ["old", "closed", "tampered", "unknown"])
def test_link_that_does_not_hold_says_the_same_in_every_case(boss: Client, case: str) -> None:
    link = shown_link(invite(boss))
    if case == "old":
        AccessLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    if case == "closed":
        User.objects.filter(email="zoe@exemple.fr").update(is_active=False)
    asked = {"tampered": link[:-2] + "x/", "unknown": "/admin/acces/inconnu/"}.get(case, link)

    page = ReadOnlyGetClient().get(asked)

    assert page.status_code == 410
    assert "un lien plus récent l’a remplacé" in page.text
    assert "exemple.fr" not in page.text


def test_link_is_not_readable_in_the_database(boss: Client) -> None:
    token = shown_link(invite(boss)).split("/")[-2]

    assert token not in repr(AccessLink.objects.values().get())
    assert token not in repr(list(LogEntry.objects.values()))


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("court-phare", "12"),
        ("123456789012345", "numérique"),
        ("zoe@exemple.fr", "semblable"),
        ("Zoé Œuvrard!", "semblable"),
        ("1qaz2wsx3edc", "courant"),
    ],
)
def test_weak_password_is_refused_and_the_link_still_serves(boss: Client, password: str, said: str) -> None:
    link = shown_link(invite(boss))
    guest = ReadOnlyGetClient()

    refused = accept(guest, link, new_password1=password, new_password2=password)

    assert said in "".join(re.findall(r'class="errorlist"[^>]*>(.*?)</ul>', refused.text, re.DOTALL))
    assert accept(guest, link)["Location"] == INDEX


def test_link_is_mailed_where_mail_is_set_up(boss: Client, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.exemple.fr"

    response = invite(boss)

    person = User.objects.get(email="zoe@exemple.fr")
    assert response["Location"] == reverse("admin:auth_user_change", args=[person.pk])
    [message] = mail.outbox
    assert (message.to, message.subject) == (["zoe@exemple.fr"], "Votre accès à Regards croisés")
    [link] = re.findall(r"http://testserver(\S+)", str(message.body))
    assert ReadOnlyGetClient().get(link).status_code == 200


def test_mail_that_does_not_leave_shows_the_link(boss: Client, settings: Any) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    response = invite(boss)

    assert "Le message n’a pas pu partir" in response.text
    assert ReadOnlyGetClient().get(shown_link(response)).status_code == 200


def test_same_address_is_invited_once(boss: Client) -> None:
    invite(boss)

    assert "Une autre personne a déjà cette adresse" in invite(boss, email="ZOE@exemple.fr").text


def test_link_does_not_go_around_the_second_factor(client: Client, settings: Any) -> None:
    person = make_user()
    device = make_phone(person)
    link = reverse("admin:access_link", args=[links.issue(person)])

    accept(client, link)
    half = is_in(client)
    client.post(CODE, {"code": code(device)})

    assert (half, is_in(client)) == (False, True)


def test_invited_person_who_publishes_enrols_at_once(boss: Client, settings: Any) -> None:
    link = shown_link(invite(boss))
    settings.REQUIRE_SECOND_FACTOR = True
    guest = ReadOnlyGetClient()

    page = accept(guest, link)

    assert f'action="{ENROL}"' in page.text
    assert not is_in(guest)


# Forgotten


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "beside", lambda work: work())


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("typed", "sent"),
    [("camille", 1), ("CAMILLE@exemple.fr", 1), ("personne", 0), ("ferme", 0), ("", 0)],
)
def test_forgotten_password_answers_the_same_to_all(client: Client, settings: Any, typed: str, sent: int) -> None:
    settings.EMAIL_HOST = "mail.exemple.fr"
    make_user()
    make_user("ferme", is_active=False)

    page = client.post("/admin/mot-de-passe-oublie/", {"name": typed})

    assert ("Si un compte porte ce nom" in page.text) is bool(typed)
    assert len(mail.outbox) == sent


@pytest.mark.usefixtures("at_once")
def test_forgotten_password_sends_no_flood(client: Client, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.exemple.fr"
    make_user()

    for _ in range(3):
        client.post("/admin/mot-de-passe-oublie/", {"name": "camille"})

    assert len(mail.outbox) == 1


def test_forgotten_password_looks_nobody_up_before_it_answers(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    settings.EMAIL_HOST = "mail.exemple.fr"
    monkeypatch.setattr(links, "beside", lambda work: None)
    make_user()

    for name in ("camille", "personne"):
        with django_assert_num_queries(1):  # the site's name
            client.post("/admin/mot-de-passe-oublie/", {"name": name})


def test_without_mail_the_administrator_is_the_way(client: Client) -> None:
    page = client.post("/admin/mot-de-passe-oublie/", {"name": "camille"})

    assert "Demandez à un administrateur" in page.text
    assert not AccessLink.objects.exists()


# Sessions


def test_session_ends_when_idle_and_a_request_keeps_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, make_user())
    start = time.time()
    opened = {}
    for minutes in (100, 190, 300, 421):
        monkeypatch.setattr(time, "time", lambda minutes=minutes: start + 60 * minutes)
        opened[minutes] = is_in(client)

    assert opened == {100: True, 190: True, 300: True, 421: False}


def test_session_ends_twelve_hours_after_the_login(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, make_user())
    start = time.time()
    opened = []
    for minutes in range(60, 60 * 13, 60):
        monkeypatch.setattr(time, "time", lambda minutes=minutes: start + 60 * minutes)
        opened.append(is_in(client))

    assert opened == [True] * 12 or opened == [True] * 11 + [False]
    monkeypatch.setattr(time, "time", lambda: start + 60 * 60 * 12 + 1)
    assert not is_in(client)


def test_idle_session_is_not_kept_by_a_cookie_of_another_session(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make_user()
    sign_in(client, user)
    is_in(client)
    other = sign_in(ReadOnlyGetClient(), user)
    start = time.time()
    monkeypatch.setattr(time, "time", lambda: start + 60 * 100)
    is_in(other)
    monkeypatch.setattr(time, "time", lambda: start + 60 * 130)

    client.cookies[sessions.SEEN] = other.cookies[sessions.SEEN].value

    assert not is_in(client)
    assert is_in(other)


def test_new_password_late_in_the_day_keeps_ones_session(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The session changes its key there: the date of the last request must follow it."""
    sign_in(client, make_user())
    start = time.time()
    for minutes in (100, 200):
        monkeypatch.setattr(time, "time", lambda minutes=minutes: start + 60 * minutes)
        is_in(client)

    client.post("/admin/password_change/", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})

    assert is_in(client)


def test_person_told_why_the_session_ended(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, make_user())
    start = time.time()
    monkeypatch.setattr(time, "time", lambda: start + 60 * 121)

    page = client.get(INDEX, follow=True)

    assert "Votre session est terminée" in page.text


def test_one_ends_ones_other_sessions(client: Client) -> None:
    user = make_user()
    other, stranger = sign_in(ReadOnlyGetClient(), user), sign_in(ReadOnlyGetClient(), make_user("dominique"))
    sign_in(client, user)

    client.post("/admin/mon-compte/sessions/")

    assert [is_in(one) for one in (client, other, stranger)] == [True, False, True]
    assert words(Kind.LOGOUT) == ["1\u00a0autre session terminée."]


def test_new_password_ends_the_other_sessions_and_the_links(client: Client) -> None:
    user = make_user()
    other = sign_in(ReadOnlyGetClient(), user)
    sign_in(client, user)
    link = links.issue(user)

    refused = client.post(
        "/admin/password_change/", {"old_password": "non", "new_password1": NEW, "new_password2": NEW}
    )
    client.post("/admin/password_change/", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})

    assert "Ce n’est pas votre mot de passe actuel" in refused.text
    assert [is_in(one) for one in (client, other)] == [True, False]
    assert links.owner(link) is None
    assert words(Kind.PASSWORD) == ["Mot de passe changé."]


# One's second factor


def test_phone_is_enrolled_changed_and_removed(client: Client) -> None:
    user = make_user()
    other = sign_in(ReadOnlyGetClient(), user)
    sign_in(client, user)
    ask = "/admin/mon-compte/second-facteur/"

    without = client.post(ask, {"action": "telephone", "password": "non"})
    client.post(ask, {"action": "telephone", "password": PASSWORD})
    key = client.session["second_factor_key"]
    page = client.get("/admin/mon-compte/telephone/")
    shown = client.post("/admin/mon-compte/telephone/", {"code": code(second_factor.TOTPDevice(key=key))})
    first = re.findall(r"<code>([^<]+)</code>", shown.text)
    again = client.post(ask, {"action": "codes", "password": PASSWORD})
    had = second_factor.device_of(user)
    client.post(ask, {"action": "retirer", "password": PASSWORD})

    assert "Ce n’est pas votre mot de passe." in without.text
    assert second_factor.key_in_groups(key) in page.text
    assert (len(first), set(first) & set(re.findall(r"<code>([^<]+)</code>", again.text))) == (10, set())
    assert [had is not None, second_factor.device_of(user)] == [True, None]
    assert [is_in(client), is_in(other)] == [True, False]
    assert words(Kind.SECOND_FACTOR) == ["Téléphone enregistré.", "Nouveaux codes de secours.", "Téléphone retiré."]


def test_required_second_factor_is_not_removed(client: Client, settings: Any) -> None:
    user = make_user()
    device = make_phone(user)
    settings.REQUIRE_SECOND_FACTOR = True
    enter(client)
    client.post(CODE, {"code": code(device)})

    client.post("/admin/mon-compte/second-facteur/", {"action": "retirer", "password": PASSWORD})

    assert second_factor.device_of(user) == device


def test_administrator_removes_the_second_factor_of_a_lost_phone(boss: Client, settings: Any) -> None:
    person = make_user()
    make_phone(person)
    open_session = sign_in(ReadOnlyGetClient(), person)

    boss.post(of_person(person, "second-facteur"))

    assert second_factor.device_of(person) is None
    assert not is_in(open_session)
    assert words(Kind.SECOND_FACTOR) == ["Second facteur retiré par un autre compte."]


# Who may change whom


def test_deactivated_person_is_out_at_once(boss: Client) -> None:
    person = make_user()
    open_session = sign_in(ReadOnlyGetClient(), person)
    link = links.issue(person)

    change(boss, person, is_active=None)

    assert not is_in(open_session)
    assert links.owner(link) is None
    assert words(Kind.RIGHTS) == ["Accès fermé."]


def test_changed_groups_are_noted_in_words(boss: Client) -> None:
    person = make_user(group=roles.REDACTEUR)

    change(boss, person, groups=[group(roles.EDITEUR)])

    assert words(Kind.RIGHTS) == ["Groupes\u00a0: Rédacteurs → Éditeurs."]


def test_nobody_raises_their_own_rights(boss: Client, administrator: User) -> None:
    change(boss, administrator, groups=[group(roles.EDITEUR)], is_superuser="on", user_permissions="1", is_active=None)

    administrator.refresh_from_db()
    assert [one.name for one in administrator.groups.all()] == [roles.ADMINISTRATEUR]
    assert (administrator.is_superuser, administrator.is_active) == (False, True)
    assert administrator.user_permissions.count() == 0


def test_crafted_fields_are_not_read(boss: Client) -> None:
    person = make_user(group=roles.REDACTEUR)

    change(boss, person, is_superuser="on", is_staff="", user_permissions="1", username="autre", password="x")  # noqa: S106

    person.refresh_from_db()
    assert (person.is_superuser, person.is_staff, person.username) == (False, True, "camille")
    assert person.check_password(PASSWORD)


def test_somebody_who_manages_accounts_gives_no_right_that_they_lack(client: Client) -> None:
    clerk = make_user("charlie", roles.REDACTEUR)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "add_user", "change_user"]))
    sign_in(client, clerk)
    writer, editor = make_user("dominique", roles.REDACTEUR), make_user("eden", roles.EDITEUR)

    page = client.get(reverse("admin:auth_user_change", args=[writer.pk])).text
    raised = change(client, writer, groups=[group(roles.ADMINISTRATEUR)])
    taken_over = [
        client.post(of_person(editor, action)).status_code for action in ("lien", "second-facteur", "sessions")
    ]
    changed = change(client, editor, email="charlie@ailleurs.example")

    assert re.findall(r'name="groups" value="(\d+)"', page) == [str(group(roles.REDACTEUR))]
    assert raised.status_code == 200
    assert [one.name for one in writer.groups.all()] == [roles.REDACTEUR]
    assert (taken_over, changed.status_code) == ([403, 403, 403], 403)


def test_administrator_touches_no_superuser(boss: Client, admin_user: User) -> None:
    answers = [
        boss.post(of_person(admin_user, action)).status_code for action in ("lien", "second-facteur", "sessions")
    ]

    assert answers == [403, 403, 403]
    assert change(boss, admin_user, email="prise@exemple.fr").status_code == 403


@pytest.mark.parametrize("values", [{"is_active": None}, {"groups": "redacteurs"}])
def test_last_administrator_stays(client: Client, administrator: User, values: dict[str, Any]) -> None:
    """Asked by somebody whose right to manage accounts ends with the same click."""
    clerk = make_user("charlie", roles.ADMINISTRATEUR)
    sign_in(client, clerk)
    User.objects.filter(pk=clerk.pk).update(password="!invited")  # noqa: S106
    clerk.refresh_from_db()
    sign_in(client, clerk)
    if "groups" in values:
        values = {"groups": [group(roles.REDACTEUR)]}

    page = change(client, administrator, **values)

    assert "C’est la dernière personne qui peut gérer les accès" in page.text
    assert list(rights.administrators()) == [administrator]


def test_only_an_invitation_that_nobody_took_up_is_deleted(boss: Client) -> None:
    invite(boss)
    invited, person = User.objects.get(email="zoe@exemple.fr"), make_user()

    answers = [
        boss.post(reverse("admin:auth_user_delete", args=[one.pk]), {"post": "yes"}) for one in (person, invited)
    ]

    assert [answer.status_code for answer in answers] == [403, 302]
    assert not User.objects.filter(pk=invited.pk).exists()


def test_nobody_types_anothers_password(boss: Client) -> None:
    person = make_user()

    assert boss.get(f"{PEOPLE}{person.pk}/password/").status_code in {302, 404}
    assert boss.get(INVITE).text.count('type="password"') == 0


@pytest.mark.parametrize("asked", ["password__startswith=pbkdf2", "totpdevice__key__startswith=a", "is_superuser=1"])
def test_list_answers_no_question_about_secrets(boss: Client, asked: str) -> None:
    assert boss.get(f"{PEOPLE}?{asked}").status_code in {302, 400}


def test_no_page_shows_the_secrets_of_the_libraries(boss: Client, admin_client: Client) -> None:
    for app in ("otp_totp", "otp_static", "axes"):
        assert admin_client.get(f"/admin/{app}/").status_code == 404


def test_list_of_people_costs_the_same_for_one_and_for_many(boss: Client, django_assert_num_queries: Any) -> None:
    boss.get(PEOPLE)
    with django_assert_num_queries(COST := 15):
        boss.get(PEOPLE)
    for number in range(6):
        make_phone(make_user(f"personne{number}"))

    with django_assert_num_queries(COST):
        page = boss.get(PEOPLE)

    assert page.text.count('<td class="field-shown_factor">oui') == 6


def test_groups_are_shown_and_not_changed(boss: Client) -> None:
    page = boss.get(reverse("admin:auth_group_change", args=[group(roles.REDACTEUR)]))
    sent = boss.post(reverse("admin:auth_group_change", args=[group(roles.REDACTEUR)]), {"name": "Autre"})

    assert "mission\u00a0: voir, ajouter, modifier" in page.text
    assert sent.status_code == 403


@pytest.mark.parametrize("address", [LOGIN, "/admin/mot-de-passe-oublie/", "/admin/acces/inconnu/"])
def test_pages_before_the_admin_are_well_formed(client: Client, address: str) -> None:
    page = client.get(address)

    assert [fault for fault in pages.page_faults(page.text) if fault != "no language"] == []
    assert "no-store" in page["Cache-Control"]
