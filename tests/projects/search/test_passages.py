"""The extracts that explain a result: marked words, the section they stand in, the address of the place."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.models import Deliverable, KeyFigure, Mission, Reference, Section
from projects.search import Marks, mark, passages, search
from projects.search.document import FIELDS
from projects.search.told import Told, told_now
from projects.search.words import stems_of
from tests.factories import (
    add_author,
    add_tutor,
    make_collectivity,
    make_domain,
    make_method,
    make_mission,
    make_person,
    make_region,
    make_theme,
)
from tests.projects.search.any_text import any_text
from tests.projects.search.catalogue import synonyms, told


def marks(*texts: str) -> Marks:
    """One text is one thing to mark: a word, or words that must follow each other."""
    return Marks.of([stems_of(text) for text in texts])


def loaded(mission: Mission) -> Told:
    return told_now(Mission.objects.for_search().get(pk=mission.pk))


def found(mission: Mission, *texts: str) -> list[tuple[str, str]]:
    return [(passage.section, str(passage.html)) for passage in passages(loaded(mission), marks(*texts))]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("L’accueil des mairies", ["accueil"], "L’<mark>accueil</mark> des mairies"),
        ("L’<b>Œuvre</b> & les œuvres-clés", ["oeuvre"], "L’&lt;b&gt;<mark>Œuvre</mark>&lt;/b&gt; &amp; les "
         "<mark>œuvres</mark>-clés"),
        ("La réorganisation", ["réorganiser"], "La <mark>réorganisation</mark>"),
        ("Une co-construction", ["coconstruction"], "Une <mark>co-construction</mark>"),
        ("Une construction", ["coconstruction"], "Une construction"),
        ("Les agent·e·s", ["agent"], "Les <mark>agent·e·s</mark>"),
        ("Le C.C.A.S.", ["CCAS"], "Le <mark>C.C.A.S</mark>."),
        ("3\u202f000 lettres", ["3000"], "<mark>3\u202f000</mark> lettres"),
        ("la mairie et la mairie", ["mairie"], "la <mark>mairie</mark> et la <mark>mairie</mark>"),
        # several words: only together, the stopwords between them too
        ("un hôtel de ville, une ville", ["hôtel de ville"], "un <mark>hôtel de ville</mark>, une ville"),
        ("une ville, un hôtel", ["hôtel de ville"], "une ville, un hôtel"),
        ("un hôtel de ville", ["hôtel de ville", "ville"], "un <mark>hôtel de ville</mark>"),
        ("", ["mairie"], ""),
    ],
)  # fmt: skip
def test_mark_escapes_and_marks_whole_words(text: str, words: list[str], expected: str) -> None:
    assert mark(text, marks(*words)) == expected


@given(any_text, st.lists(any_text, max_size=3))
@settings(max_examples=200, deadline=None)
def test_marking_any_text_adds_marks_and_nothing_else(text: str, words: list[str]) -> None:
    html = str(mark(text, marks(*[*words, text])))

    assert unescape(re.sub("</?mark>", "", html)) == unescape(re.sub("</?mark>", "", str(mark(text, marks()))))
    assert re.findall("<[^>]*>", html) == ["<mark>", "</mark>"] * html.count("<mark>")


@pytest.mark.django_db
def test_passages_lead_to_their_sections() -> None:
    mission = make_mission(
        texts={
            Section.Kind.CONTEXTE: "<p>La mairie accueille. Une phrase sans rapport.</p>",
            Section.Kind.CLES_POUR_AGIR: "<p>Rien.</p><p>L’accueil de la mairie est repensé.</p>",
        }
    )
    KeyFigure.objects.create(mission=mission, position=1, value="3", label="mairies annexes")
    url = mission.get_absolute_url()

    first, last = passages(loaded(mission), marks("accueil", "mairie"))
    (figure,) = passages(loaded(mission), marks("annexe"))

    assert (first.section, first.section_label) == ("contexte", "Contexte")
    assert first.html == "La <mark>mairie</mark> <mark>accueille</mark>."
    assert first.url.startswith(f"{url}#")
    assert (last.section, last.section_label) == ("cles_pour_agir", "Des clés pour agir")
    assert last.html == "L’<mark>accueil</mark> de la <mark>mairie</mark> est repensé."
    assert (figure.section, figure.section_label, figure.html) == (
        "chiffres",
        "Les chiffres",
        "3 mairies <mark>annexes</mark>",
    )
    assert passages(loaded(mission), marks()) == []


@pytest.mark.django_db
def test_passages_are_three_at_most_and_each_shows_something_more() -> None:
    same = dict.fromkeys(Section.Kind, "<p>La mairie.</p>")
    mission = make_mission(texts={**same, Section.Kind.ZOOM: "<p>La mairie et le tramway.</p>"})

    assert found(mission, "mairie", "tramway") == [
        ("contexte", "La <mark>mairie</mark>."),
        ("zoom", "La <mark>mairie</mark> et le <mark>tramway</mark>."),
    ]
    assert len(found(mission, "mairie")) <= 3


@pytest.mark.django_db
def test_passages_only_of_the_sections_searched() -> None:
    mission = told("M", contexte="La mairie.", cles_pour_agir="La mairie aussi.")

    shown = passages(loaded(mission), marks("mairie"), fields=FIELDS["cles_pour_agir"].bit)

    assert [passage.section for passage in shown] == ["cles_pour_agir"]


@pytest.mark.django_db
def test_passages_without_a_section_tell_the_summary_or_the_method() -> None:
    methods = [make_method("Créativité", synonyms=["atelier créatif"]), make_method("Entretiens")]
    mission = make_mission("M", methods=methods, summary_done="Douze visites de terrain.")
    url = mission.get_absolute_url()

    (method,) = passages(loaded(mission), marks("atelier"))
    (summary,) = passages(loaded(mission), marks("visite"))

    assert (method.section, method.section_label) == ("method", "Méthode\u00a0: Créativité")
    assert (method.html, method.url) == ("<mark>atelier</mark> créatif", f"{url}#methodes")
    assert (summary.section, summary.section_label) == ("summary", "En bref")
    assert (summary.html, summary.url) == ("Douze <mark>visites</mark> de terrain.", f"{url}#en-bref")
    assert (method.is_extract, summary.is_extract) == (False, True)
    assert [section for section, _ in found(mission, "entretien")] == ["cles_pour_agir"]


@pytest.mark.django_db
def test_passages_of_references_and_deliverables_lead_to_where_they_stand() -> None:
    mission = make_mission(texts={Section.Kind.ZOOM: "<p>Rien.</p>", Section.Kind.ALLER_PLUS_LOIN: ""})
    zoom, further = (mission.sections.get(kind=kind) for kind in (Section.Kind.ZOOM, Section.Kind.ALLER_PLUS_LOIN))
    Reference.objects.create(mission=mission, position=1, text="Un guide du verger")
    Reference.objects.create(mission=mission, position=2, text="Une étude du tramway", section=zoom)
    Deliverable.objects.create(mission=mission, position=1, title="Charte de la piscine")
    loose = make_mission(texts={Section.Kind.ZOOM: "<p>Rien.</p>"})
    Reference.objects.create(mission=loose, position=1, text="Un guide du verger")

    def shown(of: Mission, word: str) -> list[tuple[str, str, str, bool]]:
        there = passages(loaded(of), marks(word))
        return [(each.section_label, each.url.partition("#")[2], str(each.html), each.is_extract) for each in there]

    assert shown(mission, "verger") == [("Aller plus loin", further.anchor, "Un guide du <mark>verger</mark>", True)]
    assert shown(mission, "tramway") == [("Zoom", zoom.anchor, "Une étude du <mark>tramway</mark>", True)]
    assert shown(mission, "piscine") == [("Livrables", "livrables", "Charte de la <mark>piscine</mark>", True)]
    assert shown(loose, "verger") == [("Aller plus loin", "aller-plus-loin", "Un guide du <mark>verger</mark>", True)]


@pytest.mark.django_db
def test_result_without_a_passage_says_what_it_was_found_by() -> None:
    region = make_region("Bretagne", "53")
    mission = make_mission(
        "Le verger",
        theme=make_theme("Piloter"),
        domains=[make_domain("Habitat")],
        collectivities=[make_collectivity("Ville A", region=region, aliases=["Aville"])],
        texts={Section.Kind.CONTEXTE: "<p>La piscine.</p>"},
    )
    add_author(mission, make_person("Camille", "Exemple"))
    add_author(mission, make_person("Claude", "Secret", display_mode="masque"), position=2)
    add_tutor(mission, make_person("Alix", "Tuteur"), job_title="Directrice")

    def said(*words: str) -> list[tuple[str, str]]:
        return [(each.section_label, str(each.html)) for each in passages(loaded(mission), marks(*words))]

    assert said("verger") == [("Titre", "Le <mark>verger</mark>")]
    assert said("aville") == [("Collectivité", "<mark>Aville</mark>")]
    assert said("bretagne") == [("Région", "<mark>Bretagne</mark>")]
    assert said("exemple") == [("Équipe", "Camille <mark>Exemple</mark>")]
    assert said("secret") == []
    assert said("directrice") == [("Tutorat", "Alix Tuteur, <mark>Directrice</mark>")]
    assert said("habitat") == [("Domaine", "<mark>Habitat</mark>")]
    assert said("piloter") == [("Thème", "<mark>Piloter</mark>")]
    # beside a passage, what the card does not show
    assert said("piscine", "verger", "exemple") == [
        ("Contexte", "La <mark>piscine</mark>."),
        ("Équipe", "Camille <mark>Exemple</mark>"),
    ]


@pytest.mark.django_db
def test_expression_is_marked_where_it_stands_whole() -> None:
    told("M", contexte="Un accueil à la mairie. L’accueil de la mairie. Une mairie.", zoom="Accueil de mairie.")
    mission = Mission.objects.get()

    def shown(query: str) -> list[str]:
        answer = search(query)
        return [str(each.html) for each in passages(loaded(mission), Marks.of(answer.marks, answer.phrases))]

    assert shown('"accueil de la mairie"') == ["L’<mark>accueil de la mairie</mark>."]
    assert shown('"de mairie"') == ["Accueil <mark>de mairie</mark>."]
    assert shown('"accueil de la mairie" une') == ["L’<mark>accueil de la mairie</mark>."]


@pytest.mark.django_db
def test_passage_of_a_long_sentence_is_cut_between_words() -> None:
    mission = told("M", contexte="mot " * 100 + "cible " + "fin " * 100)

    ((_, html),) = found(mission, "cible")

    assert "<mark>cible</mark>" in html
    assert html.startswith("… mot ")
    assert html.endswith("fin …")
    assert len(html) < 250


@pytest.mark.django_db
def test_what_is_marked_is_what_was_searched() -> None:
    synonyms("GPEC", "gestion prévisionnelle des emplois")
    told("M", contexte="Une gestion prévisionnelle des emplois. Une gestion. Un hôtel.")

    def marked(query: str) -> list[str]:
        mission = Mission.objects.get()
        shown = passages(loaded(mission), Marks.of(search(query).marks))
        return [word for passage in shown for word in re.findall("<mark>(.*?)</mark>", passage.html)]

    assert marked("hotels") == ["hôtel"]
    assert marked("gpec") == ["gestion prévisionnelle des emplois"]
    assert marked("hotel -mairie") == ["hôtel"]
    assert marked("hottel") == ["hôtel"]
