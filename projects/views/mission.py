"""The page of a mission and its image."""

from functools import partial

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from casebook.page_memory import keep
from projects.basket import Basket
from projects.fiche import fiche
from projects.models import Mission
from projects.near import near_missions, neighbours
from projects.statistics import record_consultation, record_reading

COVER_MAX_AGE = 60 * 60 * 24
MOVED_MAX_AGE = 60 * 60  # a mission may come back to an address that it left: no browser must remember for ever


def mission_detail(request: HttpRequest, slug: str) -> HttpResponse:
    mission = Mission.objects.visible_to(request.user).at(slug).for_detail().first()
    if mission is None:
        return _moved(request, slug, "mission_detail")
    record_consultation(request, mission)
    response = mission_page(request, mission)
    if mission.is_published and not request.GET:
        keep(request, response, again=partial(record_reading, mission=mission.pk))
    return response


def mission_page(request: HttpRequest, mission: Mission) -> HttpResponse:
    """The page of a mission from `for_detail()`; when it is not public, it says so and is kept nowhere."""
    address = request.build_absolute_uri(mission.get_absolute_url())
    context = {
        "mission": mission,
        "fiche": fiche(mission, address),
        "near": near_missions(mission),
        "neighbours": neighbours(mission),
        "basket": Basket.asked(request.GET),
        "breadcrumb": _breadcrumb(mission),
        "cover": _cover(mission),
    }
    response = render(request, "projects/mission_detail.html", context)
    if not mission.is_published:
        patch_cache_control(response, no_store=True, private=True)
        response["X-Robots-Tag"] = "noindex"
    return response


def mission_cover(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The re-encoded image of a published mission.

    The address carries the file’s name: the reader’s own browser may keep it for long. A shared cache may not: it would
    show it after the mission was withdrawn.
    """
    mission = Mission.objects.published().at(slug).first()
    if mission is None:
        return _moved(request, slug, "mission_cover")
    if not mission.cover_public:
        raise Http404
    try:
        response = FileResponse(mission.cover_public.open("rb"))
    except FileNotFoundError:
        raise Http404 from None
    patch_cache_control(response, private=True, max_age=COVER_MAX_AGE, immutable=True)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _moved(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """To the address that a published mission has now, from one that it left; else nothing is there."""
    mission = Mission.objects.published().formerly_at(slug).first()
    if mission is None:
        raise Http404
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(f"{reverse(name, args=[mission.slug])}{f'?{query}' if query else ''}")
    patch_cache_control(response, public=True, max_age=MOVED_MAX_AGE)
    return response


def _cover(mission: Mission) -> str:
    """The address of the image: public with its mission, else the original, which only the admin gives."""
    if mission.is_published:
        address = f"{reverse('mission_cover', args=[mission.slug])}?v={mission.updated_at.timestamp():.0f}"
        return address if mission.cover_public else ""
    return reverse("admin:projects_mission_original", args=[mission.pk]) if mission.cover else ""


def _breadcrumb(mission: Mission) -> list[tuple[str, str]]:
    trail = [("Missions", reverse("mission_list"))]
    if mission.theme:
        trail.append((mission.theme.name, mission.theme.get_absolute_url()))
    return [*trail, (f"Fiche {mission.number_padded}".strip(), "")]
