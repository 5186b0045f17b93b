import io
import zipfile

import pytest

from projects.imports.reading import UnreadableFile, read_bytes
from tests.projects.imports.formats.documents import NAMESPACES, odt, packed, paragraph, run, word

DAMAGED = "est abîmé : ouvrez-le, enregistrez-le de nouveau et recommencez."
TOO_LONG = "contient un texte trop long pour être lu d’un coup : découpez-le."
ENTITY = f'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><w:document {NAMESPACES}><w:body/></w:document>'
MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"


def locked() -> bytes:
    data = bytearray(word(paragraph(run("mot"))))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    return bytes(data)


def locked_odt() -> bytes:
    manifest = f'<m:manifest xmlns:m="{MANIFEST}"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    return packed({"content.xml": "chiffré", "META-INF/manifest.xml": manifest})


def crowded() -> bytes:
    return packed({f"word/{number}.xml": "" for number in range(2_001)})


def nested() -> bytes:
    return word("<w:ins>" * 50_000 + "</w:ins>" * 50_000)


REFUSED = {
    "coupé.docx": (word(paragraph(run("mot")))[:-30], DAMAGED),
    "vide.docx": (packed({"a.txt": "b"}), DAMAGED),
    "vide.odt": (packed({"a.txt": "b"}), DAMAGED),
    "mal écrit.odt": (packed({"content.xml": "<a><b></a>"}), DAMAGED),
    "profond.docx": (nested(), DAMAGED),
    "peuplé.docx": (crowded(), "contient trop d’éléments (plus de 2 000) : découpez-le."),
    "gonflé.docx": (
        packed({"word/document.xml": " " * 20_000_000}),
        "se déplie en bien plus que sa taille : enregistrez-le de nouveau, sans ses images.",
    ),
    "long.docx": (word("<w:p/>" * 1_300_000), TOO_LONG),
    "haché.docx": (word(paragraph(run("a") * 110_000)), TOO_LONG),
    "verrouillé.docx": (locked(), "est protégé par un mot de passe : enregistrez-le sans mot de passe."),
    "verrouillé.odt": (locked_odt(), "est protégé par un mot de passe : enregistrez-le sans mot de passe."),
    "entité.docx": (
        packed({"word/document.xml": ENTITY}),
        "déclare un type de document dans « word/document.xml », ce qui est refusé : ouvrez-le et enregistrez-le de "
        "nouveau.",
    ),
    "entité.odt": (
        packed({"content.xml": ENTITY}),
        "déclare un type de document dans « content.xml », ce qui est refusé : ouvrez-le et enregistrez-le de nouveau.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_archive_that_may_harm_or_cannot_be_read_is_refused_in_one_sentence(name: str) -> None:
    data, message = REFUSED[name]

    with pytest.raises(UnreadableFile) as refused:
        read_bytes(name, data)

    assert str(refused.value).replace("\u00a0", " ").replace("\u202f", " ") == f"« {name} » {message}"


def test_macros_and_other_parts_are_left_alone() -> None:
    data = io.BytesIO(word(paragraph(run("mot"))))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"\x00macro")
        archive.writestr("customXml/item1.xml", ENTITY)

    assert [line.text for line in read_bytes("f.docx", data.getvalue()).lines] == ["mot"]


def test_readable_odt_is_read() -> None:
    assert [line.text for line in read_bytes("f.odt", odt("<text:p>mot</text:p>")).lines] == ["mot"]
