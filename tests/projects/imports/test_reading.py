"""Files that can and cannot be read: one French sentence, never a traceback."""

from pathlib import Path

import pytest

from projects.imports.reading import MAX_BYTES, UnreadableFile, read, read_bytes


@pytest.mark.parametrize(
    ("data", "guessed"),
    [
        ("é\nœ".encode(), False),
        ("é\nœ".encode("utf-8-sig"), False),
        ("é\nœ".encode("utf-16"), False),
        ("é\nœ".encode("cp1252"), True),
        ("e\u0301\nœ".encode(), False),
        ("é\r\nœ".encode(), False),
    ],
)
def test_encodings_give_the_same_lines(data: bytes, guessed: bool) -> None:
    source = read_bytes("a.md", data)

    assert [(line.number, line.text) for line in source.lines] == [(1, "é"), (2, "œ")]
    assert source.encoding_guessed is guessed


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.md", b""),
        ("a.md", b" \n\t\n"),
        ("a.md", b"%PDF-1.7 x"),
        ("a.md", b"PK\x03\x04zip"),
        ("a.txt", b"\x89PNG\r\n"),
        ("a.md", b"abc\x00def"),
        ("a.md", bytes(range(1, 32)) * 30),
        ("a.exe", b"texte"),
        ("sans-type", b"texte"),
    ],
)
def test_other_files_are_refused_in_one_french_sentence(name: str, data: bytes) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_bytes(name, data)

    message = str(refusal.value)
    assert message.startswith("«\u00a0")
    assert message.endswith(".")
    assert "\n" not in message


def test_missing_file_folder_and_too_large_are_refused(tmp_path: Path) -> None:
    large = tmp_path / "grand.md"
    with large.open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    for path in (tmp_path / "rien.md", tmp_path, large, Path("a\x00b.md"), Path("a\udc80.md")):
        with pytest.raises(UnreadableFile):
            read(path)
