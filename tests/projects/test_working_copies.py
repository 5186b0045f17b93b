"""Working copies: made, put in place with everything that points at the mission, abandoned."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import models

from people.models import Consent
from projects import copying, search, workflow, working_copies
from projects.models import (
    Authorship,
    Deliverable,
    FollowUp,
    KeyFigure,
    MethodExtract,
    MethodUse,
    Mission,
    Reference,
    Resource,
    SearchDocument,
    Section,
    Speaker,
    StateChange,
    parts,
)
from projects.models.mission import State
from projects.selection import Selection
from tests import factories as make

pytestmark = pytest.mark.django_db

# what hangs on a mission and is no part of what it says: no copy takes it
NOT_COPIED = {
    "projects.CopyOrigin",
    "projects.FormerAddress",
    "projects.StateChange",
    "projects.SearchDocument",
    "projects.SearchResult",
    "projects.Presence",
}


@pytest.fixture
def claire() -> User:
    return User.objects.create_user("claire", first_name="Claire", last_name="Exemple")


@pytest.fixture
def mission() -> Mission:
    """A published mission with every kind of part, and links between them."""
    mission = make.make_mission(
        "Accueillir mieux",
        number=4,
        methods=[make.make_method()],
        domains=[make.make_domain()],
        texts={Section.Kind.CHIFFRES: ""},
        published_at="2024-01-01T00:00:00Z",
        cover="originaux/a.jpg",
        cover_public="images/a.jpg",
        cover_alt="Une mairie",
    )
    section = mission.sections.get(kind=Section.Kind.CHIFFRES)
    figure = KeyFigure.objects.create(mission=mission, position=1, value="12", label="agents", section=section)
    KeyFigure.objects.create(mission=mission, position=2, value="3", label="mairies", number="3.0000")
    make.add_author(mission, make.make_person("Ada", "Une"), 1)
    make.add_author(mission, make.make_person("Bob", "Deux"), 2)
    make.add_tutor(mission, make.make_person("Tom", "Tuteur"))
    testimonial = parts.Testimonial.objects.create(mission=mission, position=1, text="<p>Merci.</p>")
    Speaker.objects.create(
        testimonial=testimonial, person=make.make_person("Zoé", "Martin"), first_name="Zoé", last_name="Martin"
    )
    Reference.objects.create(mission=mission, position=1, text="Rapport", section=mission.sections.first())
    Deliverable.objects.create(mission=mission, position=1, title="Guide")
    FollowUp.objects.create(mission=mission, position=1, kind="observee", text="Suite", date="2021-05-01")
    mission.method_uses.get().key_figures.add(figure)
    return mission


def told(mission: Mission) -> dict[str, Any]:
    """All that a mission says, without identifiers: a link is the place of what it points at."""
    said: dict[str, Any] = copying.mission_content(mission)
    places: dict[Any, dict[int, Any]] = {}
    for part in copying.PARTS:
        rows = copying.rows_of(part, [mission.pk])
        places[part.model] = {row.pk: place for place, row in enumerate(rows)}
        said[part.model.__name__] = []
        for row in rows:
            values = copying.content(row, part) | {"position": row.position}
            for name, model in part.links.items():
                values[name] = places[model].get(values[name])
            if part.many:
                values[part.many] = [places[KeyFigure][pk] for pk in values[part.many]]
            if part.owner != "mission":
                field = part.model._meta.get_field(part.owner)
                values["owner"] = places[field.related_model][getattr(row, field.attname)]
            said[part.model.__name__].append(values)
    return said


def identifiers(mission: Mission) -> dict[str, list[int]]:
    return {part.model.__name__: [row.pk for row in copying.rows_of(part, [mission.pk])] for part in copying.PARTS}


def test_every_model_that_hangs_on_a_mission_is_copied_or_known_not_to_be() -> None:
    hanging: set[Any] = set()
    waiting: list[Any] = [Mission]
    while waiting:
        model = waiting.pop()
        for relation in model._meta.related_objects:
            other = relation.related_model
            if (
                relation.on_delete is models.CASCADE
                and other not in {*hanging, Mission}
                and not other._meta.auto_created
            ):
                hanging.add(other)
                if other in copying.MODELS:
                    waiting.append(other)

    assert {model._meta.label for model in hanging - copying.MODELS} == NOT_COPIED


def test_copy_says_all_that_its_mission_says(mission: Mission, claire: User) -> None:
    copy, made = working_copies.open_copy(mission, claire)

    assert made
    assert told(copy) == told(mission)
    assert (copy.state, copy.published_at, copy.slug, copy.number) == (State.DRAFT, None, mission.slug, 4)
    mine, theirs = identifiers(copy), identifiers(mission)
    assert all(not {*mine[kind]} & {*theirs[kind]} for kind in mine)
    assert copy.origin.who == "Claire Exemple"
    assert working_copies.replacement(copy).lines() == []


def test_copy_that_exists_is_found_again(mission: Mission) -> None:
    copy, _ = working_copies.open_copy(mission)

    assert working_copies.open_copy(mission) == (copy, False)
    assert working_copies.open_copy(copy) == (copy, False)


def test_untouched_copy_put_in_place_changes_nothing(mission: Mission) -> None:
    before = told(mission), identifiers(mission)
    copy, _ = working_copies.open_copy(mission)

    workflow.publish(copy)

    assert (told(mission), identifiers(mission)) == before
    assert Mission.objects.get() == mission


def test_everything_changed_in_the_copy_takes_the_place_of_what_was(mission: Mission) -> None:
    copy, _ = working_copies.open_copy(mission)
    kept = identifiers(mission)
    copy.title, copy.theme, copy.cover_credit = "Mieux accueillir", make.make_theme("Gérer différemment", 3), "Ville"
    copy.save()
    copy.domains.set([make.make_domain("Numérique")])
    Section.objects.filter(mission=copy, kind=Section.Kind.CONTEXTE).update(body="<p>Quatre mairies.</p>")
    first, second = copy.sections.get(position=1), copy.sections.get(position=2)
    Section.objects.filter(pk=first.pk).update(position=99)
    Section.objects.filter(pk=second.pk).update(position=1)
    Section.objects.filter(pk=first.pk).update(position=2)
    zoom = Section.objects.create(
        mission=copy, position=5, kind=Section.Kind.ZOOM, body="<p>De près, vingt agents.</p>"
    )
    KeyFigure.objects.filter(mission=copy, value="3").delete()
    new_figure = KeyFigure.objects.create(mission=copy, position=2, value="20", label="agents", section=zoom)
    use = copy.method_uses.get()
    use.key_figures.add(new_figure)
    MethodExtract.objects.create(use=use, section=zoom, position=2, text="De près, vingt agents.")
    Authorship.objects.filter(mission=copy, position=1).update(person=make.make_person("Eve", "Trois"))
    testimonial = copy.testimonials.get()
    testimonial.speakers.all().delete()
    Speaker.objects.create(testimonial=testimonial, position=1, first_name="Zoé", last_name="Martin", role="maire")
    expected = told(copy)

    result = workflow.publish(copy)

    now = identifiers(mission)
    assert result == mission == Mission.objects.get()
    assert told(result) == expected
    assert now["Section"] == [kept["Section"][1], kept["Section"][0], *kept["Section"][2:], zoom.pk]
    assert now["KeyFigure"] == [kept["KeyFigure"][0], new_figure.pk]
    assert {name: now[name] for name in ("Authorship", "Testimonial", "MethodUse", "Reference")} == {
        name: kept[name] for name in ("Authorship", "Testimonial", "MethodUse", "Reference")
    }
    assert now["MethodExtract"][0] == kept["MethodExtract"][0]


def test_what_points_at_the_mission_survives(mission: Mission) -> None:
    resource = Resource.objects.create(kind="article", title="Article", slug="article")
    resource.missions.add(mission)
    person = make.make_person("Zoé", "Autre")
    testimonial = mission.testimonials.get()
    given = {"person": person, "given_on": "2024-01-01"}
    on_row = Consent.objects.create(**given, subject=testimonial)
    on_mission = Consent.objects.create(**given, subject=mission)
    copy, _ = working_copies.open_copy(mission)
    new = parts.Testimonial.objects.create(mission=copy, position=2, text="<p>Bravo.</p>")
    on_new = Consent.objects.create(**given, subject=new)
    on_copied = Consent.objects.create(**given, subject=copy.testimonials.get(position=1))
    on_copy = Consent.objects.create(**given, subject=copy)

    workflow.publish(copy)

    mission = Mission.objects.get()
    subjects = {consent.pk: consent.subject for consent in Consent.objects.all()}
    assert subjects == {
        on_row.pk: testimonial,
        on_mission.pk: mission,
        on_new.pk: new,
        on_copied.pk: testimonial,
        on_copy.pk: mission,
    }
    assert ContentType.objects.get_for_model(new) == on_new.content_type
    assert list(resource.missions.all()) == [mission]
    assert str(mission.published_at) == "2024-01-01 00:00:00+00:00"
    assert [t.text for t in mission.testimonials.all()] == ["<p>Merci.</p>", "<p>Bravo.</p>"]


def test_what_the_mission_gained_meanwhile_is_kept(mission: Mission) -> None:
    copy, _ = working_copies.open_copy(mission)
    Section.objects.filter(mission=copy, kind=Section.Kind.CONTEXTE).update(body="<p>Quatre mairies.</p>")
    MethodUse.objects.filter(mission=mission).update(outcome="Douze entretiens")
    MethodUse.objects.create(mission=mission, method=make.make_method("Sondage"), position=2, state="confirmee")
    Mission.objects.filter(pk=mission.pk).update(summary_done="Un plan")
    Deliverable.objects.filter(mission=mission).delete()

    workflow.publish(copy)

    mission = Mission.objects.get()
    uses = [(use.method.name, use.outcome) for use in mission.method_uses.all()]
    assert uses == [("Entretiens", "Douze entretiens"), ("Sondage", "")]
    assert (mission.summary_done, mission.deliverables.count()) == ("Un plan", 0)
    assert "Quatre" in mission.sections.get(kind=Section.Kind.CONTEXTE).body


def test_people_who_change_places_keep_their_rows(mission: Mission) -> None:
    copy, _ = working_copies.open_copy(mission)
    rows = {row.person_id: row.pk for row in mission.authorships.all()}
    first, second = copy.authorships.order_by("position")
    wanted = [second.person_id, first.person_id]
    Authorship.objects.filter(mission=copy).delete()
    for position, person in enumerate(wanted, start=1):
        Authorship.objects.create(mission=copy, person_id=person, position=position)

    workflow.publish(copy)

    assert [(row.pk, row.person_id) for row in mission.authorships.all()] == [(rows[pk], pk) for pk in wanted]


def test_summary_says_what_the_copy_changes(mission: Mission) -> None:
    copy, _ = working_copies.open_copy(mission)
    Mission.objects.filter(pk=copy.pk).update(title="Mieux accueillir", summary_done="Un plan")
    Section.objects.filter(mission=copy, kind=Section.Kind.CONTEXTE).update(body="<p>Quatre mairies.</p>")
    KeyFigure.objects.filter(mission=copy, value="3").delete()
    KeyFigure.objects.create(mission=copy, position=3, value="20", label="agents")
    copy.refresh_from_db()

    assert working_copies.replacement(copy).lines() == [
        ("Identité et résumé", "titre et fait"),
        ("Rubriques", "modification\u00a0: Contexte"),
        ("Chiffres clés", "ajout\u00a0: 20 agents\u202f; retrait\u00a0: 3 mairies"),
    ]


def test_copy_is_found_by_the_public_once_it_is_in_place(mission: Mission) -> None:
    copy, _ = working_copies.open_copy(mission)
    Section.objects.filter(mission=copy, kind=Section.Kind.CONTEXTE).update(body="<p>Un hydravion.</p>")
    search.reindex([copy])
    assert Selection({"q": "hydravion"}).count == 0

    workflow.publish(copy)

    assert " hydravion " in SearchDocument.objects.get(mission=mission).stems
    assert Selection({"q": "hydravion"}).count == 1


def test_publication_of_the_copy_is_recorded_with_the_mission(mission: Mission, claire: User) -> None:
    copy, _ = working_copies.open_copy(mission, claire)
    workflow.withdraw(copy, State.REVIEW, claire, "à relire avant lundi")

    workflow.publish(copy, claire)

    changes = [(c.mission, c.who, c.user, c.label, c.note) for c in StateChange.objects.order_by("pk")]
    assert changes == [
        (mission, "Claire Exemple", claire, "copie de travail\u00a0: brouillon → en relecture", "à relire avant lundi"),
        (mission, "Claire Exemple", claire, "modifications publiées", ""),
    ]


def test_copy_of_an_archived_mission_brings_it_back(mission: Mission) -> None:
    workflow.withdraw(mission, State.ARCHIVED)
    copy, _ = working_copies.open_copy(mission)

    workflow.publish(copy)

    assert Mission.objects.published().get() == mission
    assert [c.label for c in StateChange.objects.order_by("pk")] == [
        "publiée → archivée",
        "modifications publiées",
        "archivée → publiée",
    ]


def test_copy_with_a_fault_changes_nothing(mission: Mission) -> None:
    copy, _ = working_copies.open_copy(mission)
    Section.objects.filter(mission=copy, kind=Section.Kind.CONTEXTE).update(body="")
    before = told(mission)

    with pytest.raises(workflow.NotPublishable, match="Contexte"):
        workflow.publish(copy)

    assert told(mission) == before
    assert Mission.objects.count() == 2
    assert StateChange.objects.count() == 0


def test_copy_with_a_number_or_an_address_taken_meanwhile_is_refused(mission: Mission) -> None:
    other = make.make_mission("Autre", number=5)
    copy, _ = working_copies.open_copy(mission)
    copy.number, copy.slug = 5, other.slug
    copy.save()

    assert [fault.field for fault in workflow.blocking_faults(copy)] == ["number", "slug"]


def test_abandoned_copy_leaves_its_mission_as_it_was(mission: Mission, claire: User) -> None:
    before = told(mission), identifiers(mission)
    copy, _ = working_copies.open_copy(mission)
    Section.objects.filter(mission=copy).update(body="<p>Autre.</p>")

    working_copies.abandon(copy, claire, "finalement non")

    assert (told(mission), identifiers(mission)) == before
    assert Mission.objects.get() == mission
    assert [(c.label, c.note) for c in StateChange.objects.all()] == [("copie de travail abandonnée", "finalement non")]


def test_duplicate_is_a_draft_of_its_own(mission: Mission) -> None:
    consent = Consent.objects.create(person=make.make_person(), given_on="2024-01-01", subject=mission)

    draft = copying.duplicate(mission)

    same, own = told(mission), told(draft)
    changed = {name for name in same if same[name] != own[name]}
    assert changed == {"title", "slug", "number"}
    assert (draft.title, draft.slug) == ("Accueillir mieux (copie)", "2019-accueillir-mieux-copie")
    assert (draft.state, draft.published_at, draft.working_copy_of) == (State.DRAFT, None, None)
    assert Consent.objects.get() == consent
    assert copying.duplicate(mission).slug == "2019-accueillir-mieux-copie-2"
