"""The page of a mission: everything in its place, whatever the fiche holds, and nothing of what is private."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.files.base import ContentFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from casebook.models import SiteIdentity
from people.models import Collectivity, Person
from projects.fiche import Fiche, fiche
from projects.models import (
    Authorship,
    Deliverable,
    FollowUp,
    KeyFigure,
    MethodUse,
    Mission,
    Reference,
    Resource,
    Section,
    Speaker,
    parts,
)
from projects.models.mission import State
from projects.near import near_missions, neighbours
from tests import factories as make
from tests.pages import page_faults

pytestmark = pytest.mark.django_db
Kind = Section.Kind


def full_fiche(rows: int, **values: object) -> Mission:
    """A fiche with `rows` rows of every kind."""
    texts = dict.fromkeys((Kind.TEMOIGNAGE, Kind.CHIFFRES, Kind.ALLER_PLUS_LOIN), "")
    methods = [make.make_method(f"Méthode {i}") for i in range(rows)]
    mission = make.make_mission(
        texts=texts, methods=methods, domains=[make.make_domain(f"Domaine {i}") for i in range(rows)]
    )
    for i in range(1, rows + 1):
        KeyFigure.objects.create(mission=mission, position=i, value=f"{i} 000", label=f"agents {i}")
        Reference.objects.create(mission=mission, position=i, text=f"Rapport {i}", url=f"https://exemple.fr/{i}")
        Deliverable.objects.create(mission=mission, position=i, title=f"Guide {i}")
        FollowUp.objects.create(mission=mission, position=i, kind="annoncee", text=f"Suite {i}")
        testimonial = parts.Testimonial.objects.create(mission=mission, position=i, text=f"<p>Propos {i}</p>")
        Speaker.objects.create(
            testimonial=testimonial, position=1, person=make.make_person("Voix", f"N{i}"), role="Maire"
        )
        promotion = make.make_promotion(f"Promotion {i}")
        make.add_author(mission, make.make_person("Auteur", f"N{i}", promotion=promotion, corps="administrateur"), i)
        make.add_tutor(mission, make.make_person("Tuteur", f"N{i}"), position=i)
        resource = Resource.objects.create(kind="article", title=f"Article {i}", slug=f"article-{i}")
        resource.missions.add(mission)
    return mission


def shape(mission: Mission) -> Fiche:
    return fiche(Mission.objects.published().for_detail().get(pk=mission.pk), "https://exemple.fr/missions/x/")


@pytest.mark.parametrize("rows", [1, 3, 23])
def test_mission_page_queries_do_not_grow_with_the_fiche(
    client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    mission = full_fiche(rows)
    make.make_mission("Fiche suivante", domains=list(mission.domains.all()))

    client.get(mission.get_absolute_url())  # what is remembered of the index is read

    with django_assert_num_queries(24):
        response = client.get(mission.get_absolute_url())

    assert response.status_code == 200
    assert page_faults(response.text) == []


def test_mission_page_without_any_row_leaves_no_hole(client: Client) -> None:
    mission = make.make_mission("Rien que trois rubriques", number=7)

    response = client.get(mission.get_absolute_url())

    assert page_faults(response.text) == []
    assert [block.label for block in shape(mission).blocks] == ["Contexte", "Problématique", "Des clés pour agir"]
    for absent in (
        "Les chiffres",
        "Témoignage",
        "Aller plus loin",
        "Livrables",
        "Suites",
        "L’équipe</h2>",
        "Tutorat",
        "En bref",
    ):
        assert absent not in response.text


def test_rows_stand_in_the_section_that_holds_them() -> None:
    mission = make.make_mission(texts={Kind.ZOOM: "<p>Encadré</p>", Kind.TEMOIGNAGE: "", Kind.ALLER_PLUS_LOIN: ""})
    zoom = mission.sections.get(kind=Kind.ZOOM)
    in_zoom = KeyFigure.objects.create(mission=mission, position=1, section=zoom, value="5", label="dans l’encadré")
    KeyFigure.objects.create(mission=mission, position=2, value="6", label="en tête seulement")
    parts.Testimonial.objects.create(mission=mission, position=1, section=zoom, text="<p>Dans l’encadré</p>")
    parts.Testimonial.objects.create(mission=mission, position=2, text="<p>À sa place</p>")
    parts.Testimonial.objects.create(mission=mission, position=3, text="<p>Déjà dit</p>", embedded=True)
    reference = Reference.objects.create(mission=mission, position=1, text="Un rapport")

    blocks = {block.label: block for block in shape(mission).blocks}

    assert list(blocks) == [
        "Contexte",
        "Problématique",
        "Des clés pour agir",
        "ZOOM".capitalize(),
        "Témoignage",
        "Aller plus loin",
    ]
    assert blocks["Zoom"].figures == [in_zoom]
    assert [figure.value for figure in shape(mission).first_figures] == ["6"]
    assert [words.text for words in blocks["Zoom"].testimonials] == ["<p>Dans l’encadré</p>"]
    assert [words.text for words in blocks["Témoignage"].testimonials] == ["<p>À sa place</p>"]
    assert blocks["Aller plus loin"].references == [reference]


def test_rows_without_a_section_of_their_kind_come_at_the_end() -> None:
    mission = make.make_mission()
    parts.Testimonial.objects.create(mission=mission, position=1, text="<p>Propos</p>")
    Reference.objects.create(mission=mission, position=1, text="Un rapport")

    blocks = shape(mission).blocks

    assert [block.anchor for block in blocks][-2:] == ["temoignage", "aller-plus-loin"]


@pytest.mark.parametrize(("count", "first", "others"), [(0, 0, 0), (4, 4, 0), (5, 4, 1), (23, 4, 19)])
def test_figures_are_four_then_a_disclosure(client: Client, count: int, first: int, others: int) -> None:
    mission = make.make_mission()
    for position in range(1, count + 1):
        KeyFigure.objects.create(mission=mission, position=position, value=str(position), label="agents")

    shown = shape(mission)
    text = client.get(mission.get_absolute_url()).text

    assert (len(shown.first_figures), len(shown.other_figures)) == (first, others)
    assert (f"Voir les {count} chiffres de la fiche" in text) == (others > 0)
    assert text.count('class="figure__value') == count


def test_figures_past_the_head_stand_in_their_section_when_it_has_a_text(client: Client) -> None:
    mission = make.make_mission(texts={Kind.CHIFFRES: "<p>Une enquête auprès des agents.</p>"})
    figures = [
        KeyFigure.objects.create(mission=mission, position=position, value=str(position), label="agents")
        for position in range(1, 7)
    ]

    shown = shape(mission)
    text = client.get(mission.get_absolute_url()).text

    assert (shown.first_figures, shown.other_figures, shown.blocks[-1].figures) == (figures[:4], [], figures[4:])
    assert '<a href="#rubrique-4">Voir la suite des chiffres</a>' in text
    assert text.count('class="figure__value') == 6
    assert page_faults(text) == []


def test_figures_are_typeset_in_french(client: Client) -> None:
    mission = make.make_mission()
    KeyFigure.objects.create(mission=mission, position=1, value="65 000", label="ménages, soit 12 % de 540 000")

    text = client.get(mission.get_absolute_url()).text

    assert "65\u202f000" in text
    assert "soit 12\u00a0% de 540\u202f000" in text


def test_team_is_grouped_by_corps_and_masked_people_are_counted(client: Client) -> None:
    mission = make.make_mission()
    ada = make.make_promotion("Ada Lovelace")
    make.add_author(mission, make.make_person("Claire", "Un", promotion=ada, gender="f"), 1, corps="administrateur")
    make.add_author(mission, make.make_person("Paul", "Deux"), 2, corps="ingenieur")
    make.add_author(mission, make.make_person("Anne", "Trois", promotion=ada), 3, corps="administrateur")
    make.add_author(mission, make.make_person("Secret", "Masqué", display_mode="masque"), 4, corps="administrateur")
    make.add_author(mission, make.make_person("Zoé", "Quatre", display_mode="initiales"), 5, corps="ingenieur")
    make.add_tutor(mission, make.make_person("Lise", "Tutrice", gender="f"), "Directrice générale")
    make.add_tutor(mission, make.make_person("Caché", "Tuteur", gender="m", display_mode="masque"), "Poste unique", 2)

    shown = shape(mission)
    text = client.get(mission.get_absolute_url()).text

    assert [(group.label, [(m.name, m.label) for m in group.members]) for group in shown.team] == [
        ("Filière : administration", [("Claire Un", "Administratrice territoriale"), ("Anne Trois", "")]),
        ("Filière : ingénierie", [("Paul Deux", ""), ("Z. Q.", "")]),
    ]
    assert shown.team_masked == "1\u00a0élève dont le nom n’est pas publié"
    assert shown.tutors_label == "Tuteur et tutrice"
    assert [(tutor.name, tutor.job_title) for tutor in shown.tutors] == [("Lise Tutrice", "Directrice générale")]
    assert ada.get_absolute_url() in text
    for hidden in ("Masqué", "Caché", "Poste unique", "Quatre"):
        assert hidden not in text


def test_masked_speaker_is_not_named() -> None:
    mission = make.make_mission()
    testimonial = parts.Testimonial.objects.create(mission=mission, position=1, text="<p>Propos</p>")
    masked = make.make_person("Secret", "Masqué", display_mode="masque")
    Speaker.objects.create(
        testimonial=testimonial, position=1, person=masked, last_name="Masqué", role="Maire de Secret"
    )
    Speaker.objects.create(testimonial=testimonial, position=2, first_name="Luc", last_name="Imprimé", role="Adjoint")

    (words,) = shape(mission).blocks[-1].testimonials

    assert [(speaker.public_name, speaker.role) for speaker in words.public_speakers] == [("Luc Imprimé", "Adjoint")]


def test_method_shows_its_role_moment_and_marked_extract(client: Client) -> None:
    method = make.make_method("Entretiens", synonyms=["douze entretiens"])
    mission = make.make_mission(methods=[method])
    MethodUse.objects.update(moment="diagnostic", role="preconisee", outcome="Une liste de besoins")
    proposed = make.make_method("Sondage secret")
    MethodUse.objects.create(mission=mission, method=proposed, position=2, state="proposee")

    (use,) = shape(mission).uses
    text = client.get(mission.get_absolute_url()).text

    assert (use.role, use.moment, use.outcome) == ("preconisee", "diagnostic", "Une liste de besoins")
    assert str(use.extracts[0].html) == "L’équipe a mené <mark>douze entretiens</mark> avec les agents."
    assert use.extracts[0].url == "#rubrique-3"
    assert "Recommandée" in text
    assert "Sondage secret" not in text


def test_contact_message_is_prefilled_and_the_address_is_in_clear(client: Client) -> None:
    SiteIdentity(contact_email="contact@exemple.fr").save()
    mission = make.make_mission("Accueil & médiation", number=4)
    Deliverable.objects.create(mission=mission, position=1, title="Guide d’accueil")

    text = client.get(mission.get_absolute_url()).text
    query = parse_qs(urlsplit(f"mailto:x?{shape(mission).contact}").query)

    assert query["subject"] == ["Fiche 04\u00a0: Accueil & médiation"]
    assert "Adresse\u00a0: https://exemple.fr/missions/x/" in query["body"][0]
    assert '<a href="mailto:contact@exemple.fr">contact@exemple.fr</a>' in text
    assert "mailto:contact@exemple.fr?subject=Livrable" in text


def test_mission_of_no_known_edition_says_so(client: Client) -> None:
    mission = make.make_mission()
    Mission.objects.filter(pk=mission.pk).update(edition=None)

    text = client.get(mission.get_absolute_url()).text

    assert "Édition non précisée" in text


def test_table_scrolls_in_a_group_that_the_keyboard_reaches() -> None:
    table = "<table><tbody><tr{}><td>1</td></tr></tbody></table>"
    mission = make.make_mission(texts={Kind.CONTEXTE: table.format("") * 2})

    html = str(shape(mission).blocks[0].html)

    frame = '<div class="scroll" role="group" tabindex="0" aria-label="Contexte, tableau {}">'
    first, second = (table.format(f' id="rubrique-1-p{number}"') for number in (1, 2))
    assert html == f"{frame.format(1)}{first}</div>{frame.format(2)}{second}</div>"


def test_draft_is_a_404_for_the_public_and_a_banner_for_the_editors(client: Client, admin_client: Client) -> None:
    draft = make.make_mission("Brouillon", state=State.DRAFT)

    public, editor = client.get(draft.get_absolute_url()), admin_client.get(draft.get_absolute_url())

    assert public.status_code == 404
    assert editor.status_code == 200
    assert "Brouillon\u00a0: visible de la rédaction seulement" in editor.text
    assert '<meta name="robots" content="noindex">' in editor.text
    assert "no-store" in editor["Cache-Control"]


def test_published_page_stands_before_its_working_copy(admin_client: Client) -> None:
    mission = make.make_mission("Publiée", number=3)
    copy = Mission.objects.get(pk=mission.pk)
    copy.pk, copy.title, copy.state, copy.working_copy_of = None, "Copie", State.DRAFT, mission
    copy._state.adding = True
    copy.save()

    text = admin_client.get(mission.get_absolute_url()).text

    assert "Publiée" in text
    assert "Copie" not in text


def test_address_of_nothing_is_a_404_without_a_trace(client: Client) -> None:
    for address in ("/missions/rien/", "/missions/a%00b/", "/missions/%ED%A0%80/", f"/missions/{'a' * 3000}/"):
        assert client.get(address).status_code == 404


def test_neighbours_are_the_published_fiches_around_in_the_same_book() -> None:
    edition, other = make.make_edition(), make.make_edition(2020)
    first = make.make_mission("Un", number=1, edition=edition)
    make.make_mission("Deux", number=2, edition=edition, state=State.DRAFT)
    third = make.make_mission("Trois", number=3, edition=edition)
    fourth = make.make_mission("Quatre", number=4, edition=edition)
    make.make_mission("Ailleurs", number=5, edition=other)

    assert (neighbours(first).previous, neighbours(first).next) == (None, third)
    assert (neighbours(third).previous, neighbours(third).next) == (first, fourth)
    assert (neighbours(fourth).previous, neighbours(fourth).next) == (third, None)


def test_near_missions_come_with_their_reason_in_words() -> None:
    town = {"kind": Collectivity.Kind.COMMUNE}
    metropolis = {"kind": Collectivity.Kind.EPCI, "epci_type": Collectivity.EpciType.METROPOLE}
    housing, interviews = make.make_domain("Habitat et logement"), make.make_method("Entretiens")
    other_theme = make.make_theme("Gérer différemment", 3)
    mission = make.make_mission(
        "Celle-ci",
        number=1,
        domains=[housing],
        methods=[interviews],
        collectivities=[make.make_collectivity("A", **town)],
    )
    values = {"theme": other_theme, "collectivities": [make.make_collectivity("B", **metropolis)]}
    same_domain = make.make_mission("Domaine", number=2, domains=[housing], methods=[interviews], **values)
    # the same kind of territory and the same theme alone are no reason
    make.make_mission("Territoire", number=3, collectivities=[make.make_collectivity("C", **town)])
    same_method = make.make_mission("Méthode", number=4, methods=[interviews], **values)
    make.make_mission("Loin", number=5, **values)
    make.make_mission("Brouillon", number=6, domains=[housing], state=State.DRAFT)

    near = near_missions(Mission.objects.visible_to(AnonymousUser()).for_detail().get(pk=mission.pk))

    assert [(item.mission, item.reason) for item in near] == [
        (same_domain, "Même domaine\u00a0: habitat et logement. Méthode commune\u00a0: entretiens"),
        (same_method, "Méthode commune\u00a0: entretiens"),
    ]


def test_near_missions_have_a_word_of_a_title_in_common_not_a_generic_one() -> None:
    def told(title: str, number: int, problem: str) -> Mission:
        return make.make_mission(
            title, number=number, theme=None, texts={Section.Kind.PROBLEMATIQUE: f"<p>{problem}</p>"}
        )

    mission = told("Réorganisation du tramway", 1, "Une ambition remarquable, un verger.")
    title = told("Le tramway", 2, "Rien.")
    problem = told("Autre", 3, "Le tramway d’hier.")
    other_title = told("Les vergers", 4, "Rien.")
    told("Réorganiser encore", 5, "Une ambition remarquable.")
    for number in range(6, 14):
        told(f"Fiche {number}", number, "Rien.")

    near = near_missions(Mission.objects.for_detail().get(pk=mission.pk))

    assert [(item.mission, item.reason) for item in near] == [
        (other_title, "Sujet proche\u00a0: verger. Même type de territoire\u00a0: commune"),
        (title, "Sujet proche\u00a0: tramway. Même type de territoire\u00a0: commune"),
        (problem, "Sujet proche\u00a0: tramway. Même type de territoire\u00a0: commune"),
    ]


def test_mission_of_many_people_can_be_loaded() -> None:
    mission = make.make_mission()
    people = Person.objects.bulk_create(Person(first_name="A", last_name=str(rank)) for rank in range(1100))
    Authorship.objects.bulk_create(
        Authorship(mission=mission, person=person, position=rank) for rank, person in enumerate(people, start=1)
    )

    (loaded,) = Mission.objects.for_detail().filter(pk=mission.pk)

    assert len({row.person.last_name for row in loaded.authorships.all()}) == 1100


def test_cover_is_served_when_published_and_only_then(client: Client, admin_user: User, private_files: Path) -> None:
    mission = make.make_mission("Avec image")
    draft = make.make_mission("Sans public", state=State.DRAFT)
    for one in (mission, draft):
        one.cover_public.save("image.webp", ContentFile(b"RIFF0000WEBP"))
    bare = make.make_mission("Sans image")

    response = client.get(f"{mission.get_absolute_url()}image/")
    client.force_login(admin_user)

    assert b"".join(response.streaming_content) == b"RIFF0000WEBP"
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, max-age=86400, immutable"
    assert client.get(f"{draft.get_absolute_url()}image/").status_code == 404
    assert client.get(f"{bare.get_absolute_url()}image/").status_code == 404


def test_cover_is_shown_with_its_alternative_text_and_credit(client: Client, private_files: Path) -> None:
    mission = make.make_mission(cover_alt="La place de la mairie", cover_credit="Ville", cover_licence="CC BY 4.0")
    mission.cover_public.save("image.webp", ContentFile(b"RIFF0000WEBP"))

    text = client.get(mission.get_absolute_url()).text

    assert 'alt="La place de la mairie"' in text
    assert "Crédit&nbsp;: Ville · Licence&nbsp;: CC BY 4.0" in text
