"""Which state the database is in: what a process keeps of it is good as long as the state stands.

The database itself tells, so that no writing can be forgotten, by whatever path, process or tool it comes. A commit of
something else (a session, a statistic) makes another state too: what was kept is then made again, never out of date.
"""

import os
import sqlite3
from itertools import count
from threading import Lock

from django.db import connection


def state() -> str:
    """What is read after asking is at least as new as this state. Empty where nothing may be kept: inside a
    transaction, whose own writings nobody else sees, or in a database that cannot tell.

    SQLite: some microseconds. PostgreSQL: one query; any writing transaction of its server makes another state.
    """
    if connection.in_atomic_block or not connection.get_autocommit():
        return ""
    if connection.vendor == "sqlite":
        return _file.state(str(connection.settings_dict["NAME"]))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT txid_current_snapshot()::text")
            return str(cursor.fetchone()[0])
    return ""


class _File:
    """A connection that only watches a database file: `data_version` changes with every commit of all the others."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._watched: tuple[int, int, int] | None = None  # process, device, file
        self._connection: sqlite3.Connection | None = None
        self._opened = 0
        self._numbers = count(1)

    def state(self, path: str) -> str:
        try:
            found = os.stat(path)
        except OSError:
            return ""  # in memory
        watched = (os.getpid(), found.st_dev, found.st_ino)
        with self._lock:
            if self._connection is None or self._watched != watched:
                self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
                self._watched, self._opened = watched, next(self._numbers)
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        return f"{os.getpid()}.{self._opened}.{version}"


_file = _File()
