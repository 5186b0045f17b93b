"""Two or three methods side by side; what cannot be compared is said."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from projects.method_comparison import compare
from projects.models import MethodUse
from projects.models.mission import State
from tests import factories as make
from tests.pages import page_faults

pytestmark = pytest.mark.django_db


def make_methods(count: int) -> str:
    """Methods « a », « b »… that two missions share, and the query that compares them."""
    methods = [make.make_method(name, steps=["Un"], limits="Deux") for name in "abcd"[:count]]
    for title in ("Un", "Deux"):
        make.make_mission(title, methods=methods, domains=[make.make_domain(f"Domaine {title}")])
    return "&".join(f"m={method.slug}" for method in methods)


def test_methods_are_in_the_order_asked_with_their_own_counts() -> None:
    interviews, survey, game = (make.make_method(name) for name in ("Entretiens", "Sondage", "Jeu"))
    both = make.make_mission("Les deux", number=2, methods=[interviews, survey], domains=[make.make_domain("Eau")])
    used = make.make_mission("Une", number=9, methods=[interviews, game])
    make.make_mission("Brouillon", methods=[interviews, survey], state=State.DRAFT)
    MethodUse.objects.filter(mission=both, method=interviews).update(role="preconisee", moment="ideation")

    result = compare(["sondage", "entretiens"], "https://exemple.fr")

    assert [(c.method, c.used, c.advised, [m.name for m in c.moments], c.domains) for c in result.columns] == [
        (survey, 1, 0, [], [("Eau", 1)]),
        (interviews, 1, 1, ["Idéation"], [("Eau", 1)]),
    ]
    assert [column.extract and column.extract.url for column in result.columns] == [
        f"{both.get_absolute_url()}#rubrique-3",
        f"{used.get_absolute_url()}#rubrique-3",  # what was used goes before what is advised
    ]
    assert (result.common, result.common_count) == ([both], 1)
    assert result.heading == "Comparer Sondage et Entretiens"


@pytest.mark.parametrize(
    ("asked", "columns", "notice"),
    [
        ([], 0, ""),
        (["a"], 0, ""),
        (["a", "a"], 0, ""),
        (["a", "inconnue"], 0, "«\u00a0inconnue\u00a0»\u00a0: cette méthode n’est pas au catalogue."),
        (["a", "b", "\x00"], 2, "«\u00a0\u00a0»\u00a0: cette méthode n’est pas au catalogue."),
        (["a", "b", "c", "d"], 3, "La comparaison s’arrête à 3\u00a0méthodes."),
    ],
)
def test_what_cannot_be_compared_is_said(asked: list[str], columns: int, notice: str) -> None:
    make_methods(4)

    result = compare(asked, "")

    assert (len(result.columns), result.notice) == (columns, notice)


@pytest.mark.parametrize("asked", ["", "m=a", "m=%00&m=%ED%A0%80", "m=" + "x" * 3000, "m=a&m=b&m=zz&m=c&m=d"])
def test_any_address_is_a_page(client: Client, asked: str) -> None:
    make_methods(4)

    response = client.get(f"/methodes/comparer/?{asked}")

    assert response.status_code == 200
    assert "Choisissez deux ou trois méthodes" in response.text or len(response.context["comparison"].columns) == 3
    assert page_faults(response.text) == []


@pytest.mark.parametrize("methods", [2, 3])
def test_comparison_costs_the_same_for_two_and_three(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, methods: int
) -> None:
    query = make_methods(methods)

    with django_assert_num_queries(14):
        response = client.get(f"/methodes/comparer/?{query}")

    assert len(response.context["comparison"].columns) == methods
    assert page_faults(response.text) == []
