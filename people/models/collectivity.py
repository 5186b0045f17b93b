from django.db import models
from django.db.models import Q

from casebook.addresses import address

# (slug, least population, label): French typography, U+202F in thousands.
SIZES = [
    ("moins-de-10000", 0, "Moins de 10\u202f000 habitants"),
    ("10000-a-50000", 10_000, "De 10\u202f000 à 50\u202f000 habitants"),
    ("50000-a-200000", 50_000, "De 50\u202f000 à 200\u202f000 habitants"),
    ("200000-a-1000000", 200_000, "De 200\u202f000 à 1\u202fmillion d’habitants"),
    ("plus-de-1000000", 1_000_000, "Plus d’un million d’habitants"),
]


class RegionQuerySet(models.QuerySet["Region"]):
    def with_missions(self, visible: Q) -> "RegionQuerySet":
        """Régions of a visible mission; `visible` is the rule, from `collectivities__missions__`."""
        return self.filter(visible).distinct()


class Region(models.Model):
    """An administrative région, with its INSEE code (COG)."""

    code = models.CharField("code INSEE", max_length=2, unique=True)
    name = models.CharField("nom", max_length=80)
    slug = models.SlugField("adresse", max_length=80, unique=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "région"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A département, with its INSEE code (COG)."""

    code = models.CharField("code INSEE", max_length=3, unique=True)
    name = models.CharField("nom", max_length=80)
    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="departments")

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class CollectivityQuerySet(models.QuerySet["Collectivity"]):
    def with_missions(self, visible: Q) -> "CollectivityQuerySet":
        """Collectivities of a visible mission, with `mission_count`; `visible` is the rule, from `missions__`."""
        return self.annotate(mission_count=models.Count("missions", filter=visible, distinct=True)).filter(
            mission_count__gt=0
        )

    def with_territory(self) -> "CollectivityQuerySet":
        return self.select_related("region", "department").order_by("display_name", "pk")


class Collectivity(models.Model):
    """A local government (or another body) that INET students worked for."""

    class Kind(models.TextChoices):
        COMMUNE = "commune", "commune"
        EPCI = "epci", "intercommunalité"
        DEPARTEMENT = "departement", "département"
        REGION = "region", "région"
        STATUT_PARTICULIER = "statut-particulier", "collectivité à statut particulier"
        AUTRE = "autre", "autre organisme"

    class EpciType(models.TextChoices):
        CC = "CC", "communauté de communes"
        CA = "CA", "communauté d’agglomération"
        CU = "CU", "communauté urbaine"
        METROPOLE = "metropole", "métropole"
        EPT = "EPT", "établissement public territorial"

    kind = models.CharField("type", max_length=20, choices=Kind)
    epci_type = models.CharField("type d’intercommunalité", max_length=10, choices=EpciType, blank=True)
    official_name = models.CharField("nom officiel", max_length=160)
    display_name = models.CharField("nom affiché", max_length=160)
    slug = models.SlugField("adresse", max_length=120, unique=True)
    aliases = models.JSONField("autres noms", default=list, blank=True)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    insee_code = models.CharField("code INSEE", max_length=5, blank=True)
    department = models.ForeignKey(
        Department,
        verbose_name="département",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="collectivities",
    )
    region = models.ForeignKey(
        Region, verbose_name="région", on_delete=models.PROTECT, null=True, blank=True, related_name="collectivities"
    )
    population = models.PositiveIntegerField("population", null=True, blank=True)
    population_year = models.PositiveSmallIntegerField("année de la population", null=True, blank=True)
    website = models.URLField("site officiel", blank=True)
    note = models.TextField("note", blank=True, help_text="Pour les rédacteurs : ce qui n’est pas certain.")

    objects = CollectivityQuerySet.as_manager()

    class Meta:
        verbose_name = "collectivité"
        ordering = ["display_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(siren="") | Q(siren__regex=r"^[0-9]{9}$"),
                name="collectivity_siren_well_formed",
                violation_error_message="Un SIREN compte neuf chiffres.",
            ),
            models.CheckConstraint(
                condition=Q(insee_code="")
                | Q(insee_code__regex=r"^([0-9]{2,3}|2[AB]|[0-9][0-9AB][0-9]{3}|[0-9]{2}[A-Z])$"),
                name="collectivity_insee_code_well_formed",
                violation_error_message="Un code INSEE compte deux à cinq caractères, par exemple 33063 ou 2A004.",
            ),
            models.UniqueConstraint(
                fields=["siren"],
                condition=~Q(siren=""),
                name="collectivity_siren_unique",
                violation_error_message="Une autre collectivité porte déjà ce SIREN.",
            ),
            models.UniqueConstraint(
                fields=["kind", "insee_code"],
                condition=~Q(insee_code=""),
                name="collectivity_insee_code_unique",
                violation_error_message="Une autre collectivité du même type porte déjà ce code INSEE.",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        return address("collectivity_detail", self.slug)

    @property
    def kind_label(self) -> str:
        """« Commune », « Métropole », « Établissement public territorial »…"""
        label = self.get_epci_type_display() if self.epci_type else self.get_kind_display()
        return label[:1].upper() + label[1:]
