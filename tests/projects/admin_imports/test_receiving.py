"""Files are dropped, refused, read."""

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from projects.imports import batch as batches
from projects.imports.reading import MAX_BYTES
from projects.models import ImportBatch
from tests.projects.admin_imports.screens import said, url
from tests.projects.imports.batches import batch_of

pytestmark = pytest.mark.django_db


def test_files_are_received_and_lead_to_their_import(client: Client, fiche_alone: str) -> None:
    file = SimpleUploadedFile("fiche.md", fiche_alone.encode())

    answer = client.post(url("receive"), {"fichiers": [file], "edition": "2019"})

    batch = ImportBatch.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url("batch", batch.pk))
    assert (batch.state, batch.asked_edition, [f.name for f in batch.files.all()]) == ("lecture", "2019", ["fiche.md"])
    page = client.get(url("batch", batch.pk))
    assert "En attente de lecture" in page.text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page.text


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({}, "Choisissez au moins un fichier."),
        ({"edition": "19"}, "L’année de l’édition s’écrit avec quatre chiffres, par exemple 2019\u00a0: corrigez-la."),
    ],
)
def test_refused_upload_says_what_to_do(client: Client, sent: dict[str, str], problem: str) -> None:
    answer = client.post(url("receive"), sent)

    assert (answer.status_code, ImportBatch.objects.count()) == (422, 0)
    assert answer.context["problem"] == problem
    assert problem in answer.text


def test_file_too_big_is_refused_and_not_kept(client: Client) -> None:
    big = SimpleUploadedFile("gros.md", b"x" * (MAX_BYTES + 1))

    answer = client.post(url("receive"), {"fichiers": [big]})

    assert answer.status_code == 422
    assert "«\u00a0gros.md\u00a0» est trop grand" in answer.context["problem"]
    assert not ImportBatch.objects.exists()


def test_word_template_is_handed_out(client: Client) -> None:
    answer = client.get(url("template"))

    assert answer.content[:2] == b"PK"
    assert answer["Content-Disposition"] == 'attachment; filename="modele-de-fiche.docx"'


def test_stopped_reading_can_be_resumed(client: Client, editor: User) -> None:
    batch = batches.receive([("fiche.md", b"Rien")], editor)
    assert "Reprendre la lecture" not in client.get(url("batch", batch.pk)).text
    ImportBatch.objects.filter(pk=batch.pk).update(heard_at=None)

    page = client.get(url("batch", batch.pk))
    answer = client.post(url("resume", batch.pk), follow=True)

    assert "Reprendre la lecture" in page.text
    assert said(answer) == ["La lecture reprend."]


def test_unreadable_files_are_named_with_their_refusal(client: Client, editor: User) -> None:
    batch = batches.receive([("image.png", b"\x89PNG")], editor)
    batches.read(batch.pk)

    page = client.get(url("batch", batch.pk))

    assert "Aucun fichier n’a pu être lu." in page.text
    assert batch.files.get().error in page.text.replace("&nbsp;", "\u00a0")


def test_file_without_a_fiche_is_named_with_what_to_do(client: Client, editor: User, fiche_alone: str) -> None:
    mixed = client.get(url("batch", batch_of(fiche_alone, "Bonjour,\n\nvoici mes notes.\n", user=editor).pk)).text
    alone = client.get(url("batch", batch_of("Bonjour,\n\nvoici mes notes.\n", user=editor).pk)).text

    assert "1\u00a0fiche trouvée dans fichier-1.md" in mixed
    assert "Aucune fiche n’a été reconnue dans fichier-2.md." in mixed
    assert "Aucune fiche n’a été reconnue dans fichier-1.md." in alone
    assert "<table" not in alone
