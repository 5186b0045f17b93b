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
from projects.imports.vocabulary import (
    AUTHORS_HEADING,
    EMAIL,
    FICHE_NUMBER,
    TUTORS_HEADING,
    USUAL_HEADINGS,
    Kind,
    section_kind,
)

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


PAGE_NUMBERS = ["{}", "– {} –", "Page {}", "{} / 112", "p. {}", "- {} -", "[{}]"]
RUNNING_HEADS = [
    ["CARNETS DE TERRAIN", "{}"],
    ["{} | Carnets de terrain 2031"],
    ["Carnets de terrain – Édition 2031 – {}"],
    ["{}", "Carnets de terrain"],
    ["{theme}", "{}"],
    ["{}", "{theme}"],
    ["{theme} {}"],
]


def _themes(lines: Lines) -> list[str]:
    """For each line, the theme printed above the last number of a fiche."""
    theme, themes, above = "Carnets de terrain", [], ""
    for _, words in lines:
        if FICHE_NUMBER.match(bare(words)) and bare(words).startswith(tuple("012")) and above.isupper():
            theme = above
        above = bare(words) or above
        themes.append(theme)
    return themes


def _pages(styles: list[list[str]], inside: bool, feed: str = "\f") -> Noise:
    """The foot and the head of a page, in the middle of some sentences (`inside`), or between paragraphs."""

    def turn(lines: Lines, rng: random.Random) -> Lines:
        style, turned, page = rng.choice(styles), list[tuple[int, str]](), 4
        for (origin, words), theme in zip(lines, _themes(lines), strict=True):
            gap = [(0, ""), *((0, part.format(page, theme=theme)) for part in style), (0, feed)]
            places = [m.start() for m in re.finditer(r"(?<=[a-zé]) (?=[a-zé])", words[40:-40])]
            if not (len(words) > 200 and words[0].isalpha() and rng.random() < 0.4):
                turned.append((origin, words))
            elif not inside:
                turned += [(origin, words), *gap]
                page += 1
            elif places and not re.search(r"[\[\"«]", words):
                place = 40 + rng.choice(places)
                turned += [(origin, words[:place]), *gap, (origin, words[place:].lstrip())]
                page += 1
            else:
                turned.append((origin, words))
        return turned

    return turn


NOTES = [
    ("[^{}]", "[^{}]: {}"),
    ("^[{}]", "^[{}] {}"),
    (" [{}]", "[{}] {}"),
    ("{sup}", "{sup} {}"),
    ("^{{{}}}", "{}. {}"),
    (" ({})", "({}) {}"),
    ("<sup>{}</sup>", "{} {}"),
]
NOTE = "Loi du 7 mai 2031 sur les mairies annexes, article 12, voir le bulletin des communes de printemps."


def _footnotes(where: str) -> Noise:
    """Marks on words of some paragraphs; the notes at the page's end (`where`: « page » in the middle of the sentence,
    « below » the paragraph, « fiche » where the section ends)."""

    def annotate(lines: Lines, rng: random.Random) -> Lines:
        mark, note = rng.choice(NOTES)
        noted, number, waiting = list[tuple[int, str]](), 0, list[tuple[int, str]]()
        for origin, words in lines:
            if waiting and (section_kind(bare(words)) or words.strip(" *").isupper()):
                noted += [(0, ""), *waiting, (0, "")]
                waiting = []
            places = [m.start() for m in re.finditer(r"(?<=[a-zé]{3}) (?=[a-zé])", words[40:-60])]
            simple = len(words) > 200 and words[0].isalpha() and places and not re.search(r"[\[\"«]", words)
            if not simple or rng.random() < 0.5:
                noted.append((origin, words))
                continue
            number = number % 9 + 1
            place = 40 + rng.choice(places)
            sup = "⁰¹²³⁴⁵⁶⁷⁸⁹"[number]
            marked = words[:place] + mark.format(number, sup=sup)
            said = note.replace("{sup}", sup).replace("{}", str(number), 0 if "{sup}" in note else 1)
            foot = (0, said.replace("{}", NOTE))
            rest = words[place:]
            if where == "page":
                cut = rest.find(" ", 20)
                cut = len(rest) if cut < 0 else cut
                noted += [(origin, marked + rest[:cut]), (0, ""), foot, (0, "\f")]
                noted += [(origin, rest[cut:].lstrip())] if rest[cut:].strip() else []
            else:
                noted.append((origin, marked + rest))
                if where == "below":
                    noted += [(0, ""), foot]
                else:
                    waiting.append(foot)
        return noted + waiting

    return annotate


def _slip(words: str, rng: random.Random) -> str:
    """A heading with one letter gone, doubled or exchanged with the next."""
    if letters(bare(words)) not in USUAL_HEADINGS:
        return words
    at = rng.choice([m.start() for m in re.finditer(r"(?<=\w)\w(?=\w)", words)])
    wrong = rng.choice([words[at + 1 :], words[at] + words[at:], words[at + 1] + words[at] + words[at + 2 :]])
    return words[:at] + wrong


def _small_surname(words: str, rng: random.Random) -> str:
    name = re.fullmatch(r"(\S+ )([^\W\d_a-zà-ÿ][^\d_a-zà-ÿ:,.]+)", words.strip())
    return name[1] + name[2].title() if name and not name[1].isupper() else words


def _hyphenated(words: str, width: int = 70) -> str:
    """A paragraph in lines of one width, its words cut by hyphens where the line ends."""
    if len(words) < 2 * width or re.search(r"[<@]|://|\t", words):
        return words
    lines, rest = [], words
    while len(rest) > width:
        cut = re.search(r"(?<= )([a-zà-ÿ]{4})(?=[a-zà-ÿ]{4}[ ,.])", rest[width - 20 : width + 6])
        at = width - 20 + cut.end() if cut else rest.rfind(" ", 0, width)
        lines.append(rest[:at] + ("-" if cut else ""))
        rest = rest[at:].lstrip()
    return "\n".join([*lines, rest])


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
    "addresses as links": _each(lambda t, _: EMAIL.sub(lambda m: f"[{m[0]}](mailto:{m[0]})", t)),
    "page numbers in sentences": _pages([[number] for number in PAGE_NUMBERS], inside=True),
    "page numbers in sentences, no form feed": _pages([[number] for number in PAGE_NUMBERS], inside=True, feed=""),
    "page numbers between paragraphs": _pages([[number] for number in PAGE_NUMBERS], inside=False),
    "running heads in sentences": _pages(RUNNING_HEADS, inside=True),
    "running heads in sentences, no form feed": _pages(RUNNING_HEADS, inside=True, feed=""),
    "running heads between paragraphs": _pages(RUNNING_HEADS, inside=False),
    "running heads between paragraphs, no form feed": _pages(RUNNING_HEADS, inside=False, feed=""),
    "footnotes in the middle of a sentence": _footnotes("page"),
    "footnotes below a paragraph": _footnotes("below"),
    "footnotes at the end of a section": _footnotes("fiche"),
    "headings with a slip": _each(_slip),
    "surnames in small letters": _each(_small_surname),
    "words hyphenated in narrow lines": _each(lambda t, _: _hyphenated(t)),
}
