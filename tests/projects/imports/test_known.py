"""A file whose fiches are in the catalogue already: recognised, compared, never doubled."""

import pytest

from people.models import Collectivity
from projects.imports import decisions, review, undo
from projects.imports.apply import apply, apply_batch
from projects.imports.decisions import Review, decide
from projects.models import ImportBatch, ImportedMission, KeyFigure, Mission, Section
from projects.workflow import publish
from projects.working_copies import open_copy
from tests.factories import make_collectivity
from tests.projects.imports.batches import batch_of
from tests.projects.imports.samples import RECUEIL, book_of
from tests.projects.imports.test_undo import everything

pytestmark = pytest.mark.django_db
CORRECTED = RECUEIL.replace("reçoit ses habitants dans trois mairies", "accueille ses habitants dans quatre mairies")


def differences_of(corrected: str) -> list[tuple[int, str]]:
    return [
        (fiche.row.position, value.label.replace("\u00a0", " "))
        for fiche in Review(batch_of(corrected)).fiches
        for value in fiche.values
        if value.key.startswith("diff:")
    ]


def test_same_file_again_changes_nothing() -> None:
    apply(book_of(RECUEIL))
    before = everything()
    batch = batch_of(RECUEIL)

    finished, left = decisions.accept_all_sure(batch, "claire")
    outcome = apply_batch(batch)

    assert (finished, left) == (3, 0)
    assert everything() == before
    assert {o.created for o in outcome.fiches} == {False}


def test_corrected_file_shows_its_differences_alone() -> None:
    apply(book_of(RECUEIL))

    assert differences_of(CORRECTED) == [(1, "Différence : CONTEXTE")]
    assert differences_of(RECUEIL.replace("'", "’").replace("trois mairies", "trois\u00a0mairies")) == []


def test_chosen_difference_is_taken_and_undone() -> None:
    apply(book_of(RECUEIL))
    before = everything()
    batch = batch_of(CORRECTED)
    fiche = Review(batch).fiches[0]
    (difference,) = [value for value in fiche.values if value.key.startswith("diff:")]

    decide(fiche.row.pk, difference.key, review.ACCEPT, "prendre", "", "claire")
    decisions.accept_all_sure(batch, "claire")
    apply_batch(batch)

    body = Section.objects.get(mission__number=1, kind="contexte").body
    assert "accueille ses habitants dans quatre mairies" in body
    outcomes = list(ImportedMission.objects.filter(batch=batch).values_list("outcome", flat=True))
    assert outcomes == ["modifiee", "connue", "connue"]
    batch.refresh_from_db()
    undo.undo(batch)
    assert everything() == before


def test_refused_difference_leaves_the_catalogue() -> None:
    apply(book_of(RECUEIL))
    before = everything()
    batch = batch_of(CORRECTED)
    fiche = Review(batch).fiches[0]
    (difference,) = [value for value in fiche.values if value.key.startswith("diff:")]

    decide(fiche.row.pk, difference.key, review.ACCEPT, "garder", "", "claire")
    decisions.accept_all_sure(batch, "claire")
    apply_batch(batch)

    assert everything() == before


def take_the_difference(batch: ImportBatch) -> None:
    fiche = Review(batch).fiches[0]
    (difference,) = [value for value in fiche.values if value.key.startswith("diff:")]
    decide(fiche.row.pk, difference.key, review.ACCEPT, "prendre", "", "claire")
    decisions.set_outcome(fiche.row.pk, decisions.Outcome.ACCEPTED)
    apply_batch(batch)
    batch.refresh_from_db()


def context_of(mission: Mission) -> str:
    return str(Section.objects.get(mission=mission, kind="contexte").body)


def test_document_goes_into_a_working_copy_of_a_published_fiche() -> None:
    apply(book_of(RECUEIL))
    mission = publish(Mission.objects.get(number=1))
    before = everything()
    batch = batch_of(CORRECTED)

    take_the_difference(batch)

    copy = Mission.objects.get(working_copy_of=mission)
    assert ("trois mairies" in context_of(mission), "quatre mairies" in context_of(copy)) == (True, True)
    assert batch.fiches.get(position=1).mission == copy
    undo.undo(batch)
    assert everything() == before


def test_document_goes_into_the_working_copy_that_exists_and_comes_out_of_it() -> None:
    apply(book_of(RECUEIL))
    mission = publish(Mission.objects.get(number=1))
    copy, _ = open_copy(mission)
    before = everything()
    batch = batch_of(CORRECTED)

    take_the_difference(batch)

    assert "quatre mairies" in context_of(copy)
    undo.undo(batch)
    assert everything() == before
    assert "trois mairies" in context_of(copy)


def test_document_that_was_published_since_stays_when_the_import_is_undone() -> None:
    apply(book_of(RECUEIL))
    mission = publish(Mission.objects.get(number=1))
    batch = batch_of(CORRECTED)
    take_the_difference(batch)
    publish(Mission.objects.get(working_copy_of=mission))

    undone = undo.undo(batch)

    assert undone.kept == (f"{mission} (modifications publiées)",)
    assert "quatre mairies" in context_of(mission)


def test_part_that_the_document_dropped_goes_from_the_working_copy_only() -> None:
    apply(book_of(RECUEIL))
    mission = publish(Mission.objects.get(number=1))
    figure = KeyFigure.objects.create(mission=mission, position=99, value="77", label="tramways")
    batch = batch_of(RECUEIL)
    fiche = Review(batch).fiches[0]

    decide(fiche.row.pk, f"diff:figure:-{figure.pk}", review.ACCEPT, "prendre", "", "claire")
    decisions.set_outcome(fiche.row.pk, decisions.Outcome.ACCEPTED)
    apply_batch(batch)

    copy = Mission.objects.get(working_copy_of=mission)
    assert [m.key_figures.filter(value="77").exists() for m in (mission, copy)] == [True, False]


def test_shared_name_of_a_place_waits_for_a_choice_that_is_obeyed() -> None:
    places = [make_collectivity(name="Ville de Port-au-Vent") for n in (1, 2)]
    batch = batch_of(RECUEIL)
    fiche = Review(batch).fiches[0]
    (doubt,) = [value for value in fiche.doubts if value.key.startswith("match:place")]
    assert {choice.key for choice in doubt.choices} == {*(f"pk:{place.pk}" for place in places), "new"}

    decide(fiche.row.pk, doubt.key, review.ACCEPT, f"pk:{places[1].pk}", "", "claire")
    decisions.set_outcome(fiche.row.pk, decisions.Outcome.ACCEPTED)
    apply_batch(batch)

    mission = Mission.objects.get(number=1)
    assert [row.collectivity for row in mission.mission_collectivities.all()] == [places[1]]
    assert Collectivity.objects.filter(official_name="Ville de Port-au-Vent").count() == 2


def test_person_that_a_taken_difference_adds_goes_with_the_undo() -> None:
    apply(book_of(RECUEIL))
    before = everything()
    batch = batch_of(RECUEIL.replace("Jean BRUN\n", "Jean BRUN\njean.brun@conservateur-inet.org\n\nOdile NEUVE\n", 1))
    fiche = Review(batch).fiches[0]
    keys = [value.key for value in fiche.values if value.key.startswith("diff:author")]
    assert keys

    for key in keys:
        decide(fiche.row.pk, key, review.ACCEPT, "prendre", "", "claire")
    decisions.set_outcome(fiche.row.pk, decisions.Outcome.ACCEPTED)
    apply_batch(batch)

    assert "Odile Neuve" in {str(row.person) for row in Mission.objects.get(number=1).authorships.all()}
    batch.refresh_from_db()
    undo.undo(batch)
    assert everything() == before


def test_same_title_in_another_edition_is_asked_about() -> None:
    apply(book_of(RECUEIL))

    review_of_next_year = Review(batch_of(RECUEIL.replace("2031 / 2032", "2032 / 2033")))

    doubts = [value.key for value in review_of_next_year.fiches[0].doubts if value.key.startswith("match:mission")]
    assert doubts == ["match:mission"]
