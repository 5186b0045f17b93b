"""Links by which a person chooses a password: made by an administrator or asked for, of one use, short-lived.

Passed on by hand, or by e-mail where EMAIL_HOST is set. The password that was there holds until another is chosen.
"""

import hashlib
import logging
import secrets
from collections.abc import Callable
from datetime import timedelta
from threading import Thread

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from casebook.accounts.journal import Kind, journal
from casebook.models import AccessLink, SiteIdentity

LIFE = timedelta(days=7)
ASKED_LIFE = timedelta(hours=1)  # of a link that the person asked for
_BETWEEN = timedelta(minutes=5)  # two links asked for
_MOST = 3  # accounts with one e-mail address

logger = logging.getLogger(__name__)


def by_email() -> bool:
    return bool(settings.EMAIL_HOST)


def issue(user: User, life: timedelta = LIFE) -> str:
    """The last part of a new link's address; the link made before it is dead."""
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    values = {"digest": _digest(token), "sent_at": now, "expires_at": now + life, "used_at": None}
    AccessLink.objects.update_or_create(user=user, defaults=values)
    return token


def owner(token: str) -> User | None:
    """Whom this link lets in; None when it has served, was replaced or removed, is too old, or never was."""
    link = _living().filter(digest=_digest(token)).select_related("user").first()
    return link.user if link else None


def use(token: str) -> User | None:
    """Spend the link: who asks second gets None. To be called in the transaction that stores the password."""
    used = _living().filter(digest=_digest(token)).update(used_at=timezone.now())
    return User.objects.filter(access_link__digest=_digest(token)).first() if used else None


def revoke(user: User) -> None:
    AccessLink.objects.filter(user=user).delete()


def is_invited(user: User) -> bool:
    """Whether this person has not come in yet: there is no password."""
    return not user.has_usable_password()


def send(user: User, address: str) -> bool:
    """E-mail the link; False when the server would not take it."""
    site = SiteIdentity.current().name
    subject = f"Votre accès à {site}" if is_invited(user) else f"{site} : nouveau mot de passe"
    text = render_to_string(
        "admin/accounts/link_mail.txt", {"person": user, "address": address, "site": site, "invited": is_invited(user)}
    )
    try:
        EmailMessage(" ".join(subject.split()), text, to=[user.email]).send()
    except OSError:  # what smtplib raises, and what the network does
        logger.exception("The e-mail with an access link could not be sent.")
        return False
    return True


def ask(typed: str, pattern: str, origin: str) -> None:
    """Send a link to whoever has this address or name, beside the request: the answer takes the same time for all.

    `pattern`: the link's address with « TOKEN » in its place; `origin`: the network address, for the journal.
    """
    beside(lambda: _send_asked(typed, pattern, origin))


def _send_asked(typed: str, pattern: str, origin: str) -> None:
    for user in _named(typed):
        with transaction.atomic():
            token = issue(user, ASKED_LIFE)
            journal(user, user, f"Nouveau mot de passe demandé depuis la page de connexion ({origin}).", Kind.PASSWORD)
        send(user, pattern.replace("TOKEN", token))


def _named(typed: str) -> list[User]:
    typed = typed.strip()[:254]
    known = User.objects.filter(Q(email__iexact=typed) | Q(username=typed), is_active=True, is_staff=True)
    recent = timezone.now() - _BETWEEN
    return list(known.exclude(email="").exclude(access_link__sent_at__gt=recent).order_by("pk")[:_MOST])


def beside(work: Callable[[], None]) -> None:
    """Run this in a thread of its own, on a connection of its own."""

    def run() -> None:
        try:
            work()
        except Exception:
            logger.exception("An access link that was asked for could not be sent.")
        finally:
            connection.close()

    Thread(target=run, daemon=True).start()


def _living() -> QuerySet[AccessLink]:
    return AccessLink.objects.filter(used_at=None, expires_at__gt=timezone.now(), user__is_active=True)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
