from typing import Any

import pytest
from django.apps import apps
from django.core import serializers

from people.models import Person
from projects.imports import decisions, undo
from projects.imports.apply import apply, apply_batch, publish_batch
from projects.models import ImportBatch, Mission, Section
from tests.factories import make_mission, make_person, make_promotion
from tests.projects.imports.batches import batch_of
from tests.projects.imports.samples import RECUEIL, book_of

pytestmark = pytest.mark.django_db
_JOURNAL = {"importbatch", "importedfile", "importedmission"}


def everything() -> dict[str, Any]:
    """Every row of the catalogue, the journal of imports and the search index apart."""
    models = [m for app in ("people", "projects") for m in apps.get_app_config(app).get_models()]
    return {
        model._meta.label: serializers.serialize("python", model._default_manager.order_by("pk"))
        for model in models
        if model._meta.model_name not in _JOURNAL and not model._meta.model_name.startswith("search")
    }


def test_undo_restores_what_was_there_before() -> None:
    promotion = make_promotion(name="Ada Lovelace")
    make_person(first_name="Zoé", last_name="Autre", promotion=promotion)
    make_mission(title="Une mission d’avant")
    before = everything()
    outcome = apply(book_of(RECUEIL), publish=True)
    assert outcome.batch is not None
    assert everything() != before

    undone = undo.undo(outcome.batch)

    assert everything() == before
    assert (undone.removed, undone.kept) == (3, ())
    assert ImportBatch.objects.get().state == ImportBatch.State.UNDONE


def test_undo_gives_a_person_back_the_name_and_address_of_before() -> None:
    first = apply(book_of(RECUEIL)).batch
    assert first is not None
    undo.undo(first)
    author = book_of(RECUEIL).fiches[0].authors[0]
    promotion = make_promotion(name=author.promotion or "")
    known = make_person(first_name=author.first_name, last_name=author.last_name, promotion=promotion, aliases=["Z."])
    Person.objects.filter(pk=known.pk).update(email="")
    before = everything()

    again = apply(book_of(RECUEIL)).batch
    assert again is not None
    during = Person.objects.get(pk=known.pk).email
    undo.undo(again)

    assert during == author.email
    assert everything() == before


def test_undo_asks_about_the_drafts_that_were_edited_since() -> None:
    batch = apply(book_of(RECUEIL)).batch
    assert batch is not None
    mission = Mission.objects.get(number=2)
    Section.objects.filter(mission=mission, position=1).update(body="<p>Réécrit.</p>")
    before = everything()

    with pytest.raises(undo.EditedSince) as asked:
        undo.undo(batch)

    assert (asked.value.missions, everything()) == ([mission], before)


def test_undo_keeps_the_edited_draft_when_told() -> None:
    batch = apply(book_of(RECUEIL)).batch
    assert batch is not None
    mission = Mission.objects.get(number=2)
    Mission.objects.filter(pk=mission.pk).update(title="Un autre titre")

    undone = undo.undo(batch, edited=undo.KEEP)

    assert list(Mission.objects.values_list("title", flat=True)) == ["Un autre titre"]
    assert undone.removed == 2
    assert str(Mission.objects.get()) in undone.kept
    assert Mission.objects.get().authorships.exists()


def test_undo_keeps_what_another_mission_uses_by_now() -> None:
    batch = apply(book_of(RECUEIL)).batch
    assert batch is not None
    theme = Mission.objects.get(number=1).theme
    make_mission(title="Une mission d’après", theme=theme)

    undone = undo.undo(batch)

    assert list(Mission.objects.values_list("title", "theme__name")) == [("Une mission d’après", str(theme))]
    assert undone.kept == (str(theme),)


def test_publishing_by_the_import_itself_is_no_edit() -> None:
    batch = batch_of(RECUEIL)
    decisions.accept_all_sure(batch, "Claude")
    for row in batch.fiches.all():
        decisions.set_outcome(row.pk, decisions.Outcome.ACCEPTED)
    apply_batch(batch)
    publish_batch(batch)

    undone = undo.undo(batch)

    assert (undone.removed, Mission.objects.count(), Person.objects.count()) == (3, 0, 0)


def test_undo_twice_is_refused() -> None:
    batch = apply(book_of(RECUEIL)).batch
    assert batch is not None
    undo.undo(batch)

    with pytest.raises(undo.CannotUndo, match="déjà annulé"):
        undo.undo(batch)
