"""The login in its steps, and the attacks on it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from casebook.accounts import second_factor
from casebook.accounts.journal import Kind
from projects import roles
from tests.casebook.door import CODE, ENROL, INDEX, LOGIN, PASSWORD, code, enter, is_in, make_phone, make_user, sign_in
from tests.conftest import ReadOnlyGetClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def locks(settings: Any) -> None:
    settings.AXES_ENABLED = True


@pytest.fixture
def required(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


def test_password_alone_opens_where_no_second_factor_is_required(client: Client) -> None:
    make_user()

    response = enter(client, next="/admin/projects/mission/")

    assert (response.status_code, response["Location"]) == (302, "/admin/projects/mission/")
    assert is_in(client)
    assert list(LogEntry.objects.values_list("action_flag", "change_message")) == [
        (Kind.LOGIN, "Connexion depuis 127.0.0.1.")
    ]


@pytest.mark.parametrize("address", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)", "\\\\x"])
def test_next_leads_nowhere_else(client: Client, address: str) -> None:
    make_user()

    assert enter(client, next=address)["Location"] == INDEX


@pytest.mark.parametrize("name", ["camille", "personne", "ferme", "eleve"])
def test_every_refusal_reads_the_same(client: Client, name: str) -> None:
    make_user()
    make_user("ferme", is_active=False)
    make_user("eleve", is_staff=False)

    page = enter(client, name, "faux-mot-de-passe" if name == "camille" else PASSWORD).text

    assert re.findall(r'role="alert">([^<]+)', page) == [
        "Cet identifiant et ce mot de passe ne vont pas ensemble, ou ce compte n’ouvre pas l’administration. "
        "Les majuscules comptent."
    ]


def test_unknown_name_costs_a_password_hash_too(client: Client, settings: Any) -> None:
    """What takes the time of a refusal is the hash: it is made whether or not somebody has the name."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    made = []
    settings.PASSWORD_HASHERS = ["tests.casebook.test_door_login.CountingHasher"]
    CountingHasher.made = made
    make_user()
    make_user("invitee").set_unusable_password()
    made.clear()
    counts = {}

    for name in ("camille", "personne", "invitee"):
        enter(client, name, "faux-mot-de-passe")
        counts[name] = len(made)
        made.clear()

    assert issubclass(CountingHasher, MD5PasswordHasher)
    assert counts == {"camille": 1, "personne": 1, "invitee": 1}


def test_email_names_are_written_in_any_case(client: Client) -> None:
    make_user("camille@exemple.fr")

    enter(client, "Camille@Exemple.fr")

    assert is_in(client)


# The lock


def fail(client: Client, times: int, name: str = "camille", **values: Any) -> Any:
    for _ in range(times):
        response = client.post(LOGIN, {"username": name, "password": "faux-mot-de-passe"}, **values)
    return response


@pytest.mark.usefixtures("locks")
@pytest.mark.parametrize("name", ["camille", "personne"])
def test_eight_failures_lock_a_name_from_an_address_whoever_has_it(client: Client, name: str) -> None:
    make_user()

    seventh, eighth = fail(client, 7, name), fail(client, 1, name)
    after = enter(client, name)

    assert [seventh.status_code, eighth.status_code, after.status_code] == [200, 429, 429]
    assert "pendant 15\u00a0minutes" in eighth.text
    assert eighth.text.count(name) == 0
    assert eighth["Retry-After"] == "900"
    assert not is_in(client)
    assert AccessFailureLog.objects.filter(locked_out=True).count() == 1


@pytest.mark.usefixtures("locks")
def test_locked_pages_are_the_same_for_all_names(client: Client) -> None:
    make_user()

    pages = [re.sub(r"csrf\S+ \S+ \S+", "", fail(client, 8, name).text) for name in ("camille", "personne")]

    assert pages[0] == pages[1]


@pytest.mark.usefixtures("locks")
def test_lock_leaves_other_addresses_and_other_names_alone(client: Client) -> None:
    make_user()
    make_user("dominique")
    fail(client, 8)

    assert enter(client, "dominique").status_code == 302
    assert client.post(LOGIN, {"username": "camille", "password": PASSWORD}, REMOTE_ADDR="192.0.2.7").status_code == 302


@pytest.mark.usefixtures("locks")
def test_lock_ends_by_itself_and_is_not_prolonged_by_trying(client: Client) -> None:
    make_user()
    fail(client, 8)
    fail(client, 3)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))

    assert enter(client).status_code == 302


@pytest.mark.usefixtures("locks")
def test_success_forgets_the_failures(client: Client) -> None:
    make_user()
    fail(client, 7)
    enter(client)
    client.post("/admin/logout/")

    assert fail(client, 7).status_code == 200


@pytest.mark.usefixtures("locks")
@pytest.mark.parametrize(
    ("behind", "header", "locked"),
    [
        (False, "198.51.100.{}", True),
        (True, "203.0.113.5, 198.51.100.{}", False),
        (True, "{}.0.0.1, 198.51.100.9", True),
    ],
)
def test_forwarded_addresses_are_believed_from_our_proxy_only(
    client: Client, settings: Any, behind: bool, header: str, locked: bool
) -> None:
    settings.BEHIND_PROXY = behind
    make_user()

    for number in range(1, 9):
        response = fail(client, 1, HTTP_X_FORWARDED_FOR=header.format(number))

    assert (response.status_code == 429) is locked


@pytest.mark.usefixtures("locks")
def test_nothing_that_was_posted_stays_in_the_table_of_attempts(client: Client) -> None:
    client.post(LOGIN, {"username": "camille", "password": "zibeline", "_kept": "hermine"})
    client.post(LOGIN, {"username": "camille", "password": "zibeline", "_kept": "hermine"})

    attempt = AccessAttempt.objects.get()

    assert (attempt.get_data, attempt.post_data, attempt.failures_since_start) == ("", "", 2)


@pytest.mark.usefixtures("locks")
def test_password_typed_as_a_name_is_kept_nowhere(client: Client) -> None:
    make_user("Camille")
    fail(client, 1, "zibeline-et-hermine")
    fail(client, 1, "Camille")

    kept = list(AccessFailureLog.objects.order_by("pk").values_list("username", flat=True))

    assert [name.split(":")[0] for name in kept] == ["inconnu", "camille"]
    assert "zibeline" not in repr([list(model.objects.values()) for model in (AccessFailureLog, AccessAttempt)])


# The second factor


def test_code_is_asked_of_whoever_has_a_phone(client: Client) -> None:
    device = make_phone(make_user())

    first = enter(client, next="/admin/projects/mission/")
    half = is_in(client)
    response = client.post(CODE, {"code": code(device), "next": "/admin/projects/mission/"})

    assert (first.status_code, 'name="code"' in first.text, half) == (200, True, False)
    assert response["Location"] == "/admin/projects/mission/"
    assert is_in(client)


def test_code_serves_once(client: Client) -> None:
    device = make_phone(make_user())
    shown = code(device)
    enter(client)
    client.post(CODE, {"code": shown})
    other = ReadOnlyGetClient()
    enter(other)

    response = other.post(CODE, {"code": shown})

    assert "il a déjà servi" in response.text
    assert not is_in(other)


def test_recovery_code_serves_once_and_is_not_readable_in_the_database(client: Client) -> None:
    user = make_user()
    make_phone(user)
    codes = second_factor.renew_codes(user)
    enter(client)
    client.post(CODE, {"code": f" {codes[0].upper()} "})
    other = ReadOnlyGetClient()
    enter(other)

    other.post(CODE, {"code": codes[0]})

    assert (is_in(client), is_in(other)) == (True, False)
    assert len(set(codes)) == 10
    assert second_factor.codes_left(user) == 9
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert not kept & {text for one in codes for text in (one, one.replace("-", ""))}


def test_wrong_codes_make_one_wait(client: Client) -> None:
    device = make_phone(make_user())
    enter(client)

    client.post(CODE, {"code": "000000"})
    response = client.post(CODE, {"code": code(device)})

    assert "Réessayez dans" in response.text
    assert not is_in(client)


@pytest.mark.usefixtures("locks")
def test_wrong_codes_lock_as_wrong_passwords_do(client: Client) -> None:
    device = make_phone(make_user())
    enter(client)

    for _ in range(8):
        response = client.post(CODE, {"code": "zzz"})
    again = client.post(CODE, {"code": code(device)})
    anew = enter(client)

    assert [response.status_code, again.status_code, anew.status_code] == [429, 429, 429]
    assert not is_in(client)


def test_steps_are_over_after_ten_minutes_or_when_the_password_changed(client: Client) -> None:
    user = make_user()
    device = make_phone(user)
    enter(client)
    user.set_password("une-autre-barque-verte")
    user.save()

    changed = client.post(CODE, {"code": code(device)})
    enter(client, password="une-autre-barque-verte")  # noqa: S106
    session = client.session
    session["entering"] |= {"at": session["entering"]["at"] - 601}
    session.save()
    late = client.post(CODE, {"code": code(device)})

    assert [changed["Location"], late["Location"]] == ["/admin/login/?next=%2Fadmin%2F"] * 2


def test_nobody_reaches_the_code_without_a_password(client: Client) -> None:
    make_phone(make_user())

    assert [client.get(page)["Location"] for page in (CODE, ENROL)] == ["/admin/login/?next=%2Fadmin%2F"] * 2


def test_session_known_before_the_login_is_worth_nothing_after_it(client: Client) -> None:
    """A session planted in somebody's browser opens nothing once they have logged in."""
    device = make_phone(make_user())
    planted = client.session
    planted["planted"] = True
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    enter(client)
    halfway = client.cookies["sessionid"].value
    client.post(CODE, {"code": code(device)})
    final = client.cookies["sessionid"].value

    thief = ReadOnlyGetClient()
    opened = []
    for key in (planted.session_key, halfway, final):
        thief.cookies["sessionid"] = key
        opened.append(is_in(thief))

    assert opened == [False, False, True]


def kept_in(page: Any) -> str:
    [text] = re.findall(r'name="_kept" value="([^"]+)" form="login-form"', page.text)
    return text


@pytest.mark.parametrize("has_phone", [True, False])
def test_what_was_typed_goes_through_every_step(client: Client, settings: Any, has_phone: bool) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    user = make_user()
    device = make_phone(user) if has_phone else None
    address = "/admin/projects/theme/add/"

    door = client.post(address, {"name": "Piloter autrement", "_editor": str(user.pk)})
    step = enter(client, next=address, _kept=kept_in(door))
    device = device or TOTPDevice(key=client.session["entering"]["key"])
    wrong = client.post(CODE if has_phone else ENROL, {"code": "abc", "next": address, "_kept": kept_in(step)})
    page = client.post(CODE if has_phone else ENROL, {"code": code(device), "next": address, "_kept": kept_in(wrong)})
    if not has_phone:
        page = client.post(ENROL, {"next": address, "_kept": kept_in(page)})

    assert "Votre saisie est là" in page.text
    assert f'action="{address}"' in page.text
    assert is_in(client)


# Required


@pytest.mark.usefixtures("required")
def test_whoever_publishes_enrols_before_anything_else(client: Client) -> None:
    make_user()

    page = enter(client, next="/admin/projects/mission/")
    key = client.session["entering"]["key"]
    wrong = client.post(ENROL, {"code": "000000"})
    half = is_in(client)
    shown = client.post(ENROL, {"code": code(TOTPDevice(key=key)), "next": "/admin/projects/mission/"})
    onward = client.post(ENROL, {"next": "/admin/projects/mission/"})

    assert second_factor.key_in_groups(key) in page.text
    assert 'src="data:image/svg+xml' in page.text
    assert ("n’est pas celui" in wrong.text, half) == (True, False)
    assert len(re.findall(r"<code>[a-z2-9]{5}-[a-z2-9]{5}</code>", shown.text)) == 10
    assert (shown["Cache-Control"], onward["Location"]) == (
        "max-age=0, no-cache, no-store, must-revalidate, private",
        "/admin/projects/mission/",
    )
    assert is_in(client)


@pytest.mark.usefixtures("required")
def test_whoever_only_writes_needs_no_second_factor(client: Client) -> None:
    make_user(group=roles.REDACTEUR)

    enter(client)

    assert is_in(client)


@pytest.mark.usefixtures("required")
def test_code_that_enrolled_a_phone_does_not_log_in_again(client: Client) -> None:
    make_user()
    enter(client)
    shown = code(TOTPDevice(key=client.session["entering"]["key"]))
    client.post(ENROL, {"code": shown})
    other = ReadOnlyGetClient()
    enter(other)

    other.post(CODE, {"code": shown})

    assert (is_in(client), is_in(other)) == (True, False)


def admin_addresses() -> list[str]:
    """Every address under the admin, with a number where one is asked."""

    def walk(patterns: list[Any], before: str) -> Any:
        for pattern in patterns:
            text = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, text)
            elif isinstance(pattern, URLPattern):
                yield "/" + re.sub(r"[\^$\\]|\(\?P.*", "", re.sub(r"<[^>]+>", "1", text))

    return [address for address in walk(get_resolver().url_patterns, "") if address.startswith("/admin/")]


OPEN = {LOGIN, CODE, ENROL, "/admin/acces/1/", "/admin/mot-de-passe-oublie/"}  # they show nothing of the site


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize(("state", "method"), [("to prove", "get"), ("old session", "post")])
def test_half_a_login_opens_no_address_of_the_admin(client: Client, state: str, method: str) -> None:
    user = make_user()
    if state == "old session":
        sign_in(client, user)  # from before the second factor was required
    else:
        make_phone(user)
        enter(client)
    before = dict(client.session)
    addresses = admin_addresses()

    answers = {address: getattr(client, method)(address) for address in addresses if address not in OPEN}

    assert len(addresses) > 100
    opened = {
        address: answer.status_code
        for address, answer in answers.items()
        if not (answer.status_code == 301 or (answer.status_code == 302 and answer["Location"].startswith(LOGIN)))
        and not ("login-form" in answer.text or answer["Location"] == INDEX)
    }
    assert opened == {}
    assert dict(client.session) == before


def test_logout_by_a_link_logs_nobody_out(client: Client) -> None:
    sign_in(client, make_user())

    response = client.get("/admin/logout/")

    assert response.status_code == 405
    assert is_in(client)


@pytest.mark.parametrize("address", [LOGIN, CODE, ENROL, "/admin/mot-de-passe-oublie/", "/admin/acces/x/"])
def test_forms_of_the_door_need_their_own_origin(address: str) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(address, {"username": "camille"}).status_code == 403


from django.contrib.auth.hashers import MD5PasswordHasher  # noqa: E402


class CountingHasher(MD5PasswordHasher):
    made: list[str] = []

    def encode(self, password: str, salt: str) -> str:
        self.made.append(password)
        return super().encode(password, salt)
