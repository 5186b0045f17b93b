"""The methods with their proof: by family, by moment, one by one, side by side, on a card; and the extracts kept."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from casebook.page_memory import keep_whole
from projects.basket import Basket, extracts_page
from projects.browsing import alphabetical
from projects.evidence import by_mission, evidence
from projects.method_comparison import MOST, compare, compare_url
from projects.methods import GroupPage, family_page, method_card, method_index, moment_page, shares, with_families
from projects.models import Method, MethodUse, Mission, Resource
from projects.views.paging import page_of

METHODS_BESIDE = 8
MISSIONS_PER_GROUP = 10


def method_list(request: HttpRequest) -> HttpResponse:
    context = {"index": method_index(), "breadcrumb": [("Méthodes", "")]}
    return keep_whole(request, render(request, "projects/method_list.html", context))


def method_detail(request: HttpRequest, slug: str) -> HttpResponse:
    method = get_object_or_404(Method.objects.with_mission_count(), slug=slug)
    uses = MethodUse.objects.published().of_method(method)
    page, notice = page_of(request, uses.as_evidence())
    found = [evidence(use, use.mission, _root(request)) for use in page]
    related = alphabetical(method.related.all())
    beside = list(Method.objects.used_with(method)[:METHODS_BESIDE])
    context = {
        "method": method,
        "counts": uses.role_counts(),
        "moments": uses.moment_counts(),
        "shares": shares(method),
        "catalogue_count": Mission.objects.published().count(),
        "page": page,
        "notice": notice,
        "used": [use for use in found if use.role == MethodUse.Role.USED],
        "advised": [use for use in found if use.role == MethodUse.Role.ADVISED],
        "beside": [(other, compare_url([method, other])) for other in beside],
        "related": related,
        "compare_url": compare_url([method, *(related or beside)][:MOST]),
        "resources": Resource.objects.published().about_method(method),
        "basket": Basket.asked(request.GET),
        "breadcrumb": _breadcrumb((method.family_label, method.family_url), (method.name, "")),
    }
    return keep_whole(request, render(request, "projects/method_detail.html", context))


def method_card_page(request: HttpRequest, slug: str) -> HttpResponse:
    method = get_object_or_404(Method.objects.with_mission_count(), slug=slug)
    context = {
        "method": method,
        "card": method_card(method, _root(request)),
        "address": f"{_root(request)}{method.get_absolute_url()}",
        "breadcrumb": _breadcrumb((method.name, method.get_absolute_url()), ("Fiche à imprimer", "")),
    }
    return render(request, "projects/method_card.html", context)


def method_family(request: HttpRequest, slug: str) -> HttpResponse:
    return _group(request, family_page(slug), "Famille de méthodes")


def method_moment(request: HttpRequest, slug: str) -> HttpResponse:
    return _group(request, moment_page(slug), "Moment d’une mission")


def _group(request: HttpRequest, group_page: GroupPage | None, nature: str) -> HttpResponse:
    if group_page is None:
        raise Http404
    page, notice = page_of(request, group_page.uses.mission_ids(), MISSIONS_PER_GROUP)
    uses = group_page.uses.of_missions(page).as_evidence()
    context = {
        "nature": nature,
        "group_page": group_page,
        "group": group_page.group,
        "page": page,
        "notice": notice,
        "missions": by_mission([evidence(use, use.mission, _root(request)) for use in uses], page),
        "basket": Basket.asked(request.GET),
        "breadcrumb": _breadcrumb((group_page.group.name, "")),
    }
    return render(request, "projects/method_group.html", context)


def method_compare(request: HttpRequest) -> HttpResponse:
    context = {
        "comparison": compare(request.GET.getlist("m"), _root(request)),
        "choices": with_families(Method.objects.all()),
        "breadcrumb": _breadcrumb(("Comparer", "")),
    }
    return render(request, "projects/method_compare.html", context)


def extracts(request: HttpRequest) -> HttpResponse:
    """The extracts that a reader keeps: nothing of it is stored here."""
    context = {
        "extracts": extracts_page(Basket.asked(request.GET), _root(request)),
        "breadcrumb": _breadcrumb(("Mes extraits", "")),
    }
    return render(request, "projects/extracts.html", context)


def _root(request: HttpRequest) -> str:
    """The site's own address, without a final slash."""
    return request.build_absolute_uri("/").removesuffix("/")


def _breadcrumb(*trail: tuple[str, str]) -> list[tuple[str, Any]]:
    return [("Méthodes", reverse("method_list")), *trail]
