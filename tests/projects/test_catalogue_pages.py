"""The pages one browses: fixed queries, French order, real counts, and nothing that is not published."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from people.models import Collectivity, Promotion
from projects.browsing import edition_contents, promotion_roll, territories
from projects.models import Edition, EditionPromotion, EditionTheme, Mission, Resource
from projects.models.mission import State
from tests import factories as make
from tests.forms import form_data
from tests.pages import page_faults

pytestmark = pytest.mark.django_db

# Address → number of queries, the same for 1 and 3 items.
LISTS = {
    "/themes/": 4,
    "/themes/theme-1/": 6,
    "/domaines/": 2,
    "/collectivites/": 4,
    "/collectivites/ville-1/": 7,
    "/recueils/": 4,
    "/recueils/2019/": 6,
    "/promotions/promotion-1/": 6,
    "/ressources/": 5,
}


@pytest.fixture
def catalogue() -> Callable[[int], None]:
    """`items` published things of each kind around theme-1, methode-1, ville-1, recueil 2019 and promotion-1."""

    def build(items: int) -> None:
        edition = make.make_edition()
        region = make.make_region()
        for i in range(1, items + 1):
            place = make.make_collectivity(f"Ville {i}", region=region, population=10_000)
            Collectivity.objects.filter(pk=place.pk).update(slug=f"ville-{i}")
            promotion = make.make_promotion(f"Promotion {i}")
            EditionPromotion.objects.create(edition=edition, promotion=promotion, position=i)
            places = [Collectivity.objects.get(slug="ville-1")] + ([place] if i > 1 else [])
            methods = [make.make_method(f"Méthode {n}", synonyms=["syn"]) for n in range(1, items + 1)]
            mission = make.make_mission(
                f"Mission {i}",
                number=i,
                theme=make.make_theme(f"Thème {1 if i < 3 else i}", i, edition),
                collectivities=places,
                methods=methods,
                domains=[make.make_domain(f"Domaine {i}")],
            )
            make.make_mission(f"Sans édition {i}", theme=mission.theme, collectivities=places)
            first_promotion = Promotion.objects.get(slug="promotion-1")
            for member in {promotion, first_promotion}:
                author = make.make_person("Élève", f"N{i}", promotion=member)
                make.add_author(mission, author, member.pk)
            resource = Resource.objects.create(kind="article", title=f"Article {i}", slug=f"article-{i}")
            resource.missions.add(mission)
            resource.methods.add(*methods)
            resource.collectivities.add(*places)
            methods[0].related.add(*methods[1:])
        Mission.objects.filter(title__startswith="Sans édition").update(edition=None)

    return build


@pytest.mark.parametrize("items", [1, 3])
@pytest.mark.parametrize(("address", "queries"), LISTS.items())
def test_list_costs_the_same_for_one_and_three(
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


@pytest.mark.parametrize("address", [address for address in LISTS if address.count("/") == 2])
def test_list_of_an_empty_catalogue_is_a_page(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 200
    assert page_faults(response.text) == []


def test_thing_without_a_published_mission_is_a_404(client: Client) -> None:
    edition = make.make_edition(2018)
    theme = make.make_theme("Thème caché", 4)
    promotion = make.make_promotion("Promotion cachée")
    place = make.make_collectivity("Ville cachée")
    draft = make.make_mission("Brouillon", edition=edition, theme=theme, collectivities=[place], state=State.DRAFT)
    make.add_author(draft, make.make_person(promotion=promotion))

    addresses = [thing.get_absolute_url() for thing in (edition, theme, promotion, place)]

    assert [client.get(address).status_code for address in addresses] == [404, 404, 404, 404]
    assert client.get("/recueils/2018.pdf").status_code == 404


def test_theme_shows_its_missions_in_book_order(client: Client) -> None:
    theme = make.make_theme("Piloter ensemble", 1)
    second = make.make_mission("Deux", number=2, theme=theme)
    first = make.make_mission("Un", number=1, theme=theme)
    make.make_mission("Brouillon", number=3, theme=theme, state=State.DRAFT)
    make.make_mission("Ailleurs", number=4, theme=make.make_theme("Gérer différemment", 3))

    context = client.get(theme.get_absolute_url()).context

    assert list(context["page"]) == [first, second]
    themes = client.get("/themes/").context["themes"]
    assert [theme.first_missions for theme in themes if theme.name == "Piloter ensemble"] == [[first, second]]


@pytest.mark.parametrize(("asked", "number"), [("999999", 2), ("abc", 1), ("-1", 2), ("\x00", 1), ("\ud800", 1)])
def test_page_that_does_not_exist_is_said(client: Client, asked: str, number: int) -> None:
    theme = make.make_theme("Piloter ensemble", 1)
    for i in range(25):
        make.make_mission(f"Mission {i}", theme=theme)

    response = client.get(theme.get_absolute_url(), {"page": asked.encode("utf-8", "surrogatepass")})

    assert response.context["page"].number == number
    assert f"Cette page n’existe pas\u00a0: voici la page {number} sur 2." in response.text


def test_collectivities_are_by_region_with_the_count_of_their_missions() -> None:
    bretagne, occitanie = make.make_region(), make.make_region("Île-de-France", "11")
    brest = make.make_collectivity("Brest", region=bretagne)
    metropolis = make.make_collectivity("Brest Métropole", kind="epci", epci_type="metropole", region=bretagne)
    paris = make.make_collectivity("Paris", region=occitanie)
    unknown = make.make_collectivity("Un syndicat", kind="autre")
    make.make_mission("Un", collectivities=[brest, metropolis])
    make.make_mission("Deux", collectivities=[paris])
    make.make_mission("Trois", collectivities=[unknown])
    make.make_mission("Brouillon", collectivities=[brest], state=State.DRAFT)
    make.make_collectivity("Sans mission", region=bretagne)

    everyone, towns, ignored = territories(""), territories("commune"), territories("inconnu")

    assert [(r.name, r.mission_count, r.collectivities) for r in everyone.regions] == [
        ("Bretagne", 1, [brest, metropolis]),
        ("Île-de-France", 1, [paris]),
        ("Région non précisée", 1, [unknown]),
    ]
    assert (everyone.mission_count, everyone.total, everyone.notice) == (3, 4, "")
    assert [(k.value, k.count, k.selected) for k in towns.kinds] == [
        ("commune", 2, True),
        ("epci", 1, False),
        ("autre", 1, False),
    ]
    assert [(r.name, r.collectivities) for r in towns.regions] == [("Bretagne", [brest]), ("Île-de-France", [paris])]
    assert ignored.regions == everyone.regions
    assert ignored.notice == "Ce type de collectivité n’existe pas\u00a0: toutes sont affichées."


def test_recueil_contents_are_as_printed() -> None:
    edition = make.make_edition()
    late, early = make.make_theme("Deuxième partie", 1), make.make_theme("Première partie", 2)
    EditionTheme.objects.create(edition=edition, theme=early, position=1)
    EditionTheme.objects.create(edition=edition, theme=late, position=2)
    third = make.make_mission("Trois", number=3, theme=late)
    second = make.make_mission("Deux", number=2, theme=early)
    first = make.make_mission("Un", number=1, theme=early)
    make.make_mission("Brouillon", number=4, theme=early, state=State.DRAFT)
    make.make_mission("Autre livre", number=1, theme=early, edition=make.make_edition(2020))

    contents = edition_contents(edition)

    assert [(group.theme, group.missions) for group in contents] == [(early, [first, second]), (late, [third])]


def test_recueil_pdf_is_served_when_published(client: Client, private_files: Path) -> None:
    edition = make.make_edition()
    edition.printer_pdf.save("livre.pdf", ContentFile(b"%PDF-1.7"))
    before = client.get("/recueils/2019.pdf").status_code
    make.make_mission(edition=edition)

    response = client.get("/recueils/2019.pdf")

    assert before == 404
    assert b"".join(response.streaming_content) == b"%PDF-1.7"
    assert response["Content-Type"] == "application/pdf"
    assert "recueil-2019.pdf" in response["Content-Disposition"]
    assert 'href="/recueils/2019.pdf"' in client.get("/recueils/2019/").text


@pytest.mark.parametrize(("content", "errors"), [(b"<html>", ["Ce fichier n’est pas un PDF."]), (b"%PDF-1.7", [])])
def test_recueil_takes_a_pdf_only(admin_client: Client, private_files: Path, content: bytes, errors: list[str]) -> None:
    url = reverse("admin:projects_edition_change", args=[make.make_edition().pk])
    data = form_data(admin_client.get(url).text, "edition_form")

    answer = admin_client.post(url, data | {"printer_pdf": SimpleUploadedFile("livre.pdf", content)}, follow=True)

    found = answer.context["adminform"].form.errors.get("printer_pdf", []) if errors else []
    assert list(found) == errors
    assert bool(Edition.objects.get().printer_pdf) is not bool(errors)


def test_recueil_without_a_pdf_does_not_offer_one(client: Client) -> None:
    make.make_mission()

    assert "/recueils/2019.pdf" not in client.get("/recueils/2019/").text
    assert client.get("/recueils/2019.pdf").status_code == 404


def test_promotion_names_its_published_authors_as_they_wish() -> None:
    promotion = make.make_promotion()
    published, draft = make.make_mission("Publiée"), make.make_mission("Brouillon", state=State.DRAFT)
    people = [
        make.make_person("Zoé", "Éluard", promotion=promotion),
        make.make_person("Luc", "Edel", promotion=promotion, display_mode="initiales"),
        make.make_person("Max", "Caché", promotion=promotion, display_mode="masque"),
    ]
    for position, person in enumerate(people, start=1):
        make.add_author(published, person, position)
    make.add_author(draft, make.make_person("Anne", "Brouillon", promotion=promotion), 1)
    make.add_author(draft, people[0], 2)

    roll = promotion_roll(promotion)

    assert [(member.name, member.missions) for member in roll.members] == [
        ("L. E.", [published]),
        ("Zoé Éluard", [published]),
    ]
    assert roll.masked == "1\u00a0élève dont le nom n’est pas publié"


def test_resource_tells_its_date_as_far_as_it_is_known() -> None:
    dates = ["2014-05-15", "2014-05", "2014", "", "n.d."]

    labels = [Resource(date=date).date_label for date in dates]

    assert labels == ["15 mai 2014", "mai 2014", "2014", "", "n.d."]


def test_theme_and_edition_of_a_draft_only_are_not_listed(client: Client) -> None:
    make.make_mission(
        "Brouillon", theme=make.make_theme("Caché", 2), edition=make.make_edition(2018), state=State.DRAFT
    )

    assert list(client.get("/themes/").context["themes"]) == []
    assert list(client.get("/recueils/").context["editions"]) == []
