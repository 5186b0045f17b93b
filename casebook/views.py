"""Pages of the site itself: what it is, its legal pages, its help."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def about(request: HttpRequest) -> HttpResponse:
    return render(request, "casebook/about.html", {"breadcrumb": [("À propos", "")]})


def host_a_student(request: HttpRequest) -> HttpResponse:
    return render(request, "casebook/host_a_student.html", {"breadcrumb": [("Accueillir un élève", "")]})


def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "casebook/legal.html", {"breadcrumb": [("Mentions légales", "")]})


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "casebook/privacy.html", {"breadcrumb": [("Données personnelles", "")]})


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "casebook/accessibility.html", {"breadcrumb": [("Accessibilité", "")]})


def search_help(request: HttpRequest) -> HttpResponse:
    return render(request, "casebook/search_help.html", {"breadcrumb": [("Aide à la recherche", "")]})


def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")
