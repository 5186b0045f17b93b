from typing import Any

from django.core.management.base import BaseCommand

from casebook.text import NBSP, plural
from projects import search


class Command(BaseCommand):
    help = "Refait tout l’index de recherche, en une fois : jusqu’à la fin, les lecteurs voient l’ancien."

    def handle(self, *args: Any, **options: Any) -> None:
        missions = search.rebuild()
        self.stdout.write(f"{plural(missions, 'mission lue', 'missions lues')}{NBSP}: l’index est refait.")
