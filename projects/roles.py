"""The three groups of people who work in the admin, and what each may do."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS

REDACTEUR, EDITEUR, ADMINISTRATEUR = "Rédacteurs", "Éditeurs", "Administrateurs"

_CONTENT = [
    "mission",
    "missioncollectivity",
    "section",
    "keyfigure",
    "testimonial",
    "speaker",
    "reference",
    "deliverable",
    "authorship",
    "tutorship",
    "followup",
    "methoduse",
    "methodextract",
]
_CATALOGUE = ["edition", "editiontheme", "editionpromotion", "theme", "domain", "method", "resource", "synonymgroup"]
_PEOPLE = ["person", "promotion", "collectivity", "consent"]
_JOURNAL = ["importbatch", "importedfile", "importedmission", "statechange"]


def _all(models: list[str], *actions: str) -> set[str]:
    return {f"{action}_{model}" for model in models for action in actions}


def permissions_of() -> dict[str, set[str]]:
    """Group name → code names of its permissions. Rédacteurs write, éditeurs publish too."""
    writer = (
        _all(_CONTENT, "view", "add", "change")
        | (_all(_CONTENT, "delete") - {"delete_mission"})
        | _all(_CATALOGUE + _JOURNAL, "view")
        | _all(_PEOPLE, "view", "add", "change")
        | _all(["region", "department"], "view")
    )
    editor = (
        writer
        | {"publish_mission", "delete_mission"}
        | _all(_CATALOGUE + _PEOPLE, "view", "add", "change", "delete")
        | _all(["siteidentity"], "view", "change")
        | {"view_binitem"}
    )
    administrator = (
        editor
        | {"delete_binitem"}
        | _all(["user", "group"], "view", "add", "change", "delete")
        | _all(["siteidentity"], "add")
    )
    return {REDACTEUR: writer, EDITEUR: editor, ADMINISTRATEUR: administrator}


def create_missing_groups(apps: Any = apps, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """The groups that do not exist yet, with the permissions that exist; those that exist are left as they are.

    A migration makes them. Emptying a database (`flush`, as `demo --reset` and transactional tests do) removes them and
    runs no migration: they are made again by the signal that follows it, once the last app has its permissions."""
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in permissions_of().items():
        permissions = list(Permission.objects.using(using).filter(codename__in=codenames))
        if "sender" in kwargs and len(permissions) < len(codenames):
            return  # the permissions of a later app are not made yet; its own signal comes
        group, created = Group.objects.using(using).get_or_create(name=name)
        if created:
            group.permissions.set(permissions)


def grant(apps: Any, using: str, models: Iterable[str]) -> None:
    """For a migration that adds models: the groups that exist get their permissions on these, and keep the rest."""
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in permissions_of().items():
        found = Permission.objects.using(using).filter(codename__in=codenames, content_type__model__in=list(models))
        for group in Group.objects.using(using).filter(name=name):
            group.permissions.add(*found)
