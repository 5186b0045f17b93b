"""The list of imports, the journal of one, and what holds for every page."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from projects.models import ImportBatch
from tests.projects.admin_imports.screens import faults_of, url
from tests.projects.imports.batches import batch_of

pytestmark = pytest.mark.django_db


def test_list_names_the_files(client: Client, editor: User, fiche_alone: str) -> None:
    batch_of(*[f"{fiche_alone}\n{n}" for n in range(4)], user=editor)

    page = client.get(url("changelist"))

    assert "fichier-1.md, fichier-2.md, fichier-3.md et 1\u00a0autre" in page.text


@pytest.mark.parametrize("imports", [1, 3])
def test_list_has_a_fixed_number_of_queries(
    client: Client, editor: User, fiche_alone: str, django_assert_num_queries: Any, imports: int
) -> None:
    for _ in range(imports):
        batch_of(fiche_alone, user=editor)

    with django_assert_num_queries(12):
        client.get(url("changelist"))


def test_journal_names_files_and_fiches(client: Client, ready: ImportBatch) -> None:
    client.post(url("create_drafts", ready.pk))

    page = client.get(url("change", ready.pk)).text

    assert "<strong>fichier-1.md</strong>" in page
    assert ready.files.get().checksum in page
    assert page.count("brouillon créé") == 22


def test_every_page_is_whole_without_script(client: Client, demo: ImportBatch) -> None:
    pages = [url("changelist"), url("receive"), url("batch", demo.pk), url("undo", demo.pk)]
    pages += [url("fiche", demo.pk, position) for position in (1, 5, 8, 22)]

    faults = {page: faults_of(client.get(page)) for page in pages[1:]}

    assert {page: found for page, found in faults.items() if found} == {}
    assert url("receive") in client.get(pages[0]).text
    assert url("batch", demo.pk) in client.get(pages[0]).text


def test_pages_are_kept_by_no_cache(client: Client, demo: ImportBatch) -> None:
    header = client.get(url("fiche", demo.pk, 1))["Cache-Control"]

    assert header == "max-age=0, no-cache, no-store, must-revalidate, private"
