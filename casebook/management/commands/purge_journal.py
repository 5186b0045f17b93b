"""`manage.py purge_journal`: forget what is too old in « qui a fait quoi », for cron."""

from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from casebook.accounts.journal import KEPT_DAYS
from casebook.models import AccessLink
from casebook.text import plural


class Command(BaseCommand):
    help = "Oublie les lignes du journal, les échecs de connexion, les sessions et les liens trop anciens."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=KEPT_DAYS, help=f"ce qui est gardé, en jours ({KEPT_DAYS})")

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        if days < 1:
            raise CommandError("--days : donnez au moins 1 jour.")
        now = timezone.now()
        oldest = now - timedelta(days=days)
        lines, _ = LogEntry.objects.filter(action_time__lt=oldest).delete()
        failures, _ = AccessFailureLog.objects.filter(attempt_time__lt=oldest).delete()
        AccessAttempt.objects.filter(attempt_time__lt=now - timedelta(days=1)).delete()
        sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
        dead, _ = AccessLink.objects.filter(expires_at__lt=now).delete()
        self.stdout.write(
            f"{plural(lines, 'ligne du journal oubliée', 'lignes du journal oubliées')}, "
            f"{plural(failures, 'échec de connexion', 'échecs de connexion')}, "
            f"{plural(sessions, 'session', 'sessions')}, {plural(dead, 'lien', 'liens')}."
        )
