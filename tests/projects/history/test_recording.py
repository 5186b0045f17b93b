"""Each path that writes a mission leaves one revision of it, with all its parts."""

import json
from collections import Counter
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models.deletion import CASCADE
from django.test import Client
from django.test.utils import CaptureQueriesContext
from reversion.models import Revision, Version

from people.models import Person
from projects import workflow
from projects.changes import record
from projects.history import kinds, recording
from projects.models import MethodUse, Mission, Section
from projects.tagging import decisions
from tests import factories
from tests.mission_form import change_url, form_data
from tests.projects.history.missions import full_mission, revisions, stored

pytestmark = pytest.mark.django_db


def _contents(revision: Revision) -> Counter[str]:
    return Counter(version.content_type.model for version in revision.version_set.select_related("content_type"))


def test_revision_holds_the_mission_with_all_its_parts(admin_user: User) -> None:
    mission = full_mission()

    record([mission], admin_user, "Relecture du tuteur")

    (revision,) = revisions(mission)
    assert (revision.user, revision.comment) == (admin_user, "Relecture du tuteur")
    assert _contents(revision) == {
        "mission": 1,
        "missioncollectivity": 1,
        "section": 3,
        "keyfigure": 2,
        "testimonial": 1,
        "speaker": 1,
        "reference": 1,
        "deliverable": 1,
        "authorship": 1,
        "tutorship": 1,
        "followup": 1,
        "methoduse": 1,
        "methodextract": 1,
        "resource_missions": 1,
    }


def test_version_holds_the_lists_of_a_row() -> None:
    mission = full_mission()

    record([mission])

    use = mission.method_uses.get()
    assert stored(mission)["projects.mission"][mission.pk]["domains"] == [mission.domains.get().pk]
    assert stored(mission)["projects.methoduse"][use.pk]["key_figures"] == [use.key_figures.get().pk]


def test_every_part_of_a_mission_is_kept_or_known_not_to_be() -> None:
    """A new kind of row that goes with a mission is named in `kinds.MISSION`, or here."""
    parts = {part.model for part in kinds.MISSION.parts}
    going: set[Any] = set()
    for model in {Mission, *parts}:
        for relation in model._meta.get_fields(include_hidden=True):
            if relation.auto_created and not relation.concrete and getattr(relation, "on_delete", None) is CASCADE:
                going.add(relation.related_model)

    assert {model.__name__ for model in going - parts} == {
        "Mission_domains",  # written beside their row
        "MethodUse_key_figures",
        "SearchDocument",  # made anew by each `record`
        "SearchResult",
        "Mission",  # a working copy has its own history
        "StateChange",  # what happened to the mission is no part of what it says
        "FormerAddress",
        "CopyOrigin",
        "MissionStatistic",
        "Presence",
    }


def test_second_record_of_one_transaction_completes_the_first(admin_user: User) -> None:
    mission = full_mission()

    with transaction.atomic():
        record([mission], admin_user, "Enregistrement")
        Mission.objects.filter(pk=mission.pk).update(title="Autre titre")
        record([mission], admin_user, "Publication")

    (revision,) = revisions(mission)
    assert revision.comment == "Enregistrement\u00a0; Publication"
    assert stored(mission)["projects.mission"][mission.pk]["title"] == "Autre titre"


def test_two_transactions_make_two_revisions() -> None:
    mission = full_mission()

    for title in ("Un", "Deux"):
        Mission.objects.filter(pk=mission.pk).update(title=title)
        record([mission])

    assert len(revisions(mission)) == 2


def test_rolled_back_revision_is_not_taken_for_that_of_the_transaction() -> None:
    mission = full_mission()

    with transaction.atomic():
        try:
            with transaction.atomic():
                record([mission], why="Perdu")
                raise LookupError
        except LookupError:
            pass
        record([mission], why="Gardé")

    assert [revision.comment for revision in revisions(mission)] == ["Gardé"]


@pytest.mark.django_db(transaction=True)
def test_transactions_of_production_are_told_apart() -> None:
    """Without the transaction that a test opens around everything."""
    mission = full_mission()
    try:
        with transaction.atomic():
            record([mission], why="Perdu")
            raise LookupError
    except LookupError:
        pass

    with transaction.atomic():
        record([mission], why="Un")
        Mission.objects.filter(pk=mission.pk).update(title="Un")
        record([mission], why="Un encore")
    Mission.objects.filter(pk=mission.pk).update(title="Deux")
    record([mission], why="Deux")

    assert [revision.comment for revision in revisions(mission)] == ["Un\u00a0; Un encore", "Deux"]


def test_unchanged_mission_makes_no_new_revision() -> None:
    mission = full_mission()
    record([mission])

    mission.save()  # another time of saving
    record([mission], why="Rien")

    assert len(revisions(mission)) == 1


def test_record_costs_as_many_queries_for_three_missions_as_for_one() -> None:
    missions = [full_mission() for _ in range(3)]
    recording.keep(missions)

    counts = []
    for some in (missions[:1], missions):
        Mission.objects.update(summary_asked=f"Pour {len(some)}")
        with CaptureQueriesContext(connection) as queries:
            recording.keep(some)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_private_address_is_not_kept() -> None:
    person = factories.make_person(email="camille@exemple.test", email_kept_until="2030-01-01")

    recording.keep([person])

    data = Version.objects.get().serialized_data
    assert "exemple.test" not in data
    assert set(json.loads(data)[0]["fields"]) == {field.name for field in Person._meta.local_fields} - {
        "id",
        "email",
        "email_kept_until",
    }


def test_version_is_named_without_the_person() -> None:
    mission = full_mission()

    record([mission])

    assert not Version.objects.filter(object_repr__contains="Œuvrard").exists()


def test_mission_older_than_the_history_is_kept_as_it_was_before(admin_client: Client, admin_user: User) -> None:
    mission = full_mission(state="brouillon")
    data = form_data(admin_client, change_url(mission))

    admin_client.post(change_url(mission), data | {"title": "Nouveau titre"})

    before, after = revisions(mission)
    assert (before.comment, before.user) == (recording.BEFORE, None)
    assert (after.comment, after.user) == ("", admin_user)
    assert stored(mission, before)["projects.mission"][mission.pk]["title"] == mission.title
    assert stored(mission, after)["projects.mission"][mission.pk]["title"] == "Nouveau titre"


def test_form_with_a_move_makes_one_revision(admin_client: Client) -> None:
    mission = full_mission(state="brouillon")
    recording.keep([mission])
    data = form_data(admin_client, change_url(mission))

    admin_client.post(change_url(mission), data | {"title": "Nouveau titre", "_publish": "Publier"})

    mission.refresh_from_db()
    assert (mission.state, len(revisions(mission))) == ("publie", 2)


def test_moves_make_a_revision_each() -> None:
    mission = full_mission(state="brouillon")

    workflow.publish(mission)
    workflow.withdraw(mission)

    assert len(revisions(mission)) == 2


def test_decisions_about_methods_make_a_revision_each(admin_user: User) -> None:
    mission = full_mission()
    recording.keep([mission])
    method = factories.make_method("Atelier")

    decisions.refuse(mission, method, MethodUse.Role.USED, admin_user)
    decisions.take_back(MethodUse.objects.get(method=method), admin_user)
    accepted = decisions.Accepted("utilisee", "", [(mission.sections.get(kind=Section.Kind.CONTEXTE), "La ville")])
    decisions.accept(mission, method, accepted, admin_user)

    assert [(revision.user, revision.comment) for revision in revisions(mission)[1:]] == [
        (admin_user, "Méthode «\u00a0Atelier\u00a0» refusée"),
        (admin_user, "Refus de la méthode «\u00a0Atelier\u00a0» oublié"),
        (admin_user, "Méthode «\u00a0Atelier\u00a0» acceptée"),
    ]


def test_start_keeps_every_mission_once() -> None:
    missions = [full_mission(), full_mission()]
    recording.keep(missions[:1])

    first, second = recording.start(), recording.start()

    assert (first, second) == (1, 0)
    assert [len(revisions(mission)) for mission in missions] == [1, 1]
