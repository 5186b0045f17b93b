from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from casebook.page_memory import keep
from projects.home import home_page


def home(request: HttpRequest) -> HttpResponse:
    return keep(request, render(request, "projects/home.html", {"home": home_page()}))
