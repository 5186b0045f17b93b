"""Publish the editions whose date has come: meant for cron, every few minutes."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from projects.releases import publish_due


class Command(BaseCommand):
    help = "Publie les éditions dont la date « paraître le » est arrivée. Peut être lancée autant de fois qu’on veut."

    def handle(self, **options: Any) -> None:
        outcomes = publish_due()
        for due in outcomes:
            for line in due.lines():
                (self.stderr if due.blocked else self.stdout).write(line)
        if any(due.blocked for due in outcomes):
            raise CommandError("Une édition n’a pas paru. Réglez ces points, ou remettez ces fiches en brouillon.")
