from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casebook.reference import BadReference
from projects.reference import FOLDER, load_reference


class Command(BaseCommand):
    help = "Charge l’identité du site, les domaines, les méthodes, les territoires et les ressources qui manquent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=FOLDER, metavar="DOSSIER", help="dossier des fichiers JSON")
        parser.add_argument(
            "--update", action="store_true", help="remplace aussi ce qui existe, y compris ce que vous avez modifié"
        )

    def handle(self, *args: Any, folder: Path, update: bool, **options: Any) -> None:
        try:
            lines = load_reference(folder, update)
        except BadReference as error:
            raise CommandError(str(error)) from None
        for line in lines:
            self.stdout.write(line)
