"""`manage.py import_recueil` as others call it."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from projects.models import ImportBatch, Mission
from tests.projects.imports.samples import BOOK


@pytest.fixture
def book_file(tmp_path: Path) -> Path:
    path = tmp_path / "essai.md"
    path.write_text(BOOK, encoding="utf-8")
    return path


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with a database that does not exist."""
    environment = {**os.environ, "DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"}
    return subprocess.run(
        [sys.executable, "manage.py", "import_recueil", *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_json_needs_no_database_and_is_alone_on_the_output(book_file: Path) -> None:
    result = run(book_file, "--format", "json")

    document = json.loads(result.stdout)
    assert (result.returncode, [m["number"] for m in document["missions"]]) == (0, [1, 2])


@pytest.mark.parametrize(
    "arguments",
    [["rien.md"], ["."], ["manage.py"], ["rien.md", "--format", "json"], ["README.md", "--publish"]],
)
def test_refusal_is_one_french_sentence_and_exit_2(arguments: list[str]) -> None:
    result = run(*arguments)

    assert (result.returncode, result.stdout) == (2, "")
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stderr.strip().endswith(".")


@pytest.mark.django_db
def test_report_says_what_was_found_and_writes_nothing(book_file: Path) -> None:
    output = StringIO()

    call_command("import_recueil", str(book_file), stdout=output)

    report = output.getvalue()
    assert "01/ RANGER LES ARCHIVES" in report
    assert "Rien n’a été écrit" in report
    assert (Mission.objects.count(), ImportBatch.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_apply_makes_drafts_then_changes_nothing(book_file: Path) -> None:
    first, again = StringIO(), StringIO()

    call_command("import_recueil", str(book_file), apply=True, stdout=first)
    before = list(Mission.objects.values_list("pk", "updated_at", "state"))
    call_command("import_recueil", str(book_file), apply=True, stdout=again)

    assert [state for _, _, state in before] == ["brouillon", "brouillon"]
    assert list(Mission.objects.values_list("pk", "updated_at", "state")) == before
    assert ImportBatch.objects.count() == 1
    assert "2\u00a0brouillons créés" in first.getvalue()
    assert "déjà été importé" in again.getvalue()
