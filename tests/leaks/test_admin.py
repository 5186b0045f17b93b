"""Who may open what in the admin: each address for each kind of person, asked and sent to, and what it shows."""

import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection, transaction
from django.test import Client

from casebook.models import SiteIdentity
from projects import roles
from projects.models import BinItem, Edition, Method, Mission, SynonymGroup, Theme
from projects.models.mission import State
from tests.leaks.addresses import admin_addresses, extra_addresses, patterns
from tests.leaks.world import MASKED, OTTER, World, make_world

pytestmark = pytest.mark.django_db

VISITOR, STAFF, WRITER, EDITOR, ADMINISTRATOR, NOBODY = (
    "visitor",
    "staff",
    "writer",
    "editor",
    "administrator",
    "nobody",
)
_ORDER = [VISITOR, STAFF, WRITER, EDITOR, ADMINISTRATOR, NOBODY]
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
_OF_SESSIONS = ("django_session", "axes_")

# Who at least may use each of our own addresses; those of Django ask for a permission (`least`).
WHO = dict.fromkeys(["login", "login_code", "login_enrol", "access_link", "forgotten", "logout"], VISITOR)
WHO |= dict.fromkeys(["index", "jsi18n", "bare", "password_change", "password_change_done"], STAFF)
WHO |= dict.fromkeys(["account", "account_phone", "account_second_factor", "account_sessions"], STAFF)
WHO |= dict.fromkeys(["projects_everything"], STAFF)  # it finds what this person may see
WHO |= dict.fromkeys(["app_list", "autocomplete", "view_on_site", "projects_doubles"], WRITER)
WHO |= {
    f"projects_importbatch_{name}": WRITER
    for name in [
        "receive",
        "template",
        "batch",
        "resume",
        "accept_sure",
        "next_doubt",
        "create_drafts",
        "fiche",
        "decide",
        "accept_fiche",
        "finish",
        "leave_out",
    ]
}
WHO |= {
    f"projects_mission_{name}": WRITER
    for name in [
        "original",
        "preview_new",
        "preview",
        "presence",
        "to_copy",
        "hints",
        "state",
        "undo",
        "working_copy",
        "duplicate",
        "comparer",
        "retablir",
    ]
}
WHO |= {
    f"projects_tagging_{name}": WRITER for name in ["catalogue", "propose", "next", "mission", "decide", "accept_all"]
}
WHO |= {"projects_statistics": WRITER, "projects_statistics_csv": WRITER}
WHO |= {"projects_importbatch_publish": EDITOR, "projects_importbatch_undo": EDITOR, "projects_edition_release": EDITOR}
WHO |= {"projects_mission_abandon": EDITOR}  # of a copy that somebody else made
WHO |= {"projects_binitem_restore": EDITOR, "projects_binitem_history": NOBODY}
WHO |= dict.fromkeys(["audit", "audit_csv"], ADMINISTRATOR)
WHO |= dict.fromkeys(["person_lien", "person_second-facteur", "person_sessions"], ADMINISTRATOR)

_ACTIONS = {"changelist": "view", "history": "view", "comparer": "view", "change": "view"}


def least(name: str) -> str:
    """Who at least may use the address of this name. KeyError: say it in `WHO`."""
    if name in WHO:
        return WHO[name]
    model, _, action = name.split("_", 1)[1].rpartition("_")
    code = f"{_ACTIONS.get(action) or {'add': 'add', 'delete': 'delete'}[action]}_{model}"
    allowed = roles.permissions_of()
    groups = {WRITER: roles.REDACTEUR, EDITOR: roles.EDITEUR, ADMINISTRATOR: roles.ADMINISTRATEUR}
    return next((who for who, group in groups.items() if code in allowed[group]), NOBODY)


@pytest.fixture
def world(private_files: Any) -> Iterator[World]:
    logging.disable()  # a thousand refusals
    yield make_world()
    logging.disable(logging.NOTSET)


def member(group: str = "", *permissions: str) -> Client:
    user = User.objects.create_user(f"membre-{group or 'sans'}", is_staff=True, first_name="Membre")
    if group:
        user.groups.add(Group.objects.get(name=group))
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def sent(world: World) -> dict[str, Any]:
    """What does harm wherever it is taken."""
    return {
        "action": "delete_selected",
        "_selected_action": [world.hidden[0].pk, world.copy.pk],
        "index": "0",
        "post": "yes",
        "_publish": "1",
        "note": "Par effraction",
        "version": "1",
        "title": "Pris",
        "name": "Pris",
    }


def is_open(response: Any) -> bool:
    if response.status_code in {403, 404, 405, 410, 429}:
        return False
    if response.status_code in {301, 302}:
        return not response["Location"].startswith("/admin/login/")
    return "X-Kept" not in response  # the door, which carries what was sent


def _note_writing(written: list[str], execute: Any, sql: str, *rest: Any) -> Any:
    if sql.startswith(_WRITES) and not any(word in sql for word in _OF_SESSIONS):
        written.append(sql)
    return execute(sql, *rest)


Look = Callable[[Any, str, list[str]], list[str]]


def answers(
    client: Client, world: World, names: set[str], look: Look | None = None, methods: tuple[str, ...] = ("get", "post")
) -> Iterator[tuple[str, str, str, Any, list[str], list[str]]]:
    """(name, method, address, answer, what it shows, what it wrote) of every address of these names.

    Nothing that was written stays.
    """
    look = look or (lambda response, address, written: world.seen_in(response, address))
    session = client.cookies.copy()
    for name, address in [*admin_addresses(world), *extra_addresses(world)]:
        if name not in names:
            continue
        client.cookies = session.copy()
        for method in methods:
            written: list[str] = []
            note = partial(_note_writing, written)
            with transaction.atomic(), connection.execute_wrapper(note):
                response = getattr(client, method)(address, sent(world) if method == "post" else None)
                shown = look(response, address, written)
                transaction.set_rollback(True)
            yield name, method, address, response, shown, written


def privileged() -> dict[str, Any]:
    """What a writer may change in no way."""
    models: list[Any] = [User, Group, SiteIdentity, Edition, Theme, Method, BinItem, SynonymGroup]
    found: dict[str, Any] = {model.__name__: list(model.objects.order_by("pk").values()) for model in models}
    public = Mission.objects.published().order_by("pk").values_list("pk", "title", "slug", "published_at")
    archived = Mission.objects.filter(state=State.ARCHIVED).order_by("pk").values_list("pk", "title")
    return found | {"public": list(public), "archived": list(archived)}


def closed_to(who: str) -> set[str]:
    names = {name or "bare" for name, route in patterns() if route.startswith("admin/") and "(?P<url>" not in route}
    return {name for name in names if _ORDER.index(least(name)) > _ORDER.index(who)}


@pytest.mark.parametrize(
    ("who", "group"), [(VISITOR, None), (STAFF, ""), (WRITER, roles.REDACTEUR), (EDITOR, roles.EDITEUR)]
)
def test_closed_address_opens_in_no_way(world: World, who: str, group: str | None) -> None:
    client = Client() if group is None else member(group)
    closed = closed_to(who)

    faults = [
        (name, method, address, response.status_code, shown, written)
        for name, method, address, response, shown, written in answers(client, world, closed)
        if is_open(response) or shown or written
    ]

    assert len(closed) >= {VISITOR: 130, STAFF: 120, WRITER: 40, EDITOR: 20}[who]
    assert faults == []


def test_page_open_to_the_staff_shows_and_writes_nothing_of_the_catalogue(world: World) -> None:
    faults = [
        (name, method, address, shown, written)
        for name, method, address, _, shown, written in answers(member(), world, set(WHO) - closed_to(STAFF))
        if shown or (written and (name, method) != ("logout", "post"))
    ]

    assert faults == []


def test_writer_neither_sees_accounts_nor_does_what_editors_do(world: World) -> None:
    client = member(roles.REDACTEUR)
    before = privileged()
    faults = []

    def look(response: Any, address: str, written: list[str]) -> list[str]:
        is_changed = bool(written) and privileged() != before
        return [*world.seen_in(response, address, (OTTER, "md5$")), *(["changed"] if is_changed else [])]

    for name, method, address, _, shown, written in answers(client, world, {*WHO}, look):
        if [fault for fault in shown if fault != "image"] or (method == "get" and written):
            faults.append((name, method, address, shown))
    for action in ("publish", "withdraw", "archive", "delete_selected"):
        ticked = {"action": action, "_selected_action": [world.hidden[1].pk, world.published.pk], "post": "yes"}
        client.post("/admin/projects/mission/", ticked)
        faults += [("list", action)] if privileged() != before else []

    assert faults == []


def test_who_may_not_see_people_reads_their_names_nowhere(world: World) -> None:
    """Nobody has these rights by a group; a person may have them one by one."""
    client = member("", "view_mission", "view_edition", "view_importbatch")
    names = {"index", "projects_everything", "projects_doubles", "autocomplete", "app_list"}
    names |= {f"projects_mission_{name}" for name in ("changelist", "change", "history", "comparer", "original")}

    faults = [
        (name, address)
        for name, _, address, _, shown, _ in answers(
            client, world, names, lambda response, address, _: world.seen_in(response, address, (MASKED, OTTER))
        )
        if {MASKED, OTTER} & set(shown)
    ]

    assert faults == []


def test_post_of_another_site_changes_nothing(world: World, admin_user: User) -> None:
    """With every right, and a session: without the token of the form nothing is taken, wherever it is sent."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    names = {name or "bare" for name, _ in patterns()}

    faults = [
        (address, response.status_code, written[:1])
        for name, _, address, response, _, written in answers(client, world, names, methods=("post",))
        if written or (response.status_code == 302 and name != "bare")
    ]

    assert faults == []


@pytest.mark.parametrize(
    "address",
    [
        "/admin/projects/mission/annuler/1/{}/",
        "/admin/projects/mission/{}/change/",
        "/admin/projects/mission/{}/history/comparer/",
        "/admin/projects/mission/existe-deja/?nature=mission&q=quelque&sauf={}",
        "/admin/projects/binitem/{}/retablir/",
        "/admin/projects/importbatch/{}/",
        "/admin/r/{}/1/",
    ],
)
@pytest.mark.parametrize("digits", [30, 4000])
def test_number_too_large_is_no_fault_of_the_server(admin_client: Client, address: str, digits: int) -> None:
    asked = address.format("9" * digits)

    assert max(admin_client.get(asked).status_code, admin_client.post(asked).status_code) < 500


def test_copy_asks_for_the_right_to_see(world: World) -> None:
    client = member("", "add_mission")

    response = client.post(f"/admin/projects/mission/{world.hidden[0].pk}/copier/")

    assert (response.status_code, Mission.objects.filter(state=State.DRAFT, number=None).count()) == (403, 0)
