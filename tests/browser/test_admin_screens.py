"""The desk, every list, the forms and the empty states of the admin in a browser: axe, the console, the width."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from projects import search
from projects.models import Method, StateChange
from projects.models.mission import State
from tests import factories as make
from tests.browser.conftest import PageFactory, axe_violations, page_faults, sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def chief() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("chef", password="regards-croises"))  # noqa: S106
    return client


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_desk_and_lists_are_accessible_and_quiet(
    browser_page: PageFactory, chief: Client, width: int, scheme: str
) -> None:
    edition = make.make_edition()
    for number, state in enumerate(State.values, start=1):
        mission = make.make_mission(f"Fiche {state}", edition=edition, number=number, state=state)
        make.add_author(mission, make.make_person("Zoé", f"Martin-{state}"))
    search.rebuild()
    lists = [f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist" for m in admin.site._registry]
    addresses = [reverse(name) for name in ("admin:index", "admin:projects_everything", *lists)]
    page = browser_page(width, scheme, client=chief)

    faults = {}
    for address in [*addresses, f"{reverse('admin:projects_everything')}?q=fiche"]:
        page.goto(address)
        faults[address] = [*page_faults(page), *axe_violations(page), *["sideways"] * (sideways_scroll(page) > 0)]

    assert {address: found for address, found in faults.items() if found} == {}


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_forms_and_empty_states_are_accessible_and_quiet(
    browser_page: PageFactory, chief: Client, width: int, scheme: str
) -> None:
    mission = make.make_mission(methods=[make.make_method()])
    person = make.make_person("Zoé", "Martin")
    make.add_author(mission, person)
    archived = make.make_mission("Retirée")
    missions = reverse("admin:projects_mission_changelist")
    chief.post(missions, {"action": "archive", "_selected_action": [archived.pk], "note": ""})
    passage = StateChange.objects.get().pk
    addresses = [
        reverse("admin:projects_mission_add"),
        reverse("admin:projects_mission_change", args=[mission.pk]),
        reverse("admin:projects_mission_undo", args=[passage, passage]),
        reverse("admin:people_person_change", args=[person.pk]),
        reverse("admin:projects_method_change", args=[Method.objects.get().pk]),
        reverse("admin:people_collectivity_add"),
        reverse("admin:projects_binitem_changelist"),
        f"{missions}?q=introuvable",
    ]
    page = browser_page(width, scheme, client=chief)

    faults = {}
    for address in addresses:
        heard = len(page_faults(page))  # axe itself tries a style that the policy refuses
        page.goto(address)
        faults[address] = [
            *page_faults(page)[heard:],
            *axe_violations(page),
            *["sideways"] * (sideways_scroll(page) > 0),
        ]

    assert {address: found for address, found in faults.items() if found} == {}
