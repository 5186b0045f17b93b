"""Whatever is deleted in the admin comes back whole from the bin, and leaves nothing behind when it goes for good."""

import json
import re
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from reversion.models import Revision, Version

from people.models import Collectivity, Consent, Person, Promotion
from projects import roles, search, workflow, working_copies
from projects.changes import record
from projects.history import bin as kept
from projects.history import recording
from projects.models import (
    BinItem,
    Domain,
    Edition,
    FormerAddress,
    Method,
    Mission,
    Resource,
    SearchSynonym,
    SynonymGroup,
    Theme,
)
from projects.models.mission import State
from tests import factories
from tests.conftest import ReadOnlyGetClient
from tests.mission_form import member, messages_of
from tests.projects.history.missions import full_mission, now, revisions

pytestmark = pytest.mark.django_db


def _page(thing: Any, name: str) -> str:
    opts = thing._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=[] if name == "changelist" else [thing.pk])


def _delete(client: Client, thing: Any) -> Any:
    return client.post(_page(thing, "delete"), {"post": "yes"}, follow=True)


def _put_back(client: Client, item: BinItem) -> Any:
    return client.post(reverse("admin:projects_binitem_restore", args=[item.pk]), follow=True)


def _draft(**values: Any) -> Mission:
    mission = full_mission(state=State.DRAFT, **values)
    record([mission])
    return mission


def test_deleted_mission_comes_back_row_by_row(admin_client: Client) -> None:
    mission = _draft()
    before = now(mission)
    _delete(admin_client, mission)
    gone = not Mission.objects.filter(pk=mission.pk).exists()

    _put_back(admin_client, BinItem.objects.get())

    assert gone
    assert now(mission) == before
    assert not BinItem.objects.exists()


def test_message_of_a_deletion_leads_back(admin_client: Client) -> None:
    mission = _draft(number=7)

    answer = _delete(admin_client, mission)

    item = BinItem.objects.get()
    assert messages_of(answer)[-1] == "«\u00a007 L’été des œuvres\u00a0» est dans la corbeille. Annuler · Corbeille"
    assert reverse("admin:projects_binitem_change", args=[item.pk]) in answer.text
    assert (item.who, item.was_public) == ("admin", False)


def test_page_that_asks_counts_in_french(admin_client: Client) -> None:
    mission = _draft()

    page = admin_client.get(_page(mission, "delete"))

    assert "Ce qui est supprimé va à la corbeille" in page.text
    assert dict(page.context["model_count"]) == {
        "missions": 1,
        "collectivités de la mission": 1,
        "rubriques": 3,
        "chiffres clés": 2,
        "témoignages": 1,
        "intervenants": 1,
        "références": 1,
        "livrables": 1,
        "auteurs": 1,
        "tutorats": 1,
        "suites": 1,
        "usages de méthodes": 1,
        "extraits": 1,
    }


def test_several_at_once_are_several_items(admin_client: Client) -> None:
    missions = [_draft(), _draft(title="Autre"), _draft(title="Troisième")]
    asked = {"action": "delete_selected", "_selected_action": [missions[0].pk, missions[1].pk], "post": "yes"}

    answer = admin_client.post(reverse("admin:projects_mission_changelist"), asked, follow=True)

    assert sorted(BinItem.objects.values_list("thing", flat=True)) == [missions[0].pk, missions[1].pk]
    assert messages_of(answer)[-1] == "2\u00a0éléments sont dans la corbeille. Corbeille"
    assert list(Mission.objects.all()) == [missions[2]]


def test_published_mission_comes_back_as_a_draft(admin_client: Client) -> None:
    mission = full_mission(number=7)
    record([mission])
    _delete(admin_client, mission)

    answer = _put_back(admin_client, BinItem.objects.get())

    assert not Mission.objects.published().exists()
    assert messages_of(answer) == [
        "Rétabli\u00a0: 07 L’été des œuvres.",
        "«\u00a007 L’été des œuvres\u00a0»\u00a0: elle est en brouillon.",
    ]
    mission.refresh_from_db()
    assert mission.state == State.DRAFT
    assert revisions(mission)[-1].comment == kept.BACK
    assert list(search.with_words(Mission.objects.all(), "douze entretiens")) == [mission]


def test_number_and_address_taken_meanwhile_are_left_to_the_other(admin_client: Client) -> None:
    mission = _draft(number=4)
    _delete(admin_client, mission)
    other = factories.make_mission("Autre", number=4)
    FormerAddress.objects.create(mission=other, slug=mission.slug)

    answer = _put_back(admin_client, BinItem.objects.get())

    old = mission.slug
    mission.refresh_from_db()
    assert (mission.number, mission.slug) == (None, f"{old}-2")
    assert messages_of(answer)[-1] == (
        f"«\u00a004 L’été des œuvres\u00a0»\u00a0: son numéro 04 était pris\u00a0: elle n’en a plus et son adresse "
        f"était prise\u00a0: elle est maintenant «\u00a0{old}-2\u00a0»."
    )


def test_mission_comes_back_without_what_is_gone_since(admin_client: Client) -> None:
    mission = _draft()
    person = mission.tutorships.get().person
    _delete(admin_client, mission)
    person.delete()

    answer = _put_back(admin_client, BinItem.objects.get())

    assert messages_of(answer)[-1].endswith("1\u00a0ligne menait à ce qui n’existe plus.")
    assert (mission.tutorships.count(), mission.sections.count()) == (0, 3)


def test_working_copy_and_journal_come_back_with_the_mission(admin_user: User) -> None:
    mission = _draft()
    workflow.publish(mission, admin_user)
    copy, _ = working_copies.open_copy(mission, admin_user)
    changes = list(mission.state_changes.values_list("pk", "note"))
    (item,) = kept.throw([mission], admin_user)
    Mission.objects.filter(pk=mission.pk).delete()

    kept.restore(item, admin_user)

    mission = Mission.objects.get(pk=mission.pk)
    assert mission.working_copy.pk == copy.pk
    assert list(mission.state_changes.values_list("pk", "note")) == changes


def _things() -> list[Any]:
    """One of each, with what points at it."""
    mission = _draft()
    promotion = factories.make_promotion()
    person = factories.make_person("Ada", "Seule", promotion=promotion, email="ada@exemple.test")
    Consent.objects.create(person=person, given_on="2020-01-01", proof="Lettre du 3 mars")
    place = factories.make_collectivity("Seule-Ville")
    method = factories.make_method("Seule méthode", synonyms=["unique"])
    resource = Resource.objects.get()
    resource.collectivities.add(place)
    resource.methods.add(method)
    edition = factories.make_edition(2031)
    theme = factories.make_theme("Seul thème", 9)
    return [person, place, promotion, edition, theme, mission.domains.get(), method, resource]


_MODELS = [Person, Collectivity, Promotion, Edition, Theme, Domain, Method, Resource]


@pytest.mark.parametrize("rank", range(len(_MODELS)), ids=[model.__name__ for model in _MODELS])
def test_other_things_come_back_with_their_links(rank: int, admin_client: Client) -> None:
    thing = _things()[rank]
    model = type(thing)
    links = _links(thing)
    fields = model.objects.filter(pk=thing.pk).values().get()  # type: ignore[attr-defined]
    _delete(admin_client, thing)
    assert not model.objects.filter(pk=thing.pk).exists()  # type: ignore[attr-defined]

    _put_back(admin_client, BinItem.objects.get())

    expected = fields | {"email": ""} if model is Person else fields
    assert model.objects.filter(pk=thing.pk).values().get() == expected  # type: ignore[attr-defined]
    assert _links(model.objects.get(pk=thing.pk)) == links  # type: ignore[attr-defined]


def _links(thing: Any) -> dict[str, list[int]]:
    """What points at the thing, and what it points at through lists."""
    found = {}
    for relation in thing._meta.get_fields():
        if relation.one_to_many or relation.many_to_many:
            name = relation.get_accessor_name() if relation.auto_created else relation.name
            found[name] = sorted(row.pk for row in getattr(thing, name).all())
    return found


def test_private_address_is_not_kept_in_the_bin(admin_client: Client) -> None:
    person = factories.make_person("Ada", "Seule", email="ada@exemple.test")

    _delete(admin_client, person)

    assert "exemple.test" not in json.dumps(BinItem.objects.get().rows)


def test_mission_says_in_its_history_that_a_domain_went_and_came(admin_client: Client) -> None:
    mission = _draft()
    domain = mission.domains.get()

    _delete(admin_client, domain)
    _put_back(admin_client, BinItem.objects.get())

    assert [revision.comment for revision in revisions(mission)] == [
        "",
        "Suppression\u00a0: Relation aux usagers",
        "De la corbeille\u00a0: Relation aux usagers",
    ]
    assert list(mission.domains.all()) == [domain]


def test_group_of_synonyms_comes_back_with_its_terms(admin_client: Client) -> None:
    for text in ("ludothèque", "jeux"):
        SearchSynonym.objects.create(group="jeux", text=text)
    group = SynonymGroup.objects.get()
    _delete(admin_client, group)
    assert not SearchSynonym.objects.exists()

    _put_back(admin_client, BinItem.objects.get())

    assert SynonymGroup.objects.get().terms == group.terms or sorted(SynonymGroup.objects.get().terms) == [
        "jeux",
        "ludothèque",
    ]


def test_name_taken_meanwhile_is_asked_about(admin_client: Client) -> None:
    method = factories.make_method("Atelier")
    _delete(admin_client, method)
    Method.objects.create(name="Atelier", slug="autre", family="diagnostic", definition="Autre.")

    answer = _put_back(admin_client, BinItem.objects.get())

    assert messages_of(answer)[-1].startswith(
        "«\u00a0Atelier\u00a0» reste dans la corbeille. Sa place est prise\u00a0: "
    )
    assert BinItem.objects.count() == 1


def test_what_two_people_restore_at_once_comes_back_once(admin_user: User) -> None:
    method = factories.make_method("Atelier")
    [item] = kept.throw([method])
    method.delete()
    kept.restore(item, admin_user)
    item.pk = 1  # as the second person read it

    with pytest.raises(kept.Gone):
        kept.restore(item, admin_user)

    assert Method.objects.filter(name="Atelier").count() == 1


# ------------------------------------------------------------------------------------------------- who sees it


def test_bin_is_for_who_may_delete_the_thing(admin_client: Client) -> None:
    mission = _draft()
    _delete(admin_client, mission)
    url = reverse("admin:projects_binitem_changelist")
    user = User.objects.create_user("bin", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_binitem", "delete_theme"]))
    client = ReadOnlyGetClient()
    client.force_login(user)

    seen = {group: member(group).get(url) for group in (roles.REDACTEUR, roles.EDITEUR)}

    assert seen[roles.REDACTEUR].status_code == 403
    assert "L’été des œuvres" in seen[roles.EDITEUR].text
    assert "L’été des œuvres" not in client.get(url).text
    assert _put_back(client, BinItem.objects.get()).status_code in {302, 404, 200}
    assert BinItem.objects.exists()


def test_list_costs_the_same_for_1_and_3(admin_client: Client) -> None:
    url = reverse("admin:projects_binitem_changelist")
    counts = []
    for title in ("a", "b", "c"):
        kept.throw([factories.make_mission(title)])
        admin_client.get(url)
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(url)
        counts.append(len(queries))

    assert counts == [counts[0]] * 3


def test_only_administrators_delete_for_good(admin_client: Client) -> None:
    _delete(admin_client, _draft())
    item = BinItem.objects.get()
    url = reverse("admin:projects_binitem_delete", args=[item.pk])

    statuses = {group: member(group).get(url).status_code for group in (roles.EDITEUR, roles.ADMINISTRATEUR)}

    assert statuses == {roles.EDITEUR: 403, roles.ADMINISTRATEUR: 200}


def test_restoring_asks_for_a_post(admin_client: Client) -> None:
    _delete(admin_client, _draft())

    url = reverse("admin:projects_binitem_restore", args=[BinItem.objects.get().pk])

    assert admin_client.get(url).status_code == 405


def test_hostile_name_is_shown_as_text(admin_client: Client) -> None:
    hostile = "<script>alert(1)</script>\u202eenvers"
    _delete(admin_client, _draft(title=hostile))
    item = BinItem.objects.get()

    pages = [
        admin_client.get(reverse("admin:projects_binitem_changelist")).text,
        admin_client.get(reverse("admin:projects_binitem_change", args=[item.pk])).text,
        admin_client.get(reverse("admin:projects_binitem_delete", args=[item.pk])).text,
    ]

    assert not any("<script>alert" in page for page in pages)


@pytest.mark.django_db
def test_group_made_before_the_bin_has_its_rights() -> None:
    names = {group.name: set(group.permissions.values_list("codename", flat=True)) for group in Group.objects.all()}

    assert {name for name, codes in names.items() if "view_binitem" in codes} == {roles.EDITEUR, roles.ADMINISTRATEUR}
    assert {name for name, codes in names.items() if "delete_binitem" in codes} == {roles.ADMINISTRATEUR}


# ------------------------------------------------------------------------------------------------- for good


def _purge(client: Client, item: BinItem) -> None:
    client.post(reverse("admin:projects_binitem_delete", args=[item.pk]), {"post": "yes"})


def test_purged_mission_leaves_nothing(
    admin_client: Client, private_files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    mission = _draft()
    mission.cover.save("photo.jpg", ContentFile(b"image"))
    shared = _draft(title="Autre", cover=mission.cover.name)
    mission.cover_public.save("publique.jpg", ContentFile(b"image"))
    files = [Path(mission.cover.path), Path(mission.cover_public.path)]
    _delete(admin_client, mission)
    before = [file.exists() for file in files]

    with django_capture_on_commit_callbacks(execute=True):
        _purge(admin_client, BinItem.objects.get())

    assert before == [True, True]
    assert [file.exists() for file in files] == [True, False]  # the other mission shows the first
    assert (BinItem.objects.exists(), revisions(mission)) == (False, [])
    assert len(revisions(shared)) == 1


def test_purged_resource_leaves_the_history_of_its_missions(admin_client: Client) -> None:
    mission = _draft()
    _delete(admin_client, Resource.objects.get())
    count = len(revisions(mission))

    _purge(admin_client, BinItem.objects.get())

    assert len(revisions(mission)) == count == 2


def test_purged_person_is_nowhere_any_more(admin_client: Client) -> None:
    mission, binned = _draft(), full_mission("Autre", state=State.DRAFT)
    person = mission.authorships.get().person
    binned.authorships.update(person=person)
    binned.testimonials.get().speakers.update(person=person)
    factories.add_tutor(mission, person, position=2, job_title="Cheffe de projet")
    Consent.objects.create(person=person, given_on="2020-01-01", proof="Lettre du 3 mars")
    recording.keep([person])
    record([mission, binned])
    LogEntry.objects.log_actions(User.objects.get().pk, [person], 2, change_message="x", single_object=True)
    LogEntry.objects.create(
        user=User.objects.get(), action_flag=2, change_message=json.dumps([{"added": {"object": "Zoé Œuvrard"}}])
    )
    for one in (mission, binned):
        one.authorships.all().delete()
        one.testimonials.all().delete()
    mission.tutorships.filter(person=person).delete()
    record([mission])
    _delete(admin_client, binned)
    _delete(admin_client, person)

    _purge(admin_client, BinItem.objects.get(kind="people.person"))

    told = [*Version.objects.values_list("serialized_data", flat=True)]
    told += [json.dumps(item.rows, ensure_ascii=False) + item.name for item in BinItem.objects.all()]
    told += [f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all()]
    assert not [text for text in told if re.search(r"Œuvrard|\\u0152uvrard|Cheffe de projet|Lettre du 3 mars", text)]
    assert len(revisions(mission)) == 3
    admin_client.get(reverse("admin:index"))  # shows the messages that wait
    page = admin_client.get(reverse("admin:projects_mission_history", args=[mission.pk]))
    assert "Œuvrard" not in page.text


def test_command_purges_what_is_old(admin_client: Client) -> None:
    old, young = _draft(), _draft(title="Autre")
    for mission in (old, young):
        _delete(admin_client, mission)
    BinItem.objects.filter(thing=old.pk).update(deleted_at=timezone.now() - timedelta(days=366))
    out = StringIO()

    call_command("purge_bin", older_than=365, stdout=out)

    assert list(BinItem.objects.values_list("thing", flat=True)) == [young.pk]
    assert out.getvalue() == "1\u00a0élément supprimé définitivement, 0\u00a0historique sans fiche.\n"


def test_command_forgets_the_history_of_what_is_nowhere() -> None:
    mission, gone = _draft(), _draft(title="Autre")
    gone.delete()
    Revision.objects.update(date_created=timezone.now() - timedelta(days=2))

    call_command("purge_bin", older_than=1, stdout=StringIO())

    assert (len(revisions(mission)), len(revisions(gone))) == (1, 0)


def test_command_refuses_a_negative_delay() -> None:
    with pytest.raises(CommandError, match="0 ou plus"):
        call_command("purge_bin", older_than=-1)
