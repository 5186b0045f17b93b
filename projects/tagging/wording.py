"""What a French sentence says of an action: who does it, whether it was done or is advised, whether it is denied.

Every rule is about the language of reports, none about what a report tells. Sentences are compared in lower case with
their accents: « réalisé » was done, « réalise » says nothing of it.
"""

import re
from dataclasses import dataclass

from casebook.text import fold
from projects.tagging.reading import Sentence, Word

REACH = 4  # words between a denial and what it denies
NEAR = 120  # letters after it where a denial may stand
SHORT = 8  # words of a title or of an item of a list


def _any(*phrases: str, before: str = r"\b(?:", after: str = r")\b") -> re.Pattern[str]:
    return re.compile(before + "|".join(phrases) + after)


_TEAM = _any(
    *("l'équipe", "une équipe", "notre équipe", "équipe projet", "groupe projet", "projet collectif"),
    *(r"(?:les|ces|des|nos|quatre|cinq) (?:\w+ )?élèves", "étudiants", "stagiaires", "stage", "nous", "notre", "nos"),
    *("la mission", "cette mission", "de mission", "mission collective", "cette étude", "l'étude"),
    *("(?:le|ce|leur) travail", "les travaux", "leurs travaux"),
)
_PRONOUN = re.compile(r"\b(?:elle|ils|elles) (?:a|ont|s'est|se sont)\b")
_ADVERB = _any(
    *("été", "pu être", "dû être", "donc", "ainsi", "aussi", "également", "notamment", "d'abord", "ensuite", "enfin"),
    *("par exemple", "par ailleurs", "en outre", "tous", "toutes", "pu", "déjà", "su", "bien"),
    before="(?: (?:",
    after="))*",
).pattern
_PARTICIPLE = _any(
    *(r"\w+é", "permis", "mis", "pris", "transmis", "remis", "entrepris", "conduit", "construit", "produit", "établi"),
    *("choisi", "abouti", "réuni", "fourni", "défini", "suivi", "recueilli", "bâti", "nourri", "servi", "enrichi"),
    *("investi", "saisi", "réfléchi", "rendu", "vu", "tenu", "obtenu", "retenu", "reçu", "conçu", "parcouru", "offert"),
    *("découvert", "ouvert", "fait", "écrit", "décrit", "ressorti", "issu"),
    before="(?:",
    after=r")e?s?\b",
).pattern
_AUXILIARY = "(?:a|ont|avons|avions|sommes|étions|eu|fut|furent|ayant|est|sont|s'est|se sont|était|étaient)"
_PROPOSING = "(?!propos|préconis|recommand|suggér|conseill|apport)"
_DONE = _any(
    f"{_AUXILIARY}{_ADVERB} {_PROPOSING}{_PARTICIPLE}",
    *("grâce à", "au terme d", "à l'issue d", "à partir d", "lors d", "au cours d", "à la suite d", "s'appuyant"),
    *("nourrie?s?", "fondée?s? sur"),
    after=")",
)
_MADE = _any(
    *("réalisé", "mené", "organisé", "conduit", "élaboré", "animé", "construit", "livré", "mobilisé", "produit"),
    *("créé", "conçu", "établi", "identifié", "rencontré", "interrogé", "administré", "effectué", "tenu", "déployé"),
    *("lancé", "proposé"),
    before=r"^(?:\W+\w+){0,2}\W+(?:",
    after=r")e?s?\b",
)
_ADVISED = _any(
    *(r"il convien\w+", "il faut", r"il faudra\w*", r"il s'agira\w*", "il importe", "il serait", "il sera"),
    "il pourrait",
    "il est (?:nécessaire|important|indispensable|essentiel|souhaitable|recommandé|préconisé|proposé|conseillé)",
    *(r"préconis\w+", r"recommand\w+", "conseill(?:e|ons|er|ent|é)", r"sugg[èé]r\w+"),
    "invit(?:e|ons|ent) (?:à|la|les)",
    *("doi(?:t|vent)", "dev(?:ra|ront)", "pourr(?:a|ont)", r"(?!\w*trait\b)\w{2,}r(?:ait|aient)"),
    *("permet(?:tent|tra|tront|trait|traient)?", "(?:impos|suppos|impliqu|nécessit|exig)(?:e|ent)", "pistes?"),
    *("leviers?", r"gagner\w* à", "propos(?:e|ent|ons|ait|aient) (?:de|le|la|les|une?|des|différente?s|plusieurs)"),
    *("propos(?:e|ent|ons) d'", "(?:a|ont|avons) (?:ainsi |donc |aussi |également )?(?:proposé|apporté)"),
)
_NO_INFINITIVE = "(?!ateli|premi|derni|quarti|chanti|papi|courri|dossi|cahi|déjeun|foy|métier|particuli|entier)"
_ORDER = _any(
    *(rf"{_NO_INFINITIVE}\w+(?:er|ir)", "se doter", "mettre", "mise en", "faire", "prendre", "construire", "conduire"),
    *("produire", "rendre", "création", "l'organisation d", "le développement d"),
    before=r"(?:^|[:)•–-] )\W*(?:puis |d'abord |ensuite |enfin )?(?:",
)
_ASKED = _any(
    *(r"souhait\w+", "volonté", r"consist\w+", r"demand[eé]\w*", r"command\w+", "objectifs?", r"il s'agi\w+"),
    *("vis(?:e|ait|ent|aient)", r"sollicit\w+", r"confi\w+", r"missionné\w*", "la mission", "chargée?s? d", "a pour"),
    *("besoins? d", "afin d"),
)
_ORDERED = re.compile(
    r"\b(?:a|ont|avait|avaient) (?:\w+ )?(?:souhaité|demandé|commandé|commandité|confié|missionné|sollicité)"
)
_FOR_OTHERS = re.compile(r"\b(?:afin|pour) qu(?:e|')")
_COUNT = re.compile(r"\d[\d ]*\W*$")
_DENIED = frozenset({"sans", "pas", "aucun", "aucune", "ni", "jamais", "absence", "manque", "faute", "defaut"})
_NOT_DENIED = frozenset({"seulement", "uniquement", "que", "oublier", "doute", "simplement", "moins", "plus", "fin"})
_DENIED_AFTER = re.compile(r"^[^.,;:]{0,40}?\b(?:n'|ne )\s?[^.,;:]{0,30}?\b(?:pas|plus|jamais|aucune?)\b")
_CLAUSE = re.compile(r"[,;:.(]")


@dataclass(frozen=True)
class Wording:
    """What is said around the words of a method.

    `asked`: it belongs to what was wanted; `ordered`: somebody asked for it; `is_title`: a few words that say none of
    this.
    """

    by_team: bool
    done: bool
    advised: bool
    asked: bool
    ordered: bool
    is_title: bool


def wording(sentence: Sentence, first: Word, last: Word, *, of_team: bool = False) -> Wording:
    """What the sentence says of what stands from one word to the other; when it says neither that it was done nor that
    it is advised, the line that announces its list says it. `of_team`: the text is the team's own story, where « elle
    a » and « ils ont » mean the team."""
    own, lead = _lower(sentence.text), _lower(sentence.lead)
    before, after = own[: first.start - sentence.start], own[last.end - sentence.start :]
    is_short = len(sentence.words) <= SHORT
    done = bool(_DONE.search(own) or _MADE.match(after) or (is_short and _COUNT.search(before)))
    advised = bool(_ADVISED.search(own) or _ORDER.search(own))
    if not done and not advised:
        advised = bool(_ADVISED.search(lead))
        done = not advised and bool(_DONE.search(lead))
    both = f"{lead} {own}"
    return Wording(
        by_team=bool(_TEAM.search(both) or (of_team and _PRONOUN.search(own))) and not _FOR_OTHERS.search(before),
        done=done,
        advised=advised,
        asked=bool(_ASKED.search(both)),
        ordered=bool(_ORDERED.search(both)),
        is_title=is_short and not done and not advised,
    )


def _lower(text: str) -> str:
    """The text in lower case with one kind of apostrophe, as long as it was."""
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text).replace("’", "'")


def denied(sentence: Sentence, first: int, last: int) -> bool:
    """Whether the sentence says that this was not done: « sans atelier », « le diagnostic n’a pas été mené »."""
    words, start = sentence.words, sentence.start
    for place in range(first - 1, max(first - 1 - REACH, -1), -1):
        word, following = words[place], words[place + 1]
        if _CLAUSE.search(sentence.text[word.end - start : following.start - start]):
            break
        if word.folded in _DENIED:
            return following.folded not in _NOT_DENIED
    after = words[last].end - start
    return bool(_DENIED_AFTER.match(fold(sentence.text[after : after + NEAR])))
