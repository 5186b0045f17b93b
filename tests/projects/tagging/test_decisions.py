"""Proposals in the database: kept, accepted, corrected, refused for good; nothing of it public before."""

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.models import KeyFigure, Method, MethodUse, Mission, Section, parts
from projects.models.method_use import stands_in
from projects.tagging import decisions, waiting
from projects.tagging.decisions import Accepted
from projects.tagging.waiting import Reader, Tagging
from tests import factories as make

pytestmark = pytest.mark.django_db

State, Role = MethodUse.State, MethodUse.Role
SENTENCE = "L’équipe a mené un benchmark de cinq villes."


def make_told(text: str = SENTENCE, **values: object) -> Mission:
    return make.make_mission(texts={Section.Kind.CLES_POUR_AGIR: f"<p>{text}</p>"}, **values)  # type: ignore[arg-type]


@pytest.fixture
def benchmark() -> Method:
    return make.make_method("Parangonnage")


def tagging(mission: Mission) -> Tagging:
    found = waiting.find(mission.pk)
    assert found is not None
    return found


def waiting_slugs(mission: Mission) -> list[str]:
    return [one.method.slug for one in tagging(mission).waiting]


def uses(mission: Mission) -> list[tuple[str, str, str, list[str]]]:
    rows = mission.method_uses.order_by("position")
    return [(u.method.slug, u.role, u.state, [extract.text for extract in u.extracts.all()]) for u in rows]


def accept(mission: Mission, method: Method, text: str = SENTENCE, role: str = Role.USED) -> MethodUse:
    section = mission.sections.get(kind=Section.Kind.CLES_POUR_AGIR)
    return decisions.accept(mission, method, Accepted(role, "diagnostic", [(section, text)]))


def test_looking_at_what_is_proposed_writes_nothing(benchmark: Method) -> None:
    mission = make_told()

    assert waiting_slugs(mission) == ["parangonnage"]
    assert uses(mission) == []


def test_kept_proposal_waits_with_its_extract_and_is_not_kept_twice(benchmark: Method) -> None:
    mission = make_told()

    counts = [waiting.keep_all(waiting.for_tagging()) for _ in range(2)]

    assert counts == [(1, 1), (0, 0)]
    assert uses(mission) == [("parangonnage", "utilisee", "proposee", [SENTENCE])]
    assert waiting_slugs(mission) == ["parangonnage"]


def test_accepted_as_proposed_is_confirmed(benchmark: Method) -> None:
    mission = make_told()
    waiting.keep_all(waiting.for_tagging())

    decisions.accept_as_proposed(mission, tagging(mission).waiting)

    assert uses(mission) == [("parangonnage", "utilisee", "confirmee", [SENTENCE])]
    assert waiting_slugs(mission) == []


@pytest.mark.parametrize("at_once", [True, False])
def test_mission_is_found_by_a_method_once_it_is_accepted(client: Client, at_once: bool) -> None:
    method = make.make_method("Visite de terrain")
    told = "Nous nous sommes rendus sur place."
    mission = make_told(told)
    waiting.keep_all(waiting.for_tagging())

    before = client.get("/missions/?q=visite").text
    if at_once:
        decisions.accept_as_proposed(mission, tagging(mission).waiting)
    else:
        accept(mission, method, told)
    after = client.get("/missions/?q=visite").text

    assert (mission.get_absolute_url() in before, mission.get_absolute_url() in after) == (False, True)


def test_correction_replaces_the_extract_the_role_and_the_moment(benchmark: Method) -> None:
    mission = make_told()
    waiting.keep_all(waiting.for_tagging())

    use = accept(mission, benchmark, "un benchmark de cinq villes", Role.ADVISED)

    assert uses(mission) == [("parangonnage", "preconisee", "confirmee", ["un benchmark de cinq villes"])]
    assert use.moment == "diagnostic"


@pytest.mark.parametrize("text", ["un benchmark de six villes", "Une phrase d’ailleurs."])
def test_extract_that_stands_nowhere_is_never_written(benchmark: Method, text: str) -> None:
    mission = make_told()

    with pytest.raises(ValueError, match="no extract"):
        accept(mission, benchmark, text)

    assert uses(mission) == []


def test_extract_of_another_mission_is_never_written(benchmark: Method) -> None:
    mission, other = make_told(), make_told()
    section = other.sections.get(kind=Section.Kind.CLES_POUR_AGIR)

    with pytest.raises(ValueError, match="no extract"):
        decisions.accept(mission, benchmark, Accepted(Role.USED, "", [(section, SENTENCE)]))


@pytest.mark.parametrize("kept_first", [True, False])
def test_refused_is_remembered_and_never_proposed_again(benchmark: Method, kept_first: bool) -> None:
    mission, other = make_told(), make_told()
    if kept_first:
        waiting.keep_all(waiting.for_tagging())

    decisions.refuse(mission, benchmark, Role.USED)
    waiting.keep_all(waiting.for_tagging())

    assert [(slug, state) for slug, _, state, _ in uses(mission)] == [("parangonnage", "refusee")]
    assert waiting_slugs(mission) == []
    assert waiting_slugs(other) == ["parangonnage"]
    assert [use.method for use in tagging(mission).refused] == [benchmark]


def test_refusal_taken_back_lets_it_be_proposed_again(benchmark: Method) -> None:
    mission = make_told()
    decisions.refuse(mission, benchmark, Role.USED)

    decisions.take_back(tagging(mission).refused[0])

    assert waiting_slugs(mission) == ["parangonnage"]


def test_refusing_leaves_a_confirmed_use_alone(benchmark: Method) -> None:
    mission = make_told()
    accept(mission, benchmark)

    decisions.refuse(mission, benchmark, Role.USED)
    decisions.take_back(mission.method_uses.get())

    assert [state for _, _, state, _ in uses(mission)] == ["confirmee"]


def test_confirmed_method_is_offered_its_other_passages_only(benchmark: Method) -> None:
    again = "Le benchmark a été complété par l’équipe."
    mission = make_told(f"{SENTENCE} {again}")
    accept(mission, benchmark)

    offered = [more.proof.text for more in tagging(mission).more]
    accept(mission, benchmark, again)

    assert offered == [again]
    assert uses(mission) == [("parangonnage", "utilisee", "confirmee", [SENTENCE, again])]
    assert (tagging(mission).waiting, tagging(mission).more) == ([], [])


def test_figures_that_count_the_method_are_linked(benchmark: Method) -> None:
    mission = make_told()
    figure = KeyFigure.objects.create(mission=mission, position=1, value="5", label="benchmarks menés")
    KeyFigure.objects.create(mission=mission, position=2, value="12", label="agents")

    decisions.accept_as_proposed(mission, tagging(mission).waiting)

    assert list(mission.method_uses.get().key_figures.all()) == [figure]


def test_testimonial_row_supports_a_proposal_without_an_extract(benchmark: Method) -> None:
    mission = make_told("L’équipe a bien travaillé.")
    parts.Testimonial.objects.create(mission=mission, position=1, text="<p>« Leur benchmark nous a servi. »</p>")

    decisions.accept_as_proposed(mission, tagging(mission).waiting)

    assert uses(mission) == [("parangonnage", "utilisee", "confirmee", [])]


def test_kept_extract_that_left_the_text_is_not_confirmed(benchmark: Method) -> None:
    mission = make_told()
    waiting.keep_all(waiting.for_tagging())
    mission.sections.filter(kind=Section.Kind.CLES_POUR_AGIR).update(body="<p>Un benchmark a été mené.</p>")

    decisions.accept_as_proposed(mission, tagging(mission).waiting)

    assert uses(mission) == [("parangonnage", "utilisee", "confirmee", [])]


def test_working_copies_are_not_tagged_beside_their_mission(benchmark: Method) -> None:
    mission = make_told()
    make_told(working_copy_of=mission, state="brouillon")

    assert [found.pk for found in waiting.for_tagging()] == [mission.pk]


def test_queue_goes_round_the_missions_that_wait(benchmark: Method) -> None:
    first, settled, last = (make_told(number=number) for number in (1, 2, 3))
    decisions.refuse(settled, benchmark, Role.USED)
    waiting.keep_all(waiting.for_tagging())

    order = [waiting.next_waiting(after) for after in (0, first.pk, settled.pk, last.pk, 10**30)]

    assert order == [first, last, first, first, first]
    assert [(m.pk, m.waiting_count) for m in waiting.with_waiting_count()] == [  # type: ignore[attr-defined]
        (first.pk, 1),
        (last.pk, 1),
        (settled.pk, 0),
    ]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["L’équipe a mené", "un benchmark", "&amp;", "<strong>de villes</strong>", "</p><p>", ". ", "\u00a0", "🎲"]
        ),
        min_size=1,
        max_size=30,
    ).map(" ".join)
)
def test_kept_extracts_stand_in_their_section_whatever_the_text(body: str) -> None:
    make.make_method("Parangonnage")
    mission = make.make_mission(texts={Section.Kind.CLES_POUR_AGIR: f"<p>{body}</p>"})

    waiting.keep(Reader().tagging(waiting.for_tagging().get(pk=mission.pk)))

    for use in mission.method_uses.all():
        assert use.extracts.exists()
        for extract in use.extracts.select_related("section"):
            assert extract.section.mission_id == mission.pk
            assert stands_in(extract.text, extract.section)
