"""« Qui a fait quoi »: one line for each thing done in the admin, in Django's own table of entries."""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models

KEPT_DAYS = 365


class Kind(models.IntegerChoices):
    """The first three are Django's own; the last two stand in django-axes's table of failures."""

    ADDITION = 1, "Ajout"
    CHANGE = 2, "Modification"
    DELETION = 3, "Suppression"
    LOGIN = 10, "Connexion"
    LOGOUT = 11, "Déconnexion"
    SECOND_FACTOR = 12, "Second facteur"
    INVITATION = 13, "Invitation"
    PASSWORD = 14, "Mot de passe"
    RIGHTS = 15, "Droits et accès"
    EXPORT = 16, "Export"
    PUBLICATION = 17, "État et publication"
    RESTORATION = 18, "Restauration"
    FAILURE = 30, "Échec de connexion"
    LOCKOUT = 31, "Blocage"


def journal(user: Any, about: models.Model | None, words: str, kind: Kind = Kind.CHANGE) -> None:
    """Note that `user` (an account) did something to `about`. `words`: French, without password, code or link."""
    values: dict[str, Any] = {"object_repr": ""}
    if about is not None:
        values = {
            "content_type": ContentType.objects.get_for_model(about, for_concrete_model=False),
            "object_id": str(about.pk),
            "object_repr": str(about)[:200],
        }
    LogEntry.objects.create(user_id=user.pk, action_flag=kind, change_message=words, **values)
