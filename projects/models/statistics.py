"""What people looked for and what they read, by month: words and counts, and nothing about who.

Written by `projects.statistics.flush` alone. `month` is always its first day.
"""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Max, Sum

from casebook.text import NBSP, plural


class SearchStatisticQuerySet(models.QuerySet["SearchStatistic"]):
    def between(self, first: date, last: date) -> "SearchStatisticQuerySet":
        """Those of these months, both included."""
        return self.filter(month__range=(first, last))

    def of_kind(self, kind: str) -> "SearchStatisticQuerySet":
        return self.filter(kind=kind)

    def most_searched(self) -> models.QuerySet[Any, Any]:
        """`words` and `total` over all these months, the most frequent first."""
        return self.order_by().values("words").annotate(total=Sum("count")).order_by("-total", "words")

    def by_month(self) -> "SearchStatisticQuerySet":
        return self.order_by("-month", "kind", "-count", "words")

    def before(self, month: date) -> "SearchStatisticQuerySet":
        return self.filter(month__lt=month)


class SearchStatistic(models.Model):
    """Words that were searched at least twice in a month, and found nothing or were corrected."""

    class Kind(models.TextChoices):
        NOTHING = "sans_resultat", "recherche sans résultat"
        CORRECTED = "corrigee", "recherche corrigée"

    month = models.DateField("mois")
    kind = models.CharField("issue", max_length=20, choices=Kind)
    words = models.CharField("mots", max_length=80)
    count = models.PositiveIntegerField("nombre", default=0)

    objects = SearchStatisticQuerySet.as_manager()

    class Meta:
        verbose_name = "recherche comptée"
        verbose_name_plural = "recherches comptées"
        constraints = [models.UniqueConstraint(fields=["month", "kind", "words"], name="search_statistic_once")]

    def __str__(self) -> str:
        return f"{self.words}{NBSP}: {self.count}"


class MissionStatisticQuerySet(models.QuerySet["MissionStatistic"]):
    def between(self, first: date, last: date) -> "MissionStatisticQuerySet":
        """Those of these months, both included."""
        return self.filter(month__range=(first, last))

    def most_read(self) -> models.QuerySet[Any, Any]:
        """`mission` and `total` over all these months, the most read first."""
        return self.order_by().values("mission").annotate(total=Sum("count")).order_by("-total", "mission")

    def by_month(self) -> "MissionStatisticQuerySet":
        return self.select_related("mission").order_by("-month", "-count", "mission")

    def before(self, month: date) -> "MissionStatisticQuerySet":
        return self.filter(month__lt=month)


class MissionStatistic(models.Model):
    """How many times the page of a mission was read in a month."""

    # hidden («+»): counts are no part of the mission, whose content is compared and restored with its parts
    mission = models.ForeignKey("Mission", verbose_name="mission", on_delete=models.CASCADE, related_name="+")
    month = models.DateField("mois")
    count = models.PositiveIntegerField("nombre", default=0)

    objects = MissionStatisticQuerySet.as_manager()

    class Meta:
        verbose_name = "consultations d’une fiche"
        verbose_name_plural = "consultations des fiches"
        constraints = [models.UniqueConstraint(fields=["month", "mission"], name="mission_statistic_once")]

    def __str__(self) -> str:
        return plural(self.count, "consultation")


class StatisticsFlushQuerySet(models.QuerySet["StatisticsFlush"]):
    def latest_day(self) -> date | None:
        """The day of the last one; None when there was none."""
        return self.aggregate(day=Max("day"))["day"]  # type: ignore[no-any-return]

    def before(self, month: date) -> "StatisticsFlushQuerySet":
        return self.filter(day__lt=month)


class StatisticsFlush(models.Model):
    """A spool file that was counted, so that it is counted once even when the command is killed."""

    name = models.CharField("fichier", max_length=80, unique=True)
    day = models.DateField("jour")

    objects = StatisticsFlushQuerySet.as_manager()

    class Meta:
        verbose_name = "relevé"

    def __str__(self) -> str:
        return self.name
