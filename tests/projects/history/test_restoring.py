"""A version put back is the mission as it was, row by row, and is itself a revision."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects import search, workflow, working_copies
from projects.changes import record
from projects.history import recording, restoring
from projects.models import (
    Authorship,
    Deliverable,
    KeyFigure,
    MethodUse,
    Mission,
    Resource,
    Section,
    Theme,
)
from projects.models.mission import State
from tests import factories
from tests.projects.history.missions import full_mission, now, revisions

pytestmark = pytest.mark.django_db

_TODAY = ("state", "number", "slug", "published_at")


def _without(state: dict[str, Any], mission: Mission, *names: str) -> dict[str, Any]:
    own = {name: value for name, value in state["projects.mission"][mission.pk].items() if name not in names}
    return {**state, "projects.mission": {mission.pk: own}}


def _draft(**values: Any) -> Mission:
    mission = full_mission(state=State.DRAFT, **values)
    record([mission])
    return mission


def _wreck(mission: Mission) -> None:
    """Change, move, remove and add something of everything."""
    Mission.objects.filter(pk=mission.pk).update(
        title="Autre", number=77, slug="autre-adresse", summary_done="Fait", theme=factories.make_theme("Autre", 2)
    )
    mission.domains.set([factories.make_domain("Eau")])
    sections = list(mission.sections.all())
    sections[1].delete()
    Section.objects.filter(pk=sections[0].pk).update(position=9, body="<p>Autre texte.</p>")
    Section.objects.create(mission=mission, kind="zoom", heading="ZOOM", body="<p>Zoom.</p>", position=1)
    mission.key_figures.all().delete()
    mission.testimonials.all().delete()
    mission.references.all().delete()
    mission.authorships.all().delete()
    factories.add_author(mission, factories.make_person("Autre", "Élève"))
    mission.method_uses.all().delete()
    mission.mission_collectivities.all().delete()
    Resource.objects.get(slug="un-prix").missions.clear()


def test_restored_mission_is_as_it_was_row_by_row(admin_user: User) -> None:
    mission = _draft()
    (revision,) = revisions(mission)
    before = now(mission)
    _wreck(mission)
    record([mission])

    restored = restoring.restore(mission, revision, admin_user)

    assert _without(now(mission), mission, *_TODAY) == _without(before, mission, *_TODAY)
    assert (restored.mission, restored.notes) == (mission, [])


def test_restored_mission_keeps_what_it_is_today(admin_user: User) -> None:
    mission = _draft()
    (revision,) = revisions(mission)
    _wreck(mission)
    workflow.withdraw(mission, State.REVIEW)

    restoring.restore(mission, revision, admin_user)

    mission.refresh_from_db()
    assert (mission.state, mission.number, mission.slug, mission.title) == (
        State.REVIEW,
        77,
        "autre-adresse",
        "L’été des œuvres",
    )


def test_restoring_is_a_revision_of_its_own(admin_user: User) -> None:
    mission = _draft()
    (revision,) = revisions(mission)
    _wreck(mission)
    record([mission])

    restoring.restore(mission, revision, admin_user)

    last = revisions(mission)[-1]
    assert (len(revisions(mission)), last.user) == (3, admin_user)
    assert last.comment == f"Version du {restoring.label(revision)} rétablie"


def test_restored_text_is_found_by_the_search(admin_user: User) -> None:
    mission = _draft()
    (revision,) = revisions(mission)
    mission.sections.update(body="<p>Rien.</p>")
    record([mission])

    restoring.restore(mission, revision, admin_user)

    assert list(search.with_words(Mission.objects.all(), "douze entretiens")) == [mission]


def test_what_is_gone_since_is_left_out_and_said(admin_user: User) -> None:
    mission = _draft()
    (revision,) = revisions(mission)
    gone = {
        "person": mission.authorships.get().person,
        "place": mission.mission_collectivities.get().collectivity,
        "method": mission.method_uses.get().method,
        "domain": mission.domains.get(),
        "theme": mission.theme,
    }
    _wreck(mission)
    for thing in gone.values():
        assert thing is not None
        if isinstance(thing, Theme):
            thing.edition_themes.all().delete()
        else:
            recording.keep([thing])
        thing.delete()

    restored = restoring.restore(Mission.objects.get(pk=mission.pk), revision, admin_user)

    assert sorted(restored.notes) == [
        "Entretiens (n’existe plus)",
        "Relation aux usagers (n’existe plus)",
        "Saint-Étienne (n’existe plus)",
        "Zoé Œuvrard (n’existe plus)",
        "thème supprimé depuis",
    ]
    assert [row.body for row in mission.sections.all()] == list(factories.CORE_TEXTS.values())
    speaker = mission.testimonials.get().speakers.get()
    assert (speaker.person, speaker.printed_name) == (None, "Zoé Œuvrard")
    assert not Authorship.objects.filter(mission=mission).exists()


def test_people_merged_since_are_one(admin_user: User) -> None:
    mission = _draft()
    double = factories.make_person("Zoe", "Oeuvrard")
    factories.add_author(mission, double, position=2)
    record([mission])
    revision = revisions(mission)[-1]
    person = mission.authorships.first().person  # type: ignore[union-attr]
    mission.authorships.all().delete()
    double.merged_into = person
    double.save()

    restored = restoring.restore(mission, revision, admin_user)

    assert [row.person for row in mission.authorships.all()] == [person]
    assert restored.notes == ["Zoe Oeuvrard, fusionnée depuis avec une autre personne"]


def test_number_taken_in_the_old_book_keeps_the_book_of_today(admin_user: User) -> None:
    mission = _draft(number=4)
    (revision,) = revisions(mission)
    Mission.objects.filter(pk=mission.pk).update(edition=factories.make_edition(2020))
    record([mission])
    factories.make_mission("Autre", number=4, edition=factories.make_edition(2019))

    restored = restoring.restore(mission, revision, admin_user)

    mission.refresh_from_db()
    assert str(mission.edition) == "Édition 2020/2021"
    assert restored.notes == ["le recueil reste celui d’aujourd’hui, où son numéro est libre"]


def test_published_mission_is_restored_in_its_working_copy(admin_user: User) -> None:
    mission = full_mission()
    record([mission])
    (revision,) = revisions(mission)
    old_figures = [str(figure) for figure in mission.key_figures.all()]
    Mission.objects.filter(pk=mission.pk).update(title="Publié depuis")
    KeyFigure.objects.filter(mission=mission).delete()
    record([mission])
    public = now(mission)

    restored = restoring.restore(mission, revision, admin_user)

    copy = restored.mission
    assert (copy.working_copy_of, copy.title) == (mission, "L’été des œuvres")
    assert [str(figure) for figure in copy.key_figures.all()] == old_figures
    assert now(mission) == public


def test_working_copy_with_a_restored_version_takes_the_place_of_its_mission(admin_user: User) -> None:
    mission = full_mission()
    record([mission])
    (revision,) = revisions(mission)
    before = now(mission)
    Mission.objects.filter(pk=mission.pk).update(title="Publié depuis")
    record([mission])

    workflow.publish(restoring.restore(mission, revision, admin_user).mission, admin_user)

    assert _without(now(mission), mission, "published_at") == _without(before, mission, "published_at")


def test_who_may_not_change_missions_restores_none() -> None:
    mission = _draft()
    before = now(mission)
    reader = User.objects.create_user("lecture", is_staff=True)

    with pytest.raises(restoring.Refused, match="Vous n’avez pas le droit"):
        restoring.restore(mission, revisions(mission)[0], reader)

    assert now(mission) == before


def test_version_of_another_mission_is_refused(admin_user: User) -> None:
    mission, other = _draft(), _draft(title="Autre")

    with pytest.raises(restoring.Refused, match="n’est pas une version de cette mission"):
        restoring.restore(mission, revisions(other)[0], admin_user)


_EDITS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 3), st.text("ab <é’", max_size=8)), min_size=1, max_size=6
)


def _edit(mission: Mission, what: int, rank: int, text: str) -> None:
    """One of the things that an editor does."""
    figures, sections = list(mission.key_figures.all()), list(mission.sections.all())
    match what:
        case 0:
            Mission.objects.filter(pk=mission.pk).update(title=text or "x", summary_asked=text)
        case 1 if figures:
            figures[rank % len(figures)].delete()
        case 2:
            last = max((figure.position for figure in figures), default=0)
            KeyFigure.objects.create(mission=mission, value=text[:4], label=text, position=last + 1)
        case 3 if figures:
            figures.insert(rank, figures.pop())
            mission.key_figures.update(position=F("position") + 1000)
            for place, figure in enumerate(figures, start=1):
                KeyFigure.objects.filter(pk=figure.pk).update(position=place)
        case 4 if sections:
            section = sections[rank % len(sections)]
            section.body = f"<p>{text}</p>"
            section.save()
        case 5 if sections:
            sections[rank % len(sections)].delete()
        case 6:
            Deliverable.objects.filter(mission=mission).delete()
            MethodUse.objects.filter(mission=mission).update(outcome=text)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=_EDITS, second=_EDITS)
def test_any_version_comes_back_whole(admin_user: User, first: Any, second: Any) -> None:
    mission = _draft()
    for edit in first:
        _edit(mission, *edit)
    record([mission])
    revision, before = revisions(mission)[-1], now(mission)
    for edit in second:
        _edit(mission, *edit)
    record([mission])

    restoring.restore(mission, revision, admin_user)

    assert now(mission) == before


def test_copied_rows_keep_their_identifier(admin_user: User) -> None:
    """So that the rest of the working copy's changes still meet the mission's own rows."""
    mission = full_mission()
    record([mission])
    copy, _ = working_copies.open_copy(mission, admin_user)
    rows = set(copy.sections.values_list("pk", flat=True))

    restoring.restore(mission, revisions(mission)[0], admin_user)

    assert set(copy.sections.values_list("pk", flat=True)) == rows
