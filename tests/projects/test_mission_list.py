import re
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from casebook.models import SiteIdentity
from projects.models import KeyFigure, Section
from projects.models.mission import State
from projects.search import reindex
from projects.selection import Selection
from projects.widening import Offer, proposal_url, wider
from tests.factories import (
    add_author,
    make_collectivity,
    make_domain,
    make_method,
    make_mission,
    make_person,
    make_region,
    make_theme,
)

pytestmark = pytest.mark.django_db


def page(client: Client, query_string: str = "") -> str:
    response = client.get(f"/missions/?{query_string}")
    assert response.status_code == 200
    return str(response.content.decode())


def test_list_shows_published_missions_and_no_draft(client: Client) -> None:
    make_mission("Mission publiée", number=400, domains=[make_domain("Culture")])
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

    assert f'href="{mission.get_absolute_url()}#rubrique-1-p1:~:text=La%20ville' in html
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


def test_no_result_in_a_section_offers_all_the_others() -> None:
    theme = make_theme("Piloter ensemble", 1)
    make_mission("Un", theme=make_theme("Autre", 2), texts={Section.Kind.CONTEXTE: "<p>Un verger.</p>"})
    make_mission("Deux", theme=theme, texts={Section.Kind.CONTEXTE: "<p>Une piscine.</p>"})

    def offered(query: str) -> list[Offer]:
        return wider(Selection(QueryDict(query))).searches

    assert offered("q=verger&dans=zoom") == [Offer("«\u00a0verger\u00a0» dans toutes les rubriques", "?q=verger", 1)]
    assert offered("q=verger&dans=zoom&theme=piloter-ensemble") == [
        Offer("«\u00a0verger\u00a0» sans aucun filtre", "?q=verger", 1)
    ]
    assert offered("q=verger+piscine&dans=zoom&theme=autre") == [
        Offer("«\u00a0verger piscine\u00a0» dans toutes les rubriques", "?q=verger+piscine&theme=autre", 1),
        Offer("«\u00a0verger piscine\u00a0» sans aucun filtre", "?q=verger+piscine", 2),
        Offer("«\u00a0piscine\u00a0» sans aucun filtre", "?q=piscine", 1),
        Offer("«\u00a0verger\u00a0» sans aucun filtre", "?q=verger", 1),
    ]


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
        # the index's state, what is shown of the missions, the site's identity
        ("", 3),
        # the same, the search
        ("q=annexes", 4),
        ("q=annexes&theme=piloter-ensemble&domaine=culture&tri=titre", 4),
    ],
)
def test_list_costs_a_fixed_number_of_queries(
    client: Client, missions: int, query_string: str, queries: int, django_assert_num_queries: Any
) -> None:
    for _ in range(missions):
        mission = make_mission("Accueil", domains=[make_domain("Culture")], methods=[make_method()])
        KeyFigure.objects.create(mission=mission, position=1, value="3", label="mairies")
        add_author(mission, make_person())
    page(client, query_string)  # now the process knows the index

    with django_assert_num_queries(queries):
        page(client, query_string)


@pytest.mark.parametrize("missions", [1, 3])
def test_empty_list_costs_a_fixed_number_of_queries(
    client: Client, missions: int, django_assert_num_queries: Any
) -> None:
    for _ in range(missions):
        make_mission("Accueil", domains=[make_domain("Culture")], methods=[make_method()])

    page(client, "q=qqqqq+wwwww&theme=piloter-ensemble")  # now the process knows the index

    # the index's state and the search, the same search without each of the two words, those that are near, the site's
    # identity
    with django_assert_num_queries(6):
        page(client, "q=qqqqq+wwwww&theme=piloter-ensemble")


def test_correction_is_announced_with_the_words_as_typed(client: Client) -> None:
    make_mission("Le réseau d’assainissement")

    html = page(client, "q=assainisement&theme=piloter-ensemble")
    literal = page(client, "q=assainisement&litteral=1")

    assert "1\u00a0mission pour «\u00a0assainissement\u00a0»</h2>" in html
    assert (
        "Résultats pour <strong>assainissement</strong>&#8239;; chercher plutôt "
        '<a href="?q=assainisement&amp;theme=piloter-ensemble&amp;litteral=1">assainisement</a>'
    ) in html
    assert 'value="assainisement"' in html
    assert "Aucune mission pour «\u00a0assainisement\u00a0»" in literal
    assert "Résultats pour" not in literal


def test_words_can_be_searched_in_some_sections_only(client: Client) -> None:
    make_mission("Écoles", texts={Section.Kind.ZOOM: "<p>Un tramway.</p>"})
    make_mission("Tramway")

    html = page(client, "q=tramway&dans=zoom&theme=piloter-ensemble")

    assert re.findall(r'name="dans" value="([a-z-]+)" form="selection"( checked)?', html) == [
        ("contexte", ""),
        ("problematique", ""),
        ("cles-pour-agir", ""),
        ("zoom", " checked"),
        ("temoignage", ""),
        ("chiffres", ""),
        ("aller-plus-loin", ""),
        ("autre", ""),
    ]
    assert "1\u00a0mission pour" in html
    assert "2 filtres actifs<" in html
    assert '<a class="pill" href="?q=tramway&amp;theme=piloter-ensemble">' in html
    assert '<a class="pill" href="?q=tramway&amp;dans=zoom">' in html
    assert '<a class="pills__clear" href="?q=tramway">' in html
    assert 'name="dans"' not in page(client, "dans=zoom")


def test_search_as_typed_stays_so_when_a_filter_changes(client: Client) -> None:
    make_mission("Accueil", theme=make_theme("Piloter ensemble", 1))

    selection = Selection(QueryDict("q=accueil&litteral=1"))
    html = page(client, "q=accueil&litteral=1")

    assert selection.toggle_url("theme", "piloter-ensemble") == "?q=accueil&theme=piloter-ensemble&litteral=1"
    assert '<input type="hidden" name="litteral" value="1" form="selection">' in html
    assert [(pill.label, pill.value, pill.url) for pill in selection.pills] == [
        ("Orthographe", "sans correction", "?q=accueil")
    ]
    assert 'name="litteral"' not in page(client, "q=accueil")
    assert 'name="litteral"' not in page(client, "litteral=1")


def test_value_without_mission_stays_and_its_count_is_said(client: Client) -> None:
    make_mission("Accueil", theme=make_theme("Piloter ensemble", 1))
    make_mission("Logement", theme=make_theme("Travailler autrement", 2))

    html = page(client, "q=accueil")

    choice = re.search(r'<label class="choice choice--zero">(.*?)</label>', html, re.S)
    assert choice
    assert re.sub(r"\s+", " ", re.sub("<[^>]*>", "", choice[1])).strip() == "Travailler autrement 0 mission"


@pytest.mark.parametrize(("count", "others", "is_long"), [(6, 0, False), (12, 6, False), (13, 7, True)])
def test_values_past_the_first_six_are_behind_a_disclosure(
    client: Client, count: int, others: int, is_long: bool
) -> None:
    make_mission("Accueil", domains=[make_domain(f"Domaine {number:02d}") for number in range(count)])

    html = page(client)

    assert (f"{others}\u00a0autres<" in html) == (others > 0)
    assert ("data-find" in html) == is_long


def test_filters_stay_on_the_page_when_they_leave_nothing(client: Client) -> None:
    make_mission("Accueil", theme=make_theme("Piloter ensemble", 1))
    make_mission("Logement", theme=make_theme("Travailler autrement", 2))

    assert 'name="theme" value="travailler-autrement"' in page(client, "q=accueil&theme=travailler-autrement")
    assert 'name="theme"' not in page(client, "q=introuvable")


def test_passage_carries_what_is_copied_of_it(client: Client) -> None:
    mission = make_mission("Accueil", number=4)
    add_author(mission, make_person("Ada", "Élève"))
    add_author(mission, make_person("Secret", "Masqué", display_mode="masque"), 2)
    reindex([mission])

    html = page(client, "q=annexes")

    (quoted,) = re.findall(r'<p class="citation quotation" id="citation-[^"]+">(.*?)</p>', html, re.S)
    assert quoted == (
        "«\u00a0La ville compte trois mairies annexes.\u00a0»\n"
        "Ada Élève, «\u00a0Accueil\u00a0», dans Recueil 2019, édition 2019/2020, rubrique «\u00a0Contexte\u00a0». "
        f"http://testserver{mission.get_absolute_url()}#rubrique-1-p1"
    )
