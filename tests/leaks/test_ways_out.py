"""Ways out that no page links to: what was public and is kept somewhere, files, dead links, what others typed."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from casebook import page_memory
from casebook.accounts import links
from casebook.lost_session.kept import EXPIRED, Kept
from casebook.models import AccessLink
from casebook.page_memory import Memory
from people.models import Person
from people.models.person import DisplayMode
from projects import search, workflow, working_copies
from projects.changes import record
from projects.history import bin
from projects.models import Mission
from tests import factories as make
from tests.casebook.door import PASSWORD, make_user, sign_in
from tests.leaks.world import FORMER, SECRET, add_cover, make_world

# ------------------------------------------------------------------------------------------------- memory


def _withdraw(mission: Mission) -> None:
    workflow.withdraw(mission)


def _archive(mission: Mission) -> None:
    workflow.withdraw(mission, "archive")


def _mask(mission: Mission) -> None:
    """As the form of a person does."""
    for person in Person.objects.filter(last_name=SECRET):
        person.display_mode = DisplayMode.MASKED
        person.save()
        search.reindex_for(person)


def _bin(mission: Mission) -> None:
    bin.throw([mission])
    mission.delete()


def _replace(mission: Mission) -> None:
    """By a working copy without the word, at another address."""
    copy, _ = working_copies.open_copy(mission)
    copy.title, copy.slug, copy.cover_alt = "Autre titre", "autre-adresse", "Autre image"
    copy.save()
    copy.authorships.all().delete()
    copy.tutorships.all().delete()
    copy.sections.update(body="<p>Autre texte.</p>")
    record([copy])
    workflow.publish(copy)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("leave", [_withdraw, _archive, _mask, _bin, _replace])
def test_what_leaves_the_site_is_nowhere_at_the_next_visit(
    client: Client, private_files: Path, monkeypatch: Any, leave: Callable[[Mission], None]
) -> None:
    monkeypatch.setattr(page_memory, "pages", Memory())
    word = "" if leave is _mask else f" {SECRET}"
    mission = make.make_mission(f"Une fiche{word}", number=1, methods=[make.make_method()])
    promotion = make.make_promotion()
    make.add_author(mission, make.make_person("Élève", SECRET, promotion=promotion))
    make.add_tutor(mission, make.make_person("Tutrice", SECRET))
    if leave is not _mask:
        add_cover(mission, 1)
    record([mission])
    places = [place.get_absolute_url() for place in mission.collectivities.all()]
    places += [mission.theme.get_absolute_url(), mission.edition.get_absolute_url(), promotion.get_absolute_url()]
    asked = ["/", "/missions/", "/missions/?q=fiche", "/api/missions/?q=fiche", f"/api/suggestions/?q={SECRET[:4]}"]
    asked += [*places, "/methodes/entretiens/", "/themes/", mission.get_absolute_url()]
    asked += [f"{mission.get_absolute_url()}image/"] if mission.cover else []
    before = {address: client.get(address, headers={"accept-encoding": "gzip"}) for address in asked}
    assert sum(SECRET in _text(response) for response in before.values()) >= (3 if leave is _mask else 6)

    leave(mission)

    faults = []
    for address, first in before.items():
        headers = {"if-none-match": first["ETag"]} if "ETag" in first else {}
        for sent in ({}, headers, {"accept-encoding": "gzip", **headers}):
            again = client.get(address, headers=sent)
            seen = SECRET in _text(again).replace(address, "") or SECRET in again.get("Location", "")
            if seen or (again.status_code == 304 and SECRET in _text(first)):
                faults.append((address, sent, again.status_code))
    assert faults == []


def _text(response: Any) -> str:
    """What was sent, unpacked; of an image its type."""
    import gzip

    if response.streaming:
        b"".join(response.streaming_content)
        return str(response["Content-Type"])
    packed = response.get("Content-Encoding") == "gzip"
    return (gzip.decompress(response.content) if packed else response.content).decode("utf-8", "replace").lower()


# ------------------------------------------------------------------------------------------------- files


@pytest.mark.django_db
def test_stored_file_has_no_address(client: Client, private_files: Path) -> None:
    world = make_world()
    folders = ["", "media/", "var/media/", "static/", "static/../media/", "static/%2e%2e/media/", "admin/media/"]

    asked = [f"/{folder}{name}" for folder in folders for name in world.files]
    asked += [f"/static/..%2f..%2f{private_files}/{name}" for name in world.files[:3]]
    faults = [
        (address, response.status_code)
        for address in asked
        for response in [client.get(address)]
        if response.status_code not in {302, 404} or world.seen_in(response, address)
    ]

    assert len(world.files) >= 12
    assert faults == []


# ------------------------------------------------------------------------------------------------- links of access


def _expire(user: User) -> None:
    AccessLink.objects.filter(user=user).update(expires_at=timezone.now() - timedelta(seconds=1))


def _use(user: User) -> None:
    AccessLink.objects.filter(user=user).update(used_at=timezone.now())


def _renew(user: User) -> None:
    links.issue(user)


def _close(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.django_db
@pytest.mark.parametrize("end", [_expire, _use, links.revoke, _renew, _close])
@pytest.mark.parametrize("is_invited", [True, False])
def test_dead_link_says_nothing_and_does_nothing(client: Client, end: Callable[[User], Any], is_invited: bool) -> None:
    user = make_user(SECRET, first_name=SECRET, email=f"{SECRET}@exemple.fr")
    if is_invited:
        user.set_unusable_password()
        user.save()
    address = f"/admin/acces/{links.issue(user)}/"
    assert client.get(address).status_code == 200
    new = PASSWORD[::-1]

    end(user)
    sent = {
        "first_name": "Autre",
        "last_name": "Autre",
        "new_password1": PASSWORD[::-1],
        "new_password2": PASSWORD[::-1],
    }
    pages = [client.get(address), client.post(address, sent)]

    user.refresh_from_db()
    assert [page.status_code for page in pages] == [410, 410]
    assert [page for page in pages if SECRET in page.text.lower()] == []
    assert (user.check_password(PASSWORD), user.check_password(new)) == (not is_invited, False)
    assert client.get("/admin/").status_code == 302


# ------------------------------------------------------------------------------------------------- kept forms


@pytest.mark.django_db
def test_what_another_account_typed_is_neither_shown_nor_saved(client: Client) -> None:
    owner, thief = make_user("camille"), make_user("dominique")
    mission = make.make_draft("Un brouillon")
    address = f"/admin/projects/mission/{mission.pk}/change/"
    typed = [("title", f"Titre {SECRET}"), ("summary_done", f"Fait {SECRET} encore")]
    kept = Kept(address, str(owner.pk), EXPIRED, typed, []).text()
    sign_in(client, thief)

    pages = [client.post(address, {"_kept": kept, **more}) for more in ({}, {"_resend": "1"}, {"_resume": "1"})]

    mission.refresh_from_db()
    assert [page.status_code for page in pages] == [409, 409, 409]
    assert [page for page in pages if SECRET in page.text.lower()] == []
    assert mission.title == "Un brouillon"


@pytest.mark.django_db
@pytest.mark.parametrize("forged", ["path", "signature", "salt", "elsewhere"])
def test_forged_text_is_refused(client: Client, forged: str) -> None:
    user = make_user()
    mission = make.make_draft("Un brouillon")
    address = f"/admin/projects/mission/{mission.pk}/change/"
    path = {"path": "/admin/projects/theme/add/", "elsewhere": "https://ailleurs.example/"}.get(forged, address)
    kept = Kept(path, str(user.pk), EXPIRED, [("title", "Pris")], []).text()
    if forged == "signature":
        kept = kept[:-3] + "abc"
    if forged == "salt":
        from django.core import signing

        kept = signing.dumps([address, str(user.pk), EXPIRED, [("title", "Pris")], []], salt="autre")
    sign_in(client, user)

    page = client.post(address, {"_kept": kept, "_resend": "1"})

    mission.refresh_from_db()
    assert (page.status_code, mission.title) == (400, "Un brouillon")
    assert not re.search(r'action="https?://', page.text)


@pytest.mark.django_db
def test_former_address_of_what_is_not_public_leads_nowhere(client: Client, private_files: Path) -> None:
    make_world()

    assert [client.get(f"/missions/{FORMER}/{end}").status_code for end in ("", "image/")] == [404, 404]
