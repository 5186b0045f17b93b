import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.gazetteer import gazetteer
from people.models import Person
from projects.imports.apply import apply
from projects.imports.drafts import Drafts
from projects.imports.matching import Matcher, Proposal
from projects.models import Edition, Mission
from tests.factories import (
    add_tutor,
    make_collectivity,
    make_edition,
    make_mission,
    make_person,
    make_promotion,
    make_theme,
)
from tests.projects.imports.samples import COVER, FIRST, LISTS, RECUEIL, SECOND, book_of

pytestmark = pytest.mark.django_db


def found(source: str, edition: Edition | None = None) -> dict[str, Proposal]:
    book = book_of(source)
    return {p.key: p for p in Matcher(book, edition).of(book.fiches[0])}


def test_fiche_of_the_catalogue_is_recognised_in_every_part() -> None:
    apply(book_of(RECUEIL))

    matches = found(RECUEIL, Edition.objects.get())

    assert {key: p.match.sure for key, p in matches.items() if key != "person:tutor:rose vasseur"} == {
        "mission": True,
        "theme:accueillirmieux": True,
        "place:villedeportauvent": True,
        "promotion:adalovelace": True,
        "promotion:mariecurie": True,
        "person:author:lina orel": True,
        "person:author:brun jean": True,
    }
    assert matches["mission"].match.reason == "Même édition, même numéro, même titre."


def test_number_with_another_title_is_doubted() -> None:
    edition = make_edition(2031)
    mission = make_mission("La forêt et ses chemins", number=1, edition=edition)

    match = found(FIRST, edition)["mission"].match

    assert (match.thing, match.sure) == (mission, False)


def test_tutor_of_another_place_and_edition_is_only_proposed() -> None:
    rose = make_person("Rose", "Vasseur")
    add_tutor(make_mission(edition=make_edition(2020), collectivities=[make_collectivity("Aubière")]), rose)

    match = found(FIRST, make_edition(2031))["person:tutor:rose vasseur"].match

    assert (match.thing, match.sure) == (None, False)
    assert [(c.key, c.label) for c in match.candidates] == [(f"pk:{rose.pk}", "Rose Vasseur (tutorat, Aubière)")]


def test_tutor_of_the_same_place_is_the_same() -> None:
    rose = make_person("Rose", "Vasseur")
    place = make_collectivity("Port-au-Vent")
    add_tutor(make_mission(edition=make_edition(2020), collectivities=[place]), rose)

    match = found(FIRST)["person:tutor:rose vasseur"].match

    assert (match.thing, match.sure) == (rose, True)


def test_close_spellings_are_proposed() -> None:
    theme = make_theme("Accueilir mieux")
    lina = make_person("Lina", "Orell", promotion=make_promotion("Ada Lovelace"))

    matches = found(COVER + FIRST + LISTS)

    assert [
        (p.match.thing, [c.key for c in p.match.candidates])
        for p in (matches["theme:accueillirmieux"], matches["person:author:lina orel"])
    ] == [(None, [f"pk:{theme.pk}"]), (None, [f"pk:{lina.pk}"])]


def test_choices_are_obeyed() -> None:
    theme, lina = make_theme("Autre"), make_person("Lina", "Orell")
    book = book_of(FIRST)
    choices = {
        "theme:accueillirmieux": f"pk:{theme.pk}",
        "person:author:lina orel": f"pk:{lina.pk}",
        "place:villedeportauvent": "insee:93066",
    }

    mission = Drafts(book, None).create(book.fiches[0], choices)

    assert (mission.theme, mission.authorships.order_by("position")[0].person) == (theme, lina)
    assert [place.insee_code for place in mission.collectivity_list] == ["93066"]


def test_new_is_a_choice() -> None:
    apply(book_of(SECOND))
    book = book_of(SECOND)
    drafts, fiche = Drafts(book, None), book.fiches[0]

    known = drafts.known(fiche)
    mission = drafts.create(fiche, {"mission": "new", "person:tutor:garnier paul": "new"})

    assert (known, drafts.known(fiche, {"mission": "new"}), Mission.objects.count()) == (
        Mission.objects.first(),
        None,
        2,
    )
    assert Person.objects.filter(last_name="Garnier").count() == 2
    assert mission.tutorships.count() == 2


def test_matching_of_a_book_is_quick_and_has_a_fixed_number_of_queries() -> None:
    apply(book_of(RECUEIL))
    gazetteer()
    book = book_of(RECUEIL)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        matcher = Matcher(book, Edition.objects.get())
        loading = len(queries)
        start = time.process_time()
        for _ in range(8):
            for fiche in book.fiches:
                matcher.of(fiche)

    assert (len(queries) - loading, time.process_time() - start < 0.5) == (0, True)
