"""« Aperçu »: the public page of what is typed; nothing of it is kept, and only who may change it sees it."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from projects import roles, statistics
from projects.models import Mission, SearchDocument, SearchState, Section, parts
from projects.models.mission import State
from tests import factories
from tests.mission_form import change_url, form_data, member

pytestmark = pytest.mark.django_db

SCRIPT = {"Accept": "application/json"}


def preview_url(mission: Mission) -> str:
    return reverse("admin:projects_mission_preview", args=[mission.pk])


def kept() -> list[Any]:
    return [
        list(model.objects.order_by("pk").values())
        for model in (Mission, Section, parts.KeyFigure, SearchDocument, SearchState)
    ]


@pytest.fixture
def writer() -> Client:
    return member(roles.REDACTEUR)


@pytest.fixture
def draft() -> Mission:
    mission = factories.make_mission(
        "Un brouillon", edition=factories.make_edition(), number=9, state=State.DRAFT, methods=[factories.make_method()]
    )
    parts.KeyFigure.objects.create(mission=mission, value="20", label="agents", position=1)
    return mission


def test_page_is_the_public_one_of_what_is_typed(writer: Client, draft: Mission) -> None:
    before = kept()
    data = form_data(writer, change_url(draft)) | {
        "title": "Un titre tout neuf",
        "sections-1-body": "<p>Une question neuve ?</p><script>alert(1)</script>",
        "sections-0-position": "2",
        "key_figures-TOTAL_FORMS": "2",
        "key_figures-1-value": "65 000",
        "key_figures-1-label": "ménages",
    }

    page = writer.post(preview_url(draft), data)

    assert page.templates[0].name == "projects/mission_detail.html"
    assert "Un titre tout neuf" in page.text
    assert page.text.index("Une question neuve\u202f?") < page.text.index("La ville compte trois mairies")
    assert "65\u202f000" in page.text
    assert "alert(1)" not in page.text
    assert kept() == before
    assert page["X-Robots-Tag"] == "noindex"
    assert {"no-store", "private"} <= set(page["Cache-Control"].split(", "))
    assert (page["X-Frame-Options"], page["Content-Security-Policy"].count("frame-ancestors 'none'")) == ("DENY", 1)


def test_untouched_form_gives_the_page_that_the_editor_reads(writer: Client, draft: Mission) -> None:
    public = writer.get(draft.get_absolute_url()).text

    page = writer.post(preview_url(draft), form_data(writer, change_url(draft)), headers=SCRIPT)

    assert page.json() == {"errors": [], "page": public}


def test_new_mission_is_previewed_before_its_first_save(writer: Client) -> None:
    url = reverse("admin:projects_mission_add")

    page = writer.post(
        reverse("admin:projects_mission_preview_new"), form_data(writer, url) | {"title": "Encore rien"}, headers=SCRIPT
    )

    assert page.json()["errors"] == []
    assert "Encore rien" in page.json()["page"]
    assert Mission.objects.count() == 0


def test_errors_are_said_with_the_page_last_saved(writer: Client, draft: Mission) -> None:
    data = form_data(writer, change_url(draft)) | {
        "title": "",
        "key_figures-0-value": "2" * 41,
        "method_uses-0-extract_lines": "Une phrase inventée.",
    }
    before = kept()

    page = writer.post(preview_url(draft), data, headers=SCRIPT)

    assert page.json()["errors"] == [
        "Titre\u00a0: Ce champ est obligatoire.",
        "Chiffres clés, ligne\u00a01, valeur\u00a0: Assurez-vous que cette valeur comporte au plus 40 caractères "
        "(actuellement 41).",
    ]
    assert "Un brouillon" in page.json()["page"]
    assert kept() == before


def test_extract_that_stands_nowhere_is_said(writer: Client, draft: Mission) -> None:
    data = form_data(writer, change_url(draft)) | {"method_uses-0-extract_lines": "Une phrase inventée."}

    page = writer.post(preview_url(draft), data)

    assert page.templates[0].name == "admin/projects/mission/preview.html"
    assert "Une phrase inventée.\u00a0» ne se trouve mot pour mot dans aucune rubrique" in page.text


def test_cover_of_a_draft_comes_from_the_admin_and_no_file_is_left(
    writer: Client, draft: Mission, private_files: Path
) -> None:
    draft.cover_alt = "La mairie"
    draft.cover.save("mairie.png", ContentFile(b"\x89PNG"))
    files = sorted(private_files.rglob("*"))
    data = form_data(writer, change_url(draft)) | {"cover": SimpleUploadedFile("autre.png", b"\x89PNG")}

    page = writer.post(preview_url(draft), data)

    assert f'<img src="{reverse("admin:projects_mission_original", args=[draft.pk])}"' in page.text
    assert sorted(private_files.rglob("*")) == files


def test_preview_is_no_reading_and_says_nothing(
    writer: Client, draft: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Any] = []
    monkeypatch.setattr(statistics, "_append", lambda *line: read.append(line))

    writer.post(preview_url(draft), form_data(writer, change_url(draft)))

    assert read == []
    assert list(writer.get(change_url(draft)).context["messages"]) == []


def test_only_who_may_change_the_mission_sees_it(client: Client, draft: Mission) -> None:
    stranger = Client()
    stranger.force_login(User.objects.create_user("sans-droit", is_staff=True))
    reader = Client()
    reader.force_login(User.objects.create_user("public"))
    new = reverse("admin:projects_mission_preview_new")

    answers = {
        name: [who.post(url, {"title": "x"}, headers=SCRIPT) for url in (preview_url(draft), new)]
        for name, who in {"anonymous": client, "staff": stranger, "reader": reader}.items()
    }

    assert [answer.status_code for answer in answers["staff"]] == [403, 403]
    for answer in [answer for both in answers.values() for answer in both]:
        assert answer["Content-Type"].split(";")[0] == "text/html"
        assert "Un brouillon" not in answer.text


def test_preview_of_nothing_is_not_found_and_is_never_a_get(writer: Client, draft: Mission) -> None:
    assert writer.post("/admin/projects/mission/999/apercu/").status_code == 404
    assert writer.get(preview_url(draft)).status_code == 405


def test_text_of_another_person_saved_meanwhile_stops_no_preview(writer: Client, draft: Mission) -> None:
    data = form_data(writer, change_url(draft))
    member(roles.EDITEUR).post(change_url(draft), data | {"title": "Autre titre"})

    page = writer.post(preview_url(draft), data | {"title": "Mon titre"}, headers=SCRIPT)

    assert page.json()["errors"] == []
    assert "Mon titre" in page.json()["page"]
    draft.refresh_from_db()
    assert draft.title == "Autre titre"
