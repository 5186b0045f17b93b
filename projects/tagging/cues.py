"""The wordings by which a method is recognised: its name, its synonyms and the table of cues, ready to be looked for.

The table, `fixtures/reference/method_cues.toml`, explains its own signs.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from django.conf import settings

from casebook.text import fold
from projects.tagging.reading import Word, root, words_of

TABLE = Path(settings.BASE_DIR) / "fixtures" / "reference" / "method_cues.toml"
GAP = 4
_KEYS = {"noms", "courants", "gestes", "sauf", "moment", "livrable"}
_NUMBERS = {"deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize"}
_NUMBERS |= {"quatorze", "quinze", "seize", "vingt", "trente", "quarante", "cinquante", "soixante", "cent", "plusieurs"}


class Strength(IntEnum):
    """How much a wording says: what is done, a common word, the name."""

    GESTURE = 1
    COMMON = 2
    NAME = 3


@dataclass(frozen=True)
class Term:
    """One word of a cue: what it may be, or how it may begin. A gap lets a few words pass."""

    roots: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    forms: frozenset[str] = frozenset()
    is_number: bool = False
    is_gap: bool = False

    def fits(self, word: Word) -> bool:
        if self.is_number:
            return word.folded.isdigit() or word.folded in _NUMBERS
        if word.root in self.roots or word.form in self.forms:
            return True
        return bool(self.prefixes) and word.folded.startswith(self.prefixes)


Cue = tuple[Term, ...]


@dataclass(frozen=True)
class Subject:
    """A method as the rules know it."""

    key: str
    name: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hit:
    """A cue found in a sentence: the places of its first and last words among the sentence's words."""

    key: str
    strength: Strength
    first: int
    last: int


def compiled(cue: str) -> Cue:
    return tuple(_terms(cue))


def _terms(cue: str) -> Iterator[Term]:
    for piece in cue.split():
        if piece == "…":
            yield Term(is_gap=True)
        elif piece == "<n>":
            yield Term(is_number=True)
        else:
            choices = piece.split("|")
            if not all(re.fullmatch(r"=\w+|\w+\*?", choice) for choice in choices):
                raise ValueError(f"« {piece} » is no word of a cue, in « {cue} »")
            yield Term(
                roots=frozenset(root(choice) for choice in choices if choice[0] != "=" and choice[-1] != "*"),
                forms=frozenset(choice[1:] for choice in choices if choice[0] == "="),
                prefixes=tuple(fold(choice[:-1]) for choice in choices if choice[-1] == "*"),
            )


def named(name: str) -> Cue:
    """A name or synonym as staff write it: its telling words in a row."""
    return tuple(Term(roots=frozenset({word.root})) for word in words_of(name))


@cache
def table(path: Path = TABLE) -> dict[str, dict[str, Any]]:
    """The cues of each method's address; raises `ValueError` for a key that nothing reads."""
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    for address, entry in read.items():
        if unknown := set(entry) - _KEYS:
            raise ValueError(f"{path.name}, [{address}]: {', '.join(sorted(unknown))}")
    return read


class Cues:
    """The cues of some methods, by the first word that each may have."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self._by_root: dict[str, list[tuple[str, Strength | None, Cue]]] = defaultdict(list)
        self._by_form: dict[str, list[tuple[str, Strength | None, Cue]]] = defaultdict(list)
        self._by_prefix: list[tuple[tuple[str, ...], tuple[str, Strength | None, Cue]]] = []
        self._by_number: list[tuple[str, Strength | None, Cue]] = []
        for subject in subjects:
            self._add(subject)

    def _add(self, subject: Subject) -> None:
        entry = table().get(subject.key, {})
        common, gestures = ([compiled(cue) for cue in entry.get(kind, [])] for kind in ("courants", "gestes"))
        weaker = {*common, *gestures}
        names = [cue for cue in map(named, (subject.name, *subject.synonyms)) if cue and cue not in weaker]
        kinds: list[tuple[Strength | None, Iterable[Cue]]] = [
            (Strength.NAME, [*names, *map(compiled, entry.get("noms", []))]),
            (Strength.COMMON, common),
            (Strength.GESTURE, gestures),
            (None, map(compiled, entry.get("sauf", []))),
        ]
        for strength, cues in kinds:
            for cue in cues:
                self._place(subject.key, strength, cue)

    def _place(self, key: str, strength: Strength | None, cue: Cue) -> None:
        first, row = cue[0], (key, strength, cue)
        for each in first.roots:
            self._by_root[each].append(row)
        for form in first.forms:
            self._by_form[form].append(row)
        if first.prefixes:
            self._by_prefix.append((first.prefixes, row))
        if first.is_number:
            self._by_number.append(row)

    def hits(self, words: Sequence[Word]) -> list[Hit]:
        """What is found in a sentence, in its order, without the words that mean something else there."""
        found: list[Hit] = []
        otherwise: set[tuple[str, int]] = set()  # the words that mean something else, for a method
        for place, word in enumerate(words):
            for key, strength, cue in self._starting_with(word):
                last = _last(cue, words, place)
                if last is None:
                    continue
                if strength is None:
                    otherwise.update((key, at) for at in range(place, last + 1))
                else:
                    found.append(Hit(key, strength, place, last))
        return [hit for hit in found if otherwise.isdisjoint((hit.key, at) for at in range(hit.first, hit.last + 1))]

    def _starting_with(self, word: Word) -> Iterator[tuple[str, Strength | None, Cue]]:
        yield from self._by_root.get(word.root, ())
        yield from self._by_form.get(word.form, ())
        for prefixes, row in self._by_prefix:
            if word.folded.startswith(prefixes):
                yield row
        if self._by_number:
            yield from (row for row in self._by_number if row[2][0].fits(word))


def _last(cue: Cue, words: Sequence[Word], place: int) -> int | None:
    """The place of the last word of the cue when it starts at `place`; a cue stands in one clause."""
    reach, end = 0, place - 1
    for term in cue:
        if term.is_gap:
            reach = GAP
            continue
        window = range(end + 1, min(end + 2 + reach, len(words)))
        within = takewhile(lambda at: at == place or not words[at].opens, window)
        end = next((at for at in within if term.fits(words[at])), -1)
        if end < 0:
            return None
        reach = 0
    return end
