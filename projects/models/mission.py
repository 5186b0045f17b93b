from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from casebook.addresses import address
from casebook.text import french_list, slug

if TYPE_CHECKING:
    from people.models import Collectivity
    from projects.models.method import Method
    from projects.models.method_use import MethodUseQuerySet
    from projects.models.subjects import Domain, Theme


class State(models.TextChoices):
    DRAFT = "brouillon", "brouillon"
    REVIEW = "relecture", "en relecture"
    PUBLISHED = "publie", "publiée"
    ARCHIVED = "archive", "archivée"


ADDRESS_TAKEN = "Cette adresse est, ou a été, celle d’une autre mission. Choisissez-en une autre."


def published(prefix: str = "") -> Q:
    """The one rule of what the public may see, for a mission reached by `prefix` (`""`, `"missions__"`, …)."""
    return Q(**{f"{prefix}state": State.PUBLISHED, f"{prefix}working_copy_of__isnull": True})


class MissionQuerySet(models.QuerySet["Mission"]):
    def published(self) -> "MissionQuerySet":
        """What the public may see; every public query starts here."""
        return self.filter(published())

    def visible_to(self, user: User | AnonymousUser) -> "MissionQuerySet":
        """Everything for those who may open the admin's missions, else what is published."""
        return self.all() if user.has_perm("projects.view_mission") else self.published()

    def in_edition(self, edition_slug: str) -> "MissionQuerySet":
        return self.filter(edition__slug=edition_slug)

    def in_book_order(self) -> "MissionQuerySet":
        """Latest edition first, then by printed number; missions of no known edition last."""
        return self.order_by(F("edition__slug").desc(nulls_last=True), F("number").asc(nulls_last=True), "pk")

    def for_cards(self) -> "MissionQuerySet":
        """With what a card of a list shows."""
        return self.select_related("theme", "edition").prefetch_related(
            models.Prefetch("mission_collectivities", _places()),
            models.Prefetch("method_uses", _confirmed_uses(), to_attr="confirmed_uses"),
        )

    def with_text(self) -> "MissionQuerySet":
        """With what is printed."""
        return self.prefetch_related("sections", "key_figures", "testimonials")

    def for_lines(self) -> "MissionQuerySet":
        """With what a line of a table of contents shows."""
        return self.select_related("theme", "edition").prefetch_related(
            models.Prefetch("mission_collectivities", _places())
        )

    def for_detail(self) -> "MissionQuerySet":
        """With everything its own page shows."""
        from projects.models import parts
        from projects.models.resource import Resource

        # a prefetch through a foreign key is limited to 1000 rows on SQLite: people come with their row
        speakers = parts.Speaker.objects.select_related("person").order_by("position", "pk")
        return self.for_lines().prefetch_related(
            models.Prefetch("method_uses", _confirmed_uses().with_extracts(), to_attr="confirmed_uses"),
            "domains",
            "sections",
            "key_figures",
            models.Prefetch("testimonials__speakers", speakers),
            "references",
            "deliverables",
            models.Prefetch("authorships", parts.Authorship.objects.select_related("person__promotion")),
            models.Prefetch("tutorships", parts.Tutorship.objects.select_related("person")),
            "follow_ups",
            models.Prefetch("resources", Resource.objects.published(), to_attr="published_resources"),
        )

    def for_search(self) -> "MissionQuerySet":
        """With everything that its search document and a result show, and nothing else, however many missions."""
        from projects.models import parts

        # a prefetch through a foreign key is limited to 1000 rows on SQLite: people come with their row
        places = _places().select_related("collectivity__department")
        speakers = parts.Speaker.objects.select_related("person").order_by("position", "pk")
        return self.select_related("theme", "edition").prefetch_related(
            models.Prefetch("mission_collectivities", places),
            models.Prefetch("method_uses", _confirmed_uses(), to_attr="confirmed_uses"),
            "domains",
            "sections",
            "key_figures",
            models.Prefetch("testimonials__speakers", speakers),
            "references",
            "deliverables",
            models.Prefetch("authorships", parts.Authorship.objects.select_related("person")),
            models.Prefetch("tutorships", parts.Tutorship.objects.select_related("person")),
        )

    def for_faults(self) -> "MissionQuerySet":
        """With what may keep them from being published."""
        return self.select_related("theme", "edition").prefetch_related("mission_collectivities", "sections")

    def at(self, slug: str) -> "MissionQuerySet":
        """The mission of an address; its working copy, which has the same one, comes after it."""
        return self.filter(slug=slug).order_by(F("working_copy_of").asc(nulls_first=True), "pk")

    def formerly_at(self, slug: str) -> "MissionQuerySet":
        """The mission that left this address."""
        return self.filter(former_addresses__slug=slug)

    def without_copies(self) -> "MissionQuerySet":
        """Each mission once: working copies are no missions of their own."""
        return self.filter(working_copy_of=None)

    def beside(self, mission: "Mission") -> "MissionQuerySet":
        """The one before and the one after in the same book, by printed number. Nothing without a number."""
        if mission.edition_id is None or mission.number is None:
            return self.none()
        book = self.filter(edition_id=mission.edition_id).order_by("number")
        before = book.filter(number__lt=mission.number).reverse().values("pk")[:1]
        after = book.filter(number__gt=mission.number).values("pk")[:1]
        return self.filter(Q(pk=models.Subquery(before)) | Q(pk=models.Subquery(after))).order_by("number")

    def with_theme(self, theme: "Theme") -> "MissionQuerySet":
        return self.filter(theme=theme)

    def with_collectivity(self, collectivity: "Collectivity") -> "MissionQuerySet":
        return self.filter(mission_collectivities__collectivity=collectivity)

    def among(self, missions: list[int]) -> "MissionQuerySet":
        return self.filter(pk__in=missions)

    def with_methods(self, methods: "list[Method]") -> "MissionQuerySet":
        """Those that have a confirmed use of every one of these methods."""
        from projects.models.method_use import MethodUse

        missions = self
        for method in methods:
            uses = MethodUse.objects.confirmed().of_method(method).order_by()
            missions = missions.filter(pk__in=uses.values("mission"))
        return missions

    def without_edition(self) -> "MissionQuerySet":
        return self.filter(edition=None)


def _places() -> "models.QuerySet[MissionCollectivity]":
    return MissionCollectivity.objects.select_related("collectivity__region").order_by("position")


def _confirmed_uses() -> "MethodUseQuerySet":
    from projects.models.method_use import MethodUse

    return MethodUse.objects.confirmed().select_related("method")


class Mission(models.Model):
    """A collective project that a team of INET students carried out for one or several collectivities."""

    edition = models.ForeignKey(
        "Edition",
        verbose_name="recueil",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="missions",
        help_text="Laissez vide quand l’édition n’est pas connue : la page le dira.",
    )
    number = models.PositiveSmallIntegerField("numéro", null=True, blank=True)
    slug = models.SlugField("adresse", max_length=120)
    title_printed = models.CharField(
        "titre imprimé", max_length=300, blank=True, help_text="Tel qu’il est dans le livre."
    )
    title = models.CharField("titre", max_length=300)
    theme = models.ForeignKey(
        "Theme", verbose_name="thème", on_delete=models.PROTECT, null=True, blank=True, related_name="missions"
    )
    domains: "models.ManyToManyField[Domain, Any]" = models.ManyToManyField(
        "Domain", verbose_name="domaines", blank=True, related_name="missions"
    )
    collectivities = models.ManyToManyField(
        "people.Collectivity", verbose_name="collectivités", through="MissionCollectivity", related_name="missions"
    )
    summary_asked = models.CharField(
        "demandé", max_length=300, blank=True, help_text="En bref : ce que voulait la collectivité."
    )
    summary_done = models.CharField("fait", max_length=300, blank=True, help_text="En bref : ce que l’équipe a fait.")
    summary_advised = models.CharField(
        "conseillé", max_length=300, blank=True, help_text="En bref : ce qu’elle conseille."
    )
    started_on = models.DateField("début du travail", null=True, blank=True)
    ended_on = models.DateField("fin du travail", null=True, blank=True)
    page_first = models.PositiveSmallIntegerField("première page", null=True, blank=True)
    page_last = models.PositiveSmallIntegerField("dernière page", null=True, blank=True)
    cover = models.ImageField(
        "image", upload_to="originaux/", blank=True, help_text="JPEG, PNG ou WebP, 20 Mo au plus."
    )
    cover_public = models.FileField("image publiée", upload_to="images/", blank=True, editable=False)
    cover_alt = models.CharField(
        "texte de remplacement", max_length=300, blank=True, help_text="Ce que l’image montre, pour qui ne la voit pas."
    )
    cover_decorative = models.BooleanField("image décorative", default=False)
    cover_credit = models.CharField("crédit de l’image", max_length=200, blank=True)
    cover_licence = models.CharField("licence de l’image", max_length=120, blank=True)
    state = models.CharField("état", max_length=10, choices=State, default=State.DRAFT, db_index=True)
    published_at = models.DateTimeField("publiée le", null=True, blank=True, editable=False)
    editor_note = models.CharField("note de la rédaction", max_length=300, blank=True, help_text="Publique, datée.")
    editor_note_on = models.DateField("date de la note", null=True, blank=True)
    working_copy_of = models.OneToOneField(
        "self",
        verbose_name="copie de travail de",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="working_copy",
        editable=False,
    )
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)

    objects = MissionQuerySet.as_manager()

    class Meta:
        verbose_name = "mission"
        ordering = [F("edition__slug").desc(nulls_last=True), F("number").asc(nulls_last=True), "pk"]
        permissions = [("publish_mission", "Peut publier et retirer une mission")]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "number"],
                condition=Q(working_copy_of=None),
                name="mission_number_unique_in_edition",
                violation_error_message="Une autre mission de ce recueil porte déjà ce numéro.",
            ),
            models.UniqueConstraint(
                fields=["slug"],
                condition=Q(working_copy_of=None),
                name="mission_slug_unique",
                violation_error_message="Une autre mission a déjà cette adresse.",
            ),
            models.CheckConstraint(
                condition=Q(page_first=None) | Q(page_last=None) | Q(page_last__gte=F("page_first")),
                name="mission_pages_in_order",
                violation_error_message="La dernière page vient avant la première.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number_padded} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return address("mission_detail", self.slug)

    def clean(self) -> None:
        if self.cover and not self.cover_decorative and not self.cover_alt:
            raise ValidationError({"cover_alt": "Décrivez l’image en une phrase, ou cochez « image décorative »."})
        if self.slug and self.address_is_taken():
            raise ValidationError({"slug": ADDRESS_TAKEN})

    def address_is_taken(self) -> bool:
        """Whether its address is, or once was, that of another mission: an old address leads where it always led."""
        from projects.models.publication import FormerAddress

        own = [self.pk, self.working_copy_of_id]
        if FormerAddress.objects.filter(slug=self.slug).exclude(mission__in=[pk for pk in own if pk]).exists():
            return True
        if self.working_copy_of_id is None:
            return False  # the database tells, by its constraint
        return Mission.objects.without_copies().filter(slug=self.slug).exclude(pk=self.working_copy_of_id).exists()

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED and self.working_copy_of_id is None

    @property
    def open_copy(self) -> "Mission | None":
        """Its working copy, if somebody is changing it. Costs a query the first time."""
        return getattr(self, "working_copy", None)

    @property
    def is_locked(self) -> bool:
        """Whether its content changes through a working copy only."""
        if self.working_copy_of_id is not None:
            return False
        return self.state in {State.PUBLISHED, State.ARCHIVED} or self.open_copy is not None

    @property
    def number_padded(self) -> str:
        """« 04 »; empty without a number."""
        return "" if self.number is None else f"{self.number:02d}"

    @property
    def collectivity_list(self) -> list[Any]:
        """The collectivities in printed order (uses the prefetched rows)."""
        return [row.collectivity for row in self.mission_collectivities.all()]

    @property
    def collectivity_names(self) -> str:
        return french_list([c.display_name for c in self.collectivity_list])

    @property
    def confirmed_methods(self) -> list[Any]:
        """The methods of the confirmed uses, each once; needs `for_cards()` or `for_detail()`."""
        return list(dict.fromkeys(use.method for use in self.confirmed_uses))  # type: ignore[attr-defined]

    @property
    def has_summary(self) -> bool:
        return bool(self.summary_asked or self.summary_done or self.summary_advised)

    @property
    def pages_label(self) -> str:
        """« page 19 », « pages 19 à 24 », or nothing."""
        if self.page_first is None:
            return ""
        if self.page_last is None or self.page_last == self.page_first:
            return f"page\u00a0{self.page_first}"
        return f"pages\u00a0{self.page_first} à\u00a0{self.page_last}"


def mission_slug(edition_slug: str, number: int | None, title: str) -> str:
    """`2019-09-definition-d-une-nouvelle-strategie`: the address of a mission, without looking for doubles."""
    head = "-".join(part for part in (edition_slug, "" if number is None else f"{number:02d}") if part)
    tail = slug(title, 70)
    return "-".join(part for part in (head, tail) if part) or "mission"


class MissionCollectivity(models.Model):
    mission = models.ForeignKey(
        Mission, verbose_name="mission", on_delete=models.CASCADE, related_name="mission_collectivities"
    )
    collectivity = models.ForeignKey(
        "people.Collectivity",
        verbose_name="collectivité",
        on_delete=models.PROTECT,
        related_name="mission_collectivities",
    )
    position = models.PositiveSmallIntegerField("ordre", default=1)

    class Meta:
        verbose_name = "collectivité de la mission"
        verbose_name_plural = "collectivités de la mission"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "collectivity"],
                name="mission_collectivity_once",
                violation_error_message="Cette collectivité est déjà dans la liste.",
            ),
            models.UniqueConstraint(fields=["mission", "position"], name="mission_collectivity_position_unique"),
        ]

    def __str__(self) -> str:
        return str(self.collectivity)
