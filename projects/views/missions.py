from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from projects.selection import Selection
from projects.widening import wider


def mission_list(request: HttpRequest) -> HttpResponse:
    selection = Selection(request.GET)
    context = {"selection": selection, "breadcrumb": [("Missions", "")]}
    if selection.count:
        return render(request, "projects/mission_list.html", context)
    return render(request, "projects/mission_list_empty.html", {**context, "wider": wider(selection)})
