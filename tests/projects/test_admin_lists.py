"""Every list of the admin costs the same number of queries, however many things it shows."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.models import Department
from projects.models import BinItem, ImportBatch, ImportedFile, ImportedMission, Resource, SearchSynonym
from tests import factories as make

pytestmark = pytest.mark.django_db


def make_batch(number: int) -> None:
    edition = make.make_edition(2000 + number)
    user = User.objects.create_user(f"auteur {number}")
    batch = ImportBatch.objects.create(edition=edition, user=user, document={"title": "Recueil"})
    ImportedFile.objects.create(batch=batch, name="recueil.md", checksum=f"{number:064}", size=1)
    ImportedMission.objects.create(batch=batch, position=1, mission=make_mission(number), outcome="creee", proposal={})


def make_mission(number: int) -> Any:
    place = make.make_collectivity(f"Ville {number}")
    edition, theme = make.make_edition(1990 + number), make.make_theme(f"Thème {number}", number)
    return make.make_mission(f"Fiche {number}", collectivities=[place], edition=edition, theme=theme)


def make_person(number: int) -> None:
    person = make.make_person("Zoé", f"Martin {number}", promotion=make.make_promotion(f"Promotion {number}"))
    make.add_author(make_mission(number), person)


def make_user(number: int) -> None:
    User.objects.create_user(f"membre {number}", is_staff=True).groups.add(Group.objects.order_by("pk").first())


# one more row of each list, with what the list shows around it
MAKERS: dict[str, Callable[[int], Any]] = {
    "auth.Group": lambda number: Group.objects.create(name=f"Groupe {number}"),
    "auth.User": make_user,
    "people.Collectivity": lambda number: make.make_collectivity(
        f"Ville {number}", department=make.make_department(f"Dép. {number}", str(number)), region=make.make_region()
    ),
    "people.Department": lambda number: Department.objects.create(
        code=str(number), name=f"Dép. {number}", region=make.make_region(f"Région {number}", str(number))
    ),
    "people.Person": make_person,
    "people.Promotion": lambda number: make.make_promotion(f"Promotion {number}"),
    "people.Region": lambda number: make.make_region(f"Région {number}", str(number)),
    "projects.BinItem": lambda number: BinItem.objects.create(kind="projects.theme", thing=number, name="Ancien"),
    "projects.Domain": lambda number: make.make_domain(f"Domaine {number}"),
    "projects.Edition": lambda number: make.make_edition(2000 + number),
    "projects.ImportBatch": make_batch,
    "projects.Method": lambda number: make.make_method(f"Méthode {number}"),
    "projects.Mission": make_mission,
    "projects.Resource": lambda number: Resource.objects.create(kind="prix", title="Prix", slug=f"prix-{number}"),
    "projects.SynonymGroup": lambda number: SearchSynonym.objects.create(group=f"g{number}", text=f"terme {number}"),
    "projects.Theme": lambda number: make.make_theme(f"Thème {number}", number),
}
LISTS = sorted(model._meta.label for model in admin.site._registry if model.__name__ != "SiteIdentity")


@pytest.mark.parametrize("label", LISTS)
def test_list_costs_the_same_for_1_and_3(label: str, admin_client: Client) -> None:
    model = next(model for model in admin.site._registry if model._meta.label == label)
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    MAKERS[label](1)
    make.make_region("Ailleurs", "99")  # a filter with a single choice is not shown
    admin_client.get(url)

    with CaptureQueriesContext(connection) as one:
        admin_client.get(url)
    for number in (2, 3):
        MAKERS[label](number)
    with CaptureQueriesContext(connection) as three:
        admin_client.get(url)

    assert len(three) == len(one), [query["sql"][:200] for query in three.captured_queries]
