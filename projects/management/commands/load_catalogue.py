from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casebook.text import NBSP, plural
from people.models import Region
from projects.generated_catalogue import BadCatalogue, load_generated
from projects.models import Mission
from projects.reference import load_reference


class Command(BaseCommand):
    help = "Charge un catalogue engendré (une mission en JSON par ligne), publié, pour mesurer le site en grandeur."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER.jsonl")
        parser.add_argument("--force", action="store_true", help="charge même si la base contient déjà des missions")

    def handle(self, *args: Any, file: Path, force: bool, **options: Any) -> None:
        if not force and (there := Mission.objects.count()):
            raise CommandError(
                f"La base contient déjà {plural(there, 'mission')}{NBSP}: rien n’a été écrit. "
                "Un catalogue engendré va dans une base à part (DATABASE_URL)."
            )
        if not Region.objects.exists():
            load_reference()
        try:
            done = load_generated(file, self.tell)
        except OSError as error:
            raise CommandError(f"{file}{NBSP}: {error.strerror}.") from None
        except BadCatalogue as error:
            raise CommandError(f"{file}{NBSP}: {error} Les missions déjà annoncées sont dans la base.") from None
        self.stdout.write(f"Catalogue chargé{NBSP}: {plural(done, 'mission')}.")

    def tell(self, done: int) -> None:
        self.stdout.write(plural(done, "mission chargée", "missions chargées"))
