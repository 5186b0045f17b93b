"""Every address of the URL configuration, with what it takes; one that nobody has told fails the tests."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, URLResolver, get_resolver

from casebook.models import SiteIdentity
from people.models import Collectivity, Department, Person, Promotion, Region
from projects.models import Domain, Edition, Method, Mission, Resource, SynonymGroup, Theme
from tests.leaks.world import SECRET, World

_OBJECT = re.compile(r"<(?:path|int|str|slug):(\w+)>")
_MODELS: dict[str, Any] = {
    "casebook_siteidentity": SiteIdentity,
    "people_promotion": Promotion,
    "people_person": Person,
    "people_collectivity": Collectivity,
    "people_region": Region,
    "people_department": Department,
    "projects_edition": Edition,
    "projects_theme": Theme,
    "projects_domain": Domain,
    "projects_method": Method,
    "projects_resource": Resource,
    "projects_synonymgroup": SynonymGroup,
    "auth_user": User,
    "auth_group": Group,
}


def patterns() -> Iterator[tuple[str, str]]:
    """(name, route) of every address, the admin's included."""

    def walk(found: list[Any], before: str) -> Iterator[tuple[str, str]]:
        for pattern in found:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            elif isinstance(pattern, URLPattern):
                yield pattern.name or "", route

    yield from walk(get_resolver().url_patterns, "")


def admin_addresses(world: World) -> Iterator[tuple[str, str]]:
    """(name, address) of every page of the admin, about things that bear the secret."""
    for name, route in patterns():
        if not route.startswith("admin/") or route.endswith("(?P<url>.*)$"):
            continue  # public, or the catch-all of what does not exist
        if name == "app_list":
            yield from ((name, f"/admin/{app}/") for app in ("casebook", "people", "projects", "auth"))
            continue
        for values in _values(world, name, route):
            yield name or "bare", f"/{_OBJECT.sub(lambda found, values=values: str(values[found[1]]), route)}"


def _values(world: World, name: str, route: str) -> list[dict[str, Any]]:
    """What stands in the places of the route: one dictionary for each thing to ask for."""
    places = set(_OBJECT.findall(route))
    if not places:
        return [{}]
    if places == {"first", "last"}:
        return [{"first": 1, "last": 1}]
    if "token" in places:
        return [{"token": f"x{SECRET}"}]
    if "content_type_id" in places:
        things = [world.hidden[0], world.copy, world.masked]
        return [
            {"content_type_id": ContentType.objects.get_for_model(thing).pk, "object_id": thing.pk} for thing in things
        ]
    if "importbatch" in route:
        return [{"pk": world.batch.pk, "object_id": world.batch.pk, "position": 1}]
    if "binitem" in route:
        return [{"object_id": item.pk} for item in world.binned]
    if "/mission/" in route:
        return [{"object_id": one.pk, "pk": one.pk} for one in (world.hidden[0], world.published, world.copy)]
    app, model = route.split("/")[1:3]
    first = _MODELS[f"{app}_{model}"].objects.order_by("-pk").first()
    assert first is not None, f"No {model} in the world of the leak tests"
    return [{"object_id": first.pk, "pk": first.pk}]


def extra_addresses(world: World) -> Iterator[tuple[str, str]]:
    """The same pages asked for something."""
    typed = SECRET[:-1]  # not the whole word, which an answer may repeat
    mission = f"/admin/projects/mission/{world.hidden[0].pk}"
    for kind in ("person", "collectivity", "method", "mission"):
        yield "projects_doubles", f"/admin/projects/mission/existe-deja/?nature={kind}&q=titre+{typed}+hermin+brouillon"
    yield "projects_everything", f"/admin/projects/mission/chercher/?q={typed}"
    yield "projects_mission_comparer", f"{mission}/history/comparer/?de=actuel&a=actuel"
    yield "projects_mission_changelist", f"/admin/projects/mission/?q={typed}&copie=oui"
    for model, field in (("mission", "edition"), ("mission", "theme"), ("authorship", "person")):
        asked = f"app_label=projects&model_name={model}&field_name={field}&term={typed}"
        yield "autocomplete", f"/admin/autocomplete/?{asked}"
    yield "audit", f"/admin/qui-a-fait-quoi/?objet={ContentType.objects.get_for_model(Mission).pk}-{world.hidden[0].pk}"
    assert LogEntry.objects.exists()
