"""Whole pages are kept while the database stands, whoever writes it, and for readers without cookies only."""

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.db.models.signals import post_save
from django.http import HttpRequest, HttpResponse
from django.test import Client

from casebook import freshness, page_memory
from casebook.models import SiteIdentity
from casebook.page_memory import Memory, Page
from people.models import Person
from people.models.person import DisplayMode
from projects import search, workflow
from projects.models import Authorship, Mission, MissionStatistic
from projects.statistics import flush
from tests.factories import make_method, make_mission

BROWSER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    monkeypatch.setattr(page_memory, "pages", Memory())
    return page_memory.pages


@pytest.fixture
def mission(transactional_db: None, memory: Memory) -> Mission:
    return make_mission("Un accueil commun", number=1)


@pytest.fixture
def views(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The pages that a view made, in order."""
    asked: list[str] = []
    make = page_memory._page

    def noted(response: Any, key: Any) -> Page:
        asked.append(key[2])
        return make(response, key)

    monkeypatch.setattr(page_memory, "_page", noted)
    return asked


@pytest.fixture(autouse=True)
def own_writings(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """Any writing on a PostgreSQL server makes another state, and other tests write there: where a page must be found
    again, our own writings are counted instead."""
    written: list[Any] = []

    def note(sender: Any, **kwargs: Any) -> None:
        written.append(sender)

    post_save.connect(note)
    if connection.vendor == "postgresql" and "views" in request.fixturenames:
        monkeypatch.setattr(freshness, "state", lambda: str(len(written)))
    yield
    post_save.disconnect(note)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def test_page_is_made_once_until_something_is_written(client: Client, mission: Mission, views: list[str]) -> None:
    address = mission.get_absolute_url()

    first, second = client.get(address), client.get(address)

    assert views == [address]
    assert text(first) == text(second)
    Person.objects.create(last_name="Quelqu’un")
    client.get(address)
    assert views == [address, address]


def test_pages_that_one_browses_are_kept_without_parameters(client: Client, mission: Mission, views: list[str]) -> None:
    place, theme = mission.collectivities.first(), mission.theme
    method = make_method("Persona")
    own = [each.get_absolute_url() for each in (place, theme, method) if each]
    addresses = ["/themes/", "/domaines/", "/collectivites/", "/methodes/", *own]

    for _ in range(2):
        for address in addresses:
            assert client.get(address).status_code == 200
            client.get(f"{address}?page=1")

    assert views == addresses


@pytest.mark.parametrize("way", ["save", "update", "bulk_update", "cursor", "delete", "part", "identity"])
def test_every_way_of_writing_shows_at_once(client: Client, mission: Mission, way: str) -> None:
    address = mission.get_absolute_url()
    assert "Un accueil commun" in text(client.get(address))

    if way == "save":
        mission.title = "Autre titre"
        mission.save()
    elif way == "update":
        Mission.objects.update(title="Autre titre")
    elif way == "bulk_update":
        mission.title = "Autre titre"
        Mission.objects.bulk_update([mission], ["title"])
    elif way == "cursor":
        with connection.cursor() as cursor:
            cursor.execute("UPDATE projects_mission SET title = %s", ["Autre titre"])
    elif way == "delete":
        mission.delete()
    elif way == "part":
        mission.follow_ups.create(position=1, kind="observee", text="Autre titre")
    else:
        SiteIdentity.objects.update_or_create(pk=1, defaults={"name": "Autre titre"})

    response = client.get(address)
    assert response.status_code == (404 if way == "delete" else 200)
    assert ("Autre titre" in text(response)) == (way != "delete")


def test_masked_person_and_withdrawn_mission_disappear_at_once(client: Client, mission: Mission) -> None:
    person = Person.objects.create(first_name="Camille", last_name="Exemple")
    Authorship.objects.create(mission=mission, person=person)
    address = mission.get_absolute_url()
    assert "Camille Exemple" in text(client.get(address))

    Person.objects.filter(pk=person.pk).update(display_mode=DisplayMode.MASKED)
    assert "Camille Exemple" not in text(client.get(address))

    assert "Un accueil commun" in text(client.get("/missions/"))
    workflow.withdraw(mission)
    assert client.get(address).status_code == 404
    assert "Un accueil commun" not in text(client.get("/missions/"))


def test_results_of_a_search_are_read_again_after_a_writing(client: Client, mission: Mission) -> None:
    person = Person.objects.create(first_name="Camille", last_name="Exemple")
    Authorship.objects.create(mission=mission, person=person)
    mission.sections.create(position=9, kind="zoom", body="<p>Le guichet unique.</p>")
    search.reindex([mission])
    assert "Camille Exemple" in text(client.get("/missions/?q=guichet"))

    Person.objects.filter(pk=person.pk).update(display_mode=DisplayMode.MASKED)
    search.reindex_for(person)
    assert "Camille Exemple" not in text(client.get("/missions/?q=guichet"))


def test_another_process_that_knows_nothing_of_the_site_is_seen(client: Client, mission: Mission) -> None:
    address = mission.get_absolute_url()
    client.get(address)

    write = "UPDATE projects_mission SET title = 'Écrit d’ailleurs'"
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other, other:
            other.execute(write)
    else:
        settings = connection.settings_dict
        place = {"dbname": settings["NAME"], "host": settings["HOST"], "port": settings["PORT"] or 5432}
        with psycopg.connect(**place, user=settings["USER"], password=settings["PASSWORD"]) as server:
            server.execute(write)

    assert "Écrit d’ailleurs" in text(client.get(address))


def test_nothing_is_kept_inside_a_transaction(mission: Mission) -> None:
    before = freshness.state()
    with transaction.atomic():
        inside = freshness.state()

    assert inside == ""
    assert before
    assert freshness.state()


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("/", {"cookie": "sessionid=x"}),
        ("/", {"authorization": "Basic x"}),
        ("/missions/?q=accueil", {}),
        (f"/missions/?theme={'x' * 200}", {}),
        ("/methodes/?e=1", {}),
        ("/admin/login/", {}),
    ],
)
def test_pages_that_are_not_kept(
    client: Client, mission: Mission, views: list[str], address: str, headers: Any
) -> None:
    response = client.get(address, headers=headers)

    assert response.status_code == 200
    assert "ETag" not in response.headers
    assert views == []


@pytest.mark.parametrize("spoil", ["Set-Cookie", "private", "nonce", "vary", "status"])
def test_response_of_its_own_is_never_kept(spoil: str) -> None:
    response = HttpResponse("x", status=404 if spoil == "status" else 200)
    response.kept_again = print  # type: ignore[attr-defined]
    if spoil == "Set-Cookie":
        response.set_cookie("a", "b")
    elif spoil == "private":
        response.headers["Cache-Control"] = "private"
    elif spoil == "nonce":
        response.headers["Content-Security-Policy"] = "script-src 'nonce-abc'"
    elif spoil == "vary":
        response.headers["Vary"] = "Accept-Language"

    assert not page_memory._is_whole(response)


def test_known_page_is_answered_304_and_the_two_forms_have_their_own_tag(client: Client, mission: Mission) -> None:
    plain = client.get("/missions/")
    zipped = client.get("/missions/", headers={"accept-encoding": "gzip"})
    again = client.get("/missions/", headers={"accept-encoding": "gzip", "if-none-match": zipped.headers["ETag"]})
    other = client.get("/missions/", headers={"if-none-match": zipped.headers["ETag"]})

    assert gzip.decompress(zipped.content) == plain.content
    assert (again.status_code, again.content, other.status_code) == (304, b"", 200)
    assert {plain.headers["ETag"], zipped.headers["ETag"]} == {again.headers["ETag"], other.headers["ETag"]}
    assert len({plain.headers["ETag"], zipped.headers["ETag"]}) == 2
    assert plain.headers["Cache-Control"] == "no-cache"


@pytest.fixture
def spool(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.VAR_DIR = tmp_path
    return None


def test_a_page_from_memory_is_counted_as_read(client: Client, mission: Mission, spool: None, views: list[str]) -> None:
    address = mission.get_absolute_url()
    for _ in range(3):
        client.get(address, headers=BROWSER)
    client.get(address, headers={**BROWSER, "dnt": "1"})

    flush()

    assert views == [address]
    assert list(MissionStatistic.objects.values_list("mission", "count")) == [(mission.pk, 3)]


def test_memory_holds_no_more_bytes_than_it_may() -> None:
    kept = Memory(most_bytes=80)

    def page(size: int) -> Page:
        return Page(b"x" * size, {}, lambda request: None, float("inf"))

    def there() -> list[str]:
        return [path for path in "abcdefghi" if kept.get("s", ("", "", path, False))]

    for path in "abcdefghi":
        kept.get("s", ("", "", "a", False))
        kept.put("s", ("", "", path, False), page(10))
    assert there() == list("acdefghi")

    kept.put("s", ("", "", "b", False), page(11))
    assert "b" not in there()
    kept.put("old", ("", "", "b", False), page(10))
    assert "b" not in there()
    assert kept.get("t", ("", "", "a", False)) is None
    assert there() == []


def test_request_is_given_an_anonymous_user_when_the_page_comes_from_memory(mission: Mission, client: Client) -> None:
    seen: list[HttpRequest] = []
    key = ("http", "testserver", "/", False)
    state = freshness.state()
    page_memory.pages.get(state, key)
    page_memory.pages.put(state, key, Page(b"kept", {"ETag": '"x"'}, seen.append, float("inf")))

    assert client.get("/").content == b"kept"
    assert not seen[0].user.is_authenticated
