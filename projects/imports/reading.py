"""A file becomes lines with their numbers. No database, no knowledge of books."""

import hashlib
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

MAX_BYTES = 20_000_000
TEXT_SUFFIXES = {".md", ".markdown", ".txt"}
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

    @property
    def is_blank(self) -> bool:
        return not self.text.strip("\ufeff\u200b\u00ad").strip()


@dataclass(frozen=True)
class Source:
    """What was read: the lines, and what identifies the file."""

    name: str
    checksum: str
    size: int
    lines: tuple[Line, ...]
    encoding_guessed: bool = False
    notes: tuple[str, ...] = field(default=())


def read(path: Path) -> Source:
    """The lines of a text file; raises `UnreadableFile`."""
    try:
        if path.is_dir():
            raise UnreadableFile(f"«\u00a0{path.name}\u00a0» est un dossier\u00a0: indiquez un fichier .md ou .txt.")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableFile(
                f"«\u00a0{path.name}\u00a0» dépasse {MAX_BYTES // 1_000_000}\u00a0Mo\u00a0: découpez-le."
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(f"«\u00a0{path}\u00a0» n’existe pas\u00a0: vérifiez le nom et le dossier.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "nom de fichier impossible"
        raise UnreadableFile(f"«\u00a0{path}\u00a0» ne peut pas être ouvert ({reason}).") from None
    return read_bytes(path.name, data)


def read_bytes(name: str, data: bytes) -> Source:
    """The same for a file already in memory; raises `UnreadableFile`."""
    suffix = Path(name).suffix.casefold()
    for signature, what in _SIGNATURES.items():
        if data.startswith(signature):
            raise UnreadableFile(f"«\u00a0{name}\u00a0» est {what}\u00a0: enregistrez le texte au format .md ou .txt.")
    if suffix not in TEXT_SUFFIXES:
        raise UnreadableFile(f"«\u00a0{name}\u00a0» n’est pas d’un type connu\u00a0: donnez un fichier .md ou .txt.")
    text, guessed = _decode(name, data)
    if not text.strip("\ufeff \t\r\n\u00a0\u200b"):
        raise UnreadableFile(f"«\u00a0{name}\u00a0» est vide\u00a0: choisissez le fichier du recueil.")
    lines = tuple(Line(number, line.rstrip("\r")) for number, line in enumerate(text.split("\n"), start=1))
    return Source(name, hashlib.sha256(data).hexdigest(), len(data), lines, guessed)


def _decode(name: str, data: bytes) -> tuple[str, bool]:
    """The text, and whether its encoding had to be guessed."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return _composed(data.decode(encoding)), False
            except UnicodeDecodeError:
                break
    if b"\x00" in data or _share_of_controls(data) > 0.02:
        raise UnreadableFile(f"«\u00a0{name}\u00a0» n’est pas un texte\u00a0: choisissez un fichier .md ou .txt.")
    try:
        return _composed(data.decode("utf-8")), False
    except UnicodeDecodeError:
        return _composed(data.decode("cp1252", errors="replace")), True


def _composed(text: str) -> str:
    """Decomposed accents become one character; nothing else changes."""
    return unicodedata.normalize("NFC", text)


def _share_of_controls(data: bytes) -> float:
    sample = data[:100_000]
    controls = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in sample)
    return controls / max(len(sample), 1)
