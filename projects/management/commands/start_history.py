"""A first version of every mission that has none, for a site that is older than its history."""

from typing import Any

from django.core.management import BaseCommand

from casebook.text import plural
from projects.history import recording


class Command(BaseCommand):
    help = "Garde une première version de chaque mission qui n’en a pas. Se relance sans risque."

    def handle(self, *args: Any, **options: Any) -> None:
        count = recording.start()
        self.stdout.write(f"{plural(count, 'première version gardée', 'premières versions gardées')}.")
