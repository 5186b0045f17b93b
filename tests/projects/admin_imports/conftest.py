from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from projects import roles
from projects.imports.decisions import Review, decide
from projects.models import ImportBatch
from tests.projects.admin_imports.screens import member, signed_in, url
from tests.projects.imports.batches import batch_of

DEMO = Path(settings.BASE_DIR) / "fixtures" / "demo"


@pytest.fixture
def editor() -> User:
    return member(roles.EDITEUR, "Marie")


@pytest.fixture
def client(editor: User) -> Client:
    return signed_in(editor)


@pytest.fixture
def recueil() -> str:
    return (DEMO / "recueil-2019.md").read_text(encoding="utf-8")


@pytest.fixture
def fiche_alone() -> str:
    return (DEMO / "fiche-saint-etienne.md").read_text(encoding="utf-8")


@pytest.fixture
def demo(editor: User, recueil: str) -> ImportBatch:
    """The demo book, read."""
    return batch_of(recueil, user=editor)


@pytest.fixture
def ready(demo: ImportBatch, client: Client) -> ImportBatch:
    """The demo book with everything sure accepted and its doubts lifted."""
    for fiche, value in list(Review(demo).doubts()):
        first = next((choice.key for choice in value.choices if choice.key), "")
        decide(fiche.row.pk, value.key, "accepter", first, "", "Marie")
    client.post(url("accept_sure", demo.pk), follow=True)
    return demo
