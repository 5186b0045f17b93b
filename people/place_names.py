"""Names of collectivities as documents write them: the kind that the words tell, and the name proper."""

import re

from casebook.text import fold

ARTICLE = r"(?:de la |de l'|du |des |de |d'|la |le |les |l')?"
_KIND = re.compile(
    r"^(?:(?P<region>conseil regional|region)|(?P<departement>conseil departemental|conseil general|departement)"
    r"|(?P<metropole>eurometropole|metropole)"
    r"|(?P<communaute>communaute (?:d'agglomeration|de communes|urbaine)|agglomeration|ca|cc|cu)"
    r"|(?P<ept>etablissement public territorial|ept)|(?P<commune>ville|commune|mairie))"
    rf" {ARTICLE}{ARTICLE}(?=.)"
)
_ARTICLE_FIRST = re.compile(rf"^{ARTICLE}")
_NOT_A_LETTER = re.compile(r"[^a-z0-9]")
_METROPOLE_LAST = re.compile(r"^(.+) metropole$")


def place_key(name: str) -> tuple[str, str]:
    """(kind in words or "", letters of the name proper): « VILLE DE LA CIOTAT » → ("commune", "ciotat")."""
    folded = fold(name).replace(" - ", "-")
    match = _KIND.match(folded)
    if match:
        return str(match.lastgroup), _letters(folded[match.end() :])
    last = _METROPOLE_LAST.match(folded)
    if last:
        return "metropole", _letters(last[1])
    return "", _letters(_ARTICLE_FIRST.sub("", folded))


def _letters(folded: str) -> str:
    return _NOT_A_LETTER.sub("", folded)
