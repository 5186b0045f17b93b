from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.formats import date_format

if TYPE_CHECKING:
    from people.models import Collectivity
    from projects.models.method import Method
    from projects.models.mission import Mission


class ResourceQuerySet(models.QuerySet["Resource"]):
    def published(self) -> "ResourceQuerySet":
        return self.filter(is_published=True).order_by("kind", "-date", "title", "pk")

    def about_method(self, method: "Method") -> "ResourceQuerySet":
        return self.filter(methods=method)

    def about_collectivity(self, collectivity: "Collectivity") -> "ResourceQuerySet":
        return self.filter(collectivities=collectivity)

    def with_links(self) -> "ResourceQuerySet":
        """With the methods, and what the public may see of the missions and collectivities it is about."""
        from people.models import Collectivity
        from projects.models.mission import Mission, published

        missions = Mission.objects.published().in_book_order()
        places = Collectivity.objects.with_missions(published("missions__")).order_by("display_name", "pk")
        return self.prefetch_related(
            "methods",
            models.Prefetch("missions", missions, to_attr="published_missions"),
            models.Prefetch("collectivities", places, to_attr="public_collectivities"),
        )


class Resource(models.Model):
    """A document about missions or their methods: slide deck, newsletter, award, article."""

    class Kind(models.TextChoices):
        SLIDES = "diaporama", "Diaporama"
        NEWSLETTER = "lettre", "Lettre d’information"
        AWARD = "prix", "Prix"
        ARTICLE = "article", "Article"

    kind = models.CharField("nature", max_length=10, choices=Kind)
    title = models.CharField("titre", max_length=300)
    slug = models.SlugField("adresse", max_length=120, unique=True)
    date = models.CharField(
        "date", max_length=10, blank=True, help_text="2014, 2014-05 ou 2014-05-15, selon ce qui est connu."
    )
    publisher = models.CharField("éditeur", max_length=200, blank=True)
    summary = models.TextField("résumé", blank=True)
    url = models.URLField("lien", max_length=500, blank=True)
    methods: "models.ManyToManyField[Method, Any]" = models.ManyToManyField(
        "Method", verbose_name="méthodes", blank=True, related_name="resources"
    )
    missions: "models.ManyToManyField[Mission, Any]" = models.ManyToManyField(
        "Mission", verbose_name="missions", blank=True, related_name="resources"
    )
    collectivities = models.ManyToManyField(
        "people.Collectivity", verbose_name="collectivités", blank=True, related_name="resources"
    )
    is_published = models.BooleanField("publiée", default=True)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = "ressource"
        ordering = ["kind", "title"]

    def __str__(self) -> str:
        return self.title

    @property
    def date_label(self) -> str:
        """« 15 mai 2014 », « mai 2014 », « 2014 », as far as the date is known."""
        parts = self.date.split("-")
        patterns = {1: "Y", 2: "F Y", 3: "j F Y"}
        try:
            known = date(*(int(part) for part in [*parts, "1", "1"][:3]))
        except ValueError:
            return self.date
        return date_format(known, patterns[len(parts)]) if len(parts) in patterns else self.date
