"""Imports, their undoing, commands and the admin's other forms: each leaves one revision of each mission it wrote."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from projects.complements import load_complements
from projects.generated_catalogue import load_generated
from projects.history import recording
from projects.imports import undo
from projects.imports.apply import apply
from projects.models import BinItem, Mission, Resource
from projects.models.mission import State
from tests.projects.history.missions import full_mission, revisions, stored
from tests.projects.imports.samples import RECUEIL, book_of

pytestmark = pytest.mark.django_db


def _counts() -> list[int]:
    return [len(revisions(mission)) for mission in Mission.objects.order_by("pk")]


def test_import_that_publishes_makes_one_revision_of_each(admin_user: User) -> None:
    outcome = apply(book_of(RECUEIL), user=admin_user, publish=True)

    assert len(outcome.created) > 1
    assert _counts() == [1] * len(outcome.created)
    mission = next(one.mission for one in outcome.fiches if one.published)
    (revision,) = revisions(mission)
    assert (revision.user, revision.comment.split("\u00a0; ")[0]) == (admin_user, str(outcome.batch))
    assert stored(mission)["projects.mission"][mission.pk]["state"] == State.PUBLISHED


def test_undone_import_puts_in_the_bin_what_was_written_since(admin_user: User) -> None:
    outcome = apply(book_of(RECUEIL), user=admin_user)
    edited = outcome.created[0]
    Mission.objects.filter(pk=edited.pk).update(summary_done="Écrit depuis")
    assert outcome.batch

    undo.undo(outcome.batch, undo.REMOVE, admin_user)

    assert not Mission.objects.exists()
    assert [(item.thing, item.user) for item in BinItem.objects.all()] == [(edited.pk, admin_user)]


def test_complements_make_one_revision(tmp_path: Path) -> None:
    mission = full_mission(state=State.DRAFT, number=4)
    mission.method_uses.all().delete()
    recording.keep([mission])
    file = tmp_path / "complements.json"
    file.write_text(
        '{"themes": [], "missions": [{"edition": "2019", "number": 4, "summary": {"asked": "Demandé"}}]}',
        encoding="utf-8",
    )

    load_complements(file)

    assert [revision.comment for revision in revisions(mission)] == ["", "Compléments du fichier complements.json"]


def test_generated_catalogue_makes_none(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.jsonl"
    file.write_text(
        '{"edition": 2019, "number": 1, "theme": "Un thème", "title": "Un titre", "slug": "un-titre", '
        '"collectivites": [], "authors": [], "tutors": [], "methods": [], "sections": [], "key_figures": [], '
        '"testimonial": null}\n',
        encoding="utf-8",
    )

    load_generated(file, lambda count: None)

    assert _counts() == [0]


def test_resource_form_makes_a_revision_of_the_missions_it_links_or_leaves(admin_client: Client) -> None:
    kept, left, linked, other = (full_mission(title, state=State.DRAFT) for title in "abcd")
    resource = Resource.objects.get()
    resource.missions.set([kept, left])
    recording.keep([resource])
    recording.keep([kept, left, linked, other])
    data = {"title": resource.title, "slug": resource.slug, "kind": "prix", "missions": [kept.pk, linked.pk]}

    admin_client.post(reverse("admin:projects_resource_change", args=[resource.pk]), data)

    assert [len(revisions(mission)) for mission in (kept, left, linked, other)] == [1, 2, 2, 1]
