"""The pages of assisted tagging: the missions of the catalogue, the proposals of one, the decisions made there."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_POST

from casebook.text import NBSP, plural
from projects.admin import publishing
from projects.admin.extracts import read_extracts, refusal
from projects.admin.imports.screens import View, needs
from projects.admin.tagging.shown import Entered, TaggingPage
from projects.models import Method, MethodUse, Mission
from projects.tagging import decisions, waiting
from projects.tagging.waiting import Tagging

CHANGE = "projects.change_mission"
PER_PAGE = 50
MOST = 2000  # missions read in one request; beyond, the command does it
_PUBLISHES = (
    "Cette fiche est publiée\u00a0: une méthode acceptée serait aussitôt sur le site, et vous n’avez pas le droit de "
    "publier. Rien n’a changé. Ouvrez une copie de travail de la fiche, ou demandez à une personne qui publie."
)
_GONE = "Cette méthode n’est plus proposée pour cette mission."


def addresses() -> list[URLPattern]:
    """Under the missions of the admin."""

    def at(route: str, view: View, name: str) -> URLPattern:
        return path(route, admin.site.admin_view(needs(CHANGE)(view)), name=f"projects_tagging_{name}")

    return [
        at("methodes-proposees/", catalogue, "catalogue"),
        at("methodes-proposees/proposer/", propose_everywhere, "propose"),
        at("methodes-proposees/suivante/", next_proposal, "next"),
        at("<int:pk>/methodes-proposees/", mission_page, "mission"),
        at("<int:pk>/methodes-proposees/decider/", decide, "decide"),
        at("<int:pk>/methodes-proposees/accepter/", accept_all, "accept_all"),
    ]


def address(name: str, *args: Any) -> str:
    return reverse(f"admin:projects_tagging_{name}", args=args)


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    page = Paginator(waiting.with_waiting_count(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "total": waiting.waiting_total()}
    return _screen(request, "catalogue", "Méthodes proposées", context)


@require_POST
def propose_everywhere(request: HttpRequest) -> HttpResponse:
    missions = waiting.for_tagging()
    if missions.count() > MOST:
        messages.error(
            request,
            f"Il y a trop de fiches pour une seule demande{NBSP}: lancez la commande propose_methods --save sur le "
            "serveur.",
        )
        return HttpResponseRedirect(address("catalogue"))
    count, total = waiting.keep_all(missions, request.user)
    if total:
        said = plural(total, "proposition attend", "propositions attendent")
        messages.success(request, f"{said} votre décision, dans {plural(count, 'mission')}.")
    else:
        messages.info(request, "Rien de nouveau à proposer.")
    return HttpResponseRedirect(address("catalogue"))


@require_GET
def next_proposal(request: HttpRequest) -> HttpResponse:
    """To the next mission with a kept proposal; to the list when none is left."""
    after = request.GET.get("apres", "")
    mission = waiting.next_waiting(int(after) if after.isascii() and after.isdecimal() else 0)
    if mission is None:
        messages.success(request, "Aucune proposition n’attend plus.")
    return HttpResponseRedirect(address("mission", mission.pk) if mission else address("catalogue"))


@require_GET
def mission_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _tagging(pk))


@require_POST
def accept_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept those that the page showed: what came since is not accepted unseen."""
    tagging = _tagging(pk)
    if _would_publish(request, tagging.mission):
        messages.error(request, _PUBLISHES)
        return _back(pk)
    seen = set(request.POST.getlist("methode"))
    sure = [one for one in tagging.waiting if one.method.slug in seen and not one.is_intention]
    uses = decisions.accept_as_proposed(tagging.mission, sure, request.user)
    for use in uses:
        _log(request, tagging.mission, f"Méthode «{NBSP}{use.method}{NBSP}» acceptée.")
    messages.success(request, f"{plural(len(uses), 'méthode acceptée', 'méthodes acceptées')}.")
    return _back(pk)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    tagging = _tagging(pk)
    method = tagging.method(request.POST.get("methode", ""))
    act = {"accepter": _accept, "ajouter": _add, "refuser": _refuse, "reprendre": _take_back}.get(
        request.POST.get("decision", "")
    )
    awaited = any(one.method == method for one in tagging.waiting)
    if method is None or act is None or (act in {_accept, _refuse} and not awaited):
        messages.error(request, _GONE)
        return _back(pk)
    if act in {_accept, _add} and _would_publish(request, tagging.mission):
        messages.error(request, _PUBLISHES)
        return _back(pk)
    return act(request, tagging, method)


def _would_publish(request: HttpRequest, mission: Mission) -> bool:
    """What is accepted on a published mission is public at once."""
    return mission.is_published and not request.user.has_perm(publishing.PUBLISH)


def _accept(request: HttpRequest, tagging: Tagging, method: Method) -> HttpResponse:
    """Accept as the form says; when it cannot be kept, the page again with what was typed."""
    sent = request.POST
    role, moment, text = sent.get("role", ""), sent.get("moment", ""), sent.get("extraits", "")
    reading = read_extracts(text, list(tagging.mission.sections.all()))
    problems = [refusal(passage) for passage in reading.missing]
    if role not in MethodUse.Role.values:
        problems.append("Choisissez un rôle.")
    if moment and moment not in MethodUse.Moment.values:
        problems.append("Ce moment n’existe pas\u00a0: choisissez-le dans la liste.")
    if problems:
        return _page(request, tagging, {method.slug: Entered(role, moment, text, problems)}, status=422)
    chosen = set(sent.getlist("chiffres"))
    figures = [figure for figure in tagging.mission.key_figures.all() if str(figure.pk) in chosen]
    extracts = [(found.section, found.text) for found in reading.found]
    decisions.accept(tagging.mission, method, decisions.Accepted(role, moment, extracts, figures), request.user)
    return _done(request, tagging, method, "acceptée")


def _add(request: HttpRequest, tagging: Tagging, method: Method) -> HttpResponse:
    """Another passage for a confirmed use."""
    role, text = request.POST.get("role", ""), request.POST.get("extraits", "")
    confirmed = any(more.use.method == method and more.use.role == role for more in tagging.more)
    reading = read_extracts(text, list(tagging.mission.sections.all()))
    if not confirmed or reading.missing or not reading.found:
        messages.error(request, " ".join(map(refusal, reading.missing)) or _GONE)
        return _back(tagging.mission.pk)
    extracts = [(found.section, found.text) for found in reading.found]
    decisions.accept(tagging.mission, method, decisions.Accepted(role, "", extracts), request.user)
    _log(request, tagging.mission, f"Extrait ajouté à la méthode «{NBSP}{method}{NBSP}».")
    messages.success(request, f"Extrait ajouté à «{NBSP}{method}{NBSP}».")
    return _back(tagging.mission.pk, "extraits")


def _refuse(request: HttpRequest, tagging: Tagging, method: Method) -> HttpResponse:
    role = request.POST.get("role", "")
    role = role if role in MethodUse.Role.values else MethodUse.Role.USED
    decisions.refuse(tagging.mission, method, role, request.user)
    return _done(request, tagging, method, "refusée\u00a0: elle ne sera plus proposée pour cette mission")


def _take_back(request: HttpRequest, tagging: Tagging, method: Method) -> HttpResponse:
    for use in tagging.refused:
        if use.method == method:
            decisions.take_back(use, request.user)
    _log(request, tagging.mission, f"Refus de la méthode «{NBSP}{method}{NBSP}» oublié.")
    messages.success(request, f"Le refus de «{NBSP}{method}{NBSP}» est oublié.")
    return _back(tagging.mission.pk)


def _done(request: HttpRequest, tagging: Tagging, method: Method, done: str) -> HttpResponse:
    """Said, written in the history, then on to what follows on the page."""
    _log(request, tagging.mission, f"Méthode «{NBSP}{method}{NBSP}» {done}.")
    messages.success(request, f"Méthode «{NBSP}{method}{NBSP}» {done}.")
    slugs = [one.method.slug for one in tagging.waiting]
    place = slugs.index(method.slug) if method.slug in slugs else len(slugs)
    following = slugs[place + 1 :] or [slug for slug in slugs[:place] if slug != method.slug]
    return _back(tagging.mission.pk, f"methode-{following[0]}" if following else "")


def _tagging(pk: int) -> Tagging:
    tagging = waiting.find(pk)
    if tagging is None:
        raise Http404("Aucune mission n’a ce numéro.")
    return tagging


def _page(
    request: HttpRequest, tagging: Tagging, unkept: dict[str, Entered] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "page": TaggingPage(tagging, unkept or {}),
        "mission": tagging.mission,
        "roles": MethodUse.Role.choices,
        "moments": MethodUse.Moment.choices,
    }
    return _screen(request, "mission", f"Méthodes proposées{NBSP}: {tagging.mission}", context, status)


def _screen(request: HttpRequest, name: str, title: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    frame = {
        **admin.site.each_context(request),
        "title": title,
        "subtitle": None,
        "opts": Mission._meta,
        "mission": None,
    }
    return TemplateResponse(request, f"admin/projects/tagging/{name}.html", frame | dict(context), status=status)


def _back(pk: int, anchor: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(address("mission", pk) + (f"#{anchor}" if anchor else ""))


def _log(request: HttpRequest, mission: Mission, message: str) -> None:
    admin.site.get_model_admin(Mission).log_change(request, mission, message)
