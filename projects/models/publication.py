"""What surrounds the publication of missions: changes of state, former addresses, what working copies were made of."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from projects.models.mission import State


class StateChange(models.Model):
    """One passage of a mission, or of its working copy, from a state to another: kept for good, whoever did it."""

    mission = models.ForeignKey(
        "Mission", verbose_name="mission", on_delete=models.CASCADE, related_name="state_changes"
    )
    at = models.DateTimeField("date", default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    who = models.CharField("nom", max_length=160, help_text="Tel qu’il était alors.")
    before = models.CharField("de", max_length=10, choices=State)
    after = models.CharField("à", max_length=10, choices=State, blank=True)
    of_working_copy = models.BooleanField("copie de travail", default=False)
    note = models.CharField("note", max_length=500, blank=True)

    class Meta:
        verbose_name = "changement d’état"
        verbose_name_plural = "changements d’état"
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """« brouillon → en relecture »; of a working copy, what became of it."""
        if not self.of_working_copy:
            return f"{self.get_before_display()} → {self.get_after_display()}"
        if self.after == State.PUBLISHED:
            return "modifications publiées"
        if not self.after:
            return "copie de travail abandonnée"
        return f"copie de travail\u00a0: {self.get_before_display()} → {self.get_after_display()}"


class FormerAddress(models.Model):
    """An address that a public mission had: it leads to the mission for ever, so no other mission may take it."""

    slug = models.SlugField("ancienne adresse", max_length=120, unique=True)
    mission = models.ForeignKey(
        "Mission", verbose_name="mission", on_delete=models.CASCADE, related_name="former_addresses"
    )
    left_at = models.DateTimeField("quittée le", default=timezone.now)

    class Meta:
        verbose_name = "ancienne adresse"
        verbose_name_plural = "anciennes adresses"
        ordering = ["slug"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.slug


class CopyOrigin(models.Model):
    """What each row of a working copy was made of: `rows` as `projects.working_copies` writes and reads it."""

    copy = models.OneToOneField(
        "Mission", verbose_name="copie de travail", on_delete=models.CASCADE, related_name="origin", primary_key=True
    )
    made_at = models.DateTimeField("faite le", default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    who = models.CharField("nom", max_length=160)
    rows: "models.JSONField[Any, Any]" = models.JSONField("origine des lignes", default=dict)

    class Meta:
        verbose_name = "origine d’une copie de travail"
        verbose_name_plural = "origines des copies de travail"
        default_permissions = ()

    def __str__(self) -> str:
        return f"Copie de travail de {self.who}"
