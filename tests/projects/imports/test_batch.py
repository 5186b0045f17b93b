from datetime import timedelta

import pytest
from django.utils import timezone

from projects.imports import batch as batches
from projects.imports.batch import Refused, has_stopped, receive
from projects.models import ImportBatch, ImportedFile
from tests.projects.imports.batches import batch_of
from tests.projects.imports.samples import RECUEIL

pytestmark = pytest.mark.django_db


def test_dropped_files_are_kept_before_they_are_read() -> None:
    batch = receive([("a.md", b"un"), ("b.docx", b"deux")], None)

    assert batch.state == ImportBatch.State.READING
    assert [(f.name, bytes(f.content or b"")) for f in batch.files.all()] == [("a.md", b"un"), ("b.docx", b"deux")]


def test_reading_makes_a_row_per_fiche_and_drops_the_content() -> None:
    batch = receive([("livre.md", RECUEIL.encode()), ("vide.md", b" ")], None)

    batches.read(batch.pk)

    batch.refresh_from_db()
    assert (batch.state, batch.progress.replace("\u00a0", " ")) == ("relecture", "3 fiches trouvées, 1 fichier refusé")
    assert [row.proposal["number"] for row in batch.fiches.all()] == [1, 2, 3]
    read, refused = batch.files.all()
    assert (read.content, read.error, len(read.lines)) == (None, "", RECUEIL.count("\n") + 1)
    assert "est vide" in refused.error


def test_batch_without_any_readable_file_has_failed() -> None:
    batch = receive([("vide.md", b"")], None)

    batches.read(batch.pk)

    batch.refresh_from_db()
    assert (batch.state, batch.fiches.count()) == ("echec", 0)


def test_reading_twice_changes_nothing() -> None:
    batch = batch_of(RECUEIL)
    rows = list(batch.fiches.values())

    batches.read(batch.pk)

    assert list(batch.fiches.values()) == rows


def test_silent_reading_has_stopped() -> None:
    batch = receive([("a.md", b"un")], None)
    assert not has_stopped(batch)

    batch.heard_at = timezone.now() - timedelta(minutes=5)

    assert has_stopped(batch)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([], "Choisissez au moins un fichier"),
        ([("a.md", b"x")] * 61, "60 au plus par import"),
        ([("a.md", b"x" * 10_000_001)], "trop grand"),
    ],
)
def test_too_much_is_refused_before_anything_is_kept(files: list[tuple[str, bytes]], message: str) -> None:
    with pytest.raises(Refused, match=message):
        receive(files, None)

    assert (ImportBatch.objects.count(), ImportedFile.objects.count()) == (0, 0)
