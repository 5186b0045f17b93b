"""Nothing unpublished, private or unconfirmed leaks: every public address is walked, and every link found there."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import get_resolver, reverse

from projects.imports.writing import edition_markdown
from projects.models import Method, MethodExtract, MethodUse, Mission
from projects.models.mission import State
from tests.leaks.addresses import patterns
from tests.leaks.world import (
    FORMER,
    LOST,
    MASKED,
    OTTER,
    SECRET,
    World,
    hide_things_in,
    make_hidden,
    make_published,
    make_working_copy,
    make_world,
)
from tests.pages import page_faults

pytestmark = pytest.mark.django_db

FILES = {"mission_cover", "edition_pdf"}


def public_names() -> list[str]:
    """The name of every address, the admin's apart."""
    found = [name for name, route in patterns() if not route.startswith("admin/")]
    assert all(found)
    return found


def slugs(missions: list[Mission], methods: list[Method]) -> dict[str, list[str]]:
    """The slugs around these missions, by the kind of page that takes them."""
    return {
        "mission": [mission.slug for mission in missions],
        "theme": [mission.theme.slug for mission in missions if mission.theme],
        "edition": [mission.edition.slug for mission in missions if mission.edition],
        "collectivity": [place.slug for mission in missions for place in mission.collectivities.all()],
        "promotion": [
            row.person.promotion.slug
            for mission in missions
            for row in mission.authorships.all()
            if row.person.promotion
        ],
        "method": [method.slug for method in methods],
        "family": [method.family_url.split("/")[-2] for method in methods],
        "moment": MethodUse.Moment.values if methods else [],
    }


def addresses(known: dict[str, list[str]], *, bare: bool) -> Iterator[tuple[str, str]]:
    """(name, address) of every page about these slugs; `bare` adds those that take no slug."""
    for name in public_names():
        if not get_resolver().reverse_dict.getlist(name)[0][0][0][1]:
            if bare:
                yield name, reverse(name)
            continue
        for slug in known[name.split("_")[0]]:
            yield name, reverse(name, args=[slug])


def all_extracts() -> str:
    """The basket of everything that proves a use, public or not."""
    numbers = MethodExtract.objects.order_by("pk").values_list("pk", flat=True)
    return f"{reverse('extracts')}?{'&'.join(f'e={number}' for number in numbers)}"


def walk(client: Client, start: list[str], world: World | None = None) -> tuple[dict[str, str], list[Any]]:
    """The pages reached from these addresses by following their own links, each once; what of `world` they show."""
    pages: dict[str, str] = {}
    faults: list[Any] = []
    waiting = list(start)
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        response = client.get(address)
        if world and (shown := world.seen_in(response, address, (SECRET, MASKED, OTTER))):
            faults.append((address, shown))
        if response.status_code in {301, 302}:
            waiting.append(response["Location"])
            continue
        assert response.status_code == 200, address
        pages[address] = "" if response.streaming else response.text
        if response["Content-Type"].startswith("text/html"):
            links = re.findall(r'(?:href|src|action)="([^"#]+)', response.text)
            own = (unescape(link) for link in links if link.startswith(("/", "?")))
            found = [f"{address.split('?')[0]}{link}" if link.startswith("?") else link for link in own]
            waiting += [link for link in found if not link.startswith("/static/")]
    return pages, faults


@pytest.fixture
def world(private_files: Path) -> World:
    return make_world()


def test_nothing_hidden_is_seen_on_any_public_page(client: Client, world: World) -> None:
    published = world.published
    known = slugs([published], list(Method.objects.all()))
    start = [address for name, address in addresses(known, bare=True) if name not in FILES]
    start += ["/methodes/comparer/?m=entretiens&m=sondage-proposee", all_extracts()]

    data = [f"/api/missions/?q={LOST}", "/api/missions/?q=entretiens&theme=piloter-ensemble"]
    typed_words = (LOST, SECRET[:4], MASKED[:4], "entre", "pub", "vis", "sond", "vill")
    data += [f"/api/suggestions/?q={typed}" for typed in typed_words]
    searches = [f"/missions/?q={word}" for word in (LOST, SECRET[:-1], MASKED[:-1], "entretiens")]
    pages, faults = walk(client, [*start, *data, *searches, "/missions/?tri=titre"], world)

    assert set(start) <= set(pages)
    assert faults == []
    assert "visible" in pages[published.get_absolute_url()]
    assert [address for address in pages if "/image/" in address]
    assert "Sondage" not in pages[published.get_absolute_url()]
    assert "Une fiche publique" not in pages["/methodes/sondage-proposee/"]
    assert pages[all_extracts()].count('class="quotation"') == 1
    assert "Une fiche publique" not in pages[f"/missions/?q={LOST}"]
    assert '"count": 0' in pages[f"/api/missions/?q={LOST}"]
    for typed in (LOST, SECRET[:4], MASKED[:4]):
        assert pages[f"/api/suggestions/?q={typed}"] == '{"suggestions": []}'
    assert "Une fiche publique" in pages["/api/suggestions/?q=pub"]


@pytest.mark.parametrize("who", ["visitor", "staff"])
def test_pages_about_hidden_things_do_not_exist(client: Client, world: World, who: str) -> None:
    if who == "staff":
        client.force_login(User.objects.create_user("membre", is_staff=True))
    shown = slugs([world.published], [])
    binned = [row["fields"]["slug"] for item in world.binned for row in item.rows if row["model"] == "projects.mission"]
    around = slugs([*world.hidden, world.copy, world.elsewhere], [])
    around["mission"] += [FORMER, *binned]
    only_hidden = {kind: sorted(set(around[kind]) - set(shown[kind])) for kind in around}

    asked = [address for _, address in addresses(only_hidden, bare=False)]
    faults = [
        (method, address, response.status_code)
        for method in ("get", "head", "post", "options")
        for address in asked
        for response in [getattr(client, method)(address, headers={"if-none-match": "*"})]
        if response.status_code != 404 or world.seen_in(response, address)
    ]

    assert len(asked) >= 15
    assert "/recueils/2031.pdf" in asked
    assert faults == []


def test_every_public_page_is_well_formed(client: Client) -> None:
    published = make_published()
    known = slugs([published], list(Method.objects.all()))
    start = [address for name, address in addresses(known, bare=True) if name not in FILES]

    pages, _ = walk(client, start)

    html = {address: text for address, text in pages.items() if text.lstrip().startswith(("<!", "<html"))}
    assert len(html) >= 20
    assert {address: faults for address, text in html.items() if (faults := page_faults(text))} == {}


def test_nothing_hidden_is_in_the_written_book() -> None:
    published = make_published()
    hide_things_in(published)
    for state in (State.DRAFT, State.REVIEW, State.ARCHIVED):
        make_hidden(published, state)
    make_working_copy(published)
    assert published.edition

    written = edition_markdown(published.edition)

    assert SECRET not in written.lower()
    assert "visible" in written
    assert "@" not in written
