"""The bin (corbeille): what was deleted, whole, until it comes back or goes for good."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


class BinItem(models.Model):
    """One thing that a person deleted, with all that went with it. `projects.history.bin` writes and reads it."""

    kind = models.CharField("nature", max_length=40, db_index=True, help_text="projects.mission, people.person…")
    thing = models.PositiveBigIntegerField("identifiant")
    name = models.CharField("nom", max_length=300)
    deleted_at = models.DateTimeField("supprimé le", default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    who = models.CharField("par", max_length=160, help_text="Tel que son nom était alors.")
    was_public = models.BooleanField("était publié", default=False)
    rows: "models.JSONField[Any, Any]" = models.JSONField("ce qui a été supprimé", default=list)
    links: "models.JSONField[Any, Any]" = models.JSONField("ce qui y menait", default=list)
    files: "models.JSONField[Any, Any]" = models.JSONField("fichiers gardés", default=list)

    class Meta:
        verbose_name = "élément de la corbeille"
        verbose_name_plural = "éléments de la corbeille"
        ordering = ["-deleted_at", "-pk"]
        default_permissions = ("view", "delete")

    def __str__(self) -> str:
        return self.name
