"""Make the French lexicon (`fixtures/reference/french_words.bin`) out of a list of words or a Hunspell dictionary.

Run by hand when the dictionary changes: `fixtures/reference/french_words.LICENCE` says where it comes from.
"""

import re
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casebook import lexicon
from casebook.text import fold, plural

NEVER_SUGGESTED = "--"  # symbols, units, numerals
_SEPARATOR = re.compile(r"[-' ./·]+")


@dataclass(frozen=True)
class Suffix:
    """One way to end a word: what is cut, what is added, on which words."""

    cut: str
    added: str
    condition: re.Pattern[str]

    def apply(self, word: str) -> str | None:
        if not word.endswith(self.cut) or not self.condition.search(word):
            return None
        return word[: len(word) - len(self.cut)] + self.added


class Command(BaseCommand):
    help = "Make the French lexicon out of a plain list of words, or of a Hunspell dictionary (.dic, its .aff beside)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("words", type=Path, help="one word a line, or a .dic file; UTF-8")
        parser.add_argument("--output", type=Path, default=lexicon.FILE)

    def handle(self, *args: Any, **options: Any) -> None:
        source: Path = options["words"]
        try:
            lines = source.read_text(encoding="utf-8-sig").splitlines()
            if source.suffix == ".dic":
                suffixes = read_suffixes(source.with_suffix(".aff").read_text(encoding="utf-8-sig").splitlines())
                lines = [word for line in lines for word in inflected(line, suffixes)]
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"Le dictionnaire ne peut pas être lu : {error}") from None
        words = {word for line in lines for word in folded_words(line)}
        if not words:
            raise CommandError(f"Aucun mot dans {source.name}.")
        options["output"].write_bytes(lexicon.packed(words))
        self.stdout.write(f"{plural(len(words), 'forme', 'formes')} dans {options['output'].name}.")


def folded_words(line: str) -> Iterator[str]:
    """The forms that a search meets: the parts of a compound, and the compound written solid; letters only."""
    parts = _SEPARATOR.split(fold(line))
    for word in {*parts, "".join(parts)}:
        if len(word) > 1 and word.isascii() and word.isalpha():
            yield word


def read_suffixes(lines: Iterable[str]) -> dict[str, list[Suffix]]:
    """The suffixes of an affix file, by flag; its prefixes are only elisions, which a search cuts off."""
    suffixes = defaultdict(list)
    for line in lines:
        match line.split():
            case ["SFX", flag, cut, added, condition, *_]:
                ending = added.partition("/")[0]
                suffix = Suffix(_or_empty(cut), _or_empty(ending), re.compile(f"(?:{condition})$"))
                suffixes[flag].append(suffix)
    return suffixes


def inflected(line: str, suffixes: dict[str, list[Suffix]]) -> Iterator[str]:
    """The forms of one line of a .dic file (« mot/S.F+ », two signs a flag)."""
    word, _, signs = line.strip().partition("/")
    signs = signs.split()[0] if signs else ""
    flags = [signs[place : place + 2] for place in range(0, len(signs), 2)]
    if NEVER_SUGGESTED in flags:
        return
    yield word
    for suffix in (suffix for flag in flags for suffix in suffixes.get(flag, ())):
        form = suffix.apply(word)
        if form is not None:
            yield form


def _or_empty(ending: str) -> str:
    return "" if ending == "0" else ending
