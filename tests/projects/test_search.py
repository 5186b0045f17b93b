import pytest

from projects.models import KeyFigure, Mission, Section
from projects.models.mission import State
from projects.search import Answer, Passage, mark_words, passages, query_words, reindex, search
from tests.factories import make_collectivity, make_method, make_mission, make_region, make_theme

pytestmark = pytest.mark.django_db


def titles(query: str) -> list[str]:
    ids = search(Mission.objects.published(), query).ids or []
    found = Mission.objects.in_bulk(ids)
    return [found[pk].title for pk in ids]


@pytest.mark.parametrize(
    "query",
    ["cœur", "COEUR", "Coeurs", "œuvre cœur", "l'œuvre", "L’ŒUVRE", "réalisé", "REALISE", "re\u0301alise", "été"],
)
def test_search_folds_accents_case_ligatures_and_apostrophes(query: str) -> None:
    make_mission("Au cœur de l’œuvre réalisée en été")
    make_mission("Autre chose")
    make_mission("Au cœur de l’œuvre réalisée en été (brouillon)", state=State.DRAFT)

    assert titles(query) == ["Au cœur de l’œuvre réalisée en été"]


def test_search_requires_every_word_and_puts_titles_first_then_names() -> None:
    make_mission("Fiche du texte", number=1, texts={Section.Kind.CONTEXTE: "<p>Une histoire de logement.</p>"})
    make_mission("Fiche du nom", number=2, collectivities=[make_collectivity("Office du logement")])
    make_mission("Le logement en titre", number=3)
    make_mission("Sans rapport", number=4)

    assert titles("logement") == ["Le logement en titre", "Fiche du nom", "Fiche du texte"]
    assert titles("logement histoire") == ["Fiche du texte"]


def test_search_finds_beginnings_of_words_only() -> None:
    make_mission("Une régie de l’eau")
    make_mission("Un nouveau bureau")

    assert titles("eau") == ["Une régie de l’eau"]
    assert titles("eaux") == ["Une régie de l’eau"]
    assert titles("de l’eau") == ["Une régie de l’eau"]


def test_search_reads_place_theme_and_confirmed_methods() -> None:
    place = make_collectivity("Ville A", region=make_region("Bretagne", "53"), aliases=["Aville"])
    make_mission("M", theme=make_theme("Piloter"), collectivities=[place], methods=[make_method("Persona")])

    assert [titles(query) for query in ("bretagne", "aville", "piloter", "persona", "occitanie")] == [
        ["M"],
        ["M"],
        ["M"],
        ["M"],
        [],
    ]


def test_equal_scores_come_in_book_order() -> None:
    third = make_mission("Ateliers", number=3)
    first = make_mission("Ateliers", number=1)
    unnumbered = make_mission("Ateliers", number=2)
    Mission.objects.filter(pk=unnumbered.pk).update(number=None)

    assert search(Mission.objects.published(), "ateliers").ids == [first.pk, third.pk, unnumbered.pk]


@pytest.mark.parametrize(
    ("query", "notices"),
    [
        ("", []),
        ("   ", []),
        ("« ?! »", ["La recherche ne contient aucun mot\u00a0: elle a été ignorée."]),
        ("\x00", ["La recherche ne contient aucun mot\u00a0: elle a été ignorée."]),
        ("\ud800", ["La recherche ne contient aucun mot\u00a0: elle a été ignorée."]),
    ],
)
def test_query_without_a_word_finds_everything(query: str, notices: list[str]) -> None:
    answer = search(Mission.objects.published(), query)

    assert (answer.ids, answer.notices) == (None, notices)


def test_nul_and_surrogates_separate_words() -> None:
    mission = make_mission("Logement social")

    answer = search(Mission.objects.published(), "logement\x00social\ud800")

    assert answer == Answer("logement social\ud800", [mission.pk], [])


def test_long_query_is_cut_and_says_so() -> None:
    answer = search(Mission.objects.published(), "mot " * 750)
    many = search(Mission.objects.published(), " ".join(f"mot{rank}" for rank in range(20)))

    assert (answer.ids, answer.notices) == ([], ["La recherche a été coupée à 300 caractères."])
    assert (many.ids, many.notices) == ([], ["Seuls les 12 premiers mots ont été cherchés."])


def test_query_words_leave_out_common_words_beside_others() -> None:
    assert query_words("Réorganiser l’accueil de la mairie, des mairies") == ["reorganiser", "accueil", "mairie"]
    assert query_words("de la") == ["de", "la"]
    assert query_words("processus bus") == ["processu", "bus"]


def test_mark_words_escapes_and_marks_whole_words() -> None:
    marked = mark_words("L’<b>Œuvre</b> & les œuvres-clés", ["oeuvre"])

    assert marked == "L’&lt;b&gt;<mark>Œuvre</mark>&lt;/b&gt; &amp; les <mark>œuvres</mark>-clés"


def test_passages_lead_to_their_sections() -> None:
    mission = make_mission(
        texts={
            Section.Kind.CONTEXTE: "<p>La mairie accueille. Une phrase sans rapport.</p>",
            Section.Kind.CLES_POUR_AGIR: "<p>Rien.</p><p>L’accueil de la mairie est repensé.</p>",
        }
    )
    KeyFigure.objects.create(mission=mission, position=1, value="3", label="mairies annexes")
    loaded = Mission.objects.for_cards().with_text().get(pk=mission.pk)
    url = mission.get_absolute_url()

    found = passages(loaded, query_words("accueil mairie"))

    assert found == [
        Passage("contexte", "Contexte", f"{url}#rubrique-1", "La <mark>mairie</mark> <mark>accueille</mark>."),
        Passage(
            "cles_pour_agir",
            "Des clés pour agir",
            f"{url}#rubrique-3",
            "L’<mark>accueil</mark> de la <mark>mairie</mark> est repensé.",
        ),
    ]
    assert passages(loaded, ["annexe"]) == [
        Passage("chiffres", "Les chiffres", f"{url}#chiffres", "3 mairies <mark>annexes</mark>")
    ]
    assert passages(loaded, []) == []


def test_passages_without_a_section_tell_the_summary_or_the_method() -> None:
    methods = [make_method("Créativité", synonyms=["atelier créatif"]), make_method("Entretiens")]
    mission = make_mission("M", methods=methods, summary_done="Douze visites de terrain.")
    loaded = Mission.objects.for_cards().with_text().get(pk=mission.pk)
    url = mission.get_absolute_url()

    assert passages(loaded, ["atelier"]) == [
        Passage("method", "Méthode\u00a0: Créativité", f"{url}#methodes", "<mark>atelier</mark> créatif")
    ]
    assert passages(loaded, ["visite"]) == [
        Passage("summary", "En bref", f"{url}#en-bref", "Douze <mark>visites</mark> de terrain.")
    ]
    assert [passage.section for passage in passages(loaded, ["entretien"])] == ["cles_pour_agir"]


def test_passage_of_a_long_sentence_is_cut_between_words() -> None:
    long = "mot " * 100 + "cible " + "fin " * 100
    mission = make_mission(texts={Section.Kind.CONTEXTE: f"<p>{long}</p>"})

    html = passages(Mission.objects.for_cards().with_text().get(pk=mission.pk), ["cible"])[0].html

    assert "<mark>cible</mark>" in html
    assert html.startswith("… mot ")
    assert html.endswith("fin …")
    assert len(html) < 250


def test_reindex_follows_what_changed() -> None:
    mission = make_mission("Ancien titre")
    mission.title = "Nouveau titre"
    mission.save()

    reindex([mission])

    assert (titles("ancien"), titles("nouveau")) == ([], ["Nouveau titre"])
