"""The day an edition comes out: all its missions in review, or none; by the command or at once."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from projects import releases, roles, workflow, working_copies
from projects.models import Edition, Mission, Section, StateChange
from projects.models.mission import State
from tests import factories as make
from tests.forms import form_data
from tests.mission_form import member, messages_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    edition = make.make_edition()
    edition.publish_at = timezone.now() + timedelta(hours=1)
    edition.save()
    return edition


@pytest.fixture
def waiting(edition: Edition) -> list[Mission]:
    return [make.make_mission(f"Mission {n}", number=n, edition=edition, state=State.REVIEW) for n in (1, 2)]


def blocked(mission: Mission) -> None:
    Section.objects.filter(mission=mission, kind=Section.Kind.CONTEXTE).update(body="")


def run(edition: Edition, **past: int) -> str:
    Edition.objects.filter(pk=edition.pk).update(publish_at=timezone.now() - timedelta(**past))
    out = StringIO()
    call_command("publish_due", stdout=out, stderr=out)
    return out.getvalue()


def states() -> dict[str, str]:
    return dict(Mission.objects.values_list("title", "state"))


def test_nothing_comes_out_before_its_date(client: Client, edition: Edition, waiting: list[Mission]) -> None:
    call_command("publish_due")

    assert set(states().values()) == {State.REVIEW}
    pages = ["/missions/", "/recueils/2019/", waiting[0].get_absolute_url()]
    assert ["Mission 1" in client.get(page).text for page in pages] == [False, False, False]


def test_missions_in_review_come_out_together_and_once(edition: Edition, waiting: list[Mission]) -> None:
    draft = make.make_draft("Brouillon", edition=edition)
    archived = make.make_mission("Archivée", edition=edition, state=State.ARCHIVED)
    other = make.make_mission("Autre édition", edition=make.make_edition(2020), state=State.REVIEW)
    public = make.make_mission("Publique", edition=edition)
    copy, _ = working_copies.open_copy(public)
    workflow.withdraw(copy, State.REVIEW)
    StateChange.objects.all().delete()

    said = run(edition, minutes=1)

    assert said == "Édition 2019/2020\u00a0: 2\u00a0missions publiées.\n"
    assert set(Mission.objects.published()) == {*waiting, public}
    assert [
        m.state for m in Mission.objects.filter(pk__in=[draft.pk, archived.pk, other.pk, copy.pk]).order_by("pk")
    ] == [
        State.DRAFT,
        State.ARCHIVED,
        State.REVIEW,
        State.REVIEW,
    ]
    assert [(c.label, c.who, c.note) for c in StateChange.objects.all()] == [
        ("en relecture → publiée", "une commande", "Parution de l’édition 2019/2020")
    ] * 2
    assert Edition.objects.get(pk=edition.pk).publish_at is None
    assert releases.publish_due() == []


def test_one_blocked_mission_keeps_the_whole_edition_and_is_named(edition: Edition, waiting: list[Mission]) -> None:
    blocked(waiting[1])
    out = StringIO()
    Edition.objects.update(publish_at=timezone.now() - timedelta(minutes=1))

    with pytest.raises(CommandError, match="n’a pas paru"):
        call_command("publish_due", stdout=out, stderr=out)

    assert set(states().values()) == {State.REVIEW}
    assert "02 Mission 2\u00a0: Écrivez la rubrique «\u00a0Contexte\u00a0»." in out.getvalue()
    Section.objects.filter(mission=waiting[1]).update(body="<p>Écrit.</p>")
    call_command("publish_due", stdout=out)
    assert set(states().values()) == {State.PUBLISHED}


def test_edition_without_anything_in_review_loses_its_date(edition: Edition) -> None:
    assert "La date est retirée" in run(edition, minutes=1)

    make.make_mission("Tardive", edition=edition, state=State.REVIEW)
    call_command("publish_due")

    assert states() == {"Tardive": State.REVIEW}


def test_failure_in_the_middle_publishes_nothing(
    edition: Edition, waiting: list[Mission], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_change = working_copies.keep_change

    def fail(mission: Mission, *args: Any) -> None:
        if mission == waiting[1]:
            raise RuntimeError
        keep_change(mission, *args)

    monkeypatch.setattr(working_copies, "keep_change", fail)

    with pytest.raises(RuntimeError):
        releases.publish_edition(edition)

    assert set(states().values()) == {State.REVIEW}


# ------------------------------------------------------------------------------------------------- in the admin


def form(edition: Edition) -> str:
    return reverse("admin:projects_edition_change", args=[edition.pk])


def release_url(edition: Edition) -> str:
    return reverse("admin:projects_edition_release", args=[edition.pk])


def test_form_of_an_edition_says_what_would_come_out_and_what_blocks(edition: Edition, waiting: list[Mission]) -> None:
    blocked(waiting[1])
    make.make_draft("Brouillon", edition=edition)
    editor = member(roles.EDITEUR)

    page = editor.get(form(edition))

    release = page.context["release"]
    assert [mission for mission, _ in release["ready"]] == [waiting[0]]
    url = reverse("admin:projects_mission_change", args=[waiting[1].pk])
    assert release["blocked"] == [
        (waiting[1], [("Écrivez la rubrique «\u00a0Contexte\u00a0».", f"{url}#id_sections-0-body")])
    ]
    assert (release["drafts"], release["published"], release["is_possible"]) == (1, 0, False)
    assert release_url(edition) not in page.text


def test_edition_is_published_at_once_after_it_was_asked(edition: Edition, waiting: list[Mission]) -> None:
    editor = member(roles.EDITEUR)
    assert release_url(edition) in editor.get(form(edition)).text
    assert editor.get(release_url(edition)).status_code == 200
    assert set(states().values()) == {State.REVIEW}

    page = editor.post(release_url(edition), {"note": "c’est le jour"}, follow=True)

    assert messages_of(page) == ["Édition publiée\u00a0: 2\u00a0missions."]
    assert set(states().values()) == {State.PUBLISHED}
    assert {(c.who, c.note) for c in StateChange.objects.all()} == {(roles.EDITEUR, "c’est le jour")}


def test_blocked_edition_is_refused_in_words(edition: Edition, waiting: list[Mission]) -> None:
    blocked(waiting[0])

    page = member(roles.EDITEUR).post(release_url(edition), follow=True)

    assert messages_of(page) == ["Rien n’est publié\u00a0: des fiches ont encore un point à régler."]
    assert set(states().values()) == {State.REVIEW}


def test_writer_neither_publishes_the_edition_nor_chooses_the_date(edition: Edition, waiting: list[Mission]) -> None:
    writer = member(roles.REDACTEUR)

    answers = [writer.get(release_url(edition)), writer.post(release_url(edition))]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert set(states().values()) == {State.REVIEW}
    assert 'name="publish_at_0"' not in writer.get(form(edition)).text


def test_date_that_is_past_is_refused(edition: Edition) -> None:
    editor = member(roles.EDITEUR)
    data = dict(form_data(editor.get(form(edition)).text, "edition_form"))

    page = editor.post(form(edition), data | {"publish_at_0": "01/02/2020", "publish_at_1": "09:00"})

    assert page.context["adminform"].form.errors == {
        "publish_at": ["Cette date est passée. Choisissez-en une à venir, ou publiez l’édition maintenant."]
    }


def test_form_of_an_edition_costs_the_same_for_any_number_of_missions(
    edition: Edition, waiting: list[Mission], django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    blocked(waiting[0])
    with django_assert_num_queries(4):
        releases.release_of(edition)
    for n in range(3, 6):
        blocked(make.make_mission(f"Mission {n}", number=n, edition=edition, state=State.REVIEW))

    with django_assert_num_queries(4):
        releases.release_of(edition)
