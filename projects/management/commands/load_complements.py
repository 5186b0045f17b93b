from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casebook.text import plural
from projects.complements import BadComplements, load_complements


class Command(BaseCommand):
    help = "Décrit les thèmes et complète des missions : pages, domaines, « En bref », livrables, méthodes prouvées."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER.json")
        parser.add_argument(
            "--update", action="store_true", help="reprend aussi ce qui est déjà complété, même modifié depuis"
        )

    def handle(self, *args: Any, file: Path, update: bool, **options: Any) -> None:
        try:
            outcome = load_complements(file, update)
        except BadComplements as error:
            raise CommandError(f"Rien n’a été écrit.\n{error}") from None
        described, completed, skipped = len(outcome.described), len(outcome.completed), len(outcome.skipped)
        self.stdout.write(plural(described, "thème décrit", "thèmes décrits"))
        self.stdout.write(
            f"{plural(completed, 'mission complétée', 'missions complétées')}, "
            f"{plural(skipped, 'laissée telle quelle', 'laissées telles quelles')}"
        )
