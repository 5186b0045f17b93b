"""The pages of methods: families, moments, one method, its card; fixed queries, real counts, nothing unpublished."""

import json
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from casebook.text import slug
from people.models import Collectivity
from projects.methods import PURPOSES, method_card, method_index, purposes, shares
from projects.models import KeyFigure, Method, MethodUse, Resource
from projects.models.mission import State
from projects.reference import FOLDER
from projects.selection import Selection
from tests import factories as make
from tests.pages import page_faults

pytestmark = pytest.mark.django_db

# Address → number of queries, the same for 1 and 3 items.
LISTS = {
    "/methodes/": 3,
    "/methodes/familles/diagnostic/": 14,
    "/methodes/moments/ideation/": 11,
    "/methodes/methode-1/": 21,
    "/methodes/methode-1/carte/": 12,
}


@pytest.fixture
def catalogue() -> Callable[[int], None]:
    """`items` published missions with as many methods each, authors, figures and collectivities."""

    def build(items: int) -> None:
        methods = [make.make_method(f"Méthode {n}", synonyms=["syn"], steps=["Un"]) for n in range(1, items + 1)]
        methods[0].related.add(*methods[1:])
        for i in range(1, items + 1):
            mission = make.make_mission(
                f"Mission {i}",
                number=i,
                theme=make.make_theme(f"Thème {i}", i),
                collectivities=[make.make_collectivity(f"Ville {n}") for n in range(items)],
                methods=methods,
                domains=[make.make_domain(f"Domaine {i}")],
            )
            for n in range(1, items + 1):
                make.add_author(mission, make.make_person("Élève", f"N{i}{n}"), n)
                figure = KeyFigure.objects.create(mission=mission, position=n, value="7", label="participants")
                MethodUse.objects.get(mission=mission, position=n).key_figures.add(figure)
            Resource.objects.create(kind="article", title=f"R{i}", slug=f"r{i}").methods.add(*methods)
        MethodUse.objects.update(moment="ideation")

    return build


@pytest.mark.parametrize("items", [1, 3])
@pytest.mark.parametrize(("address", "queries"), LISTS.items())
def test_page_costs_the_same_for_one_and_three(
    client: Client,
    catalogue: Callable[[int], None],
    django_assert_num_queries: DjangoAssertNumQueries,
    address: str,
    queries: int,
    items: int,
) -> None:
    catalogue(items)

    with django_assert_num_queries(queries):
        response = client.get(address)

    assert response.status_code == 200
    assert page_faults(response.text) == []


@pytest.mark.parametrize("address", ["/methodes/", "/methodes/comparer/", "/methodes/moments/restitution/"])
def test_page_of_an_empty_catalogue_is_a_page(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 200
    assert page_faults(response.text) == []


@pytest.mark.parametrize("address", ["familles/inconnue", "moments/inconnu", "inconnue", "inconnue/carte"])
def test_page_of_nothing_is_a_404(client: Client, address: str) -> None:
    make.make_mission(methods=[make.make_method()])

    assert client.get(f"/methodes/{address}/").status_code == 404


@pytest.mark.parametrize("name", ["Comparer", "Familles", "Moments"])
def test_method_cannot_take_the_address_of_another_page(name: str) -> None:
    method = Method(name=name, slug=slug(name), family="cadrage", definition="Une méthode.")

    with pytest.raises(ValidationError, match="Une page du site a déjà cette adresse"):
        method.full_clean()


def test_methods_are_under_their_families_in_french_order() -> None:
    for name, family in [("Zoom", "cadrage"), ("Étude", "cadrage"), ("Essai", "cadrage"), ("Visite", "immersion")]:
        make.make_method(name, family=family)
    make.make_method("Jamais vue", family="cadrage")
    proposed = make.make_method("Seulement proposée", family="cadrage")
    drafted = make.make_method("En brouillon", family="cadrage")
    used = Method.objects.filter(name__in=["Zoom", "Étude", "Essai", "Visite"])
    mission = make.make_mission(methods=list(used))
    MethodUse.objects.filter(method__name="Zoom").update(moment="ideation")
    MethodUse.objects.create(mission=mission, method=proposed, position=9, state="proposee", moment="diagnostic")
    make.make_mission(methods=[drafted], state=State.DRAFT)

    index = method_index()

    assert [(family.name, [(m.name, m.mission_count) for m in family.methods]) for family in index.families] == [
        ("Cadrage", [("Essai", 1), ("Étude", 1), ("Zoom", 1)]),
        ("Immersion", [("Visite", 1)]),
    ]
    assert [family.url for family in index.families] == ["/methodes/familles/cadrage/", "/methodes/familles/immersion/"]
    assert [(moment.name, moment.mission_count) for moment in index.moments] == [("Idéation", 1)]
    assert [method.name for method in index.unused] == ["En brouillon", "Jamais vue", "Seulement proposée"]


def test_every_family_and_moment_of_the_reference_is_explained() -> None:
    methods = json.loads((FOLDER / "methods.json").read_text(encoding="utf-8"))

    assert set(purposes()["families"]) == {slug(method["family"]) for method in methods}
    assert set(purposes()["moments"]) == set(MethodUse.Moment.values)
    assert PURPOSES.parent == FOLDER


def test_family_shows_its_methods_and_its_missions(client: Client) -> None:
    visit, survey = make.make_method("Visite", family="Immersion"), make.make_method("Enquête", family="immersion")
    make.make_method("Jamais vue", family="immersion")
    other = make.make_method("Jeu", family="animation")
    second = make.make_mission("Deux", number=2, methods=[visit])
    first = make.make_mission("Un", number=1, methods=[visit, survey, other])
    make.make_mission("Brouillon", number=3, methods=[visit], state=State.DRAFT)
    make.make_mission("Ailleurs", number=4, methods=[other])

    context = client.get("/methodes/familles/immersion/").context

    group_page = context["group_page"]
    assert [(m.name, m.mission_count) for m in group_page.methods] == [("Visite", 2), ("Enquête", 1)]
    assert [m.name for m in group_page.unused] == ["Jamais vue"]
    assert [(item.mission, [use.method.name for use in item.uses]) for item in context["missions"]] == [
        (first, ["Visite", "Enquête"]),
        (second, ["Visite"]),
    ]


def test_moment_shows_only_what_was_done_then(client: Client) -> None:
    interviews, survey = make.make_method("Entretiens"), make.make_method("Sondage")
    mission = make.make_mission("Un", number=1, methods=[interviews, survey])
    make.make_mission("Deux", number=2, methods=[interviews])
    MethodUse.objects.filter(mission=mission, method=interviews).update(moment="ideation")

    context = client.get("/methodes/moments/ideation/").context

    assert [(m.name, m.mission_count) for m in context["group_page"].methods] == [("Entretiens", 1)]
    assert [(i.mission, [u.method for u in i.uses]) for i in context["missions"]] == [(mission, [interviews])]
    assert [other.name for other in context["group_page"].others] == [
        "Diagnostic",
        "Idéation",
        "Préfiguration",
        "Restitution",
    ]


def test_missions_of_a_family_are_by_pages_of_ten(client: Client) -> None:
    method = make.make_method(family="immersion")
    missions = [make.make_mission(f"Mission {i}", number=i, methods=[method]) for i in range(1, 13)]

    pages = [client.get("/methodes/familles/immersion/", {"page": page}).context for page in (1, 2)]

    assert [item.mission for page in pages for item in page["missions"]] == missions
    assert [len(page["missions"]) for page in pages] == [10, 2]


def test_method_tells_who_used_it_from_who_advises_it(client: Client) -> None:
    interviews, survey = make.make_method("Entretiens"), make.make_method("Sondage")
    mission = make.make_mission("Accueil", number=4, methods=[interviews, survey])
    make.make_mission("Autre", number=5, methods=[interviews])
    make.make_mission("Conseil", number=3, methods=[interviews])
    make.make_mission("Brouillon", number=6, methods=[interviews, survey], state=State.DRAFT)
    figure = KeyFigure.objects.create(mission=mission, position=1, value="22", label="participants")
    MethodUse.objects.filter(mission=mission).update(moment="diagnostic", outcome="Un guichet unique")
    MethodUse.objects.get(mission=mission, method=interviews).key_figures.add(figure)
    MethodUse.objects.filter(mission__title="Conseil").update(role="preconisee")

    response = client.get(interviews.get_absolute_url())

    assert "Comment 2\u00a0missions s’en sont servies" in response.text
    assert "Recommandée par une mission" in response.text
    assert [use.mission.title for use in response.context["used"]] == ["Accueil", "Autre"]
    assert [use.mission.title for use in response.context["advised"]] == ["Conseil"]
    use = response.context["used"][0]
    assert use.extracts[0].html == "L’équipe a mené douze <mark>entretiens</mark> avec les agents."
    assert use.extracts[0].url == f"{mission.get_absolute_url()}#rubrique-3"
    assert use.extracts[0].section_label == "Des clés pour agir, lire dans la fiche 04"
    assert (use.figures, use.outcome) == ([figure], "Un guichet unique")
    assert response.context["moments"] == [(MethodUse.Moment.DIAGNOSIS, 1)]
    assert [(other.name, other.mission_count) for other, _ in response.context["beside"]] == [("Sondage", 1)]
    assert "/methodes/comparer/?m=entretiens&amp;m=sondage" in response.text


def test_method_without_a_published_use_says_so(client: Client) -> None:
    method = make.make_method("LUPI")
    mission = make.make_mission()
    MethodUse.objects.create(mission=mission, method=method, state="proposee")

    text = client.get(method.get_absolute_url()).text

    assert "Aucune mission publiée ne s’en est encore servie" in text
    assert mission.title not in text


def test_shares_are_the_counts_of_the_lists_they_link_to() -> None:
    method = make.make_method()
    metropolis = make.make_collectivity("Métropole", kind="epci", epci_type=Collectivity.EpciType.METROPOLE)
    water, housing = make.make_domain("Eau"), make.make_domain("Habitat")
    make.make_mission("Un", methods=[method], domains=[water, housing], collectivities=[metropolis])
    make.make_mission("Deux", methods=[method], domains=[water])
    make.make_mission("Sans elle", domains=[housing])
    make.make_mission("Brouillon", methods=[method], domains=[housing], state=State.DRAFT)

    found = shares(method)

    assert [(share.label, share.count) for share in found["domaine"]] == [("Eau", 2), ("Habitat", 1)]
    assert [(share.label, share.count, share.url) for share in found["type"]] == [
        ("Commune", 1, "/missions/?methode=entretiens&type=commune"),
        ("Métropole", 1, "/missions/?methode=entretiens&type=metropole"),
    ]
    assert [Selection({"methode": ["entretiens"], "type": ["metropole"]}).count] == [1]
    assert shares(make.make_method("Jamais vue")) == {"theme": [], "domaine": [], "type": []}


def test_card_takes_the_extracts_that_its_own_text_leaves_room_for() -> None:
    short = make.make_method("Entretiens")
    long = make.make_method("Long", definition="Mot " * 500, limits="Mot " * 200)
    for number in range(1, 11):
        make.make_mission(f"Mission {number}", number=number, methods=[short, long])
    counted = Method.objects.with_mission_count()

    cards = [method_card(counted.get(pk=method.pk), "https://exemple.fr") for method in (short, long)]

    assert [(len(card.extracts), len(card.missions), card.more, card.is_dense) for card in cards] == [
        (4, 8, 2, False),
        (0, 8, 2, True),
    ]
    assert [item.mission.number for item in cards[0].extracts] == [1, 2, 3, 4]
