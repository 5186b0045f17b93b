from typing import Any

from django.core.management.base import BaseCommand

from casebook.text import plural
from projects.statistics import Busy, flush


class Command(BaseCommand):
    help = (
        "Relève ce que les visiteurs ont cherché sans le trouver et les fiches consultées, et efface ce qui a plus "
        "d’un an. À lancer chaque nuit (cron)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = flush()
        except Busy:
            self.stdout.write("Un autre relevé est en cours\u00a0: rien n’a été fait.")
            return
        self.stdout.write(f"{plural(done.lines, 'événement relevé', 'événements relevés')}.")
        if done.removed:
            self.stdout.write(f"{plural(done.removed, 'ligne effacée', 'lignes effacées')} avec l’âge.")
