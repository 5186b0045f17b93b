"""What any instance needs before its first mission: site identity, domains, methods, territories, resources."""

from pathlib import Path

from django.conf import settings
from django.db import transaction

from casebook.reference import Loader, Tally, entries, load_site
from casebook.text import fold, slug
from people.models import Collectivity
from people.territories import load_collectivities, load_departments, load_regions
from projects import search
from projects.models import Domain, Method, Mission, Resource, SearchSynonym

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "reference"


@transaction.atomic
def load_reference(folder: Path = FOLDER, update: bool = False) -> list[str]:
    """Create what is missing, leave what exists as staff made it (unless `update`): one French line per kind.

    All or nothing; raises `BadReference` for a wrong file.
    """
    territories = folder / "territories.json"
    tallies = [
        (load_site(folder / "site.json", update), "identité du site", "identités du site", True),
        (load_domains(folder / "domains.json", update), "domaine", "domaines", False),
        (load_methods(folder / "methods.json", update), "méthode", "méthodes", True),
        (load_synonyms(folder / "synonyms.json", update), "synonyme", "synonymes", False),
        (load_regions(territories, update), "région", "régions", True),
        (load_departments(territories, update), "département", "départements", False),
        (load_collectivities(territories, update), "collectivité", "collectivités", True),
        (load_resources(folder / "resources.json", update), "ressource", "ressources", True),
    ]
    search.reindex(Mission.objects.all())  # names and synonyms that it holds may have changed
    return [tally.line(singular, several, feminine) for tally, singular, several, feminine in tallies]


def load_domains(path: Path, update: bool = False) -> Tally:
    known = {domain.slug: domain for domain in Domain.objects.all()}
    loader = Loader(update)
    for entry in entries(path):
        loader.put(
            entry,
            Domain,
            known.get(entry.text("slug")),
            slug=entry.text("slug"),
            name=entry.text("name"),
            description=entry.text("description"),
        )
    return loader.tally


def load_methods(path: Path, update: bool = False) -> Tally:
    known = {method.slug: method for method in Method.objects.all()}
    loader = Loader(update)
    written = []
    for entry in entries(path):
        address = slug(entry.text("name"))
        method, new = loader.put(
            entry,
            Method,
            known.get(address),
            slug=address,
            name=entry.text("name"),
            kind=entry.choice("kind", Method.Kind.values),
            family=entry.text("family"),
            definition=entry.text("definition"),
            steps=entry.texts("steps"),
            limits=entry.text("limits"),
            synonyms=entry.texts("synonyms"),
        )
        known[address] = method
        if new:
            written.append((entry, method))
    for entry, method in written:
        for name in entry.texts("related"):
            if slug(name) not in known:
                raise entry.bad(f"la méthode voisine «\u00a0{name}\u00a0» n’est pas connue.")
        method.related.add(*(known[slug(name)] for name in entry.texts("related")))
    return loader.tally


def load_synonyms(path: Path, update: bool = False) -> Tally:
    """Groups that are not there yet, whole; a group that staff have is theirs (unless `update`)."""
    known = {(row.group, row.text): row for row in SearchSynonym.objects.all()}
    groups = {group for group, _ in known}
    loader = Loader(update)
    new = {}
    for entry in entries(path):
        group = entry.text("group")
        for text in entry.texts("terms"):
            if (group, text) in new:
                raise entry.bad(f"le terme «\u00a0{text}\u00a0» est deux fois dans le groupe.")
            if row := known.get((group, text)):
                loader.put(entry, SearchSynonym, row, group=group, text=text)
            elif group not in groups or update:
                new[group, text] = entry
    loader.put_new((entry, SearchSynonym(group=group, text=text)) for (group, text), entry in new.items())
    return loader.tally


def load_resources(path: Path, update: bool = False) -> Tally:
    """Resources with their methods and collectivities, known by their title."""
    known = {resource.slug: resource for resource in Resource.objects.all()}
    methods = {fold(method.name): method for method in Method.objects.all()}
    known_places = list(Collectivity.objects.all())
    places = {fold(name): place for place in known_places for name in place.aliases}
    places.update({fold(place.official_name): place for place in known_places})
    loader = Loader(update)
    for entry in entries(path):
        for key, index, what in (("methods", methods, "la méthode"), ("collectivities", places, "la collectivité")):
            for name in entry.texts(key):
                if fold(name) not in index:
                    raise entry.bad(f"{what} «\u00a0{name}\u00a0» n’est pas connue.")
        address = slug(entry.text("title"))
        resource, written = loader.put(
            entry,
            Resource,
            known.get(address),
            slug=address,
            kind=entry.choice("kind", Resource.Kind.values),
            title=entry.text("title"),
            date=entry.text("date"),
            publisher=entry.text("publisher"),
            summary=entry.text("summary"),
            url=entry.text("url"),
        )
        if written:
            resource.methods.set(methods[fold(name)] for name in entry.texts("methods"))
            resource.collectivities.set(places[fold(name)] for name in entry.texts("collectivities"))
    return loader.tally
