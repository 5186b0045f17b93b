"""« Aller plus loin »: one entry per reference; a narrative gives none."""

import re
from dataclasses import dataclass

from projects.imports.records import Reference, SectionRecord
from projects.imports.text import Text, bare
from projects.imports.vocabulary import BULLET

_LINK = re.compile(r"\[((?:\\.|[^\[\]\\])*)\]\(([^)\s\[]*)\)")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+[^\s.,;:)»]")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_COMPLETE = re.compile(r"(?:\b(?:19|20)\d\d\)?|\]\([^()]*\))\s*$")
NARRATIVE = 160  # characters: a longer paragraph without link, address or list mark is a text


@dataclass
class _Entry:
    first: int
    lines: list[str]
    listed: bool

    @property
    def words(self) -> str:
        return " ".join(self.lines)


def read_section(text: Text, index: int, section: SectionRecord) -> list[Reference]:
    entries: list[_Entry] = []
    for first, last in section.body_lines:
        for block in text.blocks(first, last):
            for number, line in zip(block.numbers, block.lines, strict=True):
                listed = bool(BULLET.match(line))
                if number == block.first or listed or _begins_anew(line, block.lines[number - block.first - 1]):
                    entries.append(_Entry(number, [BULLET.sub("", line)], listed))
                else:
                    entries[-1].lines.append(line)
    if any(_is_narrative(entry) for entry in entries):
        return []
    return [reference for entry in entries if (reference := _reference(entry, index))]


def _reference(entry: _Entry, index: int) -> Reference | None:
    words = entry.words
    links = _LINK.findall(words)
    plain = bare(_LINK.sub(lambda m: m[1], words)).replace("\\", "")
    if not plain:
        return None
    target = next((url for _, url in links if url.startswith(("http://", "https://"))), "")
    address = _ADDRESS.search(plain)
    if not target and address:
        target = address[0] if address[0].startswith("http") else f"https://{address[0]}"
    lost = any(not url.startswith("http") for _, url in links) and not target
    return Reference(plain, index, target, lost, ((entry.first, entry.first + len(entry.lines) - 1),))


def _begins_anew(line: str, above: str) -> bool:
    """Whether a line is not the rest of the one above, which ends with a year or a link."""
    return (line[:1].isupper() or line[:1] in {"[", "«", "“"}) and bool(_COMPLETE.search(above[-400:]))


def _is_narrative(entry: _Entry) -> bool:
    """Sentences, not a reference: long, ended like a sentence, without link, list mark, address or closing year."""
    words = entry.words
    if entry.listed or _LINK.search(words) or _ADDRESS.search(words):
        return False
    plain = bare(words)
    return len(plain) > NARRATIVE and plain.endswith((".", "?", "!", "»")) and not _YEAR.search(plain[-30:])
