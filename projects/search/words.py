"""The French words of a text: the same code for what is indexed and for what is asked.

Order of the rules: dotted acronyms and thousands are joined, marks such as `1^{er}` dropped, the text is folded,
elisions and inclusive endings are cut, hyphens give the parts and the joined form, plurals lose their sign, then words
are stemmed (Snowball French, after folding: what folding takes away is mended first).
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from casebook.lexicon import is_french_word
from casebook.text import fold

# Closed list: what follows a word in « agent.e.s », « acteur·rice », « professionnel-le-s », and what it must follow.
_INCLUSIVE = re.compile(
    r"(?P<word>[a-z]{2,}?(?:eurs?|el|ien|an|on|if|er|ant|ent|[a-z]))"
    r"[-.·•‧](?:(?<=eur.)(?:trice|rice|euse|e)s?|(?<=eurs.)(?:trices|rices|euses)|(?<=el.)les?|(?<=[eoa]n.)nes?|(?<=if.)(?:ve|ive)s?|(?<=er.)ere?s?|e)"
    r"(?:[-.·•‧]?s)?"
)
_PAIRS = re.compile(r"(?P<word>ceux|tous|celui|il|ils)[-.·•‧/](?:celles|toutes|celle|elle|elles)")
_ELISION = re.compile(r"(?:l|d|j|m|t|s|c|n|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|presqu)'(?=[a-z0-9])")
# Closed list: the units that are written against their number, « 3 000m² » being « 3 000 m² ».
_UNIT = r"(?:[ckm]?m[23²³]?|ha|kg|[kmg]wh|h|min|mn)(?!\w)"
NUMBER_END = rf"(?=(?i:{_UNIT})|(?!\w))"
_NUMBER_AND_UNIT = re.compile(rf"(\d+)({_UNIT})", re.IGNORECASE)
_CHUNK = re.compile(
    rf"(?P<number>\d{{1,3}}(?:[ \u00a0\u202f]\d{{3}})+{NUMBER_END})"
    r"|(?P<ordinal>\d+\^\{?[a-zA-Zéèê]{1,4}\}?)"
    r"|(?P<word>[^\W_][\w\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f]*"
    r"(?:[-'’ʼ´‘‐‑‒–.·•‧][^\W_][\w\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f]*)*)"
)
_RUN = re.compile(re.sub(r"\?P<\w+>", "?:", _CHUNK.pattern))  # the same without groups: `findall` is quick
_ACRONYM = re.compile(r"[a-z](?:\.[a-z])+")
_VERSION = re.compile(r"\d+(?:\.\d+)+")
_OTHER_LETTERS = re.compile(r"[\W_]+")


def _list(words: str) -> frozenset[str]:
    return frozenset(words.split())


# In a query a compound that begins so means its joined form only: « co-construction » is one word.
PREFIXES = _list(
    """
    ante anti auto bi bio co contre de dis extra hyper infra inter intra macro mega meta micro mono multi neo non para
    pluri poly post pre pro pseudo re retro semi sous sub super supra sur tele trans tri ultra
    """
)

STOPWORDS = _list(
    """
    a afin ai ainsi alors apres as au aucun aucune aupres aussi autre autres aux avait avant avec avoir ayant
    beaucoup car ce ceci cela celle celles celui ces cet cette ceux chaque chez ci combien comme comment d dans de
    deja depuis des dont du elle elles en encore enfin entre es est et etaient etait etant etre eu eux faire fait
    faut ici il ils j je jusque l la laquelle le lequel les lesquelles lesquels leur leurs lors lorsque lui m ma
    mais me meme memes mes moi moins mon n ne ni nos notre nous on ont or ou par parce parmi pas pendant peu peut
    peuvent plus plusieurs pour pourquoi pourrait puis puisque qu quand que quel quelle quelles quelque quelques
    quels qui quoi s sa sans se sera seront ses si soi soient soit son sont sous sur t ta te tel telle telles tels
    tes toi ton tous tout toute toutes tres trop tu un une vers via voici voila vos votre vous y
    """
)


def _conjugated(verbs: str) -> frozenset[str]:
    """The present of these verbs in -er; their participles may be nouns, « donnée »."""
    return frozenset(verb[:-2] + end for verb in verbs.split() for end in ("er", "e", "es", "ons", "ez", "ent"))


# Verbs and nouns of a question rather than of its subject: in a long query they are not required.
WEAK = _list(
    """
    actuel actuelle aille allant aller autrement avis besoin besoins bien bon bonne bonnes bons cas chose choses
    clairement concret concrete concretement concretes concrets connaissez connaitre conseil conseils convaincre
    cree creee creees creer crees deja dernier derniere derniers devenir deviennent devient devons devrait different
    differente differentes differents difficile difficiles dire dit dits doit doivent efficacement etc exemple
    exemples expliquent facile facilement faciles facon facons faite faites faits fallait faudrait fera feront gens
    grand grande grandes grands gros grosse idee idees interessant interessante jamais long longs longtemps longue
    maintenant maniere manieres mettent mettre mieux mis mise moment monde nombreuses nombreux nouveau nouveaux
    nouvel nouvelle nouvelles obtenir parler permet permettent permettre petit petite petites petits peur pourraient
    pourrions pouvoir pouvons premier premiere premiers prendre present prevoir probleme problemes propre propres
    question questions rapidement rend rendre reponse reponses reussir reussit rien savent savez savoir savons sert
    servent servir seul seule seulement simplement solution solutions souhait souvent suivre sujet tenir tiennent
    tient toujours truc trucs utile utiles vais vaut veulent veut viennent vient vite voir voit vont voudrais
    voudrait voulez vouloir voulons vrai vraie vraiment vrais
    """
) | _conjugated(
    """
    abandonner aider aimer amener apporter arriver chercher commencer conseiller continuer demander donner essayer
    exister expliquer laisser monter montrer occuper oser parler passer penser poser presenter proposer raconter
    realiser regler rencontrer rester sembler souhaiter tenter tirer trouver utiliser
    """
)

# Words of any mission rather than of its subject: they make no two missions near.
GENRE = _list(
    """
    acceleration accompagnement acteur action actuel actuelle adaptation agent ailleurs ambition analyse angle
    appropriation atelier autour avenir axe benchmark bilan cible collectivite communal communale communautaire commune
    comparatif comparative competence conception construit cadre contexte construction definition demarche departement
    departemental departementale deploiement developpement diagnostic dimension dispositif document echelle efficace
    element elaboration enjeu ensemble etude evaluation evolution exploratoire faisabilite fonction fonctionnement futur
    future gestion global globale horizon imaginer importance important innovant innovante interne lien methode
    methodologie metropole metropolitain metropolitaine mission modification moyen objectif offre operationnel
    operationnelle organisation partenaire passage permettre perspective pertinence pertinent pertinente pilotage placer
    plan pole politique potentiel pratique preconisation prefiguration preparer prevoir prioritaire problematique
    projet proposition public publique puissant reflexion region regional regionale renforcement renforcer
    reorganisation reseau rester reussite schema service situation strategie systeme tache territoire territorial
    territoriale territorialisation transformation usage valorisation vecteur ville
    """
)

# Words that folding and Snowball would keep apart, or bring to the stem of another word.
_ALONE = _list("cafe codir codirs data equipe loyer maas maire notamment persona tram usager utilisateur voirie")
_IRREGULAR = {word: word for word in _ALONE}
_IRREGULAR |= dict.fromkeys(("travail", "travaille", "travailler", "travaillent"), "traval")
_IRREGULAR |= {"usagere": "usager", "benchmarking": "benchmark"}
# Else a plural in -aux is that of a word in -al: « royaux », « sociaux ».
_PLURALS = {f"{start}aux": f"{start}au" for start in ("boy", "joy", "materi", "noy", "tuy")}
_PLURALS |= {f"{start}aux": f"{start}ail" for start in ("b", "cor", "vitr")}
# Their -ent is not that of the verb that they look like.
_NO_VERBS = _list(
    """
    accident agent ardent content couvent different evident excellent ferment incident parent patent precedent president
    resident talent urgent violent
    """
)
_stemmer = Stemmer.Stemmer("french")


def stopword_code(word: str) -> int:
    """A number of two bytes for a stopword, another for each of them: how the index tells it."""
    return zlib.crc32(word.encode()) & 0xFFFF


class Unit(NamedTuple):
    """One word of the text, or a compound with its parts: `raw[start:end]`."""

    start: int
    end: int
    parts: tuple[str, ...]
    joined: str = ""
    spans: tuple[tuple[int, int], ...] = ()

    @property
    def is_prefixed(self) -> bool:
        """« co-construction »: one word, wherever it stands."""
        return bool(self.joined) and self.parts[0] in PREFIXES

    @property
    def is_stopword(self) -> bool:
        return all(part in STOPWORDS for part in self.parts)


def chunks(raw: str) -> list[str]:
    """The runs of letters and digits that `units` reads each for itself."""
    return _RUN.findall(raw)


def chunk_spans(raw: str) -> Iterator[tuple[str, int]]:
    """The same, each with where it begins."""
    return ((run[0], run.start()) for run in _RUN.finditer(raw))


def units(raw: str) -> Iterator[Unit]:
    """The words in order, with their place in the raw text."""
    for chunk in _CHUNK.finditer(raw):
        start, end = chunk.span()
        if chunk["number"]:
            yield Unit(start, end, (re.sub(r"\D", "", chunk[0]),))
        elif chunk["ordinal"]:
            yield Unit(start, end, (_OTHER_LETTERS.sub("", fold(chunk[0])),))
        else:
            yield from _word_units(chunk[0], start)


def _word_units(chunk: str, start: int) -> Iterator[Unit]:
    if chunk[0].isdigit() and (measure := _NUMBER_AND_UNIT.fullmatch(chunk)):
        for group in (1, 2):
            yield Unit(start + measure.start(group), start + measure.end(group), (fold(measure[group]),))
        return
    if chunk.isascii() and chunk.isalnum():  # most words
        yield Unit(start, start + len(chunk), (chunk.lower(),))
        return
    folded = fold(chunk)
    if _ACRONYM.fullmatch(folded) or folded == "aujourd'hui":
        yield Unit(start, start + len(chunk), (_OTHER_LETTERS.sub("", folded),))
    elif _VERSION.fullmatch(folded):
        yield Unit(start, start + len(chunk), (folded,))
    elif inclusive := (_INCLUSIVE.fullmatch(folded) or _PAIRS.fullmatch(folded)):
        yield Unit(start, start + len(chunk), (inclusive["word"],))
    else:
        for piece in re.finditer(r"[^.·•‧_]+", chunk):
            yield from _compound(piece[0], start + piece.start())


def _compound(piece: str, start: int) -> Iterator[Unit]:
    """« l’avant-projet » → « avant », « projet », and « avantprojet »; an apostrophe that is no elision splits."""
    for run in re.finditer(r"[^'’ʼ´‘]+", piece):
        folded = fold(run[0])
        after = piece[run.end() : run.end() + 1]
        if after and _ELISION.match(f"{folded}'x"):
            continue
        last = folded.rsplit("-", 1)[-1]
        drops = 1 if after and "-" in folded and _ELISION.match(f"{last}'x") else 0  # « lorsqu-on » is no word
        places = list(re.finditer(r"[^-‐‑‒–]+", run[0]))
        parts = [(_OTHER_LETTERS.sub("", fold(m[0])), m) for m in places[: len(places) - drops]]
        parts = [(word, m) for word, m in parts if word]
        if not parts:
            continue
        here = start + run.start()
        spans = tuple((here + m.start(), here + m.end()) for _, m in parts)
        words = tuple(word for word, _ in parts)
        yield Unit(
            spans[0][0], spans[-1][1], words, "".join(words) if len(words) > 1 and not words[0].isdigit() else "", spans
        )


@lru_cache(maxsize=100_000)
def singular(word: str) -> str:
    """The word without the sign of its plural: the form under which it is indexed."""
    if known := _PLURALS.get(word):
        return known
    if len(word) > 3 and not word[-1].isdigit():
        if word.endswith("eaux") or word.endswith("eux"):
            return word[:-1]
        if word.endswith("aux"):
            return word[:-2] + "l" if len(word) > 5 else word
        if word[-1] == "s" and word[-2] != "s":
            return word[:-1]
    return word


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of an indexed word (`singular` first)."""
    if known := _IRREGULAR.get(word):
        return known
    if len(word) <= 3:  # acronyms above all
        return word
    if word.endswith("trice") and word not in {"matrice", "cicatrice"}:
        word = f"{word[:-5]}teur"
    elif word.endswith("ee") or (word.endswith("iere") and len(word) > 5):
        word = word[:-1]
    elif word.endswith("ent") and len(word) > 5 and word not in _NO_VERBS:
        word = _infinitive(word)
    found = str(_stemmer.stemWord(word)) or word
    if (
        found.endswith("i") and len(found) > 5
    ):  # « cartographier » and « cartographie », « planifier » and « planification »
        found = found[:-1]
    return found


def _infinitive(word: str) -> str:
    """« recrutent » → « recruter », which the stemmer knows; another word in -ent as it is."""
    for ending, infinitive in (("oient", "oyer"), ("ent", "er")):
        if word.endswith(ending) and is_french_word(found := f"{word.removesuffix(ending)}{infinitive}"):
            return found
    return word


def words_of(text: str) -> list[str]:
    """The telling words of a short text (a name, a synonym), singular; stopwords only when nothing else is left."""
    found = [word for unit in units(text) for word in ((unit.joined,) if unit.is_prefixed else unit.parts)]
    return [singular(word) for word in found if word not in STOPWORDS] or [singular(word) for word in found]


def initials(words: Sequence[str]) -> str:
    """By what people call a name of these words, when it is long enough, and not too long, to be called so."""
    return "".join(word[0] for word in words) if 3 <= len(words) <= 6 else ""


@lru_cache(maxsize=10_000)  # every synonym is asked for after each writing of the index
def stems_of(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words_of(text))
