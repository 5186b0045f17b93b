"""What is known of this kind of document. A new edition that words something otherwise needs a line here."""

import re

from casebook.text import letters
from projects.models.parts import Section

Kind = Section.Kind

# Headings are compared by their letters only: case, accents, spaces, bold marks and hyphens do not count.
SECTION_HEADINGS: dict[str, Kind] = {
    "contexte": Kind.CONTEXTE,
    "lecontexte": Kind.CONTEXTE,
    "contextedelamission": Kind.CONTEXTE,
    "problematique": Kind.PROBLEMATIQUE,
    "laproblematique": Kind.PROBLEMATIQUE,
    "problematiques": Kind.PROBLEMATIQUE,
    "desclespouragir": Kind.CLES_POUR_AGIR,
    "lesclespouragir": Kind.CLES_POUR_AGIR,
    "clespouragir": Kind.CLES_POUR_AGIR,
    "zoom": Kind.ZOOM,
    "zoomsur": Kind.ZOOM,
    "leschiffres": Kind.CHIFFRES,
    "chiffres": Kind.CHIFFRES,
    "chiffrescles": Kind.CHIFFRES,
    "leschiffrescles": Kind.CHIFFRES,
    "allerplusloin": Kind.ALLER_PLUS_LOIN,
    "pourallerplusloin": Kind.ALLER_PLUS_LOIN,
    "ensavoirplus": Kind.ALLER_PLUS_LOIN,
    "pourensavoirplus": Kind.ALLER_PLUS_LOIN,
    "etapres": Kind.AUTRE,
    "etensuite": Kind.AUTRE,
    "etmaintenant": Kind.AUTRE,
    "etlasuite": Kind.AUTRE,
}
TESTIMONIAL_HEADING = re.compile(
    r"^(le|les)?temoignages?(d(e|u|es|ela|el)?(la|les)?(collectivite|tut|commanditaire)\w*)?$"
)
# « 10 conseils pour… »: an inset box that announces how many items it holds.
COUNTED_BOX = re.compile(
    r"^(?P<count>\d{1,2})\s+(?:incontournables?|conseils?|astuces?|règles?|clés?|principes?|bonnes pratiques|points?|"
    r"recommandations?|ingrédients?|pièges?)\s+(?:pour|à|de|d['’])\b",
    re.I,
)
AUTHORS_HEADING = re.compile(r"^(les?|la|l)?(auteur|autrice|auteure|eleve)s?(et(les)?(auteur|autrice|eleve)s?)?$")
TUTORS_HEADING = re.compile(
    r"^(les?|la)?tut(eur|rice)s?(et(la|le|les)?tut(eur|rice)s?)?((au)?sein)?(d(e|u)(la|l)?(collectivite)s?)?$|^tutorat$"
)
TOC_HEADING = re.compile(r"^(sommaire|tabledesmatieres)$")
PROMOTION_HEADING = re.compile(r"^(la)?promotion")
CLOSING_HEADING = re.compile(r"^accueillir\w*(eleve|stage)")
SCHOOL_YEAR = re.compile(r"\b(20\d\d)\s*[/–-]\s*(20\d\d|\d\d)\b")
MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905
)
MONTH_YEAR = re.compile(rf"\b({'|'.join(MONTHS)})\s+(20\d\d)\b", re.I)
PUBLISHER = re.compile(r"conception\s+éditoriale\s*:?\s*[^,\n]+,\s*(?P<name>[^,\n]+)", re.I)

FICHE_NUMBER = re.compile(r"^(?:fiche\s*(?:n[°o]\s*)?)?(?P<number>\d{1,3})\s*/?$", re.I)
TOC_ENTRY = re.compile(r"^(?P<number>\d{1,3})\s*/\s*(?P<rest>.*)$")
TOC_PAGE = re.compile(r"^(?P<before>.*?)\s*/?\s*\bp(?:age)?\.?\s*(?P<page>\d{1,4})\s*$", re.I)

EMAIL = re.compile(r"[^\s<>()\[\]\"',;:|]+@[^\s<>()\[\]\"',;:|]+\.[a-z]{2,}", re.I)
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

CAPTION = re.compile(
    r"^\W*(cr[ée]dits?\s+photos?|sources?\s+des?\s+images?|source\s*:|photos?\s*:|illustration\s*:|image\s|"
    r"de\s+gauche\s+à\s+droite|figure\s+\d+\s*[:.–-]|sch[ée]ma\s+\d+\s*[:.–-]|l[ée]gende\s*:|©)",
    re.I,
)
LEGEND_MARK = re.compile(r"[■▪●◆□▲]")

# A figure printed large: sign, number (with thousands or a fraction), then % or a unit mark.
_NUMBER = r"[+±−–-]?\s?(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+(?:[.,]\d+)?)(?:\s?/\s?\d+)?"
_ORDINAL = r"\s?\^?\{?(?:ÈRE|ÈME|EME|ER|RE|E|ère|ème|er|re|e)\}?"
_MARK = r"\s?(?:%|‰|€|M€|Md€|Mds?\b|MRDS?\b|M\b(?![.'’])|k€|K€)"
FIGURE_ALONE = re.compile(rf"^({_NUMBER}(?:{_MARK}(?:\s?€)?|{_ORDINAL}|\s?[A-Za-zÉéèÈ²³°]{{1,7}})?)$")
FIGURE_FIRST = re.compile(rf"^({_NUMBER}(?:{_MARK}|\^\{{?(?:er|e|ère|ème|re)\}}?(?=\s))?)(?=\s|$)")
FIGURE_LAST = re.compile(rf"^(?P<label>\D{{3,}}?)\s+(?P<value>{_NUMBER}{_MARK})$")

QUOTE_OPEN = '«“"'
QUOTE_CLOSE = '»”"'
ARROW = re.compile(r"^\s*(?:→|->|➔|►)\s*")
BULLET = re.compile(r"^\s*(?:[-–•*▪]|→|->|➔|►|\d{1,2}[.)])\s+")
JOB_WORDS = re.compile(
    r"^(direct|chef|charg|respons|d[ée]l[ée]gu|secr[ée]taire|conseil|adjoint|p[ôo]le|mission|service|coordinat|pr[ée]sident|"
    r"maire|dgs\b|dga\b|ing[ée]nieur|administrat|attach|manager|cadre|inspect|vice|premi|prospect)",
    re.I,
)


def section_kind(text: str) -> Kind | None:
    """The kind that a heading announces, or None when the text is no heading that is known."""
    if len(text) > 80:
        return None
    key = letters(text)
    if not key:
        return None
    known = SECTION_HEADINGS.get(key)
    if known:
        return known
    if TESTIMONIAL_HEADING.match(key):
        return Kind.TEMOIGNAGE
    if key.startswith("zoom") and len(key) < 40:
        return Kind.ZOOM
    return None


def corps_in_words(text: str) -> str | None:
    return next((corps for pattern, corps in CORPS_WORDS if pattern.search(text)), None)
