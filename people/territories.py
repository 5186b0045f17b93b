"""Régions, départements and collectivities from reference data: create what is missing, merge other names."""

from collections import Counter
from pathlib import Path
from typing import TypeVar

from casebook.reference import Entry, Loader, Tally, entries, save
from casebook.text import first_free, fold, slug
from people.models import Collectivity, Department, Region

Place = TypeVar("Place", Region, Department)


def load_regions(path: Path, update: bool = False) -> Tally:
    known = {region.code: region for region in Region.objects.all()}
    loader = Loader(update)
    for entry in entries(path, "regions"):
        code, name = entry.text("code"), entry.text("name")
        loader.put(entry, Region, known.get(code), code=code, name=name, slug=slug(name))
    return loader.tally


def load_departments(path: Path, update: bool = False) -> Tally:
    known = {department.code: department for department in Department.objects.all()}
    regions = {region.code: region for region in Region.objects.all()}
    loader = Loader(update)
    for entry in entries(path, "departments"):
        code = entry.text("code")
        region = regions.get(entry.text("region"))
        if region is None:
            raise entry.bad(f"la région de code «\u00a0{entry.text('region')}\u00a0» n’est pas connue.")
        loader.put(entry, Department, known.get(code), code=code, name=entry.text("name"), region=region)
    return loader.tally


def load_collectivities(path: Path, update: bool = False) -> Tally:
    """Match by SIREN, then by kind and INSEE code, then by official name; the other names are always merged."""
    found = entries(path, "collectivities")
    shared = {name for name, count in Counter(slug(entry.text("display_name")) for entry in found).items() if count > 1}
    rows = list(Collectivity.objects.all())
    by_siren = {row.siren: row for row in rows if row.siren}
    by_code = {(row.kind, row.insee_code): row for row in rows if row.insee_code}
    by_name = {fold(row.official_name): row for row in rows}
    taken = shared | {row.slug for row in rows}
    regions = {region.code: region for region in Region.objects.all()}
    departments = {department.code: department for department in Department.objects.all()}
    loader = Loader(update)
    for entry in found:
        kind = entry.choice("kind", Collectivity.Kind.values)
        known = (
            by_siren.get(entry.text("siren"))
            or by_code.get((kind, entry.text("insee_code")))
            or by_name.get(fold(entry.text("official_name")))
        )
        department = _place(entry, "department", departments)
        aliases = entry.texts("aliases")
        row, written = loader.put(
            entry,
            Collectivity,
            known,
            kind=kind,
            epci_type=entry.choice("epci_type", Collectivity.EpciType.values),
            official_name=entry.text("official_name"),
            display_name=entry.text("display_name"),
            slug=known.slug if known else address_of(entry.text("display_name"), department, taken),
            aliases=merged(known.aliases if known else [], aliases),
            siren=entry.text("siren"),
            insee_code=entry.text("insee_code"),
            department=department,
            region=_place(entry, "region", regions),
            population=entry.whole("population"),
            population_year=entry.whole("population_year"),
            website=entry.text("website"),
            note=entry.text("note"),
        )
        taken.add(row.slug)
        if not written:
            own = [row.official_name, row.display_name]
            names = merged([*own, *row.aliases], [entry.text("official_name"), *aliases])[len(own) :]
            if names != row.aliases:
                row.aliases = names
                save(entry, row)
    return loader.tally


def address_of(name: str, department: Department | None, taken: set[str]) -> str:
    """`saint-denis`, or `saint-denis-93` when several collectivities share the name."""
    address = slug(name)
    if address in taken and department is not None:
        address = f"{address}-{department.code.lower()}"
    return first_free(address, taken)


def merged(names: list[str], more: list[str]) -> list[str]:
    """The names, then those of `more` that are not there yet under another spelling."""
    result, seen = list(names), {fold(name) for name in names}
    for name in more:
        if fold(name) not in seen:
            seen.add(fold(name))
            result.append(name)
    return result


def _place(entry: Entry, key: str, known: dict[str, Place]) -> Place | None:
    code = entry.text(key)
    if code and code not in known:
        raise entry.bad(f"le code «\u00a0{code}\u00a0» de «\u00a0{key}\u00a0» n’est pas connu.")
    return known.get(code)
