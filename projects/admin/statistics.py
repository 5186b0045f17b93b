"""« Ce que l’on cherche »: searches without result or corrected, the fiches most read, by month or over the year."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from casebook.cells import neutral
from projects.admin.imports.screens import View, needs
from projects.models import Mission, MissionStatistic, SearchStatistic, StatisticsFlush
from projects.statistics import MONTHS, first_month, last_month

VIEW = "projects.view_mission"
_SHOWN = 100  # rows of a table on the page; the file has them all
_YEAR = "Les douze derniers mois"


def addresses() -> list[URLPattern]:
    """Under the missions of the admin."""

    def at(route: str, view: View, name: str) -> URLPattern:
        return path(route, admin.site.admin_view(needs(VIEW)(view)), name=f"projects_statistics{name}")

    return [at("recherches/", statistics_page, ""), at("recherches/export.csv", statistics_csv, "_csv")]


@dataclass(frozen=True)
class Period:
    """One month, or all those that are kept."""

    value: str
    label: str
    first: date
    last: date


def periods() -> list[Period]:
    """The year, then its months, the latest first."""
    now = last_month()
    months = [date(number // 12, number % 12 + 1, 1) for number in _numbers(now)]
    year = Period("", _YEAR, first_month(), now)
    return [year, *(Period(f"{month:%Y-%m}", date_format(month, "F Y"), month, month) for month in months)]


def _numbers(now: date) -> Iterator[int]:
    last = now.year * 12 + now.month - 1
    yield from range(last, last - MONTHS, -1)


def _asked(request: HttpRequest) -> Period:
    """The period of the address; the year when it is unknown."""
    known = periods()
    return next((period for period in known if period.value == request.GET.get("mois", "")), known[0])


@require_GET
def statistics_page(request: HttpRequest) -> HttpResponse:
    period = _asked(request)
    searches = SearchStatistic.objects.between(period.first, period.last)
    context = {
        **admin.site.each_context(request),
        "title": "Ce que l’on cherche",
        "subtitle": None,
        "period": period,
        "periods": periods(),
        "nothing": list(searches.of_kind(SearchStatistic.Kind.NOTHING).most_searched()[:_SHOWN]),
        "corrected": list(searches.of_kind(SearchStatistic.Kind.CORRECTED).most_searched()[:_SHOWN]),
        "read": _most_read(period),
        "shown": _SHOWN,
        "flushed_on": StatisticsFlush.objects.latest_day(),
    }
    return TemplateResponse(request, "admin/projects/statistics/page.html", context)


def _most_read(period: Period) -> list[tuple[Mission, int]]:
    rows: list[Any] = list(MissionStatistic.objects.between(period.first, period.last).most_read()[:_SHOWN])
    missions = Mission.objects.in_bulk([row["mission"] for row in rows])
    return [(missions[row["mission"]], row["total"]) for row in rows if row["mission"] in missions]


@require_GET
def statistics_csv(request: HttpRequest) -> HttpResponse:
    """The period, month by month, for a French spreadsheet."""
    period = _asked(request)
    name = f"recherches-{period.value or 'annee'}.csv"
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response, delimiter=";")
    writer.writerow(["Mois", "Relevé", "Mots ou fiche", "Nombre"])
    for month, what, words, count in _rows(period):
        writer.writerow([f"{month:%Y-%m}", what, neutral(words), count])
    return response


def _rows(period: Period) -> Iterator[tuple[date, str, str, int]]:
    for search in SearchStatistic.objects.between(period.first, period.last).by_month():
        yield search.month, search.get_kind_display(), search.words, search.count
    for reading in MissionStatistic.objects.between(period.first, period.last).by_month():
        yield reading.month, "fiche consultée", reading.mission.title, reading.count
