"""A person at the door, in a test: an account, a phone, and the forms that they send."""

import time
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from projects import roles

PASSWORD = "trois-barques-et-un-phare"  # noqa: S105
LOGIN = "/admin/login/"
CODE = "/admin/login/code/"
ENROL = "/admin/login/telephone/"
INDEX = "/admin/"


def make_user(name: str = "camille", group: str | None = roles.EDITEUR, **values: Any) -> User:
    values = {"is_staff": True, "first_name": name.capitalize(), "last_name": "Exemple"} | values
    user = User.objects.create_user(name, values.pop("email", f"{name}@exemple.fr"), PASSWORD, **values)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def make_phone(user: User) -> TOTPDevice:
    device: TOTPDevice = TOTPDevice.objects.create(user=user, name="téléphone", confirmed=True)
    return device


def code(device: TOTPDevice, later: int = 0) -> str:
    """What the phone shows; `later`: periods of 30 seconds from now."""
    totp = TOTP(device.bin_key)
    totp.time = time.time() + 30 * later
    return f"{totp.token():06d}"


def enter(client: Client, name: str = "camille", password: str = PASSWORD, **values: Any) -> Any:
    return client.post(LOGIN, {"username": name, "password": password} | values)


def is_in(client: Client) -> bool:
    return client.get(INDEX).status_code == 200


def sign_in(client: Client, user: User) -> Client:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def of_person(user: User, action: str) -> str:
    return reverse(f"admin:person_{action}", args=[user.pk])
