"""Missions near another one, each with the reason in words.

A common domain weighs most, then common methods (three at most, and no phase: a diagnosis is everywhere), the same
kind of territory, the same theme. Four queries, whatever the number of missions.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least

from casebook.text import NBSP, french_list
from projects.models import Method, MethodUse, Mission, MissionCollectivity

DOMAIN, METHOD, TERRITORY, THEME = 4, 2, 2, 1
MAX_METHODS = 3


@dataclass(frozen=True)
class NearMission:
    mission: Mission
    reason: str


def near_missions(mission: Mission, limit: int = 3) -> list[NearMission]:
    """The nearest published missions, best first; `mission` comes from `for_detail()`."""
    domains = {domain.pk for domain in mission.domains.all()}
    methods = {
        use.method_id
        for use in mission.confirmed_uses  # type: ignore[attr-defined]
        if use.method.kind != Method.Kind.PHASE
    }
    kinds = {(place.kind, place.epci_type) for place in mission.collectivity_list}
    same_kind = Q(pk__in=[])
    for kind, epci_type in kinds:
        same_kind |= Q(collectivity__kind=kind, collectivity__epci_type=epci_type)
    own = Q(mission=OuterRef("pk"))
    candidates = (
        Mission.objects.published()
        .exclude(pk__in=[mission.pk, mission.working_copy_of_id or mission.pk])
        .annotate(
            near_domains=_count(Mission.domains.through.objects.filter(own, domain__in=domains), "domain"),
            near_methods=_count(MethodUse.objects.confirmed().filter(own, method__in=methods), "method"),
            near_territory=Exists(MissionCollectivity.objects.filter(own & same_kind)),
            near_theme=Exists(Mission.objects.filter(pk=OuterRef("pk"), theme=mission.theme_id)),
        )
        .annotate(
            nearness=F("near_domains") * DOMAIN
            + Least(F("near_methods"), Value(MAX_METHODS)) * METHOD
            + _points("near_territory", TERRITORY)
            + _points("near_theme", THEME)
        )
        .filter(nearness__gt=0)
        .order_by("-nearness", F("edition__slug").desc(nulls_last=True), F("number").asc(nulls_last=True), "pk")
    )
    uses = Prefetch("method_uses", MethodUse.objects.confirmed().select_related("method"), to_attr="confirmed_uses")
    nearest = candidates.for_lines().prefetch_related("domains", uses)[:limit]
    return [NearMission(other, _reason(other, domains, methods, kinds, mission.theme_id)) for other in nearest]


def _count(rows: QuerySet[Any], field: str) -> Coalesce:
    counted = rows.order_by().values("mission").annotate(n=Count(field, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _points(condition: str, points: int) -> Any:
    return Case(When(**{condition: True}, then=Value(points)), default=Value(0), output_field=IntegerField())


def _reason(other: Any, domains: set[int], methods: set[int], kinds: set[tuple[str, str]], theme: int | None) -> str:
    """« Même domaine : habitat et logement. Méthode commune : parangonnage »: two reasons at most, the heaviest."""
    common_domains = [in_sentence(domain.name) for domain in other.domains.all() if domain.pk in domains]
    common_methods = list(
        dict.fromkeys(in_sentence(use.method.name) for use in other.confirmed_uses if use.method_id in methods)
    )
    common_kinds = list(
        dict.fromkeys(
            in_sentence(place.kind_label) for place in other.collectivity_list if (place.kind, place.epci_type) in kinds
        )
    )
    reasons = []
    if common_domains:
        head = "Même domaine" if len(common_domains) == 1 else "Mêmes domaines"
        reasons.append(f"{head}{NBSP}: {', '.join(common_domains)}")
    if common_methods:
        head = "Méthode commune" if len(common_methods) == 1 else "Méthodes communes"
        reasons.append(f"{head}{NBSP}: {', '.join(common_methods[:MAX_METHODS])}")
    if common_kinds:
        reasons.append(f"Même type de territoire{NBSP}: {french_list(common_kinds)}")
    if theme is not None and other.theme_id == theme:
        reasons.append("Même thème")
    return ". ".join(reasons[:2])


def in_sentence(name: str) -> str:
    """The name as it stands inside a sentence: « Entretiens » → « entretiens », « SWOT » as it is."""
    return name[:1].lower() + name[1:] if name[1:2].islower() or name[1:2] in "’' " else name


@dataclass(frozen=True)
class Neighbours:
    previous: Mission | None
    next: Mission | None


def neighbours(mission: Mission) -> Neighbours:
    """The published fiches before and after this one in its book. Two queries, or none without a printed number."""
    found = list(Mission.objects.published().for_lines().beside(mission))
    before = [other for other in found if (other.number or 0) < (mission.number or 0)]
    after = [other for other in found if other not in before]
    return Neighbours(before[0] if before else None, after[0] if after else None)
