"""Guards that hold for every test, and what several tests share."""

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext

SHARED = Path(settings.BASE_DIR).parent / "shared"
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER")


class UndefinedVariable(str):
    """Stands for a template variable that does not exist: shown, it fails the test (in our own templates only)."""

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"Undefined template variable: {name}")


@pytest.fixture(autouse=True)
def _undefined_variables_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.template import base

    engine = engines["django"].engine  # type: ignore[attr-defined]
    marker = UndefinedVariable("%s")
    resolve = base.FilterExpression.resolve

    def strict_resolve(self: Any, context: Any, ignore_failures: bool = False) -> Any:
        if self.filters or not _is_ours(context.render_context.template):
            return resolve(self, context, ignore_failures)
        previous, engine.string_if_invalid = engine.string_if_invalid, marker
        try:
            return resolve(self, context, ignore_failures)
        finally:
            engine.string_if_invalid = previous

    monkeypatch.setattr(base.FilterExpression, "resolve", strict_resolve)


@lru_cache
def _is_ours(template: Any) -> bool:
    return str(getattr(template, "origin", "")).startswith(str(Path(settings.BASE_DIR) / "templates"))


class ReadOnlyGetClient(Client):
    """A test client whose GET requests fail when they write the database."""

    def get(self, *args: Any, **kwargs: Any) -> Any:
        with CaptureQueriesContext(connection) as queries:
            response = super().get(*args, **kwargs)
        writes = [q["sql"] for q in queries if q["sql"].lstrip().upper().startswith(_WRITES)]
        assert not writes, f"GET {args[0] if args else ''} wrote the database: {writes}"
        return response


@pytest.fixture
def client() -> Client:
    return ReadOnlyGetClient()


@pytest.fixture
def admin_client(admin_user: Any) -> Client:
    client = ReadOnlyGetClient()
    client.force_login(admin_user)
    return client


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """PostgreSQL drops no database in use: the sessions that threads of the live server left open are ended first."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI nothing is skipped: a missing browser, database or corpus fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped"):
        reporter.write_line("Some tests were skipped: in CI this is a failure.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the project with the corpus, its gold and the scorers."""
    if not (SHARED / "corpus").is_dir():
        pytest.skip("../shared is absent: the tests that read the corpus are skipped")
    return SHARED


@pytest.fixture
def private_files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"
