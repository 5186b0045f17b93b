"""Filters of the list of missions that Django does not have."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from projects.models import Authorship, MethodUse, MissionCollectivity, Section


def _no_section(kind: str) -> Callable[[], Any]:
    written = Section.objects.filter(mission=OuterRef("pk"), kind=kind).exclude(body="")
    return lambda: ~Exists(written)


def _none_of(model: Any) -> Callable[[], Any]:
    return lambda: ~Exists(model.objects.filter(mission=OuterRef("pk")))


# slug → (label, condition): first what stops a publication, then what would make the fiche better
_MISSING: dict[str, tuple[str, Callable[[], Any]]] = {
    "theme": ("thème", lambda: Q(theme=None)),
    "collectivite": ("collectivité", _none_of(MissionCollectivity)),
    **{kind.value: (f"rubrique «\u00a0{kind.label}\u00a0»", _no_section(kind)) for kind in Section.CORE_KINDS},
    "en-bref": ("En bref", lambda: Q(summary_asked="") | Q(summary_done="") | Q(summary_advised="")),
    "domaine": ("domaine", lambda: Q(domains=None)),
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
        return [(value, label) for value, (label, _) in _MISSING.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        if (value := self.value()) not in _MISSING:
            return None
        return queryset.filter(_MISSING[str(value)][1]())
