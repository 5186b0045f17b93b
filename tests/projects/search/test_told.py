"""What the list shows is kept ready: the same as read from the missions, only what is public, in one query."""

from typing import Any

import pytest
from django.test import Client

from people.models import Person
from projects import search, workflow
from projects.models import Mission, SearchResult
from projects.models.mission import State
from projects.search.told import tell, told_now
from tests.factories import add_author, add_tutor, make_method, make_mission, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission() -> Mission:
    """With all that is told: authors, a masked one too, a tutor, a speaker, methods, a compound, two sentences."""
    mission = make_mission("L'accueil", methods=[make_method("Persona", synonyms=["profil type"])])
    add_author(mission, make_person("Ada", "Élève"))
    add_author(mission, make_person("Claude", "Secret", display_mode="masque"), position=2)
    add_tutor(mission, make_person("Alix", "Tuteur"))
    words = mission.testimonials.create(position=1, text="<p>Une co-construction. Bravo !</p>")
    words.speakers.create(position=1, person=make_person("Zoé", "Parlante"), role="Maire")
    search.reindex([mission])
    return mission


def test_what_is_kept_is_what_the_mission_says(mission: Mission) -> None:
    now = told_now(Mission.objects.for_search().get())

    (kept,) = tell([mission.pk], with_texts=True).values()

    lists = [[kind, label, extract, [list(text) for text in texts]] for kind, label, extract, texts in now.pieces]
    assert [list(piece) for piece in kept.pieces] == lists
    assert (kept.mission.title, kept.mission.places, kept.reference) == ("L'accueil", now.mission.places, now.reference)
    assert kept.reference.startswith("Ada Élève, «\u00a0L’accueil\u00a0»")
    assert tell([mission.pk], with_texts=False)[mission.pk].pieces == ()


def test_sentences_are_kept_with_their_stems(mission: Mission) -> None:
    (kept,) = tell([mission.pk], with_texts=True).values()

    (words,) = [piece for piece in kept.pieces if piece.kind == "temoignage"]

    (text, role) = words.texts
    assert text[1:] == [
        "temoignage-1-p1",
        "Une co-construction.\nBravo\u202f!",
        " coconstruct | co | construct \n bravo ",
    ]
    assert role[2] == "Zoé Parlante, Maire"


def test_one_query_tells_a_page(django_assert_num_queries: Any, mission: Mission) -> None:
    others = [make_mission(f"Autre {rank}").pk for rank in range(3)]

    with django_assert_num_queries(1):
        assert set(tell([mission.pk, *others], with_texts=True)) == {mission.pk, *others}


@pytest.mark.parametrize("way", ["older", "missing"])
def test_row_of_another_schema_is_read_from_the_mission_and_not_written(
    client: Client, mission: Mission, way: str
) -> None:
    page = client.get("/missions/?q=coconstruction").content
    rows = SearchResult.objects.all()
    if way == "older":
        rows.update(schema=0, card="{}", texts="")
    else:
        rows.delete()
    before = list(rows.values_list())

    assert client.get("/missions/?q=coconstruction").content == page
    assert list(rows.values_list()) == before


def test_only_public_missions_are_kept(mission: Mission) -> None:
    draft = make_mission("Brouillon", state=State.DRAFT)
    assert list(SearchResult.objects.values_list("mission", flat=True)) == [mission.pk]
    assert tell([draft.pk], with_texts=True) == {}

    workflow.withdraw(mission)

    assert not SearchResult.objects.exists()
    assert tell([mission.pk], with_texts=True) == {}


def test_row_of_a_mission_that_left_without_the_index_is_not_told(mission: Mission) -> None:
    Mission.objects.update(state=State.ARCHIVED)

    assert tell([mission.pk], with_texts=True) == {}


@pytest.mark.parametrize("name", ["Élève", "Tuteur", "Parlante"])
def test_masked_person_leaves_what_is_kept(mission: Mission, name: str) -> None:
    person = Person.objects.get(last_name=name)
    assert name in SearchResult.objects.get().texts

    person.display_mode = "masque"
    person.save()
    search.reindex_for(person)

    assert name not in SearchResult.objects.get().texts
    assert "Secret" not in SearchResult.objects.get().texts
