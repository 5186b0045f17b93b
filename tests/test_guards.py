"""The guards of conftest.py do fail when they should, and the settings fail loudly."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.template import Context, Origin, Template
from django.test import Client
from django.urls import path

from casebook.models import SiteIdentity
from casebook.settings import database, env_bool, env_int


def _write_on_get(request: HttpRequest) -> HttpResponse:
    SiteIdentity.objects.create(name="Écrit par un GET")
    return HttpResponse("")


urlpatterns = [path("ecrit/", _write_on_get)]


def test_undefined_variable_in_our_template_fails() -> None:
    ours = Origin(str(Path(settings.BASE_DIR) / "templates" / "x.html"))

    with pytest.raises(AssertionError, match="Undefined template variable: nothing"):
        Template("{{ nothing }}", origin=ours).render(Context())


def test_undefined_variable_in_a_library_template_is_let_through() -> None:
    assert Template("{{ nothing }}", origin=Origin("elsewhere.html")).render(Context()) == ""


@pytest.mark.django_db
@pytest.mark.urls("tests.test_guards")
def test_get_that_writes_fails(client: Client) -> None:
    with pytest.raises(AssertionError, match="GET /ecrit/ wrote the database"):
        client.get("/ecrit/")


VIEWS = sorted([*Path(settings.BASE_DIR).glob("*/views.py"), *Path(settings.BASE_DIR).glob("*/views/*.py")])
LOOKUP = re.compile(
    r"\.(?:filter|exclude|annotate|aggregate|order_by|values\w*|select_related|prefetch_\w+)\(|\b[Q]\(|[\"']\w+__\w*"
)


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_view_holds_no_lookup(path: Path) -> None:
    assert LOOKUP.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:////srv/casebook.sqlite3", ("django.db.backends.sqlite3", "/srv/casebook.sqlite3")),
        ("postgresql://u:p%40ss@db.example:5433/casebook", ("django.db.backends.postgresql", "casebook")),
    ],
)
def test_database_url_is_read(url: str, expected: tuple[str, str]) -> None:
    entry = database(url)

    assert (entry["ENGINE"], entry["NAME"]) == expected


@pytest.mark.parametrize("url", ["mysql://localhost/x", "sqlite://", "postgresql://localhost/", "rien"])
def test_database_url_that_is_wrong_says_so(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        database(url)


def test_environment_value_that_is_wrong_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_FLAG", "peut-être")

    with pytest.raises(ImproperlyConfigured, match="SOME_FLAG"):
        env_bool("SOME_FLAG", True)
    with pytest.raises(ImproperlyConfigured, match="SOME_FLAG"):
        env_int("SOME_FLAG", 1)


@pytest.mark.parametrize("secret", ["", "development-only-secret-never-used-in-production"])
def test_production_refuses_a_default_secret(secret: str) -> None:
    environment: dict[str, Any] = {"DEBUG": "0", "SECRET_KEY": secret, "PATH": "/usr/bin:/bin"}

    run = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )

    assert run.returncode != 0
    assert "SECRET_KEY" in run.stderr
