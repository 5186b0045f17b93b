"""Filters of the list of missions that Django does not have."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from projects.models import Authorship, MethodUse, Mission, MissionCollectivity, Section
from projects.models.mission import State


def _no_section(kind: str) -> Callable[[], Any]:
    written = Section.objects.filter(mission=OuterRef("pk"), kind=kind).exclude(body="")
    return lambda: ~Exists(written)


def _none_of(model: Any) -> Callable[[], Any]:
    return lambda: ~Exists(model.objects.filter(mission=OuterRef("pk")))


# slug → (label, condition): first what stops a publication, then what would make the fiche better
MISSING: dict[str, tuple[str, Callable[[], Any]]] = {
    "theme": ("thème", lambda: Q(theme=None)),
    "collectivite": ("collectivité", _none_of(MissionCollectivity)),
    **{kind.value: (f"rubrique «\u00a0{kind.label}\u00a0»", _no_section(kind)) for kind in Section.CORE_KINDS},
    "en-bref": ("En bref", lambda: Q(summary_asked="") | Q(summary_done="") | Q(summary_advised="")),
    "domaine": ("domaine", _none_of(Mission.domains.through)),
    "eleves": ("élèves", _none_of(Authorship)),
    "methode": (
        "méthode confirmée",
        lambda: ~Exists(MethodUse.objects.filter(mission=OuterRef("pk"), state=MethodUse.State.CONFIRMED)),
    ),
    "recueil": ("recueil connu", lambda: Q(edition=None)),
}


class MissingFilter(admin.SimpleListFilter):
    title = "ce qui manque"
    parameter_name = "manque"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, label) for value, (label, _) in MISSING.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        if (value := self.value()) not in MISSING:
            return None
        return queryset.filter(MISSING[str(value)][1]())


class WorkingCopyFilter(admin.SimpleListFilter):
    title = "copie de travail"
    parameter_name = "copie"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("avec", "avec une copie de travail"), ("relecture", "copie en relecture")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        if self.value() == "avec":
            return queryset.exclude(working_copy=None)
        return queryset.filter(working_copy__state=State.REVIEW) if self.value() == "relecture" else None
