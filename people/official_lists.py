"""The official lists of the French territory → the lines of the gazetteer (see `people.gazetteer` for their form).

Read: `communes.json`, `epci.json`, `ept.json`, `departements.json`, `regions.json` and `package.json` of the package
`@etalab/decoupage-administratif`, unpacked. The population of a group is the sum of its communes', as its own figure is
of another year; its département is the one where most of them live, since the lists tell no seat.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from casebook.reference import BadReference, read_json
from casebook.text import NBSP
from people.gazetteer import regular_siren

_ARTICLES = ("de ", "d’", "du ", "de la ", "des ", "de l’", "aux ", "de las ", "de los ")  # by INSEE's « typeLiaison »
_EPCI_TYPES = {"CC": "CC", "CA": "CA", "CU": "CU", "METRO": "metropole"}
# (code, SIREN, name, région, département, départements whose communes it covers); what the lists do not tell.
_PARTICULAR = (
    ("75056", "217500016", "Ville de Paris", "11", "75", ("75",)),
    ("", "200094332", "Collectivité européenne d’Alsace", "44", "", ("67", "68")),
    ("94", "200076958", "Collectivité de Corse", "94", "", ("2A", "2B")),
    ("972", "200055507", "Collectivité territoriale de Martinique", "02", "972", ("972",)),
    ("973", "200052678", "Collectivité territoriale de Guyane", "03", "973", ("973",)),
    ("976", "229850003", "Département-Région de Mayotte", "06", "976", ("976",)),
)
_NO_REGION = {"94", "02", "03", "06"}  # régions that a collectivity above replaces
_NO_DEPARTMENT = {"75", "2A", "2B", "972", "973", "976"}
_OLD_CENSUS = {"976": "2017"}


def gazetteer_lines(folder: Path, date: str, population_year: int) -> Iterator[str]:
    """Every line of the file, in the order of the codes. Raises `BadReference`."""
    version = _object(folder / "package.json").get("version", "?")
    communes = [c for c in _rows(folder, "communes") if c.get("type") == "commune-actuelle"]
    by_code = {c["code"]: c for c in communes}
    yield "# Communes, groupements, départements et régions de France. Licence Ouverte 2.0."
    yield f"# Source{NBSP}: paquet @etalab/decoupage-administratif {version} (Insee, DGCL), du {date}."
    yield "# Fait par manage.py build_gazetteer. La forme des lignes est dite dans people/gazetteer.py."
    yield f"Y\t{population_year}\t" + " ".join(f"{code}={year}" for code, year in _OLD_CENSUS.items())
    for region in _mainland_and_overseas(_rows(folder, "regions")):
        code, name = region["code"], _typeset(region["nom"])
        own = "" if code in _NO_REGION else f"Région {name}"
        yield _line("R", code, name, own, _population(c for c in communes if c["region"] == code))
    for code, siren, name, region_code, department, covered in _PARTICULAR:
        people = _population(c for c in communes if c["departement"] in covered)
        yield _line("S", code, siren, name, department, region_code, people)
    for group in [*_rows(folder, "epci"), *_rows(folder, "ept")]:
        yield _group_line(group, [by_code[m["code"]] for m in group["membres"] if m["code"] in by_code])
    for row in _rows(folder, "departements"):
        yield from _department_lines(row, communes)


def _department_lines(department: dict[str, Any], communes: list[dict[str, Any]]) -> Iterator[str]:
    code, name = department["code"], _typeset(department["nom"])
    own = [c for c in communes if c["departement"] == code and c["code"] != "75056"]
    title = f"Département {_ARTICLES[department['typeLiaison']]}{name}"
    if code in _NO_DEPARTMENT or department["zone"] == "com":
        title = ""
    yield _line("D", code, name, department["region"], title, _population(own) if title else "")
    for commune in sorted(own, key=lambda c: str(c["code"])):
        siren = commune.get("siren", "-")
        yield _line(
            commune["code"].removeprefix(code),
            _typeset(commune["nom"]),
            commune.get("population", ""),
            *([] if siren == regular_siren(commune["code"]) else [siren]),
        )


def _group_line(group: dict[str, Any], members: list[dict[str, Any]]) -> str:
    weights: Counter[tuple[str, str]] = Counter()
    for commune in members:
        weights[commune["departement"], commune["region"]] += commune.get("population", 0)
    (department, region), _ = max(weights.items(), key=lambda item: (item[1], item[0]), default=(("", ""), 0))
    name, people = _typeset(group["nom"]), _population(members)
    if group["type"] == "MET69":
        return _line("S", "69M", group["code"], name, department, region, people)
    kind = "EPT" if group["type"] == "EPT" else _EPCI_TYPES.get(group["type"])
    if kind is None:
        raise BadReference(f"epci.json, {name}{NBSP}: le type «{NBSP}{group['type']}{NBSP}» n’est pas connu.")
    if kind == "CU" and not name.startswith("CU "):
        name = f"CU {name}"
    return _line("E", kind, group["code"], name, department, region, people)


def _mainland_and_overseas(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["zone"] != "com"]


def _population(communes: Iterable[dict[str, Any]]) -> int:
    return sum(c.get("population", 0) for c in communes)


def _line(*cells: object) -> str:
    return "\t".join(str(cell) for cell in cells)


def _typeset(name: str) -> str:
    return " ".join(name.replace("'", "’").split())


def _object(path: Path) -> dict[str, Any]:
    content = read_json(path)
    if not isinstance(content, dict):
        raise BadReference(f"{path.name}{NBSP}: un objet est attendu.")
    return content


def _rows(folder: Path, name: str) -> list[dict[str, Any]]:
    path = folder / "data" / f"{name}.json"
    content = read_json(path)
    if not isinstance(content, list) or not all(isinstance(row, dict) and "code" in row for row in content):
        raise BadReference(f"{path.name}{NBSP}: une liste d’objets avec leur «{NBSP}code{NBSP}» est attendue.")
    return sorted(content, key=lambda row: str(row["code"]))
