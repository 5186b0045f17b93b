"""Batches ready to review, read in this process."""

from django.contrib.auth.models import User

from projects.imports import batch as batches
from projects.imports.isolated import read_here
from projects.models import ImportBatch


def batch_of(*texts: str, user: User | None = None, edition: str = "") -> ImportBatch:
    """A batch of these Markdown files, read and waiting for a person."""
    files = [(f"fichier-{rank}.md", text.encode()) for rank, text in enumerate(texts, start=1)]
    batch = batches.receive(files, user, edition)
    received = list(batch.files.order_by("pk"))
    batches.keep(batch.pk, received, {f.pk: read_here(f.name, bytes(f.content or b"")) for f in received})
    batch.refresh_from_db()
    return batch
