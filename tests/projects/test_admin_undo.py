"""Several missions moved from the list, and moved back: what changed since stays, and is said."""

import pytest
from django.test import Client
from django.urls import reverse

from projects import roles, workflow
from projects.models import Mission, StateChange
from projects.models.mission import State
from tests import factories as make
from tests.mission_form import change_url, form_data, member, messages_of

pytestmark = pytest.mark.django_db

CHANGELIST = reverse("admin:projects_mission_changelist")


@pytest.fixture
def editor() -> Client:
    return member(roles.EDITEUR)


def moved(client: Client, action: str, missions: list[Mission], query: str = "") -> str:
    """Tick them, make the move; the address of « Annuler »."""
    data = {"action": action, "_selected_action": [mission.pk for mission in missions], "note": ""}
    page = client.post(CHANGELIST + query, data, follow=True)
    (said,) = page.context["messages"]
    return str(said).split('href="')[1].split('"')[0].replace("&amp;", "&")


def states() -> dict[str, str]:
    return dict(Mission.objects.without_copies().values_list("title", "state"))


def test_moves_are_undone_by_one_button_and_the_list_keeps_its_filters(editor: Client) -> None:
    first, second = make.make_mission("Un"), make.make_mission("Deux")
    make.make_draft("Trois")
    undo = moved(editor, "archive", [first, second], "?state__exact=publie&o=2")

    page = editor.get(undo)
    answer = editor.post(undo)

    assert {(step.change.mission.title, step.change.before) for step in page.context["possible"]} == {
        ("Un", State.PUBLISHED),
        ("Deux", State.PUBLISHED),
    }
    assert states() == {"Un": State.PUBLISHED, "Deux": State.PUBLISHED, "Trois": State.DRAFT}
    assert answer.url == f"{CHANGELIST}?state__exact=publie&o=2"  # type: ignore[attr-defined]
    assert StateChange.objects.filter(note="Changement d’état annulé").count() == 2


def test_what_happened_since_stays_and_is_said(editor: Client) -> None:
    kept, moved_again, written = (make.make_mission(title) for title in ("Un", "Deux", "Trois"))
    undo = moved(editor, "withdraw", [kept, moved_again, written])
    moved_again.refresh_from_db()
    workflow.withdraw(moved_again, State.ARCHIVED)
    editor.post(change_url(written), form_data(editor, change_url(written)) | {"title": "Quatre"})

    page = editor.post(undo, follow=True)

    assert states() == {"Un": State.PUBLISHED, "Deux": State.ARCHIVED, "Quatre": State.DRAFT}
    assert messages_of(page)[-3:] == [
        f"«\u00a0{moved_again}\u00a0» reste comme elle est\u00a0: son état a changé depuis.",
        f"«\u00a0{Mission.objects.get(title='Quatre')}\u00a0» reste comme elle est\u00a0: elle a été modifiée depuis.",
        "1\u00a0mission est revenue à son état d’avant.",
    ]


def test_undone_twice_changes_nothing_more(editor: Client) -> None:
    mission = make.make_mission("Un")
    undo = moved(editor, "archive", [mission])
    editor.post(undo)
    count = StateChange.objects.count()

    page = editor.get(undo)
    editor.post(undo)

    assert (page.context["possible"], StateChange.objects.count()) == ([], count)


def test_moves_of_others_are_not_undone(editor: Client) -> None:
    mission = make.make_mission("Un")
    undo = moved(editor, "archive", [mission])

    assert member(roles.REDACTEUR).post(undo).status_code == 404
    Client().post(undo)
    assert states() == {"Un": State.ARCHIVED}


def test_writer_undoes_what_a_writer_may_do() -> None:
    writer = member(roles.REDACTEUR)
    draft = make.make_draft("Un")
    undo = moved(writer, "review", [draft])

    writer.post(undo)

    assert states() == {"Un": State.DRAFT}


def test_form_that_is_only_read_shows_texts_as_they_read(editor: Client) -> None:
    mission = make.make_mission()
    mission.sections.update(body="<p>Un <strong>vrai</strong> texte.</p>")

    page = editor.get(change_url(mission)).text

    assert "<p>Un <strong>vrai</strong> texte.</p>" in page
    assert "&lt;p&gt;" not in page
    assert "Speaker lines" not in page
    assert "Extract lines" not in page


def test_copy_and_move_keep_the_filters_of_the_list(editor: Client) -> None:
    mission = make.make_mission()
    filters = "?_changelist_filters=state__exact%3Dpublie"

    copied = editor.post(reverse("admin:projects_mission_duplicate", args=[mission.pk]) + filters)
    drawn = editor.post(reverse("admin:projects_mission_state", args=[mission.pk]) + filters, {"_withdraw": "1"})

    assert copied.url.endswith(filters)  # type: ignore[attr-defined]
    assert drawn.url == change_url(mission) + filters  # type: ignore[attr-defined]
