"""The pages one browses: themes, domains, collectivities, recueils, promotions, resources."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from casebook.page_memory import keep_whole
from projects.browsing import (
    alphabetical,
    edition_contents,
    edition_promotions,
    promotion_roll,
    public_collectivities,
    public_promotions,
    territories,
)
from projects.cards import cards
from projects.models import Domain, Edition, Mission, Resource, Theme
from projects.views.paging import page_of

MISSIONS_PER_THEME = 12


def theme_list(request: HttpRequest) -> HttpResponse:
    themes = Theme.objects.in_use().with_first_missions(MISSIONS_PER_THEME)
    context = {"themes": themes, "breadcrumb": [("Thèmes", "")]}
    return keep_whole(request, render(request, "projects/theme_list.html", context))


def theme_detail(request: HttpRequest, slug: str) -> HttpResponse:
    theme = get_object_or_404(Theme.objects.in_use(), slug=slug)
    missions = Mission.objects.published().with_theme(theme).in_book_order().for_lines()
    page, notice = page_of(request, missions)
    context = {
        "theme": theme,
        "page": page,
        "notice": notice,
        "others": Theme.objects.in_use().besides(theme),
        "breadcrumb": [("Thèmes", reverse("theme_list")), (theme.name, "")],
    }
    return keep_whole(request, render(request, "projects/theme_detail.html", context))


def domain_list(request: HttpRequest) -> HttpResponse:
    context = {"domains": alphabetical(Domain.objects.in_use()), "breadcrumb": [("Domaines", "")]}
    return keep_whole(request, render(request, "projects/domain_list.html", context))


def collectivity_list(request: HttpRequest) -> HttpResponse:
    context = {"territories": territories(request.GET.get("type", "")), "breadcrumb": [("Collectivités", "")]}
    return keep_whole(request, render(request, "projects/collectivity_list.html", context))


def collectivity_detail(request: HttpRequest, slug: str) -> HttpResponse:
    collectivity = get_object_or_404(public_collectivities().with_territory(), slug=slug)
    missions = Mission.objects.published().with_collectivity(collectivity).in_book_order().for_cards()
    page, notice = page_of(request, missions)
    context = {
        "collectivity": collectivity,
        "page": page,
        "cards": cards(page),
        "notice": notice,
        "resources": Resource.objects.published().about_collectivity(collectivity),
        "breadcrumb": [("Collectivités", reverse("collectivity_list")), (collectivity.display_name, "")],
    }
    return keep_whole(request, render(request, "projects/collectivity_detail.html", context))


def edition_list(request: HttpRequest) -> HttpResponse:
    context = {
        "editions": Edition.objects.published(),
        "loose": Mission.objects.published().without_edition().in_book_order().for_lines(),
        "breadcrumb": [("Recueils", "")],
    }
    return render(request, "projects/edition_list.html", context)


def edition_detail(request: HttpRequest, slug: str) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.published(), slug=slug)
    context = {
        "edition": edition,
        "contents": edition_contents(edition),
        "promotions": edition_promotions(edition),
        "breadcrumb": [("Recueils", reverse("edition_list")), (edition.school_year, "")],
    }
    return render(request, "projects/edition_detail.html", context)


def edition_pdf(request: HttpRequest, slug: str) -> FileResponse:
    """The printer's PDF of a published recueil."""
    edition = get_object_or_404(Edition.objects.published(), slug=slug)
    if not edition.printer_pdf:
        raise Http404
    try:
        return FileResponse(
            edition.printer_pdf.open("rb"), filename=f"recueil-{edition.slug}.pdf", content_type="application/pdf"
        )
    except FileNotFoundError:
        raise Http404 from None


def promotion_detail(request: HttpRequest, slug: str) -> HttpResponse:
    promotion = get_object_or_404(public_promotions(), slug=slug)
    context = {
        "promotion": promotion,
        "roll": promotion_roll(promotion),
        "editions": Edition.objects.published().with_promotion(promotion),
        "breadcrumb": [("Recueils", reverse("edition_list")), (f"Promotion {promotion.name}", "")],
    }
    return render(request, "projects/promotion_detail.html", context)


def resource_list(request: HttpRequest) -> HttpResponse:
    context = {"resources": Resource.objects.published().with_links(), "breadcrumb": [("Ressources", "")]}
    return render(request, "projects/resource_list.html", context)
