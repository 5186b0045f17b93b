"""The extracts kept: only public ones, in the order of the address, moved and removed by links."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from projects.basket import MOST, Basket
from projects.models import MethodExtract, MethodUse
from projects.models.mission import State
from tests import factories as make
from tests.pages import page_faults

pytestmark = pytest.mark.django_db


def make_extracts(count: int, **values: str) -> list[int]:
    """The numbers of the extracts of as many missions, with an author each."""
    numbers = []
    for i in range(count):
        mission = make.make_mission(f"Mission {i}", methods=[make.make_method()], **values)
        make.add_author(mission, make.make_person("Ada", f"N{i}"))
        numbers.append(MethodExtract.objects.get(use__mission=mission).pk)
    return numbers


def query(numbers: list[int]) -> str:
    return "&".join(f"e={number}" for number in numbers)


def listed(address: str) -> list[int]:
    return [int(number) for number in parse_qs(urlsplit(address).query).get("e", [])]


def test_address_is_read_with_each_number_once() -> None:
    basket = Basket.asked(QueryDict("e=3&e=1&e=3&e=abc&e=0&e=-1&e=&e=%00&e=9999999999999999999999"))

    assert basket == Basket([3, 1], dropped=6)
    assert basket.url == "/mes-extraits/?e=3&e=1"
    assert basket.carried == "e=3&e=1&"


def test_list_stops_at_its_length() -> None:
    basket = Basket.asked(QueryDict(query(list(range(1, MOST + 3)))))

    assert (len(basket.numbers), basket.dropped) == (MOST, 2)


def test_extracts_are_in_the_order_of_the_address(client: Client) -> None:
    first, second, third = make_extracts(3)

    page = client.get(f"/mes-extraits/?{query([third, first, second])}").context["extracts"]

    assert [kept.extract.number for kept in page.kept] == [third, first, second]
    assert [listed(kept.removed) for kept in page.kept] == [[first, second], [third, second], [third, first]]
    assert [listed(kept.up) for kept in page.kept] == [[], [first, third, second], [third, second, first]]
    assert [listed(kept.down) for kept in page.kept] == [[first, third, second], [third, second, first], []]
    assert page.kept[0].extract.html == ("L’équipe a mené douze <mark>entretiens</mark> avec les agents.")


def test_extract_that_is_not_public_is_dropped_and_said(client: Client) -> None:
    (public,) = make_extracts(1)
    hidden = [*make_extracts(1, state=State.DRAFT), *make_extracts(2)]
    MethodUse.objects.filter(extracts=hidden[1]).update(state=MethodUse.State.PROPOSED)
    MethodUse.objects.filter(extracts=hidden[2]).update(state=MethodUse.State.REFUSED)

    response = client.get(f"/mes-extraits/?{query([*hidden, public, 10**17])}")

    page = response.context["extracts"]
    assert [kept.extract.number for kept in page.kept] == [public]
    assert page.notice == (
        "4 extraits demandés manquent\u00a0: ils ne sont pas publiés, ou la liste en compte plus de 50."
    )
    assert f'data-listed="{public}"' in response.text


def test_quotation_has_the_address_of_the_passage(client: Client) -> None:
    (number,) = make_extracts(1)
    mission = MethodExtract.objects.get(pk=number).use.mission

    text = client.get(f"/mes-extraits/?e={number}").text

    assert "Ada N0, «\u00a0Mission 0\u00a0», dans Recueil 2019, édition 2019/2020" in text
    assert f"http://testserver{mission.get_absolute_url()}#rubrique-3" in text


@pytest.mark.parametrize("asked", ["", "e=", "e=abc", "e=%00", "e=%ED%A0%80", "e=1e9", "e=12345"])
def test_list_of_nothing_is_a_page(client: Client, asked: str) -> None:
    response = client.get(f"/mes-extraits/?{asked}")

    assert "Aucun extrait dans cette liste." in response.text
    assert page_faults(response.text) == []


@pytest.mark.parametrize("items", [1, 3])
def test_list_costs_the_same_for_one_and_three(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, items: int
) -> None:
    numbers = make_extracts(items)

    with django_assert_num_queries(7):
        response = client.get(f"/mes-extraits/?{query(numbers)}")

    assert len(response.context["extracts"].kept) == items
    assert page_faults(response.text) == []


def test_pages_carry_the_list_of_their_address(client: Client) -> None:
    kept, other = make_extracts(2)
    mission = MethodExtract.objects.get(pk=other).use.mission

    for page in ("/methodes/entretiens/", "/methodes/familles/diagnostic/", mission.get_absolute_url()):
        text = client.get(f"{page}?e={kept}").text

        assert f'href="/mes-extraits/?e={kept}&amp;e={other}"' in text.replace("&e=", "&amp;e=")


def test_extract_of_a_draft_cannot_be_kept(admin_client: Client) -> None:
    (number,) = make_extracts(1, state=State.DRAFT)
    mission = MethodExtract.objects.get(pk=number).use.mission

    text = admin_client.get(mission.get_absolute_url()).text

    assert "Voir la référence" in text
    assert "Ajouter à mes extraits" not in text
