"""Nothing unpublished, private or unconfirmed leaks: every public address is walked, and every link found there."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from people.models import Collectivity
from projects import search
from projects.imports.writing import edition_markdown
from projects.models import (
    Deliverable,
    FollowUp,
    KeyFigure,
    Method,
    MethodExtract,
    MethodUse,
    Mission,
    Reference,
    Resource,
    Section,
    Speaker,
    parts,
)
from projects.models.mission import State
from tests import factories as make
from tests.pages import page_faults

pytestmark = pytest.mark.django_db

# It stands in everything that must not be seen; LOST only in the text of hidden missions, to search for them.
SECRET, LOST = "zibeline", "hermine"
FILES = {"mission_cover", "edition_pdf"}


def public_names() -> Iterator[str]:
    """The name of every address, the admin's apart."""

    def walk(patterns: list[Any]) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                assert pattern.name, pattern
                yield pattern.name
            elif isinstance(pattern, URLResolver) and pattern.app_name != "admin":
                yield from walk(pattern.url_patterns)

    yield from walk(get_resolver().url_patterns)


def add_parts(mission: Mission, word: str) -> None:
    """Every kind of part, with the word in it."""
    KeyFigure.objects.create(mission=mission, position=1, value="7", label=f"agents {word}")
    Reference.objects.create(mission=mission, position=1, text=f"Rapport {word}", url=f"https://exemple.fr/{word}")
    Deliverable.objects.create(mission=mission, position=1, title=f"Guide {word}")
    FollowUp.objects.create(mission=mission, position=1, kind="observee", text=f"Suite {word}", source=word)
    testimonial = parts.Testimonial.objects.create(mission=mission, position=1, text=f"<p>Propos {word}</p>")
    Speaker.objects.create(testimonial=testimonial, position=1, last_name=word, role=word)
    make.add_author(mission, make.make_person("Élève", word, promotion=make.make_promotion(f"Promotion {word}")))
    make.add_tutor(mission, make.make_person("Tuteur", word), job_title=word)
    MethodUse.objects.filter(mission=mission).update(outcome=f"Résultat {word}")


def make_published() -> Mission:
    mission = make.make_mission(
        "Une fiche publique",
        number=1,
        edition=make.make_edition(),
        theme=make.make_theme(edition=make.make_edition()),
        collectivities=[make.make_collectivity("Ville publique", region=make.make_region(), note=SECRET)],
        domains=[make.make_domain()],
        methods=[make.make_method()],
    )
    add_parts(mission, "visible")
    return mission


def hide_things_in(mission: Mission) -> None:
    """What a published mission holds and does not show."""
    masked = make.make_person(
        SECRET, SECRET, display_mode="masque", promotion=mission.authorships.get().person.promotion
    )
    make.add_author(mission, masked, 2)
    make.add_tutor(mission, masked, job_title=f"Poste {SECRET}", position=2)
    testimonial = parts.Testimonial.objects.get(mission=mission)
    Speaker.objects.create(testimonial=testimonial, position=2, person=masked, last_name=SECRET, role=SECRET)
    shown = mission.authorships.get(position=1).person
    shown.email, shown.aliases = f"{SECRET}@exemple.fr", [SECRET]
    shown.save()
    for position, state in enumerate(["proposee", "refusee"], start=2):
        use = MethodUse.objects.create(
            mission=mission, method=make.make_method(f"Sondage {state}"), position=position, state=state, outcome=SECRET
        )
        MethodExtract.objects.create(use=use, section=mission.sections.get(position=1), text=SECRET)
    resource = Resource.objects.create(kind="article", title=SECRET, slug="cachee", summary=SECRET, is_published=False)
    resource.missions.add(mission)
    resource.methods.add(*Method.objects.all())
    resource.collectivities.add(*Collectivity.objects.all())


def make_hidden(published: Mission, state: str) -> Mission:
    """A mission as near as can be to a published one, with the secret word in everything that is its own."""
    own = make.make_collectivity(f"Ville {SECRET} {state}", region=make.make_region(f"Région {SECRET}", "99"))
    mission = make.make_mission(
        f"Titre {SECRET} {LOST} {state}",
        edition=published.edition,
        theme=published.theme,
        collectivities=[own, *published.collectivities.all()],
        domains=[make.make_domain(f"Domaine {SECRET}"), *published.domains.all()],
        methods=[use.method for use in published.method_uses.confirmed()],
        state=state,
        texts=dict.fromkeys(Section.CORE_KINDS, f"<p>{SECRET} {LOST}</p>"),
        summary_asked=SECRET,
        editor_note=SECRET,
    )
    add_parts(mission, f"{SECRET} {state}")
    return mission


def make_elsewhere() -> Mission:
    """A draft alone in its theme, its book and its town."""
    edition = make.make_edition(2018)
    edition.title = f"Recueil {SECRET}"
    edition.save()
    place = make.make_collectivity(f"Village {SECRET}")
    theme = make.make_theme(f"Thème {SECRET}", 4)
    mission = make.make_mission(
        f"Ailleurs {SECRET}", edition=edition, theme=theme, collectivities=[place], state=State.DRAFT
    )
    resource = Resource.objects.create(kind="article", title="Article public", slug="publique")
    resource.missions.add(mission)
    resource.collectivities.add(place)
    return mission


def make_working_copy(published: Mission) -> Mission:
    copy = Mission.objects.get(pk=published.pk)
    copy.pk, copy.working_copy_of, copy.state = None, published, State.DRAFT
    copy.title, copy.summary_done = f"Copie {SECRET} {LOST}", SECRET
    copy._state.adding = True
    copy.save()
    return copy


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


def walk(client: Client, start: list[str]) -> dict[str, str]:
    """The pages reached from these addresses by following their own links, each once."""
    pages: dict[str, str] = {}
    waiting = list(start)
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        response = client.get(address)
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
    return pages


def test_nothing_hidden_is_seen_on_any_public_page(client: Client) -> None:
    published = make_published()
    hide_things_in(published)
    hidden = [make_hidden(published, state) for state in (State.DRAFT, State.REVIEW, State.ARCHIVED)]
    elsewhere = make_elsewhere()
    copy = make_working_copy(published)
    search.reindex([published, *hidden, elsewhere, copy])
    known = slugs([published], list(Method.objects.all()))
    start = [address for name, address in addresses(known, bare=True) if name not in FILES]
    start += ["/methodes/comparer/?m=entretiens&m=sondage-proposee", all_extracts()]

    data = [f"/api/missions/?q={LOST}", "/api/missions/?q=entretiens&theme=piloter-ensemble"]
    data += [f"/api/suggestions/?q={typed}" for typed in (LOST, SECRET[:4], "entre", "pub", "vis", "sond", "vill")]
    pages = walk(client, [*start, *data, f"/missions/?q={LOST}", "/missions/?q=entretiens", "/missions/?tri=titre"])

    assert set(start) <= set(pages)
    assert [address for address, text in pages.items() if SECRET in text.lower()] == []
    assert "visible" in pages[published.get_absolute_url()]
    assert "Sondage" not in pages[published.get_absolute_url()]
    assert "Une fiche publique" not in pages["/methodes/sondage-proposee/"]
    assert pages[all_extracts()].count('class="quotation"') == 1
    assert "Une fiche publique" not in pages[f"/missions/?q={LOST}"]
    assert '"count": 0' in pages[f"/api/missions/?q={LOST}"]
    assert pages[f"/api/suggestions/?q={LOST}"] == pages[f"/api/suggestions/?q={SECRET[:4]}"] == '{"suggestions": []}'
    assert "Une fiche publique" in pages["/api/suggestions/?q=pub"]


def test_pages_about_hidden_things_do_not_exist(client: Client) -> None:
    published = make_published()
    hidden = [make_hidden(published, state) for state in (State.DRAFT, State.REVIEW, State.ARCHIVED)]
    make_elsewhere()
    shown = slugs([published], [])
    around = slugs([*hidden, *Mission.objects.in_edition("2018")], [])
    only_hidden = {kind: sorted(set(around[kind]) - set(shown[kind])) for kind in around}

    statuses = {address: client.get(address).status_code for _, address in addresses(only_hidden, bare=False)}

    assert len(statuses) >= 10
    assert set(statuses.values()) == {404}


def test_every_public_page_is_well_formed(client: Client) -> None:
    published = make_published()
    known = slugs([published], list(Method.objects.all()))
    start = [address for name, address in addresses(known, bare=True) if name not in FILES]

    pages = walk(client, start)

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
