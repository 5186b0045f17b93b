"""`manage.py demo`: what it fills is tested here in process; how it starts and refuses, as a person runs it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.conf import settings as project_settings
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection

from casebook import demo
from projects import roles
from projects.models import ImportBatch, Mission
from tests.factories import make_mission

SITE = Path(project_settings.BASE_DIR)


@pytest.fixture
def development(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DEBUG = True
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    yield
    ContentType.objects.clear_cache()  # a reset makes them anew, and the test's end takes them back


def run_demo(var: Path, *options: str, answer: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a person runs it, on a database of its own."""
    return subprocess.run(
        [sys.executable, "manage.py", "demo", *options],
        cwd=SITE,
        env=clean_environment(var) | environment,
        input=answer,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def clean_environment(var: Path) -> dict[str, str]:
    ours = {"DATABASE_URL", "DEBUG", "SECRET_KEY", "MEDIA_ROOT", "PYTEST_CURRENT_TEST"}
    return {name: value for name, value in os.environ.items() if name not in ours} | {"VAR_DIR": str(var)}


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.mark.django_db
def test_demo_outside_development_is_refused() -> None:
    with pytest.raises(CommandError) as error:
        call_command("demo", "--no-serve")

    assert str(error.value) == "La démonstration ne se lance qu’en développement (DEBUG=1)."
    assert Mission.objects.count() == 0


@pytest.mark.django_db
def test_demo_on_an_empty_database_publishes_the_catalogue_and_makes_accounts(
    development: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("demo", "--no-serve")

    assert Mission.objects.published().count() == Mission.objects.count() == 23
    assert [
        (user.username, user.is_staff, user.is_superuser, [group.name for group in user.groups.all()])
        for user in User.objects.order_by("pk")
    ] == [
        ("redacteur", True, False, [roles.REDACTEUR]),
        ("editeur", True, False, [roles.EDITEUR]),
        ("administrateur", True, True, [roles.ADMINISTRATEUR]),
    ]
    assert all(user.check_password(demo.PASSWORD) for user in User.objects.all())
    said = capsys.readouterr().out
    assert (
        "4\u00a0thèmes décrits\n23\u00a0missions complétées, 0\u00a0laissée telle quelle\n23\u00a0missions publiées."
        in said
    )
    assert f"Comptes de démonstration (mot de passe\u00a0: {demo.PASSWORD})" in said


@pytest.mark.django_db
def test_demo_on_a_catalogue_leaves_it_as_it_is(development: None, capsys: pytest.CaptureFixture[str]) -> None:
    mission = make_mission("Une fiche à nous")

    call_command("demo", "--no-serve")

    assert list(Mission.objects.all()) == [mission]
    assert not ImportBatch.objects.exists()
    assert not User.objects.exists()
    assert "Le catalogue est déjà là" in capsys.readouterr().out


@pytest.mark.django_db
def test_demo_reset_without_a_clear_yes_changes_nothing(development: None, monkeypatch: pytest.MonkeyPatch) -> None:
    mission = make_mission()
    monkeypatch.setattr("builtins.input", lambda question: "o")

    with pytest.raises(CommandError) as error:
        call_command("demo", "--no-serve", "--reset")

    assert str(error.value) == "Rien n’a été effacé."
    assert list(Mission.objects.all()) == [mission]


@pytest.mark.django_db
@pytest.mark.parametrize("options", [["--reset"], ["--reset", "--no-input"]])
def test_demo_reset_starts_over(
    development: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, options: list[str]
) -> None:
    make_mission("Une fiche à nous")
    connection.check_constraints()  # PostgreSQL empties no table that has checks pending in the same transaction
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "image.jpg").touch()
    monkeypatch.setattr("builtins.input", lambda question: " Oui ")

    call_command("demo", "--no-serve", *options)

    assert [Mission.objects.count(), Mission.objects.filter(title="Une fiche à nous").count()] == [23, 0]
    assert not (tmp_path / "media").exists()


@pytest.mark.django_db
def test_demo_that_cannot_finish_leaves_an_empty_catalogue(development: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "COMPLEMENTS", demo.BOOK)

    with pytest.raises(CommandError):
        call_command("demo", "--no-serve")

    assert not demo.is_filled()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_demo_on_a_taken_port_is_one_clear_sentence(development: None, taken_port: int) -> None:
    with pytest.raises(CommandError) as error:
        call_command("demo", port=taken_port)

    assert str(error.value) == (
        f"Le port {taken_port} est déjà pris. "
        f"Choisissez-en un autre, par exemple\u00a0: --port {taken_port % 65535 + 1}."
    )
    assert Mission.objects.count() == 0


def test_demo_on_an_unknown_address_is_one_clear_sentence() -> None:
    with pytest.raises(CommandError) as error:
        demo.check_port("adresse.invalid", 8000)

    assert str(error.value) == "L’adresse «\u00a0adresse.invalid\u00a0» n’est pas connue de cette machine."


@pytest.mark.parametrize("port", ["0", "65536", "abc", "-1", "²"])
def test_demo_with_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(CommandError) as error:
        call_command("demo", "--port", port)

    assert f"«\u00a0{port}\u00a0» n’est pas un port (de 1 à 65535)" in str(error.value)


def test_accounts_name_the_groups_of_the_roles() -> None:
    assert [group for group, _ in demo.ACCOUNTS.values()] == [roles.REDACTEUR, roles.EDITEUR, roles.ADMINISTRATEUR]


def test_demo_where_nothing_can_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "var").touch()

    result = run_demo(tmp_path / "var", "--no-serve")

    assert (result.returncode, result.stdout, result.stderr) == (
        1,
        "",
        f"CommandError: Le dossier {tmp_path / 'var'} ne peut pas être écrit. "
        "Donnez-en un autre par la variable VAR_DIR.\n",
    )


def test_demo_without_its_database_server_is_one_clear_line(tmp_path: Path) -> None:
    result = run_demo(tmp_path, "--no-serve", DATABASE_URL="postgresql://casebook:secret@127.0.0.1:1/casebook")

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(
        "CommandError: La base de données casebook sur 127.0.0.1 ne répond pas\u00a0: connection"
    )
    assert result.stderr.count("\n") == 1
    assert "secret" not in result.stderr


def test_demo_from_nothing_serves_the_site_then_starts_again_with_what_was_edited(tmp_path: Path) -> None:
    var = tmp_path / "var"
    first = run_demo(var, "--no-serve")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    with subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(port)],
        cwd=SITE,
        env=clean_environment(var) | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=hear_ctrl_c,
    ) as server:
        try:
            home = fetch(f"http://127.0.0.1:{port}/", server)
            style = fetch(f"http://127.0.0.1:{port}/static/css/site.css", server)
            server.send_signal(signal.SIGINT)
            said = server.communicate(timeout=10)[0]
        finally:
            server.kill()

    assert (first.returncode, first.stderr) == (0, "")
    assert (var / "casebook.sqlite3").is_file()
    assert "<h1" in home
    assert "{" in style
    assert server.returncode == 0
    assert said.splitlines()[0] == ("Le catalogue est déjà là\u00a0: il est gardé tel quel (--reset pour recommencer).")
    assert f"Le site\u00a0: http://127.0.0.1:{port}/" in said


def hear_ctrl_c() -> None:
    """What a shell starts in the background (and its children) ignores SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def fetch(address: str, server: "subprocess.Popen[str]") -> str:
    """The page, as soon as the server answers (within 20 s)."""
    deadline = time.monotonic() + 20
    while True:
        try:
            with urlopen(address, timeout=10) as response:  # noqa: S310  our own server
                return str(response.read().decode())
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
