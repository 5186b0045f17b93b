"""What is known of this kind of document. A new edition that words something otherwise needs a line here.

Headings are compared by their letters only (`casebook.text.letters`): case, accents, spaces, punctuation, bold marks
and hyphens do not count.
"""

import re
from functools import lru_cache

from casebook.text import letters, one_slip
from projects.models.parts import Section

Kind = Section.Kind

# ------------------------------------------------------------------------------------------------- sections

_OF_THE_MISSION = r"((de|du)(la)?(mission|projet|commande))?"
_FROM = r"(collectivites?|tut(eur|rice|elle)\w{0,30}|commanditaires?|elus?|terrain|ville|metropole|region|departement)"
SECTION_HEADINGS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (Kind.CONTEXTE, rf"(le)?contextes?{_OF_THE_MISSION}(et(les)?enjeux)?"),
        (Kind.PROBLEMATIQUE, rf"(la|les)?problematiques?{_OF_THE_MISSION}"),
        (Kind.CLES_POUR_AGIR, r"(des|les|nos|vos|ses|quelques)?clef?s?pouragir"),
        (Kind.ZOOM, r"zoom.{0,36}"),
        (Kind.CHIFFRES, rf"(les|des|quelques|nos|en|(la|le)?(mission|projet)en)?chiffres(cles?)?{_OF_THE_MISSION}"),
        (Kind.ALLER_PLUS_LOIN, r"(pour)?(aller(plus)?loin|ensavoir(plus)?)"),
        (Kind.AUTRE, r"et(apres|ensuite|maintenant|lasuite)"),
        (
            Kind.TEMOIGNAGE,
            rf"((le|les|un)?temoignages?|(la)?paroles?|(le)?regards?|(le)?mot)(d(e|u|es)?(la|les|l)?{_FROM}\w{{0,30}})",
        ),
        (Kind.TEMOIGNAGE, r"(le|les|un)?temoignages?"),
    )
)
_ANY_HEADING = re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern in SECTION_HEADINGS))
MAX_HEADING = 80  # characters
# These letters with one of them wrong, missing, added or displaced are still the heading, on a line that stands alone.
USUAL_HEADINGS: dict[str, Kind] = {
    "contexte": Kind.CONTEXTE,
    "problematique": Kind.PROBLEMATIQUE,
    "desclespouragir": Kind.CLES_POUR_AGIR,
    "leschiffres": Kind.CHIFFRES,
    "allerplusloin": Kind.ALLER_PLUS_LOIN,
    "temoignage": Kind.TEMOIGNAGE,
    "temoignagedelacollectivite": Kind.TEMOIGNAGE,
}
HEADING_NUMBER = re.compile(r"^\W*(?:\d{1,2}|[IVX]{1,4})\s?[.)/–—-]\s*(?=\D)")
# « Encadré : Titre »: an inset box that says so.
INSET_HEADING = re.compile(r"^encadré\s*:\s*(?=\S)", re.I)
# « 10 conseils pour… »: an inset box that announces how many items it holds.
COUNTED_BOX = re.compile(
    r"^(?P<count>\d{1,2})\s+(?:incontournables?|conseils?|astuces?|règles?|clés?|principes?|bonnes pratiques|points?|"
    r"recommandations?|ingrédients?|pièges?)\s+(?:pour|à|de|d['’])\b",
    re.I,
)

# ------------------------------------------------------------------------------------------------- head of a fiche

_AUTHOR = r"(auteure?|autrice)s?"
AUTHORS_HEADING = re.compile(
    rf"^(les?|la|l)?{_AUTHOR}((et|ou)?((les?|la|l)?{_AUTHOR}|t?rices?|es?))*((de|du)(la|cette)?(fiche|mission|projet))?$"
)
# These head other things too: they count only above names or addresses.
TEAM_HEADING = re.compile(r"^(les?|l)?(eleves?(et(les)?auteurs)?|equipe(projet|inet|delamission|deseleves)?)$")
_TUTORS = (
    r"^(les?|la|l|votre|vos)?(tut(eur|rice|eure)s?((et|ou)?(la|les?)?(tut)?(eur|rice|eure)s?)*|tutorat|maitres?destage)"
)
TUTORS_HEADING = re.compile(
    rf"{_TUTORS}((au)?(sein|dans)?(d[eu]s?)?(la|les?|l)?(collectivites?|stage|mission|projet)?)$"
)
LONG_TUTORS_HEADING = re.compile(rf"{_TUTORS}(ausein|dans|ala|de|du).{{1,40}}$")
_FICHE_WORD = r"(?:fiche\s*)?(?:n\s?[°ºo.]*\s*)?"
FICHE_NUMBER = re.compile(rf"^{_FICHE_WORD}(?P<number>\d{{1,3}})\s*[/.]?$", re.I)
# Theme and number on one line, in either order.
THEME_BESIDE_NUMBER = re.compile(
    rf"^(?:(?P<before>\D{{3,60}}?)[\s/–—|-]+{_FICHE_WORD}|{_FICHE_WORD}(?=\d))(?P<number>\d{{1,3}})"
    r"(?:[\s/–—|.-]+(?P<after>\D{3,60}))?$",
    re.I,
)
MAX_THEME = 60  # characters

EMAIL = re.compile(r"[^\s<>()\[\]\"',;:|@]{1,64}@[^\s<>()\[\]\"',;:|@]{1,250}\.[a-z]{2,24}", re.I)
PHONE = re.compile(r"(?:\+33[\s.]?|\b0)[1-9](?:[\s.\u00a0\u202f-]?\d\d){4}\b")
CONTACT = re.compile(r"^\W*contacts?\s*:", re.I)
CORPS_OF_HOST = {
    "administrateur-inet.org": "administrateur",
    "conservateur-inet.org": "conservateur",
    "ingenieurchef-inet.org": "ingénieur en chef",
}
CORPS_WORDS = (
    (re.compile(r"ing[ée]nieur", re.I), "ingénieur en chef"),
    (re.compile(r"conservat(eur|rice)", re.I), "conservateur"),
    (re.compile(r"administrat(eur|rice)", re.I), "administrateur"),
)

# Words that begin the name of a local government, folded.
COLLECTIVITY_WORDS = re.compile(
    r"^(ville|villes|commune|mairie|region|departement|conseil|metropole|communaute|agglomeration|etablissement|syndicat|"
    r"collectivite|eurometropole|grand|pays|centre|service|sdis|cdg|caisse)\b"
)
COLLECTIVITY_INSIDE = re.compile(r"\b(metropole|agglomeration|communaute|eurometropole)\b")
# « Ville et métropole de X »: one name for two collectivities.
SHARED_NAME = re.compile(
    r"^(ville|commune)\s+et\s+(\S+(?:\s+urbaine|\s+d.agglom\S+)?)\s+(de\s+|du\s+|d['’])(.+)$", re.I
)

# ------------------------------------------------------------------------------------------------- the book

TOC_HEADING = re.compile(r"^(sommaire|tabledesmatieres)$")
TOC_ENTRY = re.compile(r"^(?P<number>\d{1,3})\s*[/.)–—-]\s*(?P<rest>.*)$")
TOC_PAGE = re.compile(r"^(?P<before>.*?)(?:(?:^|[\s/.…])p(?:age)?\.?\s?|\s*(?:\.{3,}|…+)\s?)(?P<page>\d{1,4})$", re.I)
PROMOTION_HEADING = re.compile(r"^(la)?promotion")
CLOSING_HEADING = re.compile(r"^accueillir\w*(eleve|stage)")
# The line of a cover where the subtitle begins.
SUBTITLE = re.compile(r"[ée]l[èe]ves|promotions?\b", re.I)
PROMOTIONS_ON_COVER = re.compile(r"promotions?\s+", re.I)
SCHOOL_YEAR = re.compile(r"\b(20\d\d)\s*[/–-]\s*(20\d\d|\d\d)\b")
MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905
)
MONTH_YEAR = re.compile(rf"\b({'|'.join(MONTHS)})\s+(20\d\d)\b", re.I)
PUBLISHER = re.compile(r"(?:conception\s+éditoriale\s*:?\s*[^,\n]+,|^éditeur\s*:)\s*(?P<name>[^,\n]+)", re.I | re.M)

# ------------------------------------------------------------------------------------------------- inside a section

CAPTION = re.compile(
    r"^\W*(cr[ée]dits?\s+photos?|sources?\s+des?\s+images?|source\s*:|photos?\s*:|illustration\s*:|image\s|"
    r"de\s+gauche\s+à\s+droite|figure\s+\d+\s*[:.–-]|sch[ée]ma\s+\d+\s*[:.–-]|l[ée]gende\s*:|©)",
    re.I,
)

# What a page prints around the text: its number, alone or framed; and notes at its foot, with their mark in the text.
MAX_RUNNING_HEAD = 90  # characters
PAGE_NUMBER = re.compile(
    r"^[\[(–—|•·~ -]{0,3}(?:page|p\.|p)?\s?\d{1,3}(?:\s?(?:/|sur)\s?\d{1,3})?[\])–—|•·~ -]{0,3}$", re.I
)
FRAMED_PAGE_NUMBER = re.compile(
    r"^(?:[–—|•·~-]\s?\d{1,3}\s?[–—|•·~-]|\|\s?\d{1,3}|(?:page|p\.)\s?\d.*|\[\d{1,3}\])$", re.I
)
_SUPERSCRIPT = "[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}"
NOTE_MARK = re.compile(
    rf"(?<=[^\W\d_][^\W\d_])[»”\").,;]?\s?(?:\[\^?(\d{{1,2}})\](?!\()|\^\[(\d{{1,2}})\]|\^\{{?(\d{{1,2}})\b\}}?|"
    rf"((?<!m){_SUPERSCRIPT})|<sup>(\d{{1,2}})</sup>|\((\d{{1,2}})\))"
)
NOTE_START = re.compile(
    rf"^(?:\[\^\w{{1,9}}\]\s?:?\s?|\^\[?\{{?\d{{1,2}}[\]}}]?\s|\(?{_SUPERSCRIPT}\)?\s?|<sup>\d{{1,2}}</sup>)\S?"
)
PLAIN_NOTE_START = re.compile(r"^(?:\[(\d{1,2})\](?!\()|\((\d{1,2})\)|(\d{1,2})[.)]?(?=\s+[^\s–-]))\s*\S?")
LEGEND_MARK = re.compile(r"[■▪●◆□▲]")
PLACEHOLDER = re.compile(r"\(x\s|\bx{2,}\b|\bW\?|\[à compléter\]|lorem ipsum|\bTODO\b", re.I)

# What a team did to know: announced in a problem statement, it is looked for in what follows.
EVIDENCE = {
    "atelier": re.compile(r"\bateliers?\b", re.I),
    "enquête": re.compile(r"\benqu[êe]tes?\b|\bsondages?\b|\bquestionnaires?\b", re.I),
    "entretien": re.compile(r"\bentretiens?\b|\binterviews?\b", re.I),
    "comparaison": re.compile(r"\bbenchmarks?\b|\bparangonnages?\b", re.I),
    "observation": re.compile(r"\bimmersions?\b", re.I),
    "prototype": re.compile(r"\bprototyp\w+", re.I),
}

# A figure printed large: sign, number (with thousands or a fraction), then % or a unit mark.
_NUMBER = r"[+±−–-]?\s?(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+(?:[.,]\d+)?)(?:\s?/\s?\d+)?"
_ORDINAL = r"\s?\^?\{?(?:ÈRE|ÈME|EME|ER|RE|E|ère|ème|er|re|e)\}?"
_MARK = r"\s?(?:%|‰|€|M€|Md€|Mds?\b|MRDS?\b|M\b(?![.'’])|k€|K€)"
FIGURE_ALONE = re.compile(rf"^({_NUMBER}(?:{_MARK}(?:\s?€)?|{_ORDINAL}|\s?[A-Za-zÉéèÈ²³°]{{1,7}})?)$")
FIGURE_FIRST = re.compile(rf"^({_NUMBER}(?:{_MARK}|\^\{{?(?:er|e|ère|ème|re)\}}?(?=\s))?)(?=\s|$)")
FIGURE_LAST = re.compile(rf"^(?P<label>\D{{3,}}?)\s+(?P<value>{_NUMBER}{_MARK})$")
MAX_FIGURE = 60  # characters of a value

QUOTE_OPEN = '«“"'
QUOTE_CLOSE = '»”"'
ARROW = re.compile(r"^\s*(?:→|->|➔|►)\s*")
BULLET = re.compile(r"^\s*(?:[-–•*▪]|→|->|➔|►|\d{1,2}[.)])\s+")

# ------------------------------------------------------------------------------------------------- jobs

JOB_WORDS = re.compile(
    r"^(direct|chef|charg|respons|d[ée]l[ée]gu|secr[ée]taire|conseil|adjoint|p[ôo]le|mission|service|coordinat|pr[ée]sident|"
    r"maire|dgs\b|dga\b|ing[ée]nieur|administrat|attach|manager|cadre|inspect|vice|premi|prospect)",
    re.I,
)
# A job that follows the name without a sign between.
JOB_AFTER_NAME = r"(?:[Dd]irect|[Cc]hef|[Cc]harg|[Rr]espons|[Mm]aire|[Pp]r[ée]sident|DG)"
FEMININE_JOB = re.compile(
    r"^(directrice|chargée|cheffe|déléguée|conseillère|responsable adjointe|adjointe|présidente|secrétaire générale)",
    re.I,
)
MASCULINE_JOB = re.compile(r"^(directeur|chargé\b|délégué\b|conseiller\b|adjoint\b|président\b|chef\b)", re.I)


def section_kind(text: str) -> Kind | None:
    """The kind that a heading announces, or None when the text is no heading that is known."""
    return kind_of_letters(letters(HEADING_NUMBER.sub("", text))) if len(text) <= MAX_HEADING else None


@lru_cache(maxsize=4096)
def kind_of_letters(key: str) -> Kind | None:
    """The same for letters alone."""
    if not _ANY_HEADING.fullmatch(key):
        return None
    return next((kind for kind, pattern in SECTION_HEADINGS if pattern.fullmatch(key)), None)


def misspelt_kind(key: str) -> Kind | None:
    """The kind of a usual heading that these letters spell with one slip."""
    return next((kind for usual, kind in USUAL_HEADINGS.items() if one_slip(key, usual)), None)


def corps_in_words(text: str) -> str | None:
    return next((corps for pattern, corps in CORPS_WORDS if pattern.search(text)), None)
