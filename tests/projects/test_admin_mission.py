"""The mission form: order of the parts, extracts, speakers, publishing, and what it refuses."""

import pytest
from django.test import Client
from django.urls import reverse

from projects import roles
from projects.models import MethodExtract, MethodUse, Mission, SearchDocument, Section, Speaker, parts
from projects.models.mission import State
from tests import factories
from tests.mission_form import change_url, errors_of, form_data, member, messages_of

pytestmark = pytest.mark.django_db

CHANGELIST = "admin:projects_mission_changelist"


@pytest.fixture
def editor() -> Client:
    return member(roles.EDITEUR)


@pytest.fixture
def writer() -> Client:
    return member(roles.REDACTEUR)


def test_untouched_form_changes_nothing(editor: Client) -> None:
    mission = factories.make_draft(methods=[factories.make_method()])
    before = list(mission.sections.values()), list(MethodExtract.objects.values())

    answer = editor.post(change_url(mission), form_data(editor, change_url(mission)), follow=True)

    assert answer.redirect_chain == [(reverse(CHANGELIST), 302)]
    assert (list(mission.sections.values()), list(MethodExtract.objects.values())) == before


@pytest.mark.parametrize(
    ("wished", "expected"),
    [
        (["3", "1", "2"], ["problematique", "cles_pour_agir", "contexte"]),
        (["3", "2", "3"], ["problematique", "cles_pour_agir", "contexte"]),
        (["1", "2", "1"], ["cles_pour_agir", "contexte", "problematique"]),
        (["", "", ""], ["contexte", "problematique", "cles_pour_agir"]),
        (["99999999999", "2", "1"], ["cles_pour_agir", "problematique", "contexte"]),
    ],
)
def test_reordered_sections_are_numbered_again(editor: Client, wished: list[str], expected: list[str]) -> None:
    mission = factories.make_draft()
    data = form_data(editor, change_url(mission))
    data |= {f"sections-{index}-position": value for index, value in enumerate(wished)}

    editor.post(change_url(mission), data)

    assert list(mission.sections.values_list("position", "kind")) == list(enumerate(expected, start=1))


def test_deleted_moved_and_new_rows_are_saved_together(editor: Client) -> None:
    mission = factories.make_mission(state=State.DRAFT)
    for position, value in enumerate(["a", "b", "c"], start=1):
        parts.KeyFigure.objects.create(mission=mission, value=value, position=position)
    data = form_data(editor, change_url(mission))
    data |= {
        "key_figures-TOTAL_FORMS": "5",
        "key_figures-0-DELETE": "on",
        "key_figures-1-position": "3",
        "key_figures-2-position": "2",
        "key_figures-3-value": "neuf",
        "key_figures-3-position": "",
        "key_figures-4-value": "",
        "key_figures-4-position": "9",
    }

    editor.post(change_url(mission), data)

    assert list(mission.key_figures.values_list("position", "value")) == [(1, "c"), (2, "b"), (3, "neuf")]


def test_row_added_by_another_person_is_kept_last(editor: Client) -> None:
    mission = factories.make_draft()
    for position, value in enumerate(["a", "b"], start=1):
        parts.KeyFigure.objects.create(mission=mission, value=value, position=position)
    data = form_data(editor, change_url(mission))
    parts.KeyFigure.objects.create(mission=mission, value="autre", position=3)

    editor.post(change_url(mission), data | {"key_figures-0-position": "2", "key_figures-1-position": "1"})

    assert list(mission.key_figures.values_list("position", "value")) == [(1, "b"), (2, "a"), (3, "autre")]


def test_figure_of_a_section_deleted_by_the_same_form_stays_without_section(editor: Client) -> None:
    mission = factories.make_draft(texts={Section.Kind.CHIFFRES: ""})
    section = mission.sections.get(kind=Section.Kind.CHIFFRES)
    figure = parts.KeyFigure.objects.create(mission=mission, value="20", section=section)
    data = form_data(editor, change_url(mission)) | {"sections-3-DELETE": "on", "key_figures-0-value": "21"}

    editor.post(change_url(mission), data)

    figure.refresh_from_db()
    assert (figure.value, figure.section) == ("21", None)


def test_only_the_sections_of_the_mission_are_offered(editor: Client) -> None:
    mission = factories.make_draft()
    other = factories.make_mission("Autre").sections.first()
    figure = parts.KeyFigure.objects.create(mission=mission, value="20")

    answer = editor.post(
        change_url(mission), form_data(editor, change_url(mission)) | {"key_figures-0-section": str(other.pk)}
    )

    figure.refresh_from_db()
    assert list(errors_of(answer)) == ["key_figures-0-section"]
    assert figure.section is None


def test_extracts_find_their_section(editor: Client) -> None:
    mission = factories.make_draft(
        methods=[factories.make_method()],
        texts={Section.Kind.ZOOM: "<p>L’atelier a réuni <strong>vingt</strong>\u00a0agents.</p><p>Puis un bilan.</p>"},
    )
    data = form_data(editor, change_url(mission))
    text = "l'atelier a réuni vingt agents.".replace("l", "L", 1) + "\r\n\r\nLa ville compte trois mairies"

    editor.post(change_url(mission), data | {"method_uses-0-extract_lines": text})

    extracts = MethodExtract.objects.values_list("position", "section__kind", "text")
    assert list(extracts) == [
        (1, "zoom", "L’atelier a réuni vingt agents."),
        (2, "contexte", "La ville compte trois mairies"),
    ]
    page = editor.get(change_url(mission))
    assert "Trouvés dans\u00a0: Zoom et Contexte." in page.text


def test_extract_that_stands_nowhere_is_refused_and_nothing_is_lost(editor: Client) -> None:
    mission = factories.make_draft(methods=[factories.make_method()])
    before = list(MethodExtract.objects.values())
    text = "L’équipe a mené douze entretiens avec les agents.\n\nUne phrase inventée."
    data = form_data(editor, change_url(mission)) | {"title": "Nouveau titre", "method_uses-0-extract_lines": text}

    page = editor.post(change_url(mission), data)

    mission.refresh_from_db()
    assert errors_of(page) == {
        "method_uses-0-extract_lines": [
            "«\u00a0Une phrase inventée.\u00a0» ne se trouve mot pour mot dans aucune rubrique de cette mission. "
            "Copiez le passage depuis la rubrique."
        ]
    }
    assert "Une phrase inventée." in page.text
    assert "Nouveau titre" in page.text
    assert mission.title == "Réorganiser l’accueil de la mairie"
    assert list(MethodExtract.objects.values()) == before


def test_section_rewritten_under_its_extract_is_refused(editor: Client) -> None:
    mission = factories.make_draft(methods=[factories.make_method()])
    data = form_data(editor, change_url(mission)) | {"sections-2-body": "<p>Tout autre chose.</p>"}

    page = editor.post(change_url(mission), data)

    assert list(errors_of(page)) == ["method_uses-0-extract_lines"]
    assert "douze entretiens" in mission.sections.get(kind=Section.Kind.CLES_POUR_AGIR).body


def test_speakers_are_written_one_per_line_and_keep_their_person(editor: Client) -> None:
    mission = factories.make_draft()
    testimonial = parts.Testimonial.objects.create(mission=mission, text="<p>Merci.</p>")
    person = factories.make_person("Zoé", "Martin")
    Speaker.objects.create(testimonial=testimonial, person=person, first_name="Zoé", last_name="Martin", role="maire")
    data = form_data(editor, change_url(mission))
    assert data["testimonials-0-speaker_lines"] == ["Zoé Martin, maire"]

    editor.post(
        change_url(mission),
        data | {"testimonials-0-speaker_lines": "Jean de La Rue, adjoint, élu\r\nZoé Martin, ancienne maire"},
    )

    speakers = testimonial.speakers.values_list("position", "person", "first_name", "last_name", "role")
    assert list(speakers) == [
        (1, None, "Jean", "de La Rue", "adjoint, élu"),
        (2, person.pk, "Zoé", "Martin", "ancienne maire"),
    ]


def test_corrected_name_of_a_masked_speaker_stays_masked(editor: Client) -> None:
    mission = factories.make_draft()
    person = factories.make_person("Zoé", "Martin", display_mode="masque")
    tutor = factories.make_person("Ali", "Secret", display_mode="masque")
    factories.add_tutor(mission, tutor)
    testimonial = parts.Testimonial.objects.create(mission=mission, text="<p>Merci.</p>")
    Speaker.objects.create(testimonial=testimonial, person=person, first_name="Zoé", last_name="Martin", role="maire")
    data = form_data(editor, change_url(mission))

    editor.post(
        change_url(mission), data | {"testimonials-0-speaker_lines": "Zoé Martine, maire\r\nAli Secret, directeur"}
    )

    speakers = testimonial.speakers.select_related("person")
    assert [(speaker.person, speaker.public_name) for speaker in speakers] == [(person, ""), (tutor, "")]


def test_speaker_who_becomes_a_tutor_is_masked_with_them(editor: Client) -> None:
    mission = factories.make_draft()
    testimonial = parts.Testimonial.objects.create(mission=mission, text="<p>Merci.</p>")
    Speaker.objects.create(testimonial=testimonial, first_name="Ali", last_name="Secret", role="directeur")
    factories.add_tutor(mission, factories.make_person("Ali", "Secret", display_mode="masque"))

    editor.post(change_url(mission), form_data(editor, change_url(mission)))

    assert testimonial.speakers.get().public_name == ""


def test_save_writes_the_search_document(editor: Client) -> None:
    mission = factories.make_draft()
    data = form_data(editor, change_url(mission)) | {"sections-0-body": "<p>Un hydravion.</p>"}

    editor.post(change_url(mission), data)

    assert " hydravion " in SearchDocument.objects.get(mission=mission).stems


def test_publish_button_publishes_a_complete_draft(editor: Client) -> None:
    mission = factories.make_mission(state=State.DRAFT)

    page = editor.post(change_url(mission), form_data(editor, change_url(mission)) | {"_publish": "1"}, follow=True)

    mission.refresh_from_db()
    assert mission.is_published
    assert messages_of(page) == ["1\u00a0mission publiée."]


def test_publish_button_says_what_is_missing_and_keeps_the_changes(editor: Client) -> None:
    mission = factories.make_mission(state=State.DRAFT)
    data = form_data(editor, change_url(mission)) | {"sections-0-body": "", "title": "Titre revu", "_publish": "1"}

    page = editor.post(change_url(mission), data, follow=True)

    mission.refresh_from_db()
    assert (mission.state, mission.title) == (State.DRAFT, "Titre revu")
    assert [text.split(" n’est ")[1] for text in messages_of(page)] == [
        "pas publiée. Écrivez la rubrique «\u00a0Contexte\u00a0»."
    ]
    assert 'href="#sections-group"' in page.text


def test_writer_may_not_publish(writer: Client) -> None:
    mission = factories.make_draft()

    page = writer.post(change_url(mission), form_data(writer, change_url(mission)) | {"_publish": "1"}, follow=True)

    mission.refresh_from_db()
    assert "vous n’avez pas le droit" in messages_of(page)[0]
    assert 'name="_publish"' not in page.text
    assert mission.state == State.DRAFT


def test_writer_hands_a_draft_over_to_review(writer: Client) -> None:
    mission = factories.make_mission(state=State.DRAFT)

    writer.post(change_url(mission), form_data(writer, change_url(mission)) | {"_review": "1"})

    mission.refresh_from_db()
    assert mission.state == State.REVIEW


def test_actions_publish_what_can_be(editor: Client) -> None:
    ready = factories.make_mission("Prête", number=1, state=State.DRAFT)
    bare = Mission.objects.create(title="Nue", slug="nue")

    page = editor.post(reverse(CHANGELIST), {"action": "publish", "_selected_action": [ready.pk, bare.pk]}, follow=True)

    assert list(Mission.objects.published()) == [ready]
    assert sorted(messages_of(page))[0] == "1\u00a0mission publiée. Annuler"
    assert "Choisissez le thème." in page.text
    assert f'href="{change_url(bare)}#id_theme"' in page.text


@pytest.mark.parametrize(
    ("action", "state"), [("withdraw", State.DRAFT), ("review", State.REVIEW), ("archive", State.ARCHIVED)]
)
def test_actions_take_missions_off_the_site(editor: Client, action: str, state: str) -> None:
    mission = factories.make_mission()

    editor.post(reverse(CHANGELIST), {"action": action, "_selected_action": [mission.pk]})

    mission.refresh_from_db()
    assert mission.state == state


def test_actions_of_publishing_are_not_the_writer_s(writer: Client) -> None:
    mission = factories.make_mission(state=State.DRAFT)

    writer.post(reverse(CHANGELIST), {"action": "publish", "_selected_action": [mission.pk]})

    mission.refresh_from_db()
    assert mission.state == State.DRAFT


def test_state_may_not_be_sent_as_a_field(editor: Client) -> None:
    mission = factories.make_mission(state=State.DRAFT)

    editor.post(change_url(mission), form_data(editor, change_url(mission)) | {"state": State.PUBLISHED})

    mission.refresh_from_db()
    assert mission.state == State.DRAFT


@pytest.mark.parametrize(("field", "value"), [("slug", "prise"), ("number", "7")])
def test_taken_number_or_address_is_an_error_of_the_form(editor: Client, field: str, value: str) -> None:
    other = factories.make_mission("Autre", number=7)
    Mission.objects.filter(pk=other.pk).update(slug="prise")
    mission = factories.make_mission(state=State.DRAFT)

    page = editor.post(change_url(mission), form_data(editor, change_url(mission)) | {field: value})

    assert len(errors_of(page)["__all__"]) == 1
    assert page.status_code == 200


def test_new_mission_gets_its_address(editor: Client) -> None:
    edition = factories.make_edition()
    url = reverse("admin:projects_mission_add")
    data = form_data(editor, url) | {"title": "L’été à vélo", "edition": str(edition.pk), "number": "4"}

    editor.post(url, data)

    assert list(Mission.objects.values_list("slug", "state")) == [("2019-04-l-ete-a-velo", State.DRAFT)]


def test_address_of_a_mission_that_was_published_is_fixed(editor: Client) -> None:
    mission = factories.make_draft(published_at="2024-01-01T00:00:00Z")

    editor.post(change_url(mission), form_data(editor, change_url(mission)) | {"slug": "autre"})

    assert Mission.objects.get().slug == mission.slug


def test_confirmed_method_is_searched_after_the_save(editor: Client) -> None:
    mission = factories.make_draft(methods=[factories.make_method("Photolangage")])
    MethodUse.objects.update(state=MethodUse.State.PROPOSED)

    editor.post(
        change_url(mission),
        form_data(editor, change_url(mission)) | {"method_uses-0-state": MethodUse.State.CONFIRMED},
    )

    assert " photolangag " in SearchDocument.objects.get(mission=mission).stems
