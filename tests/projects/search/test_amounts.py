import pytest

from projects.models import KeyFigure, Mission, Section
from projects.models.mission import State
from projects.search import Marks, passages, reindex, search
from projects.search.told import told_now
from tests.factories import make_mission

pytestmark = pytest.mark.django_db


def with_figure(title: str, value: str, number: int, label: str, **values: object) -> Mission:
    mission = make_mission(title, texts={Section.Kind.CHIFFRES: ""}, **values)  # type: ignore[arg-type]
    KeyFigure.objects.create(mission=mission, position=1, value=value, number=number, label=label)
    reindex([mission])
    return mission


@pytest.fixture
def three() -> list[Mission]:
    with_figure("Brouillon", "90", 90, "ateliers", state=State.DRAFT)
    with_figure("Une part", "90 %", 90, "des ateliers")
    return [with_figure("Peu", "12", 12, "ateliers"), with_figure("Beaucoup", "1 200", 1200, "ateliers participatifs")]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("plus de 50 ateliers", ["Beaucoup"]),
        ("au moins 12 ateliers", ["Peu", "Beaucoup"]),
        ("moins de 50 ateliers", ["Peu"]),
        ("plus de 1 000 ateliers", ["Beaucoup"]),
        ("12 ateliers", ["Peu"]),
    ],
)
def test_bound_finds_the_figures_that_keep_it(three: list[Mission], query: str, expected: list[str]) -> None:
    titles = dict(Mission.objects.values_list("pk", "title"))

    assert sorted(titles[pk] for pk in search(query).ids or []) == sorted(expected)


def test_figure_found_by_its_bound_is_marked_with_its_value(three: list[Mission]) -> None:
    answer = search("plus de 50 ateliers")
    mission = told_now(Mission.objects.for_search().get(pk=three[1].pk))

    found = passages(mission, Marks.of(answer.marks))

    assert [passage.html for passage in found] == ["<mark>1\u202f200</mark> <mark>ateliers</mark> participatifs"]
