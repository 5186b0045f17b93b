from django.http import HttpRequest, HttpResponse


def mission_list(request: HttpRequest, slug: str = "") -> HttpResponse:
    return HttpResponse("")
