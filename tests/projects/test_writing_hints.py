"""Advice beside the text of a section; nothing blocks."""

import pytest
from django.test import Client

from projects import roles
from projects.models import Mission, Section
from projects.writing_hints import Written, hints
from tests import factories
from tests.mission_form import change_url, form_data, member

Kind = Section.Kind


def said(body: str, kind: str = Kind.ZOOM) -> list[str]:
    return hints([Written("x", kind, body)])["x"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.CONTEXTE, "3\u00a0mots\u202f; une rubrique imprimée en a d’ordinaire de 110 à 180."),
        (Kind.ZOOM, "3\u00a0mots."),
        ("inconnue", "3\u00a0mots."),
    ],
)
def test_length_is_told_against_the_printed_page(kind: str, expected: str) -> None:
    assert said("<p>L’eau <strong>des</strong> villes.</p>", kind) == [expected]


def test_text_without_a_word_has_no_advice() -> None:
    assert said("<p></p>") == []


@pytest.mark.parametrize(("body", "asks"), [("<p>Comment faire\u202f?</p>", True), ("<p>Il faut faire.</p>", False)])
def test_problem_without_a_question_is_said(body: str, asks: bool) -> None:
    advice = "La problématique ne pose pas de question\u00a0: aucune phrase ne finit par un point d’interrogation."

    assert (advice in said(body, Kind.PROBLEMATIQUE)) is not asks
    assert advice not in said(body)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([40, 40], []),
        ([41], ["1\u00a0phrase de plus de 40\u00a0mots\u00a0: «\u00a0Mot mot mot mot mot…\u00a0»."]),
        (
            [41, 3, 50],
            [
                "2\u00a0phrases de plus de 40\u00a0mots\u00a0: "
                "«\u00a0Mot mot mot mot mot…\u00a0» et «\u00a0Mot mot mot mot mot…\u00a0»."
            ],
        ),
    ],
)
def test_long_sentences_are_named(words: list[int], expected: list[str]) -> None:
    text = " ".join(("mot " * count).strip().capitalize() + "." for count in words)

    assert said(f"<p>{text}</p>")[1:] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le centre communal d’action sociale (CCAS) et le CCAS.", []),
        ("Le CCAS (centre communal d’action sociale).", []),
        (
            "Le CCAS (voir plus bas), la DSI.",
            ["Sigles sans leur forme développée, la première fois\u00a0: CCAS et DSI."],
        ),
        ("L’INET, Louis XIV, un PDF, l’A.", []),
        ("UN TITRE EN CAPITALES", []),
        ("Des EPCIs.", ["Sigle sans sa forme développée, la première fois\u00a0: EPCI."]),
        (
            "La DSI, la DRH, la DGS, la DGA et la DIT.",
            ["Sigles sans leur forme développée, la première fois\u00a0: DSI, DRH, DGS et 2\u00a0autres."],
        ),
    ],
)
def test_acronyms_not_spelled_out_are_named(text: str, expected: list[str]) -> None:
    assert said(f"<p>{text}</p>")[1:] == expected


def test_acronym_is_spelled_out_once_for_the_fiche() -> None:
    found = hints(
        [Written("a", Kind.ZOOM, "<p>Une école (DSI).</p>"), Written("b", Kind.ZOOM, "<p>La DSI, la DRH.</p>")]
    )

    assert [texts[1:] for texts in found.values()] == [
        [],
        ["Sigle sans sa forme développée, la première fois\u00a0: DRH."],
    ]


@pytest.fixture
def mission() -> Mission:
    return factories.make_mission(state="brouillon", texts={Kind.ZOOM: "<p>La DSI.</p>"})


@pytest.mark.django_db
def test_form_shows_the_advice_as_help_of_the_field(mission: Mission) -> None:
    page = member(roles.REDACTEUR).get(change_url(mission)).text

    help_of = page.split('id="id_sections-3-body_helptext"')[1].split("</ul>")[0]
    assert "2\u00a0mots." in help_of
    assert "Sigle sans sa forme développée, la première fois\u00a0: DSI." in help_of
    assert 'aria-describedby="id_sections-3-body_helptext"' in page


@pytest.mark.django_db
def test_advice_follows_what_is_typed_in_the_order_of_the_form(mission: Mission) -> None:
    writer = member(roles.REDACTEUR)
    sent = form_data(writer, change_url(mission)) | {
        "sections-0-body": "<p>La DSI encore.</p>",
        "sections-0-position": "9",
        "sections-7-body": "<p>&lt;b&gt; GPEC</p>",
    }

    answer = writer.post("/admin/projects/mission/conseils/", sent).json()

    assert sorted(answer) == [f"id_sections-{row}-body" for row in (0, 1, 2, 3, 7)]
    assert "DSI" in answer["id_sections-3-body"]
    assert "DSI" not in answer["id_sections-0-body"]
    assert "GPEC" in answer["id_sections-7-body"]


@pytest.mark.django_db
def test_advice_is_for_those_who_write(client: Client, mission: Mission) -> None:
    assert "DSI" not in client.post("/admin/projects/mission/conseils/", {"sections-0-body": "DSI"}).text
    reader = member(roles.REDACTEUR)
    reader.get("/admin/")
    assert reader.get("/admin/projects/mission/conseils/").status_code == 405
