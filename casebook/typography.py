"""French typography for what an editor types: signs and spaces, never words.

Each rule proposes small edits of the signs between words; addresses, file names and `code` written in the text are left
alone. In rich text a block is corrected as one text across its inline tags, and tags are not touched. Corrected once,
a text is not changed again. The libraries tried (polytypo, french-typo, typographeur) change addresses written in the
text, drop or merge spaces, and leave thousands alone.
"""

import html
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from casebook.richtext import BLOCKS, sanitize
from casebook.text import NBSP, NNBSP

_H = "[ \t\u00a0\u2009\u202f]"  # spaces that stay on the line
_END = r"(?=[\s)\]»”’\"…]|$)"
_AFTER = r"(?<=[\w)\]»”’…%‰€°])"  # what a sign may follow; after « ( » or another sign it is left alone
_PROTECTED = re.compile(
    r"""
      `[^`\n]+`                                          # code
    | &\#?\w+;                                           # an entity written out
    | (?:\w+://|www\.|mailto:)[^\s<>"«»“”]+              # an address
    | [^\s<>"«»“”()]+@[^\s<>"«»“”()]+\.\w+               # an e-mail address
    | (?<![\w'’])[\w-]+(?:\.[\w-]+)*\.(?:fr|eu|org|com|net|gouv|html?|pdf|docx?|xlsx?|odt|py|js)\b(?:/[^\s<>"«»“”]*)?
    | (?<!\w)[.~]{0,2}/[\w.~-]+(?:/[^\s<>"«»“”]*)?       # a path
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MAX_PASSES = 5


class Edit(NamedTuple):
    start: int
    end: int
    text: str


class Corrected(NamedTuple):
    """The text, and how many corrections were made."""

    text: str
    made: int


def correct_text(text: str) -> Corrected:
    """A text without tags, as a line or several."""
    nodes, count = _correct([text])
    return Corrected(nodes[0], count)


def correct_html(source: str) -> Corrected:
    """Rich text (`casebook.richtext`), sanitised."""
    pieces = re.split(r"(<[^>]*>)", sanitize(source))
    count = 0
    for places in _blocks(pieces):
        before = [_words(pieces[place]) for place in places]
        after, corrections = _correct(before)
        for place, old, new in zip(places, before, after, strict=True):
            if new != old:
                pieces[place] = html.escape(new, quote=False)
        count += corrections
    return Corrected("".join(pieces), count)


def _words(piece: str) -> str:
    """A line break counts as white space."""
    return "\n" if piece.startswith("<") else html.unescape(piece)


_BLOCK_TAG = re.compile(rf"</?(?:{'|'.join(BLOCKS)})\b")
_BREAK = re.compile(r"<br\b")


def _blocks(pieces: list[str]) -> Iterator[list[int]]:
    """The places of the texts, and of the line breaks, of each block."""
    places: list[int] = []
    for place, piece in enumerate(pieces):
        if _BLOCK_TAG.match(piece):
            yield places
            places = []
        elif piece and (not piece.startswith("<") or _BREAK.match(piece)):
            places.append(place)
    yield places


def _correct(nodes: list[str]) -> tuple[list[str], int]:
    """The texts that follow each other in one block."""
    count = 0
    for _ in range(_MAX_PASSES):
        before = count
        for rule in _RULES:
            nodes, edits = _apply(nodes, rule)
            count += edits
        if count == before:
            break
    return nodes, count


def _apply(nodes: list[str], rule: "Rule") -> tuple[list[str], int]:
    """An edit that would span two texts, or touch what is protected, is not made."""
    joined = "".join(nodes)
    edits = [edit for edit in rule(joined) if joined[edit.start : edit.end] != edit.text]
    if not edits:
        return nodes, 0
    protected = [match.span() for match in _PROTECTED.finditer(joined)]
    edits = [e for e in edits if not any(start < e.end and e.start < end for start, end in protected)]
    edits = [e for e in edits if not any(start < e.start < end for start, end in protected)]
    result, made, offset = [], 0, 0
    remaining = iter(edits)
    edit = next(remaining, None)
    for index, node in enumerate(nodes):
        end, done = offset + len(node), offset
        new = ""
        last = index == len(nodes) - 1
        while edit and (edit.start < end or (last and edit.start == end)):
            if edit.end <= end and edit.start >= done:
                new += joined[done : edit.start] + edit.text
                done, made = edit.end, made + 1
            edit = next(remaining, None)
        result.append(new + joined[done:end])
        offset = end
    return result, made


Rule = Callable[[str], Iterator[Edit]]


def _replacing(pattern: str, replacement: str) -> Rule:
    compiled = re.compile(pattern)

    def rule(text: str) -> Iterator[Edit]:
        return (Edit(*match.span(), replacement) for match in compiled.finditer(text))

    return rule


_THOUSANDS = re.compile(rf"(?<![\d.,/-])(?<!\d{_H})[1-9]\d{{0,2}}(?:{_H}\d{{3}})+(?!{_H}?\d|[./-]\d)")


def _thousands(text: str) -> Iterator[Edit]:
    """Between groups of three digits. « 2019 300 », « 06 123 456 » and numbers written in one piece are left."""
    for number in _THOUSANDS.finditer(text):
        for space in re.finditer(_H, number[0]):
            yield Edit(number.start() + space.start(), number.start() + space.end(), NNBSP)


def _quotes(text: str) -> Iterator[Edit]:
    """Straight double quotes when every one of the block opens or closes, in turn; inside « » they become “ ”."""
    protected = [match.span() for match in _PROTECTED.finditer(text)]
    signs = [sign.start() for sign in re.finditer('"', text)]
    signs = [place for place in signs if not any(start <= place < end for start, end in protected)]
    if not signs or len(signs) % 2:
        return
    pairs = list(zip(signs[::2], signs[1::2], strict=True))
    if not all(_opens(text, a) and _closes(text, b) for a, b in pairs):
        return
    for opening, closing in pairs:
        inside = text.count("«", 0, opening) > text.count("»", 0, opening)
        first, second = ("“", "”") if inside else (f"«{NBSP}", f"{NBSP}»")
        yield Edit(opening, opening + 1, first)
        yield Edit(closing, closing + 1, second)


_BEFORE_OPENING, _AFTER_OPENING = re.compile(r"[\s(\[«'’–—-]?"), re.compile(r"[^\s\".,;:!?)\]]")
_BEFORE_CLOSING, _AFTER_CLOSING = re.compile(r"[^\s\"(\[]"), re.compile(r"[\s.,;:!?)\]»…-]?")


def _opens(text: str, place: int) -> bool:
    before, after = text[max(place - 1, 0) : place], text[place + 1 : place + 2]
    return bool(_BEFORE_OPENING.fullmatch(before) and _AFTER_OPENING.fullmatch(after))


def _closes(text: str, place: int) -> bool:
    before, after = text[max(place - 1, 0) : place], text[place + 1 : place + 2]
    return bool(_BEFORE_CLOSING.fullmatch(before) and _AFTER_CLOSING.fullmatch(after))


_RULES: tuple[Rule, ...] = (
    _replacing(r"(?<=[^\W\d_])'(?=[\w«\"“])", "’"),
    _replacing(r"(?<![./\\])\.\.\.(?![./\\])", "…"),
    _replacing(r"(?<= )--(?= )", "–"),
    _replacing(r"(?<=[^\W\d_] )-(?= [^\W\d_])", "–"),
    _quotes,
    _replacing(rf"(?<=«){_H}*(?=[^\s»])", NBSP),
    _replacing(rf"(?<=[^\s«]){_H}*(?=»)", NBSP),
    _replacing(rf"{_AFTER}{_H}*(?=[;!?]+{_END})", NNBSP),
    _replacing(rf"{_AFTER}{_H}*(?=:(?:\s|$))", NBSP),
    _thousands,
    _replacing(rf"(?<=\d){_H}*(?=(?:[%‰]|[kM]?€|Md€)(?!\w))", NBSP),
    _replacing(rf"(?<=\d){_H}+(?=°|(?:k€|M€|Md|km|m²|m³|cm|mm|kg|ha|h|t|Mo|Go|kWh|MWh)(?!\w))", NBSP),
)
