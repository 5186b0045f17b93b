"""Pages of the site itself: what it is, its legal pages, its help."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def about(request: HttpRequest) -> HttpResponse:
    return render(request, "casebook/about.html")


def host_a_student(request: HttpRequest) -> HttpResponse:
    return render(request, "casebook/host_a_student.html")


def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "casebook/legal.html")


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "casebook/privacy.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "casebook/accessibility.html")


def search_help(request: HttpRequest) -> HttpResponse:
    return render(request, "casebook/search_help.html")
