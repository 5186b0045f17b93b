"""The second factor: codes that a phone computes, and recovery codes for the day the phone is lost.

A recovery code is kept as a keyed hash (HMAC with SECRET_KEY): who reads the table cannot use it.
"""

import hashlib
import hmac
import re
import secrets
import time
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django_otp import verify_token
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from casebook.models import SiteIdentity

CODES = 10
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # neither l nor o: they look like 1 and 0
_PHONE, _RECOVERY = re.compile(r"[0-9]{6}"), re.compile(r"[a-z0-9]{10}")


def required(user: User) -> bool:
    """Whether this person may do nothing without a second factor. Costs the permissions' queries where it is asked."""
    return settings.REQUIRE_SECOND_FACTOR and any(user.has_perm(right) for right in settings.SECOND_FACTOR_RIGHTS)


def device_of(user: User) -> TOTPDevice | None:
    device: TOTPDevice | None = TOTPDevice.objects.filter(user=user, confirmed=True).order_by("-pk").first()
    return device


def codes_left(user: User) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())


def new_key() -> str:
    """A secret for a phone, 20 bytes in hexadecimal."""
    return str(random_hex(20))


def key_in_groups(key: str) -> str:
    """The secret as a person types it into the phone, where no camera helps."""
    letters = b32encode(bytes.fromhex(key)).decode()
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def qr_code(user: User, key: str) -> str:
    """The secret as a picture for the phone's camera: a `data:` address."""
    import segno

    issuer = SiteIdentity.current().name.replace(":", " ")
    secret = b32encode(bytes.fromhex(key)).decode()
    parameters = urlencode({"secret": secret, "issuer": issuer, "digits": 6, "period": 30}, quote_via=quote)
    label = quote(f"{issuer}:{user.get_username()}")
    code = segno.make(f"otpauth://totp/{label}?{parameters}", error="m")
    return code.svg_data_uri(scale=5, border=4, light="#fff", dark="#15181d")


@transaction.atomic
def enrol(user: User, key: str, typed: str) -> list[str] | None:
    """Take the phone that holds `key`, when it computes the right code; gives the new recovery codes.

    It replaces the phone that was there. The code that confirms cannot serve again.
    """
    code = _bare(typed)
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time()
    if not (_PHONE.fullmatch(code) and totp.verify(int(code), 1)):
        return None
    TOTPDevice.objects.filter(user=user).delete()
    TOTPDevice.objects.create(user=user, key=key, name="téléphone", confirmed=True, last_t=totp.t(), drift=totp.drift)
    return renew_codes(user)


@transaction.atomic
def renew_codes(user: User) -> list[str]:
    """New recovery codes in place of the old ones: readable here, and nowhere afterwards."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="codes de secours", confirmed=True)
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_kept(user, code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


@transaction.atomic
def remove(user: User) -> bool:
    """Whether there was something to remove."""
    phones, _ = TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    return bool(phones)


@dataclass(frozen=True)
class Proof:
    """The device that a code proved; without one, the seconds to wait before the next try (0: at once)."""

    device: Device | None = None
    wait: int = 0
    recovery: bool = False


def prove(user: User, typed: str) -> Proof:
    """Try a code of the phone or a recovery code; each serves once. After each failure the wait doubles."""
    code = _bare(typed)
    if _PHONE.fullmatch(code):
        return _try(user, [device_of(user)], code)
    if _RECOVERY.fullmatch(code):
        return _try(user, StaticDevice.objects.filter(user=user, confirmed=True), _kept(user, code), recovery=True)
    return Proof()


def _try(user: User, devices: Iterable[Device | None], token: str, *, recovery: bool = False) -> Proof:
    for device in devices:
        if device is None:
            continue
        allowed, refusal = device.verify_is_allowed()
        if not allowed:
            return Proof(wait=max(1, ceil((refusal["locked_until"] - timezone.now()).total_seconds())))
        if proved := verify_token(user, device.persistent_id, token):
            return Proof(proved, recovery=recovery)
    return Proof()


def _bare(typed: str) -> str:
    return re.sub(r"[\s\u2010-\u2015-]", "", typed).lower()


def _kept(user: User, code: str) -> str:
    """What the table keeps of a recovery code: 16 signs that only SECRET_KEY can make again."""
    signed = hmac.new(settings.SECRET_KEY.encode(), f"recovery:{user.pk}:{code}".encode(), hashlib.sha256)
    return b32encode(signed.digest()[:10]).decode().lower()
