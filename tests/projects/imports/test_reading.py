import hashlib
import os
import unicodedata
from pathlib import Path

import pytest

from projects.imports.reading import MAX_BYTES, MAX_LINES, Line, Source, UnreadableFile, read, read_bytes

TEXT = "Été\n\nL’île du « Vent »\n"
LINES = (Line(1, "Été"), Line(2, ""), Line(3, "L’île du « Vent »"), Line(4, ""))


def test_text_becomes_numbered_lines_with_the_file_s_identity(tmp_path: Path) -> None:
    path = tmp_path / "livre.md"
    path.write_bytes(TEXT.encode())

    source = read(path)

    assert source == Source("livre.md", hashlib.sha256(TEXT.encode()).hexdigest(), len(TEXT.encode()), LINES)


@pytest.mark.parametrize(
    ("data", "guessed"),
    [
        (TEXT.encode(), False),
        (TEXT.encode("utf-8-sig"), False),
        (TEXT.encode("utf-16"), False),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), False),
        (TEXT.replace("\n", "\r\n").encode(), False),
        (unicodedata.normalize("NFD", TEXT).encode(), False),
        (TEXT.encode("cp1252"), True),
    ],
    ids=["utf-8", "bom", "utf-16-le", "utf-16-be", "crlf", "decomposed", "cp1252"],
)
def test_every_encoding_gives_the_same_lines(data: bytes, guessed: bool) -> None:
    source = read_bytes("livre.txt", data)

    assert (source.lines, source.encoding_guessed) == (LINES, guessed)


def test_lines_are_cut_at_line_feeds_only() -> None:
    source = read_bytes(
        "livre.md",
        "a\x0bb\x0cc\u2028d\x85e\nf, et la suite, assez longue pour un texte avec deux signes étranges".encode(),
    )

    assert [line.text for line in source.lines] == [
        "a\x0bb\x0cc\u2028d\x85e",
        "f, et la suite, assez longue pour un texte avec deux signes étranges",
    ]


@pytest.mark.parametrize("words", ["", " \t", "\u00a0\u202f\u3000", " \u200b ", "\u00ad", "\ufeff"])
def test_line_of_spaces_of_any_kind_is_blank(words: str) -> None:
    assert Line(1, words).is_blank


RENAME = "donnez à son nom la terminaison de son type, ou enregistrez-le en .docx, .odt, .pdf, .md ou .txt."


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("livre.md", b"", "« livre.md » est vide : choisissez le fichier du recueil."),
        ("livre.md", " \n\u00a0\n\ufeff".encode(), "« livre.md » est vide : choisissez le fichier du recueil."),
        (
            "livre.xyz",
            b"mots",
            "« livre.xyz » n’est pas d’un type connu : donnez un fichier .docx, .odt, .pdf, .md ou .txt.",
        ),
        ("livre", b"mots", "« livre » n’est pas d’un type connu : donnez un fichier .docx, .odt, .pdf, .md ou .txt."),
        ("livre.md", b"%PDF-1.7 mots", f"« livre.md » est un PDF : {RENAME}"),
        (
            "livre.docx",
            b"PK\x03\x04 mots",
            "« livre.docx » est abîmé : ouvrez-le, enregistrez-le de nouveau et recommencez.",
        ),
        (
            "livre.odt",
            b"mots",
            "« livre.odt » n’est pas un fichier .odt ou est abîmé : ouvrez-le et enregistrez-le de nouveau.",
        ),
        ("image.md", b"\x89PNG\r\n\x1a\n", f"« image.md » est une image : {RENAME}"),
        ("livre.md", b"mots\x00mots", "« livre.md » n’est pas un texte : choisissez un fichier .md ou .txt."),
        ("livre.md", bytes(range(1, 32)) * 9, "« livre.md » n’est pas un texte : choisissez un fichier .md ou .txt."),
        ("livre.md", b"\xff\xfea", "« livre.md » n’est pas un texte : choisissez un fichier .md ou .txt."),
        ("livre.md", b"a" * (MAX_BYTES + 1), "« livre.md » est trop grand (plus de 10 Mo) : découpez-le."),
        ("livre.md", b"a\n" * MAX_LINES, "« livre.md » a trop de lignes (plus de 60 000) : découpez-le."),
    ],
)
def test_what_is_no_text_is_refused_in_one_sentence(name: str, data: bytes, message: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_bytes(name, data)

    assert str(refusal.value).replace("\u00a0", " ").replace("\u202f", " ") == message


def test_undecodable_bytes_are_read_with_a_guess() -> None:
    source = read_bytes("livre.md", b"caf\xe9 \x81 fin")

    assert ([line.text for line in source.lines], source.encoding_guessed) == (["café \ufffd fin"], True)


def test_path_that_is_no_readable_file_is_refused(tmp_path: Path) -> None:
    locked = tmp_path / "ferme.md"
    locked.write_text("mots")
    locked.chmod(0)
    pipe = tmp_path / "tube.md"
    os.mkfifo(pipe)
    refusals = {}
    for path in (tmp_path, tmp_path / "absent.md", pipe, tmp_path / "a\0b.md", tmp_path / "n\udcff.md", locked):
        try:
            read(path)
        except UnreadableFile as error:
            refusals[path.name] = str(error).replace("\u00a0", " ")

    assert refusals.pop("ferme.md", "(root reads everything)") in {
        "« ferme.md » ne peut pas être ouvert : donnez-vous le droit de le lire.",
        "(root reads everything)",
    }
    assert refusals == {
        tmp_path.name: f"« {tmp_path.name} » est un dossier : indiquez un fichier .docx, .odt, .pdf, .md ou .txt.",
        "absent.md": "« absent.md » n’existe pas : vérifiez le nom et le dossier.",
        "tube.md": "« tube.md » n’est pas un fichier : indiquez un fichier .docx, .odt, .pdf, .md ou .txt.",
        "a\0b.md": "« a b.md » ne peut pas être lu : vérifiez le nom et le disque.",
        "n\udcff.md": "« n .md » n’existe pas : vérifiez le nom et le dossier.",
    }
