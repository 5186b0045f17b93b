"""The three groups of people who work in the admin, and what each may do."""

from typing import Any

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
_JOURNAL = ["importbatch", "importedfile", "importedmission"]


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
    )
    administrator = editor | _all(["user", "group"], "view", "add", "change", "delete") | _all(["siteidentity"], "add")
    return {REDACTEUR: writer, EDITEUR: editor, ADMINISTRATEUR: administrator}


def create_missing_groups(**kwargs: Any) -> None:
    """After each migration: the groups that do not exist yet are made; those that exist are left as they are."""
    from django.contrib.auth.models import Group, Permission

    using = kwargs.get("using", "default")
    for name, codenames in permissions_of().items():
        permissions = list(Permission.objects.using(using).filter(codename__in=codenames))
        if len(permissions) < len(codenames):
            return  # the permissions of a later app are not made yet; its own signal comes
        group, created = Group.objects.using(using).get_or_create(name=name)
        if created:
            group.permissions.set(permissions)
