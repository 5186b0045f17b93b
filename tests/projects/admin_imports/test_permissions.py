"""Who may open, decide, publish, undo, and see addresses."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from projects import roles
from projects.models import ImportBatch
from tests.projects.admin_imports.screens import member, signed_in, url
from tests.projects.imports.batches import batch_of

pytestmark = pytest.mark.django_db


PAGES = [
    ("receive", ()),
    ("template", ()),
    ("batch", (1,)),
    ("next_doubt", (1,)),
    ("undo", (1,)),
    ("fiche", (1, 1)),
]
ACTIONS = ["accept_sure", "create_drafts", "publish", "undo", "resume"]


def test_pages_are_refused_without_the_permission_to_add(demo: ImportBatch) -> None:
    reader = User.objects.create_user("lecteur", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_importbatch"))
    client = signed_in(reader)

    statuses = {name: client.get(url(name, *[demo.pk, 1][: len(args)])).status_code for name, args in PAGES}
    actions = {name: client.post(url(name, demo.pk)).status_code for name in ACTIONS}
    on_fiche = [client.post(url(n, demo.pk, 1)).status_code for n in ("decide", "finish", "accept_fiche", "leave_out")]

    assert statuses == dict.fromkeys(statuses, 403)
    assert actions == dict.fromkeys(ACTIONS, 403)
    assert on_fiche == [403] * 4
    assert url("change", demo.pk) in client.get(url("changelist")).text


def test_writer_reviews_but_does_not_publish_nor_undo_what_others_imported(ready: ImportBatch) -> None:
    client = signed_in(member(roles.REDACTEUR))

    statuses = {name: client.post(url(name, ready.pk)).status_code for name in ("create_drafts", "publish", "undo")}

    assert statuses == {"create_drafts": 302, "publish": 403, "undo": 403}
    page = client.get(url("batch", ready.pk)).text
    assert "Publier ce qui peut l’être" not in page
    assert "Annuler l’import" not in page


def test_writer_undoes_an_import_of_their_own(demo: ImportBatch) -> None:
    writer = member(roles.REDACTEUR)
    ImportBatch.objects.filter(pk=demo.pk).update(user=writer)

    answer = signed_in(writer).post(url("undo", demo.pk))

    demo.refresh_from_db()
    assert (answer.status_code, demo.state) == (302, "annule")


def test_addresses_are_masked_without_the_right_to_see_people(editor: User, client: Client, fiche_alone: str) -> None:
    text = fiche_alone.replace("## Contexte", "## Contexte\n\nÉcrire à ada.exemple@example.org pour en savoir plus.", 1)
    text = text if "@example.org" in text else text + "\n\nÉcrire à ada.exemple@example.org\n"
    batch = batch_of(text, user=editor)
    hidden = User.objects.create_user("sans", is_staff=True)
    hidden.user_permissions.add(Permission.objects.get(codename="add_mission"))

    seen = client.get(url("fiche", batch.pk, 1)).text
    masked = signed_in(hidden).get(url("fiche", batch.pk, 1)).text
    listed = client.get(url("batch", batch.pk)).text

    assert "ada.exemple@example.org" in seen
    assert "[adresse électronique masquée]" in masked
    assert "@example.org" not in masked + listed
