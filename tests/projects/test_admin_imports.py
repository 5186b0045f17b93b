"""Importing in the admin, without JavaScript: files → decisions → drafts → published → undone."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects import roles
from projects.imports import batch as batches
from projects.imports.decisions import Outcome, Review, decide
from projects.imports.reading import MAX_BYTES
from projects.models import ImportBatch, ImportedMission, Mission
from projects.models.mission import State
from tests.conftest import ReadOnlyGetClient
from tests.pages import page_faults
from tests.projects.imports.batches import batch_of

pytestmark = pytest.mark.django_db

DEMO = Path(settings.BASE_DIR) / "fixtures" / "demo"
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


@pytest.fixture
def editor() -> User:
    return member(roles.EDITEUR, "Marie")


@pytest.fixture
def client(editor: User) -> Client:
    return signed_in(editor)


@pytest.fixture
def demo(editor: User) -> ImportBatch:
    """The demo book, read."""
    return batch_of((DEMO / "recueil-2019.md").read_text(encoding="utf-8"), user=editor)


@pytest.fixture
def ready(demo: ImportBatch, client: Client) -> ImportBatch:
    """The demo book with everything sure accepted and its doubts lifted."""
    for fiche, value in list(Review(demo).doubts()):
        first = next((choice.key for choice in value.choices if choice.key), "")
        decide(fiche.row.pk, value.key, "accepter", first, "", "Marie")
    client.post(url("accept_sure", demo.pk), follow=True)
    return demo


def doubt_of(batch: ImportBatch, position: int = DOUBTFUL) -> Any:
    fiche = Review(batch).fiche(position)
    assert fiche is not None
    return fiche.doubts[0]


def send(client: Client, batch: ImportBatch, key: str, do: str, value: str = "", seen: str = "") -> Any:
    sent = {"cle": key, "decision": do, "valeur": value, "vu": seen}
    return client.post(url("decide", batch.pk, DOUBTFUL), sent)


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def faults_of(page: Any) -> list[str]:
    """The frame of the admin writes its language with a direction."""
    return page_faults(page.text.replace('<html lang="fr" dir="ltr">', '<html lang="fr">'))


# ── Receiving


def test_files_are_received_and_lead_to_their_import(client: Client) -> None:
    file = SimpleUploadedFile("fiche.md", (DEMO / "fiche-saint-etienne.md").read_bytes())

    answer = client.post(url("receive"), {"fichiers": [file], "edition": "2019"})

    batch = ImportBatch.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url("batch", batch.pk))
    assert (batch.state, batch.asked_edition, [f.name for f in batch.files.all()]) == ("lecture", "2019", ["fiche.md"])
    page = client.get(url("batch", batch.pk))
    assert "En attente de lecture" in page.text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page.text


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({}, "Choisissez au moins un fichier."),
        ({"edition": "19"}, "L’année de l’édition s’écrit avec quatre chiffres, par exemple 2019\u00a0: corrigez-la."),
    ],
)
def test_refused_upload_says_what_to_do(client: Client, sent: dict[str, str], problem: str) -> None:
    answer = client.post(url("receive"), sent)

    assert (answer.status_code, ImportBatch.objects.count()) == (422, 0)
    assert answer.context["problem"] == problem
    assert problem in answer.text


def test_file_too_big_is_refused_and_not_kept(client: Client) -> None:
    big = SimpleUploadedFile("gros.md", b"x" * (MAX_BYTES + 1))

    answer = client.post(url("receive"), {"fichiers": [big]})

    assert answer.status_code == 422
    assert "«\u00a0gros.md\u00a0» est trop grand" in answer.context["problem"]
    assert not ImportBatch.objects.exists()


def test_word_template_is_handed_out(client: Client) -> None:
    answer = client.get(url("template"))

    assert answer.content[:2] == b"PK"
    assert answer["Content-Disposition"] == 'attachment; filename="modele-de-fiche.docx"'


def test_stopped_reading_can_be_resumed(client: Client, editor: User) -> None:
    batch = batches.receive([("fiche.md", b"Rien")], editor)
    assert "Reprendre la lecture" not in client.get(url("batch", batch.pk)).text
    ImportBatch.objects.filter(pk=batch.pk).update(heard_at=None)

    page = client.get(url("batch", batch.pk))
    answer = client.post(url("resume", batch.pk), follow=True)

    assert "Reprendre la lecture" in page.text
    assert said(answer) == ["La lecture reprend."]


def test_unreadable_files_are_named_with_their_refusal(client: Client, editor: User) -> None:
    batch = batches.receive([("image.png", b"\x89PNG")], editor)
    batches.read(batch.pk)

    page = client.get(url("batch", batch.pk))

    assert "Aucun fichier n’a pu être lu." in page.text
    assert batch.files.get().error in page.text.replace("&nbsp;", "\u00a0")


# ── The batch


def test_batch_page_has_a_row_per_fiche(client: Client, demo: ImportBatch) -> None:
    page = client.get(url("batch", demo.pk))

    lines = page.context["lines"]
    assert [line.name for line in lines] == [f"{number:02d}" for number in range(1, 23)]
    waiting = {fiche.name: len(fiche.doubts) for fiche in Review(demo).fiches}
    assert {line.name: line.doubts for line in lines} == waiting
    assert {"05", "08", "12"} <= {name for name, doubts in waiting.items() if doubts}
    assert lines[1].title == "Bilan des 10 ans d’Est Ensemble"
    assert (page.context["proposed"], page.context["doubts"]) == (22, sum(waiting.values()))


def test_accept_all_that_is_sure_leaves_the_doubts(client: Client, demo: ImportBatch) -> None:
    sure = [fiche for fiche in Review(demo).fiches if not fiche.doubts]
    left = sum(1 for _ in Review(demo).doubts())

    answer = client.post(url("accept_sure", demo.pk), follow=True)

    assert said(answer) == [
        f"Ce qui est sûr est accepté\u00a0: {len(sure)}\u00a0fiches relues, il reste {left}\u00a0doutes à lever."
    ]
    assert demo.fiches.filter(outcome=Outcome.ACCEPTED).count() == len(sure)


def test_next_doubt_goes_round_all_fiches(client: Client, demo: ImportBatch) -> None:
    queue = [f"{url('fiche', demo.pk, f.row.position)}#v-{value.key}" for f, value in Review(demo).doubts()]
    places = []
    position, key = 0, ""

    for _ in range(len(queue) + 1):
        answer = client.get(url("next_doubt", demo.pk), {"apres": position, "cle": key})
        places.append(answer["Location"])
        position = int(re.search(r"fiches/(\d+)/", answer["Location"])[1])  # type: ignore[index]
        key = answer["Location"].partition("#v-")[2]

    assert len(queue) > 2
    assert places == [*queue, queue[0]]


def test_no_doubt_left_leads_to_the_batch(client: Client, ready: ImportBatch) -> None:
    answer = client.get(url("next_doubt", ready.pk))

    assert answer["Location"] == url("batch", ready.pk)


def test_drafts_published_and_undone(client: Client, ready: ImportBatch) -> None:
    answer = client.post(url("create_drafts", ready.pk), follow=True)
    assert said(answer)[0] == "22\u00a0brouillons créés."
    assert Mission.objects.filter(state=State.DRAFT).count() == 22

    answer = client.post(url("publish", ready.pk), follow=True)
    assert said(answer)[0] == "22\u00a0missions publiées."
    assert Mission.objects.published().count() == 22

    assert "22\u00a0fiches créées par cet import seront retirées" in client.get(url("undo", ready.pk)).text
    answer = client.post(url("undo", ready.pk), follow=True)
    assert said(answer)[0] == "Import annulé\u00a0: 22\u00a0fiches retirées."
    assert not Mission.objects.exists()
    assert "Import annulé" in answer.text


def test_mission_that_cannot_be_published_is_named_with_why(client: Client, ready: ImportBatch) -> None:
    client.post(url("create_drafts", ready.pk), follow=True)
    mission = Mission.objects.get(number=3)
    Mission.objects.filter(pk=mission.pk).update(theme=None)

    answer = client.post(url("publish", ready.pk), follow=True)

    link = reverse("admin:projects_mission_change", args=[mission.pk])
    assert said(answer) == [
        "21\u00a0missions publiées.",
        "1\u00a0mission n’est pas publiée. Complétez-les, puis publiez de nouveau.<ul>"
        f'<li><a href="{link}">{mission}</a>\u00a0: Choisissez le thème.</li></ul>',
    ]


def test_drafts_without_a_reviewed_fiche_are_refused(client: Client, demo: ImportBatch) -> None:
    answer = client.post(url("create_drafts", demo.pk), follow=True)

    assert said(answer) == ["Aucune fiche n’est relue\u00a0: terminez-en une, ou acceptez tout ce qui est sûr."]
    assert not Mission.objects.exists()


@pytest.mark.parametrize(("answered", "left"), [("keep", 1), ("remove", 0)])
def test_undo_asks_about_a_draft_edited_since(client: Client, ready: ImportBatch, answered: str, left: int) -> None:
    client.post(url("create_drafts", ready.pk))
    Mission.objects.filter(number=3).update(title="Titre retravaillé")

    asked = client.post(url("undo", ready.pk))
    client.post(url("undo", ready.pk), {"modifies": answered})

    assert asked.status_code == 422
    assert [str(mission) for mission, _ in asked.context["edited"]] == ["03 Titre retravaillé"]
    assert 'name="modifies"' in asked.text
    assert Mission.objects.count() == left


# ── The review of a fiche


def test_fiche_shows_its_source_and_its_draft_linked_both_ways(client: Client, demo: ImportBatch) -> None:
    page = client.get(url("fiche", demo.pk, 2))

    assert faults_of(page) == []
    assert 'href="#l-255"' in page.text
    assert '<li id="l-255" class="line line-placed" data-line="255" data-target="v-title">' in page.text
    named = {line.label for line in page.context["page"].lines()}
    assert {"Numéro", "Titre", "Élève", "Tuteur ou tutrice", "Contexte", "Témoignage", "rubrique"} <= named


def test_every_page_is_whole_without_script(client: Client, demo: ImportBatch) -> None:
    pages = [url("changelist"), url("receive"), url("batch", demo.pk), url("undo", demo.pk)]
    pages += [url("fiche", demo.pk, position) for position in (1, 5, 8, 22)]

    faults = {page: faults_of(client.get(page)) for page in pages[1:]}

    assert {page: found for page, found in faults.items() if found} == {}
    assert url("receive") in client.get(pages[0]).text
    assert url("batch", demo.pk) in client.get(pages[0]).text


def test_decision_is_kept_and_leads_back_to_its_value(client: Client, demo: ImportBatch) -> None:
    doubt = doubt_of(demo)

    answer = send(client, demo, doubt.key, "modifier", "Un texte corrigé.")

    assert answer["Location"] == f"{url('fiche', demo.pk, DOUBTFUL)}#v-{doubt.key}"
    made = demo.fiches.get(position=DOUBTFUL).decisions[doubt.key]
    assert (made["do"], made["value"], made["by"]) == ("modifier", "Un texte corrigé.", "Marie")
    page = client.get(url("fiche", demo.pk, DOUBTFUL))
    shown = next(v for v in page.context["page"].values if v.key == doubt.key)
    assert (shown.state_label, shown.text, shown.signed) == ("Corrigé", "Un texte corrigé.", "Marie")


def test_decision_is_taken_back(client: Client, demo: ImportBatch) -> None:
    doubt = doubt_of(demo)
    send(client, demo, doubt.key, "accepter")
    seen = demo.fiches.get(position=DOUBTFUL).decisions[doubt.key]["at"]

    send(client, demo, doubt.key, "rouvrir", seen=seen)

    assert demo.fiches.get(position=DOUBTFUL).decisions == {}


def test_second_editor_sees_the_first_decision_and_keeps_what_was_typed(client: Client, demo: ImportBatch) -> None:
    doubt = doubt_of(demo)
    other = signed_in(member(roles.REDACTEUR, "Paul"))
    send(other, demo, doubt.key, "accepter")

    answer = send(client, demo, doubt.key, "modifier", "Ce que Marie écrivait")

    assert answer.status_code == 409
    shown = next(v for v in answer.context["page"].values if v.key == doubt.key)
    assert shown.problem == f"Paul a décidé de «\u00a0{doubt.label}\u00a0» entre-temps\u00a0: voyez, puis décidez."
    assert (shown.state_label, shown.signed, shown.input) == ("Accepté", "Paul", "Ce que Marie écrivait")
    assert demo.fiches.get(position=DOUBTFUL).decisions[doubt.key]["by"] == "Paul"


def test_decision_that_is_impossible_says_why_at_its_value(client: Client, demo: ImportBatch) -> None:
    answer = send(client, demo, "number", "modifier", "cinq")

    shown = next(v for v in answer.context["page"].values if v.key == "number")
    assert answer.status_code == 422
    assert (shown.problem, shown.input) == ("Le numéro est un nombre de trois chiffres au plus, ou rien.", "cinq")


def test_value_that_is_gone_says_so_on_the_page(client: Client, demo: ImportBatch) -> None:
    answer = send(client, demo, "figure:1.0", "accepter")

    assert said(answer) == ["Cette valeur n’existe plus dans la fiche\u00a0: rechargez la page."]


def test_lines_are_sent_to_another_section_and_back(client: Client, demo: ImportBatch) -> None:
    page = client.get(url("fiche", demo.pk, DOUBTFUL)).context["page"]
    sections = [value for value in page.values if value.key.startswith("section:")]
    line = sections[0].value.lines[0][0]
    sent = {"decision": "vers", "premiere": line, "derniere": line, "valeur": sections[1].key}

    answer = client.post(url("decide", demo.pk, DOUBTFUL), sent)

    assert answer["Location"].endswith("#rattacher")
    after = client.get(url("fiche", demo.pk, DOUBTFUL)).context["page"]
    assert [(m.lines, m.target) for m in after.moves()] == [(f"l.\u00a0{line}", sections[1].label)]
    assert next(sl.target for sl in after.lines() if sl.number == line) == sections[1].anchor
    send(client, demo, f"move:{line}-{line}", "rouvrir", seen=after.moves()[0].stamp)
    assert demo.fiches.get(position=DOUBTFUL).decisions == {}


def test_lines_outside_the_fiche_are_refused(client: Client, demo: ImportBatch) -> None:
    sent = {"decision": "vers", "premiere": "1", "derniere": "2", "valeur": "ecarter"}

    answer = client.post(url("decide", demo.pk, DOUBTFUL), sent)

    assert said(answer) == ["Ces lignes ne sont pas dans la fiche\u00a0: choisissez entre 458 et 611."]


def test_finishing_names_the_doubts_that_are_left(client: Client, demo: ImportBatch) -> None:
    doubt = doubt_of(demo)

    answer = client.post(url("finish", demo.pk, DOUBTFUL), follow=True)

    assert said(answer) == [
        "Ce qui est sûr est accepté. Il reste 1\u00a0doute à lever\u00a0: "
        f'<a href="#v-{doubt.key}">Témoignage de la collectivité</a>.'
    ]
    assert answer.redirect_chain == [(url("fiche", demo.pk, DOUBTFUL), 302)]


def test_finished_fiche_leads_to_the_next(client: Client, demo: ImportBatch) -> None:
    answer = client.post(url("finish", demo.pk, 1))

    assert answer["Location"] == url("fiche", demo.pk, 2)
    assert demo.fiches.get(position=1).outcome == Outcome.ACCEPTED


def test_fiche_is_left_out_and_taken_back(client: Client, demo: ImportBatch) -> None:
    client.post(url("leave_out", demo.pk, 1), {"ecarter": "1"})
    left_out = demo.fiches.get(position=1).outcome
    client.post(url("leave_out", demo.pk, 1))

    assert (left_out, demo.fiches.get(position=1).outcome) == (Outcome.REFUSED, Outcome.PROPOSED)


def test_applied_fiche_is_shown_without_buttons(client: Client, ready: ImportBatch) -> None:
    client.post(url("create_drafts", ready.pk))

    page = client.get(url("fiche", ready.pk, 1))

    assert "Cette fiche ne se relit plus ici." in page.text
    assert 'name="decision"' not in page.text


# ── Who may


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


def test_addresses_are_masked_without_the_right_to_see_people(editor: User, client: Client) -> None:
    text = (DEMO / "fiche-saint-etienne.md").read_text(encoding="utf-8")
    text = text.replace("## Contexte", "## Contexte\n\nÉcrire à ada.exemple@example.org pour en savoir plus.", 1)
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


@pytest.mark.parametrize("page", ["batch", "fiche"])
def test_number_of_queries_does_not_follow_the_fiches(
    client: Client, editor: User, demo: ImportBatch, page: str
) -> None:
    small = batch_of((DEMO / "fiche-saint-etienne.md").read_text(encoding="utf-8"), user=editor)
    counts = []

    for batch in (small, demo):
        address = url(page, batch.pk) if page == "batch" else url(page, batch.pk, 1)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))

    assert ImportedMission.objects.filter(batch=small).count() == 1
    assert counts[0] == counts[1]


def test_pages_are_kept_by_no_cache(client: Client, demo: ImportBatch) -> None:
    header = client.get(url("fiche", demo.pk, 1))["Cache-Control"]

    assert header == "max-age=0, no-cache, no-store, must-revalidate, private"
