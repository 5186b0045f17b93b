from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casebook.text import NBSP, plural
from projects.search import checking

SHOWN = 30


class Command(BaseCommand):
    help = "Compare l’index de recherche à ce que disent les missions ; n’écrit rien."

    def handle(self, *args: Any, **options: Any) -> None:
        checked = checking.check()
        for line in checked.differences[:SHOWN]:
            self.stdout.write(line)
        if (others := len(checked.differences) - SHOWN) > 0:
            self.stdout.write(f"… et {plural(others, 'autre différence', 'autres différences')}.")
        if checked.differences and checked.was_written:
            raise CommandError("L’index a été écrit pendant la vérification. Lancez de nouveau check_search.")
        if checked.differences:
            found = plural(len(checked.differences), "différence")
            raise CommandError(f"{found} entre l’index et les missions. Pour réparer{NBSP}: manage.py rebuild_search")
        self.stdout.write(f"{plural(checked.missions, 'mission relue', 'missions relues')}{NBSP}: l’index est juste.")
