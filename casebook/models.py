"""The site's own identity, edited in the admin; the links by which a person comes in."""

from typing import Any

from django.conf import settings
from django.db import models

from casebook.richtext import RichTextField


class SiteIdentity(models.Model):
    """One row, `pk` 1: what the site calls itself. Without a row the defaults below are shown."""

    name = models.CharField("nom du site", max_length=80, default="Regards croisés")
    tagline = models.CharField("sous-titre", max_length=160, default="Les projets collectifs des élèves de l’INET")
    publisher = models.CharField("éditeur", max_length=160, default="INET")
    contact_email = models.EmailField("adresse de contact", blank=True, help_text="Adresse de service, publique.")
    home_title = models.CharField(
        "phrase d’accueil",
        max_length=160,
        default="Ce que les élèves de l’INET ont appris sur le terrain des collectivités",
    )
    example_queries = models.JSONField("exemples de recherche", default=list, blank=True)
    about = RichTextField("à propos", blank=True)
    host_a_student = RichTextField("accueillir un élève", blank=True)
    legal = RichTextField("mentions légales", blank=True)
    privacy = RichTextField("données personnelles", blank=True)
    accessibility = RichTextField("accessibilité", blank=True)

    class Meta:
        verbose_name = "identité du site"
        verbose_name_plural = "identité du site"

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> "SiteIdentity":
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class AccessLink(models.Model):
    """The one link by which a person may choose a password: it serves once, and a newer one takes its place.

    The link itself is not kept: `digest` is its SHA-256.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_link", verbose_name="personne"
    )
    digest = models.CharField("empreinte", max_length=64, unique=True)
    sent_at = models.DateTimeField("créé le")
    expires_at = models.DateTimeField("valable jusqu’au")
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)

    class Meta:
        verbose_name = "lien d’accès"
        verbose_name_plural = "liens d’accès"

    def __str__(self) -> str:
        return f"Lien d’accès de {self.user}"
