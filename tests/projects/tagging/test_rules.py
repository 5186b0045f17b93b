"""The rules on invented texts: what is proposed, with what role, and what is not."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook.text import slug
from projects.models import Section
from projects.models.method_use import stands_in
from projects.tagging.cues import Cues, Subject, compiled, table
from projects.tagging.proposals import Part, Proposal, propose
from projects.tagging.reasons import intention, reason

Kind = Section.Kind
METHODS = json.loads((Path(site.BASE_DIR) / "fixtures" / "reference" / "methods.json").read_text("utf-8"))
CUES = Cues(Subject(slug(entry["name"]), entry["name"], tuple(entry["synonyms"])) for entry in METHODS)


def tagged(text: str, kind: str = Kind.CLES_POUR_AGIR) -> dict[str, Proposal]:
    return {proposal.key: proposal for proposal in propose([Part(kind, text, section=1)], CUES)}


def roles(text: str, kind: str = Kind.CLES_POUR_AGIR) -> dict[str, str]:
    return {key: proposal.role for key, proposal in tagged(text, kind).items()}


def test_table_speaks_of_known_methods_only() -> None:
    assert set(table()) == {slug(entry["name"]) for entry in METHODS}


@pytest.mark.parametrize("address", sorted(table()))
def test_table_holds_cues_that_can_be_read(address: str) -> None:
    entry = table()[address]

    for kind in ("noms", "courants", "gestes", "sauf"):
        for cue in entry.get(kind, []):
            assert compiled(cue), cue
            assert not compiled(cue)[0].is_gap, cue


@pytest.mark.parametrize("entry", METHODS, ids=lambda entry: slug(entry["name"]))
def test_each_method_is_proposed_by_its_own_name(entry: Any) -> None:
    text = f"L’équipe a mené avec les agents : {entry['name'].lower()}."

    assert slug(entry["name"]) in tagged(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nous avons conduit trente entretiens semi-directifs.", {"entretiens": "utilisee"}),
        ("Nous nous sommes rendus sur place.", {"visite-de-terrain": "utilisee"}),
        ("Un world café a réuni les encadrants.", {"world-cafe": "utilisee"}),
        ("Les élèves ont comparé cinq métropoles.", {"parangonnage": "utilisee"}),
        (
            "L’équipe a visité les sites et rencontré les élus.",
            {"entretiens": "utilisee", "visite-de-terrain": "utilisee"},
        ),
        ("L’équipe a passé trois journées avec les agents du port.", {"immersion": "utilisee"}),
        ("Il convient de tester le nouveau guichet.", {"experimentation": "preconisee"}),
        ("Mettre en place des marches exploratoires.", {"marches-exploratoires": "preconisee"}),
        ("Nous préconisons un séminaire annuel des cadres.", {"seminaire": "preconisee"}),
        ("La ville pourrait suivre trois indicateurs.", {"indicateurs-et-tableau-de-bord": "preconisee"}),
        ("L’équipe propose une feuille de route.", {"feuille-de-route": "utilisee"}),
        ("Quatre profils d’usagers ont été identifiés.", {"typologie": "utilisee"}),
    ],
)
def test_wordings_of_the_trade_give_the_method_and_its_role(text: str, expected: dict[str, str]) -> None:
    assert roles(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "La mission a été conduite sans atelier participatif.",
        "L’équipe n’a pas mené d’entretiens.",
        "Aucun sondage n’a été réalisé.",
        "Le séminaire n’a pas eu lieu.",
        "Il n’y a eu ni benchmark ni immersion.",
    ],
)
def test_what_is_denied_is_not_proposed(text: str) -> None:
    assert tagged(text) == {}


def test_denial_that_denies_nothing_is_no_denial() -> None:
    assert roles("L’équipe a mené, sans oublier les agents de nuit, douze entretiens.") == {"entretiens": "utilisee"}
    assert roles("Non pas seulement des entretiens : un sondage a été diffusé.").keys() == {"entretiens", "sondage"}


@pytest.mark.parametrize(
    "text",
    [
        "L’équipe a chiffré l’entretien des routes.",
        "Nous avons étudié les ateliers municipaux et le garage.",
        "L’équipe a mis en jeu sa crédibilité.",
        "Les agents expérimentés ont été associés.",
        "La salle de concert a été rénovée par la ville.",
        "La réunion a été guidée par le directeur.",
        "Les jeux olympiques ont été une chance.",
    ],
)
def test_same_words_with_another_meaning_are_let_alone(text: str) -> None:
    assert tagged(text) == {}


def test_past_of_the_collectivite_in_the_context_is_not_the_mission() -> None:
    assert tagged("La ville a mené une concertation et un audit organisationnel en 2012.", Kind.CONTEXTE) == {}


def test_what_the_team_did_is_told_in_the_context_too() -> None:
    text = "L’équipe a animé trois ateliers participatifs."

    assert roles(text, Kind.CONTEXTE) == {"ateliers-de-co-construction": "utilisee"}
    assert not tagged(text, Kind.CONTEXTE)["ateliers-de-co-construction"].is_intention


def test_problem_statement_alone_is_an_intention() -> None:
    wanted = Part(Kind.PROBLEMATIQUE, "La ville souhaite réaliser un benchmark.", section=1)
    done = Part(Kind.CLES_POUR_AGIR, "Un benchmark de cinq villes a été réalisé.", section=2)

    alone, both = propose([wanted], CUES), propose([wanted, done], CUES)

    assert [(proposal.key, proposal.is_intention) for proposal in alone] == [("parangonnage", True)]
    assert intention(alone[0]).startswith("Intention seulement\u00a0:")
    assert [(proposal.key, proposal.is_intention) for proposal in both] == [("parangonnage", False)]
    assert both[0].proofs[0].part == done
    assert intention(both[0]) == ""


def test_request_told_in_the_context_is_an_intention() -> None:
    found = tagged("Le département a souhaité une étude prospective.", Kind.CONTEXTE)

    assert [(key, proposal.is_intention) for key, proposal in found.items()] == [("etude-prospective", True)]


def test_references_propose_nothing() -> None:
    assert tagged("L’équipe a mené un benchmark : guide du parangonnage.", Kind.ALLER_PLUS_LOIN) == {}


def test_key_figure_supports_and_gives_no_extract() -> None:
    found = propose([Part(Kind.CHIFFRES, "45 entretiens menés", figure=7)], CUES)

    assert [(p.key, p.role, p.extracts, p.figures) for p in found] == [("entretiens", "utilisee", (), (7,))]


def test_name_goes_before_gesture_and_done_before_wanted() -> None:
    text = "L’équipe a comparé les villes voisines. Un benchmark a été mené par l’équipe."

    proposal = tagged(text)["parangonnage"]

    assert [proof.words for proof in proposal.proofs] == ["benchmark", "comparé les villes"]
    assert reason(proposal) == (
        "«\u00a0benchmark\u00a0» nomme la méthode, et la phrase dit ce que l’équipe a fait. 1\u00a0autre passage."
    )


def test_synonym_that_staff_adds_is_a_name_at_once() -> None:
    cues = Cues([Subject("fresque", "Fresque du climat", ("atelier carbone",))])
    part = Part(Kind.CLES_POUR_AGIR, "Deux ateliers Carbone ont réuni les cadres.", section=1)

    assert [(p.key, p.proofs[0].words) for p in propose([part], cues)] == [("fresque", "ateliers Carbone")]


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    "L’équipe a mené",
                    "un benchmark",
                    "des entretiens\u00a0",
                    "\n",
                    ". ",
                    "sans",
                    "« world  café »",
                    " : ",
                ),
                *(
                    "Il convient",
                    "de tester",
                    "un prototype",
                    "🎲",
                    "SWOT",
                    "œuvre",
                    "e\u0301tat des lieux",
                    ";",
                    "x" * 400,
                ),
            ]
        ),
        max_size=80,
    ).map(" ".join),
    st.sampled_from(Kind.values),
)
def test_extracts_stand_in_their_text_word_for_word(text: str, kind: str) -> None:
    section = Section(kind=kind, body=f"<p>{text.replace(chr(10), '</p><p>')}</p>")

    for proposal in propose([Part(kind, section.text, section=1)], CUES):
        assert proposal.extracts
        for proof in proposal.extracts:
            assert stands_in(proof.text, section)
            assert all(proof.start <= first < last <= proof.end for first, last in proof.marks)
