"""What an editor typed comes back after a lost session or an old token, bound and not saved."""

import base64
import random
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from casebook.accounts import second_factor
from casebook.lost_session.kept import Kept
from projects import roles
from projects.models import KeyFigure, Mission, Section
from tests import factories
from tests.conftest import ReadOnlyGetClient
from tests.forms import form_data
from tests.mission_form import change_url, errors_of

pytestmark = pytest.mark.django_db
HOSTILE = "\"'><script>alert(1)</script><input name=username value=x>"
EXPIRED = "Votre session avait expiré&nbsp;: rien n’est perdu, vérifiez et enregistrez."
NOT_TYPED: dict[str, Any] = {"csrfmiddlewaretoken": "", "_save": ""}
PASSWORD = "un mot de passe très long"  # noqa: S105


@pytest.fixture
def marie() -> User:
    return User.objects.create_superuser("marie", password=PASSWORD)


@pytest.fixture
def editor(marie: User) -> Client:
    client = ReadOnlyGetClient()
    client.force_login(marie)
    return client


@pytest.fixture
def mission() -> Mission:
    mission = factories.make_draft(edition=factories.make_edition(), number=9)
    for position, value in enumerate(["20", "65 000"], start=1):
        KeyFigure.objects.create(mission=mission, value=value, label="ménages", position=position)
    return mission


def typed(editor: Client, mission: Mission) -> dict[str, Any]:
    """The form as the person leaves it: a title, rich text, a row more, a row less, rows moved."""
    data: dict[str, Any] = form_data(editor.get(change_url(mission)).text, "mission_form")
    data |= {
        "title": [HOSTILE],
        "sections-0-body": ["<p>Un <strong>texte</strong> tapé.</p>"],
        "key_figures-TOTAL_FORMS": ["3"],
        "key_figures-0-position": ["2"],
        "key_figures-1-DELETE": ["on"],
        "key_figures-2-id": [""],
        "key_figures-2-mission": [str(mission.pk)],
        "key_figures-2-section": [""],
        "key_figures-2-unit": [""],
        "key_figures-2-position": ["1"],
        "key_figures-2-value": ["neuf"],
        "key_figures-2-label": ["mois d’attente"],
        "_save": ["Enregistrer"],
    }
    return data


def stored(mission: Mission) -> Any:
    fresh = Mission.objects.get(pk=mission.pk)
    sections = list(Section.objects.filter(mission=mission).values_list("position", "body"))
    return fresh.title, fresh.updated_at, sections, list(fresh.key_figures.values_list("position", "value"))


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)


def scripts_of(page: Any) -> int:
    """How many script elements the page has that are not from an address of ours, nor the import map."""
    parser = _Tags()
    parser.feed(page.text)
    return parser.tags.count("script") - len(re.findall(r'<script[^>]*(?: src="/|importmap)', page.text))


def carried(page: Any) -> dict[str, Any]:
    """The hidden fields of the page that concern what was typed."""
    names = re.findall(r'<input type="hidden" name="(_kept)" value="([^"]*)"', page.text)
    assert len(names) == 1
    return dict(names)


def sign_in(client: Client, page: Any, name: str = "marie", password: str = PASSWORD) -> Any:
    next_url = re.search(r'name="next" value="([^"]*)"', page.text)
    assert next_url
    credentials = {"username": name, "password": password, "next": unescape(next_url[1])}
    return client.post(reverse("admin:login"), credentials | carried(page))


def resume(client: Client, page: Any, button: str = "_resume") -> Any:
    action = re.search(r'<form method="post" id="kept-form" action="([^"]*)"', page.text)
    assert action
    assert f'name="{button}"' in page.text
    return client.post(unescape(action[1]), carried(page) | {button: "1"})


def resumed_data(page: Any) -> dict[str, list[str]]:
    return form_data(page.text, "mission_form")


def test_expired_session_gives_back_the_form_filled_and_not_saved(editor: Client, mission: Mission) -> None:
    data, before = typed(editor, mission), stored(mission)
    editor.cookies.pop("sessionid")

    login = editor.post(change_url(mission), data)
    back = sign_in(editor, login)
    form = resume(editor, back)

    assert (login.status_code, back.status_code, form.status_code) == (200, 200, 200)
    assert "data-resume-at-once" in back.text
    assert EXPIRED in form.text
    assert "errornote" not in form.text
    assert resumed_data(form) | NOT_TYPED == data | NOT_TYPED
    assert stored(mission) == before
    assert scripts_of(login) == scripts_of(back) == scripts_of(form) == 0
    saved = editor.post(change_url(mission), resumed_data(form))

    assert saved.status_code == 302
    _, _, sections, figures = stored(mission)
    assert sections[0] == (1, "<p>Un <strong>texte</strong> tapé.</p>")
    assert figures == [(1, "neuf"), (2, "20")]


def test_new_mission_comes_back_too(editor: Client) -> None:
    url = reverse("admin:projects_mission_add") + "?number=4&theme="
    data = form_data(editor.get(url).text, "mission_form") | {"title": ["Une mission neuve"]}
    editor.cookies.clear()

    form = resume(editor, sign_in(editor, editor.post(url, data)))

    assert resumed_data(form)["title"] == ["Une mission neuve"]
    assert list(Mission.objects.all()) == []


def test_wrong_password_first_loses_nothing(editor: Client, mission: Mission) -> None:
    data, before = typed(editor, mission), stored(mission)
    editor.cookies.pop("sessionid")

    refused = sign_in(editor, editor.post(change_url(mission), data), password="faux")  # noqa: S106
    form = resume(editor, sign_in(editor, refused))

    assert "Votre saisie n’est pas perdue" in refused.text
    assert resumed_data(form)["key_figures-2-label"] == ["mois d’attente"]
    assert stored(mission) == before


def test_errors_of_what_was_typed_are_said_when_it_comes_back(editor: Client, mission: Mission) -> None:
    data = typed(editor, mission) | {"title": [""], "slug": [""]}
    editor.cookies.pop("sessionid")

    form = resume(editor, sign_in(editor, editor.post(change_url(mission), data)))

    assert errors_of(form) == {"title": ["Ce champ est obligatoire."]}
    assert EXPIRED in form.text


def test_other_account_sees_nothing_of_it_and_may_hand_over(editor: Client, mission: Mission) -> None:
    User.objects.create_superuser("paul", password=PASSWORD)
    data, before = typed(editor, mission), stored(mission)
    editor.cookies.pop("sessionid")

    other = sign_in(editor, editor.post(change_url(mission), data), name="paul")
    forced = editor.post(change_url(mission), carried(other) | {"_resume": "1"})
    login = editor.post(reverse("admin:logout"), carried(other))
    form = resume(editor, sign_in(editor, login))

    assert (other.status_code, forced.status_code) == (409, 409)
    assert "a été faite avec un" in other.text
    assert "mois d’attente" not in other.text + forced.text + login.text
    assert resumed_data(form)["key_figures-2-label"] == ["mois d’attente"]
    assert stored(mission) == before


def test_account_without_the_right_any_more_can_copy_its_text(mission: Mission) -> None:
    user = User.objects.create_user("lea", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name=roles.REDACTEUR))
    client = ReadOnlyGetClient()
    client.force_login(user)
    data, before = typed(client, mission), stored(mission)
    client.cookies.pop("sessionid")
    user.groups.clear()

    page = resume(client, sign_in(client, client.post(change_url(mission), data), name="lea"))

    assert page.status_code == 403
    assert page.context["texts"][-1] == ("Chiffre clé 3, ce que compte ce chiffre", "mois d’attente")
    assert stored(mission) == before


def test_mission_deleted_meanwhile_leaves_its_text(editor: Client, mission: Mission) -> None:
    data = typed(editor, mission)
    url = change_url(mission)
    editor.cookies.pop("sessionid")
    login = editor.post(url, data)
    mission.delete()

    page = resume(editor, sign_in(editor, login))

    assert page.status_code == 404
    assert "Un &lt;strong&gt;texte&lt;/strong&gt; tapé." in page.text
    assert scripts_of(page) == 0


def test_old_token_gives_back_the_form_by_one_button(marie: User, mission: Mission) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(marie)
    data, before = typed(client, mission), stored(mission)
    client.force_login(marie)  # logged in again in another tab
    client.get(reverse("admin:index"))
    client.cookies["csrftoken"] = "b" * 32

    page = client.post(change_url(mission), data)
    token = {"csrfmiddlewaretoken": re.findall(r'csrfmiddlewaretoken" value="([^"]*)', page.text)[-1]}
    form = client.post(change_url(mission), carried(page) | {"_resume": "1"} | token)

    assert page.status_code == 200
    assert "data-resume-at-once" not in page.text
    assert "Votre saisie est revenue" in form.text
    assert resumed_data(form) | NOT_TYPED == data | NOT_TYPED
    assert stored(mission) == before


def test_old_token_and_no_session_leads_through_the_login(marie: User, mission: Mission) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(marie)
    data = typed(client, mission)
    client.cookies.clear()

    page = client.post(change_url(mission), data)

    assert page.status_code == 200
    assert list(carried(page)) == ["_kept"]


@pytest.mark.parametrize("signed_in", [True, False])
def test_post_from_another_site_brings_nothing_back(marie: User, mission: Mission, signed_in: bool) -> None:
    client = Client(enforce_csrf_checks=True, headers={"origin": "https://ailleurs.example"})
    if signed_in:
        client.force_login(marie)
    before = stored(mission)

    page = client.post(change_url(mission), {"title": "Forgé"})

    assert page.status_code == 403
    assert "Ce formulaire n’est plus valable" in page.text
    assert "_kept" not in page.text
    assert stored(mission) == before


def test_forged_resume_writes_nothing(editor: Client, mission: Mission) -> None:
    before = stored(mission)
    unsigned = {"_kept": "eyJ0aXRsZSI6IkZvcmfDqSJ9", "_resume": "1"}

    answers = [
        editor.post(change_url(mission), unsigned | {"title": "Forgé"}),
        editor.post(reverse("admin:projects_tagging_propose"), unsigned),
    ]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert stored(mission) == before


def test_public_forms_keep_the_plain_page(mission: Mission) -> None:
    client = Client(enforce_csrf_checks=True)

    page = client.post(reverse("home"), {"q": "accueil"})

    assert page.status_code == 403
    assert "_kept" not in page.text


def test_passwords_tokens_and_files_do_not_travel(editor: Client, mission: Mission) -> None:
    data = typed(editor, mission) | {"password1": ["secret"], "csrfmiddlewaretoken": ["x" * 64]}
    editor.cookies.pop("sessionid")
    photo = SimpleUploadedFile("photo.jpg", b"image", "image/jpeg")

    login = editor.post(change_url(mission), data | {"cover": photo})
    form = resume(editor, sign_in(editor, login))

    kept = Kept.read(carried(login)["_kept"])
    assert kept is not None
    assert {"password1", "csrfmiddlewaretoken", "cover"} & {name for name, _ in kept.pairs} == set()
    assert kept.files == ["photo.jpg"]
    assert "Le fichier choisi ne peut pas être gardé" in login.text
    assert "choisir de nouveau\n    (photo.jpg)" in form.text


def test_as_many_fields_as_the_server_takes_come_back(editor: Client, mission: Mission) -> None:
    data = typed(editor, mission)
    room = 10_000 - sum(len(values) for values in data.values())
    editor.cookies.pop("sessionid")

    login = editor.post(change_url(mission), data | {"domains": [str(number) for number in range(room)]})
    form = resume(editor, sign_in(editor, login))

    assert resumed_data(form)["title"] == [HOSTILE]


def test_one_field_too_many_is_said_in_french(editor: Client, mission: Mission) -> None:
    page = editor.post(change_url(mission), {"domains": [str(number) for number in range(10_001)]})

    assert page.status_code == 413
    assert "Cet envoi est trop volumineux" in page.text


def test_text_too_long_for_the_way_is_said(editor: Client, mission: Mission, settings: Any) -> None:
    data = typed(editor, mission)
    editor.cookies.pop("sessionid")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 40_000
    does_not_compress = base64.b64encode(random.Random(1).randbytes(23_000)).decode()  # noqa: S311

    login = editor.post(change_url(mission), data | {"editor_note": [does_not_compress]})

    assert "_kept" not in login.text
    assert "trop longue pour passer par cette page" in login.text


def test_a_decision_is_sent_again_by_one_click(editor: Client, mission: Mission) -> None:
    url = reverse("admin:projects_synonymgroup_changelist")
    editor.cookies.pop("sessionid")

    page = sign_in(editor, editor.post(url, {"note": "un mot et un autre"}))
    again = resume(editor, page, "_resend")

    assert (page.status_code, page.context["case"]) == (200, "send")
    assert page.context["texts"] == [("Texte", "un mot et un autre")]
    assert "data-resume-at-once" not in page.text
    assert again.status_code == 200


def test_a_deletion_is_not_sent_again(editor: Client, mission: Mission) -> None:
    url = reverse("admin:projects_mission_delete", args=[mission.pk])
    editor.cookies.pop("sessionid")

    page = sign_in(editor, editor.post(url, {"post": "yes"}))
    forced = editor.post(url, carried_or_signed(url) | {"_resume": "1"})

    assert page.context["case"] == forced.context["case"] == "look"
    assert "kept-form" not in page.text
    assert Mission.objects.count() == 1


def carried_or_signed(path: str) -> dict[str, str]:
    return {"_kept": Kept(path, "", "expired", [("post", "yes")], []).text()}


def test_script_is_told_where_to_go_and_what_was_saved(editor: Client, mission: Mission) -> None:
    data = typed(editor, mission)

    def told(values: dict[str, Any]) -> list[Any]:
        answer = editor.post(change_url(mission), values, headers={"X-Sent-By-Script": "1"})
        names = ("X-Location", "X-Saved", "X-Unsaved", "X-Kept")
        return [answer.status_code, *(answer.headers.get(name) for name in names)]

    refused = told(data | {"title": [""]})
    saved = told(data)
    editor.cookies.pop("sessionid")
    lost = told(data)

    assert refused == [200, None, None, "1", None]
    assert saved == [204, reverse("admin:projects_mission_changelist"), "1", None, None]
    assert lost == [200, None, None, None, "1"]


def test_next_page_says_which_form_was_saved(editor: Client, mission: Mission) -> None:
    saved = editor.post(change_url(mission), typed(editor, mission))

    assert saved.cookies["casebook_saved"].value == change_url(mission)


def test_second_factor_loses_nothing(editor: Client, marie: User, mission: Mission, settings: Any) -> None:
    data, before = typed(editor, mission), stored(mission)
    settings.REQUIRE_SECOND_FACTOR = True
    key = second_factor.new_key()
    TOTPDevice.objects.create(user=marie, key=key, confirmed=True)
    code = second_factor.renew_codes(marie)[0]
    editor.cookies.pop("sessionid")

    asked = sign_in(editor, editor.post(change_url(mission), data))
    wrong = editor.post(reverse("admin:login_code"), {"code": "zz"} | carried(asked))
    back = editor.post(reverse("admin:login_code"), {"code": code} | carried(wrong))
    form = resume(editor, back)

    assert "_auth_user_id" in editor.session
    assert resumed_data(form) | NOT_TYPED == data | NOT_TYPED
    assert stored(mission) == before


def test_locked_door_loses_nothing(editor: Client, mission: Mission, settings: Any) -> None:
    data = typed(editor, mission)
    settings.AXES_ENABLED, settings.AXES_FAILURE_LIMIT = True, 1
    editor.cookies.pop("sessionid")

    shut = sign_in(editor, editor.post(change_url(mission), data), password="faux")  # noqa: S106
    again = editor.post(reverse("admin:login"), carried(shut))
    settings.AXES_ENABLED = False
    form = resume(editor, sign_in(editor, again))

    assert (shut.status_code, again.status_code) == (429, 200)
    assert "Ce champ est obligatoire" not in again.text
    assert resumed_data(form)["key_figures-2-label"] == ["mois d’attente"]
