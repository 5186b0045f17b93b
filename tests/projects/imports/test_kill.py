"""`kill -9` in the middle of applying leaves all or nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings

_READY = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.projects.imports.batches import batch_of
from tests.projects.imports.samples import RECUEIL
from projects.imports.decisions import Outcome, set_outcome
for row in batch_of(RECUEIL).fiches.all(): set_outcome(row.pk, Outcome.ACCEPTED)
"""
_KILLED = """
import os, signal
import django; django.setup()
from projects.imports.apply import apply_batch
from projects.imports.drafts import Drafts
from projects.models import ImportBatch
create = Drafts.create
def killed(self, fiche, *rest):
    mission = create(self, fiche, *rest)
    if fiche.number == 2: os.kill(os.getpid(), signal.SIGKILL)
    return mission
Drafts.create = killed
apply_batch(ImportBatch.objects.get())
"""
_AFTER = """
import django; django.setup()
from people.models import Person
from projects.imports.apply import apply_batch
from projects.models import Edition, ImportBatch, Mission
left = [Edition.objects.count(), Mission.objects.count(), Person.objects.count(), ImportBatch.objects.get().state]
apply_batch(ImportBatch.objects.get())
print(*left, Mission.objects.count())
"""


def run(script: str, var: Path) -> "subprocess.CompletedProcess[str]":
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {"VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "casebook.settings"}
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_process_killed_while_applying_leaves_nothing_and_can_begin_again(tmp_path: Path) -> None:
    ready = run(_READY, tmp_path)
    assert (ready.returncode, ready.stderr) == (0, "")

    killed = run(_KILLED, tmp_path)

    assert killed.returncode == -signal.SIGKILL
    assert run(_AFTER, tmp_path).stdout.split() == ["0", "0", "0", "relecture", "3"]
