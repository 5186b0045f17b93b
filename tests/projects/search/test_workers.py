"""What one process writes, the next request of another sees: the index's token tells it."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from projects import search
from projects.models import Mission
from projects.models.mission import State
from projects.search import memory
from projects.selection import Selection
from tests.factories import make_mission, make_theme

Ask = Callable[[str], Any]


@pytest.fixture
def catalogue(transactional_db: None) -> None:
    """A published mission and a draft under a theme of its own, written for good."""
    make_mission("Accueil", number=1)
    make_mission("Hydravion", number=2, theme=make_theme("Transports", 2), state=State.DRAFT)


@pytest.fixture
def database_url(catalogue: None, tmp_path: Path) -> str:
    """The database that the workers share: PostgreSQL's own, or a file in place of SQLite's memory."""
    values = connection.settings_dict
    if connection.vendor == "postgresql":
        user = f"{values['USER']}:{values['PASSWORD']}" if values["PASSWORD"] else values["USER"]
        return f"postgresql://{user}@{values['HOST']}:{values['PORT']}/{values['NAME']}"
    with closing(sqlite3.connect(tmp_path / "shared.sqlite3")) as file:
        connection.connection.backup(file)
    return f"sqlite:///{tmp_path / 'shared.sqlite3'}"


@pytest.fixture
def workers(database_url: str, tmp_path: Path) -> Iterator[tuple[Ask, Ask]]:
    """Two processes of the site, which answer one order at a time."""
    environment = os.environ | {"DATABASE_URL": database_url, "VAR_DIR": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
    environment["DJANGO_SETTINGS_MODULE"] = "casebook.settings"
    command = [sys.executable, "-m", "tests.projects.search.worker"]
    started = [
        subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        for _ in range(2)
    ]

    def asker(process: "subprocess.Popen[str]") -> Ask:
        def ask(order: str) -> Any:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{order}\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        return ask

    yield asker(started[0]), asker(started[1])
    for process in started:
        process.communicate()  # the end of its orders is the end of the process


def test_publication_by_one_process_is_seen_by_the_next_request_of_another(workers: tuple[Ask, Ask]) -> None:
    one, other = workers
    before = {"titles": ["Accueil"], "themes": {"piloter-ensemble": 1}, "offered": []}
    after = {
        "titles": ["Accueil", "Hydravion"],
        "themes": {"piloter-ensemble": 1, "transports": 1},
        "offered": [],
    }
    nothing = {"titles": [], "themes": {"piloter-ensemble": 0}, "offered": []}
    found = {
        "titles": ["Hydravion"],
        "themes": {"piloter-ensemble": 0, "transports": 1},
        "offered": ["Hydravion"],
    }
    assert (one("search "), other("search ")) == (before, before)
    assert other("search hydravion") == nothing

    one("publish Hydravion")
    assert (other("search "), other("search hydravion")) == (after, found)
    assert (one("search "), one("search hydravion")) == (after, found)

    other("withdraw Hydravion")
    assert (one("search "), one("search hydravion")) == (before, nothing)

    one("publish Hydravion")
    other("delete Hydravion")
    assert (one("search "), other("search ")) == (before, before)
    assert one("search hydravion") == nothing


@pytest.mark.django_db
def test_memory_is_kept_until_the_index_is_written_whoever_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    mission = make_mission("Accueil")
    kept = memory.current()
    assert memory.current() is kept

    with monkeypatch.context() as other:
        other.setattr(memory, "_known", {})  # what another process has
        assert memory.current() is not kept
        Mission.objects.filter(pk=mission.pk).update(title="Hydravion")
        search.reindex([mission])

    assert memory.current() is not kept
    assert Selection({"q": "hydravion"}).count == 1
