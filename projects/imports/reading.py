"""A file becomes lines with their numbers. No database, no knowledge of books."""

import hashlib
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from casebook.text import printable, thousands

# A printed book of sixty pages is 0.2 MB of text, in 3 000 lines.
MAX_BYTES = 10_000_000
MAX_DOCUMENT_BYTES = 60_000_000  # with their pictures
MAX_LINES = 60_000  # twenty recueils: any text within the limits is read in seconds, in less than 1 GB
MAX_CONTROLS = 0.02  # share of control characters: above, the file is no text
TEXT_SUFFIXES = {".md", ".markdown", ".txt"}
DOCUMENT_SUFFIXES = {".docx": b"PK\x03\x04", ".odt": b"PK\x03\x04", ".pdf": b"%PDF"}  # and how such a file begins
_KNOWN_TYPES = ".docx, .odt, .pdf, .md ou .txt"
_SIGNATURES = {
    b"%PDF": "un PDF",
    b"PK\x03\x04": "une archive ou un document bureautique",
    b"\xd0\xcf\x11\xe0": "un ancien document Word",
    b"\x89PNG": "une image",
    b"\xff\xd8\xff": "une image",
    b"GIF8": "une image",
    b"\x1f\x8b": "une archive",
    b"{\\rtf": "un document RTF",
}


class UnreadableFile(Exception):
    """The file cannot be read; the message is one French sentence that says what to do."""


@dataclass(frozen=True)
class Line:
    """One line of the source, numbered from 1, cut at `\\n` only."""

    number: int
    text: str
    page: int | None = None  # where the format has pages

    @property
    def is_blank(self) -> bool:
        return not self.text.strip().strip("\ufeff\u200b\u00ad").strip()


@dataclass(frozen=True)
class Source:
    """What was read: the lines, and what identifies the file. `printed_lines`: they are those of the file itself; the
    lines of a Word, OpenDocument or PDF file are made by its reader."""

    name: str
    checksum: str
    size: int
    lines: tuple[Line, ...]
    encoding_guessed: bool = False
    printed_lines: bool = True


def read(path: Path) -> Source:
    """The lines of a file; raises `UnreadableFile`."""
    name = printable(path.name)[:120]
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UnreadableFile(f"«\u00a0{name}\u00a0» est un dossier\u00a0: indiquez un fichier {_KNOWN_TYPES}.")
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFile(
                f"«\u00a0{name}\u00a0» n’est pas un fichier\u00a0: indiquez un fichier {_KNOWN_TYPES}."
            )
        if status.st_size > most_bytes(name):
            raise too_large(name)
        data = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(f"«\u00a0{name}\u00a0» n’existe pas\u00a0: vérifiez le nom et le dossier.") from None
    except PermissionError:
        raise UnreadableFile(
            f"«\u00a0{name}\u00a0» ne peut pas être ouvert\u00a0: donnez-vous le droit de le lire."
        ) from None
    except (OSError, ValueError):
        raise UnreadableFile(f"«\u00a0{name}\u00a0» ne peut pas être lu\u00a0: vérifiez le nom et le disque.") from None
    return read_bytes(name, data)


def too_large(name: str) -> UnreadableFile:
    """The refusal of a file above its size."""
    return UnreadableFile(
        f"«\u00a0{name}\u00a0» est trop grand (plus de {most_bytes(name) // 1_000_000}\u00a0Mo)\u00a0: découpez-le."
    )


def most_bytes(name: str) -> int:
    """The largest size of a file of this type."""
    return MAX_DOCUMENT_BYTES if Path(name).suffix.casefold() in DOCUMENT_SUFFIXES else MAX_BYTES


def read_bytes(name: str, data: bytes) -> Source:
    """The same for a file already in memory; raises `UnreadableFile`."""
    suffix = Path(name).suffix.casefold()
    if len(data) > most_bytes(name):
        raise too_large(name)
    if suffix in DOCUMENT_SUFFIXES and data:
        return _read_document(name, suffix, data)
    for signature, what in _SIGNATURES.items():
        if data.startswith(signature):
            raise UnreadableFile(
                f"«\u00a0{name}\u00a0» est {what}\u00a0: donnez à son nom la terminaison de son type, "
                f"ou enregistrez-le en {_KNOWN_TYPES}."
            )
    if suffix not in {*TEXT_SUFFIXES, *DOCUMENT_SUFFIXES}:
        raise UnreadableFile(f"«\u00a0{name}\u00a0» n’est pas d’un type connu\u00a0: donnez un fichier {_KNOWN_TYPES}.")
    text, guessed = _decode(name, data)
    if not text.strip("\ufeff \t\r\n\u00a0\u200b"):
        raise UnreadableFile(f"«\u00a0{name}\u00a0» est vide\u00a0: choisissez le fichier du recueil.")
    if text.count("\n") >= MAX_LINES:
        raise _too_many_lines(name)
    lines = tuple(Line(number, line.rstrip("\r")) for number, line in enumerate(text.split("\n"), start=1))
    return Source(name, hashlib.sha256(data).hexdigest(), len(data), lines, guessed)


def _read_document(name: str, suffix: str, data: bytes) -> Source:
    """The lines that a format's reader makes; each reader raises `UnreadableFile`."""
    if not data.startswith(DOCUMENT_SUFFIXES[suffix]):
        raise UnreadableFile(
            f"«\u00a0{name}\u00a0» n’est pas un fichier {suffix} ou est abîmé\u00a0: "
            "ouvrez-le et enregistrez-le de nouveau."
        )
    if suffix == ".docx":
        from projects.imports.formats.docx import read_lines
    elif suffix == ".odt":
        from projects.imports.formats.odt import read_lines
    else:
        from projects.imports.formats.pdf import read_lines
    found = read_lines(name, data)
    if not any(text.strip() for text, _ in found):
        raise UnreadableFile(f"«\u00a0{name}\u00a0» ne contient aucun texte\u00a0: choisissez le fichier du recueil.")
    if len(found) > MAX_LINES:
        raise _too_many_lines(name)
    lines = tuple(Line(number, _composed(text), page) for number, (text, page) in enumerate(found, start=1))
    return Source(name, hashlib.sha256(data).hexdigest(), len(data), lines, printed_lines=False)


def _too_many_lines(name: str) -> UnreadableFile:
    return UnreadableFile(f"«\u00a0{name}\u00a0» a trop de lignes (plus de {thousands(MAX_LINES)})\u00a0: découpez-le.")


def _decode(name: str, data: bytes) -> tuple[str, bool]:
    """The text, and whether its encoding had to be guessed."""
    no_text = UnreadableFile(f"«\u00a0{name}\u00a0» n’est pas un texte\u00a0: choisissez un fichier .md ou .txt.")
    guessed = False
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError:
            raise no_text from None
    elif _share_of_controls(data) > MAX_CONTROLS:
        raise no_text
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text, guessed = data.decode("cp1252", errors="replace"), True
    if "\x00" in text:
        raise no_text
    return _composed(text), guessed


def _composed(text: str) -> str:
    """Decomposed accents become one character; nothing else changes."""
    return unicodedata.normalize("NFC", text)


def _share_of_controls(data: bytes) -> float:
    sample = data[:100_000]
    controls = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in sample)
    return controls / max(len(sample), 1)
