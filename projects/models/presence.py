from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

SEEN_FOR = timedelta(minutes=5)  # after that, a person is no longer said to be there


class PresenceQuerySet(models.QuerySet["Presence"]):
    def others_at(self, mission: int, user: Any) -> "PresenceQuerySet":
        """Those other than `user` who have the mission open, the last seen first."""
        recent = self.filter(mission=mission, seen_at__gte=timezone.now() - SEEN_FOR).exclude(user=user)
        return recent.select_related("user").order_by("-seen_at", "pk")

    def outdated(self) -> "PresenceQuerySet":
        return self.filter(seen_at__lt=timezone.now() - SEEN_FOR)


class Presence(models.Model):
    """That a person has the form of a mission open, as their browser says every half-minute. Nothing rests on it."""

    mission = models.ForeignKey("Mission", on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(db_index=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = "présence"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["mission", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user} sur {self.mission}"
