from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F

from casebook.text import collapse
from projects.models.mission import published
from projects.models.parts import MissionPart, Section

if TYPE_CHECKING:
    from projects.models.method import Method
    from projects.models.parts import KeyFigure


class MethodUseQuerySet(models.QuerySet["MethodUse"]):
    def confirmed(self) -> "MethodUseQuerySet":
        """What an editor confirmed: nothing else is public."""
        return self.filter(state=MethodUse.State.CONFIRMED).order_by("position", "pk")

    def published(self) -> "MethodUseQuerySet":
        """Confirmed uses of published missions."""
        return self.confirmed().filter(published("mission__"))

    def of_method(self, method: "Method") -> "MethodUseQuerySet":
        return self.filter(method=method)

    def with_extracts(self) -> "MethodUseQuerySet":
        extracts = MethodExtract.objects.select_related("section").order_by("position", "pk")
        return self.prefetch_related(models.Prefetch("extracts", extracts), "key_figures")

    def as_evidence(self) -> "MethodUseQuerySet":
        """Used before advised, then in book order, with the mission's card and the extracts."""
        book_order = (F("mission__edition__slug").desc(nulls_last=True), F("mission__number").asc(nulls_last=True))
        return (
            self.select_related("method", "mission__theme", "mission__edition")
            .with_extracts()
            .prefetch_related("mission__mission_collectivities__collectivity")
            .order_by("-role", *book_order, "pk")
        )

    def moments(self) -> list[str]:
        """The moments of these uses, in the order of a mission's work."""
        known = set(self.order_by().values_list("moment", flat=True).distinct())
        return [str(moment.label) for moment in MethodUse.Moment if moment.value in known]

    def theme_counts(self) -> list[tuple[str, int]]:
        """Each theme of these uses with the number of its missions."""
        counts = self.order_by("mission__theme__order", "mission__theme__name").values_list("mission__theme__name")
        return [(name, count) for name, count in counts.annotate(Count("mission", distinct=True)) if name]


class MethodUse(MissionPart):
    """A method that a mission used, or only advises, with the passages that show it."""

    class Role(models.TextChoices):
        USED = "utilisee", "Utilisée"
        ADVISED = "preconisee", "Recommandée"

    class State(models.TextChoices):
        PROPOSED = "proposee", "proposée"
        CONFIRMED = "confirmee", "confirmée"
        REFUSED = "refusee", "refusée"

    class Moment(models.TextChoices):
        DIAGNOSIS = "diagnostic", "diagnostic"
        IDEATION = "ideation", "idéation"
        PREFIGURATION = "prefiguration", "préfiguration"
        RESTITUTION = "restitution", "restitution"

    mission = models.ForeignKey("Mission", verbose_name="mission", on_delete=models.CASCADE, related_name="method_uses")
    method = models.ForeignKey("Method", verbose_name="méthode", on_delete=models.PROTECT, related_name="uses")
    role = models.CharField("rôle", max_length=12, choices=Role, default=Role.USED)
    state = models.CharField("état", max_length=10, choices=State, default=State.PROPOSED)
    moment = models.CharField("moment", max_length=14, choices=Moment, blank=True)
    outcome = models.CharField("résultat en une ligne", max_length=300, blank=True)
    key_figures: "models.ManyToManyField[KeyFigure, Any]" = models.ManyToManyField(
        "KeyFigure", verbose_name="chiffres liés", blank=True, related_name="method_uses"
    )

    objects = MethodUseQuerySet.as_manager()

    class Meta(MissionPart.Meta):
        verbose_name = "usage d’une méthode"
        verbose_name_plural = "usages de méthodes"
        constraints = [
            *MissionPart.Meta.constraints,
            models.UniqueConstraint(
                fields=["mission", "method", "role"],
                name="method_use_once_per_role",
                violation_error_message="Cette méthode est déjà dans la liste avec ce rôle.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} ({self.get_role_display().lower()})"


class MethodExtract(models.Model):
    """A passage that shows the use: a verbatim span of a section of the same mission."""

    use = models.ForeignKey(MethodUse, verbose_name="usage", on_delete=models.CASCADE, related_name="extracts")
    section = models.ForeignKey(Section, verbose_name="rubrique", on_delete=models.CASCADE, related_name="extracts")
    position = models.PositiveSmallIntegerField("ordre", default=1)
    text = models.TextField("extrait")

    class Meta:
        verbose_name = "extrait"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["use", "position"], name="method_extract_position_unique")]

    def __str__(self) -> str:
        return self.text[:80]

    def clean(self) -> None:
        if self.section.mission_id != self.use.mission_id:
            raise ValidationError({"section": "Cette rubrique est celle d’une autre mission."})
        if not stands_in(self.text, self.section):
            raise ValidationError(
                {"text": "Ce passage ne se trouve pas mot pour mot dans la rubrique. Copiez-le depuis la fiche."}
            )


def stands_in(extract: str, section: Section) -> bool:
    """Whether the extract is a verbatim span of the section (runs of white space apart)."""
    return collapse(extract) in collapse(section.text)
