"""Word and OpenDocument files are archives of XML parts: what is refused before anything is read."""

import io
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from casebook.text import thousands
from projects.imports.reading import UnreadableFile

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_MEMBERS = 2_000  # a book of sixty pages with its pictures has about a hundred
MAX_UNPACKED = 300_000_000  # bytes of all the parts, pictures included
MAX_RATIO = 150  # bytes unpacked for one packed; the text of a book unpacks to ten times its size
RATIO_FROM = 10_000_000  # bytes: below, the ratio harms nobody
MAX_PART = 25_000_000  # bytes of one part that is read
MAX_TAGS = 1_200_000  # of one part: an element costs a hundred times the memory of its shortest tag
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, IndexError)


class Archive:
    """The parts of an archive, by name. Every method raises `UnreadableFile`."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except _DAMAGED:
            raise self.damaged() from None
        unpacked = sum(member.file_size for member in members)
        if len(members) > MAX_MEMBERS:
            raise self._refusal(f"contient trop d’éléments (plus de {thousands(MAX_MEMBERS)})\u00a0: découpez-le.")
        if unpacked > MAX_UNPACKED or (unpacked > RATIO_FROM and unpacked > MAX_RATIO * len(data)):
            raise self._refusal(
                "se déplie en bien plus que sa taille\u00a0: enregistrez-le de nouveau, sans ses images."
            )
        if any(member.flag_bits & 1 for member in members):
            raise self.locked()

    def __contains__(self, part: str) -> bool:
        return part in self._zip.NameToInfo

    def parse(self, part: str) -> "Element":
        """The root of an XML part. A document type, hence any entity, is refused."""
        data = self._read(part)
        if len(data) > MAX_PART or data.count(b"<") > MAX_TAGS:
            raise self.too_long()
        try:
            root: Element = fromstring(data, forbid_dtd=True)
        except DefusedXmlException:
            raise self._refusal(
                f"déclare un type de document dans «\u00a0{part}\u00a0», ce qui est refusé\u00a0: ouvrez-le et "
                "enregistrez-le de nouveau."
            ) from None
        except (ParseError, ValueError, LookupError):
            raise self.damaged() from None
        return root

    def _read(self, part: str) -> bytes:
        if part not in self:
            raise self.damaged()
        if self._zip.getinfo(part).file_size > MAX_PART:
            raise self.too_long()
        try:
            return self._zip.read(part)
        except _DAMAGED:
            raise self.damaged() from None
        except RuntimeError:  # what zipfile raises for a password
            raise self.locked() from None

    def damaged(self) -> UnreadableFile:
        return self._refusal("est abîmé\u00a0: ouvrez-le, enregistrez-le de nouveau et recommencez.")

    def too_long(self) -> UnreadableFile:
        return self._refusal("contient un texte trop long pour être lu d’un coup\u00a0: découpez-le.")

    def locked(self) -> UnreadableFile:
        return self._refusal("est protégé par un mot de passe\u00a0: enregistrez-le sans mot de passe.")

    def _refusal(self, what: str) -> UnreadableFile:
        return UnreadableFile(f"«\u00a0{self.name}\u00a0» {what}")
