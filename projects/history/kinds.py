"""What the history keeps of each kind of thing: the thing and its parts, each as it stands in its table.

The e-mail of a person is private and is never kept here, nor when a mission was last saved (each save changes it).
"""

from dataclasses import dataclass, field
from typing import Any

import reversion
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, models

from casebook.models import SiteIdentity
from people.models import Collectivity, Consent, Person, Promotion
from projects.models import (
    Authorship,
    Deliverable,
    Domain,
    Edition,
    EditionPromotion,
    EditionTheme,
    FollowUp,
    KeyFigure,
    Method,
    MethodExtract,
    MethodUse,
    Mission,
    MissionCollectivity,
    Reference,
    Resource,
    SearchSynonym,
    Section,
    Speaker,
    SynonymGroup,
    Testimonial,
    Theme,
    Tutorship,
)

MissionResource: Any = Resource.missions.through
PRIVATE = {"people.person": frozenset({"email", "email_kept_until"})}
UNKEPT = {
    **PRIVATE,
    "projects.mission": frozenset({"updated_at", "working_copy_of"}),
}


@dataclass(frozen=True)
class Part:
    """Rows of a thing: `path` leads from the row to the thing."""

    model: Any
    path: str


@dataclass(frozen=True)
class Kind:
    """`parts` are in an order in which they can be written: a row comes after those that it points at."""

    model: Any
    parts: tuple[Part, ...] = field(default=())


MISSION = Kind(
    Mission,
    (
        Part(MissionCollectivity, "mission"),
        Part(Section, "mission"),
        Part(KeyFigure, "mission"),
        Part(Testimonial, "mission"),
        Part(Speaker, "testimonial__mission"),
        Part(Reference, "mission"),
        Part(Deliverable, "mission"),
        Part(Authorship, "mission"),
        Part(Tutorship, "mission"),
        Part(FollowUp, "mission"),
        Part(MethodUse, "mission"),
        Part(MethodExtract, "use__mission"),
        Part(MissionResource, "mission"),
    ),
)
_KINDS = (
    MISSION,
    Kind(Edition, (Part(EditionTheme, "edition"), Part(EditionPromotion, "edition"))),
    Kind(Person, (Part(Consent, "person"),)),
    *(Kind(model) for model in (Collectivity, Promotion, Theme, Domain, Method, Resource, SiteIdentity)),
    Kind(SynonymGroup),
)
KINDS: dict[Any, Kind] = {kind.model: kind for kind in _KINDS}


def kept_fields(model: type[models.Model]) -> list[str]:
    opts = model._meta.concrete_model._meta  # type: ignore[union-attr]
    unkept = UNKEPT.get(opts.label_lower, frozenset())
    return [field.name for field in (*opts.local_fields, *opts.local_many_to_many) if field.name not in unkept]


def register() -> None:
    """Tell django-reversion once what it keeps, so that its own tools know these versions."""
    known = {SearchSynonym: SearchSynonym}
    for kind in _KINDS:
        for model in (kind.model._meta.concrete_model, *(part.model for part in kind.parts)):
            known[model] = model
    for model in known:
        if not reversion.is_registered(model):
            reversion.register(model, fields=kept_fields(model))


def name_links(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """After each migration: Django makes the content type of a table of links when it is first asked for, which may be
    in a transaction that does not last."""
    ContentType.objects.db_manager(using).get_for_model(MissionResource)
