"""Two people on one mission: what each changed is kept, what both changed is asked, nothing is lost without a word."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from people.models import Collectivity
from projects import roles, workflow, working_copies
from projects.models import Mission, parts
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


@pytest.fixture
def mission() -> Mission:
    mission = factories.make_mission("Accueil", state=State.DRAFT)
    for position, value in enumerate(["a", "b", "c"], start=1):
        parts.KeyFigure.objects.create(mission=mission, value=value, position=position)
    return mission


def save(client: Client, mission: Mission, **values: Any) -> Any:
    return client.post(change_url(mission), form_data(client, change_url(mission)) | values, follow=True)


def figures(mission: Mission) -> list[tuple[int, str]]:
    return list(mission.key_figures.values_list("position", "value"))


def questions(page: Any) -> list[tuple[str, list[str]]]:
    """Each question of the page of conflicts, with the words of its versions."""
    asked = []
    for question in page.context["questions"]:
        versions = [each for each in (question.base, question.mine, question.theirs) if each]
        asked.append(
            (
                question.label,
                [
                    "".join(piece.words + piece.space for piece in each.words if piece.op != "delete")
                    or " | ".join(text for _, text in each.lines)
                    for each in versions
                ],
            )
        )
    return asked


def choose(client: Client, mission: Mission, page: Any, *sides: str, **values: Any) -> Any:
    data = forms.form_data(page.text, "conflict_form")
    names = [f"{question.id}:side" for question in page.context["questions"]]
    return client.post(change_url(mission), data | dict(zip(names, sides, strict=True)) | values, follow=True)


def _to_copy(mission: Mission) -> str:
    return reverse("admin:projects_mission_to_copy", args=[mission.pk])


def test_changes_that_do_not_touch_each_other_are_merged_and_told(
    editor: Client, writer: Client, mission: Mission
) -> None:
    data = form_data(editor, change_url(mission)) | {"summary_done": "Un guide.", "key_figures-0-value": "a revu"}
    save(
        writer, mission, **{"summary_asked": "Un accueil.", "key_figures-2-value": "c revu", "sections-0-heading": "I"}
    )

    page = editor.post(change_url(mission), data, follow=True)

    mission.refresh_from_db()
    assert (mission.summary_asked, mission.summary_done) == ("Un accueil.", "Un guide.")
    assert figures(mission) == [(1, "a revu"), (2, "b"), (3, "c revu")]
    said = re.sub(r"\d+\sh\s\d\d", "…", messages_of(page)[0])
    assert said == (
        "Enregistrés par Rédacteurs aujourd’hui à …, ces changements ont été gardés\u00a0: demandé, rubriques et "
        "chiffres clés."
    )


def test_paragraphs_of_one_text_are_merged(editor: Client, writer: Client, mission: Mission) -> None:
    section = mission.sections.order_by("position")[0]
    section.body = "<p>un</p><p>deux</p><p>trois</p>"
    section.save()
    data = form_data(editor, change_url(mission)) | {"sections-0-body": "<p>un</p><p>deux</p><p>trois bis</p>"}
    save(writer, mission, **{"sections-0-body": "<p>un bis</p><p>deux</p><p>trois</p>"})

    editor.post(change_url(mission), data)

    section.refresh_from_db()
    assert section.body == "<p>un bis</p><p>deux</p><p>trois bis</p>"


def test_what_both_changed_is_asked_and_nothing_is_saved_before(
    editor: Client, writer: Client, mission: Mission
) -> None:
    data = form_data(editor, change_url(mission)) | {"title": "Le mien", "summary_done": "Un guide."}
    save(writer, mission, title="Le sien")

    page = editor.post(change_url(mission), data)
    before = Mission.objects.values_list("title", "summary_done").get(pk=mission.pk)
    choose(editor, mission, page, "mine")

    assert questions(page) == [("Titre", ["Accueil", "Le mien", "Le sien"])]
    assert before == ("Le sien", "")
    assert Mission.objects.values_list("title", "summary_done").get(pk=mission.pk) == ("Le mien", "Un guide.")


@pytest.mark.parametrize(
    ("side", "expected"), [("mine", "Le mien"), ("theirs", "Le sien"), ("own", "Ni l’un ni l’autre")]
)
def test_each_side_may_be_chosen_or_another_text_written(
    editor: Client, writer: Client, mission: Mission, side: str, expected: str
) -> None:
    data = form_data(editor, change_url(mission)) | {"title": "Le mien"}
    save(writer, mission, title="Le sien")
    page = editor.post(change_url(mission), data)

    choose(editor, mission, page, side, **({"merge:..title:own": "Ni l’un ni l’autre"} if side == "own" else {}))

    mission.refresh_from_db()
    assert mission.title == expected


def test_text_written_beside_another_choice_is_asked_once(editor: Client, writer: Client, mission: Mission) -> None:
    data = form_data(editor, change_url(mission)) | {"title": "Le mien"}
    save(writer, mission, title="Le sien")
    page = editor.post(change_url(mission), data)

    again = choose(editor, mission, page, "theirs", **{"merge:..title:own": "Écrit pour rien\u202f?"})
    before = Mission.objects.get(pk=mission.pk).title
    choose(editor, mission, again, "theirs")

    assert again.context["questions"][0].error.startswith("Vous avez écrit un texte sans choisir")
    assert "Écrit pour rien\u202f?" in again.text
    assert (before, Mission.objects.get(pk=mission.pk).title) == ("Le sien", "Le sien")


def test_no_choice_is_asked_again(editor: Client, writer: Client, mission: Mission) -> None:
    data = form_data(editor, change_url(mission)) | {"title": "Le mien"}
    save(writer, mission, title="Le sien")
    page = editor.post(change_url(mission), data)

    again = editor.post(change_url(mission), forms.form_data(page.text, "conflict_form"))

    assert [question.error for question in again.context["questions"]] == ["Choisissez l’une des versions."]


def test_third_save_before_the_choice_is_asked_anew(editor: Client, writer: Client, mission: Mission) -> None:
    data = form_data(editor, change_url(mission)) | {"title": "Le mien"}
    save(writer, mission, title="Le sien")
    page = editor.post(change_url(mission), data)
    save(writer, mission, title="Le sien encore", summary_asked="Et cela")

    again = choose(editor, mission, page, "theirs")
    choose(editor, mission, again, "theirs")

    mission.refresh_from_db()
    assert questions(again) == [("Titre", ["Accueil", "Le mien", "Le sien encore"])]
    assert again.context["questions"][0].error.startswith("Ce texte a encore été changé")
    assert (mission.title, mission.summary_asked) == ("Le sien encore", "Et cela")


def test_merged_form_with_an_error_is_shown_with_both_changes(editor: Client, writer: Client, mission: Mission) -> None:
    data = form_data(editor, change_url(mission)) | {"page_first": "9", "page_last": "8"}
    save(writer, mission, summary_asked="Un accueil.")

    page = editor.post(change_url(mission), data)
    fixed = forms.form_data(page.text, "mission_form") | {"page_last": ["10"]}
    editor.post(change_url(mission), fixed)

    mission.refresh_from_db()
    assert list(errors_of(page)) == ["__all__"]
    assert "sont repris dans ce formulaire, qui n’est pas encore enregistré" in messages_of(page)[0]
    assert (mission.summary_asked, mission.page_first, mission.page_last) == ("Un accueil.", 9, 10)


# Rows


def test_rows_added_moved_and_removed_by_each_are_merged(editor: Client, writer: Client, mission: Mission) -> None:
    new = {"key_figures-TOTAL_FORMS": "4", "key_figures-3-position": "4"}
    data = form_data(editor, change_url(mission)) | new
    data |= {"key_figures-3-value": "mien", "key_figures-0-DELETE": "on"}
    moved = {"key_figures-1-position": "3", "key_figures-2-position": "2", "key_figures-3-value": "sien"}
    save(writer, mission, **new, **moved)

    editor.post(change_url(mission), data)

    assert figures(mission) == [(1, "c"), (2, "b"), (3, "mien"), (4, "sien")]


def test_row_changed_and_deleted_by_another_person_is_asked(editor: Client, writer: Client, mission: Mission) -> None:
    data = form_data(editor, change_url(mission)) | {"key_figures-2-value": "c revu"}
    save(writer, mission, **{"key_figures-1-DELETE": "on", "key_figures-2-DELETE": "on"})

    page = editor.post(change_url(mission), data)
    choose(editor, mission, page, "mine")

    assert questions(page) == [("Chiffres clés, «\u00a0c revu\u00a0»", ["c", "c revu", "(ligne supprimée)"])]
    assert figures(mission) == [(1, "a"), (2, "c revu")]


def test_row_deleted_and_changed_by_another_person_is_asked(editor: Client, writer: Client, mission: Mission) -> None:
    data = form_data(editor, change_url(mission)) | {"key_figures-0-DELETE": "on", "key_figures-1-DELETE": "on"}
    save(writer, mission, **{"key_figures-0-value": "a revu", "key_figures-1-value": "b revu"})

    page = editor.post(change_url(mission), data)
    choose(editor, mission, page, "mine", "theirs")

    assert questions(page) == [
        ("Chiffres clés, «\u00a0a revu\u00a0»", ["a", "(ligne supprimée)", "a revu"]),
        ("Chiffres clés, «\u00a0b revu\u00a0»", ["b", "(ligne supprimée)", "b revu"]),
    ]
    assert figures(mission) == [(1, "b revu"), (2, "c")]


def test_row_deleted_by_two_people_is_deleted(editor: Client, writer: Client, mission: Mission) -> None:
    data = form_data(editor, change_url(mission)) | {"key_figures-0-DELETE": "on"}
    save(writer, mission, **{"key_figures-0-DELETE": "on"})

    editor.post(change_url(mission), data)

    assert figures(mission) == [(1, "b"), (2, "c")]


def test_two_orders_are_asked(editor: Client, writer: Client, mission: Mission) -> None:
    data = form_data(editor, change_url(mission)) | {"key_figures-2-position": "1"}
    save(writer, mission, **{"key_figures-0-position": "2", "key_figures-1-position": "1"})

    page = editor.post(change_url(mission), data)
    choose(editor, mission, page, "theirs")

    assert questions(page) == [("Chiffres clés\u00a0: ordre des lignes", ["a | b | c", "c | a | b", "b | a | c"])]
    assert figures(mission) == [(1, "b"), (2, "a"), (3, "c")]


def test_same_collectivity_added_by_both_is_added_once(editor: Client, writer: Client, mission: Mission) -> None:
    place: Collectivity = factories.make_collectivity("Nantes")
    row = {"mission_collectivities-TOTAL_FORMS": "2", "mission_collectivities-1-collectivity": str(place.pk)}
    data = form_data(editor, change_url(mission)) | row | {"summary_done": "Un guide."}
    save(writer, mission, **row)

    editor.post(change_url(mission), data)

    mission.refresh_from_db()
    assert mission.summary_done == "Un guide."
    assert mission.collectivity_list.count(place) == 1


def test_lines_choices_and_boxes_are_merged(editor: Client, writer: Client, mission: Mission) -> None:
    domains = [factories.make_domain(name) for name in ("Eau", "Habitat", "Culture")]
    mission.domains.set(domains[:2])
    testimonial = parts.Testimonial.objects.create(mission=mission, text="<p>Merci.</p>")
    for position, name in enumerate(["Zoé", "Ali", "Jo"], start=1):
        parts.Speaker.objects.create(testimonial=testimonial, last_name=name, role="maire", position=position)
    lines = "Zoé, maire\r\nAli, maire\r\nJo, maire"
    mine = {"domains": [str(domains[0].pk)], "testimonials-0-speaker_lines": lines.replace("Zoé, maire", "Zoé, élue")}
    theirs = {
        "domains": [str(domain.pk) for domain in domains],
        "testimonials-0-speaker_lines": lines.replace("Jo, maire", "Jo, agent"),
        "testimonials-0-embedded": "on",
    }
    data = form_data(editor, change_url(mission)) | mine
    save(writer, mission, **theirs)

    editor.post(change_url(mission), data)

    testimonial.refresh_from_db()
    assert sorted(domain.name for domain in mission.domains.all()) == ["Culture", "Eau"]
    assert [str(speaker) for speaker in testimonial.speakers.all()] == ["Zoé, élue", "Ali, maire", "Jo, agent"]
    assert testimonial.embedded


# The ancestor, the file, the publication


def test_unknown_ancestor_asks_for_all_that_differs(editor: Client, mission: Mission) -> None:
    data = form_data(editor, change_url(mission)) | {"title": "Le mien", "base": "falsifié"}

    page = editor.post(change_url(mission), data)

    assert questions(page) == [("Titre", ["Le mien", "Accueil"])]
    assert Mission.objects.get(pk=mission.pk).title == "Accueil"


def test_ancestor_of_another_mission_is_unknown(editor: Client, mission: Mission) -> None:
    other = factories.make_mission("Autre", state=State.DRAFT)
    base = form_data(editor, change_url(other))["base"]

    page = editor.post(change_url(mission), form_data(editor, change_url(mission)) | {"title": "Le mien", "base": base})

    assert page.context["is_base_known"] is False


def test_file_that_cannot_travel_is_said(editor: Client, writer: Client, mission: Mission, private_files: Any) -> None:
    image = SimpleUploadedFile("photo.png", b"an image")
    data = form_data(editor, change_url(mission)) | {"title": "Le mien", "cover": image, "cover_alt": "Une photo"}
    save(writer, mission, title="Le sien")

    page = editor.post(change_url(mission), data)
    after = choose(editor, mission, page, "theirs")

    mission.refresh_from_db()
    assert page.context["carried"].files == [("cover", "Image", "photo.png")]
    assert "Le fichier «\u00a0photo.png\u00a0» n’a pas été choisi de nouveau" in messages_of(after)[0]
    assert (mission.title, mission.cover.name, mission.cover_alt) == ("Le sien", "", "Une photo")


def test_publishing_waits_when_unseen_changes_were_merged(editor: Client, writer: Client, mission: Mission) -> None:
    data = form_data(editor, change_url(mission)) | {"summary_done": "Un guide.", "_publish": "1"}
    save(writer, mission, summary_asked="Un accueil.")

    page = editor.post(change_url(mission), data, follow=True)

    mission.refresh_from_db()
    assert (mission.state, mission.summary_asked, mission.summary_done) == (State.DRAFT, "Un accueil.", "Un guide.")
    assert any(message.startswith("La mission n’est pas publiée. Relisez-la") for message in messages_of(page))


def test_mission_deleted_meanwhile_leaves_all_that_was_typed(editor: Client, mission: Mission) -> None:
    data = form_data(editor, change_url(mission)) | {"title": "Le mien", "key_figures-0-value": "a revu"}
    url = change_url(mission)
    mission.delete()

    page = editor.post(url, data)
    new = forms.form_data(page.text, "new_form")
    editor.post(reverse("admin:projects_mission_add"), new)

    typed = dict(page.context["typed"])
    assert (typed["Titre"], typed["Chiffres clés, «\u00a0a revu\u00a0»\u00a0: valeur"]) == ("Le mien", "a revu")
    made = Mission.objects.get()
    assert (made.title, figures(made)) == ("Le mien", [(1, "a revu"), (2, "b"), (3, "c")])


def test_mission_published_meanwhile_leaves_all_that_was_typed_for_a_working_copy(
    editor: Client, writer: Client, mission: Mission
) -> None:
    section = mission.sections.order_by("position")[0]
    figure = mission.key_figures.order_by("position")[0]
    figure.section = section
    figure.save()
    data = form_data(writer, change_url(mission)) | {"title": "Le mien", "key_figures-1-value": "b revu"}
    data |= {"key_figures-2-section": str(section.pk), "key_figures-0-DELETE": "on"}
    workflow.publish(mission)

    page = writer.post(change_url(mission), data)
    after = writer.post(
        _to_copy(mission),
        forms.form_data(page.text, "copy_form"),
        follow=True,
    )

    mission.refresh_from_db()
    copy = Mission.objects.get(working_copy_of=mission)
    assert (mission.title, figures(mission)) == ("Accueil", [(1, "a"), (2, "b"), (3, "c")])
    assert after.status_code == 200
    assert (copy.title, figures(copy)) == ("Le mien", [(1, "b revu"), (2, "c")])
    assert [each.section and each.section.mission_id for each in copy.key_figures.all()] == [None, copy.pk]


def test_working_copy_published_meanwhile_shows_what_was_typed(editor: Client, mission: Mission) -> None:
    workflow.publish(mission)
    copy, _ = working_copies.open_copy(mission)
    url = change_url(copy)
    data = form_data(editor, url) | {"title": "Le mien"}
    workflow.publish(copy)

    page = editor.post(url, data)

    assert dict(page.context["typed"])["Titre"] == "Le mien"
    assert page.context["original"] == mission


def test_form_sent_twice_is_saved_once(editor: Client, mission: Mission) -> None:
    new = {"key_figures-TOTAL_FORMS": "4", "key_figures-3-value": "neuf", "title": "Le mien"}
    data = form_data(editor, change_url(mission)) | new

    for _ in range(2):
        editor.post(change_url(mission), data)

    mission.refresh_from_db()
    assert (mission.title, figures(mission)) == ("Le mien", [(1, "a"), (2, "b"), (3, "c"), (4, "neuf")])


def test_form_published_twice_says_that_nothing_was_left_to_save(editor: Client, mission: Mission) -> None:
    data = form_data(editor, change_url(mission)) | {"title": "Le mien", "_publish": "1"}

    pages = [editor.post(change_url(mission), data, follow=True) for _ in range(2)]

    mission.refresh_from_db()
    assert (mission.title, mission.state) == ("Le mien", State.PUBLISHED)
    assert messages_of(pages[1]) == [
        "Rien n’était à enregistrer. La mission ne se modifie plus ici\u00a0: elle est publiée."
    ]


def test_who_may_not_change_is_shown_nothing(mission: Mission) -> None:
    reader = User.objects.create_user("lecteur", is_staff=True)
    client = Client()
    client.force_login(reader)

    answers = [client.post(url, {"title": "Le mien"}) for url in (change_url(mission), _to_copy(mission))]

    assert [(answer.status_code, "trois mairies" in answer.text) for answer in answers] == [(403, False)] * 2
