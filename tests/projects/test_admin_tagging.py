"""Assisted tagging in the admin, without JavaScript: the list, a mission's page, the decisions."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects import roles
from projects.models import KeyFigure, Method, Mission, Section
from projects.models.mission import State
from projects.tagging import waiting
from tests import factories as make
from tests.conftest import ReadOnlyGetClient
from tests.pages import page_faults

pytestmark = pytest.mark.django_db

DONE = "L’équipe a mené un benchmark de cinq villes."
ASKED = "La ville souhaite réaliser un sondage."


def url(name: str, *args: Any) -> str:
    return reverse(f"admin:projects_tagging_{name}", args=args)


def make_told(number: int = 1, **values: Any) -> Mission:
    texts = {Section.Kind.CLES_POUR_AGIR: f"<p>{DONE}</p>", Section.Kind.PROBLEMATIQUE: f"<p>{ASKED}</p>"}
    return make.make_mission(f"Mission {number}", number=number, texts=texts, **{"state": State.DRAFT, **values})


@pytest.fixture
def methods() -> list[Method]:
    return [make.make_method(name) for name in ("Parangonnage", "Sondage")]


@pytest.fixture
def mission(methods: list[Method]) -> Mission:
    return make_told()


@pytest.fixture
def client() -> Client:
    user = User.objects.create_user("marie", first_name="Marie", is_staff=True)
    user.groups.add(Group.objects.get(name=roles.REDACTEUR))
    client = ReadOnlyGetClient()
    client.force_login(user)
    return client


def decide(client: Client, mission: Mission, decision: str, method: str = "parangonnage", **sent: Any) -> Any:
    values = {"decision": decision, "methode": method, "role": "utilisee", "extraits": DONE} | sent
    return client.post(url("decide", mission.pk), values)


def uses(mission: Mission) -> list[tuple[str, str, str]]:
    return [(u.method.slug, u.role, u.state) for u in mission.method_uses.order_by("position")]


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def faults_of(page: Any) -> list[str]:
    return page_faults(page.text.replace('<html lang="fr" dir="ltr">', '<html lang="fr">'))


def test_page_shows_what_is_proposed_with_its_words_marked(client: Client, mission: Mission) -> None:
    page = client.get(url("mission", mission.pk))

    cards = page.context["page"].cards
    assert [(card.method.slug, card.role, bool(card.intention)) for card in cards] == [
        ("parangonnage", "utilisee", False),
        ("sondage", "utilisee", True),
    ]
    assert "L’équipe a mené un <mark>benchmark</mark> de cinq villes." in page.text
    assert "Intention seulement\u00a0: rien hors de la problématique ne dit que l’équipe l’a fait." in page.text
    assert [passage.place for passage in cards[0].passages] == ["Des clés pour agir"]
    assert faults_of(page) == []


def test_overlapping_words_are_marked_once(client: Client) -> None:
    make.make_method("Immersion", synonyms=["immersion dans les services"])
    mission = make.make_mission(
        texts={
            Section.Kind.CLES_POUR_AGIR: "<p>L’équipe a mené une immersion dans les services, puis une immersion.</p>"
        }
    )

    page = client.get(url("mission", mission.pk))

    assert "une <mark>immersion dans les services</mark>, puis une <mark>immersion</mark>.<" in page.text


def test_mission_form_and_list_lead_to_the_proposals(client: Client, mission: Mission) -> None:
    form = client.get(reverse("admin:projects_mission_change", args=[mission.pk]))
    missions = client.get(reverse("admin:projects_mission_changelist"))

    assert f'<a href="{url("mission", mission.pk)}">Proposer des méthodes</a>' in form.text
    assert f'<a href="{url("catalogue")}">Méthodes proposées</a>' in missions.text


def test_accepting_confirms_what_the_form_shows(client: Client, mission: Mission) -> None:
    figure = KeyFigure.objects.create(mission=mission, position=1, value="5", label="benchmarks")

    answer = decide(client, mission, "accepter", moment="diagnostic", chiffres=[figure.pk])

    use = mission.method_uses.get()
    assert uses(mission) == [("parangonnage", "utilisee", "confirmee")]
    assert (use.moment, use.extracts.get().text, use.key_figures.get()) == ("diagnostic", DONE, figure)
    assert answer["Location"] == f"{url('mission', mission.pk)}#methode-sondage"
    assert LogEntry.objects.get().get_change_message() == "Méthode «\u00a0Parangonnage\u00a0» acceptée."


def test_correcting_takes_a_shorter_extract_and_another_role(client: Client, mission: Mission) -> None:
    decide(client, mission, "accepter", extraits="un benchmark de cinq\r\nvilles", role="preconisee")

    assert uses(mission) == [("parangonnage", "preconisee", "confirmee")]
    assert mission.method_uses.get().extracts.get().text == "un benchmark de cinq villes"


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"extraits": "un benchmark de six villes"}, "ne se trouve mot pour mot dans aucune rubrique"),
        ({"role": "autre"}, "Choisissez un rôle."),
        ({"moment": "jamais"}, "Ce moment n’existe pas"),
    ],
)
def test_correction_that_cannot_be_kept_comes_back_as_it_was_typed(
    client: Client, mission: Mission, sent: dict[str, str], problem: str
) -> None:
    answer = decide(client, mission, "accepter", **sent)

    card = answer.context["page"].cards[0]
    assert answer.status_code == 422
    assert problem in " ".join(card.problems)
    assert card.input == sent.get("extraits", DONE)
    assert uses(mission) == []
    assert faults_of(answer) == []


def test_refused_is_listed_and_not_proposed_again_until_taken_back(client: Client, mission: Mission) -> None:
    decide(client, mission, "refuser")
    refused = client.get(url("mission", mission.pk))
    client.post(url("propose"))
    decide(client, mission, "accepter")
    after = uses(mission)
    decide(client, mission, "reprendre")
    again = client.get(url("mission", mission.pk))

    assert [card.method.slug for card in refused.context["page"].cards] == ["sondage"]
    assert [use.method.slug for use in refused.context["page"].tagging.refused] == ["parangonnage"]
    assert after == [("parangonnage", "utilisee", "refusee"), ("sondage", "utilisee", "proposee")]
    assert [card.method.slug for card in again.context["page"].cards] == ["parangonnage", "sondage"]


def test_accepting_all_leaves_intentions_and_what_was_not_shown(client: Client, mission: Mission) -> None:
    make.make_method("Design de service")
    shown = client.get(url("mission", mission.pk)).context["page"].sure

    client.post(url("accept_all", mission.pk), {"methode": [card.method.slug for card in shown] + ["sondage"]})
    nothing = client.post(url("accept_all", mission.pk), {}, follow=True)

    assert uses(mission) == [("parangonnage", "utilisee", "confirmee")]
    assert said(nothing) == ["1\u00a0méthode acceptée.", "0\u00a0méthode acceptée."]


def test_passage_is_added_to_a_confirmed_use(client: Client, mission: Mission) -> None:
    section = mission.sections.get(kind=Section.Kind.CLES_POUR_AGIR)
    again = "Nous avons complété ce benchmark."
    section.body = f"<p>{DONE} {again}</p>"
    section.save()
    decide(client, mission, "accepter")

    page = client.get(url("mission", mission.pk))
    decide(client, mission, "ajouter", extraits=again)
    decide(client, mission, "ajouter", extraits="inventé")

    assert [addition.passage.text for addition in page.context["page"].additions] == [again]
    assert faults_of(page) == []
    assert [extract.text for extract in mission.method_uses.get().extracts.all()] == [DONE, again]


@pytest.mark.parametrize(
    ("decision", "method"), [("accepter", "inconnue"), ("effacer", "parangonnage"), ("", ""), ("ajouter", "sondage")]
)
def test_senseless_decisions_change_nothing(client: Client, mission: Mission, decision: str, method: str) -> None:
    answer = decide(client, mission, decision, method)

    assert (answer.status_code, uses(mission)) == (302, [])


def test_catalogue_is_proposed_then_gone_through(client: Client, methods: list[Method]) -> None:
    first, last = make_told(1), make_told(2)

    proposed = client.post(url("propose"), follow=True)
    order = [client.get(url("next"), {"apres": after})["Location"] for after in ("", first.pk, last.pk, "x" * 400)]

    assert said(proposed) == ["4\u00a0propositions attendent votre décision, dans 2\u00a0missions."]
    assert order == [url("mission", pk) for pk in (first.pk, last.pk, first.pk, first.pk)]
    assert [mission.waiting_count for mission in proposed.context["page"]] == [2, 2]
    assert faults_of(proposed) == []


def test_queue_ends_on_the_list(client: Client, mission: Mission) -> None:
    answer = client.get(url("next"), follow=True)

    assert answer.redirect_chain == [(url("catalogue"), 302)]
    assert said(answer) == ["Aucune proposition n’attend plus."]


def test_too_large_a_catalogue_is_left_to_the_command(
    client: Client, mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projects.admin.tagging.pages.MOST", 0)

    answer = client.post(url("propose"), follow=True)

    assert "propose_methods --save" in said(answer)[0]
    assert uses(mission) == []


def test_what_would_be_public_at_once_is_accepted_by_those_who_publish(client: Client, methods: list[Method]) -> None:
    mission = make_told(state=State.PUBLISHED)

    pages = [
        decide(client, mission, "accepter"),
        client.post(url("accept_all", mission.pk), {"methode": "parangonnage"}),
    ]

    assert [page.status_code for page in pages] == [302, 302]
    assert [message[:26] for message in said(client.get(url("mission", mission.pk)))] == [
        "Cette fiche est publiée\u00a0: "
    ] * 2
    assert uses(mission) == []


def test_nothing_proposed_or_refused_is_public(client: Client, methods: list[Method]) -> None:
    User.objects.get(username="marie").groups.add(Group.objects.get(name=roles.EDITEUR))
    mission = make_told(state=State.PUBLISHED)
    client.post(url("propose"))
    decide(client, mission, "refuser", "sondage")
    addresses = [
        *(mission.get_absolute_url(), "/missions/", "/methodes/", f"{mission.get_absolute_url().rstrip('/')}.json"),
        *(reverse("method_detail", args=[method.slug]) for method in methods),
    ]
    before = {address: Client().get(address) for address in addresses}

    decide(client, mission, "accepter")

    assert uses(mission) == [("parangonnage", "utilisee", "confirmee"), ("sondage", "utilisee", "refusee")]
    assert "<mark>" not in before[mission.get_absolute_url()].text
    assert "Parangonnage" not in before[mission.get_absolute_url()].text
    assert DONE not in before[reverse("method_detail", args=["parangonnage"])].text
    assert "Parangonnage" in Client().get(mission.get_absolute_url()).text


@pytest.mark.parametrize("name", ["catalogue", "next", "mission", "propose", "decide", "accept_all"])
def test_only_those_who_change_missions_may(mission: Mission, name: str) -> None:
    reader = User.objects.create_user("lecteur", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_mission"))
    client = Client()
    client.force_login(reader)
    address = url(name, *([mission.pk] if name in {"mission", "decide", "accept_all"} else []))

    assert [client.get(address).status_code, client.post(address).status_code] == [403, 403]
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", ["propose", "decide", "accept_all"])
def test_deciding_takes_a_post_with_its_token(client: Client, mission: Mission, name: str) -> None:
    address = url(name, *([mission.pk] if name != "propose" else []))
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="marie"))

    assert client.get(address).status_code == 405
    assert strict.post(address)["X-Kept"] == "1"  # nothing is written: the page offers to send it again
    assert uses(mission) == []


def test_unknown_mission_is_not_found(client: Client) -> None:
    assert client.get(url("mission", 404)).status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_list_takes_the_same_queries_for_any_number_of_missions(
    client: Client, methods: list[Method], count: int
) -> None:
    for number in range(1, count + 1):
        make_told(number)
    waiting.keep_all(waiting.for_tagging())

    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(url("catalogue"))

    assert len([query for query in queries if "projects_" in query["sql"]]) == 3


@pytest.mark.parametrize("count", [1, 4])
def test_page_takes_the_same_queries_for_any_number_of_proposals(client: Client, count: int) -> None:
    names = ["Parangonnage", "Sondage", "SWOT", "World café"][:count]
    sentences = "".join(f"<p>L’équipe a mené : {name.lower()}.</p>" for name in names)
    for name in names:
        make.make_method(name)
    mission = make.make_mission(texts={Section.Kind.CLES_POUR_AGIR: sentences})
    waiting.keep_all(waiting.for_tagging())

    with CaptureQueriesContext(connection) as queries:
        page = client.get(url("mission", mission.pk))

    assert len(page.context["page"].cards) == count
    assert len([query for query in queries if "projects_" in query["sql"]]) == 8
