from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.imports.formats.template import template


class Command(BaseCommand):
    help = "Écrit le modèle Word d’une fiche, que l’import lit sans un doute."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER", help="fichier .docx à écrire")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if path.suffix.casefold() != ".docx":
            raise CommandError(
                f"«\u00a0{path.name}\u00a0» n’est pas un nom de fichier Word\u00a0: terminez-le par .docx."
            )
        try:
            path.write_bytes(template())
        except OSError:
            raise CommandError(
                f"«\u00a0{path}\u00a0» ne peut pas être écrit\u00a0: vérifiez que le dossier existe et vous appartient."
            ) from None
        self.stdout.write(f"Le modèle est dans {path}.")
