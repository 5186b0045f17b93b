from django.http import HttpRequest, HttpResponse


def theme_list(request: HttpRequest, slug: str = "") -> HttpResponse:
    return HttpResponse("")


def theme_detail(request: HttpRequest, slug: str = "") -> HttpResponse:
    return HttpResponse("")


def domain_list(request: HttpRequest, slug: str = "") -> HttpResponse:
    return HttpResponse("")


def method_list(request: HttpRequest, slug: str = "") -> HttpResponse:
    return HttpResponse("")


def method_detail(request: HttpRequest, slug: str = "") -> HttpResponse:
    return HttpResponse("")


def collectivity_list(request: HttpRequest, slug: str = "") -> HttpResponse:
    return HttpResponse("")


def collectivity_detail(request: HttpRequest, slug: str = "") -> HttpResponse:
    return HttpResponse("")


def edition_list(request: HttpRequest, slug: str = "") -> HttpResponse:
    return HttpResponse("")


def edition_detail(request: HttpRequest, slug: str = "") -> HttpResponse:
    return HttpResponse("")


def edition_pdf(request: HttpRequest, slug: str = "") -> HttpResponse:
    return HttpResponse("")


def promotion_detail(request: HttpRequest, slug: str = "") -> HttpResponse:
    return HttpResponse("")


def resource_list(request: HttpRequest, slug: str = "") -> HttpResponse:
    return HttpResponse("")
