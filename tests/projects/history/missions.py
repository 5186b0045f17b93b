"""A mission with one of each part, and what the history holds of it."""

import json
from typing import Any

from reversion.models import Revision, Version

from projects import search
from projects.history import recording
from projects.models import Deliverable, FollowUp, KeyFigure, Mission, Reference, Resource, Speaker, Testimonial
from tests import factories


def full_mission(title: str = "L’été des œuvres", **values: Any) -> Mission:
    mission = factories.make_mission(
        title,
        collectivities=[factories.make_collectivity("Saint-Étienne")],
        methods=[factories.make_method()],
        domains=[factories.make_domain()],
        **values,
    )
    section = mission.sections.first()
    person = factories.make_person("Zoé", "Œuvrard")
    factories.add_author(mission, person)
    factories.add_tutor(mission, factories.make_person("Ali", "Tuteur"))
    figure = KeyFigure.objects.create(mission=mission, value="20", label="agents", section=section)
    KeyFigure.objects.create(mission=mission, value="3", label="mairies annexes", position=2)
    mission.method_uses.get().key_figures.set([figure])
    testimonial = Testimonial.objects.create(mission=mission, text="<p>Merci à toutes.</p>", section=section)
    Speaker.objects.create(testimonial=testimonial, person=person, first_name="Zoé", last_name="Œuvrard", role="maire")
    Reference.objects.create(mission=mission, text="Un guide", section=section)
    Deliverable.objects.create(mission=mission, title="Un plan")
    FollowUp.objects.create(mission=mission, kind="annoncee", text="À suivre")
    resource = Resource.objects.get_or_create(slug="un-prix", defaults={"kind": "prix", "title": "Un prix"})[0]
    resource.missions.add(mission)
    search.reindex([mission])
    return mission


def revisions(mission: Mission) -> list[Revision]:
    """From the oldest."""
    return list(Revision.objects.filter(version__in=recording.versions_of(Mission, [mission.pk])).order_by("pk"))


def stored(mission: Mission, revision: Revision | None = None) -> dict[str, dict[int, dict[str, Any]]]:
    """What a revision (the last) holds: model → identifier → fields."""
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for version in Version.objects.filter(revision=revision or revisions(mission)[-1]):
        (row,) = json.loads(version.serialized_data)
        found.setdefault(row["model"], {})[row["pk"]] = row["fields"]
    return found


def now(mission: Mission) -> dict[str, dict[int, dict[str, Any]]]:
    """What the database holds of the mission at present, in the same form."""
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for _, data in recording.serialized(recording.rows_of(Mission, [mission.pk])[mission.pk]):
        (row,) = json.loads(data)
        found.setdefault(row["model"], {})[row["pk"]] = row["fields"]
    return found
