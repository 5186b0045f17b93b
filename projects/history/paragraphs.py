"""Two texts paragraph by paragraph: words that go and come, and what became of the formatting."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from casebook.richtext import paragraphs, plain
from casebook.text import NBSP, french_list
from projects.imports.differences import Side, alike
from projects.imports.wording import Op, word_changes

_HIDDEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_MARKS = {
    "strong": "gras",
    "em": "italique",
    "sup": "exposant",
    "sub": "indice",
    "a": "lien",
    "h3": "intertitre",
    "h4": "petit intertitre",
    "li": "élément de liste",
    "ol": "liste numérotée",
    "ul": "liste à puces",
    "blockquote": "citation",
    "tr": "ligne de tableau",
    "th": "case d’en-tête",
    "td": "case de tableau",
    "br": "passage à la ligne",
}
_TAG = re.compile(r"<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>")
_HREF = re.compile(r'href="([^"]*)"')


class Piece(NamedTuple):
    """Some words of a compared text, and the white space after them."""

    op: Op
    words: str
    space: str = ""


@dataclass(frozen=True)
class Paragraph:
    """`same`: as many paragraphs as `count` that did not change."""

    op: Literal["same", "changed", "added", "removed", "formatted"]
    pieces: tuple[Piece, ...] = ()
    note: str = ""
    count: int = 0


class _Block(NamedTuple):
    text: str
    source: str


def visible(text: str) -> str:
    """The text with its hidden signs written out: one that turns the direction of reading would hide a change."""
    return _HIDDEN.sub(lambda sign: f"[U+{ord(sign[0]):04X}]", text)


def compare_words(before: str, after: str) -> tuple[Piece, ...]:
    pieces = []
    for op, text in word_changes(visible(before), visible(after), exact=True):
        words = text.rstrip() or text
        pieces.append(Piece(op, words, text[len(words) :]))
    return tuple(pieces)


def compare_rich(before: str, after: str) -> tuple[Paragraph, ...]:
    return tuple(_gathered(_compared(_rich_blocks(before), _rich_blocks(after))))


def compare_lines(before: str, after: str) -> tuple[Paragraph, ...]:
    """The same for plain text, line by line."""
    return tuple(_gathered(_compared(_line_blocks(before), _line_blocks(after))))


def _rich_blocks(source: str) -> list[_Block]:
    return [_Block(text, piece) for piece in paragraphs(source) if (text := plain(piece)) or "<" in piece]


def _line_blocks(text: str) -> list[_Block]:
    return [_Block(line, line) for line in text.splitlines() if line.strip()]


def _compared(old: Sequence[_Block], new: Sequence[_Block]) -> Iterator[Paragraph]:
    matcher = SequenceMatcher(None, [block.text for block in old], [block.text for block in new], autojunk=False)
    for op, a, b, c, d in matcher.get_opcodes():
        if op == "equal":
            for before, after in zip(old[a:b], new[c:d], strict=True):
                note = _formatting(before.source, after.source)
                pieces = (Piece("equal", visible(after.text)),) if note else ()
                yield Paragraph("formatted" if note else "same", pieces, note, count=1)
        else:
            yield from _replaced(old[a:b], new[c:d])


def _replaced(old: Sequence[_Block], new: Sequence[_Block]) -> Iterator[Paragraph]:
    """Each old paragraph with the first new one that is like it; as many of each are taken in their order."""
    left = list(new)
    for before in old:
        found = 0 if len(old) == len(new) else next((i for i, after in enumerate(left) if _like(before, after)), None)
        if found is None or not left:
            yield Paragraph("removed", (Piece("delete", visible(before.text)),))
            continue
        yield from (_added(block) for block in left[:found])
        after = left[found]
        left = left[found + 1 :]
        yield Paragraph("changed", compare_words(before.text, after.text), _formatting(before.source, after.source))
    yield from (_added(block) for block in left)


def _added(block: _Block) -> Paragraph:
    return Paragraph("added", (Piece("insert", visible(block.text)),))


def _like(a: _Block, b: _Block) -> bool:
    return bool(alike(Side("", "", a.text), Side("", "", b.text)))


def _gathered(found: Iterator[Paragraph]) -> Iterator[Paragraph]:
    """Paragraphs that did not change, counted together."""
    same = 0
    for paragraph in found:
        if paragraph.op == "same":
            same += 1
            continue
        if same:
            yield Paragraph("same", count=same)
        same = 0
        yield paragraph
    if same:
        yield Paragraph("same", count=same)


def _formatting(before: str, after: str) -> str:
    """« gras ajouté, lien retiré », or nothing."""
    old, new = _marks(before), _marks(after)
    said = [f"ajouté{NBSP}: {french_list(words)}" for words in [_words(new - old)] if words]
    said += [f"retiré{NBSP}: {french_list(words)}" for words in [_words(old - new)] if words]
    links = _HREF.findall(before), _HREF.findall(after)
    if not said and links[0] != links[1]:
        said = [f"adresse d’un lien changée{NBSP}: {', '.join(map(visible, links[1]))}"]
    if not said and before != after and plain(before) == plain(after):
        said = ["déplacée dans le paragraphe"]
    return f"mise en forme{NBSP}: {' ; '.join(said)}" if said else ""


def _marks(source: str) -> Counter[str]:
    return Counter(name for name, _ in _TAG.findall(source) if name in _MARKS)


def _words(marks: Counter[str]) -> list[str]:
    return [_MARKS[name] for name in _MARKS if marks[name]]
