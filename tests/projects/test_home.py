import re
from typing import Any

import pytest
from django.test import Client

from casebook.models import SiteIdentity
from people.models.person import DisplayMode
from projects.home import RankedMethod, home_page
from projects.models import KeyFigure, Method, Mission, Speaker
from projects.models import Testimonial as Words
from projects.models.mission import State
from tests.factories import (
    add_author,
    make_collectivity,
    make_domain,
    make_edition,
    make_method,
    make_mission,
    make_person,
    make_region,
    make_theme,
)

pytestmark = pytest.mark.django_db


def add_figure(mission: Mission, value: str, label: str, position: int = 1) -> KeyFigure:
    return KeyFigure.objects.create(mission=mission, value=value, label=label, position=position)


def add_testimonial(mission: Mission, text: str, name: str = "Martin", **values: Any) -> Words:
    position = mission.testimonials.count() + 1
    testimonial = Words.objects.create(mission=mission, text=f"<p>{text}</p>", position=position, **values)
    Speaker.objects.create(testimonial=testimonial, first_name="Claude", last_name=name, role="Directeur")
    return testimonial


def columns() -> list[tuple[str, list[str], list[str]]]:
    contents = home_page().contents
    assert contents is not None
    return [
        (column.theme.name, [mission.title for mission in column.missions], [str(f) for f in column.figures])
        for column in contents.columns
    ]


def test_contents_are_those_of_the_latest_published_edition() -> None:
    old, new, coming = make_edition(2018), make_edition(2019), make_edition(2020)
    make_mission("Ancienne", edition=old)
    second = make_theme("Travailler autrement", 2, new)
    first = make_theme("Piloter ensemble", 1, new)
    make_mission("C", number=3, edition=new, theme=second)
    make_mission("B", number=2, edition=new, theme=first)
    make_mission("A", number=1, edition=new, theme=first)
    make_mission("Brouillon", number=4, edition=new, theme=first, state=State.DRAFT)
    make_mission("Brouillon", number=1, edition=coming, state=State.DRAFT)

    home = home_page()

    assert home.contents is not None
    assert (home.contents.edition, home.contents.mission_count, home.has_other_editions) == (new, 3, True)
    assert columns() == [("Piloter ensemble", ["A", "B"], []), ("Travailler autrement", ["C"], [])]


def test_shorter_columns_are_closed_by_more_figures() -> None:
    long, short = make_theme("Long", 1), make_theme("Court", 2)
    for number in range(1, 6):
        add_figure(make_mission(f"L{number}", number=number, theme=long), str(number), "agents")
    mission = make_mission("C", number=6, theme=short)
    for position in range(1, 5):
        add_figure(mission, f"6{position}", "lits", position)

    assert [figures for _, _, figures in columns()] == [["1 agents"], ["61 lits", "62 lits", "63 lits"]]


def test_figures_that_speak_for_themselves_come_first() -> None:
    long, short = make_theme("Long", 1), make_theme("Court", 2)
    for number in range(1, 6):
        make_mission(f"L{number}", number=number, theme=long)
    mission, other = make_mission("M", number=6, theme=short), make_mission("N", number=7, theme=short)
    add_figure(mission, "2006", "création du service", 1)
    add_figure(mission, "9", "mois après le déploiement", 2)
    add_figure(mission, "8", "directions", 3)
    add_figure(mission, "41 %", "de demandes anciennes", 4)
    add_figure(other, "2e", "région de France", 1)
    add_figure(other, "93", "personnes contactées", 2)

    assert columns()[1] == (
        "Court",
        ["M", "N"],
        ["8 directions", "41 % de demandes anciennes", "93 personnes contactées"],
    )


def test_figures_need_a_value_and_a_short_label() -> None:
    make_mission("Longue", number=1, theme=make_theme("Long", 1))
    mission = make_mission("M", number=3, theme=make_theme("Court", 2))
    add_figure(mission, "", "sans valeur", 1)
    add_figure(mission, "3", "", 2)
    add_figure(mission, "4", "x" * 91, 3)
    add_figure(mission, "5", "x" * 90, 4)

    assert columns()[1] == ("Court", ["M"], ["5 " + "x" * 90])


def test_counts_leave_drafts_out() -> None:
    north, south = make_region("Nord", "1"), make_region("Sud", "2")
    method = make_method("Entretiens")
    for title in ("A", "B"):
        mission = make_mission(title, collectivities=[make_collectivity(title, region=north)], methods=[method])
        add_author(mission, make_person("Élève", title))
    draft = make_mission(
        "Secret",
        theme=make_theme("Thème secret", 2),
        collectivities=[make_collectivity("C", region=south)],
        methods=[make_method("Méthode secrète")],
        state=State.DRAFT,
    )
    add_author(draft, make_person("Élève", "C"))
    unknown = make_mission("Sans édition", collectivities=[make_collectivity("D")])
    Mission.objects.filter(pk=unknown.pk).update(edition=None, number=None)

    home = home_page()

    assert (home.theme_count, home.method_count, home.region_count, home.unknown_edition_count) == (1, 1, 1, 1)
    assert home.contents is not None
    assert (home.contents.mission_count, home.contents.student_count) == (2, 2)


def test_most_used_methods_leave_phases_out() -> None:
    workshops, interviews = make_method("Ateliers"), make_method("Entretiens")
    phase = make_method("Diagnostic", kind=Method.Kind.PHASE)
    make_mission("A", methods=[workshops, interviews, phase])
    make_mission("B", methods=[interviews, phase])
    make_mission("C", methods=[workshops], state=State.DRAFT)

    assert home_page().methods == [RankedMethod(interviews, 2, 100), RankedMethod(workshops, 1, 50)]


def test_examples_are_those_that_give_results(client: Client) -> None:
    SiteIdentity(example_queries=["logement social", "sous-marins", "", "cœur d’îlot", "secret", "accueil"]).save()
    make_mission("Logement social au cœur d’un îlot : l’accueil")
    make_mission("Secret", state=State.DRAFT)

    assert home_page().examples == ["logement social", "cœur d’îlot", "accueil"]
    assert 'href="/missions/?q=c%C5%93ur%20d%E2%80%99%C3%AElot"' in client.get("/").content.decode()


def test_testimonial_is_short_named_and_exact_first() -> None:
    mission = make_mission("A")
    add_testimonial(mission, "Propos rapportés.", form=Words.Form.REPORTED)
    add_testimonial(mission, "Déjà dans le texte.", embedded=True)
    add_testimonial(mission, "mot " * 200)
    add_testimonial(mission, "Masqué.").speakers.update(
        person=make_person("Claude", "Masqué", display_mode=DisplayMode.MASKED)
    )
    add_testimonial(make_mission("Brouillon", state=State.DRAFT), "Secret.")
    chosen = add_testimonial(mission, "Une équipe précieuse, à l’écoute.")

    assert home_page().testimonial == chosen


def test_home_shows_what_it_found_and_no_draft(client: Client) -> None:
    mission = make_mission("Mission publiée", number=4, methods=[make_method("Entretiens")])
    add_figure(mission, "20", "mois d’attente")
    add_testimonial(mission, "Une équipe précieuse.")
    draft = make_mission("Mission secrète", number=5, methods=[make_method("Méthode secrète")], state=State.DRAFT)
    add_figure(draft, "99", "secrets")

    html = client.get("/").content.decode()

    assert html.count("<h1") == 1
    assert "secr" not in html
    assert re.search(r"20</strong>\s*mois d’attente <a href=\"/missions/[^\"]+\">Fiche 04</a>", html)
    assert "Une équipe précieuse." in html
    assert "Claude Martin" in html
    assert "Autres éditions" not in html


def test_home_of_an_empty_catalogue_is_a_whole_page(client: Client) -> None:
    make_mission("Secret", state=State.DRAFT)

    response = client.get("/")

    html = response.content.decode()
    assert response.status_code == 200
    assert "Aucune mission n’est publiée pour l’instant." in html
    assert "Vous avez un sujet à confier à une équipe\u202f?" in html.replace("&#8239;", "\u202f")
    assert "Secret" not in html


def test_home_reaches_missions_of_unknown_edition(client: Client) -> None:
    mission = make_mission("Sans édition")
    Mission.objects.filter(pk=mission.pk).update(edition=None, number=None)

    alone = client.get("/").content.decode()
    make_mission("Autre")
    beside = client.get("/").content.decode()

    assert '<a href="/missions/">1\u00a0mission</a> d’une édition non précisée.' in alone
    assert '<a href="/missions/?recueil=inconnu">1\u00a0mission d’une édition non précisée</a>' in beside


@pytest.mark.parametrize("missions", [1, 3])
def test_home_costs_a_fixed_number_of_queries(client: Client, missions: int, django_assert_num_queries: Any) -> None:
    SiteIdentity(example_queries=["accueil"]).save()
    for _ in range(missions):
        mission = make_mission("Accueil", domains=[make_domain("Culture")], methods=[make_method()])
        add_figure(mission, "3", "mairies")
        add_testimonial(mission, "Une équipe précieuse.")

    client.get("/")  # what is remembered is read

    # editions, methods, identity twice, the index, one, 4 counts, 4 for the contents, students, figures, testimonials 2
    with django_assert_num_queries(17):
        client.get("/")
