"""One search over everything that a person may see in the admin: missions in any state, people, places, methods…"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_GET

from casebook.text import collapse, plural, printable
from people.models import Collectivity, Person, Promotion
from projects.models import Domain, Edition, Method, Mission, Resource, Theme

KINDS: list[Any] = [Mission, Person, Collectivity, Method, Edition, Theme, Domain, Resource, Promotion]
SHOWN = 5
MAX_LENGTH = 200


def addresses() -> list[URLPattern]:
    return [path("chercher/", admin.site.admin_view(search_page), name="projects_everything")]


@dataclass(frozen=True)
class Group:
    """What was found of one kind: the first ones, and the address of the list that has them all."""

    label: str
    total: str
    found: list[tuple[Any, str]]
    url: str
    more: int


@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    query = collapse(printable(request.GET.get("q", "")))[:MAX_LENGTH]
    context = {
        **admin.site.each_context(request),
        "title": "Chercher dans tout ce que vous voyez",
        "subtitle": None,
        "query": query,
        "groups": found(request, query) if query else [],
    }
    return TemplateResponse(request, "admin/projects/everything.html", context)


def found(request: HttpRequest, query: str) -> list[Group]:
    """By kind, in the order of `KINDS`; the kinds without result are left out. A fixed number of queries."""
    groups = []
    for model in KINDS:
        model_admin = admin.site._registry[model]
        if not model_admin.has_view_permission(request):
            continue
        rows, has_doubles = model_admin.get_search_results(request, model_admin.get_queryset(request), query)
        rows = rows.distinct() if has_doubles else rows
        total = rows.count()
        if total:
            groups.append(_group(model, list(rows[:SHOWN]), total, query))
    return groups


def _group(model: Any, first: list[Any], total: int, query: str) -> Group:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    things = [(thing, reverse(f"{name}_change", args=[thing.pk])) for thing in first]
    several = str(model._meta.verbose_name_plural)
    label = plural(total, str(model._meta.verbose_name), several)
    url = f"{reverse(f'{name}_changelist')}?{urlencode({'q': query})}"
    return Group(str(capfirst(several)), label, things, url, total - len(first))
