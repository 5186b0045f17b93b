"""The passages between states: what they write, who is said to have made them, and what stops a publication."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.management import call_command

from projects import workflow, working_copies
from projects.models import Mission, MissionCollectivity, Section, StateChange
from projects.models.mission import State
from tests import factories as make
from tests.projects.imports.samples import RECUEIL

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str, str]]:
    return [(change.label, change.who, change.note) for change in StateChange.objects.order_by("pk")]


def test_each_passage_is_kept_with_its_date_person_and_note() -> None:
    claire = User.objects.create_user("claire", first_name="Claire", last_name="Exemple")
    mission = make.make_draft()

    workflow.withdraw(mission, State.REVIEW, claire, "  à relire  avant lundi ")
    workflow.publish(mission, claire)
    workflow.withdraw(mission, State.ARCHIVED, User.objects.create_user("sans-nom"))
    workflow.withdraw(mission)

    assert told() == [
        ("brouillon → en relecture", "Claire Exemple", "à relire avant lundi"),
        ("en relecture → publiée", "Claire Exemple", ""),
        ("publiée → archivée", "sans-nom", ""),
        ("archivée → brouillon", "une commande", ""),
    ]
    assert [change.user for change in StateChange.objects.order_by("pk")][:2] == [claire, claire]
    assert all(change.mission == mission and change.at for change in StateChange.objects.all())


def test_person_who_leaves_is_still_named() -> None:
    claire = User.objects.create_user("claire", first_name="Claire", last_name="Exemple")
    workflow.publish(make.make_draft(), claire)

    claire.delete()

    assert told() == [("brouillon → publiée", "Claire Exemple", "")]


def test_state_that_does_not_change_is_no_passage() -> None:
    mission = make.make_mission()

    workflow.publish(mission, AnonymousUser())
    workflow.withdraw(mission)
    workflow.withdraw(mission)

    assert told() == [("publiée → brouillon", "une commande", "")]


def test_passage_starts_from_the_state_that_the_database_has() -> None:
    mission = make.make_draft()
    stale = Mission.objects.get(pk=mission.pk)
    workflow.withdraw(mission, State.REVIEW)

    workflow.publish(stale)

    assert [label for label, _, _ in told()] == ["brouillon → en relecture", "en relecture → publiée"]


def test_refused_publication_writes_nothing() -> None:
    mission = make.make_draft()
    MissionCollectivity.objects.all().delete()

    with pytest.raises(workflow.NotPublishable) as refused:
        workflow.publish(mission)

    assert [fault.message for fault in refused.value.faults] == ["Indiquez au moins une collectivité."]
    assert told() == []
    assert Mission.objects.published().count() == 0


def test_date_of_first_publication_stays() -> None:
    mission = workflow.publish(make.make_draft())
    first = mission.published_at

    workflow.withdraw(mission)
    workflow.publish(mission)

    assert first is not None
    assert Mission.objects.get().published_at == first


def test_command_says_that_it_published(tmp_path) -> None:  # type: ignore[no-untyped-def]
    book = tmp_path / "recueil.md"
    book.write_text(RECUEIL, encoding="utf-8")

    call_command("import_recueil", str(book), apply=True, publish=True, verbosity=0)

    published = Mission.objects.published().count()
    assert published > 0
    assert told() == [("brouillon → publiée", "une commande", "")] * published


def test_published_missions_that_no_longer_hold_are_found_in_few_queries(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    missions = [make.make_mission(f"Mission {n}") for n in range(3)]
    Section.objects.filter(mission=missions[1], kind=Section.Kind.CONTEXTE).update(body="")

    with django_assert_num_queries(3):
        found = workflow.check_published()

    assert [(mission, [fault.section for fault in faults]) for mission, faults in found] == [
        (missions[1], ["contexte"])
    ]


def test_working_copy_is_never_archived() -> None:
    mission = make.make_mission()
    copy = Mission.objects.create(title="Copie", slug=mission.slug, working_copy_of=mission)

    with pytest.raises(ValueError, match="never archived"):
        workflow.withdraw(copy, State.ARCHIVED)


def test_working_copy_is_published_once() -> None:
    mission = make.make_mission()
    copy, _ = working_copies.open_copy(mission)
    workflow.publish(Mission.objects.get(pk=copy.pk))

    with pytest.raises(Mission.DoesNotExist):
        workflow.publish(copy)
