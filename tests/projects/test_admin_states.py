"""The mission form and its states: what is on the site is changed through a working copy; notes, checklist, copies."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from people.models import Consent
from projects import roles, workflow, working_copies
from projects.checklist import checklist
from projects.history import bin
from projects.models import (
    BinItem,
    ImportedMission,
    KeyFigure,
    MethodUse,
    Mission,
    MissionCollectivity,
    Section,
    StateChange,
)
from projects.models.mission import State
from tests import factories as make
from tests.mission_form import change_url, errors_of, form_data, member, messages_of

pytestmark = pytest.mark.django_db

CHANGELIST = reverse("admin:projects_mission_changelist")


@pytest.fixture
def editor() -> Client:
    return member(roles.EDITEUR)


@pytest.fixture
def writer() -> Client:
    return member(roles.REDACTEUR)


def url(name: str, mission: Mission) -> str:
    return reverse(f"admin:projects_mission_{name}", args=[mission.pk])


def opened(client: Client, mission: Mission) -> Mission:
    client.post(url("working_copy", mission))
    return Mission.objects.get(working_copy_of=mission)


def changes() -> list[tuple[str, str, str]]:
    return [(change.label, change.who, change.note) for change in StateChange.objects.order_by("pk")]


# ------------------------------------------------------------------------------------------------- what is locked


@pytest.mark.parametrize("state", [State.PUBLISHED, State.ARCHIVED])
def test_form_of_what_is_on_the_site_or_archived_saves_nothing(editor: Client, state: str) -> None:
    mission = make.make_mission(state=state)

    page = editor.get(change_url(mission))
    answer = editor.post(change_url(mission), {"title": "Autre"})

    assert "Modifier (copie de travail)" in page.text
    assert [
        name for name in form_data(editor, change_url(mission)) if name.startswith(("title", "sections-0-body"))
    ] == []
    assert 'value="Enregistrer"' not in page.text
    assert answer.status_code == 403
    assert Mission.objects.get().title == mission.title


def test_draft_that_has_a_working_copy_is_locked_too(editor: Client) -> None:
    mission = make.make_mission()
    copy = opened(editor, mission)
    workflow.withdraw(mission)

    page = editor.get(change_url(mission))

    assert "Ouvrir la copie de travail" in page.text
    assert editor.post(change_url(mission), {"title": "Autre"}).status_code == 403
    assert editor.get(change_url(copy)).context["has_change_permission"]


def test_working_copy_is_opened_once_and_found_again(writer: Client, editor: Client) -> None:
    mission = make.make_mission()

    first = writer.post(url("working_copy", mission))
    second = editor.post(url("working_copy", mission))

    copy = Mission.objects.get(working_copy_of=mission)
    assert first.url == second.url == change_url(copy)  # type: ignore[attr-defined]
    assert (copy.state, copy.origin.who) == (State.DRAFT, roles.REDACTEUR)


def test_draft_is_changed_on_its_own_form(editor: Client) -> None:
    mission = make.make_draft()

    answer = editor.post(url("working_copy", mission))

    assert answer.url == change_url(mission)  # type: ignore[attr-defined]
    assert Mission.objects.count() == 1


def test_addresses_that_write_refuse_to_be_read_and_those_without_the_right(editor: Client) -> None:
    mission = make.make_mission()
    copy, _ = working_copies.open_copy(mission)
    reader = member(roles.REDACTEUR)
    user = User.objects.get(username=roles.REDACTEUR)
    user.groups.clear()
    user.user_permissions.add(Permission.objects.get(codename="view_mission"))

    assert [editor.get(url(name, mission)).status_code for name in ("state", "working_copy", "duplicate")] == [405] * 3
    assert [reader.post(url(name, mission)).status_code for name in ("working_copy", "duplicate")] == [403] * 2
    assert reader.post(url("abandon", copy)).status_code == 403
    reader.post(url("state", mission), {"_withdraw": "1"})
    assert Mission.objects.without_copies().get().state == State.PUBLISHED
    Client().post(url("working_copy", mission))
    assert Mission.objects.count() == 2


# ------------------------------------------------------------------------------------------------- working copies


def test_writer_changes_the_copy_and_hands_it_over_the_editor_publishes_it(writer: Client, editor: Client) -> None:
    mission = make.make_mission()
    copy = opened(writer, mission)
    data = form_data(writer, change_url(copy)) | {"sections-0-body": "<p>Quatre mairies.</p>"}
    writer.post(change_url(copy), data | {"_review": "1", "note": "à relire"})
    page = writer.post(change_url(copy), form_data(writer, change_url(copy)) | {"_publish": "1"}, follow=True)
    assert "vous n’avez pas le droit" in messages_of(page)[0]
    assert "Quatre" not in mission.sections.get(kind=Section.Kind.CONTEXTE).body

    page = editor.post(change_url(copy), form_data(editor, change_url(copy)) | {"_publish": "1"}, follow=True)

    assert page.redirect_chain == [(change_url(mission), 302)]
    assert messages_of(page) == ["Modifications publiées. La fiche du site est à jour."]
    assert "Quatre" in mission.sections.get(kind=Section.Kind.CONTEXTE).body
    assert changes() == [
        ("copie de travail\u00a0: brouillon → en relecture", roles.REDACTEUR, "à relire"),
        ("modifications publiées", roles.EDITEUR, ""),
    ]


def test_form_of_the_copy_leads_to_the_public_page_and_says_what_changed(editor: Client) -> None:
    mission = make.make_mission("Accueillir")
    copy = opened(editor, mission)
    editor.post(change_url(copy), form_data(editor, change_url(copy)) | {"title": "Recevoir", "_continue": "1"})

    page = editor.get(change_url(copy))

    assert page.context["publication"].copy.changes == [("Identité et résumé", "titre")]
    assert f'href="{mission.get_absolute_url()}"' in page.text
    assert "Publier les modifications" in page.text
    assert 'name="_archive"' not in page.text


def test_address_in_the_copy_is_for_those_who_publish(writer: Client, editor: Client) -> None:
    mission = make.make_mission(published_at="2024-01-01T00:00:00Z")
    copy = opened(writer, mission)

    assert "slug" not in form_data(writer, change_url(copy))
    editor.post(change_url(copy), form_data(editor, change_url(copy)) | {"slug": "nouvelle", "_publish": "1"})

    assert Mission.objects.get().slug == "nouvelle"
    assert Client().get(mission.get_absolute_url()).headers["Location"] == "/missions/nouvelle/"


def test_address_of_another_mission_is_an_error_of_the_copy_s_form(editor: Client) -> None:
    other = make.make_mission("Autre")
    copy = opened(editor, make.make_mission())

    page = editor.post(change_url(copy), form_data(editor, change_url(copy)) | {"slug": other.slug})

    assert list(errors_of(page)) == ["slug"]


def test_copy_is_abandoned_after_it_was_asked_with_a_note(writer: Client) -> None:
    mission = make.make_mission()
    copy = opened(writer, mission)
    assert writer.get(url("abandon", copy)).status_code == 200
    assert Mission.objects.count() == 2

    page = writer.post(url("abandon", copy), {"note": "trop tôt"}, follow=True)

    assert page.redirect_chain == [(change_url(mission), 302)]
    assert Mission.objects.get() == mission
    assert changes() == [("copie de travail abandonnée", roles.REDACTEUR, "trop tôt")]
    assert bin.restore(BinItem.objects.get()).thing == copy
    assert Mission.objects.get(pk=copy.pk).sections.count() == 3


def test_copy_of_another_person_is_abandoned_by_those_who_publish(writer: Client, editor: Client) -> None:
    copy = opened(editor, make.make_mission())

    assert writer.post(url("abandon", copy)).status_code == 403
    assert "Abandonner" not in writer.get(change_url(copy)).text
    assert editor.post(url("abandon", copy)).status_code == 302


def test_copy_is_not_deleted_by_the_admin_s_own_page(editor: Client) -> None:
    copy = opened(editor, make.make_mission())

    assert editor.post(reverse("admin:projects_mission_delete", args=[copy.pk]), {"post": "yes"}).status_code == 403


# ------------------------------------------------------------------------------------------------- lists and counts


def test_list_shows_the_copy_on_the_line_of_its_mission(editor: Client) -> None:
    mission, other = make.make_mission("Première"), make.make_mission("Deuxième")
    copy = opened(editor, mission)
    workflow.withdraw(copy, State.REVIEW)

    def listed(query: str) -> list[Mission]:
        return list(editor.get(f"{CHANGELIST}{query}").context["cl"].queryset)

    page = editor.get(CHANGELIST)
    assert set(listed("")) == {mission, other}
    assert page.context["cl"].full_result_count == 2
    assert f'href="{change_url(copy)}">copie de travail, en relecture</a>' in page.text
    assert [listed("?copie=avec"), listed("?copie=relecture"), listed("?state__exact=relecture")] == [
        [mission],
        [mission],
        [],
    ]
    assert set(listed("?q=mairie")) == {mission, other}


def test_lists_and_choices_count_a_mission_once(editor: Client) -> None:
    mission = make.make_mission(methods=[make.make_method()], domains=[make.make_domain()])
    make.add_author(mission, make.make_person())
    opened(editor, mission)
    found = {}
    for model, name in (
        ("projects_edition", "mission_count"),
        ("projects_theme", "mission_count"),
        ("projects_domain", "mission_count"),
        ("projects_method", "use_count"),
        ("people_person", "author_count"),
        ("people_collectivity", "mission_count"),
    ):
        page = editor.get(reverse(f"admin:{model}_changelist"))
        found[model] = [getattr(row, name) for row in page.context["cl"].queryset]

    choices = editor.get(
        reverse("admin:autocomplete"),
        {"app_label": "projects", "model_name": "resource", "field_name": "missions", "term": ""},
    ).json()
    assert found == {model: [1] for model in found}
    assert [choice["id"] for choice in choices["results"]] == [str(mission.pk)]


# ------------------------------------------------------------------------------------------------- moves and notes


def test_moves_of_a_locked_form_are_made_with_their_note(editor: Client) -> None:
    mission = make.make_mission()

    page = editor.post(url("state", mission), {"_withdraw": "1", "note": "une erreur"}, follow=True)

    assert page.redirect_chain == [(change_url(mission), 302)]
    assert changes() == [("publiée → brouillon", roles.EDITEUR, "une erreur")]
    text = editor.get(change_url(mission)).text
    assert "Publiée → brouillon" in text
    assert "<q>une erreur</q>" in text


def test_actions_of_the_list_take_the_note(editor: Client) -> None:
    missions = [make.make_draft(f"Mission {n}") for n in (1, 2)]

    editor.post(CHANGELIST, {"action": "review", "note": "lot 1", "_selected_action": [m.pk for m in missions]})

    assert changes() == [("brouillon → en relecture", roles.EDITEUR, "lot 1")] * 2


def test_writer_neither_withdraws_nor_archives(writer: Client) -> None:
    mission = make.make_mission()

    for move in ("_withdraw", "_review", "_archive"):
        page = writer.post(url("state", mission), {move: "1"}, follow=True)
        assert "vous n’avez pas le droit" in messages_of(page)[0]

    assert Mission.objects.get().state == State.PUBLISHED
    assert 'name="_withdraw"' not in page.text


# ------------------------------------------------------------------------------------------------- before publishing


def places(points: Any) -> list[tuple[str, str]]:
    return [(point.label, point.anchor) for point in points]


def test_checklist_leads_to_each_field(editor: Client) -> None:
    mission = make.make_draft(theme=make.make_theme())
    Mission.objects.filter(pk=mission.pk).update(theme=None, summary_asked="Demandé")
    Section.objects.filter(mission=mission, kind=Section.Kind.PROBLEMATIQUE).update(body="<p></p>")
    Section.objects.filter(mission=mission, kind=Section.Kind.CLES_POUR_AGIR).delete()
    MissionCollectivity.objects.all().delete()
    KeyFigure.objects.create(mission=mission, position=1, value="12", label="agents")
    KeyFigure.objects.create(mission=mission, position=2, value="57 980")
    MethodUse.objects.create(mission=mission, method=make.make_method(), position=1)
    make.add_author(mission, make.make_person())

    page = editor.get(change_url(mission))

    found = page.context["publication"].checklist
    assert places(found.blocking) == [
        ("Thème", "id_theme"),
        ("Collectivité", "mission_collectivities-group"),
        ("Problématique", "id_sections-1-body"),
        ("Des clés pour agir", "sections-group"),
    ]
    assert places(found.advice) == [
        ("En bref", "id_summary_done"),
        ("Domaine", "id_domains"),
        ("Tutorat", "tutorships-group"),
        ("Chiffre sans libellé", "id_key_figures-1-label"),
        ("Méthodes", "method_uses-group"),
    ]
    assert places(found.ready) == [
        ("Titre", "id_title"),
        ("Contexte", "id_sections-0-body"),
        ("Équipe", "authorships-group"),
    ]
    assert found.said == "3\u00a0points sur 12 sont prêts"
    every = [*found.blocking, *found.advice, *found.ready]
    assert [point.anchor for point in every if f'id="{point.anchor}"' not in page.text] == []


def test_publishing_what_is_not_ready_leads_to_the_first_point(editor: Client) -> None:
    mission = make.make_draft()
    data = form_data(editor, change_url(mission)) | {"sections-1-body": ""}

    answer = editor.post(change_url(mission), data | {"_publish": "1"})

    assert answer.url == f"{change_url(mission)}#id_sections-1-body"  # type: ignore[attr-defined]
    assert Mission.objects.get().state == State.DRAFT


def test_checklist_costs_the_same_for_any_number_of_parts(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    mission = make.make_draft(methods=[make.make_method()])
    known = Mission.objects.get()
    with django_assert_num_queries(8):
        checklist(known)
    for n in range(1, 9):
        KeyFigure.objects.create(mission=mission, position=n, value=str(n))
        Section.objects.create(mission=mission, position=10 + n, kind=Section.Kind.ZOOM, body="<p>Zoom</p>")

    known = Mission.objects.get()
    with django_assert_num_queries(8):
        checklist(known)


def test_form_of_a_copy_costs_the_same_for_any_number_of_changes(editor: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    copy = opened(editor, make.make_mission(methods=[make.make_method()]))
    with django_assert_max_num_queries(17) as few:
        working_copies.replacement(Mission.objects.select_related("working_copy_of").get(pk=copy.pk)).lines()
    for n in range(1, 9):
        KeyFigure.objects.create(mission=copy, position=n, value=str(n))
        make.add_author(copy, make.make_person(f"Ada {n}"), n)

    with django_assert_max_num_queries(len(few)):
        working_copies.replacement(Mission.objects.select_related("working_copy_of").get(pk=copy.pk)).lines()


# ------------------------------------------------------------------------------------------------- copies


def test_mission_is_copied_into_a_draft(writer: Client) -> None:
    mission = make.make_mission("Accueillir", number=4)
    Consent.objects.create(person=make.make_person(), given_on="2024-01-01", subject=mission)

    page = writer.post(url("duplicate", mission), follow=True)

    draft = Mission.objects.exclude(pk=mission.pk).get()
    assert page.redirect_chain == [(change_url(draft), 302)]
    assert (draft.title, draft.number, draft.state) == ("Accueillir (copie)", None, State.DRAFT)
    assert draft.sections.count() == mission.sections.count()
    assert ImportedMission.objects.count() == 0
