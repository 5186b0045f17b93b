"""Two people on one mission: nothing is lost without a word, and no form is left that cannot be saved."""

import pytest
from django.test import Client

from projects import roles
from projects.models import parts
from projects.models.mission import State
from tests import factories, forms
from tests.mission_form import change_url, errors_of, form_data, member, messages_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    return member(roles.EDITEUR)


@pytest.fixture
def writer() -> Client:
    return member(roles.REDACTEUR)


def test_row_deleted_by_another_person_is_shown_again_and_may_be_kept(editor: Client) -> None:
    mission = factories.make_mission()
    for position, value in enumerate(["a", "b", "c"], start=1):
        parts.KeyFigure.objects.create(mission=mission, value=value, position=position)
    data = form_data(editor, change_url(mission)) | {"key_figures-2-value": "c revu"}
    parts.KeyFigure.objects.get(value="b").delete()

    page = editor.post(change_url(mission), data)
    before = list(mission.key_figures.values_list("value", flat=True))
    editor.post(change_url(mission), forms.form_data(page.text, "mission_form"))

    assert [(name, text[0][:52]) for name, text in errors_of(page).items()] == [
        ("key_figures-2-__all__", "Une autre personne a supprimé cette ligne pendant vo")
    ]
    assert before == ["a", "c"]
    assert list(mission.key_figures.values_list("position", "value")) == [(1, "a"), (2, "b"), (3, "c revu")]


def test_row_deleted_by_two_people_is_deleted(editor: Client) -> None:
    mission = factories.make_mission()
    for position, value in enumerate(["a", "b"], start=1):
        parts.KeyFigure.objects.create(mission=mission, value=value, position=position)
    data = form_data(editor, change_url(mission)) | {"key_figures-0-DELETE": "on"}
    parts.KeyFigure.objects.get(value="a").delete()

    editor.post(change_url(mission), data)

    assert list(mission.key_figures.values_list("position", "value")) == [(1, "b")]


def test_save_over_another_person_s_is_asked_once(editor: Client, writer: Client) -> None:
    mission = factories.make_mission()
    data = form_data(editor, change_url(mission)) | {"summary_done": "Un guide."}
    writer.post(change_url(mission), form_data(writer, change_url(mission)) | {"summary_asked": "Un accueil."})

    page = editor.post(change_url(mission), data)
    mission.refresh_from_db()
    before = mission.summary_asked, mission.summary_done
    editor.post(change_url(mission), forms.form_data(page.text, "mission_form"))

    mission.refresh_from_db()
    assert list(errors_of(page)) == ["__all__"]
    assert errors_of(page)["__all__"][0].startswith("Rédacteurs a enregistré cette mission à ")
    assert before == ("Un accueil.", "")
    assert (mission.summary_asked, mission.summary_done) == ("", "Un guide.")


def test_form_sent_twice_is_saved_twice(editor: Client) -> None:
    mission = factories.make_mission(state=State.DRAFT)
    data = form_data(editor, change_url(mission)) | {"_publish": "1"}

    pages = [editor.post(change_url(mission), data, follow=True) for _ in range(2)]

    assert [messages_of(page) for page in pages] == [["1\u00a0mission publiée."], ["Rien à changer."]]
