"""Reading in a process of its own, with limits of time and memory: a hostile file cannot stop the site.

`python -m projects.imports.isolated NAME < content` prints one JSON object: the lines and the book, or the refusal.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from projects.imports.reading import UnreadableFile, read_bytes
from projects.imports.records import Book, Promotion
from projects.imports.serial import from_json, to_json

SECONDS = 20
BYTES = 1 << 30
_STARTING = 10  # seconds more on the wall clock, for a busy machine to start the process


@dataclass(frozen=True)
class Reading:
    """One file as it was read: `lines` are (text, page or None)."""

    book: Book
    lines: list[list[Any]]
    printed_lines: bool


def read_here(name: str, data: bytes, promotions: Sequence[Promotion] = ()) -> Reading:
    """What the file holds, read in this process; raises `UnreadableFile`."""
    from projects.imports.recueil import read_book

    source = read_bytes(name, data)
    book = read_book(source, promotions)
    return Reading(book, [[line.text, line.page] for line in source.lines], source.printed_lines)


class _TimeIsUp(Exception):
    pass


@contextmanager
def limited(name: str) -> Iterator[None]:
    """No more than `SECONDS` of processor and `BYTES` of memory inside, in a process that does nothing else; raises
    `UnreadableFile` at the limit. (Stuck in compiled code, the process ends a few seconds later.)"""
    import resource

    def stop(*_: object) -> None:
        raise _TimeIsUp

    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + SECONDS
    limits = {what: resource.getrlimit(what) for what in (resource.RLIMIT_CPU, resource.RLIMIT_AS)}
    handler = signal.signal(signal.SIGXCPU, stop)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, limits[resource.RLIMIT_CPU][1]))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, limits[resource.RLIMIT_AS][1]))
    try:
        yield
    except (_TimeIsUp, MemoryError):
        raise _too_long(name) from None
    finally:
        for what, before in limits.items():
            resource.setrlimit(what, before)
        signal.signal(signal.SIGXCPU, handler)


def read_isolated(name: str, data: bytes, promotions: Sequence[Promotion] = ()) -> Reading:
    """What `read_book` finds in the file; raises `UnreadableFile`, also when the limits are reached."""
    known = json.dumps(to_json(promotions)).encode()
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module, the name as one argument
            [sys.executable, "-m", "projects.imports.isolated", name, str(len(known))],
            input=known + data,
            capture_output=True,
            timeout=SECONDS + _STARTING,
            check=False,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
    except subprocess.TimeoutExpired:
        raise _too_long(name) from None
    except ValueError:  # a NUL in the name
        raise UnreadableFile("Ce fichier a un nom illisible\u00a0: renommez-le.") from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise _too_long(name) from None
    if "error" in answer:
        raise UnreadableFile(answer["error"])
    return Reading(from_json(Book, answer["book"]), answer["lines"], answer["printed_lines"])


def _too_long(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"«\u00a0{name}\u00a0» demande trop de temps ou de mémoire\u00a0: "
        "découpez-le, ou enregistrez-le en .docx ou .txt."
    )


def main() -> None:
    import django

    django.setup()
    data = sys.stdin.buffer.read()
    name, length = sys.argv[1], int(sys.argv[2])
    promotions = tuple(from_json(Promotion, one) for one in json.loads(data[:length]))
    answer: dict[str, Any]
    try:
        with limited(name):
            reading = read_here(name, data[length:], promotions)
        answer = {"book": to_json(reading.book), "lines": reading.lines, "printed_lines": reading.printed_lines}
    except UnreadableFile as error:
        answer = {"error": str(error)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casebook.settings")
    main()
