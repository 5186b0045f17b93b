from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casebook.reference import BadReference
from people.gazetteer import FILE
from people.official_lists import gazetteer_lines


class Command(BaseCommand):
    help = (
        "Fait le répertoire des communes, groupements, départements et régions à partir du paquet "
        "@etalab/decoupage-administratif, déplié dans DOSSIER."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DOSSIER", help="dossier qui contient package.json et data/")
        parser.add_argument("--date", required=True, metavar="AAAA-MM-JJ", help="date de parution du paquet")
        parser.add_argument("--population-year", required=True, type=int, metavar="AAAA", help="année des populations")
        parser.add_argument("--output", type=Path, default=FILE, metavar="FICHIER", help="fichier à écrire")

    def handle(self, *args: Any, folder: Path, date: str, population_year: int, output: Path, **options: Any) -> None:
        try:
            lines = list(gazetteer_lines(folder, date, population_year))
            output.write_text("\n".join(lines) + "\n", encoding="utf-8")
        except BadReference as error:
            raise CommandError(str(error)) from None
        except (KeyError, TypeError) as error:
            raise CommandError(
                f"Les listes de {folder} n’ont pas la forme attendue ({error})\u00a0: vérifiez la version du paquet."
            ) from None
        except OSError as error:
            raise CommandError(f"{output} ne peut pas être écrit ({error.strerror}).") from None
        self.stdout.write(f"{output}\u00a0: {len(lines)} lignes, {output.stat().st_size} octets.")
