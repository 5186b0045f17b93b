import re
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from casebook.models import SiteIdentity
from projects.models import KeyFigure
from projects.models.mission import State
from projects.selection import Selection
from projects.widening import Offer, proposal_url, wider
from tests.factories import make_collectivity, make_domain, make_method, make_mission, make_region, make_theme

pytestmark = pytest.mark.django_db


def page(client: Client, query_string: str = "") -> str:
    response = client.get(f"/missions/?{query_string}")
    assert response.status_code == 200
    return str(response.content.decode())


def test_list_shows_published_missions_and_no_draft(client: Client) -> None:
    make_mission("Mission publiée", number=4, domains=[make_domain("Culture")])
    make_mission(
        "Mission secrète",
        theme=make_theme("Thème secret", 2),
        collectivities=[make_collectivity("Ville secrète")],
        domains=[make_domain("Domaine secret")],
        methods=[make_method("Méthode secrète")],
        state=State.DRAFT,
    )

    html = page(client)

    assert "Mission publiée" in html
    assert "1\u00a0mission</h2>" in html
    assert "secr" not in html
    assert html.count("<h1") == 1


def test_results_carry_passages_that_lead_to_their_section(client: Client) -> None:
    mission = make_mission("Accueil")

    html = page(client, "q=annexes")

    assert f'href="{mission.get_absolute_url()}#rubrique-1"' in html
    assert "<mark>annexes</mark>" in html


def test_filters_stay_checked_and_can_be_removed(client: Client) -> None:
    make_mission("Accueil", theme=make_theme("Piloter ensemble", 1))
    make_mission("Logement", theme=make_theme("Travailler autrement", 2))

    html = page(client, "theme=piloter-ensemble&theme=xx")

    assert re.findall(r'name="theme" value="([a-z-]+)" form="selection"( checked)?', html) == [
        ("piloter-ensemble", " checked"),
        ("travailler-autrement", ""),
    ]
    assert "1 filtre actif<" in html
    assert "«\u00a0xx\u00a0» ne correspond à aucune mission publiée" in html
    assert "Accueil" in html
    assert "Logement</a></h3>" not in html


@pytest.mark.parametrize(
    "query_string",
    [
        "page=abc",
        "page=999999",
        "page=-1",
        "q=%00",
        "q=%ED%A0%80",
        "q=" + "a" * 3000,
        "q=" + "a+" * 1500,
        "theme=%00&theme=%ED%A0%80&theme=" + "b" * 3000,
        "q=%22%3Cscript%3E&tri=%3Cscript%3E",
        "tri=hasard&tri=titre",
        "page=" + "9" * 5000,
    ],
)
def test_bad_input_is_an_honest_page(client: Client, query_string: str) -> None:
    make_mission("Accueil")

    html = page(client, query_string)

    assert html.count("<h1") == 1
    assert "<script>" not in html


def place(region: Any) -> Any:
    return make_collectivity(f"Ville de {region}", region=region)


def test_no_result_offers_wider_searches_with_their_counts() -> None:
    north, south = make_region("Nord", "1"), make_region("Sud", "2")
    make_mission("Réseau d’assainissement", theme=make_theme("Piloter ensemble", 1), collectivities=[place(north)])
    make_mission("Assainissement", theme=make_theme("Travailler autrement", 2), collectivities=[place(south)])
    make_mission("Assainissement secret", theme=make_theme("Piloter ensemble", 1), state=State.DRAFT)

    offers = wider(Selection({"q": "assainissement réseau", "theme": "piloter-ensemble", "region": "sud"}))

    both, network = "?q=assainissement+r%C3%A9seau", "?q=r%C3%A9seau"
    assert offers.searches == [
        Offer("«\u00a0assainissement réseau\u00a0» dans toutes les régions", f"{both}&theme=piloter-ensemble", 1),
        Offer("«\u00a0assainissement réseau\u00a0» sans aucun filtre", both, 1),
        Offer("«\u00a0réseau\u00a0» sans aucun filtre", network, 1),
        Offer("«\u00a0assainissement\u00a0» sans aucun filtre", "?q=assainissement", 2),
    ]
    assert [Selection(QueryDict(offer.url[1:])).count for offer in offers.searches] == [1, 1, 1, 2]


def test_no_result_names_the_nearest_domain_and_method() -> None:
    water = make_domain("Eau et assainissement")
    make_mission("Régie", domains=[water, make_domain("Culture")], methods=[make_method("Atelier", synonyms=["LUPI"])])
    make_mission("Secret", domains=[make_domain("Assainisement secret")], state=State.DRAFT)

    assert wider(Selection({"q": "assainisement"})).nearest == [
        Offer("Domaine\u00a0: Eau et assainissement", "?domaine=eau-et-assainissement", 1)
    ]
    assert wider(Selection({"q": "lupis zzz"})).nearest == [Offer("Méthode\u00a0: Atelier", "?methode=atelier", 1)]
    assert wider(Selection({"q": "xyz"})).nearest == []


def test_no_result_page_proposes_the_subject_to_inet(client: Client) -> None:
    SiteIdentity(contact_email="contact@inet.example").save()
    make_mission("Accueil")

    html = page(client, "q=sous-marins")

    assert "Aucune mission pour «\u00a0sous-marins\u00a0»</h2>" in html
    assert 'href="mailto:contact@inet.example?subject=Proposition%20de%20sujet%C2%A0%3A%20sous-marins&amp;body=' in html
    assert "Proposer ce sujet à l’INET" in html


def test_proposal_keeps_hostile_words_inside_the_message() -> None:
    address = proposal_url("a@b.example", "x&bcc=y@z.example\r\nCc: w")

    assert address.count("&") == 1
    assert "bcc=" not in address


def test_empty_catalogue_says_so(client: Client) -> None:
    make_mission("Secret", state=State.DRAFT)

    html = page(client)

    assert "Aucune mission</h2>" in html
    assert "Le catalogue n’a pas encore de mission publiée." in html


@pytest.mark.parametrize("missions", [1, 3])
@pytest.mark.parametrize(
    ("query_string", "queries"),
    [
        # 7 facets, keys of the order, missions, collectivities, methods, the site's identity
        ("", 12),
        # the same, and the search, sections, figures and testimonials for the passages; relevance needs no keys
        ("q=accueil", 15),
        ("q=accueil&theme=piloter-ensemble&domaine=culture&tri=titre", 16),
    ],
)
def test_list_costs_a_fixed_number_of_queries(
    client: Client, missions: int, query_string: str, queries: int, django_assert_num_queries: Any
) -> None:
    for _ in range(missions):
        mission = make_mission("Accueil", domains=[make_domain("Culture")], methods=[make_method()])
        KeyFigure.objects.create(mission=mission, position=1, value="3", label="mairies")

    with django_assert_num_queries(queries):
        page(client, query_string)


@pytest.mark.parametrize("missions", [1, 3])
def test_empty_list_costs_a_fixed_number_of_queries(
    client: Client, missions: int, django_assert_num_queries: Any
) -> None:
    for _ in range(missions):
        make_mission("Accueil", domains=[make_domain("Culture")], methods=[make_method()])

    # 7 facets, the search and one for each of the two words left out, domains, methods, the site's identity twice
    with django_assert_num_queries(14):
        page(client, "q=accueil+xyz&theme=piloter-ensemble")
