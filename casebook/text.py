"""French text tools: folding for comparison, slugs, plain words of a title, names, numbers."""

import re
import unicodedata
from collections.abc import Container

NBSP = "\u00a0"
NNBSP = "\u202f"

# NFKD leaves these alone.
_LIGATURES = {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O"}
_LIGATURE = re.compile("[œŒæÆßøØ]")
_SIGNS = dict.fromkeys("’‘ʼ´`′", "'") | dict.fromkeys("‐‑‒–—−", "-")
_SIGN = re.compile("[’‘ʼ´`′‐‑‒–—−]")
_MAY_COMBINE = re.compile("[^\x00-\u02ff\u2000-\u20cf\u2100-\u2bff]")  # where no character combines with another
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_SEPARATOR = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Neither a database, nor XML (Word), nor an HTML parser takes these.
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def printable(text: str) -> str:
    """The text without control characters and lone surrogates, its lines ended by `\\n` alone."""
    return _UNPRINTABLE.sub(" ", _LINE_SEPARATOR.sub("\n", text))


def without_accents(text: str) -> str:
    """The text with its accents and ligatures spelled out in plain letters, case kept."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", _LIGATURE.sub(lambda sign: _LIGATURES[sign[0]], text))
    return _MAY_COMBINE.sub(lambda sign: "" if unicodedata.combining(sign[0]) else sign[0], decomposed)


def fold(text: str) -> str:
    """The form in which two texts are compared: no accent, case, ligature, typographic sign or repeated space."""
    text = text.replace("\x00", " ")
    if text.isascii():
        return " ".join(text.replace("`", "'").casefold().split())
    text = _INVISIBLE.sub("", _LONE_SURROGATE.sub(" ", text))
    text = _SIGN.sub(lambda sign: _SIGNS[sign[0]], text)
    return " ".join(without_accents(text).casefold().split())


def letters(text: str) -> str:
    """Only the folded letters and digits: spaces, punctuation and hyphens do not count."""
    return re.sub(r"[^a-z0-9]", "", fold(text))


def one_slip(a: str, b: str) -> bool:
    """Whether one letter more, less, other or swapped with the next makes the difference; no slip is not one."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if len(a) != len(b):
        short, long = sorted((a, b), key=len)
        return short[start:] == long[start + 1 :]
    return a[start + 1 :] == b[start + 1 :] or (
        a[start : start + 2] == b[start : start + 2][::-1] and a[start + 2 :] == b[start + 2 :]
    )


def slug(text: str, max_length: int = 100) -> str:
    """Address part: lower case, œ → oe, apostrophe → hyphen, no accents, cut between words."""
    dashed = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    if len(dashed) <= max_length:
        return dashed
    cut = dashed[: max_length + 1].rsplit("-", 1)[0]
    return (cut or dashed)[:max_length].strip("-")


def first_free(wanted: str, taken: Container[str]) -> str:
    """The wanted address, or the first free one among `wanted-2`, `wanted-3`…"""
    free, number = wanted, 1
    while free in taken:
        number += 1
        free = f"{wanted}-{number}"
    return free


def collapse(text: str) -> str:
    """One line: every run of white space becomes one plain space."""
    return " ".join(text.split())


def french_list(items: list[str]) -> str:
    """« a, b et c »."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} et {items[-1]}"


def plural(count: int, singular: str, several: str | None = None) -> str:
    """A count with its noun, French style: 0 and 1 take the singular."""
    noun = singular if abs(count) < 2 else (several or f"{singular}s")
    return f"{thousands(count)}{NBSP}{noun}"


_SPELLED = ("aucun", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")


def spelled(count: int, noun: str) -> str:
    """A count as a title writes it, for a masculine noun: « Quatre thèmes », « 12 thèmes », « Aucun thème »."""
    if not 0 <= count < len(_SPELLED):
        return plural(count, noun)
    return f"{_SPELLED[count].capitalize()} {noun}{'s' if count > 1 else ''}"


def thousands(number: int) -> str:
    return f"{number:,}".replace(",", NNBSP)


_THOUSANDS = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
_BEFORE_SIGN = re.compile(r"[ \u00a0\u202f]+(?=[;!?](?!\S))")
_BEFORE_COLON = re.compile(r"[ \u00a0\u202f]+(?=:(?!\S)|»)|(?<=«)[ \u00a0\u202f]+")
_BEFORE_UNIT = re.compile(r"(?<=\d)[ \u00a0\u202f]+(?=[%€‰°]|(?:M€|k€|M|Md|Md€|km|m²|ha|h|t)(?!\w))")


_APOSTROPHE = re.compile(r"(?<=\w)'(?=[\w«])")


def typeset(text: str) -> str:
    """French signs in place of a keyboard's, when a text is shown: ’, and no-break spaces in thousands, before units
    and « : ; ! ? », inside quotes. Nothing is added that was not written."""
    text = _APOSTROPHE.sub("’", text)
    text = _THOUSANDS.sub(NNBSP, text)
    text = _BEFORE_SIGN.sub(NNBSP, text)
    text = _BEFORE_COLON.sub(NBSP, text)
    return _BEFORE_UNIT.sub(NBSP, text)


_RANK = re.compile(r"(\d+) ?\^?(?:(re|ère|ere)|(er)|(?:e|ème|eme))\^?", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"(?<![\d,.])\d{5,}(?![\d,.])")
_SIGN_AFTER_DIGIT = re.compile(r"(?<=\d)(?=[%€])")
_UNIT_IN_CAPITALS = re.compile(r"(?<=\d) ?(ANS?|MOIS|JOURS?|HEURES?|MINUTES?|H|KM)\b")


def figure_value(text: str) -> str:
    """The value of a key figure as a page writes it: « 10 ANS » → « 10 ans », « 86% » → « 86 % », « 2^E » → « 2e »,
    « 19461 » → « 19 461 ». Four digits stay as they are: they may be a year."""
    text = collapse(text)
    if rank := _RANK.fullmatch(text):
        number, feminine, masculine = rank.groups()
        return number + ("re" if feminine else "er" if masculine else "e")
    text = _LONG_NUMBER.sub(lambda digits: thousands(int(digits[0])), text)
    text = _SIGN_AFTER_DIGIT.sub(NBSP, text)
    return typeset(_UNIT_IN_CAPITALS.sub(lambda unit: NBSP + unit[1].lower(), text))
