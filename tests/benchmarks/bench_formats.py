"""Time and memory of one recueil in several formats, each read in a process of its own, as a ratio to the first file.

    .venv/bin/python tests/benchmarks/bench_formats.py recueil.md recueil.docx recueil.odt recueil.pdf

Seconds are of processor and count the reading alone, not the start of Python; memory is the peak of the process.
"""

import subprocess
import sys
import time
from pathlib import Path

from bench_import import set_up


def once(path: Path) -> None:
    """One reading: seconds, MB, fiches."""
    import resource

    set_up()
    from projects.imports.reading import read
    from projects.imports.recueil import read_book

    start = time.process_time()
    book = read_book(read(path))
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"{seconds:.3f} {peak:.0f} {len(book.fiches)}")


def main() -> None:
    first = 0.0
    for name in sys.argv[1:]:
        done = subprocess.run([sys.executable, __file__, "--once", name], check=True, capture_output=True, text=True)
        seconds, peak, fiches = map(float, done.stdout.split())
        first = first or seconds
        print(
            f"{Path(name).name:24} {seconds:6.2f} s  ×{seconds / first:5.1f}  peak {peak:4.0f} MB  {fiches:.0f} fiches"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--once"]:
        once(Path(sys.argv[2]))
    else:
        main()
