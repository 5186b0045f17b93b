from collections.abc import Iterable
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

    def in_families(self, names: list[str]) -> "MethodUseQuerySet":
        return self.filter(method__family__in=names)

    def at_moment(self, moment: str) -> "MethodUseQuerySet":
        return self.filter(moment=moment)

    def of_missions(self, missions: Iterable[int]) -> "MethodUseQuerySet":
        return self.filter(mission__in=list(missions))

    def with_extracts(self) -> "MethodUseQuerySet":
        extracts = MethodExtract.objects.select_related("section").order_by("position", "pk")
        return self.prefetch_related(models.Prefetch("extracts", extracts), "key_figures")

    def as_evidence(self) -> "MethodUseQuerySet":
        """Used before advised, then in book order, with the mission's card, its authors and the extracts."""
        return (
            self.select_related("method", "mission__theme", "mission__edition")
            .with_extracts()
            .prefetch_related("mission__mission_collectivities__collectivity", "mission__authorships__person")
            .order_by("-role", *_book_order("mission__"), "position", "pk")
        )

    def mission_ids(self) -> "models.QuerySet[MethodUse, int]":
        """The missions of these uses, each once, in book order."""
        rows = self.order_by(*_book_order("mission__"), "mission")
        return rows.values_list("mission", flat=True).distinct()

    def role_counts(self) -> dict[str, int]:
        """How many missions used, and how many advise."""
        return dict(self.order_by().values_list("role").annotate(Count("mission", distinct=True)))

    def moment_counts(self) -> list[tuple["MethodUse.Moment", int]]:
        """The moments of these uses with their missions, in the order of a mission's work."""
        counts = dict(self.order_by().values_list("moment").annotate(Count("mission", distinct=True)))
        return [(moment, counts[moment.value]) for moment in MethodUse.Moment if moment.value in counts]


def _book_order(mission: str) -> tuple[Any, Any]:
    return F(f"{mission}edition__slug").desc(nulls_last=True), F(f"{mission}number").asc(nulls_last=True)


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


class MethodExtractQuerySet(models.QuerySet["MethodExtract"]):
    def published(self) -> "MethodExtractQuerySet":
        """What proves a confirmed use of a published mission."""
        return self.filter(published("use__mission__"), use__state=MethodUse.State.CONFIRMED)

    def of_methods(self, methods: "Iterable[Method]") -> "MethodExtractQuerySet":
        return self.filter(use__method__in=list(methods))

    def firsts_of(self, methods: "Iterable[Method]") -> "MethodExtractQuerySet":
        """The best public extract of each of these methods."""
        from projects.models.method import Method

        own = MethodExtract.objects.published().filter(use__method=models.OuterRef("pk")).best_first()
        wanted = Method.objects.filter(pk__in=[method.pk for method in methods]).order_by()
        firsts = wanted.annotate(first=models.Subquery(own.values("pk")[:1]))
        return self.filter(pk__in=firsts.values("first"))

    def best_first(self) -> "MethodExtractQuerySet":
        """Of what was used before what is advised, then in book order."""
        return self.order_by("-use__role", *_book_order("use__mission__"), "use", "position", "pk")

    def with_source(self) -> "MethodExtractQuerySet":
        """With what quoting it takes: its section, its method, its mission, the authors and the book."""
        return self.select_related(
            "section", "use__method", "use__mission__theme", "use__mission__edition"
        ).prefetch_related(
            "use__key_figures",
            "use__mission__mission_collectivities__collectivity",
            "use__mission__authorships__person",
        )


class MethodExtract(models.Model):
    """A passage that shows the use: a verbatim span of a section of the same mission."""

    use = models.ForeignKey(MethodUse, verbose_name="usage", on_delete=models.CASCADE, related_name="extracts")
    section = models.ForeignKey(Section, verbose_name="rubrique", on_delete=models.CASCADE, related_name="extracts")
    position = models.PositiveSmallIntegerField("ordre", default=1)
    text = models.TextField("extrait")

    objects = MethodExtractQuerySet.as_manager()

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
