"""A fiche that the catalogue has, under review: what is compared word by word, what is recognised, what is lowered."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from projects.imports.apply import apply
from projects.models import ImportBatch, Mission
from projects.workflow import publish
from tests.projects.admin_imports.screens import faults_of, send, signed_in, url
from tests.projects.imports.batches import batch_of
from tests.projects.imports.samples import RECUEIL, book_of

pytestmark = pytest.mark.django_db
CORRECTED = RECUEIL.replace("reçoit ses habitants dans trois mairies", "accueille ses habitants dans quatre mairies")


@pytest.fixture
def corrected() -> ImportBatch:
    """The second version of a book that the catalogue has."""
    apply(book_of(RECUEIL))
    return batch_of(CORRECTED)


def shown(client: Client, batch: ImportBatch, position: int = 1) -> dict[str, object]:
    page = client.get(url("fiche", batch.pk, position)).context["page"]
    return {value.key: value for value in page.values}


def difference(client: Client, batch: ImportBatch):  # type: ignore[no-untyped-def]
    return next(value for key, value in shown(client, batch).items() if key.startswith("diff:"))


def test_changed_words_are_marked_and_spoken(client: Client, corrected: ImportBatch) -> None:
    page = client.get(url("fiche", corrected.pk, 1))

    assert faults_of(page) == []
    gone = '<del><span class="visually-hidden">[retiré&nbsp;: </span>trois<span class="visually-hidden">]</span></del>'
    come = '<ins><span class="visually-hidden">[ajouté&nbsp;: </span>quatre<span class="visually-hidden">]</span></ins>'
    assert f"{gone} {come} mairies" in page.text


def test_long_stretch_that_stays_is_shortened_and_can_be_read_whole(client: Client) -> None:
    long = RECUEIL.replace("trois mairies", "trois mairies" + " que rien ne distingue" * 20)
    apply(book_of(long))

    compared = difference(client, batch_of(long.replace("reçoit ses habitants", "accueille ses habitants"))).compared

    near, whole = ("".join(piece.words + piece.space for piece in pieces) for pieces in (compared.near, compared.whole))
    assert "[…]" in near
    assert "accueille ses habitants dans trois mairies" in near
    assert (whole.count("que rien ne distingue"), "[…]" in whole) == (20, False)


def test_short_difference_has_no_second_text(client: Client, corrected: ImportBatch) -> None:
    assert difference(client, corrected).compared.whole == []


def test_title_in_capitals_is_shown_and_proposed_as_the_draft_has_it(client: Client) -> None:
    batch = batch_of(RECUEIL)
    values = shown(client, batch, 2)

    send(client, batch, "title", "accepter", position=2)

    title, theme, places = (values[key] for key in ("title", "theme", "collectivities"))
    assert (title.text, title.input) == ("Le bureau des arrivants", "Le bureau des arrivants")
    assert (theme.text, theme.input) == ("Accueillir mieux", "Accueillir mieux")
    assert places.text == "Ville de Hauterive\nMétropole de Hauterive"
    page = client.get(url("fiche", batch.pk, 2)).context["page"]
    assert "LE BUREAU DES ARRIVANTS" in [line.text for line in page.lines()]


def test_difference_of_title_is_compared_as_the_drafts_have_it(client: Client) -> None:
    apply(book_of(RECUEIL))
    batch = batch_of(RECUEIL.replace("LE BUREAU DES ARRIVANTS", "LE BUREAU DES NOUVEAUX ARRIVANTS"))

    value = next(v for key, v in shown(client, batch, 2).items() if key == "diff:title")

    assert [(piece.op, piece.words) for piece in value.compared.near] == [
        ("equal", "Le bureau des"),
        ("insert", "nouveaux"),
        ("equal", "arrivants"),
    ]


def test_what_is_recognised_is_told_apart_in_words(client: Client, corrected: ImportBatch) -> None:
    page = client.get(url("fiche", corrected.pk, 1)).context["page"]

    told = [(value.label, value.text, value.state_label) for value in page.recognised]
    assert ("Thème du catalogue", "Accueillir mieux", "Reconnu") in told
    assert not any("pk:" in value.text for value in page.values)
    assert "Déjà au catalogue\u00a0?" in [value.label for value in page.draft]


def test_difference_with_a_published_fiche_waits_for_nobody(client: Client, corrected: ImportBatch) -> None:
    publish(Mission.objects.get(number=1))

    value = difference(client, corrected)

    assert (value.has_choice, value.state_label) == (True, "Catalogue gardé")
    assert "copie de travail" in value.value.reason


def test_addresses_are_masked_in_what_is_compared(client: Client) -> None:
    apply(book_of(RECUEIL))
    batch = batch_of(RECUEIL.replace("trois mairies", "trois mairies (ada.exemple@example.org)"))
    hidden = User.objects.create_user("sans", is_staff=True)
    hidden.user_permissions.add(Permission.objects.get(codename="add_mission"))

    page = signed_in(hidden).get(url("fiche", batch.pk, 1)).text

    assert "[adresse électronique masquée]" in page
    assert "example.org" not in page
    assert "example.org" in client.get(url("fiche", batch.pk, 1)).text
