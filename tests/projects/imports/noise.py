"""What scans, editors and copies do to a text: each noise takes lines with their origin and gives lines with theirs.

A line is (its number in the clean text or 0, its words): the numbers say where the lines of a gold file went.
"""

import random
import re
import textwrap
import unicodedata
from collections.abc import Callable

from casebook.text import letters
from projects.imports.text import bare
from projects.imports.vocabulary import AUTHORS_HEADING, EMAIL, TUTORS_HEADING, Kind, section_kind

Lines = list[tuple[int, str]]
Noise = Callable[[Lines, random.Random], Lines]

HEADINGS = {
    Kind.CONTEXTE: [
        "Contexte",
        "CONTEXTES",
        "Le contexte",
        "CONTEXTE :",
        "## Contexte",
        "C O N T E X T E",
        "1. Contexte",
    ],
    Kind.PROBLEMATIQUE: [
        "Problematique",
        "LA PROBLÉMATIQUE",
        "PROBLÉ-\nMATIQUE",
        "2) Problématique",
        "PROBLÉMATIQUE(S)",
    ],
    Kind.CLES_POUR_AGIR: ["« Les clés pour agir »", "CLEFS POUR AGIR", "DES CLÉS\nPOUR AGIR", "**Nos clés pour agir**"],
    Kind.TEMOIGNAGE: [
        "TÉMOIGNAGES",
        "TÉMOIGNAGE\nDE LA COLLECTIVITÉ",
        "Paroles de la collectivité",
        "Témoignage du tuteur",
    ],
    Kind.CHIFFRES: ["LES CHIFFRES", "Chiffres-clés", "En chiffres", "La mission en chiffres", "Quelques chiffres :"],
    Kind.ALLER_PLUS_LOIN: ["POUR ALLER PLUS LOIN…", "Aller\nplus loin", "Pour en savoir plus", "Aller + loin"],
}
TUTORS = [
    "TUTEUR",
    "Tutrices",
    "TUTEUR ET TUTRICE",
    "Tuteur / tutrice",
    "TUTEURS AU SEIN\nDE LA COLLECTIVITÉ",
    "Tuteur·rice",
]
AUTHORS = [
    "AUTEURS",
    "Les autrices",
    "LES AUTEURS ET AUTRICES",
    "Les auteur·e·s :",
    "## Les auteurs",
    "Les auteurs de la fiche",
]


def numbered(source: str) -> Lines:
    return list(enumerate(source.split("\n"), start=1))


def source_of(lines: Lines) -> str:
    return "\n".join(words for _, words in lines)


def _each(change: Callable[[str, random.Random], str]) -> Noise:
    return lambda lines, rng: [(origin, piece) for origin, t in lines for piece in change(t, rng).split("\n")]


def _heading(words: str, rng: random.Random) -> str:
    kind = section_kind(bare(words))
    return rng.choice(HEADINGS[kind]) if kind in HEADINGS else words


def _tutors(words: str, rng: random.Random) -> str:
    return rng.choice(TUTORS) if TUTORS_HEADING.match(letters(words[:80])) else words


def _authors(words: str, rng: random.Random) -> str:
    return rng.choice(AUTHORS) if AUTHORS_HEADING.match(letters(words[:80])) else words


def _bold(words: str, rng: random.Random) -> str:
    return f"**{words.strip()}**" if words.isupper() and len(words) < 60 and "*" not in words else words


def _spaces(words: str, rng: random.Random) -> str:
    return re.sub(r" (?=\S)", lambda _: rng.choice([" ", "\u00a0", "  ", "\u202f"]), words) + rng.choice(
        ["", "  ", "\t"]
    )


def _soft_hyphens(words: str, rng: random.Random) -> str:
    return words if "@" in words else re.sub(r"(?<=[a-z]{4})(?=[a-z]{4})", lambda _: rng.choice(["", "\u00ad"]), words)


def _cut(lines: Lines, rng: random.Random, at: str, end: str, gap: Lines) -> Lines:
    """Some long paragraphs cut at a place that matches `at`."""
    cut: Lines = []
    for origin, words in lines:
        places = [m.start() for m in re.finditer(at, words[40:-40])] if len(words) > 200 and words[0].isalpha() else []
        if places and rng.random() < 0.3 and not re.search(r"[\[\"«]", words):
            place = 40 + rng.choice(places)
            cut += [(origin, words[:place].rstrip() + end), *gap, (origin, words[place:].lstrip())]
        else:
            cut.append((origin, words))
    return cut


def _beside_the_name(lines: Lines, rng: random.Random) -> Lines:
    moved: Lines = []
    for origin, words in lines:
        if EMAIL.fullmatch(words.strip()):
            name = max(i for i, (_, before) in enumerate(moved) if before.strip())
            sign = rng.choice([" {}", " – {}", " : {}", " ({})", " <{}>"])
            moved[name] = (moved[name][0], moved[name][1].rstrip() + sign.format(words.strip()))
        else:
            moved.append((origin, words))
    return moved


NOISES: dict[str, Noise] = {
    "headings in another case and spelling": _each(_heading),
    "headings in lower case": _each(lambda t, _: bare(t).capitalize() if section_kind(bare(t)) else t),
    "headings of tutors": _each(_tutors),
    "headings of authors": _each(_authors),
    "more bold": _each(_bold),
    "no bold": _each(lambda t, _: t.replace("**", "")),
    "blank lines doubled": lambda lines, _: [
        x for line in lines for x in ([line] if line[1].strip() else [line, (0, "")])
    ],
    "blank lines everywhere": lambda lines, _: [x for line in lines for x in (line, (0, ""))],
    "blank lines gone": lambda lines, _: [line for line in lines if line[1].strip()],
    "some blank lines gone": lambda lines, rng: [line for line in lines if line[1].strip() or rng.random() > 0.2],
    "page breaks moved": lambda lines, rng: _cut(lines, rng, r"(?<=[a-zé]) (?=[a-zé])", "", [(0, "\f")]),
    "words hyphenated": lambda lines, rng: _cut(lines, rng, r"(?<= [a-z]{4})(?=[a-z]{4,} )", "-", []),
    "words hyphenated at a page's end": lambda lines, rng: _cut(
        lines, rng, r"(?<= [a-z]{4})(?=[a-z]{4,} )", "-", [(0, "")]
    ),
    "lines of eighty characters": _each(
        lambda t, _: (
            t if "<" in t else "\n".join(textwrap.wrap(t, 80, break_long_words=False, break_on_hyphens=False) or [""])
        )
    ),
    "curly quotes": _each(lambda t, _: re.sub(r'"([^"]*)"', "“\\1”", t.replace("'", "’"))),
    "straight quotes": _each(lambda t, _: re.sub("[«»“”]", '"', t)),
    "no-break spaces": _each(_spaces),
    "soft hyphens": _each(_soft_hyphens),
    "decomposed accents": _each(lambda t, _: unicodedata.normalize("NFD", t)),
    "CRLF": _each(lambda t, _: t + "\r"),
    "addresses beside names": _beside_the_name,
}
