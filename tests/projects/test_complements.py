import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from projects import search
from projects.complements import BadComplements, load_complements
from projects.models import KeyFigure, Mission, Section, Theme
from tests.factories import make_domain, make_edition, make_method, make_mission, make_theme

pytestmark = pytest.mark.django_db

EXTRACT = "L’équipe a mené douze entretiens avec les agents."
COMPLEMENT = {
    "edition": "2019",
    "number": 4,
    "pages": [19, 24],
    "note": "Texte réécrit.",
    "domains": ["habitat"],
    "summary": {"asked": "Mieux loger.", "done": "Douze entretiens.", "advised": "Une grille."},
    "deliverables": [{"kind": "outil", "title": "Grille de cotation"}],
    "methods": [
        {
            "method": "interviews",
            "role": "utilisée",
            "moment": "diagnostic",
            "outcome": "Douze points de vue",
            "section": "cles_pour_agir",
            "extract": EXTRACT,
        }
    ],
}


@pytest.fixture
def mission() -> Mission:
    make_domain("Habitat")
    make_method("Entretiens", synonyms=["Interviews"])
    return make_mission(number=4, edition=make_edition(2019))


def write(folder: Path, *complements: Any, themes: Sequence[Any] = ()) -> Path:
    path = folder / "complements.json"
    path.write_text(json.dumps({"themes": themes, "missions": complements}), encoding="utf-8")
    return path


def state_of(mission: Mission) -> dict[str, Any]:
    mission = Mission.objects.get(pk=mission.pk)
    return {
        "pages": (mission.page_first, mission.page_last),
        "note": (mission.editor_note, mission.editor_note_on is not None),
        "summary": (mission.summary_asked, mission.summary_done, mission.summary_advised),
        "domains": [domain.slug for domain in mission.domains.all()],
        "deliverables": [(d.position, d.kind, d.title) for d in mission.deliverables.all()],
        "uses": [
            (u.method.slug, u.role, u.state, u.moment, u.outcome, [(e.section.kind, e.text) for e in u.extracts.all()])
            for u in mission.method_uses.all()
        ],
    }


NOTHING = {
    "pages": (None, None),
    "note": ("", False),
    "summary": ("", "", ""),
    "domains": [],
    "deliverables": [],
    "uses": [],
}


def test_complements_fill_the_mission_and_its_search_words(mission: Mission, tmp_path: Path) -> None:
    draft = make_mission(number=5, state="brouillon")

    outcome = load_complements(write(tmp_path, COMPLEMENT))

    assert (outcome.completed, outcome.skipped) == ([mission], [])
    assert state_of(mission) == {
        "pages": (19, 24),
        "note": ("Texte réécrit.", True),
        "summary": ("Mieux loger.", "Douze entretiens.", "Une grille."),
        "domains": ["habitat"],
        "deliverables": [(1, "outil", "Grille de cotation")],
        "uses": [
            (
                "entretiens",
                "utilisee",
                "confirmee",
                "diagnostic",
                "Douze points de vue",
                [("cles_pour_agir", EXTRACT)],
            )
        ],
    }
    assert state_of(draft) == NOTHING
    assert search.search("grille cotation interviews habitat").ids == [mission.pk]


def test_complements_find_a_mission_without_known_edition(mission: Mission, tmp_path: Path) -> None:
    orphan = make_mission(number=4, edition=make_edition(2020))
    Mission.objects.filter(pk=orphan.pk).update(edition=None)

    load_complements(write(tmp_path, {**COMPLEMENT, "edition": None, "pages": None}))

    assert state_of(orphan)["summary"] == ("Mieux loger.", "Douze entretiens.", "Une grille.")
    assert state_of(orphan)["pages"] == (None, None)
    assert state_of(mission) == NOTHING


def test_complements_again_leave_what_people_changed_since(mission: Mission, tmp_path: Path) -> None:
    load_complements(write(tmp_path, COMPLEMENT))
    Mission.objects.filter(pk=mission.pk).update(summary_asked="Loger mieux.")
    before = state_of(mission)

    outcome = load_complements(write(tmp_path, COMPLEMENT))

    assert (outcome.completed, outcome.skipped) == ([], [mission])
    assert state_of(mission) == before


def test_complements_with_update_replace_what_they_had_written(mission: Mission, tmp_path: Path) -> None:
    load_complements(write(tmp_path, COMPLEMENT))
    before = state_of(mission)
    Mission.objects.filter(pk=mission.pk).update(summary_asked="Loger mieux.")
    mission.method_uses.update(outcome="")

    load_complements(write(tmp_path, COMPLEMENT), update=True)

    assert state_of(mission) == before


def test_theme_is_described_and_an_editor_s_words_are_kept(tmp_path: Path, client: Client) -> None:
    silent, told = make_theme("Piloter ensemble", 1), make_theme("Travailler autrement", 2)
    make_mission(theme=silent)
    make_mission(theme=told)
    Theme.objects.filter(pk=told.pk).update(description="Les mots de la rédaction.")
    sentences = [{"slug": theme.slug, "description": f"{theme.name}, en une phrase."} for theme in (silent, told)]

    outcome = load_complements(write(tmp_path, themes=sentences))

    described = dict(Theme.objects.values_list("name", "description"))
    assert outcome.described == [silent]
    assert described == {
        "Piloter ensemble": "Piloter ensemble, en une phrase.",
        "Travailler autrement": "Les mots de la rédaction.",
    }
    page = client.get("/themes/").text
    assert [sentence for sentence in described.values() if f"<p>{sentence}</p>" not in page] == []


def test_theme_with_update_takes_the_words_of_the_file_again(tmp_path: Path) -> None:
    theme = make_theme("Piloter ensemble")
    Theme.objects.update(description="Les mots de la rédaction.")

    load_complements(write(tmp_path, themes=[{"slug": theme.slug, "description": "Une phrase."}]), update=True)

    assert Theme.objects.get().description == "Une phrase."


def test_unknown_theme_is_named_and_nothing_is_written(mission: Mission, tmp_path: Path) -> None:
    with pytest.raises(BadComplements) as error:
        load_complements(write(tmp_path, COMPLEMENT, themes=[{"slug": "magie", "description": "Une phrase."}]))

    assert error.value.faults == [
        "complements.json (themes), entrée 1\u00a0: le thème «\u00a0magie\u00a0» n’est pas au catalogue."
    ]
    assert state_of(mission) == NOTHING


def test_extract_is_bound_to_the_section_that_holds_it(mission: Mission, tmp_path: Path) -> None:
    boxes = [
        Section.objects.create(mission=mission, kind=Section.Kind.ZOOM, body=f"<p>{text}</p>", position=position)
        for position, text in ((8, "Un autre encadré."), (9, "Douze <strong>entretiens</strong> ont suffi."))
    ]
    use = {**COMPLEMENT["methods"][0], "section": "zoom", "extract": "Douze entretiens ont suffi."}  # type: ignore[index]

    load_complements(write(tmp_path, {**COMPLEMENT, "methods": [use]}))

    assert mission.method_uses.get().extracts.get().section == boxes[1]


def test_use_is_bound_to_the_figures_that_begin_so(mission: Mission, tmp_path: Path) -> None:
    for position, (value, label) in enumerate([("2", "agents"), ("22", "participants aux ateliers")], start=1):
        KeyFigure.objects.create(mission=mission, position=position, value=value, label=label)

    load_complements(write(tmp_path, method(figures=["22 Participants"])))

    assert [figure.position for figure in mission.method_uses.get().key_figures.all()] == [2]


def method(**values: Any) -> dict[str, Any]:
    return {**COMPLEMENT, "methods": [{**COMPLEMENT["methods"][0], **values}]}  # type: ignore[index]


FICHE = "Fiche 4 (recueil 2019)"


@pytest.mark.parametrize(
    ("complement", "fault"),
    [
        ({**COMPLEMENT, "number": 9}, "Fiche 9 (recueil 2019)\u00a0: cette fiche n’est pas au catalogue."),
        ({**COMPLEMENT, "edition": None}, "Fiche 4 (sans recueil connu)\u00a0: cette fiche n’est pas au catalogue."),
        ({**COMPLEMENT, "domains": ["magie"]}, f"{FICHE}\u00a0: le domaine «\u00a0magie\u00a0» n’est pas connu."),
        (
            method(method="divination"),
            f"{FICHE}, méthode «\u00a0divination\u00a0»\u00a0: elle n’est pas dans le vocabulaire.",
        ),
        (
            method(extract="Elle a mené douze entretiens."),
            f"{FICHE}, méthode «\u00a0interviews\u00a0»\u00a0: l’extrait «\u00a0Elle a mené douze entretiens.\u00a0» "
            "ne se trouve pas mot pour mot dans la rubrique «\u00a0Des clés pour agir\u00a0».",
        ),
        (
            method(section="contexte"),
            f"{FICHE}, méthode «\u00a0interviews\u00a0»\u00a0: l’extrait «\u00a0{EXTRACT}\u00a0» "
            "ne se trouve pas mot pour mot dans la rubrique «\u00a0Contexte\u00a0».",
        ),
        (
            method(extract=""),
            f"{FICHE}, méthode «\u00a0interviews\u00a0»\u00a0: l’extrait «\u00a0\u00a0» "
            "ne se trouve pas mot pour mot dans la rubrique «\u00a0Des clés pour agir\u00a0».",
        ),
        (
            method(figures=["22 participants"]),
            f"{FICHE}, méthode «\u00a0interviews\u00a0»\u00a0: le chiffre "
            "«\u00a022 participants\u00a0» n’est pas dans la fiche.",
        ),
        (
            {**COMPLEMENT, "pages": [19]},
            "complements.json (missions), entrée 2\u00a0: "
            "«\u00a0pages\u00a0» doit être null ou deux nombres, par exemple [19, 24].",
        ),
    ],
)
def test_complements_that_do_not_fit_are_named_and_nothing_is_written(
    mission: Mission, tmp_path: Path, complement: dict[str, Any], fault: str
) -> None:
    other = make_mission(number=5)

    with pytest.raises(BadComplements) as error:
        load_complements(write(tmp_path, {**COMPLEMENT, "number": 5}, complement))

    assert error.value.faults == [fault]
    assert [state_of(other), state_of(mission)] == [NOTHING, NOTHING]


def test_load_complements_command_tells_what_it_did(
    mission: Mission, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("load_complements", write(tmp_path, COMPLEMENT))

    assert capsys.readouterr().out == ("0\u00a0thème décrit\n1\u00a0mission complétée, 0\u00a0laissée telle quelle\n")
    assert Mission.objects.get(pk=mission.pk).editor_note_on == date.today()


def test_load_complements_command_without_a_file_is_french(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as error:
        call_command("load_complements", tmp_path / "rien.json")

    assert str(error.value) == f"Rien n’a été écrit.\nrien.json\u00a0: le fichier est introuvable dans {tmp_path}."
