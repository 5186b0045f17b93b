"""A title printed in capitals, in sentence case, with its acronyms and names."""

import re
from collections import Counter
from collections.abc import Iterable

from casebook.text import letters, typeset

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", re.UNICODE)
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_PART = re.compile(r"[^\W_]+")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;•»«\"“(]\s*|\n\s*(?:[-–•*→>]\s*)*)$")
# Acronyms of the trade that a title may hold without the text repeating them.
ACRONYMS = frozenset(
    """
    ADEME AMF AMO ANRU AOM API ASE BTP CCAS CDC CEA CFA CIAS CNFPT CRC CSP DGA DGS DRH DSI DSP EHPAD EPCI EPIC
    EPLE EPT ERP ESS GEMAPI GPEC GPEEC HLM INET LOM MAPTAM OPH PCAET PLH PLU PLUI PMI PNR PPI PSC QPV QVT RGPD RH
    RSA SCOT SDIS SEM SIG SPL SRADDET ZAC ZAN
    """.split()  # noqa: SIM905
)


# « La Métropole » inside a text is a habit of its writers; « une métropole » in a title is any one.
COMMON_NOUNS = frozenset("agglomération collectivité commune communauté département métropole région ville".split())  # noqa: SIM905
_DETERMINER = re.compile(r"\b(?:une?|la|les?|des|sa|son|leurs?|cette?)\s+$|\bl[’']$", re.I)


def is_printed_in_capitals(text: str) -> bool:
    """Whether the letters are capitals (nine in ten: accents and scans may slip)."""
    found = [c for c in text if c.isalpha()]
    return bool(found) and sum(c.isupper() for c in found) >= 0.9 * len(found)


def lowered(title: str, evidence: Iterable[str] = ()) -> str:
    """The title in sentence case, with French apostrophes and no-break spaces. A word that the evidence (the fiche's
    own text, names of places) writes with capitals inside its sentences keeps them: « EPLE », « Haut-Koenigsbourg ».
    The words of a title that is not in capitals are left as they are."""
    title = _APOSTROPHE.sub("’", " ".join(title.split()).rstrip("."))
    if not is_printed_in_capitals(title):
        return typeset(title)
    forms = _forms(evidence)

    def word(match: re.Match[str]) -> str:
        printed = match[0]
        if printed.lower() in COMMON_NOUNS and _DETERMINER.search(title[: match.start()]):
            return printed.lower()
        if (known := forms.get(letters(printed))) is not None:
            return _APOSTROPHE.sub("’", known)
        return _PART.sub(lambda part: _lowered_part(part[0], forms), printed)

    text = _WORD.sub(word, title)
    return typeset(text[:1].upper() + text[1:])


def _lowered_part(part: str, forms: dict[str, str]) -> str:
    if (known := forms.get(letters(part))) is not None:
        return known
    return part if part in ACRONYMS else part.lower()


def _forms(evidence: Iterable[str]) -> dict[str, str]:
    """For each word met inside sentences, how it is mostly written, when that is not in plain lower case."""
    met: dict[str, Counter[str]] = {}
    for text in evidence:
        text = re.sub(r"[*_#]+", "", text)
        for match in _WORD.finditer(text):
            surface = match[0]
            starts_sentence = bool(_SENTENCE_START.search(text[max(0, match.start() - 12) : match.start()]))
            plain_capital = surface[:1].isupper() and surface[1:].islower()
            if starts_sentence and (plain_capital or len(surface) == 1):
                continue
            for form in {surface, *(_PART.findall(surface) if "'" in surface or "’" in surface else ())}:
                met.setdefault(letters(form), Counter())[form] += 1
    chosen = {}
    for key, counter in met.items():
        lower = sum(count for form, count in counter.items() if form.islower())
        best, count = counter.most_common(1)[0]
        if count > lower and not best.islower():
            chosen[key] = best
    return chosen
