"""The real book beside the project: the scorer's figures, every line claimed once, and its limits of time."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from projects.imports import contract
from projects.imports.reading import read
from projects.imports.recueil import read_book
from tests.projects.imports.test_recueil import assert_every_line_once

pytestmark = pytest.mark.corpus


def test_shared_half_of_the_gold_is_read(shared: Path, tmp_path: Path) -> None:
    source = shared / "corpus" / "recueil-2019.md"
    result = tmp_path / "result.json"
    result.write_text(json.dumps(contract.as_json(read_book(read(source)))), encoding="utf-8")

    score = subprocess.run(
        [sys.executable, str(shared / "tools" / "score_import.py"), str(shared / "gold" / "recueil-2019-odd.json"),
         str(result), "--source", str(source), "--min", "0.98", "--min-coverage", "1", "--min-placed", "0.98",
         "--min-kept", "1", "--min-field", "sections.=0.95", "--min-field", "figures.=0.95",
         "--min-field", "testimonials=0.95", "--min-field", "references=0.95"],
        capture_output=True, text=True, cwd=settings.BASE_DIR,
    )  # fmt: skip

    assert score.returncode == 0, score.stdout[-2000:] + score.stderr


@pytest.mark.parametrize("name", ["recueil-2019.md", "fiche-saint-etienne.md"])
def test_every_line_is_claimed_once(shared: Path, name: str) -> None:
    path = shared / "corpus" / name

    book = read_book(read(path))

    assert_every_line_once(path.read_text(encoding="utf-8"), book)


def test_every_fiche_has_its_core(shared: Path) -> None:
    book = read_book(read(shared / "corpus" / "recueil-2019.md"))

    lacking = [(fiche.number, w.code) for fiche in book.fiches for w in fiche.warnings if w.code.startswith("missing")]

    assert ([fiche.number for fiche in book.fiches], lacking) == (list(range(1, 23)), [])


def test_a_book_fifty_times_as_long_stays_within_the_limit(shared: Path, tmp_path: Path) -> None:
    text = (shared / "corpus" / "recueil-2019.md").read_text(encoding="utf-8")
    long = tmp_path / "long.md"
    long.write_text(text * 50, encoding="utf-8")

    start = time.monotonic()
    book = read_book(read(long))

    assert len(book.fiches) >= 22 * 50
    assert time.monotonic() - start < 60  # the contract allows 20 s on a quiet machine; CI is shared
