"""Groups of synonyms are edited whole, and the public search follows at once."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects import roles
from projects.models import SearchSynonym, SynonymGroup
from projects.search import rebuild
from projects.search.engine import search
from tests.conftest import ReadOnlyGetClient
from tests.factories import make_method, make_mission

pytestmark = pytest.mark.django_db

LIST = reverse("admin:projects_synonymgroup_changelist")
ADD = reverse("admin:projects_synonymgroup_add")


def make_group(name: str, *terms: str) -> SynonymGroup:
    SearchSynonym.objects.bulk_create(SearchSynonym(group=name, text=term) for term in terms)
    return SynonymGroup.objects.get(group=name)


def change_url(group: SynonymGroup) -> str:
    return reverse("admin:projects_synonymgroup_change", args=[group.pk])


def groups() -> dict[str, list[str]]:
    return {group.group: group.terms for group in SynonymGroup.objects.all()}


def titles(query: str) -> list[str]:
    from projects.models import Mission

    return [Mission.objects.get(pk=pk).title for pk in search(query, literal=True).ids]


def post(client: Client, url: str, terms: str, group: str = "") -> list[str]:
    """Save the form: what the next page says."""
    answer = client.post(url, {"terms": terms, "group": group})
    assert answer.status_code == 302, answer.context["errors"]
    return [str(message) for message in get_messages(answer.wsgi_request)]


def refusals(client: Client, url: str, terms: str, group: str = "") -> dict[str, Any]:
    answer = client.post(url, {"terms": terms, "group": group})
    assert answer.status_code == 200
    return dict(answer.context["adminform"].form.errors)


@pytest.fixture
def missions() -> None:
    make_mission("Ouvrir une ludothèque", texts={})
    make_mission("Prêter des jeux de société", texts={})
    rebuild()


def test_added_group_is_searched_at_once(admin_client: Client, missions: None) -> None:
    assert titles("ludothèque") == ["Ouvrir une ludothèque"]

    post(admin_client, ADD, "ludothèque\r\n\r\n  Jeux de  société \r\nLudotheque")

    assert groups() == {"ludothèque": ["Jeux de société", "ludothèque"]}
    assert sorted(titles("ludothèque")) == ["Ouvrir une ludothèque", "Prêter des jeux de société"]
    assert sorted(titles("jeux de société")) == ["Ouvrir une ludothèque", "Prêter des jeux de société"]


def test_changed_terms_are_searched_at_once(admin_client: Client, missions: None) -> None:
    post(admin_client, ADD, "ludothèque\njeux de société")

    post(admin_client, change_url(SynonymGroup.objects.get()), "ludothèque\nbibliothèque de jeux", "jeux")

    assert groups() == {"jeux": ["bibliothèque de jeux", "ludothèque"]}
    assert titles("ludothèque") == ["Ouvrir une ludothèque"]
    assert titles("bibliothèque de jeux")[:1] == ["Ouvrir une ludothèque"]


def test_first_term_may_go(admin_client: Client) -> None:
    group = make_group("jeux", "aaa", "bbb", "ccc")

    post(admin_client, change_url(group), "ccc\nddd", "jeux")

    assert groups() == {"jeux": ["ccc", "ddd"]}
    assert SynonymGroup.objects.get().pk == group.pk


def test_deleted_group_is_forgotten_at_once(admin_client: Client, missions: None) -> None:
    post(admin_client, ADD, "ludothèque\njeux de société")
    make_group("autre", "un", "deux")
    group = SynonymGroup.objects.get(group="ludothèque")
    url = reverse("admin:projects_synonymgroup_delete", args=[group.pk])

    asked = admin_client.get(url)
    admin_client.post(url, {"post": "yes"})

    assert "ludothèque\u00a0: jeux de société, ludothèque" in asked.text
    assert groups() == {"autre": ["deux", "un"]}
    assert titles("ludothèque") == ["Ouvrir une ludothèque"]


def test_several_groups_are_deleted_from_the_list(admin_client: Client) -> None:
    chosen = [make_group("un", "a1", "a2"), make_group("deux", "b1", "b2")]
    make_group("trois", "c1", "c2")

    admin_client.post(
        LIST, {"action": "delete_selected", "_selected_action": [group.pk for group in chosen], "post": "yes"}
    )

    assert groups() == {"trois": ["c1", "c2"]}


def test_nothing_is_kept_when_the_index_fails(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    group = make_group("jeux", "aaa", "bbb")

    def broken(texts: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("projects.search.reindex_expressions", broken)
    with pytest.raises(RuntimeError):
        admin_client.post(change_url(group), {"terms": "ccc", "group": "jeux"})

    assert groups() == {"jeux": ["aaa", "bbb"]}


def test_list_shows_terms_and_searches_them_without_accents(admin_client: Client) -> None:
    make_group("jeux", "ludothèque", "jeux de société")
    make_group("eau", "assainissement", "eaux usées")

    page = admin_client.get(LIST, {"q": "LUDOTHEQUE societe"})

    assert [group.group for group in page.context["cl"].result_list] == ["jeux"]
    assert "jeux de société · ludothèque" in page.text


def test_list_costs_the_same_for_1_and_3(admin_client: Client) -> None:
    make_group("un", "a1", "a2")
    admin_client.get(LIST)

    with CaptureQueriesContext(connection) as one:
        admin_client.get(LIST)
    make_group("deux", "b1", "b2")
    make_group("trois", "c1", "c2")
    with CaptureQueriesContext(connection) as three:
        admin_client.get(LIST)

    assert len(one) == len(three)


def test_word_that_people_look_for_is_in_the_form(admin_client: Client) -> None:
    page = admin_client.get(ADD, {"terms": "télé\x00phérique <b>"})

    assert page.context["adminform"].form.initial["terms"] == "télé phérique <b>"
    assert "<b>" not in page.text


def test_term_of_another_group_is_kept_and_said(admin_client: Client) -> None:
    other = make_group("agriculture", "agriculture biologique", "bio")
    method = make_method("Photolangage", synonyms=["Photo-langage"])

    said = post(admin_client, ADD, "biologie\nBio\nphotolangage", "sciences")

    assert groups()["sciences"] == ["Bio", "biologie", "photolangage"]
    its_group = f'<a href="{change_url(other)}">agriculture</a>'
    its_method = f'<a href="{reverse("admin:projects_method_change", args=[method.pk])}">Photolangage</a>'
    both = "\u00a0»\u00a0: le chercher trouvera ce que disent les deux."
    assert [text for text in said if "est aussi" in text] == [
        f"«\u00a0Bio\u00a0» est aussi dans le groupe «\u00a0{its_group}{both}",
        f"«\u00a0photolangage\u00a0» est aussi dans les noms de la méthode «\u00a0{its_method}{both}",
    ]


def test_very_common_word_and_lonely_term_are_said(admin_client: Client) -> None:
    said = post(admin_client, ADD, "SI")

    assert groups() == {"SI": ["SI"]}
    assert any("«\u00a0SI\u00a0» est un mot très courant" in text for text in said)
    assert any("n’a qu’un terme" in text for text in said)


def test_ordinary_group_is_saved_without_a_warning(admin_client: Client) -> None:
    said = post(admin_client, ADD, "système d’information\ninformatique")

    assert len(said) == 1
    assert said[0].startswith("Enregistré\u00a0: ")


@pytest.mark.parametrize(
    ("terms", "group", "field", "said"),
    [
        ("", "jeux", "terms", "Ce champ est obligatoire."),
        ("jeux\n—\n…", "", "terms", "«\u00a0—\u00a0» et «\u00a0…\u00a0» ne contiennent aucun mot"),
        ("\n".join(f"terme {n}" for n in range(61)), "", "terms", "60 termes au plus"),
        ("x" * 161, "", "terms", "au plus 160 caractères"),
        ("jeux", "connu", "group", "existe déjà"),
        ("jeux", "methode:entretiens", "group", "ne commence pas par"),
        ("connu", "", "group", "existe déjà"),
        ("jeux", "x" * 81, "group", "au plus 80 caractères"),
    ],
)
def test_what_cannot_be_kept_is_said_in_french(
    admin_client: Client, terms: str, group: str, field: str, said: str
) -> None:
    make_group("connu", "un", "deux")

    errors = refusals(admin_client, ADD, terms, group)

    assert list(errors) == [field]
    assert said in " ".join(errors[field])
    assert list(groups()) == ["connu"]


def test_writers_read_synonyms_and_editors_change_them() -> None:
    group = make_group("jeux", "ludothèque", "jeux de société")
    statuses = {}
    for name in (roles.REDACTEUR, roles.EDITEUR):
        user = User.objects.create_user(name, is_staff=True)
        user.groups.add(Group.objects.get(name=name))
        client = ReadOnlyGetClient()
        client.force_login(user)
        page = client.get(change_url(group))
        assert "jeux de société" in page.text
        assert "Termes" in page.text
        statuses[name] = (page.status_code, client.get(ADD).status_code, client.post(change_url(group), {}).status_code)

    assert statuses == {roles.REDACTEUR: (200, 403, 403), roles.EDITEUR: (200, 200, 200)}
