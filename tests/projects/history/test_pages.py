"""The history page, two versions side by side, and the way back, as an editor sees them."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from projects.changes import record
from projects.models import KeyFigure, Mission, Section
from projects.models.mission import State
from tests import factories
from tests.conftest import ReadOnlyGetClient
from tests.mission_form import member, messages_of
from tests.projects.history.missions import full_mission, revisions

pytestmark = pytest.mark.django_db


def _url(mission: Mission, page: str = "history") -> str:
    return reverse(f"admin:projects_mission_{page}", args=[mission.pk])


def _words(html: str) -> str:
    return " ".join(strip_tags(html).split())


def _draft() -> Mission:
    mission = full_mission(state=State.DRAFT)
    record([mission])
    return mission


def _change(mission: Mission, by: User | None = None, why: str = "", **values: Any) -> None:
    Mission.objects.filter(pk=mission.pk).update(**values)
    record([mission], by, why)


def _section(mission: Mission) -> Section:
    return mission.sections.get(kind=Section.Kind.CONTEXTE)


def test_history_says_who_what_and_why(admin_client: Client, admin_user: User) -> None:
    mission = _draft()
    KeyFigure.objects.create(mission=mission, value="7", label="quartiers", position=3)
    KeyFigure.objects.create(mission=mission, value="8", label="ateliers", position=4)
    _change(mission, admin_user, "Relecture du tuteur", title="Nouveau titre")

    lines = admin_client.get(_url(mission)).context["lines"]

    assert [(line.who, line.what, line.why) for line in lines] == [
        ("admin", "a modifié le titre, ajouté 2\u00a0chiffres clés", "Relecture du tuteur"),
        ("Une commande du serveur", "première version gardée", ""),
    ]


def test_history_says_moves_and_states(admin_client: Client) -> None:
    mission = _draft()
    figures = list(mission.key_figures.all())
    KeyFigure.objects.filter(pk=figures[0].pk).update(position=3)
    mission.references.all().delete()
    _change(mission, state=State.REVIEW)

    lines = admin_client.get(_url(mission)).context["lines"]

    assert lines[0].what == "a mis la mission en relecture, retiré une référence, déplacé un chiffre clé"


def test_history_is_in_pages(admin_client: Client) -> None:
    mission = _draft()
    for number in range(22):
        _change(mission, title=f"Titre {number}")

    first, second = (admin_client.get(_url(mission), {"p": page}).context["lines"] for page in (1, 2))

    assert [len(first), len(second)] == [20, 3]
    assert [line.what for line in second] == ["a modifié le titre", "a modifié le titre", "première version gardée"]


@pytest.mark.parametrize("page", ["history", "comparer"])
def test_history_costs_the_same_for_one_change_and_for_many(page: str, admin_client: Client) -> None:
    counts = []
    for changes in (2, 6):
        mission = _draft()
        for number in range(changes):
            factories.add_author(mission, factories.make_person(f"Élève {number}"), position=10 + number)
            _change(mission, title=f"Titre {number}")
        admin_client.get(_url(mission, page))
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(_url(mission, page))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_mission_without_history_says_so(admin_client: Client) -> None:
    mission = full_mission()

    page = admin_client.get(_url(mission))

    assert "Aucune version n’est gardée pour l’instant" in page.text


def test_comparison_shows_the_words_that_changed(admin_client: Client) -> None:
    mission = _draft()
    section = _section(mission)
    section.body = "<p>La ville compte <strong>quatre</strong> mairies annexes.</p><p>Une phrase de plus.</p>"
    section.save()
    _change(mission, title="L’hiver des œuvres")

    page = admin_client.get(_url(mission, "comparer"))

    assert 'L’<del><span class="visually-hidden">[retiré&nbsp;: </span>été' in page.text
    assert "[ajouté\xa0: hiver]" in _words(page.text).replace("&nbsp;", "\xa0")
    assert [change.title for group in page.context["groups"] for change, _ in group[1]] == ["Contexte"]
    (field,) = page.context["groups"][0][1][0][0].fields
    assert [(p.op, p.note) for p in field.paragraphs] == [
        ("changed", "mise en forme\u00a0: ajouté\u00a0: gras"),
        ("added", ""),
    ]
    assert page.context["sentence"] == (
        "De la première à la seconde, on a modifié le titre et la rubrique «\u00a0Contexte\u00a0»."
    )


def test_comparison_with_the_present_state(admin_client: Client) -> None:
    mission = _draft()
    Mission.objects.filter(pk=mission.pk).update(title="Écrit sans passer par l’historique")

    page = admin_client.get(_url(mission, "comparer"), {"de": revisions(mission)[0].pk, "a": "actuel"})

    assert page.context["newer"]["label"] == "l’état actuel"
    assert [change.name for change in page.context["fields"]] == ["title"]


def test_comparison_puts_the_older_first_whatever_is_asked(admin_client: Client) -> None:
    mission = _draft()
    _change(mission, title="Nouveau titre")
    first, last = revisions(mission)

    page = admin_client.get(_url(mission, "comparer"), {"de": last.pk, "a": first.pk})

    assert [page.context[side]["pk"] for side in ("older", "newer")] == [first.pk, last.pk]


@pytest.mark.parametrize("asked", ["0", "abc", "²", "9" * 30, "", "-1"])
def test_comparison_of_what_does_not_exist_is_that_of_the_last_two(asked: str, admin_client: Client) -> None:
    mission = _draft()
    _change(mission, title="Nouveau titre")

    page = admin_client.get(_url(mission, "comparer"), {"de": asked, "a": asked})

    assert page.context["newer"]["pk"] == revisions(mission)[-1].pk


def test_version_of_another_mission_is_not_compared(admin_client: Client) -> None:
    mission, other = _draft(), _draft()
    Mission.objects.filter(pk=other.pk).update(title="Secret")
    record([other])

    page = admin_client.get(_url(mission, "comparer"), {"de": revisions(other)[0].pk, "a": revisions(other)[1].pk})

    assert "Secret" not in page.text


HOSTILE = "<script>alert(1)</script>\"' onmouseover=alert(1) \u202eenvers\u202c <img src=x onerror=alert(1)>"


@pytest.mark.parametrize("page", ["history", "comparer"])
def test_hostile_texts_are_shown_as_text(page: str, admin_client: Client, admin_user: User) -> None:
    mission = _draft()
    section = Section.objects.create(mission=mission, kind="zoom", heading=HOSTILE, position=9)
    Section.objects.filter(pk=section.pk).update(body="<p>Zoom</p>")
    KeyFigure.objects.create(mission=mission, value="1", label=HOSTILE, position=9)
    User.objects.filter(pk=admin_user.pk).update(first_name=HOSTILE[:60])
    _change(mission, admin_user, HOSTILE, summary_done=HOSTILE, editor_note=HOSTILE)

    html = admin_client.get(_url(mission, page)).text
    body = html[html.index('id="content"') :]

    assert not re.search(r"<script>alert|<img|\u202e", body)
    assert "[U+202E]" in body


def test_hostile_html_in_a_stored_revision_is_shown_as_text(admin_client: Client) -> None:
    """A body is sanitised when it is written; what the history holds is not trusted for all that."""
    mission = _draft()
    from reversion.models import Version

    for version in Version.objects.filter(content_type__model="section"):
        version.serialized_data = version.serialized_data.replace("La ville", "<img src=x onerror=alert(1)> La ville")
        version.save()

    html = admin_client.get(_url(mission, "comparer"), {"de": revisions(mission)[0].pk, "a": "actuel"}).text

    assert "<img" not in html[html.index('id="content"') :]


def _reader(*permissions: str) -> Client:
    user = User.objects.create_user("lecture", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = ReadOnlyGetClient()
    client.force_login(user)
    return client


@pytest.mark.parametrize("page", ["history", "comparer"])
def test_masked_person_stays_masked_for_who_may_not_see_people(page: str) -> None:
    mission = _draft()
    for row in (mission.authorships.get(), mission.tutorships.get()):
        row.person.display_mode = "masque"
        row.person.save()
        row.delete()
    mission.testimonials.all().delete()
    record([mission])

    hidden = _reader("view_mission").get(_url(mission, page)).text
    shown = member("Éditeurs").get(_url(mission, page)).text

    assert not re.search("Œuvrard|Ali Tuteur|Directrice|maire,|, maire", hidden)
    assert page == "history" or ("Zoé Œuvrard" in shown and "Directrice" in shown)


@pytest.mark.parametrize("page", ["history", "comparer", "retablir"])
def test_history_is_for_who_may_see_missions(page: str) -> None:
    mission = _draft()
    client = _reader("view_theme")

    ask = client.post if page == "retablir" else client.get

    assert ask(_url(mission, page)).status_code == 403


def test_restore_is_for_who_may_change_missions() -> None:
    mission = _draft()
    client = _reader("view_mission")

    answer = client.post(_url(mission, "retablir"), {"version": revisions(mission)[0].pk}, follow=True)

    assert messages_of(answer) == [
        "Vous n’avez pas le droit de modifier les missions. Demandez à la personne qui gère les comptes."
    ]
    assert "Rétablir" not in answer.text


def test_restore_asks_for_a_post(admin_client: Client) -> None:
    mission = _draft()

    assert admin_client.get(_url(mission, "retablir")).status_code == 405


def test_restore_in_one_click(admin_client: Client) -> None:
    mission = _draft()
    _change(mission, title="Nouveau titre")

    answer = admin_client.post(_url(mission, "retablir"), {"version": revisions(mission)[0].pk}, follow=True)

    mission.refresh_from_db()
    assert mission.title == "L’été des œuvres"
    assert answer.request["PATH_INFO"] == reverse("admin:projects_mission_change", args=[mission.pk])
    assert re.fullmatch(r"Version du .* rétablie\. Voir l’historique", messages_of(answer)[-1])


def test_restore_of_a_published_mission_leads_to_its_working_copy(admin_client: Client) -> None:
    mission = full_mission()
    record([mission])
    _change(mission, title="Nouveau titre")

    answer = admin_client.post(_url(mission, "retablir"), {"version": revisions(mission)[0].pk}, follow=True)

    mission.refresh_from_db()
    assert (mission.title, mission.working_copy.title) == ("Nouveau titre", "L’été des œuvres")
    assert "dans la copie de travail" in messages_of(answer)[-1]


def test_other_things_have_a_history_too(admin_client: Client) -> None:
    theme = factories.make_theme("Piloter ensemble")
    url = reverse("admin:projects_theme_change", args=[theme.pk])
    for name in ("Piloter mieux", "Piloter encore mieux"):
        data = {"name": name, "slug": theme.slug, "order": "1", "description": ""}
        admin_client.post(url, data)

    page = admin_client.get(reverse("admin:projects_theme_history", args=[theme.pk]))

    assert [(line.who, line.what) for line in page.context["lines"]] == [
        ("admin", "a modifié le nom"),
        ("admin", "première version gardée"),
    ]
    assert admin_client.get(reverse("admin:projects_theme_comparer", args=[theme.pk])).status_code == 200
