"""What the tests of the import screens share: addresses, people signed in, what a page says."""

from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from projects.imports.decisions import Review
from projects.models import ImportBatch
from tests.conftest import ReadOnlyGetClient
from tests.pages import page_faults

DOUBTFUL = 5  # a fiche of the demo book with one doubt, about its testimonial


def url(name: str, *args: Any) -> str:
    return reverse(f"admin:projects_importbatch_{name}", args=args)


def member(group: str, name: str = "") -> User:
    user = User.objects.create_user(name or f"membre-{group}", first_name=name, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def signed_in(user: User) -> Client:
    client = ReadOnlyGetClient()
    client.force_login(user)
    return client


def doubt_of(batch: ImportBatch, position: int = DOUBTFUL) -> Any:
    fiche = Review(batch).fiche(position)
    assert fiche is not None
    return fiche.doubts[0]


def send(
    client: Client, batch: ImportBatch, key: str, do: str, value: str = "", seen: str = "", position: int = DOUBTFUL
) -> Any:
    sent = {"cle": key, "decision": do, "valeur": value, "vu": seen}
    return client.post(url("decide", batch.pk, position), sent)


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def faults_of(page: Any) -> list[str]:
    """The frame of the admin writes its language with a direction."""
    return page_faults(page.text.replace('<html lang="fr" dir="ltr">', '<html lang="fr">'))
