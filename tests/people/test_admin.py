"""People and places in the admin: what missions name is searched under its new name, and masked names are not."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from people.models import Consent, Person
from projects import search
from projects.models import Mission, SearchDocument
from tests import factories, forms

pytestmark = pytest.mark.django_db


def save(client: Client, thing: Any, **changes: str) -> Any:
    opts = thing._meta
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[thing.pk])
    data: dict[str, Any] = dict(forms.form_data(client.get(url).text, f"{opts.model_name}_form"))
    return client.post(url, data | changes)


def words_of(mission: Mission) -> list[str]:
    return SearchDocument.objects.get(mission=mission).words.split("\n")


@pytest.fixture
def mission() -> Mission:
    place = factories.make_collectivity("Brest", region=factories.make_region())
    mission = factories.make_mission(
        collectivities=[place], methods=[factories.make_method()], domains=[factories.make_domain()]
    )
    factories.add_author(mission, factories.make_person("Zoé", "Œuvrard"))
    search.reindex([mission])
    return mission


@pytest.mark.parametrize("mode", ["masque", "initiales"])
def test_hidden_name_leaves_the_search(admin_client: Client, mission: Mission, mode: str) -> None:
    assert "oeuvrard" in words_of(mission)

    save(admin_client, Person.objects.get(), display_mode=mode)

    assert "oeuvrard" not in words_of(mission)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("authorships.first.person", "last_name"),
        ("collectivities.first", "display_name"),
        ("collectivities.first.region", "name"),
        ("theme", "name"),
        ("domains.first", "name"),
        ("method_uses.first.method", "name"),
    ],
)
def test_renamed_thing_is_searched_under_its_new_name(
    admin_client: Client, mission: Mission, path: str, field: str
) -> None:
    thing: Any = mission
    for step in path.split("."):
        thing = getattr(thing, step)
        thing = thing() if step == "first" else thing

    answer = save(admin_client, thing, **{field: "Hydravion"})

    assert answer.status_code == 302
    assert "hydravion" in words_of(mission)


def test_deleted_domain_leaves_the_search(admin_client: Client, mission: Mission) -> None:
    domain = mission.domains.get()
    assert "usager" in words_of(mission)

    admin_client.post(reverse("admin:projects_domain_delete", args=[domain.pk]), {"post": "yes"})

    assert "usager" not in words_of(mission)


def test_lists_are_written_one_per_line(admin_client: Client) -> None:
    person = factories.make_person("Ali", "Touré", aliases=["Toure"])

    save(admin_client, person, aliases="Toure\r\n\r\n A. Touré \r\nToure")

    person.refresh_from_db()
    assert person.aliases == ["Toure", "A. Touré"]


def test_untouched_list_is_kept(admin_client: Client) -> None:
    person = factories.make_person("Ali", "Touré", aliases=["Toure", "A. Touré"])

    save(admin_client, person, first_name="Aly")

    person.refresh_from_db()
    assert (person.first_name, person.aliases) == ("Aly", ["Toure", "A. Touré"])


def test_consent_is_added_on_the_person(admin_client: Client) -> None:
    person = factories.make_person()

    save(
        admin_client,
        person,
        **{
            "consents-TOTAL_FORMS": "1",
            "consents-0-person": str(person.pk),
            "consents-0-scope": "web",
            "consents-0-given_on": "01/02/2020",
            "consents-0-proof": "Courrier du 1er février",
        },
    )

    assert list(Consent.objects.values_list("person", "scope")) == [(person.pk, "web")]


def test_address_is_made_from_the_name(admin_client: Client) -> None:
    factories.make_domain("L’eau")
    url = reverse("admin:projects_domain_add")
    data: dict[str, Any] = dict(forms.form_data(admin_client.get(url).text, "domain_form"))

    admin_client.post(url, data | {"name": "L’Eau !"})

    assert "l-eau-2" in mission_slugs()


def mission_slugs() -> list[str]:
    from projects.models import Domain

    return list(Domain.objects.values_list("slug", flat=True))
