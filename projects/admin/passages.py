"""Changes of state of missions, among what « Qui a fait quoi » shows: those by command and at a date too."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, F, IntegerField, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from casebook.accounts import audit
from casebook.accounts.journal import Kind
from casebook.text import NBSP
from projects.models import Mission, StateChange
from projects.models.mission import State


def _changes(asked: audit.Asked) -> QuerySet[Any] | None:
    content_type = ContentType.objects.get_for_model(Mission).pk
    if asked.kind not in {None, Kind.PUBLICATION} or asked.about_type not in {0, content_type}:
        return None
    changes = asked.within(StateChange.objects.order_by(), "at")
    if asked.who:
        changes = changes.filter(user__username=asked.who)
    if asked.about_type:
        if not asked.about_id.isdecimal():
            return None
        changes = changes.filter(mission=asked.about_id)
    found: QuerySet[Any] = changes.annotate(
        row_at=F("at"),
        row_pk=F("pk"),
        row_who=Coalesce("user__username", "who"),
        row_kind=Value(Kind.PUBLICATION.value, output_field=IntegerField()),
        row_words=_words(),
        row_about=Cast("mission__title", TextField()),
        row_type=Value(content_type, output_field=IntegerField()),
        row_id=Cast("mission_id", TextField()),
    )
    return found


def _words() -> Concat:
    """« brouillon → en relecture : à relire avant jeudi », as `StateChange.label` says it."""
    return Concat(
        Case(When(of_working_copy=True, then=Value(f"copie de travail{NBSP}: ")), default=Value("")),
        _name("before"),
        Value(" → "),
        Case(When(after="", then=Value("abandonnée")), default=_name("after")),
        Case(When(note="", then=Value("")), default=Concat(Value(f"{NBSP}: "), F("note"))),
        output_field=TextField(),
    )


def _name(field: str) -> Case:
    return Case(
        *(When(**{field: value}, then=Value(label.lower())) for value, label in State.choices), default=Value("")
    )


audit.sources.append(_changes)
