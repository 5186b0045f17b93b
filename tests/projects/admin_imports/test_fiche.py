"""The page of a fiche under review, and what is decided about the whole of it."""

import pytest
from django.test import Client

from projects.imports.decisions import Outcome
from projects.models import ImportBatch
from tests.projects.admin_imports.screens import DOUBTFUL, doubt_of, faults_of, said, url

pytestmark = pytest.mark.django_db


def test_fiche_shows_its_source_and_its_draft_linked_both_ways(client: Client, demo: ImportBatch) -> None:
    page = client.get(url("fiche", demo.pk, 2))

    assert faults_of(page) == []
    assert 'href="#l-255"' in page.text
    assert '<li id="l-255" class="line line-placed" data-line="255" data-target="v-title">' in page.text
    named = {line.label for line in page.context["page"].lines()}
    assert {"Numéro", "Titre", "Élève", "Tuteur ou tutrice", "Contexte", "Témoignage", "rubrique"} <= named


def test_finishing_names_the_doubts_that_are_left(client: Client, demo: ImportBatch) -> None:
    doubt = doubt_of(demo)

    answer = client.post(url("finish", demo.pk, DOUBTFUL), follow=True)

    assert said(answer) == [
        "Ce qui est sûr est accepté. Il reste 1\u00a0doute à lever\u00a0: "
        f'<a href="#v-{doubt.key}">Témoignage de la collectivité</a>.'
    ]
    assert answer.redirect_chain == [(url("fiche", demo.pk, DOUBTFUL), 302)]


def test_finished_fiche_leads_to_the_next(client: Client, demo: ImportBatch) -> None:
    answer = client.post(url("finish", demo.pk, 1))

    assert answer["Location"] == url("fiche", demo.pk, 2)
    assert demo.fiches.get(position=1).outcome == Outcome.ACCEPTED


def test_fiche_is_left_out_and_taken_back(client: Client, demo: ImportBatch) -> None:
    client.post(url("leave_out", demo.pk, 1), {"ecarter": "1"})
    left_out = demo.fiches.get(position=1).outcome
    client.post(url("leave_out", demo.pk, 1))

    assert (left_out, demo.fiches.get(position=1).outcome) == (Outcome.REFUSED, Outcome.PROPOSED)


def test_applied_fiche_is_shown_without_buttons(client: Client, ready: ImportBatch) -> None:
    client.post(url("create_drafts", ready.pk))

    page = client.get(url("fiche", ready.pk, 1))

    assert "Cette fiche ne se relit plus ici." in page.text
    assert 'name="decision"' not in page.text
