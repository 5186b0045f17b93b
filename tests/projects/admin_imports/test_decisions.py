"""A decision about one value: kept, taken back, refused, met by another."""

import pytest
from django.test import Client

from projects import roles
from projects.models import ImportBatch
from tests.projects.admin_imports.screens import DOUBTFUL, doubt_of, member, said, send, signed_in, url

pytestmark = pytest.mark.django_db


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
