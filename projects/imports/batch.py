"""One import from the files that were dropped to what a person reviews: received, read, put in rows."""

import hashlib
import threading
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import close_old_connections, transaction
from django.utils import timezone

from casebook.text import plural, printable
from projects.imports import contract
from projects.imports.isolated import Reading, read_isolated
from projects.imports.reading import UnreadableFile, most_bytes, too_large
from projects.imports.records import Book, Promotion
from projects.imports.recueil import read_together
from projects.imports.serial import to_json
from projects.models import ImportBatch, ImportedFile, ImportedMission

MAX_FILES = 60
MAX_TOTAL = 120_000_000  # bytes
SILENT = timedelta(seconds=60)  # a reading that gave no sign for so long has stopped
State = ImportBatch.State


class Refused(Exception):
    """The files cannot be taken; the message says in French what to do."""


@transaction.atomic
def receive(files: Iterable[tuple[str, bytes]], user: User | None, edition: str = "") -> ImportBatch:
    """A batch with these files, not read yet; raises `Refused`. Each file is kept whole until it has been read."""
    received = [(printable(name)[:120] or "sans nom", data) for name, data in files]
    if not received:
        raise Refused("Choisissez au moins un fichier.")
    if len(received) > MAX_FILES:
        raise Refused(f"Vous avez déposé {len(received)}\u00a0fichiers\u00a0: {MAX_FILES} au plus par import.")
    for name, data in received:
        if len(data) > most_bytes(name):
            raise Refused(str(too_large(name)))
    if sum(len(data) for _, data in received) > MAX_TOTAL:
        raise Refused(
            f"Ces fichiers dépassent {MAX_TOTAL // 1_000_000}\u00a0Mo ensemble\u00a0: faites plusieurs imports."
        )
    batch = ImportBatch.objects.create(
        user=user, state=State.READING, asked_edition=edition, progress="En attente de lecture", heard_at=timezone.now()
    )
    for name, data in received:
        checksum = hashlib.sha256(data).hexdigest()
        ImportedFile.objects.create(batch=batch, name=name, checksum=checksum, size=len(data), content=data)
    return batch


def start_reading(batch: ImportBatch) -> None:
    """Read after the transaction, beside the request. If this process stops, « reprendre » reads again."""

    _say(batch.pk, batch.progress)

    def work() -> None:
        try:
            read(batch.pk)
        finally:
            close_old_connections()

    transaction.on_commit(lambda: threading.Thread(target=work, name=f"import-{batch.pk}", daemon=True).start())


def has_stopped(batch: ImportBatch) -> bool:
    return batch.state == State.READING and (batch.heard_at is None or timezone.now() - batch.heard_at > SILENT)


def read(pk: int) -> None:
    """Read every file of the batch, each in a process of its own, then make the rows to review."""
    files = list(ImportedFile.objects.filter(batch_id=pk).order_by("pk"))
    readings: dict[int, Reading] = {}

    def read_one(file: ImportedFile, lists: Sequence[Promotion]) -> Book | None:
        rank = f"({files.index(file) + 1} sur {len(files)})"
        _say(pk, f"{'Promotions' if lists else 'Lecture'} de «\u00a0{file.name}\u00a0» {rank}")
        try:
            readings[file.pk] = read_isolated(file.name, bytes(file.content or b""), lists)
        except UnreadableFile as error:
            file.error = str(error)[:500]
            return None
        return readings[file.pk].book

    read_together(files, read_one)
    keep(pk, files, readings)


def _say(pk: int, progress: str) -> None:
    ImportBatch.objects.filter(pk=pk).update(progress=progress[:200], heard_at=timezone.now())


@transaction.atomic
def keep(pk: int, files: list[ImportedFile], readings: dict[int, Reading]) -> None:
    """The readings, by file, as rows to review; nothing where another process has read the batch meanwhile."""
    batch = ImportBatch.objects.select_for_update().get(pk=pk)
    if batch.state != State.READING:  # read by another process meanwhile
        return
    position = 0
    for file in files:
        reading = readings.get(file.pk)
        if reading:
            file.book, file.lines = to_json(reading.book), reading.lines
            file.printed_lines, file.content = reading.printed_lines, None
        file.save()
        for rank, fiche in enumerate(reading.book.fiches if reading else ()):
            position += 1
            ImportedMission.objects.create(
                batch=batch,
                file=file,
                rank=rank,
                position=position,
                outcome=ImportedMission.Outcome.PROPOSED,
                proposal=contract.fiche_as_json(fiche),
            )
    books = [reading.book for reading in readings.values()]
    first = max(books, key=lambda book: (bool(book.title), len(book.fiches)), default=None)
    batch.document = contract.as_json(first, with_fiches=False)["document"] if first else {}
    batch.state = State.REVIEW if books else State.FAILED
    refused = sum(bool(file.error) for file in files)
    batch.progress = f"{plural(position, 'fiche trouvée', 'fiches trouvées')}" + (
        f", {plural(refused, 'fichier refusé', 'fichiers refusés')}" if refused else ""
    )
    batch.heard_at = timezone.now()
    batch.save()
