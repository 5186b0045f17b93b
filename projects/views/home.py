from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from projects.home import home_page


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "projects/home.html", {"home": home_page()})
