"""The page of a mission and its image."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from projects.basket import Basket
from projects.fiche import fiche
from projects.models import Mission
from projects.near import near_missions, neighbours
from projects.statistics import record_consultation

COVER_MAX_AGE = 60 * 60 * 24


def mission_detail(request: HttpRequest, slug: str) -> HttpResponse:
    mission = Mission.objects.visible_to(request.user).at(slug).for_detail().first()
    if mission is None:
        raise Http404
    record_consultation(request, mission)
    address = request.build_absolute_uri(mission.get_absolute_url())
    context = {
        "mission": mission,
        "fiche": fiche(mission, address),
        "near": near_missions(mission),
        "neighbours": neighbours(mission),
        "basket": Basket.asked(request.GET),
        "breadcrumb": _breadcrumb(mission),
    }
    response = render(request, "projects/mission_detail.html", context)
    if not mission.is_published:
        patch_cache_control(response, no_store=True, private=True)
        response["X-Robots-Tag"] = "noindex"
    return response


def mission_cover(request: HttpRequest, slug: str) -> FileResponse:
    """The re-encoded image of a published mission; the address carries the file's name, so it may be kept for long."""
    mission = Mission.objects.published().at(slug).first()
    if mission is None or not mission.cover_public:
        raise Http404
    try:
        response = FileResponse(mission.cover_public.open("rb"))
    except FileNotFoundError:
        raise Http404 from None
    patch_cache_control(response, public=True, max_age=COVER_MAX_AGE, immutable=True)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _breadcrumb(mission: Mission) -> list[tuple[str, str]]:
    trail = [("Missions", reverse("mission_list"))]
    if mission.theme:
        trail.append((mission.theme.name, mission.theme.get_absolute_url()))
    return [*trail, (f"Fiche {mission.number_padded}".strip(), "")]
