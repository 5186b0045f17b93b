"""Sober advice beside the text of a section: its length, long sentences, acronyms, a problem without a question.

Nothing here keeps anybody from saving or publishing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from casebook.richtext import plain
from casebook.text import NBSP, NNBSP, fold, french_list, plural
from casebook.titles import is_printed_in_capitals
from projects.models import Section

Kind = Section.Kind

# Words of a printed section: the middle half of those of the recueil 2019/2020, rounded.
PRINTED_WORDS = {
    Kind.CONTEXTE: (110, 180),
    Kind.PROBLEMATIQUE: (110, 170),
    Kind.CLES_POUR_AGIR: (230, 540),
    Kind.TEMOIGNAGE: (90, 200),
    Kind.ALLER_PLUS_LOIN: (20, 60),
}
LONG_SENTENCE = 40  # words
MAX_TEXT = 200_000  # characters; longer texts get no advice
_SHOWN = 3

_WORD = re.compile(r"\w+(?:[-’']\w+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\s»”\")]*\s+(?=[^\W\d_a-zß-ÿ]|[«“\"(])")
_ACRONYM = re.compile(r"(?<![\w-])[A-ZÀ-ÖØ-Þ]{2,8}s?(?![\w-])")
_ROMAN = re.compile(r"[IVXLC]+")
# Those that every reader knows.
_EVERYDAY = frozenset(
    ["INET", "CNFPT", "PDF", "SMS", "SNCF", "TVA", "TGV", "UE", "ONU", "CV", "FAQ", "DVD", "RN", "RD"]
)


@dataclass(frozen=True)
class Written:
    """The text of a section, by the id of its field."""

    field: str
    kind: str
    body: str


def hints(sections: Iterable[Written]) -> dict[str, list[str]]:
    """French sentences by id of the field, for the sections of one fiche in their order: an acronym that one section
    spells out is known in the next."""
    known: set[str] = set(_EVERYDAY)
    return {section.field: list(_hints(section, known)) for section in sections}


def _hints(section: Written, known: set[str]) -> Iterator[str]:
    text = plain(section.body) if len(section.body) <= MAX_TEXT else ""
    if not text:
        return
    yield _length(section.kind, len(_WORD.findall(text)))
    if section.kind == Kind.PROBLEMATIQUE and "?" not in text:
        yield f"La problématique ne pose pas de question{NBSP}: aucune phrase ne finit par un point d’interrogation."
    if long := [sentence for sentence in _sentences(text) if len(_WORD.findall(sentence)) > LONG_SENTENCE]:
        counted = plural(
            len(long), f"phrase de plus de {LONG_SENTENCE}{NBSP}mots", f"phrases de plus de {LONG_SENTENCE}{NBSP}mots"
        )
        yield f"{counted}{NBSP}: {_list([_beginning(sentence) for sentence in long])}."
    if unknown := _not_spelled_out(text, known):
        noun = "Sigle sans sa forme développée" if len(unknown) == 1 else "Sigles sans leur forme développée"
        yield f"{noun}, la première fois{NBSP}: {_list(unknown)}."


def _length(kind: str, count: int) -> str:
    words = plural(count, "mot")
    if kind not in PRINTED_WORDS:
        return f"{words}."
    low, high = PRINTED_WORDS[Kind(kind)]
    return f"{words}{NNBSP}; une rubrique imprimée en a d’ordinaire de {low} à {high}."


def _sentences(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        yield from _SENTENCE_END.split(line)


def _beginning(sentence: str) -> str:
    return f"«{NBSP}{' '.join(sentence.split()[:5])}…{NBSP}»"


def _list(items: list[str]) -> str:
    rest = len(items) - _SHOWN
    return french_list([*items[:_SHOWN], *([f"{rest}{NBSP}autre{'s' if rest > 1 else ''}"] if rest > 0 else [])])


def _not_spelled_out(text: str, known: set[str]) -> list[str]:
    """The acronyms first met here that stand neither in nor before brackets; all are known afterwards."""
    found: dict[str, bool] = {}
    for line in text.split("\n"):
        if is_printed_in_capitals(line):
            continue
        for match in _ACRONYM.finditer(line):
            name = match[0].removesuffix("s")
            before, after = line[: match.start()].rstrip(), line[match.end() :].lstrip()
            spelled = before.endswith("(") or (after.startswith("(") and _starts_as(after[1:], name))
            if name not in known and not _ROMAN.fullmatch(name):
                found.setdefault(name, spelled)
    known.update(found)
    return [name for name, spelled in found.items() if not spelled]


def _starts_as(words: str, acronym: str) -> bool:
    return fold(words)[:1] == fold(acronym)[:1]
