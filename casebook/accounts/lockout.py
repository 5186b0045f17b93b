"""Too many failures on one name from one address: the door stays shut for a while, for that name from there only."""

from math import ceil
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

UNKNOWN = "inconnu:"


def typed_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The name that failed, as it is counted: without case or spaces around.

    A name that nobody has may be a password typed in the wrong field: its keyed hash stands for it.
    """
    name = str((credentials or {}).get("username") or request.POST.get("username") or "")
    name = name.strip().casefold().replace("\x00", "")[:150]
    if User.objects.filter(username__iexact=name).exists():
        return name
    return UNKNOWN + salted_hmac(__name__, name, algorithm="sha256").hexdigest()[:16]


def locked_page(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None) -> HttpResponse:
    """Says nothing of the account: a name that nobody has is locked in the same way."""
    minutes = ceil(settings.AXES_COOLOFF_TIME.total_seconds() / 60)
    locked = render(
        request,
        "admin/accounts/locked.html",
        {"title": "Trop d’essais", "minutes": minutes, "limit": settings.AXES_FAILURE_LIMIT},
        status=429,
    )
    locked["Retry-After"] = str(minutes * 60)
    locked["Cache-Control"] = "no-store"
    return locked


def count_failure(request: HttpRequest, username: str) -> None:
    """A wrong code counts as a wrong password does."""
    user_login_failed.send(sender=__name__, credentials={"username": username}, request=request)


def is_locked(request: HttpRequest, username: str) -> bool:
    """Whether this name is locked from this address; the middleware then answers with `locked_page`."""
    from axes.handlers.proxy import AxesProxyHandler

    if not settings.AXES_ENABLED or AxesProxyHandler.is_allowed(request, {"username": username}):
        return False
    request.axes_locked_out = True  # type: ignore[attr-defined]
    request.axes_credentials = {"username": username}  # type: ignore[attr-defined]
    return True


@receiver(pre_save, sender=AccessAttempt)
def forget_what_was_posted(sender: Any, instance: AccessAttempt, **kwargs: Any) -> None:
    """The login may carry somebody's unsaved text: nothing of the form stays in the table of attempts."""
    instance.get_data = instance.post_data = ""
