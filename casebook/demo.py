"""The demonstration: a database filled with the demo book and three accounts, ready to be served.

The site's other parts are reached through their commands and the app registry: `casebook` imports nobody.
"""

import errno
import shutil
import socket
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from casebook.text import NBSP, plural

FIXTURES = Path(settings.BASE_DIR) / "fixtures" / "demo"
BOOK = FIXTURES / "recueil-2019.md"
FICHE = FIXTURES / "fiche-saint-etienne.md"
COMPLEMENTS = FIXTURES / "complements.json"
PASSWORD = "regards-croises-2019"  # noqa: S105  public: the accounts only exist in a demonstration
# user name → (group, what the account is for)
ACCOUNTS = {
    "redacteur": ("Rédacteurs", "écrit et corrige les fiches"),
    "editeur": ("Éditeurs", "publie aussi, et tient les listes"),
    "administrateur": ("Administrateurs", "gère aussi les comptes"),
}
Say = Callable[[str], object]


def database_name() -> str:
    """Where the catalogue is kept, for a person: the file, or server and base without the password."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(values["NAME"])
    return f"{values['NAME']} sur {values['HOST'] or 'cette machine'}"


def check_port(host: str, port: int) -> None:
    """Refuse at once an address that the server could not take."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        raise CommandError(f"L’adresse «{NBSP}{host}{NBSP}» n’est pas connue de cette machine.") from None
    except PermissionError:
        raise CommandError(
            f"Le port {port} est réservé au système. Choisissez-en un autre, par exemple{NBSP}: --port 8000."
        ) from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(
                f"Le port {port} est déjà pris. Choisissez-en un autre, par exemple{NBSP}: --port {port % 65535 + 1}."
            ) from None
        raise CommandError(f"L’adresse {host}:{port} ne peut pas être ouverte ({error.strerror}).") from None


def prepare_database() -> None:
    """Make the folder of an SQLite file, and the connection."""
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():  # type: ignore[attr-defined]
        file = Path(connection.settings_dict["NAME"])
        folder = file.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _try_to_write(folder, file)
        except OSError:
            raise CommandError(
                f"Le dossier {folder} ne peut pas être écrit. Donnez-en un autre par la variable VAR_DIR."
            ) from None
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        reason = " ".join(str(error).split())
        raise CommandError(f"La base de données {database_name()} ne répond pas{NBSP}: {reason}") from None


def _try_to_write(folder: Path, file: Path) -> None:
    """Raise OSError where nothing can be written: SQLite writes its journal beside the file. Leaves no trace."""
    with NamedTemporaryFile(dir=folder):
        if file.exists():
            file.open("ab").close()


def start_over() -> None:
    """Empty the database, and the folder of stored files when it is the site's own."""
    if connection.introspection.table_names():
        migrate()  # an older database would not know every table
        call_command("flush", interactive=False, verbosity=0)
    media = Path(settings.MEDIA_ROOT)
    if media.is_relative_to(settings.VAR_DIR) and media.exists():
        shutil.rmtree(media)
    # what was looked for and not counted yet (`projects.statistics`): the missions that it names are gone
    shutil.rmtree(Path(settings.VAR_DIR) / "statistics", ignore_errors=True)


def migrate() -> None:
    """Bring the schema up to date. Costs one query when it is."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def is_filled() -> bool:
    """Whether something was imported or written: then the catalogue is left as people made it."""
    return any(apps.get_model("projects", name)._default_manager.exists() for name in ("ImportBatch", "Mission"))


@transaction.atomic
def fill(say: Say) -> None:
    """Reference data, the demo book published, what its editor adds, the accounts: all or nothing."""
    call_command("load_reference", stdout=_Lines(say))
    for source in (BOOK, FICHE):
        call_command("import_recueil", str(source), apply=True, publish=True, stdout=StringIO(), stderr=StringIO())
    call_command("load_complements", str(COMPLEMENTS), stdout=_Lines(say))
    make_accounts()


class _Lines(StringIO):
    """Says each line of a command as it comes."""

    def __init__(self, say: Say) -> None:
        super().__init__()
        self.say = say

    def write(self, text: str) -> int:
        for line in text.splitlines():
            self.say(line)
        return len(text)


def make_accounts() -> None:
    users, groups = apps.get_model("auth", "User"), apps.get_model("auth", "Group")
    password = make_password(PASSWORD)  # slow, as it should be
    for name, (group, _) in ACCOUNTS.items():
        if users._default_manager.filter(username=name).exists():
            continue
        user = users(username=name, password=password, is_staff=True, is_superuser=name == "administrateur")
        user.save()
        user.groups.add(groups._default_manager.get(name=group))


def accounts() -> list[str]:
    """The demonstration's accounts that exist, from the least rights to the most."""
    users = apps.get_model("auth", "User")._default_manager
    known = set(users.filter(username__in=ACCOUNTS).values_list("username", flat=True))
    return [name for name in ACCOUNTS if name in known]


def published_line() -> str:
    """« 23 missions publiées, 1 en préparation »."""
    missions = apps.get_model("projects", "Mission")._default_manager
    published = missions.published().count()
    others = missions.filter(working_copy_of=None).count() - published
    line = plural(published, "mission publiée", "missions publiées")
    return f"{line}, {others} en préparation" if others else line
