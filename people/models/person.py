from django.db import models

from casebook.text import french_list


class Corps(models.TextChoices):
    """The territorial corps (cadre d'emplois) an INET student is trained for."""

    ADMINISTRATEUR = "administrateur", "administrateur territorial"
    CONSERVATEUR = "conservateur", "conservateur territorial"
    INGENIEUR_EN_CHEF = "ingenieur", "ingénieur en chef territorial"


class Gender(models.TextChoices):
    """Only used to make a label agree (Tuteur, Tutrice)."""

    FEMININE = "f", "féminin"
    MASCULINE = "m", "masculin"
    NOT_GIVEN = "", "non renseigné"


# corps -> (feminine, masculine, not given)
_CORPS_LABELS = {
    Corps.ADMINISTRATEUR: ("Administratrice territoriale", "Administrateur territorial", "Filière : administration"),
    Corps.CONSERVATEUR: ("Conservatrice territoriale", "Conservateur territorial", "Filière : conservation"),
    Corps.INGENIEUR_EN_CHEF: (
        "Ingénieure en chef territoriale",
        "Ingénieur en chef territorial",
        "Filière : ingénierie",
    ),
}


class DisplayMode(models.TextChoices):
    FULL = "complet", "nom complet"
    INITIALS = "initiales", "initiales"
    MASKED = "masque", "nom masqué"


class PersonQuerySet(models.QuerySet["Person"]):
    def current(self) -> "PersonQuerySet":
        """People who were not merged into another record."""
        return self.filter(merged_into=None)


class Person(models.Model):
    """A student or a tutor. The name is shown as `display_mode` says; the e-mail is never public."""

    first_name = models.CharField("prénom", max_length=80, blank=True)
    last_name = models.CharField("nom", max_length=120)
    aliases = models.JSONField("autres graphies rencontrées", default=list, blank=True)
    gender = models.CharField("accord", max_length=1, choices=Gender, blank=True, default="")
    corps = models.CharField("corps", max_length=20, choices=Corps, blank=True)
    promotion = models.ForeignKey(
        "people.Promotion",
        verbose_name="promotion",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="members",
    )
    email = models.EmailField("adresse électronique", blank=True, help_text="Privée : jamais publiée ni exportée.")
    email_kept_until = models.DateField("adresse gardée jusqu’au", null=True, blank=True)
    display_mode = models.CharField("affichage du nom", max_length=10, choices=DisplayMode, default=DisplayMode.FULL)
    merged_into = models.ForeignKey(
        "self",
        verbose_name="fusionnée avec",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="merged_from",
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "personne"
        ordering = ["last_name", "first_name", "pk"]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_masked(self) -> bool:
        return self.display_mode == DisplayMode.MASKED

    @property
    def public_name(self) -> str:
        """The name as the public may read it; empty when it is masked."""
        if self.is_masked:
            return ""
        if self.display_mode == DisplayMode.INITIALS:
            return " ".join(f"{part[0]}." for part in (self.first_name, self.last_name) if part)
        return str(self)

    @property
    def corps_label(self) -> str:
        """« Administratrice territoriale », from the recorded form; « Filière : … » when it is not known."""
        return corps_label(self.corps, self.gender)


def corps_label(corps: str, gender: str = "") -> str:
    """The corps as the person's form asks; « Filière : … » without it, nothing without a corps."""
    return _CORPS_LABELS[Corps(corps)][{"f": 0, "m": 1}.get(gender, 2)] if corps else ""


def tutors_label(genders: list[str]) -> str:
    """The heading above the tutors: Tuteur, Tutrice, Tuteurs, Tutrices, Tuteur et tutrice; « Tutorat » if unknown."""
    feminine, masculine = genders.count("f"), genders.count("m")
    if feminine + masculine != len(genders) or not genders:
        return "Tutorat"
    if feminine and masculine:
        return french_list(["Tuteur" if masculine == 1 else "Tuteurs", "tutrice" if feminine == 1 else "tutrices"])
    if feminine:
        return "Tutrice" if feminine == 1 else "Tutrices"
    return "Tuteur" if masculine == 1 else "Tuteurs"
