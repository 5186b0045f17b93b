"""« Aller plus loin »: one entry per reference; a narrative gives none."""

import re

from projects.imports.records import Reference, SectionRecord
from projects.imports.text import Text, bare
from projects.imports.vocabulary import BULLET

_LINK = re.compile(r"\[((?:\\.|[^\]\\])*)\]\(([^)\s]*)\)")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+[^\s.,;:)»]")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
NARRATIVE = 160  # characters: a longer paragraph without link, address or list mark is a text


def read_section(text: Text, index: int, section: SectionRecord) -> list[Reference]:
    entries: list[tuple[int, int, str, bool]] = []
    for first, last in section.body_lines:
        for block in text.blocks(first, last):
            for number, line in zip(block.numbers, block.lines, strict=True):
                listed = bool(BULLET.match(line))
                if number == block.first or listed:
                    entries.append((number, number, BULLET.sub("", line), listed))
                else:
                    start, _, words, was_listed = entries[-1]
                    entries[-1] = (start, number, f"{words} {line}", was_listed)
    if any(_is_narrative(words, listed) for _, _, words, listed in entries):
        return []
    found = []
    for first, last, words, _ in entries:
        links = _LINK.findall(words)
        plain = bare(_LINK.sub(lambda m: m[1], words)).replace("\\", "")
        if not plain:
            continue
        target = next((url for _, url in links if url.startswith(("http://", "https://"))), "")
        address = _ADDRESS.search(plain)
        if not target and address:
            target = address[0] if address[0].startswith("http") else f"https://{address[0]}"
        lost = any(not url.startswith("http") for _, url in links) and not target
        found.append(Reference(plain, index, target, lost, ((first, last),)))
    return found


def _is_narrative(words: str, listed: bool) -> bool:
    """Sentences, not a reference: long, ended like a sentence, without link, list mark, address or closing year."""
    if listed or _LINK.search(words) or _ADDRESS.search(words):
        return False
    plain = bare(words)
    return len(plain) > NARRATIVE and plain.endswith((".", "?", "!", "»")) and not _YEAR.search(plain[-30:])
