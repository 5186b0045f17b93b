"""The extracts that explain a result: marked words, the section they stand in, the address of the place."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.models import KeyFigure, Mission, Section
from projects.search import Marks, mark, passages, search
from projects.search.words import stems_of
from tests.factories import make_method, make_mission
from tests.projects.search.any_text import any_text
from tests.projects.search.catalogue import synonyms, told


def marks(*texts: str) -> Marks:
    """One text is one thing to mark: a word, or words that must follow each other."""
    return Marks.of([stems_of(text) for text in texts])


def loaded(mission: Mission) -> Mission:
    return Mission.objects.for_cards().with_text().get(pk=mission.pk)


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

    shown = passages(loaded(mission), marks("mairie"), kinds=frozenset({"cles_pour_agir"}))

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
    assert [section for section, _ in found(mission, "entretien")] == ["cles_pour_agir"]


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
