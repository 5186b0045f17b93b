"""For cron: what has been in the bin for long goes for good, with its history and its files."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from casebook.text import plural
from projects.history import bin as kept
from projects.models import BinItem


class Command(BaseCommand):
    help = "Supprime définitivement ce qui est dans la corbeille depuis plus de N jours, et les historiques sans fiche."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--older-than", type=int, default=365, metavar="JOURS", help="365 par défaut")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["older_than"]
        if days < 0:
            raise CommandError("--older-than\u00a0: donnez un nombre de jours, 0 ou plus.")
        before = timezone.now() - timedelta(days=days)
        items = list(BinItem.objects.filter(deleted_at__lt=before))
        kept.purge(items)
        orphans = kept.forget_orphans(before)
        self.stdout.write(
            f"{plural(len(items), 'élément supprimé', 'éléments supprimés')} définitivement, "
            f"{plural(orphans, 'historique sans fiche', 'historiques sans fiche')}."
        )
