"""How long a session lasts, who ends it, and the middleware that admits a request as its user's.

A session ends SESSION_COOKIE_AGE after its login, and after SESSION_IDLE_MINUTES without a request. As a GET writes
nothing, the last request is dated in a signed cookie bound to the session: without it, the login's own date counts.
"""

import time
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from casebook.accounts import second_factor

SEEN = "casebook_seen"
_SIGNED_IN = "signed_in_at"
_REFRESH = 60  # seconds


class SessionMiddleware:
    """After django-otp's: `request.user` is the visitor where the session is over or lacks its second factor.

    Whatever address is asked, nothing then knows the person: no list of addresses has to be kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = request.user
        request.user = cast(Any, SimpleLazyObject(lambda: _admitted(request, known)))
        response = self.get_response(request)
        if getattr(request, "seen_at", None) is not None:
            _date(request, response)
        return response


def _admitted(request: HttpRequest, user: Any) -> Any:
    if not user.is_authenticated:
        return user
    now = time.time()
    signed_in = request.session.get(_SIGNED_IN, 0)
    seen = max(signed_in, _seen(request))
    if now - signed_in > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_MINUTES * 60:
        request.session_is_over = True  # type: ignore[attr-defined]
        return AnonymousUser()
    if settings.REQUIRE_SECOND_FACTOR and not user.is_verified() and second_factor.required(user):
        return AnonymousUser()
    request.seen_at, request.seen_session = seen, request.session.session_key  # type: ignore[attr-defined]
    return user


def _seen(request: HttpRequest) -> int:
    value = request.get_signed_cookie(SEEN, default=None, salt=_salt(request))
    return int(value) if value else 0


def _date(request: Any, response: HttpResponse) -> None:
    now = int(time.time())
    is_fresh = now - request.seen_at < _REFRESH and SEEN in request.COOKIES
    if not request.user.is_authenticated or (is_fresh and request.session.session_key == request.seen_session):
        return
    response.set_signed_cookie(
        SEEN,
        str(now),
        salt=_salt(request),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
        path=settings.SESSION_COOKIE_PATH,
    )


def _salt(request: HttpRequest) -> str:
    return f"seen:{request.session.session_key}"


@receiver(user_logged_in)
def date_session(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    request.session[_SIGNED_IN] = int(time.time())


def end_sessions(user: User, keep: str | None = None) -> int:
    """End the sessions of this person, but the one with this key; gives how many.

    Reads every session that is not over: those of the few who work in the admin (a visitor has none).
    """
    ended = [
        session.pk
        for session in Session.objects.filter(expire_date__gt=timezone.now()).exclude(pk=keep or "").iterator()
        if session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    Session.objects.filter(pk__in=ended).delete()
    return len(ended)
