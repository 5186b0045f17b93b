"""The ordered parts of a mission. Positions start at 1 and are unique per mission."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Length

from casebook.richtext import RichTextField, plain
from casebook.text import collapse, letters
from casebook.titles import lowered
from people.models import Corps
from projects.models.mission import published

if TYPE_CHECKING:
    from people.models import Person
    from projects.models.edition import Edition
    from projects.models.mission import Mission


class MissionPart(models.Model):
    """What every part has: its mission and its place in the printed order."""

    mission: "models.ForeignKey[Mission]" = models.ForeignKey(
        "projects.Mission", verbose_name="mission", on_delete=models.CASCADE, related_name="%(class)ss"
    )
    position = models.PositiveSmallIntegerField("ordre", default=1)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "position"], name="%(class)s_position_unique"),
        ]


class SectionRow(MissionPart):
    """A row that a section holds. Without `section` it belongs to the first section of its kind."""

    section = models.ForeignKey(
        "Section",
        verbose_name="rubrique",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="%(class)s_rows",
    )

    class Meta(MissionPart.Meta):
        abstract = True


class Section(MissionPart):
    """A titled part of the fiche (rubrique), in its printed order."""

    class Kind(models.TextChoices):
        CONTEXTE = "contexte", "Contexte"
        PROBLEMATIQUE = "problematique", "Problématique"
        CLES_POUR_AGIR = "cles_pour_agir", "Des clés pour agir"
        ZOOM = "zoom", "Zoom"
        TEMOIGNAGE = "temoignage", "Témoignage"
        CHIFFRES = "chiffres", "Les chiffres"
        ALLER_PLUS_LOIN = "aller_plus_loin", "Aller plus loin"
        AUTRE = "autre", "Autre rubrique"

    CORE_KINDS = (Kind.CONTEXTE, Kind.PROBLEMATIQUE, Kind.CLES_POUR_AGIR)

    kind = models.CharField("nature", max_length=20, choices=Kind)
    heading = models.CharField("intitulé imprimé", max_length=300, blank=True)
    body = RichTextField("texte", blank=True)

    class Meta(MissionPart.Meta):
        verbose_name = "rubrique"

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What the page shows as heading: the kind's own words; the printed heading for a zoom or another section."""
        if self.kind in {self.Kind.AUTRE, self.Kind.ZOOM} and self.heading:
            return lowered(self.heading)
        return str(self.get_kind_display())

    @property
    def anchor(self) -> str:
        """The section's place in its page: `rubrique-3`."""
        return f"rubrique-{self.position}"

    @property
    def text(self) -> str:
        return plain(self.body)


class KeyFigureQuerySet(models.QuerySet["KeyFigure"]):
    def published(self) -> "KeyFigureQuerySet":
        return self.filter(published("mission__"))

    def of_missions(self, missions: list[int]) -> "KeyFigureQuerySet":
        return self.filter(mission__in=missions)

    def short(self, length: int) -> "KeyFigureQuerySet":
        """Those that stand on their own away from the fiche: a value, and what it counts in few characters."""
        shorter = self.select_related("mission").annotate(label_length=Length("label")).exclude(value="")
        return shorter.filter(label_length__gt=0, label_length__lte=length).order_by("mission", "position", "pk")


class KeyFigure(SectionRow):
    """A figure as printed: « 65 000 » « ménages demandeurs en 2017 »."""

    mission = models.ForeignKey("Mission", verbose_name="mission", on_delete=models.CASCADE, related_name="key_figures")
    value = models.CharField(
        "valeur", max_length=40, blank=True, help_text="Telle qu’elle est imprimée : 20, +25 %, 3,7/4."
    )
    number = models.DecimalField("nombre", max_digits=18, decimal_places=4, null=True, blank=True)
    unit = models.CharField("unité", max_length=40, blank=True)
    label = models.CharField("ce que compte ce chiffre", max_length=600, blank=True)

    objects = KeyFigureQuerySet.as_manager()

    class Meta(SectionRow.Meta):
        verbose_name = "chiffre clé"
        verbose_name_plural = "chiffres clés"

    def __str__(self) -> str:
        return f"{self.value} {self.label}".strip()

    @property
    def anchor(self) -> str:
        """Its place in the page of its mission: `chiffre-3`."""
        return f"chiffre-{self.position}"


class TestimonialQuerySet(models.QuerySet["Testimonial"]):
    def published(self) -> "TestimonialQuerySet":
        return self.filter(published("mission__"))

    def for_home(self) -> "TestimonialQuerySet":
        """The shortest twenty with who speaks: exact words before reported ones, then the latest book's.

        The length is that of the stored HTML: it only spares reading the long ones.
        """
        exact = Case(When(form=Testimonial.Form.CITATION, then=Value(0)), default=Value(1))
        latest = F("mission__edition__slug").desc(nulls_last=True)
        return (
            self.filter(embedded=False)
            .exclude(form=Testimonial.Form.INTERVIEW)
            .select_related("mission")
            .prefetch_related("speakers__person")
            .order_by(exact, latest, Length("text"), "pk")[:20]
        )


class Testimonial(SectionRow):
    """Words of the collectivity about the mission."""

    class Form(models.TextChoices):
        CITATION = "citation", "citation"
        REPORTED = "rapporte", "propos rapportés"
        INTERVIEW = "entretien", "entretien"

    form = models.CharField("forme", max_length=10, choices=Form, default=Form.CITATION)
    text = RichTextField("texte")
    embedded = models.BooleanField("déjà dans une autre rubrique", default=False)

    objects = TestimonialQuerySet.as_manager()

    class Meta(SectionRow.Meta):
        verbose_name = "témoignage"

    def __str__(self) -> str:
        return collapse(plain(self.text))[:80]

    @property
    def anchor(self) -> str:
        """Its place in the page of its mission: `temoignage-1`."""
        return f"temoignage-{self.position}"

    @property
    def public_speakers(self) -> list["Speaker"]:
        """Those who may be named; the job of a masked person would tell who it is (speakers prefetched)."""
        return [speaker for speaker in self.speakers.all() if not (speaker.person and speaker.person.is_masked)]


class Speaker(models.Model):
    """Who speaks in a testimonial, with the job they had then."""

    testimonial = models.ForeignKey(Testimonial, on_delete=models.CASCADE, related_name="speakers")
    position = models.PositiveSmallIntegerField("ordre", default=1)
    person = models.ForeignKey(
        "people.Person",
        verbose_name="personne",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="speeches",
    )
    first_name = models.CharField("prénom", max_length=80, blank=True)
    last_name = models.CharField("nom", max_length=120, blank=True)
    role = models.CharField("fonction", max_length=300, blank=True)

    class Meta:
        verbose_name = "intervenant"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["testimonial", "position"], name="speaker_position_unique")]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.printed_name, self.role) if part)

    @property
    def printed_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def public_name(self) -> str:
        """The name as the public may read it: the person's own choice goes before what is printed."""
        return self.person.public_name if self.person else self.printed_name


def tutor_called(mission: "Mission", first_name: str, last_name: str) -> "Person | None":
    """The tutor of the mission who bears this name, so that a masked name is masked where the tutor speaks too. The
    first name may be missing, and one surname may be longer (« Autre », « Autre Exemple »)."""
    last = letters(last_name)
    for tutorship in mission.tutorships.select_related("person"):
        person = tutorship.person
        theirs = letters(person.last_name)
        same_first = not first_name or letters(person.first_name) == letters(first_name)
        if last and theirs and same_first and (last.startswith(theirs) or theirs.startswith(last)):
            return person
    return None


class Reference(SectionRow):
    """A reading or a link of « Aller plus loin »."""

    text = models.TextField("référence")
    url = models.URLField("lien", max_length=500, blank=True)

    class Meta(SectionRow.Meta):
        verbose_name = "référence"

    def __str__(self) -> str:
        return self.text[:80]


class Deliverable(MissionPart):
    """Something the team handed over (livrable)."""

    class Availability(models.TextChoices):
        ON_REQUEST = "demande", "sur demande"
        AVAILABLE = "disponible", "disponible"

    kind = models.CharField("nature", max_length=60, blank=True)
    title = models.CharField("titre", max_length=300)
    availability = models.CharField(
        "disponibilité", max_length=12, choices=Availability, default=Availability.ON_REQUEST
    )
    url = models.URLField("lien", max_length=500, blank=True)

    class Meta(MissionPart.Meta):
        verbose_name = "livrable"

    def __str__(self) -> str:
        return self.title


class AuthorshipQuerySet(models.QuerySet["Authorship"]):
    def students_of(self, edition: "Edition") -> int:
        """How many students signed the published missions of the book, each counted once."""
        signed = self.filter(published("mission__"), mission__edition=edition)
        return signed.order_by().values("person").distinct().count()


class Authorship(MissionPart):
    """A student of the team, with the corps of then (it may differ from the person's own, later)."""

    person = models.ForeignKey(
        "people.Person", verbose_name="élève", on_delete=models.PROTECT, related_name="authorships"
    )
    corps = models.CharField("corps", max_length=20, choices=Corps, blank=True)

    objects = AuthorshipQuerySet.as_manager()

    class Meta(MissionPart.Meta):
        verbose_name = "auteur"
        constraints = [
            *MissionPart.Meta.constraints,
            models.UniqueConstraint(
                fields=["mission", "person"],
                name="authorship_once",
                violation_error_message="Cette personne est déjà dans l’équipe.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class Tutorship(MissionPart):
    """Who followed the team in the collectivity, with the job they had then."""

    person = models.ForeignKey(
        "people.Person", verbose_name="tuteur ou tutrice", on_delete=models.PROTECT, related_name="tutorships"
    )
    job_title = models.CharField("fonction à l’époque", max_length=300, blank=True)

    class Meta(MissionPart.Meta):
        verbose_name = "tutorat"
        constraints = [
            *MissionPart.Meta.constraints,
            models.UniqueConstraint(
                fields=["mission", "person"],
                name="tutorship_once",
                violation_error_message="Cette personne suit déjà la mission.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class FollowUp(MissionPart):
    """What came of the mission (suite): announced by the collectivity, or observed later."""

    class Kind(models.TextChoices):
        ANNOUNCED = "annoncee", "annoncée"
        OBSERVED = "observee", "observée"

    mission = models.ForeignKey("Mission", verbose_name="mission", on_delete=models.CASCADE, related_name="follow_ups")
    kind = models.CharField("nature", max_length=10, choices=Kind)
    date = models.DateField("date", null=True, blank=True)
    text = models.TextField("suite")
    source = models.CharField("source", max_length=300, blank=True)

    class Meta(MissionPart.Meta):
        verbose_name = "suite"

    def __str__(self) -> str:
        return self.text[:80]
