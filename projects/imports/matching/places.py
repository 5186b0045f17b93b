"""Collectivities: the catalogue's by official name, alias, code and kind; else those of the gazetteer."""

import re
from collections.abc import Iterable
from typing import TypeVar

from casebook.text import fold, letters, one_slip, plural
from people.gazetteer import Entry, Gazetteer, Territories, collectivity_from, place_label
from people.models import Collectivity
from people.place_names import place_key
from projects.imports.matching.match import Candidate, Match, chosen, key_of

K = TypeVar("K")
V = TypeVar("V")
_LOWER_WORDS = frozenset(
    [
        *("de", "du", "des", "d", "l", "et", "en", "sur", "sous", "aux", "à", "lès"),
        *("agglomération", "communes", "urbaine", "départemental", "régional", "territorial", "public"),
    ]
)
_HYPHENED_WORDS = frozenset(["au", "le", "la", "les"])
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
    "ept": (Collectivity.Kind.EPCI, Collectivity.EpciType.EPT),
}
_IN_BRACKETS = re.compile(r"^(.+?)\s*[(\[]([^()\[\]]+)[)\]]$")
_CODE = re.compile(r"(?:insee |siren )?([0-9]{9}|[0-9][0-9ab][0-9]{3})")


class Places:
    """The collectivities of the catalogue, found by their names (one query to load)."""

    def __init__(self, collectivities: Iterable[Collectivity]) -> None:
        self._exact: dict[str, list[Collectivity]] = {}
        self._by_key: dict[tuple[str, str], list[Collectivity]] = {}
        self._by_code: dict[str, Collectivity] = {}
        self.all: list[Collectivity] = []
        for place in collectivities:
            self.add(place)

    def add(self, place: Collectivity) -> None:
        self.all.append(place)
        for code in (place.siren, place.insee_code if len(place.insee_code) == 5 else ""):
            if code:
                self._by_code[code] = place
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

    def of_entry(self, entry: Entry) -> Collectivity | None:
        """The one of the catalogue that is this entry, by its codes."""
        if found := self._by_code.get(entry.siren) or self._by_code.get(entry.insee):
            return found
        return next((p for p in self.all if p.kind == entry.kind and entry.insee and p.insee_code == entry.insee), None)

    def with_code(self, code: str) -> Collectivity | None:
        return self._by_code.get(code.upper())

    def close_to(self, name: str) -> list[Collectivity]:
        """Those whose name is one slip away."""
        kind, core = place_key(name)
        found = (
            place
            for (words, other), places in self._by_key.items()
            if words == kind and len(core) > 4 and one_slip(core, other)
            for place in places
        )
        return list(dict.fromkeys(found))


def _append(index: dict[K, list[V]], key: K, thing: V) -> None:
    found = index.setdefault(key, [])
    if thing not in found:
        found.append(thing)


class PlaceMatcher:
    def __init__(self, places: Places, gazetteer: Gazetteer) -> None:
        self.places = places
        self._gazetteer = gazetteer
        self._known: dict[str, Match[Collectivity]] = {}
        self._territories = Territories()

    def add(self, place: Collectivity) -> None:
        """One that was just made."""
        self.places.add(place)
        self._known.clear()

    def match(self, name: str) -> Match[Collectivity]:
        if name not in self._known:
            self._known[name] = self._match(name)
        return self._known[name]

    def chosen(self, choice: str) -> Collectivity | None:
        """What a choice names: of the catalogue, or of the gazetteer and not yet saved."""
        known = chosen(choice, self.places.all)
        entry = None if known or choice.startswith("pk:") else self._gazetteer.entry_with_code(choice)
        return (self.places.of_entry(entry) or collectivity_from(entry, self._territories)) if entry else known

    def _match(self, name: str) -> Match[Collectivity]:
        if code := _CODE.fullmatch(fold(name)):
            return self._with_code(code[1])
        known = self.places.find(name)
        entries = self._entries(name)
        if not known and (bracketed := _IN_BRACKETS.match(name)):
            known = [p for p in self.places.find(bracketed[1]) if self._is_in(p.department, bracketed[2])]
        outside = [entry for entry in entries if self.places.of_entry(entry) is None]
        recognised = [place for entry in entries if (place := self.places.of_entry(entry)) and place not in known]
        if known or recognised:
            return self._in_catalogue(name, known, recognised, outside)
        if len(outside) > 1:
            return Match(
                None,
                0.3,
                f"{plural(len(outside), 'collectivité porte', 'collectivités portent')} ce nom\u00a0: choisissez.",
                self._candidates([], outside),
            )
        if outside:
            return self._from_gazetteer(name, outside[0])
        return self._unknown(name)

    def _with_code(self, code: str) -> Match[Collectivity]:
        known = self.places.with_code(code)
        entry = None if known else self._gazetteer.entry_with_code(code.upper())
        if known:
            return Match(known, 1.0, "Même code officiel.", self._candidates([known], []))
        if entry:
            place = self.places.of_entry(entry) or collectivity_from(entry, self._territories)
            return Match(place, 1.0, "Code du répertoire officiel.", self._candidates([], [entry]))
        return Match(None, 0.3, f"Le code «\u00a0{code}\u00a0» n’est ni au catalogue, ni au répertoire officiel.")

    def _entries(self, name: str) -> list[Entry]:
        bracketed = _IN_BRACKETS.match(name)
        if not bracketed:
            return self._gazetteer.entries_named(name)
        where = fold(bracketed[2])
        departments = self._gazetteer.departments
        return [
            entry
            for entry in self._gazetteer.entries_named(bracketed[1])
            if where in {fold(entry.department_code), fold(departments.get(entry.department_code, "?"))}
        ]

    def _in_catalogue(
        self, name: str, known: list[Collectivity], recognised: list[Collectivity], outside: list[Entry]
    ) -> Match[Collectivity]:
        if len(known) == 1 and not known[0].siren and not known[0].insee_code and not recognised and len(outside) == 1:
            outside = []  # the same one, entered without its codes
        alike = [*known, *recognised]
        # A full name that tells its kind is not shared by what merely has the same proper name.
        if len(known) == 1 and known[0].kind != Collectivity.Kind.COMMUNE:
            alike, outside = known, []
        candidates = self._candidates(alike, outside)
        if len(alike) == 1 and not outside:
            return Match(alike[0], *_why(alike[0], name), candidates)
        count = len(alike) + len(outside)
        if len(known) == 1:
            others = plural(count - 1, "autre collectivité porte", "autres collectivités portent")
            return Match(known[0], 0.6, f"Au catalogue sous ce nom, que {others} aussi\u00a0: vérifiez.", candidates)
        return Match(None, 0.3, f"{plural(count, 'collectivité')} portent ce nom\u00a0: choisissez.", candidates)

    def _from_gazetteer(self, name: str, entry: Entry) -> Match[Collectivity]:
        told = place_key(name)[0] or letters(name) == letters(entry.name)
        sure = place_key(name)[0] or entry.kind != Collectivity.Kind.COMMUNE
        if sure or not told:
            reason = "Nom unique au répertoire officiel\u00a0: elle sera créée complète."
        else:
            reason = "Une commune a ce nom au répertoire officiel, mais rien ne dit ici que c’est une commune."
        return Match(
            collectivity_from(entry, self._territories), 0.95 if sure else 0.7, reason, self._candidates([], [entry])
        )

    def _unknown(self, name: str) -> Match[Collectivity]:
        close = self.places.close_to(name)
        entries = [e for e in self._gazetteer.entries_close_to(name) if self.places.of_entry(e) not in close]
        if close or entries:
            reason = "Inconnue sous ce nom, mais une lettre suffit à en faire une autre\u00a0: choisissez."
            return Match(None, 0.4, reason, self._candidates(close, entries))
        return Match(None, 0.5, "Ni au catalogue, ni au répertoire officiel\u00a0: elle sera créée, à compléter.")

    def _candidates(self, places: list[Collectivity], entries: list[Entry]) -> tuple[Candidate, ...]:
        known = [Candidate(key_of(place), _label(place)) for place in places]
        return (*known, *(Candidate(entry.key, self._gazetteer.label(entry)) for entry in entries))

    def _is_in(self, department: object, where: str) -> bool:
        code, name = getattr(department, "code", ""), getattr(department, "name", "")
        return bool(code) and fold(where) in {fold(code), fold(name)}


def _label(place: Collectivity) -> str:
    return place_label(
        place.display_name,
        place.department.name if place.department else "",
        place.department.code if place.department else "",
    )


def _why(place: Collectivity, name: str) -> tuple[float, str]:
    """How sure a match by name alone is, and why."""
    wanted = letters(name)
    if wanted in {letters(place.official_name), letters(place.display_name)}:
        return 1.0, "Même nom qu’au catalogue."
    if wanted in map(letters, place.aliases):
        return 1.0, "Autre nom connu de cette collectivité."
    return 0.95, "Même nom propre et même type de collectivité."


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
