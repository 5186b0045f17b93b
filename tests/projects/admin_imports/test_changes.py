"""The page of an import says of each fiche what making the drafts would change."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from projects.imports import decisions
from projects.imports.apply import apply
from projects.imports.decisions import Review
from projects.models import ImportBatch, Mission
from projects.workflow import publish
from tests.projects.admin_imports.screens import send, url
from tests.projects.imports.batches import batch_of
from tests.projects.imports.samples import FIRST, RECUEIL, book_of

pytestmark = pytest.mark.django_db
CORRECTED = (
    RECUEIL.replace("reçoit ses habitants dans trois mairies", "accueille ses habitants dans quatre mairies")
    .replace("de visites en un an", "de visites en deux ans")
    .replace("mairies annexes\n\n+12 %", "mairies annexes\n\n8\n\nguichets ouverts\n\n+12 %")
)


def changes(client: Client, batch: ImportBatch) -> list[tuple[str, str]]:
    lines = client.get(url("batch", batch.pk)).context["lines"]
    return [(line.change.said, line.change.detail) for line in lines if line.change]


def difference_keys(batch: ImportBatch, position: int = 1) -> list[str]:
    fiche = Review(batch).fiche(position)
    assert fiche is not None
    return [value.key for value in fiche.values if value.key.startswith("diff:")]


def test_new_fiche_tells_its_number_and_what_it_adds(client: Client) -> None:
    batch = batch_of(RECUEIL)

    assert changes(client, batch) == [
        (
            "Nouvelle mission nº\u00a001, recueil 2031",
            "Ajoute aussi 3\u00a0personnes, 1\u00a0collectivité, 1\u00a0thème et 2\u00a0promotions.",
        ),
        (
            "Nouvelle mission nº\u00a002, recueil 2031",
            "Ajoute aussi 4\u00a0personnes, 2\u00a0collectivités, 1\u00a0thème et 1\u00a0promotion.",
        ),
        (
            "Nouvelle mission nº\u00a003, recueil 2031",
            "Ajoute aussi 2\u00a0personnes, 1\u00a0collectivité, 1\u00a0thème et 1\u00a0promotion.",
        ),
    ]


def test_fiche_without_edition_says_so(client: Client) -> None:
    said = changes(client, batch_of(FIRST))

    assert [change for change, _ in said] == ["Nouvelle mission nº\u00a001, sans recueil"]


def test_known_fiche_tells_what_differs(client: Client) -> None:
    apply(book_of(RECUEIL))

    assert changes(client, batch_of(CORRECTED)) == [
        ("3\u00a0différences à voir", "Déjà au catalogue\u00a0: contexte, chiffre (2)."),
        ("Rien ne change", "Déjà au catalogue, sans différence."),
        ("Rien ne change", "Déjà au catalogue, sans différence."),
    ]


def test_chosen_differences_are_told_once_all_are_decided(client: Client) -> None:
    apply(book_of(RECUEIL))
    batch = batch_of(CORRECTED)
    context, *others = difference_keys(batch)

    send(client, batch, context, "accepter", "prendre", position=1)
    waiting = changes(client, batch)[0][0]
    for key in others:
        send(client, batch, key, "accepter", "garder", position=1)

    assert waiting == "3\u00a0différences à voir"
    assert changes(client, batch)[0] == ("Fiche du catalogue modifiée", "Repris du document\u00a0: contexte.")


def test_differences_that_are_all_left_change_nothing(client: Client) -> None:
    apply(book_of(RECUEIL))
    batch = batch_of(CORRECTED)

    for key in difference_keys(batch):
        send(client, batch, key, "accepter", "garder", position=1)

    said = ("Rien ne change", "Déjà au catalogue, qui est gardé\u00a0: contexte, chiffre (2).")
    assert changes(client, batch)[0] == said


def test_published_fiche_is_not_changed(client: Client) -> None:
    apply(book_of(RECUEIL))
    publish(Mission.objects.get(number=1))

    said = ("Rien ne change", "Déjà publiée, 3\u00a0différences\u00a0: contexte, chiffre (2).")
    assert changes(client, batch_of(CORRECTED))[0] == said


def test_fiche_left_out_changes_nothing(client: Client) -> None:
    batch = batch_of(RECUEIL)
    decisions.set_outcome(batch.fiches.get(position=1).pk, decisions.Outcome.REFUSED)

    assert changes(client, batch)[0] == ("Rien\u00a0: fiche écartée", "")


def test_known_fiche_leads_to_its_mission(client: Client) -> None:
    apply(book_of(RECUEIL))
    mission = Mission.objects.get(number=1)

    page = client.get(url("batch", batch_of(RECUEIL).pk))

    assert page.context["lines"][0].mission_url == f"/admin/projects/mission/{mission.pk}/change/"
    assert "Voir la mission" in page.text


@pytest.mark.parametrize("known", [FIRST, CORRECTED], ids=["one", "three"])
@pytest.mark.parametrize("page", ["batch", "fiche"])
def test_queries_do_not_follow_the_known_fiches(
    client: Client, editor: User, django_assert_num_queries: Any, page: str, known: str
) -> None:
    apply(book_of(RECUEIL))
    batch = batch_of(known, user=editor, edition="2031")
    address = url(page, batch.pk) if page == "batch" else url(page, batch.pk, 1)
    client.get(address)

    with django_assert_num_queries(31):
        lines = client.get(address).context["lines" if page == "batch" else "strip"]

    assert len(lines) == (1 if known is FIRST else 3)
