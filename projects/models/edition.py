from typing import TYPE_CHECKING

from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from casebook.richtext import RichTextField

if TYPE_CHECKING:
    from people.models import Promotion
    from projects.models.subjects import Theme


class EditionQuerySet(models.QuerySet["Edition"]):
    def published(self) -> "EditionQuerySet":
        """Editions with at least one published mission, latest first, with `mission_count`."""
        from projects.models.subjects import published_count

        return self.annotate(mission_count=published_count()).filter(mission_count__gt=0).order_by("-slug", "pk")

    def with_promotion(self, promotion: "Promotion") -> "EditionQuerySet":
        return self.filter(edition_promotions__promotion=promotion)


class Edition(models.Model):
    """One printed book (recueil) of missions; « édition 2019/2020 » for its year."""

    title = models.CharField("titre", max_length=200)
    subtitle = models.CharField("sous-titre", max_length=300, blank=True)
    school_year = models.CharField("année scolaire", max_length=9, help_text="Par exemple 2019/2020.")
    slug = models.SlugField(
        "première année", max_length=4, unique=True, help_text="Sert dans toutes les adresses : 2019."
    )
    published_on = models.DateField("paru en", null=True, blank=True, help_text="Le premier jour du mois de parution.")
    publisher = models.CharField("éditeur", max_length=160, blank=True)
    credits = RichTextField("crédits", blank=True)
    foreword = RichTextField("avant-propos", blank=True)
    closing_page = RichTextField("page de fin (accueillir un élève)", blank=True)
    promotions = models.ManyToManyField(
        "people.Promotion", verbose_name="promotions", through="EditionPromotion", related_name="editions", blank=True
    )
    themes: "models.ManyToManyField[Theme, EditionTheme]" = models.ManyToManyField(
        "Theme", verbose_name="thèmes", through="EditionTheme", related_name="editions", blank=True
    )
    printer_pdf = models.FileField(
        "PDF de l’imprimeur",
        upload_to="recueils/",
        blank=True,
        validators=[FileExtensionValidator(["pdf"], message="Choisissez un fichier PDF.")],
    )

    publish_at = models.DateTimeField(
        "paraître le",
        null=True,
        blank=True,
        help_text="À cette date et à cette heure, les missions en relecture sont publiées ensemble.",
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "recueil"
        ordering = ["-slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[0-9]{4}$"),
                name="edition_slug_is_a_year",
                violation_error_message="La première année s’écrit en quatre chiffres, par exemple 2019.",
            ),
        ]

    def __str__(self) -> str:
        return f"Édition {self.school_year}"

    def get_absolute_url(self) -> str:
        return reverse("edition_detail", args=[self.slug])


class EditionTheme(models.Model):
    edition = models.ForeignKey(
        Edition, verbose_name="recueil", on_delete=models.CASCADE, related_name="edition_themes"
    )
    theme = models.ForeignKey("Theme", verbose_name="thème", on_delete=models.PROTECT, related_name="edition_themes")
    position = models.PositiveSmallIntegerField("ordre")

    class Meta:
        verbose_name = "thème du recueil"
        verbose_name_plural = "thèmes du recueil"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "theme"], name="edition_theme_once"),
            models.UniqueConstraint(fields=["edition", "position"], name="edition_theme_position_unique"),
        ]

    def __str__(self) -> str:
        return str(self.theme)


class EditionPromotion(models.Model):
    edition = models.ForeignKey(
        Edition, verbose_name="recueil", on_delete=models.CASCADE, related_name="edition_promotions"
    )
    promotion = models.ForeignKey(
        "people.Promotion", verbose_name="promotion", on_delete=models.PROTECT, related_name="edition_promotions"
    )
    position = models.PositiveSmallIntegerField("ordre")

    class Meta:
        verbose_name = "promotion du recueil"
        verbose_name_plural = "promotions du recueil"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "promotion"], name="edition_promotion_once"),
            models.UniqueConstraint(fields=["edition", "position"], name="edition_promotion_position_unique"),
        ]

    def __str__(self) -> str:
        return str(self.promotion)
