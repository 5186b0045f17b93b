import time
from pathlib import Path

import pytest

from projects.imports import isolated
from projects.imports.isolated import limited, read_here, read_isolated
from projects.imports.reading import UnreadableFile
from tests.projects.imports.samples import RECUEIL


def test_reading_in_a_process_of_its_own_is_the_same_reading() -> None:
    data = RECUEIL.encode()

    assert read_isolated("livre.md", data) == read_here("livre.md", data)


def test_refusal_comes_back_as_one_sentence() -> None:
    with pytest.raises(UnreadableFile, match="est vide"):
        read_isolated("livre.md", b"")


def test_file_that_takes_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "BYTES", 10_000_000)

    with pytest.raises(UnreadableFile, match="trop de temps ou de mémoire"), limited("livre.md"):
        bytearray(200_000_000)

    assert len(bytearray(200_000_000)) == 200_000_000  # the limit went away


def test_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "SECONDS", 1)
    begun = time.process_time()

    with pytest.raises(UnreadableFile, match="trop de temps ou de mémoire"), limited("livre.md"):
        sum(time.process_time() for _ in iter(lambda: time.process_time() - begun > 30, True))

    assert time.process_time() - begun < 10


def test_name_of_a_file_is_no_option_and_no_path(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        read_isolated("-c", b"print(1)")

    assert list(tmp_path.iterdir()) == []
