from django.db import models
from django.urls import reverse

from people.models.person import Corps


class Promotion(models.Model):
    """A class of INET students of one corps."""

    name = models.CharField("nom", max_length=120)
    slug = models.SlugField("adresse", max_length=120, unique=True)
    corps = models.CharField("corps", max_length=20, choices=Corps, blank=True)
    start_year = models.PositiveSmallIntegerField("première année", null=True, blank=True)
    end_year = models.PositiveSmallIntegerField("dernière année", null=True, blank=True)

    class Meta:
        verbose_name = "promotion"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("promotion_detail", args=[self.slug])
