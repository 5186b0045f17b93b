"""Time and memory of reading a whole recueil, as a ratio to the least that could be done with the same file.

    .venv/bin/python tests/benchmarks/bench_import.py [FILE]

FILE is the recueil beside the project when it is there, else the demo book. The floor decodes the file, cuts its lines
and writes the same JSON from memory; floor and reading alternate, so that a slow moment of the machine touches both.
Each of the largest files that are read at all (`reading.MAX_BYTES`, `reading.MAX_LINES`) is read once, in a process of
its own; memory is the peak of that process.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS = 15
DEMO = ROOT / "fixtures" / "demo" / "recueil-2019.md"
LARGEST: dict[str, Callable[[bytes], bytes]] = {
    "the recueil": lambda book: book,
    "one line of 10 MB": lambda book: b"mot, et " * 1_240_000,
    "one line in a section": lambda book: HEAD + b"mot, et " * 1_240_000,
    "59 000 short lines": lambda book: b"une ligne\n" * 59_000,
    "the recueil 19 times": lambda book: book * 19,
    "29 000 figures": lambda book: HEAD + b"Les chiffres\n\n" + b"12\nagents\n" * 29_000,
    "59 000 references": lambda book: HEAD + b"Aller plus loin\n\n" + b"Un titre, 2019\n" * 59_000,
}
HEAD = b"PILOTER MIEUX\n\n01\n\nTITRE\n\nVILLE DU CAP\n\nLES AUTEURS\n\nLina OREL\n\nCONTEXTE\n\n"


def set_up() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casebook.settings")
    import django

    django.setup()


def read(data: bytes) -> str:
    from projects.imports.contract import as_json
    from projects.imports.reading import read_bytes
    from projects.imports.recueil import read_book

    return json.dumps(as_json(read_book(read_bytes("recueil.md", data))), ensure_ascii=False, indent=1)


def once(name: str, path: Path) -> None:
    """In a process of its own: one reading, its seconds of processor and the peak of its memory in MB."""
    import resource

    set_up()
    data = LARGEST[name](path.read_bytes())
    start = time.process_time()
    written = len(read(data))
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"{name:24} {len(data) / 1e6:6.2f} MB  {seconds:6.2f} s  peak {peak:4.0f} MB  JSON {written / 1e6:5.1f} MB")


def compare(path: Path) -> None:
    set_up()
    data = path.read_bytes()
    result = json.loads(read(data))
    took: dict[str, list[float]] = {"reading": [], "floor": []}
    for _ in range(ROUNDS):
        start = time.process_time()
        read(data)
        middle = time.process_time()
        data.decode().split("\n")
        json.dumps(result, ensure_ascii=False, indent=1)
        took["reading"].append(middle - start)
        took["floor"].append(time.process_time() - middle)
    reading, floor = (statistics.median(took[name]) for name in ("reading", "floor"))
    print(f"{path.name}: {len(result['missions'])} fiches, {data.count(10)} lines")
    print(f"reading {reading * 1000:.0f} ms, floor {floor * 1000:.1f} ms: {reading / floor:.0f} times the floor")


def main() -> None:
    shared = ROOT.parent / "shared" / "corpus" / "recueil-2019.md"
    given = [Path(argument) for argument in sys.argv[1:]]
    path = given[0] if given else shared if shared.exists() else DEMO
    compare(path)
    for name in LARGEST:
        subprocess.run([sys.executable, __file__, "--once", name, str(path)], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--once"]:
        once(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
