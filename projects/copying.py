"""What a mission is made of, and copies of it: a draft to write another fiche from, or the rows of a working copy."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db import models, transaction

from casebook.text import NBSP
from projects import changes
from projects.addresses import free_address
from projects.models import (
    Authorship,
    Deliverable,
    FollowUp,
    KeyFigure,
    MethodExtract,
    MethodUse,
    Mission,
    MissionCollectivity,
    Reference,
    Section,
    Speaker,
    Testimonial,
    Tutorship,
)
from projects.models.mission import mission_slug

Copied = dict[type[models.Model], dict[int, int]]  # by model, the identifier of each row → that of its copy

# of a mission, what it does not say itself
_OWN = {"id", "state", "published_at", "working_copy_of", "created_at", "updated_at"}
FIELDS: tuple[str, ...] = tuple(field.attname for field in Mission._meta.concrete_fields if field.name not in _OWN)


@dataclass(frozen=True)
class Part:
    """A kind of row of a mission. `owner`: what it belongs to; `key`: what makes two rows of one owner the same."""

    model: Any
    owner: str = "mission"
    key: tuple[str, ...] = ()
    many: str = ""

    @property
    def links(self) -> dict[str, Any]:
        """The fields that point at other rows of the same mission, with their model."""
        return {f.attname: f.related_model for f in self._foreign() if f.related_model in MODELS}

    @property
    def beside(self) -> list[str]:
        """What its name is made of and stands elsewhere, to be read with it."""
        return [f.name for f in self._foreign() if f.related_model not in MODELS]

    @property
    def fields(self) -> list[str]:
        """What a row says, its place apart."""
        return [f.attname for f in self.model._meta.concrete_fields if f.name not in {"id", "position", self.owner}]

    def _foreign(self) -> list[Any]:
        return [f for f in self.model._meta.concrete_fields if f.remote_field and f.name != self.owner]


# what is pointed at comes before what points at it
PARTS = (
    Part(MissionCollectivity, key=("collectivity_id",)),
    Part(Authorship, key=("person_id",)),
    Part(Tutorship, key=("person_id",)),
    Part(Section),
    Part(KeyFigure),
    Part(Testimonial),
    Part(Speaker, "testimonial", ("testimonial_id", "first_name", "last_name", "role")),
    Part(Reference),
    Part(Deliverable),
    Part(MethodUse, key=("method_id", "role"), many="key_figures"),
    Part(MethodExtract, "use", ("use_id", "section_id", "text")),
    Part(FollowUp),
)
MODELS: frozenset[Any] = frozenset(part.model for part in PARTS)


def rows_of(part: Part, missions: list[int]) -> list[Any]:
    """The rows of this kind of these missions, in their order, with `row.of_mission`."""
    path = "mission" if part.owner == "mission" else f"{part.owner}__mission"
    rows = part.model._default_manager.filter(**{f"{path}__in": missions})
    if part.many:
        rows = rows.prefetch_related(part.many)
    return list(rows.annotate(of_mission=models.F(path)).select_related(*part.beside).order_by("position", "pk"))


def content(row: Any, part: Part) -> dict[str, Any]:
    """What a row says, as plain values."""
    values = {name: _plain(row, name) for name in part.fields}
    if part.many:
        values[part.many] = sorted(other.pk for other in getattr(row, part.many).all())
    return values


def mission_content(mission: Mission) -> dict[str, Any]:
    domains = sorted(mission.domains.values_list("pk", flat=True))
    return {name: _plain(mission, name) for name in FIELDS} | {"domains": domains}


def _plain(row: Any, name: str) -> Any:
    """As JSON keeps it, so that what was written and what is read compare."""
    value = row.serializable_value(name)
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def fill(target: Mission, source: Mission) -> None:
    """Give an unsaved mission what the other says of itself. The files of the image are shared: none is ever written
    over, and the public one goes when no mission uses it."""
    for name in FIELDS:
        setattr(target, name, getattr(source, name))


def copy_parts(source: Mission, target: Mission) -> Copied:
    """Copy the rows of the mission with the links between them, in the caller's transaction."""
    target.domains.set(source.domains.all())
    copied: Copied = {}
    for part in PARTS:
        rows = rows_of(part, [source.pk])
        copies = part.model._default_manager.bulk_create([_copy(row, part, target, copied) for row in rows])
        copied[part.model] = {row.pk: copy.pk for row, copy in zip(rows, copies, strict=True)}
        if part.many:
            _copy_many(part, rows, copied)
    return copied


def _copy(row: Any, part: Part, target: Mission, copied: Copied) -> Any:
    values = {name: getattr(row, name) for name in (*part.fields, "position")}
    for name, model in part.links.items():
        values[name] = copied[model].get(values[name])
    if part.owner == "mission":
        return part.model(mission=target, **values)
    owner = part.model._meta.get_field(part.owner)
    return part.model(**values, **{owner.attname: copied[owner.related_model][getattr(row, owner.attname)]})


def _copy_many(part: Part, rows: list[Any], copied: Copied) -> None:
    field = part.model._meta.get_field(part.many)
    through, pointed = field.remote_field.through, copied[field.related_model]
    here, there = field.m2m_column_name(), field.m2m_reverse_name()
    links = [
        through(**{here: copied[part.model][row.pk], there: pointed[other.pk]})
        for row in rows
        for other in getattr(row, part.many).all()
        if other.pk in pointed
    ]
    through._default_manager.bulk_create(links)


@transaction.atomic
def duplicate(mission: Mission, by: User | AnonymousUser | None = None) -> Mission:
    """A draft that says the same: without number or printed pages, without state, dates or consents, at its own
    address."""
    draft = Mission()
    fill(draft, mission)
    draft.number = draft.page_first = draft.page_last = None
    limit: Any = Mission._meta.get_field("title").max_length
    ending = " (copie)"
    draft.title = f"{mission.title[: limit - len(ending)]}{ending}"
    draft.slug = free_address(mission_slug(mission.edition.slug if mission.edition else "", None, draft.title))
    draft.save()
    copy_parts(mission, draft)
    changes.record([draft], by=by, why=f"Copie de «{NBSP}{mission}{NBSP}»")
    return draft
