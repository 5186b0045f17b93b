"""The missions found: as a page, as data, and as suggestions while typing."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page

from casebook.page_memory import keep
from projects.results import cited
from projects.search.suggestions import suggestions
from projects.search_json import page_json, suggestions_json
from projects.selection import Selection
from projects.statistics import record_search
from projects.widening import wider


def mission_list(request: HttpRequest) -> HttpResponse:
    selection = Selection(request.GET)
    record_search(request, selection)
    context = {"selection": selection, "breadcrumb": [("Missions", "")]}
    if selection.count:
        root = request.build_absolute_uri("/").removesuffix("/")
        results = cited(selection.results, root)
        response = render(request, "projects/mission_list.html", {**context, "results": results})
        return response if selection.data.get("q") else keep(request, response)
    return render(request, "projects/mission_list_empty.html", {**context, "wider": wider(selection)})


@conditional_page
@cache_control(public=True, no_cache=True)
def api_missions(request: HttpRequest) -> JsonResponse:
    return _json(page_json(Selection(request.GET)))


@conditional_page
@cache_control(public=True, no_cache=True)
def api_suggestions(request: HttpRequest) -> JsonResponse:
    return _json(suggestions_json(suggestions(request.GET.get("q", ""))))


def _json(data: dict[str, Any]) -> JsonResponse:
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False})
