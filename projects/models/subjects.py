"""What a mission is about: the book's themes and our controlled list of domains."""

from django.db import models

from casebook.addresses import address

COLOR_KEYS = 8  # four sets of colours, then the same with crossed lines


class ThemeQuerySet(models.QuerySet["Theme"]):
    def in_use(self) -> "ThemeQuerySet":
        """Themes that hold a published mission, with `mission_count`."""
        return self.annotate(mission_count=published_count()).filter(mission_count__gt=0).order_by("order", "pk")

    def besides(self, theme: "Theme") -> "ThemeQuerySet":
        return self.exclude(pk=theme.pk)

    def with_first_missions(self, limit: int) -> "ThemeQuerySet":
        """With `first_missions`: at most `limit` published missions of each theme, in book order."""
        from projects.models.mission import Mission

        missions = Mission.objects.published().in_book_order().for_lines()[:limit]
        return self.prefetch_related(models.Prefetch("missions", missions, to_attr="first_missions"))


class Theme(models.Model):
    """A part of the book, as printed. The importer creates those that it meets."""

    name = models.CharField("nom", max_length=120)
    slug = models.SlugField("adresse", max_length=120, unique=True)
    order = models.PositiveSmallIntegerField("ordre", default=0, help_text="Donne aussi la couleur du thème.")
    description = models.CharField("en une phrase", max_length=300, blank=True)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        verbose_name = "thème"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("theme_detail", self.slug)

    @property
    def color_key(self) -> int:
        """1 to 8: the class `theme-N` of the style sheet."""
        return (max(self.order, 1) - 1) % COLOR_KEYS + 1


class DomainQuerySet(models.QuerySet["Domain"]):
    def in_use(self) -> "DomainQuerySet":
        return self.annotate(mission_count=published_count()).filter(mission_count__gt=0).order_by("name", "pk")


class Domain(models.Model):
    """A field of public policy, from a controlled list."""

    name = models.CharField("nom", max_length=80, unique=True)
    slug = models.SlugField("adresse", max_length=80, unique=True)
    description = models.CharField("en une phrase", max_length=300, blank=True)

    objects = DomainQuerySet.as_manager()

    class Meta:
        verbose_name = "domaine"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


def published_count(path: str = "missions") -> models.Count:
    """Count of the published missions reached by `path`, each once: the state rule is held by Mission's QuerySet."""
    from projects.models.mission import published

    return models.Count(path, filter=published(f"{path}__"), distinct=True)
