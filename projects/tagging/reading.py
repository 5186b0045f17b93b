"""A text as the rules of tagging read it: its sentences, and their telling words, each with its place."""

import re
from dataclasses import dataclass
from functools import lru_cache

from casebook.text import fold

MAX_EXTRACT = 360
FEW = 4
_WORD = re.compile(r"\w+")
# A sign that ends a sentence, with the quotes that close it; « M. », « 3. » and « cf. » end nothing.
_END = re.compile(r"(?<!\b\w)(?<!\bcf)[.!?…]+[»”\"')\]]*(?=\s+[^\W\d_a-zà-ÿ]|\s+[«“\"(•–—-]|\s*$)|;(?=\s)")
_PARTED = re.compile(r"[:;()!?]|\.\s")
_PARTICIPLE = re.compile(r"(?<=\w\w)ée?s?$")
_SMALL = {"de", "du", "des", "la", "le", "les", "un", "une", "au", "aux", "en", "et", "ou"}
_SMALL |= {"ce", "ces", "cette", "son", "sa", "ses", "leur", "leurs"}


@dataclass(frozen=True)
class Word:
    """A telling word: in lower case, folded, without the marks of feminine and plural, and where it stands. `opens`: a
    sign such as « : » parts it from the word before."""

    form: str
    folded: str
    root: str
    start: int
    end: int
    opens: bool


@dataclass(frozen=True)
class Sentence:
    """A span of a text. `lead` announces the list in which it stands (« les outils suivants : »)."""

    start: int
    text: str
    words: tuple[Word, ...]
    lead: str = ""

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@lru_cache(maxsize=20_000)
def root(word: str) -> str:
    """The folded word without the marks of feminine and plural: « participatives » and « participatif » are one, but
    « guidée » is not « guide »."""
    if participle := _PARTICIPLE.search(word.lower()):
        return fold(word[: participle.start()]) + "é"
    folded = fold(word)
    if len(folded) > 4 and folded.endswith("aux") and not folded.endswith("eaux"):
        return folded[:-3] + "al"
    if len(folded) > 3 and folded[-1] in "sx":
        folded = folded[:-1]
    if len(folded) > 3:
        folded = folded.rstrip("e")
    if folded.endswith("iv"):
        folded = folded[:-1] + "f"
    return folded[:-1] if len(folded) > 3 and folded[-1] == folded[-2] else folded


def words_of(text: str, start: int = 0) -> tuple[Word, ...]:
    """The words of a text without articles, links and single letters; `start` is added to their places."""
    found: list[Word] = []
    last = 0
    for match in _WORD.finditer(text):
        folded = fold(match[0])
        if (len(folded) > 1 or folded.isdigit()) and folded not in _SMALL:
            opens = bool(_PARTED.search(text, last, match.start()))
            first, last = match.span()
            found.append(Word(match[0].lower(), folded, root(match[0]), start + first, start + last, opens))
    return tuple(found)


def sentences(text: str) -> list[Sentence]:
    """The sentences in order; each stands in the text as it is here, and on one line of it."""
    found: list[Sentence] = []
    lead, place = "", 0
    for line in text.split("\n"):
        start = 0
        for end in [*(match.end() for match in _END.finditer(line)), len(line)]:
            piece = line[start:end]
            if stripped := piece.strip():
                first = place + start + len(piece) - len(piece.lstrip())
                found.append(Sentence(first, stripped, words_of(stripped, first), lead))
            start = end
        if line.rstrip().endswith(":"):
            lead = _announced(lead, found[-1].text if found else "")
        place += len(line) + 1
    return found


def _announced(lead: str, line: str) -> str:
    """What announces the lines that follow: a few words such as « Différents échanges : » are an item themselves."""
    return f"{lead} {line}".strip() if len(line.split()) <= FEW else line


def span_around(sentence: Sentence, first: int, last: int) -> tuple[int, int]:
    """The place of the extract that shows what stands from `first` to `last`: the sentence or, of a very long one, the
    whole words around."""
    if len(sentence.text) <= MAX_EXTRACT:
        return sentence.start, sentence.end
    margin = max(0, MAX_EXTRACT - (last - first)) // 2
    around = [word for word in sentence.words if first - margin <= word.start and word.end <= last + margin]
    return min(first, *(word.start for word in around)), max(last, *(word.end for word in around))
