"""French typography put right when an editor saves: what was changed, and nothing else."""

import pytest
from django.test import Client
from django.urls import reverse

from projects import roles
from projects.models import MethodExtract, Mission, Section, parts
from tests import factories
from tests.mission_form import change_url, form_data, member, messages_of

pytestmark = pytest.mark.django_db

SAID = "{} dans ce que vous avez écrit (espaces, guillemets, apostrophes)."


@pytest.fixture
def writer() -> Client:
    return member(roles.REDACTEUR)


def test_what_was_changed_is_put_right_and_said_once(writer: Client) -> None:
    mission = factories.make_mission(
        state="brouillon", title_printed="L'EAU", texts={Section.Kind.ZOOM: "<p>L'eau !</p>"}
    )
    factories.add_tutor(mission, factories.make_person("Ali", "Diallo"))
    parts.KeyFigure.objects.create(mission=mission, value="20%", label="de l'eau", position=1)
    data = form_data(writer, change_url(mission))
    data |= {
        "title": "L'eau : pour qui ?",
        "title_printed": "L'EAU : POUR QUI ?",
        "summary_asked": 'Savoir "où" va l\'eau',
        "sections-0-body": "<p>Le <strong>contexte</strong> ! <a href=\"https://exemple.fr/l'eau\">l'eau</a></p>",
        "key_figures-0-value": "21%",
        "key_figures-0-label": "d'agents",
        "tutorships-0-job_title": "cheffe d'équipe",
    }

    page = writer.post(change_url(mission), data | {"_continue": "1"}, follow=True)

    mission.refresh_from_db()
    assert (mission.title, mission.title_printed) == ("L’eau\u00a0: pour qui\u202f?", "L'EAU : POUR QUI ?")
    assert mission.summary_asked == "Savoir «\u00a0où\u00a0» va l’eau"
    assert list(mission.sections.values_list("body", flat=True))[::3] == [
        '<p>Le <strong>contexte</strong>\u202f! <a href="https://exemple.fr/l\'eau" rel="noopener">l’eau</a></p>',
        "<p>L'eau !</p>",
    ]
    assert list(mission.key_figures.values_list("value", "label")) == [("21%", "d’agents")]
    assert mission.tutorships.get().job_title == "cheffe d’équipe"
    assert SAID.format("10\u00a0corrections typographiques faites") in messages_of(page)


def test_nothing_is_said_when_nothing_was_put_right(writer: Client) -> None:
    mission = factories.make_mission("L'eau", state="brouillon")
    data = form_data(writer, change_url(mission)) | {"cover_alt": "Une image", "_continue": "1"}

    page = writer.post(change_url(mission), data, follow=True)

    mission.refresh_from_db()
    assert mission.title == "L'eau"
    assert [text for text in messages_of(page) if "typographique" in text] == []


def test_text_that_would_become_too_long_stays_as_typed(writer: Client) -> None:
    mission = factories.make_mission(state="brouillon")
    title = f"{'a' * 299}?"

    writer.post(change_url(mission), form_data(writer, change_url(mission)) | {"title": title})

    mission.refresh_from_db()
    assert mission.title == title


def test_extracts_follow_the_typography_of_their_section(writer: Client) -> None:
    typed = 'L\'équipe a mené "douze" entretiens !'
    mission = factories.make_mission(
        state="brouillon", methods=[factories.make_method()], texts={Section.Kind.ZOOM: "<p>Autre.</p>"}
    )
    data = form_data(writer, change_url(mission))

    writer.post(
        change_url(mission), data | {"sections-3-body": f"<p>{typed}</p>", "method_uses-0-extract_lines": typed}
    )

    extract = MethodExtract.objects.get()
    assert extract.text == "L’équipe a mené « douze » entretiens !"
    assert extract.text in extract.section.text


def test_names_and_addresses_are_left_as_typed(admin_client: Client) -> None:
    admin_client.post(
        reverse("admin:projects_resource_add"),
        {"title": "L'eau ?", "kind": "article", "url": "https://exemple.fr/l'eau", "publisher": "L'Éditeur"},
    )

    from projects.models import Resource

    resource = Resource.objects.get()
    assert [resource.title, resource.url, resource.publisher] == [
        "L’eau\u202f?",
        "https://exemple.fr/l'eau",
        "L'Éditeur",
    ]
    assert Mission.objects.count() == 0
