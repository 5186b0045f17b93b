"""Every commune, group, département and région of France, from one committed file; nothing of it is in the database
until a mission needs it.

The file is read once per process (about 0.25 s of processor, 25 MB). Its lines, by their first cell (tab-separated,
populations may be empty):

    Y  year of the populations, exceptions « code of the département=year »
    R  code, name, official name (empty: another collectivity replaces it), population
    S  INSEE code, SIREN, name, département, région, population           (particular status)
    E  type, SIREN, name, département, région, population                 (groups; EPT is one of the types)
    D  code, name, région, official name (or empty), population           (its communes follow)
    …  end of the INSEE code, name, population, SIREN                     (commune; no SIREN: `regular_siren`, -: none)
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from unicodedata import normalize

from django.conf import settings

from casebook.text import letters, one_slip, slug, without_accents
from people.models import Collectivity, Department, Region
from people.place_names import ARTICLE, place_key

FILE = Path(settings.BASE_DIR) / "fixtures" / "reference" / "gazetteer.tsv"
Kind, EpciType = Collectivity.Kind, Collectivity.EpciType

_LONG = {"CC": "Communauté de communes", "CA": "Communauté d’agglomération", "CU": "Communauté urbaine"}
_SHORT = re.compile(r"^(?:CC|CA|CU) (?=\S)")
_IN_BRACKETS = re.compile(r" \(([^)]+)\)$")
_LEADING_ARTICLES = re.compile(rf"^{ARTICLE[:-1]}", re.MULTILINE)
_NOT_LETTERS = bytes(set(range(128)) - set(b"abcdefghijklmnopqrstuvwxyz0123456789\n"))
_LIGATURES = (("œ", "oe"), ("Œ", "oe"), ("æ", "ae"), ("Æ", "ae"))
_CLOSE_ENOUGH = 5  # letters below which a slip makes another name


@dataclass(frozen=True)
class Entry:
    """One collectivity of the official lists; `name` is « Saint-Denis », « CC du Val », « Département de l’Ain »."""

    kind: str
    epci_type: str
    name: str
    insee: str
    siren: str
    department_code: str
    region_code: str
    population: int | None
    population_year: int | None

    @property
    def key(self) -> str:
        """What names this entry in a choice: `insee:93066`, `siren:243300316`, `region:75`."""
        if self.kind == Kind.COMMUNE:
            return f"insee:{self.insee}"
        return f"siren:{self.siren}" if self.siren else f"{self.kind}:{self.insee}"

    @property
    def display_name(self) -> str:
        """« Plaine Vallée » for « CA Plaine Vallée », but « Communauté urbaine d’Arras »."""
        if self.kind != Kind.EPCI:
            return self.name
        name = _IN_BRACKETS.sub("", self.name)
        rest = _SHORT.sub("", name)
        return self.official_name if re.match(r"(?:de|du|des) |de la |de l’|d’", rest) else rest

    @property
    def official_name(self) -> str:
        if self.kind == Kind.COMMUNE:
            return f"Commune {_of(self.name)}"
        name = _IN_BRACKETS.sub("", self.name)
        if self.epci_type == EpciType.EPT:
            return f"Établissement public territorial {name}"
        rest = _SHORT.sub("", name)
        return name if rest == name else f"{_LONG[self.epci_type]} {rest}"

    @property
    def aliases(self) -> list[str]:
        if self.kind == Kind.COMMUNE:
            return [f"Ville {_of(self.name)}", f"Mairie {_of(self.name)}"]
        if self.kind != Kind.EPCI:
            return []
        bracketed = _IN_BRACKETS.search(self.name)
        names = [_IN_BRACKETS.sub("", self.name), *([bracketed[1]] if bracketed else [])]
        if self.epci_type == EpciType.EPT:
            names = [f"EPT {self.name}"]
        return [name for name in names if name not in {self.official_name, self.display_name}]


def regular_siren(insee: str) -> str:
    """The SIREN that most communes have: 21, département, place in it, and the check digit of Luhn."""
    department, place = ("20", insee[2:]) if insee[1:2] in "AB" else (insee[:2], insee[2:])
    number = f"21{department}{place[0]}0{place[1:]}" if department == "97" else f"21{department}0{place}"
    doubled = (int(digit) * (2 - rank % 2) for rank, digit in enumerate(reversed(number)))
    return number + str(-sum(n - 9 if n > 9 else n for n in doubled) % 10)


def _of(name: str) -> str:
    """« de Rennes », « d’Arras », « du Havre », « de La Ciotat », « des Lilas »."""
    for article, contracted in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"d’{name}" if without_accents(name[:1]).casefold() in "aeiouy" else f"de {name}"


class Gazetteer:
    """The index of one file. A commune becomes an `Entry` only when it is asked for."""

    def __init__(self, text: str) -> None:
        self._year = 0
        self._exceptions: dict[str, int] = {}
        self.departments: dict[str, str] = {}  # code → name
        self._regions: dict[str, str] = {}  # code of the département → of its région
        self._rows: list[tuple[str, str]] = []  # of the communes: code of the département, line
        self._communes: dict[str, list[int]] = {}  # letters of the name proper → rows
        self._others: dict[tuple[str, str], list[Entry]] = {}
        self._codes: dict[str, Entry] = {}
        self._insee: dict[str, int] = {}
        department = ""
        names = []
        for line in text.splitlines():
            if "0" <= line[0] <= "9":
                code, name, _ = line.split("\t", 2)
                self._insee[department + code] = len(self._rows)
                self._rows.append((department, line))
                names.append(name)
                continue
            cells = line.split("\t")
            if line[0] == "D":
                department = cells[1]
                self.departments[department], self._regions[department] = cells[2], cells[3]
                self._other(Kind.DEPARTEMENT, "", cells[4], department, "", department, cells[3], cells[5], cells[2])
            elif line[0] == "R":
                self._other(Kind.REGION, "", cells[3], cells[1], "", "", cells[1], cells[4], cells[2])
            elif line[0] == "S":
                self._other(Kind.STATUT_PARTICULIER, "", cells[3], cells[1], cells[2], cells[4], cells[5], cells[6])
            elif line[0] == "E":
                self._other(Kind.EPCI, cells[1], cells[3], "", cells[2], cells[4], cells[5], cells[6])
            elif line[0] == "Y":
                self._year = int(cells[1])
                self._exceptions = {code: int(year) for code, _, year in (e.partition("=") for e in cells[2].split())}
        for row, name in enumerate(_proper_letters(names)):
            self._communes.setdefault(name, []).append(row)

    def _other(
        self,
        kind: str,
        epci_type: str,
        name: str,
        insee: str,
        siren: str,
        department: str,
        region: str,
        population: str,
        plain: str = "",
    ) -> None:
        if not name:
            return
        people = int(population) if population else None
        year = self._year_of(department, people)
        entry = Entry(kind, epci_type, name, insee, siren, department, region, people, year)
        for code in {entry.siren, entry.insee, entry.key} - {""}:
            self._codes.setdefault(code, entry)
        for known in _names(entry, plain):
            words, core = place_key(known)
            for key in {(words, core), ("", core), ("", letters(known) if words else core)}:
                found = self._others.setdefault(key, [])
                if found[-1:] != [entry]:
                    found.append(entry)

    def _year_of(self, department: str, population: int | None) -> int | None:
        """None for a collectivity overseas without a census of the common date."""
        if population is None or department in {"975", "977", "978", "986", "987", "988"}:
            return None
        return self._exceptions.get(department, self._year)

    def _commune(self, row: int) -> Entry:
        department, line = self._rows[row]
        cells = line.split("\t")
        insee = department + cells[0]
        siren = (cells[3] if cells[3] != "-" else "") if len(cells) > 3 else regular_siren(insee)
        people = int(cells[2]) if cells[2] else None
        region, year = self._regions[department], self._year_of(department, people)
        return Entry(Kind.COMMUNE, "", cells[1], insee, siren, department, region, people, year)

    def entries_named(self, name: str) -> list[Entry]:
        """What may bear this name, the most populated first. Words that tell a kind (« ville de », « CC »…) narrow."""
        kind, core = place_key(name)
        found = list(self._others.get((kind, core)) or self._others.get(("", letters(name)), []))
        if kind in {"commune", ""}:
            found += [self._commune(row) for row in self._communes.get(core, [])]
        return sorted(found, key=lambda e: (-(e.population or 0), e.key))

    def entry_with_code(self, code: str) -> Entry | None:
        """By INSEE code, SIREN, or the `key` of an entry. Two digits are a département's, then a région's."""
        known = self._codes.get(code)
        if known:
            return known
        number = code.removeprefix("insee:").removeprefix("siren:")
        if number in self._insee:
            return self._commune(self._insee[number])
        if len(number) == 9:
            return self._codes.get(number) or next(
                (entry for row in range(len(self._rows)) if (entry := self._commune(row)).siren == number), None
            )
        return None

    def entries_close_to(self, name: str) -> list[Entry]:
        """What bears a name that one slip makes of this one, the most populated first (about 10 ms)."""
        kind, core = place_key(name)
        if len(core) < _CLOSE_ENOUGH:
            return []
        head, tail = core[: len(core) // 2], core[len(core) // 2 + 1 :]
        found = [
            entry
            for (words, other), entries in self._others.items()
            if words == kind and (other.startswith(head) or other.endswith(tail)) and one_slip(core, other)
            for entry in entries
        ]
        if kind in {"commune", ""}:
            found += [
                self._commune(row)
                for other, rows in self._communes.items()
                if (other.startswith(head) or other.endswith(tail)) and one_slip(core, other)
                for row in rows
            ]
        return sorted(set(found), key=lambda e: (-(e.population or 0), e.key))

    def label(self, entry: Entry) -> str:
        """« Saint-Denis (Seine-Saint-Denis, 93) »."""
        return place_label(entry.display_name, self.departments.get(entry.department_code, ""), entry.department_code)


def place_label(name: str, department: str, code: str) -> str:
    return f"{name} ({department}, {code})" if department else name


def _names(entry: Entry, plain: str) -> set[str]:
    """The names that do not share their key: « CC du Val » says it for « Communauté de communes du Val »."""
    if entry.kind != Kind.EPCI:
        return {entry.name, plain} - {""}
    bracketed = _IN_BRACKETS.search(entry.name)
    name = _IN_BRACKETS.sub("", entry.name)
    prefixed = {f"EPT {name}"} if entry.epci_type == EpciType.EPT else set()
    return {name, _SHORT.sub("", name), *prefixed, *([bracketed[1]] if bracketed else [])}


def _proper_letters(names: list[str]) -> list[str]:
    """`place_key(name)[1]` of many names at once: one pass over them all is ten times as fast."""
    text = "\n".join(names).replace("’", "'")
    for ligature, spelled in _LIGATURES:
        text = text.replace(ligature, spelled)
    folded = _LEADING_ARTICLES.sub("", normalize("NFKD", text).encode("ascii", "ignore").decode().lower())
    return folded.encode().translate(None, _NOT_LETTERS).decode().split("\n")


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    return Gazetteer(FILE.read_text(encoding="utf-8"))


def entries_named(name: str) -> list[Entry]:
    return gazetteer().entries_named(name)


def entry_with_code(code: str) -> Entry | None:
    return gazetteer().entry_with_code(code)


class Territories:
    """The départements and regions of the database by code (two queries)."""

    def __init__(self) -> None:
        self.departments = {department.code: department for department in Department.objects.select_related("region")}
        self.regions = {region.code: region for region in Region.objects.all()}


def collectivity_from(entry: Entry, territories: Territories | None = None) -> Collectivity:
    """The collectivity of an entry, not saved; its address still has to be made free."""
    known = territories or Territories()
    return Collectivity(
        kind=entry.kind,
        epci_type=entry.epci_type,
        official_name=entry.official_name[:160],
        display_name=entry.display_name[:160],
        slug=slug(entry.display_name),
        aliases=entry.aliases,
        siren=entry.siren,
        insee_code=entry.insee,
        department=known.departments.get(entry.department_code),
        region=known.regions.get(entry.region_code),
        population=entry.population,
        population_year=entry.population_year,
    )
