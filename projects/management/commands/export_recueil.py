import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from casebook.text import printable
from projects.imports.writing import edition_markdown
from projects.models import Edition


class Command(BaseCommand):
    help = "Écrit un recueil du catalogue en Markdown, tel que l’import le relit\u00a0: sans adresse électronique."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("edition", metavar="ANNÉE", help="première année du recueil, par exemple 2019")
        parser.add_argument("--out", type=Path, metavar="FICHIER.md", help="fichier à écrire (sinon, à l’écran)")
        parser.add_argument("--all", action="store_true", help="avec les fiches qui ne sont pas publiées")

    def handle(self, *args: Any, edition: str, out: Path | None, all: bool, **options: Any) -> None:
        found = Edition.objects.filter(slug=edition).first()
        if found is None:
            self._refuse(f"«\u00a0{printable(edition)[:40]}\u00a0» n’est pas un recueil du catalogue\u00a0: {_known()}")
        markdown = edition_markdown(found, with_drafts=all)
        if out is None:
            self.stdout.write(markdown, ending="")
            return
        try:
            out.write_text(markdown, encoding="utf-8", newline="\n")
        except (OSError, ValueError):
            name = printable(str(out))[:200]
            self._refuse(f"«\u00a0{name}\u00a0» ne peut pas être écrit\u00a0: vérifiez le nom et le dossier.")

    def _refuse(self, message: str) -> NoReturn:
        self.stderr.write(message)
        sys.exit(2)


def _known() -> str:
    years = list(Edition.objects.values_list("slug", flat=True))
    return f"donnez {' ou '.join(years)}." if years else "il n’y en a encore aucun, importez-en un."
