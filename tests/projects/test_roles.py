"""The three groups: made by a migration, completed by it, made again in an emptied database."""

import importlib
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import connection

from projects import roles

pytestmark = pytest.mark.django_db

migration = importlib.import_module("projects.migrations.0006_groups")


class _Editor:
    """What a migration is given."""

    connection = connection


def codenames(name: str) -> set[str]:
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def test_groups_have_the_permissions_that_are_written() -> None:
    assert {name: codenames(name) for name in roles.permissions_of()} == roles.permissions_of()


def test_migration_makes_the_groups_and_their_permissions_first() -> None:
    Group.objects.all().delete()
    Permission.objects.all().delete()

    migration.make_groups(apps, _Editor)

    assert {name: codenames(name) for name in roles.permissions_of()} == roles.permissions_of()


def test_migration_completes_an_older_group_and_keeps_what_was_changed_in_it() -> None:
    group = Group.objects.get(name=roles.REDACTEUR)
    new = set(Permission.objects.filter(content_type__model__in=["synonymgroup", "statechange"]))
    kept = Permission.objects.get(codename="view_person")
    group.permissions.set([kept])

    migration.make_groups(apps, _Editor)

    assert set(group.permissions.all()) == {kept} | {p for p in new if p.codename.startswith("view_")}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_groups_are_there_again_after_a_database_was_emptied(turn: int) -> None:
    """A transactional test empties the database when it ends: the second turn is after that."""
    assert {name: codenames(name) for name in roles.permissions_of()} == roles.permissions_of()
    people: Any = Group.objects.all()
    people.delete()
