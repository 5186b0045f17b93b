from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from casebook.addresses import address
from casebook.text import slug

# Pages beside the methods' own, under the same address.
RESERVED_SLUGS = {"comparer", "familles", "moments"}


class MethodQuerySet(models.QuerySet["Method"]):
    def with_mission_count(self, moment: str = "") -> "MethodQuerySet":
        """`mission_count`: published missions with a confirmed use of the method, at this moment when one is given."""
        from projects.models.method_use import MethodUse
        from projects.models.mission import published

        confirmed = published("uses__mission__") & models.Q(uses__state=MethodUse.State.CONFIRMED)
        if moment:
            confirmed &= models.Q(uses__moment=moment)
        return self.annotate(mission_count=models.Count("uses__mission", filter=confirmed, distinct=True))

    def in_use(self) -> "MethodQuerySet":
        return self.with_mission_count().filter(mission_count__gt=0)  # type: ignore[misc]

    def at_moment(self, moment: str) -> "MethodQuerySet":
        """The methods used or advised at this moment, with the count of these missions."""
        return self.with_mission_count(moment).filter(mission_count__gt=0)  # type: ignore[misc]

    def family_names(self, family_slug: str) -> list[str]:
        """The families of this address: a family is a free text, so two spellings may share it."""
        names = self.order_by("family").values_list("family", flat=True).distinct()
        return [name for name in names if slug(name) == family_slug]

    def in_families(self, names: list[str]) -> "MethodQuerySet":
        return self.filter(family__in=names)

    def called(self, slugs: list[str]) -> dict[str, "Method"]:
        """The methods of these addresses, by address."""
        return self.in_bulk(slugs, field_name="slug")

    def most_used(self) -> "MethodQuerySet":
        """Methods and tools, not phases, the most employed first."""
        return self.in_use().exclude(kind=Method.Kind.PHASE).order_by("-mission_count", "name", "pk")  # type: ignore[misc]

    def used_with(self, method: "Method") -> "MethodQuerySet":
        """Other methods (no phase) of the missions that use this one, with `mission_count` of these missions."""
        from projects.models.method_use import MethodUse

        missions = MethodUse.objects.published().filter(method=method).order_by().values("mission")
        together = models.Q(uses__state=MethodUse.State.CONFIRMED, uses__mission__in=missions)
        counted = (
            self.exclude(pk=method.pk)
            .exclude(kind=Method.Kind.PHASE)
            .annotate(mission_count=models.Count("uses__mission", filter=together, distinct=True))
        )
        return counted.filter(mission_count__gt=0).order_by("-mission_count", "name", "pk")


class Method(models.Model):
    """A way of working that a team used or advises, with our own definition."""

    class Kind(models.TextChoices):
        METHOD = "methode", "méthode"
        TOOL = "outil", "outil"
        PHASE = "phase", "phase"

    name = models.CharField("nom", max_length=120, unique=True)
    slug = models.SlugField("adresse", max_length=120, unique=True)
    kind = models.CharField("nature", max_length=10, choices=Kind, default=Kind.METHOD)
    family = models.CharField("famille", max_length=60)
    definition = models.TextField("définition")
    steps = models.JSONField("étapes", default=list, blank=True)
    limits = models.TextField("limites", blank=True)
    synonyms = models.JSONField("synonymes", default=list, blank=True)
    related = models.ManyToManyField("self", verbose_name="méthodes voisines", blank=True)
    reviewed_on = models.DateField("relue le", null=True, blank=True)

    objects = MethodQuerySet.as_manager()

    class Meta:
        verbose_name = "méthode"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("method_detail", self.slug)

    def clean(self) -> None:
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": "Une page du site a déjà cette adresse. Choisissez-en une autre."})

    @property
    def family_label(self) -> str:
        return self.family[:1].upper() + self.family[1:]

    @property
    def family_url(self) -> str:
        return reverse("family_detail", args=[slug(self.family)])
