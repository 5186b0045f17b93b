"""Two or three methods side by side."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from casebook.text import NBSP, french_list, plural
from projects.evidence import Extract, shown
from projects.methods import Group, moment_group
from projects.models import Method, MethodExtract, MethodUse, Mission
from projects.selection import quoted

FEWEST, MOST, MOST_READ = 2, 3, 12
_SLUG = re.compile(r"[-\w]{1,120}", re.ASCII)
DOMAINS, COMMON_MISSIONS = 4, 10


@dataclass(frozen=True)
class Compared:
    method: Any
    used: int
    advised: int
    moments: list[Group]
    domains: list[tuple[str, int]]
    extract: Extract | None
    without_url: str


@dataclass(frozen=True)
class Comparison:
    """`columns` is empty when there are not two methods to compare; `notice` says what could not be obeyed."""

    chosen: list[Method]
    columns: list[Compared]
    common: list[Mission]
    common_count: int
    notice: str

    @property
    def heading(self) -> str:
        names = french_list([column.method.name for column in self.columns])
        return f"Comparer {names}" if names else "Comparer des méthodes"

    @property
    def places(self) -> list[str]:
        """What each choice of the form shows: the address of a method, or nothing."""
        return [*(method.slug for method in self.chosen), "", "", ""][:MOST]


def compare_url(methods: list[Method]) -> str:
    return f"{reverse('method_compare')}?{urlencode([('m', method.slug) for method in methods])}"


def compare(asked: list[str], root: str) -> Comparison:
    """The methods of these addresses, three at most, in the order given. The same queries for two and for three."""
    wanted = list(dict.fromkeys(value for value in asked if value))[:MOST_READ]
    known = Method.objects.with_mission_count().called([value for value in wanted if _SLUG.fullmatch(value)])
    found = [known[value] for value in wanted if value in known]
    chosen = found[:MOST]
    notice = _notice([value for value in wanted if value not in known], found[MOST:])
    if len(chosen) < FEWEST:
        return Comparison(chosen, [], [], 0, notice)
    common = Mission.objects.published().with_methods(chosen).in_book_order()
    return Comparison(
        chosen, _columns(chosen, root), list(common.for_lines()[:COMMON_MISSIONS]), common.count(), notice
    )


def _notice(unknown: list[str], beyond: list[Method]) -> str:
    sentences = []
    if unknown:
        names = french_list([quoted(value) for value in unknown[:MOST]])
        sentences.append(f"{names}{NBSP}: cette méthode n’est pas au catalogue.")
    if beyond:
        sentences.append(f"La comparaison s’arrête à {plural(MOST, 'méthode')}.")
    return " ".join(sentences)


def _columns(methods: list[Method], root: str) -> list[Compared]:
    uses = MethodUse.objects.published().order_by().filter(method__in=methods)
    missions = Count("mission", distinct=True)
    roles = {(pk, role): count for pk, role, count in uses.values_list("method", "role").annotate(missions)}
    moments = {(pk, moment) for pk, moment in uses.values_list("method", "moment").distinct()}
    domains: dict[int, list[tuple[str, int]]] = {}
    counted = uses.exclude(mission__domains=None).values_list("method", "mission__domains__name").annotate(n=missions)
    for pk, name, count in counted.order_by("-n", "mission__domains__name"):
        domains.setdefault(pk, []).append((name, count))
    extracts = _first_extracts(methods, root)
    return [
        Compared(
            method=method,
            used=roles.get((method.pk, MethodUse.Role.USED), 0),
            advised=roles.get((method.pk, MethodUse.Role.ADVISED), 0),
            moments=[moment_group(moment) for moment in MethodUse.Moment if (method.pk, moment.value) in moments],
            domains=domains.get(method.pk, [])[:DOMAINS],
            extract=extracts.get(method.pk),
            without_url=compare_url([other for other in methods if other != method]),
        )
        for method in methods
    ]


def _first_extracts(methods: list[Method], root: str) -> dict[int, Extract]:
    """The best extract of each method that has one."""
    rows = MethodExtract.objects.published().firsts_of(methods).with_source()
    return {row.use.method_id: shown(row, row.use, row.use.mission, root) for row in rows}
