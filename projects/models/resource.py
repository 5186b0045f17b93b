from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from projects.models.method import Method
    from projects.models.mission import Mission


class ResourceQuerySet(models.QuerySet["Resource"]):
    def published(self) -> "ResourceQuerySet":
        return self.filter(is_published=True).order_by("kind", "-date", "title", "pk")


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
