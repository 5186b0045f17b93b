import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db import DatabaseError, transaction

from projects.imports import contract
from projects.imports.isolated import limited
from projects.imports.reading import UnreadableFile, read
from projects.imports.records import Book, Promotion
from projects.imports.recueil import read_book, read_together


class Command(BaseCommand):
    help = "Lit un recueil ou une fiche et dit ce qui a été trouvé. N’écrit rien sans --apply."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FICHIER", help="recueil ou fiches, .docx, .odt, .pdf, .md ou .txt"
        )
        parser.add_argument("--format", choices=["text", "json"], default="text", help="rapport ou JSON du contrat")
        parser.add_argument("--apply", action="store_true", help="crée les brouillons, en une transaction")
        parser.add_argument("--publish", action="store_true", help="avec --apply, publie ce qui peut l’être")
        parser.add_argument("--edition", metavar="ANNÉE", help="édition à utiliser quand le document ne la dit pas")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["publish"] and not options["apply"]:
            self._refuse("--publish demande --apply\u00a0: sans lui, rien n’est écrit.")
        if options["format"] == "json" and (len(options["files"]) > 1 or options["apply"]):
            self._refuse(
                "--format json lit un seul fichier et n’écrit rien\u00a0: retirez --apply et les autres fichiers."
            )
        books = self._read(options["files"])
        if options["format"] == "json":
            self.stdout.write(json.dumps(contract.as_json(books[0]), ensure_ascii=False, indent=1))
        elif options["apply"]:
            self._apply(books, options["publish"], options["edition"])
        else:
            self._report(books)

    def _read(self, paths: list[Path]) -> list[Book]:
        """Every file; one without lists of promotions takes those of the others."""
        try:
            return [book for book in read_together(paths, self._read_one) if book]
        except UnreadableFile as error:
            self._refuse(str(error))

    def _read_one(self, path: Path, lists: Sequence[Promotion]) -> Book:
        # called from other code, the process is not ours to limit
        with limited(path.name) if self._called_from_command_line else nullcontext():  # type: ignore[attr-defined]
            return read_book(read(path), lists)

    def _report(self, books: list[Book]) -> None:
        from projects.imports import report

        for book in books:
            for line in report.found(book):
                self.stdout.write(line)
        self.stdout.write("\nRien n’a été écrit. Ajoutez --apply pour créer les brouillons.")

    def _apply(self, books: list[Book], publish: bool, edition: str | None) -> None:
        from projects.imports import report
        from projects.imports.apply import UnknownEdition, apply

        try:
            with transaction.atomic():
                outcomes = [apply(book, publish=publish, edition_slug=edition) for book in books]
        except UnknownEdition as error:
            self._refuse(str(error))
        except DatabaseError as error:
            self._refuse(f"La base de données a refusé l’import, rien n’a été écrit\u00a0: {error}")
        for book, outcome in zip(books, outcomes, strict=True):
            self.stdout.write(book.source_name)
            for line in report.done(outcome):
                self.stdout.write(f"  {line}")

    def _refuse(self, message: str) -> NoReturn:
        self.stderr.write(message)
        sys.exit(2)
