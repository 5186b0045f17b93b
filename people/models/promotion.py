from django.db import models
from django.db.models import Q
from django.urls import reverse

from people.models.person import Corps


class PromotionQuerySet(models.QuerySet["Promotion"]):
    def with_authors(self, visible: Q) -> "PromotionQuerySet":
        """Promotions with an author in the catalogue; `visible` is the rule of what may be seen, from
        `members__authorships__mission__`."""
        return self.filter(visible).distinct().order_by("name", "pk")


class Promotion(models.Model):
    """A class of INET students of one corps."""

    name = models.CharField("nom", max_length=120)
    slug = models.SlugField("adresse", max_length=120, unique=True)
    corps = models.CharField("corps", max_length=20, choices=Corps, blank=True)
    start_year = models.PositiveSmallIntegerField("première année", null=True, blank=True)
    end_year = models.PositiveSmallIntegerField("dernière année", null=True, blank=True)

    objects = PromotionQuerySet.as_manager()

    class Meta:
        verbose_name = "promotion"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("promotion_detail", args=[self.slug])
