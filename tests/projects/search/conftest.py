"""Whole catalogues, loaded once for a file of tests and taken back at its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from casebook import demo


@contextmanager
def _imported(*sources: Path, complements: Path | None = None) -> Iterator[None]:
    """The reference data, and these books published, as the commands load them."""
    with transaction.atomic():
        call_command("load_reference", stdout=StringIO())
        for source in sources:
            call_command("import_recueil", str(source), apply=True, publish=True, stdout=StringIO())
        if complements:
            call_command("load_complements", complements, stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def demo_catalogue(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), _imported(demo.BOOK, demo.FICHE, complements=demo.COMPLEMENTS):
        yield


@pytest.fixture(scope="module")
def corpus_catalogue(shared: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    corpus = shared / "corpus"
    with django_db_blocker.unblock(), _imported(corpus / "recueil-2019.md", corpus / "fiche-saint-etienne.md"):
        yield
