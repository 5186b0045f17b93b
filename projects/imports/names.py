"""Names as they are printed: « Prénom NOM », « NOM Prénom », and which list of a promotion holds a person."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from casebook.text import collapse, letters
from projects.imports.records import Member, Promotion
from projects.imports.vocabulary import JOB_WORDS

_MEMBER = re.compile(r"^(?P<last>[^\W\d_a-zà-ÿ]['’\-\sA-ZÀ-ÖØ-ÞŒÆ]*?)\s*(?P<first>[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿœ][^\d]*)$")
_LOST_SPACE = re.compile(r"(?<=[A-ZÀ-ÖØ-Þ]{3})(?=[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿœ])")
_TOKEN = re.compile(r"^[^\W\d_][\w’'.\-]*$")
_PARTICLES = {"de", "du", "des", "d", "la", "le", "les", "von", "van", "der", "den", "el", "ben", "da", "dos", "di"}


def is_capital_word(token: str) -> bool:
    found = [c for c in token if c.isalpha()]
    return len(found) > 1 and found[-1].isupper() and sum(c.isupper() for c in found) >= len(found) / 2


def looks_like_name(text: str, strict: bool = True) -> bool:
    """Whether a line is a person's name: words only, a surname in capitals (`strict`), or capitalised words."""
    tokens = text.split()
    if not 2 <= len(tokens) <= 6 or not all(_TOKEN.match(token) for token in tokens):
        return False
    if tokens[0].isupper() and len(tokens[0]) > 3 and all(t.isupper() for t in tokens):
        return False  # a heading in capitals
    if not tokens[0][0].isupper() or JOB_WORDS.match(tokens[0]):
        return False
    if is_capital_word(tokens[-1]):
        return True
    return not strict and len(tokens) <= 4 and all(t[0].isupper() or t.casefold() in _PARTICLES for t in tokens)


def split_name(text: str, email: str | None = None) -> tuple[str | None, str | None]:
    """(first name, surname) of « Prénom NOM »: capitals tell the surname; else the e-mail, else the first word cuts."""
    tokens = collapse(text).strip(" ,;:.").split()
    if not tokens:
        return None, None
    if len(tokens) == 1:
        return None, tokens[0]
    capitals = [i for i, token in enumerate(tokens) if is_capital_word(token)]
    if capitals and capitals[0] > 0:
        start = capitals[0]
        return " ".join(tokens[:start]), " ".join(tokens[start:])
    if capitals and len(capitals) < len(tokens):  # « NOM Prénom »
        end = next(i for i in range(len(tokens)) if i not in capitals)
        return " ".join(tokens[end:]), " ".join(tokens[:end])
    if email:
        given = letters(email.split("@")[0].split(".")[0])
        for cut in range(1, len(tokens)):
            if letters("".join(tokens[:cut])) == given:
                return " ".join(tokens[:cut]), " ".join(tokens[cut:])
    return tokens[0], " ".join(tokens[1:])


def split_people(text: str) -> list[str]:
    """« Prénom NOM, Prénom NOM et Prénom NOM »: each name; the text alone when it is not only names."""
    pieces = [piece.strip() for piece in re.split(r"\s*[,;•|/]\s*|\s+(?:et|&|[–—-])\s+", text) if piece.strip()]
    return pieces if len(pieces) > 1 and all(looks_like_name(piece) for piece in pieces) else [text]


def split_member(text: str) -> Member | None:
    """A line of a promotion's list: « NOM Prénom » (the space between may be lost) or « Prénom NOM »."""
    if looks_like_name(text):
        first, last = split_name(text)
        return Member(first or "", last or "")
    match = _MEMBER.match(collapse(text))
    if not match or not match["last"].strip():
        return None
    return Member(first_name=match["first"].strip(), last_name=match["last"].strip())


def split_members(text: str) -> list[Member]:
    """The members that a line names: one, or several when the lines of a list are joined (« NOM Prénom NOM … »)."""
    tokens = _LOST_SPACE.sub(" ", text).split()
    capitals = [is_capital_word(token) for token in tokens]
    cuts = [i for i in range(1, len(tokens)) if capitals[i] == capitals[0] != capitals[i - 1]]
    pieces = [" ".join(tokens[a:b]) for a, b in zip([0, *cuts], [*cuts, len(tokens)], strict=True)]
    several = [split_member(piece) if " " in piece else None for piece in pieces]
    if len(several) > 1 and all(several):
        return [member for member in several if member]
    one = split_member(text)
    return [one] if one else []


def similarity(a: str, b: str, least: float = 0.0) -> float:
    """How much of two texts is common, from 0 to 1; 0 below `least`, where the work is spared."""
    if a == b:
        return 1.0
    if 2 * min(len(a), len(b)) < least * (len(a) + len(b)):
        return 0.0
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.quick_ratio() < least:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= least else 0.0


class Roster:
    """The lists of the promotions, where people are looked for; what was looked for once is remembered."""

    def __init__(self, promotions: Sequence[Promotion]) -> None:
        self._entries = {
            (letters(member.first_name), letters(member.last_name), promotion.name): (promotion, member)
            for promotion in reversed(promotions)
            for member in reversed(promotion.members)
        }
        self._exact: dict[tuple[str, str], list[tuple[Promotion, Member]]] = {}
        for (first, last, _), entry in reversed(self._entries.items()):
            self._exact.setdefault((first, last), []).append(entry)
        self._found: dict[tuple[str, str, str | None], tuple[Promotion, Member] | None] = {}

    def __bool__(self) -> bool:
        return bool(self._entries)

    def find(
        self, first_name: str | None, last_name: str | None, corps: str | None = None
    ) -> tuple[Promotion, Member] | None:
        """The list that holds the person, and the entry there: the closest of those that are spelled alike; of
        homonyms, the one whose promotion is of this corps."""
        wanted = letters(first_name or ""), letters(last_name or ""), corps
        if wanted not in self._found:
            self._found[wanted] = self._closest(*wanted)
        return self._found[wanted]

    def _closest(self, first: str, last: str, corps: str | None) -> tuple[Promotion, Member] | None:
        if same := self._exact.get((first, last)):
            return next((entry for entry in same if corps and entry[0].corps == corps), same[0])
        best: tuple[float, tuple[Promotion, Member]] | None = None
        for (their_first, their_last, _), entry in reversed(self._entries.items()):
            surname = similarity(last, their_last, 0.8)
            given = similarity(first, their_first, 0.8) if surname else 0.0
            if given < 1 and surname and _begins(first, their_first):
                given = 0.9
            score = surname + given + (0.01 if corps and entry[0].corps == corps else 0)
            if given and (best is None or score > best[0]):
                best = (score, entry)
        return best[1] if best else None


def spelled_alike(first_name: str | None, last_name: str | None, member: Member) -> bool:
    """Whether a name is written as in the list, accents and hyphens too; case does not count."""
    theirs = member.first_name.casefold(), member.last_name.casefold()
    return (collapse(first_name or "").casefold(), collapse(last_name or "").casefold()) == theirs


def _begins(a: str, b: str) -> bool:
    return bool(a and b) and (a.startswith(b) or b.startswith(a))


def email_agrees(email: str, first_name: str | None, last_name: str | None) -> bool:
    """Whether the local part of the address spells the name (accents and hyphens apart)."""
    return letters(email.split("@", maxsplit=1)[0]) == letters(f"{first_name or ''}{last_name or ''}")


def display_case(name: str) -> str:
    """A surname printed in capitals as it is written: « LE BRAS » → « Le Bras »."""
    if not any(is_capital_word(token) for token in re.split(r"[\s-]", name)):
        return name
    return re.sub(r"[^\W\d_]+", lambda m: m[0][:1].upper() + m[0][1:].lower(), name)
