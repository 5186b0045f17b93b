"""Batches ready to review, read in this process."""

from django.contrib.auth.models import User

from projects.imports import batch as batches
from projects.imports.apply import apply
from projects.imports.isolated import read_here
from projects.models import ImportBatch, Mission
from tests.projects.imports.samples import book_of


def draft_of(source: str) -> Mission:
    """The one mission that the catalogue has from this source."""
    (outcome,) = apply(book_of(source)).fiches
    return outcome.mission


def batch_of(*texts: str, user: User | None = None, edition: str = "") -> ImportBatch:
    """A batch of these Markdown files, read and waiting for a person."""
    files = [(f"fichier-{rank}.md", text.encode()) for rank, text in enumerate(texts, start=1)]
    batch = batches.receive(files, user, edition)
    received = list(batch.files.order_by("pk"))
    batches.keep(batch.pk, received, {f.pk: read_here(f.name, bytes(f.content or b"")) for f in received})
    batch.refresh_from_db()
    return batch
