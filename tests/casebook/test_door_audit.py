"""« Qui a fait quoi »: what it shows, to whom, what its export holds, and what is forgotten."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessFailureLog
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from casebook.accounts import audit
from casebook.accounts.journal import Kind, journal
from projects import roles
from projects.models import StateChange, Theme
from projects.models.mission import State
from tests import factories
from tests.casebook.door import make_user, sign_in

pytestmark = pytest.mark.django_db

PAGE, EXPORT = "/admin/qui-a-fait-quoi/", "/admin/qui-a-fait-quoi/export/"


@pytest.fixture
def administrator() -> User:
    return make_user("alix", roles.ADMINISTRATEUR)


@pytest.fixture
def boss(client: Client, administrator: User) -> Client:
    return sign_in(client, administrator)


def words_on(client: Client, **asked: Any) -> list[str]:
    return [line.words for line in client.get(PAGE, asked).context["lines"]]


def made(about: Any, words: str, user: User, kind: Kind = Kind.CHANGE, days_ago: int = 0) -> None:
    journal(user, about, words, kind)
    entry = LogEntry.objects.order_by("pk").last()
    LogEntry.objects.filter(pk=entry.pk).update(action_time=timezone.now() - timedelta(days=days_ago))


def failed(name: str, days_ago: int = 0, **values: Any) -> None:
    log = AccessFailureLog.objects.create(username=name, ip_address="192.0.2.7", user_agent="", **values)
    AccessFailureLog.objects.filter(pk=log.pk).update(attempt_time=timezone.now() - timedelta(days=days_ago))


@pytest.fixture
def lines(administrator: User) -> Theme:
    other = make_user("dominique")
    theme = factories.make_theme()
    made(theme, "Titre modifié.", other, days_ago=3)
    made(theme, "Publié.", administrator, Kind.PUBLICATION, days_ago=2)
    made(other, "Accès fermé.", administrator, Kind.RIGHTS, days_ago=1)
    failed("dominique", days_ago=4)
    failed("inconnu:0123456789abcdef", days_ago=5, locked_out=True)
    return theme


@pytest.mark.usefixtures("lines")
def test_everything_is_shown_the_latest_first(boss: Client) -> None:
    shown = boss.get(PAGE).context["lines"]

    assert [(line.name, line.kind, line.about, line.words) for line in shown] == [
        ("Alix Exemple", "Droits et accès", "dominique", "Accès fermé."),
        ("Alix Exemple", "État et publication", "Piloter ensemble", "Publié."),
        ("Dominique Exemple", "Modification", "Piloter ensemble", "Titre modifié."),
        ("Dominique Exemple", "Échec de connexion", "", "Depuis 192.0.2.7."),
        ("un nom inconnu", "Blocage", "", "Depuis 192.0.2.7."),
    ]


def test_each_filter_keeps_its_lines(boss: Client, lines: Theme) -> None:
    theme = f"{ContentType.objects.get_for_model(Theme).pk}-{lines.pk}"
    day = timezone.localdate()

    found = {
        "person": words_on(boss, qui="dominique"),
        "kind": words_on(boss, quoi=Kind.RIGHTS.value),
        "failures": words_on(boss, quoi=Kind.FAILURE.value, qui="dominique"),
        "object": words_on(boss, objet=theme),
        "days": words_on(boss, du=day - timedelta(days=2), au=day - timedelta(days=1)),
        "all": words_on(boss, qui="alix", quoi=Kind.PUBLICATION.value, objet=theme),
        "nothing": words_on(boss, qui="alix", quoi=Kind.FAILURE.value),
    }

    assert found == {
        "person": ["Titre modifié.", "Depuis 192.0.2.7."],
        "kind": ["Accès fermé."],
        "failures": ["Depuis 192.0.2.7."],
        "object": ["Publié.", "Titre modifié."],
        "days": ["Accès fermé.", "Publié."],
        "all": ["Publié."],
        "nothing": [],
    }


@pytest.mark.usefixtures("lines")
@pytest.mark.parametrize(
    "asked",
    [{"quoi": "x"}, {"du": "2026-13-45"}, {"au": "0001-01-01"}, {"objet": "1"}, {"objet": "'-;"}, {"page": "x"}],
)
def test_filter_that_means_nothing_filters_nothing(boss: Client, asked: dict[str, str]) -> None:
    assert len(words_on(boss, **asked)) == 5


@pytest.mark.parametrize("name", [roles.REDACTEUR, roles.EDITEUR])
def test_only_those_who_manage_accounts_read_it(client: Client, name: str) -> None:
    sign_in(client, make_user(group=name))

    assert [client.get(PAGE).status_code, client.post(EXPORT).status_code] == [403, 403]


@pytest.mark.usefixtures("lines")
def test_page_costs_the_same_for_few_lines_and_for_many(
    boss: Client, administrator: User, django_assert_num_queries: Any
) -> None:
    boss.get(PAGE)
    with django_assert_num_queries(COST := 10):
        boss.get(PAGE)
    for number in range(60):
        made(factories.make_person(f"Élève {number}"), "Nom modifié.", administrator)

    with django_assert_num_queries(COST):
        page = boss.get(PAGE)

    assert (page.context["page"].paginator.count, len(page.context["lines"])) == (65, audit.PER_PAGE)
    assert "page=2" in page.text


def exported(client: Client, **asked: Any) -> list[list[str]]:
    response: Any = client.post(EXPORT, asked)
    text = b"".join(response.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


@pytest.mark.usefixtures("lines")
def test_export_holds_what_the_page_shows_and_is_noted(boss: Client) -> None:
    head, *rows = exported(boss, qui="dominique")

    assert head == ["Date", "Personne", "Identifiant", "Quoi", "Détail", "Objet", "Nature"]
    assert [row[1:] for row in rows] == [
        ["Dominique Exemple", "dominique", "Modification", "Titre modifié.", "Piloter ensemble", "thème"],
        ["Dominique Exemple", "dominique", "Échec de connexion", "Depuis 192.0.2.7.", "", ""],
    ]
    assert words_on(boss)[0] == "Journal exporté\u00a0: 2\u00a0lignes."


def test_export_holds_no_formula(boss: Client, administrator: User) -> None:
    made(factories.make_theme("=1+1"), "@SUM(A1)", administrator)

    rows = exported(boss)

    assert rows[-1][4:6] == ["'@SUM(A1)", "'=1+1"]


def test_export_is_no_link(boss: Client) -> None:
    assert boss.get(EXPORT).status_code == 405


@pytest.mark.usefixtures("lines")
def test_purge_forgets_what_is_too_old(capsys: Any) -> None:
    call_command("purge_journal", days=2)

    assert list(LogEntry.objects.values_list("change_message", flat=True)) == ["Accès fermé."]
    assert not AccessFailureLog.objects.exists()
    assert capsys.readouterr().out == (
        "2\u00a0lignes du journal oubliées, 2\u00a0échecs de connexion, 0\u00a0session, 0\u00a0lien.\n"
    )


def test_changes_of_state_are_among_the_lines(boss: Client, administrator: User) -> None:
    mission = factories.make_mission("Un pont", state=State.DRAFT)
    change = StateChange.objects.create(
        mission=mission, user=administrator, who="Alix", before=State.DRAFT, after=State.REVIEW, note="à relire"
    )
    StateChange.objects.create(mission=mission, who="la commande", before=State.REVIEW, after=State.PUBLISHED)

    lines = boss.get(PAGE).context["lines"]
    kept = boss.get(PAGE, {"qui": "alix", "objet": lines[0].about_value}).context["lines"]

    assert {(line.name, line.words, line.about) for line in lines} == {
        ("la commande", "en relecture → publiée", "Un pont"),
        ("Alix Exemple", "brouillon → en relecture\u00a0: à relire", "Un pont"),
    }
    assert [(line.words, line.kind) for line in kept] == [
        (f"{change.label}\u00a0: à relire".lower(), "État et publication")
    ]
