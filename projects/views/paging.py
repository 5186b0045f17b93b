"""The page of a list that a request asks for."""

from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from casebook.text import NBSP

PER_PAGE = 24


def page_of(request: HttpRequest, rows: QuerySet[Any, Any], per_page: int = PER_PAGE) -> tuple[Page[Any], str]:
    """The page asked for; the first or the last one when there is no such page, with a sentence that says so."""
    paginator = Paginator(rows, per_page)
    asked = request.GET.get("page", "1")
    try:
        return paginator.page(asked), ""
    except PageNotAnInteger:
        page = paginator.page(1)
    except EmptyPage:
        page = paginator.page(paginator.num_pages)
    return page, f"Cette page n’existe pas{NBSP}: voici la page {page.number} sur {paginator.num_pages}."
