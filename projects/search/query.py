"""The language of a query: words, "expressions", -exclusions, OU. No input is wrong."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from casebook.text import printable
from projects.search.words import NUMBER_END, STOPWORDS, WEAK, singular, stem, units

MAX_LENGTH = 300
MAX_CLAUSES = 12
ENOUGH = 2  # telling words beside which the weak ones are optional; weak ones that are so beside one telling word
_PIECE = re.compile(r'(?P<minus>(?<![^\s(])-(?=[^\s-]))?(?:"(?P<phrase>[^"]*)"|(?P<text>[^\s"]+))')
_THOUSANDS = re.compile(rf"(?<![\w,.])(\d{{1,3}})((?:[ \u00a0\u202f]\d{{3}})+){NUMBER_END}")
_WEAK = frozenset(map(singular, WEAK))
_QUOTES = str.maketrans(dict.fromkeys("“”„«»‟＂", '"'))


@dataclass(frozen=True)
class Word:
    """A word asked: `raw[start:end]` of the query."""

    word: str
    stem: str
    start: int
    end: int

    @property
    def is_stopword(self) -> bool:
        return self.word in STOPWORDS

    @property
    def is_weak(self) -> bool:
        return self.word in _WEAK


@dataclass(frozen=True)
class Clause:
    """What must be found, or must not: one word, or several in this order (an expression); `gaps` are their places from
    the first, and so are those of the `stopwords` around them. `others` may stand in its place (OU)."""

    words: tuple[Word, ...]
    gaps: tuple[int, ...] = (0,)
    stopwords: tuple[tuple[int, str], ...] = ()
    is_negative: bool = False
    is_optional: bool = False
    others: tuple["Clause", ...] = ()
    beginnings: tuple[str, ...] = ()  # stems of the known words that an unfinished word begins

    @property
    def is_phrase(self) -> bool:
        return len(self.words) > 1 or bool(self.stopwords)

    @property
    def sequence(self) -> tuple[str, ...]:
        """The stems of an expression in order, its stopwords as they are."""
        telling = ((gap, word.stem) for gap, word in zip(self.gaps, self.words, strict=True))
        return tuple(stem for _, stem in sorted((*telling, *self.stopwords)))

    @property
    def is_weak(self) -> bool:
        return self.words[0].is_weak and not (self.is_phrase or self.is_negative or self.others)

    @property
    def alternatives(self) -> tuple["Clause", ...]:
        return (self, *self.others)


@dataclass(frozen=True)
class Query:
    text: str
    clauses: tuple[Clause, ...]
    is_cut: bool = False
    left_out: int = 0  # clauses beyond MAX_CLAUSES

    @property
    def words(self) -> list[Word]:
        """Every word asked for, in order."""
        asked = [each for clause in self.clauses if not clause.is_negative for each in clause.alternatives]
        return [word for clause in asked for word in clause.words]

    def respelt(self, better: Mapping[Word, str]) -> "Query":
        """The same query with these words, in their order, spelt otherwise."""
        pieces, done = [], 0
        for word, spelling in better.items():
            pieces += [self.text[done : word.start], spelling]
            done = word.end
        return parse("".join([*pieces, self.text[done:]])) if better else self


def parse(text: str) -> Query:
    text = printable(text).translate(_QUOTES)
    is_cut = len(text) > MAX_LENGTH
    text = _THOUSANDS.sub(lambda number: re.sub(r"\D", "", number[0]), text[:MAX_LENGTH])
    clauses = _with_alternatives(list(_clauses(text)))
    strong = [c for c in clauses if not (c.is_optional or c.is_negative or c.words[0].is_weak)]
    if len(strong) >= ENOUGH or (strong and sum(c.is_weak for c in clauses) >= ENOUGH):
        clauses = [replace(c, is_optional=True) if c.is_weak else c for c in clauses]
    if all(clause.is_optional or clause.is_negative for clause in clauses):
        clauses = [replace(clause, is_optional=False) for clause in clauses]
    telling = [clause for clause in clauses if not clause.is_optional]
    kept = set(map(id, telling[:MAX_CLAUSES]))
    clauses = [clause for clause in clauses if clause.is_optional or id(clause) in kept]
    return Query(text, tuple(clauses[: 3 * MAX_CLAUSES]), is_cut, max(0, len(telling) - MAX_CLAUSES))


def _clauses(text: str) -> Iterator[Clause | str]:
    """The clauses in order, and « OU » where one stands between two."""
    for piece in _PIECE.finditer(text):
        negative = bool(piece["minus"])
        if piece["phrase"] is not None:
            found = _phrase(piece["phrase"], piece.start("phrase"))
            if found and not (negative and found.words[0].is_stopword):
                yield replace(found, is_negative=negative)
        elif piece["text"] in {"OU", "OR"}:
            yield "OU"
        elif piece["text"] not in {"ET", "AND"}:
            words = list(_words(piece["text"], piece.start("text"), joined=negative))
            if negative and len(words) > 1:
                yield replace(_expression(words), is_negative=True)
            else:
                for word, _ in words:
                    yield Clause((word,), is_negative=negative, is_optional=word.is_stopword and not negative)


def _words(text: str, start: int, joined: bool = False) -> Iterator[tuple[Word, int]]:
    """The words with their place: as the index counts places, a prefixed compound is one word. `joined`: every compound
    is its joined form, so that `-avant-projet` keeps the other projects."""
    place = 0
    for unit in units(text):
        if unit.is_prefixed or (joined and unit.joined):
            parts = [(unit.joined, unit.start, unit.end)]
        else:
            spans = unit.spans or ((unit.start, unit.end),)
            parts = [(part, *span) for part, span in zip(unit.parts, spans, strict=True)]
        for part, first, last in parts:
            word = singular(part) if part not in STOPWORDS else part
            yield Word(word, stem(word), start + first, start + last), place
            place += 1


def _phrase(text: str, start: int) -> Clause | None:
    words = list(_words(text, start))
    return _expression(words) if words else None


def _expression(words: list[tuple[Word, int]]) -> Clause:
    """Stopwords are not searched for themselves: the words are, then the stopwords at their places."""
    telling = [(word, place) for word, place in words if not word.is_stopword] or words[:1]
    first = telling[0][1]
    return Clause(
        tuple(word for word, _ in telling),
        tuple(place - first for _, place in telling),
        tuple((place - first, word.word) for word, place in words if (word, place) not in telling),
    )


def _with_alternatives(pieces: list[Clause | str]) -> list[Clause]:
    """« a OU b » becomes one clause; an OU without a clause on each side is nothing."""
    clauses: list[Clause] = []
    joins = False
    for piece in pieces:
        if isinstance(piece, str):
            joins = bool(clauses)
            continue
        if joins and not piece.is_negative and not clauses[-1].is_negative:
            clauses[-1] = replace(clauses[-1], others=(*clauses[-1].others, piece), is_optional=False)
        else:
            clauses.append(piece)
        joins = False
    return clauses
