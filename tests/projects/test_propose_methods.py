"""The command: dry unless told, for one mission or all, in lines or as data."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from projects.models import MethodUse, Mission, Section
from projects.tagging import decisions
from tests import factories as make

pytestmark = pytest.mark.django_db

REASON = "«\u00a0benchmark\u00a0» nomme la méthode, et la phrase dit ce que l’équipe a fait."


@pytest.fixture
def missions() -> list[Mission]:
    make.make_method("Parangonnage")
    texts = {Section.Kind.CLES_POUR_AGIR: "<p>L’équipe a mené un benchmark.</p>"}
    return [make.make_mission(f"Mission {number}", number=number, texts=texts) for number in (1, 2)]


def run(*args: str, **options: Any) -> str:
    out = StringIO()
    call_command("propose_methods", *args, stdout=out, **options)
    return out.getvalue()


def test_command_tells_and_writes_nothing(missions: list[Mission]) -> None:
    assert run().split("\n") == [
        "",
        "01 Mission 1",
        f"  Parangonnage (utilisée)\u00a0: {REASON}",
        "    «\u00a0L’équipe a mené un benchmark.\u00a0»",
        "",
        "02 Mission 2",
        f"  Parangonnage (utilisée)\u00a0: {REASON}",
        "    «\u00a0L’équipe a mené un benchmark.\u00a0»",
        "",
        "2\u00a0propositions trouvées.",
        "Rien n’a été écrit. Ajoutez --save pour les garder jusqu’à la décision d’un éditeur.",
        "",
    ]
    assert MethodUse.objects.count() == 0


def test_save_keeps_proposals_of_the_named_mission_alone(missions: list[Mission]) -> None:
    told = run(missions[1].slug, save=True)

    assert "1\u00a0proposition gardée." in told
    assert list(MethodUse.objects.values_list("mission", "state")) == [(missions[1].pk, "proposee")]


def test_json_gives_the_evidence_and_what_was_refused(missions: list[Mission]) -> None:
    decisions.refuse(missions[1], make.make_method("Parangonnage"), "utilisee")

    first, second = json.loads(run(format="json"))

    assert first == {
        "mission": missions[0].slug,
        "proposals": [
            {
                "method": "parangonnage",
                "role": "utilisee",
                "moment": "diagnostic",
                "intention_only": False,
                "reason": REASON,
                "kept": False,
                "evidence": [
                    {"section": "cles_pour_agir", "extract": True, "text": "L’équipe a mené un benchmark."},
                ],
            }
        ],
        "refused": [],
    }
    assert (second["proposals"], second["refused"]) == ([], ["parangonnage"])


def test_unknown_address_is_said(missions: list[Mission]) -> None:
    with pytest.raises(CommandError, match=r"Aucune mission n’a cette adresse\u00a0: inconnue\."):
        run("inconnue")
