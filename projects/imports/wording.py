"""Two wordings of one text: whether they say the same, and which words changed. Hyphenation, spaces, quotes, bullets,
dashes and the marks of Markdown and rich text do not count."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from html import unescape
from typing import Literal
from unicodedata import normalize

from casebook.richtext import BLOCKS, INLINE
from casebook.text import collapse
from casebook.titles import is_printed_in_capitals

Op = Literal["equal", "insert", "delete"]
_MAX_WORDS = 20_000  # a longer text is shown as replaced whole
_LEAST_COMMON = 0.4  # below this share of common words too
_NEAR, _BEGINNING, _SPARED = 12, 30, 5  # words: around a change, of a long change, not worth cutting

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ´`′", "'"),
        **dict.fromkeys("«»“”„‟‹›", '"'),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("•‣▪◦→|", " "),
        **{"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "*": "", "\u2028": " ", "\u2029": " "},
    }
)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_TAG = re.compile(rf"</?(?:(?P<block>{'|'.join((*BLOCKS, 'br'))})|{'|'.join(INLINE)})(?:\s[^<>]*)?/?>", re.I)
# On text whose white space is collapsed already; in this order.
_RULES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        ("\u00ad ?", ""),
        (r"!?\[([^\[\]]*)\]\([^()\s]*\)", r"\1"),  # link
        (r"[\^_]\{([^{}]*)\}", r"\1"),  # exponent
        (r"\^|\\(?=[^\w\s])|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)", ""),
        (r"(?<=\d) ?- ?(?=\d)", "-"),
        (r"(?<!\S)(?:#{1,6}|[->]+|:?-+:?)(?!\S)", ""),  # a mark, a bullet or a dash that stands alone
        (r" {2,}", " "),
        (r"(?<=[^\W\d_])- ?(?=[^\W\d_])", ""),  # a word cut at a line end, or a compound: they cannot be told apart
        (r"(?<=\w)- (?=\w)", "-"),
        (r"(?<=\w)' (?=\w)", "'"),
        (r' ?" ?', '"'),
        (r" (?=[;:!?%€,.)])|(?<=\() ", ""),
        (r"(?<=\d) (?=\d{3}(?!\d))", ""),  # thousands
    )
)
_SOFT_OR_LINE_END = re.compile(r"\u00ad\s*|(?<=[^\W\d_])-[ \t]*\n\s*(?=[^\W\d_])")
_WORD = re.compile(r"(?:\w+(?:[-‑'’]\w+)*|[^\w\s])\s*")


def normalised(text: str) -> str:
    """The form in which two texts are compared; case and accents count. Takes plain text, Markdown or rich text."""
    text = unescape(_TAG.sub(lambda tag: " " if tag["block"] else "", text))
    text = normalize("NFKC", _INVISIBLE.sub("", text).translate(_SIGNS))
    text = collapse(text)
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text.strip()


def same_words(a: str, b: str) -> bool:
    return normalised(a) == normalised(b)


def same_title(a: str, b: str) -> bool:
    """A title in capitals does not say which letters were."""
    if is_printed_in_capitals(a) or is_printed_in_capitals(b):
        a, b = a.casefold(), b.casefold()
    return same_words(a, b)


def word_changes(before: str, after: str, exact: bool = False) -> tuple[tuple[Op, str], ...]:
    """What to show of two texts: pieces that stay, go (`delete`) and come (`insert`); noise stays as it was before.

    With `exact` nothing is noise: every sign and space counts.
    """
    old, new = (_exact_words(before), _exact_words(after)) if exact else (_words(before), _words(after))
    if max(len(old), len(new)) > _MAX_WORDS:
        return _replaced(old, new)
    matcher = SequenceMatcher(None, [key for key, _ in old], [key for key, _ in new])
    if matcher.ratio() < _LEAST_COMMON:
        return _replaced(old, new)
    pieces: list[tuple[Op, str]] = []
    for op, a, b, c, d in matcher.get_opcodes():
        if op == "equal":
            space = "" if exact or old[b - 1][1][-1:].isspace() or not new[d - 1][1][-1:].isspace() else " "
            pieces.append((op, _piece(op, old[a:b])[1] + space))
        else:
            pieces += _replaced(old[a:b], new[c:d])
    return tuple(pieces)


def near_changes(pieces: Sequence[tuple[Op, str]]) -> tuple[tuple[Op, str], ...]:
    """The same pieces, « […] » in place of the middle of those that are long."""
    last = len(pieces) - 1
    return tuple(
        (op, _cut(text, _NEAR if rank else 0, _NEAR if rank < last else 0) if op == "equal" else _cut(text, _BEGINNING))
        for rank, (op, text) in enumerate(pieces)
    )


def _cut(text: str, head: int, tail: int = _NEAR) -> str:
    words = re.findall(r"\S+\s*", text)
    if len(words) <= head + tail + _SPARED:
        return text
    return "".join([*words[:head], "[…] ", *words[len(words) - tail :]])


def _replaced(old: list[tuple[str, str]], new: list[tuple[str, str]]) -> tuple[tuple[Op, str], ...]:
    return tuple(piece for piece in (_piece("delete", old), _piece("insert", new)) if piece[1])


def _piece(op: Op, words: list[tuple[str, str]]) -> tuple[Op, str]:
    return op, "".join(text for _, text in words)


def _exact_words(text: str) -> list[tuple[str, str]]:
    return [(word, word) for word in re.findall(r"\w+(?:[-‑]\w+)*['’]?|\s+|[^\w\s]", text)]


def _words(text: str) -> list[tuple[str, str]]:
    """(normalised word, the word as written with the space after it); signs that do not count go with their word."""
    words: list[tuple[str, str]] = []
    for match in _WORD.finditer(_SOFT_OR_LINE_END.sub("", text).strip()):
        key = normalised(match[0])
        if key or not words:
            words.append((key, match[0]))
        else:
            words[-1] = (words[-1][0], words[-1][1] + match[0])
    return words
