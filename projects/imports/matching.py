"""What the catalogue already knows: collectivities by name, alias and kind; people by normalised name."""

import re
from collections.abc import Iterable
from typing import TypeVar

from casebook.text import fold, letters
from people.models import Collectivity, Person, Promotion

K = TypeVar("K")
V = TypeVar("V")
_ARTICLE = r"(?:de la |de l'|du |des |de |d'|la |le |les |l')?"
_KINDS = (
    ("region", re.compile(rf"^(?:conseil regional|region) {_ARTICLE}{_ARTICLE}")),
    ("departement", re.compile(rf"^(?:conseil departemental|conseil general|departement) {_ARTICLE}{_ARTICLE}")),
    ("metropole", re.compile(rf"^(?:eurometropole|metropole) {_ARTICLE}{_ARTICLE}")),
    (
        "communaute",
        re.compile(
            rf"^(?:communaute (?:d'agglomeration|de communes|urbaine)|agglomeration|ca|cc|cu) {_ARTICLE}{_ARTICLE}"
        ),
    ),
    ("commune", re.compile(rf"^(?:ville|commune|mairie) {_ARTICLE}{_ARTICLE}")),
)
_LOWER_WORDS = frozenset(
    [
        *("de", "du", "des", "d", "l", "et", "en", "sur", "sous", "aux", "à", "lès"),
        *("agglomération", "communes", "urbaine", "départemental", "régional", "territorial", "public"),
    ]
)
_HYPHENED_WORDS = frozenset(["au", "le", "la", "les"])
_METROPOLE_LAST = re.compile(r"^(.+) metropole$")
_KIND_OF = {
    Collectivity.Kind.COMMUNE: "commune",
    Collectivity.Kind.DEPARTEMENT: "departement",
    Collectivity.Kind.REGION: "region",
}
_NEW_KINDS = {
    "commune": (Collectivity.Kind.COMMUNE, ""),
    "departement": (Collectivity.Kind.DEPARTEMENT, ""),
    "region": (Collectivity.Kind.REGION, ""),
    "metropole": (Collectivity.Kind.EPCI, Collectivity.EpciType.METROPOLE),
    "communaute": (Collectivity.Kind.EPCI, ""),
}


def place_key(name: str) -> tuple[str, str]:
    """(kind in words or "", letters of the name proper): « VILLE DE LA CIOTAT » → ("commune", "ciotat")."""
    folded = fold(name).replace(" - ", "-")
    for kind, pattern in _KINDS:
        match = pattern.match(folded)
        if match and match.end() < len(folded):
            return kind, letters(folded[match.end() :])
    last = _METROPOLE_LAST.match(folded)
    if last:
        return "metropole", letters(last[1])
    return "", letters(re.sub(rf"^{_ARTICLE}", "", folded))


class Places:
    """The collectivities of the catalogue, found by their names (one query to load)."""

    def __init__(self, collectivities: Iterable[Collectivity]) -> None:
        self._exact: dict[str, list[Collectivity]] = {}
        self._by_key: dict[tuple[str, str], list[Collectivity]] = {}
        for place in collectivities:
            self.add(place)

    def add(self, place: Collectivity) -> None:
        for name in {place.official_name, place.display_name, *place.aliases}:
            _append(self._exact, letters(name), place)
            kind, core = place_key(name)
            own = _KIND_OF.get(Collectivity.Kind(place.kind), "metropole" if place.epci_type == "metropole" else kind)
            for known_kind in {kind or own, ""}:
                _append(self._by_key, (known_kind, core), place)

    def find(self, name: str) -> list[Collectivity]:
        """The collectivities that this name may mean: none, one, or several that share it. A name that tells no kind
        may mean any."""
        return self._exact.get(letters(name)) or self._by_key.get(place_key(name)) or []


def _append(index: dict[K, list[V]], key: K, thing: V) -> None:
    found = index.setdefault(key, [])
    if thing not in found:
        found.append(thing)


def new_place_kind(name: str) -> tuple[str, str]:
    """(kind, EPCI type) of a collectivity that the catalogue does not know, as its name tells."""
    return _NEW_KINDS.get(place_key(name)[0], (Collectivity.Kind.AUTRE, ""))


def place_case(name: str) -> str:
    """« VILLE DE LA BARRE » → « Ville de La Barre », « AUBE-LES-BAINS » → « Aube-les-Bains »: capitals to words."""
    if not name.isupper():
        return name

    def word(match: re.Match[str]) -> str:
        lower = match[0].lower()
        hyphened = name[match.start() - 1 : match.start()] == "-" and name[match.end() : match.end() + 1] == "-"
        return lower if lower in _LOWER_WORDS or (hyphened and lower in _HYPHENED_WORDS) else lower.capitalize()

    words = re.sub(r"[^\W\d_]+", word, name).replace("'", "’")
    return words[:1].upper() + words[1:]


def name_key(name: str) -> str:
    """A name as two documents may spell it: folded words in any order."""
    return " ".join(sorted(re.findall(r"[a-z0-9]+", fold(name))))


class People:
    """The people of the catalogue, found by normalised name within a promotion (one query to load)."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._known: dict[str, list[Person]] = {}
        self._by_email: dict[str, list[Person]] = {}
        for person in people:
            self.add(person)

    def add(self, person: Person) -> None:
        """Also after the person learned another spelling."""
        names = [str(person), *person.aliases]
        for key in {name_key(name) for name in names}:
            _append(self._known, key, person)
        if person.email:
            _append(self._by_email, person.email.casefold(), person)

    def find(self, first_name: str | None, last_name: str | None, promotion: Promotion | None) -> Person | None:
        """The one person of that name in that promotion (or, for a tutor, of no promotion); homonyms stay apart."""
        found = [
            person
            for person in self._known.get(name_key(f"{first_name or ''} {last_name or ''}"), [])
            if person.promotion_id == (promotion.pk if promotion else None)
        ]
        return found[0] if len(found) == 1 else None

    def with_email(self, email: str | None, first_name: str | None, last_name: str | None) -> Person | None:
        """The one person of that address and that name, whatever the promotion."""
        found = self._by_email.get((email or "").casefold(), [])
        key = name_key(f"{first_name or ''} {last_name or ''}")
        same = [person for person in found if person in self._known.get(key, [])]
        return same[0] if len(same) == 1 else None
