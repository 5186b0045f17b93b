"""What a query finds on small catalogues, in order, and what is said of it."""

import pytest

from casebook.text import NBSP
from projects.models import KeyFigure, Mission, SearchDocument, Section
from projects.models.mission import State
from projects.search import reindex, search
from projects.search.document import FIELDS
from tests.factories import (
    add_author,
    make_collectivity,
    make_edition,
    make_method,
    make_mission,
    make_person,
    make_region,
    make_theme,
)
from tests.projects.search.catalogue import synonyms, titles, titles_of, told

pytestmark = pytest.mark.django_db

NO_WORD = f"La recherche ne contient aucun mot{NBSP}: elle a été ignorée."


# Words


@pytest.mark.parametrize(
    "query",
    ["cœur", "COEUR", "Coeurs", "œuvre cœur", "l'œuvre", "L’ŒUVRE", "réalisé", "REALISE", "re\u0301alise", "été"],
)
def test_search_folds_accents_case_ligatures_and_apostrophes(query: str) -> None:
    make_mission("Au cœur de l’œuvre réalisée en été")
    make_mission("Autre chose")
    make_mission("Au cœur de l’œuvre réalisée en été (brouillon)", state=State.DRAFT)

    assert titles(query) == ["Au cœur de l’œuvre réalisée en été"]


def test_search_finds_families_and_not_inner_pieces() -> None:
    make_mission("Une régie de l’eau")
    make_mission("Un nouveau bureau")
    make_mission("La réorganisation des services")

    assert titles("eaux") == ["Une régie de l’eau"]
    assert titles("de l’eau") == ["Une régie de l’eau"]
    assert titles("réorganiser un service") == ["La réorganisation des services"]


def test_joined_and_hyphenated_forms_meet() -> None:
    told("Un", contexte="Une coconstruction heureuse.")
    told("Deux", contexte="Une co-construction heureuse.")
    told("Trois", contexte="La construction d’une école, avec un co-financement.")

    assert sorted(titles("co-construction")) == ["Deux", "Un"]
    assert sorted(titles("coconstruction")) == ["Deux", "Un"]
    assert titles("cofinancement") == ["Trois"]


def test_search_reads_names_methods_figures_and_inclusive_endings() -> None:
    place = make_collectivity("Ville A", region=make_region("Bretagne", "53"), aliases=["Aville"])
    mission = make_mission(
        "M",
        theme=make_theme("Piloter"),
        collectivities=[place],
        methods=[make_method("Persona", synonyms=["profil type"])],
        texts={Section.Kind.CONTEXTE: "<p>Les agent·e·s et les élu.e.s du C.C.A.S. ont reçu 3 000 lettres.</p>"},
        summary_done="Douze visites.",
    )
    add_author(mission, make_person("Camille", "Exemple"))
    KeyFigure.objects.create(mission=mission, position=1, value="45", label="kilomètres")
    reindex([mission])
    make_mission("Autre", theme=make_theme("Autrement", 2), texts=dict.fromkeys(Section.CORE_KINDS, "<p>Rien.</p>"))

    found = ["bretagne", "aville", "piloter", "persona", "profils", "camille", "agents", "élues", "ccas", "c.c.a.s."]
    found += ["3000", "3 000", "visite", "45 kilomètres"]
    assert {query: titles(query) for query in found} == {query: ["M"] for query in found}
    assert titles("occitanie") == []


# Order


def test_titles_come_first_then_names_then_texts() -> None:
    told("Fiche du texte", number=1, contexte="Une histoire de logement.")
    office = make_collectivity("Office du logement", official_name="OPH")
    make_mission("Fiche du nom", number=2, collectivities=[office])
    make_mission("Le logement en titre", number=3)
    make_mission("Sans rapport", number=4)

    assert titles("logement") == ["Le logement en titre", "Fiche du nom", "Fiche du texte"]
    assert titles("logement histoire") == ["Fiche du texte"]


def test_words_that_stand_together_come_before_words_apart() -> None:
    told("Loin", number=1, contexte="Une eau claire. Le prix du marché. La régie publique du transport.")
    told("Près", number=2, contexte="Un marché. Une régie publique claire de l’eau. Le prix du transport.")

    assert titles("régie publique") == ["Loin", "Près"]  # as good: the book's order
    assert titles("publique claire") == ["Près", "Loin"]


def test_rare_words_weigh_more_than_common_ones() -> None:
    for number in range(1, 6):
        told(f"Commune {number}", number=number, contexte="Des ateliers.")
    told("Rare", number=6, contexte="Un verger.")

    assert titles("ateliers OU verger")[0] == "Rare"


def test_equal_scores_come_in_book_order() -> None:
    third = told("Ateliers", number=3)
    first = told("Ateliers", number=1)
    unnumbered = told("Ateliers", number=2)
    newer = make_mission(
        "Ateliers", number=9, edition=make_edition(2021), texts=dict.fromkeys(Section.CORE_KINDS, "<p>Rien.</p>")
    )
    Mission.objects.filter(pk=unnumbered.pk).update(number=None)
    reindex([unnumbered])

    assert search("ateliers").ids == [newer.pk, first.pk, third.pk, unnumbered.pk]


def test_one_mission_does_not_move_two_others() -> None:
    told("Un", number=1, contexte="Un atelier, un atelier.")
    told("Deux", number=2, contexte="Un atelier et de nombreux mots qui ne disent rien de plus que cela.")
    before = titles("atelier")

    told("Trois", number=3, contexte="mot " * 2000)

    assert titles("atelier") == before == ["Un", "Deux"]


# Expressions


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"accueil physique"', ["Un"]),
        ("« accueil physique »", ["Un"]),
        ('"physique accueil"', ["Deux"]),
        ('"accueil de la mairie"', ["Trois"]),  # stopwords as they were typed, at their places
        ('"accueil à la mairie"', []),
        ('"accueil de mairie"', ["Deux"]),
        ('"de la mairie"', ["Trois"]),
        ('"une mairie"', ["Un"]),
        ('"accueil de la"', ["Trois"]),
        ('"l’accueil de la mairie" OU "quel accueil"', ["Quatre", "Trois"]),
        ('accueil -"accueil de la mairie"', ["Deux", "Quatre", "Un"]),
        ('"accueil mairie"', ["Quatre"]),
        ('"mairie annexe"', ["Un"]),
        ('"accueil physique" mairie', ["Un"]),
        ('"accueils physiques"', ["Un"]),
        ('"accueil physique" OU "physique accueil"', ["Deux", "Un"]),
        ('accueil -"accueil physique"', ["Deux", "Quatre", "Trois"]),
    ],
)
def test_expression_is_words_in_this_order_in_one_section(query: str, expected: list[str]) -> None:
    told("Un", contexte="Une mairie annexe. Un accueil physique.")
    told("Deux", contexte="Une physique. Accueil de mairie.", problematique="Le physique accueil.")
    told("Trois", contexte="L’accueil de la mairie.", problematique="Annexe ?")
    told("Quatre", contexte="Quel accueil, mairie\u00a0?")

    assert sorted(titles(query)) == expected


def test_expression_of_a_document_that_keeps_no_stopwords_yet_is_taken_at_its_places() -> None:
    told("Avant", number=1, contexte="Un accueil de la mairie.")
    told("Après", number=2, contexte="Un accueil de la mairie.")
    SearchDocument.objects.filter(mission__title="Avant").update(stopwords=None)

    assert titles('"accueil de la mairie"') == ["Avant", "Après"]
    assert titles('"accueil à la mairie"') == ["Avant"]


def test_expression_does_not_run_from_one_text_into_another() -> None:
    told("Mairie", contexte="Annexe mairie", problematique="annexe mairie")

    assert titles('"mairie annexe"') == []
    assert titles('"annexe mairie"') == ["Mairie"]


def test_expression_after_a_very_long_text_is_still_found() -> None:
    told("Long", contexte="mot " * 70_000 + "hôtel tournant")

    assert titles("tournant") == ["Long"]


# Exclusions


def test_exclusion_is_by_word_not_by_family() -> None:
    told("Tarif", contexte="Le tarif.")
    told("Tarifs", contexte="Les tarifs de l’année.")
    told("Tarification", contexte="La tarification.")
    told("Rien")

    assert sorted(titles("tarif")) == ["Tarif", "Tarification", "Tarifs"]
    assert sorted(titles("tarif -tarification")) == ["Tarif", "Tarifs"]
    assert sorted(titles("tarif -tarif")) == ["Tarification"]
    assert sorted(titles("tarif -tarifs")) == ["Tarification"]
    assert titles("année -tarifs") == []


def test_only_exclusions_find_everything_but_in_book_order() -> None:
    told("Zones", number=1, contexte="Un tarif.")
    told("Écoles", number=2)
    told("Agora", number=3, contexte="Une école.")
    make_mission("Brouillon", number=4, state=State.DRAFT)

    assert titles("-tarif") == ["Écoles", "Agora"]
    assert titles("-tarif -agora") == ["Écoles"]
    assert titles("-inconnu") == ["Zones", "Écoles", "Agora"]
    assert search("-tarif").notices == []


def test_exclusion_of_an_expression() -> None:
    told("Un", contexte="Un hôtel de ville.")
    told("Deux", contexte="Une ville sans hôtel.")

    assert titles('ville -"hôtel de ville"') == ["Deux"]


# OU


def test_exclusion_of_an_expression_is_by_words_not_by_families() -> None:
    told("Un", number=1, contexte="L’accueil physique.")
    told("Des", number=2, contexte="Les accueils physiques.")
    told("Famille", number=3, contexte="Accueillir physiquement.")

    assert titles('"accueil physique"') == ["Un", "Des", "Famille"]
    assert titles('physique -"accueil physique"') == ["Famille"]
    assert titles('physique -"accueillir physiquement"') == ["Un", "Des"]


def test_number_is_found_however_its_unit_is_written() -> None:
    told("Collée", number=1, contexte="Une surface de 3 000m².")
    told("Séparée", number=2, contexte="Une surface de 3\u202f000\u00a0m².")

    for query in ("3000", "3 000 m2", "3000m2", "3 000m²", "3000 m²"):
        assert titles(query) == ["Collée", "Séparée"], query


def test_or_takes_any_of_the_words() -> None:
    told("Un", number=1, contexte="Un tramway ancien.")
    told("Deux", number=2, contexte="Un métro ancien.")
    told("Trois", number=3, contexte="Un bus ancien.")
    told("Quatre", number=4, contexte="Un bus neuf.")

    assert sorted(titles("tramway OU métro")) == ["Deux", "Un"]
    assert sorted(titles("tramway OU métro OU bus ancien")) == ["Deux", "Trois", "Un"]
    assert titles("ancien tramway OU inconnu") == ["Un"]


# All words, or most of them


def test_without_all_words_those_that_have_most_and_it_is_said() -> None:
    told("Trois mots", contexte="Un tramway, une gare, un pont.")
    told("Deux mots", contexte="Un tramway, une gare.")
    told("Un mot", contexte="Un tramway.")

    all_words = search("tramway gare pont")
    most = search("tramway gare pont girafe")
    few = search("tramway girafe éléphant")

    assert (titles_of(all_words), all_words.notices) == (["Trois mots"], [])
    assert (titles_of(most), most.notices) == (
        ["Trois mots"],
        [f"Aucune mission ne répond à tous les mots{NBSP}: «{NBSP}girafe{NBSP}» n’a pas été cherché."],
    )
    assert (titles_of(few), few.notices) == ([], [])


def test_words_that_no_mission_has_together_are_counted() -> None:
    told("Tramway", contexte="Un tramway, une gare.")
    told("Pont", contexte="Un pont, une gare.")

    answer = search("tramway pont gare")

    assert sorted(titles_of(answer)) == ["Pont", "Tramway"]
    assert answer.notices == [
        f"Aucune mission ne répond à tous les mots{NBSP}: voici celles qui en ont 2{NBSP}mots sur 3."
    ]


def test_sentence_finds_those_with_its_telling_words_and_forgets_what_most_have() -> None:
    told("Rares", contexte="Un tramway, une passerelle.")
    told("Communs", contexte="Une gare, un service.")
    for number in range(4):
        told(f"Autre {number}", contexte="Un service, une gare et du public.")

    answer = search("tramway passerelle girafe service")

    assert (titles_of(answer), answer.notices) == (
        ["Rares"],
        [f"Aucune mission ne répond à tous les mots{NBSP}: «{NBSP}girafe{NBSP}» n’a pas été cherché."],
    )


def test_sentence_that_few_answer_goes_on_with_the_nearest_and_says_it() -> None:
    told("Partie", contexte="Un tramway, une passerelle, un viaduc.")
    told("Tout", contexte="Un tramway, une passerelle, un viaduc, un tunnel.")
    for number in range(4):
        told(f"Autre {number}", contexte="Rien de cela.")

    answer = search("tramway passerelle viaduc tunnel")

    assert (titles_of(answer), answer.notices) == (
        ["Tout", "Partie"],
        [f"1{NBSP}mission répond à tous les mots{NBSP}: les suivantes n’en ont qu’une partie."],
    )


def test_sentence_is_counted_in_each_field_as_it_is_found_there() -> None:
    told("Un", contexte="Un tramway, une passerelle.", cles_pour_agir="Un viaduc, un tunnel.")
    told("Deux", contexte="Un tramway.", cles_pour_agir="Un tunnel, un viaduc, une passerelle.")
    told("Trois", contexte="Rien de cela.", cles_pour_agir="Un tramway.")
    query = "tramway passerelle viaduc tunnel"
    fields = {name: FIELDS[name].bit for name in ("contexte", "cles_pour_agir", "chiffres")}

    answer = search(query)

    found = {name: int(search(query, within=bit).found.sum()) for name, bit in fields.items()}
    assert answer.counts_in(fields, answer.memory.public) == found
    assert sorted(found.values(), reverse=True)[0] > 0


def test_weak_words_of_a_long_query_may_be_missing() -> None:
    told("Un", contexte="La fusion de communes.")

    answer = search("comment réussir la fusion de nos communes")

    assert (titles_of(answer), answer.notices) == (["Un"], [])


# Synonyms and acronyms


def test_synonyms_have_effect_at_once_and_come_after_the_word_itself() -> None:
    told("Habitat", number=1, contexte="Un logement.")
    told("Habitation", number=2, contexte="Une demeure.")

    assert titles("demeure") == ["Habitation"]

    synonyms("logement", "demeure")

    assert titles("demeure") == ["Habitation", "Habitat"]
    assert titles("logement") == ["Habitat", "Habitation"]


def test_synonyms_of_several_words() -> None:
    told("Sigle", number=1, contexte="Une gpec.")
    told("Long", number=2, contexte="Une gestion prévisionnelle des emplois et des compétences.")
    told("Mots", number=3, contexte="La gestion des compétences. L’emploi est prévisionnel.")
    synonyms("GPEC", "gestion prévisionnelle des emplois et des compétences", "gestion des carrières")

    assert titles("gpec") == ["Sigle", "Long"]
    assert titles("GPEC") == ["Sigle", "Long"]
    assert titles("gestion prévisionnelle des emplois et des compétences")[:1] == ["Long"]
    assert sorted(titles("gestion prévisionnelle des emplois et des compétences")) == ["Long", "Mots", "Sigle"]
    assert titles("gestion des carrières") == ["Sigle", "Long"]
    assert titles("gpec -prévisionnelle") == ["Sigle"]


def test_synonym_that_a_mission_takes_up_later_is_found() -> None:
    synonyms("BIM", "maquette numérique du bâtiment")
    told("Plus tard", contexte="Une maquette numérique du bâtiment.")

    assert titles("bim") == ["Plus tard"]


def test_known_expression_comes_before_its_words_apart() -> None:
    synonyms("PLU", "plan local d’urbanisme")
    told("Épars", contexte="Un plan, un local, un plan encore. L’urbanisme local.")
    told("Sigle", contexte="Le PLU.")
    told("Ensemble", contexte="Le plan local d’urbanisme.")

    assert titles("plan local d'urbanisme") == ["Ensemble", "Sigle", "Épars"]


def test_broader_term_is_found_by_the_others_and_finds_none_of_them() -> None:
    synonyms("vélo", "bicyclette", "→ mobilité")
    told("Vélo", contexte="Le vélo.")
    told("Mobilité", contexte="La mobilité.")

    assert sorted(titles("bicyclette")) == ["Mobilité", "Vélo"]
    assert titles("vélo") == ["Vélo", "Mobilité"]
    assert titles("mobilité") == ["Mobilité"]


def test_word_and_its_synonym_together_come_before_the_word_said_as_often() -> None:
    synonyms("vélo", "bicyclette")
    told("Synonyme", contexte="La bicyclette.")
    told("Mot", contexte="Le vélo.")
    told("Les deux", contexte="Le vélo, la bicyclette.")

    assert titles("vélo") == ["Les deux", "Mot", "Synonyme"]


def test_other_names_of_a_method_are_synonyms() -> None:
    make_method("Étalonnage", synonyms=["benchmark"])
    told("Un", contexte="Un benchmark.")

    assert titles("étalonnage") == ["Un"]


def test_initials_of_words_find_the_acronym_written_in_capitals() -> None:
    told("Sigle", contexte="Une ZAC.")
    told("Mot", contexte="Un zac, zac.")

    assert titles("zone d’aménagement concerté") == ["Mot", "Sigle"]  # the word, once it is known to be an acronym


def test_initials_find_no_common_word() -> None:
    told("Bas", contexte="Un bas de page.")

    assert titles("bureau annexe social") == []


# Typing errors


def test_typing_error_is_corrected_and_told() -> None:
    told("Eaux", contexte="L’assainissement de l’eau.")

    answer = search("assainisement de l’eau")

    assert (titles_of(answer), answer.corrected) == (["Eaux"], "assainissement de l’eau")
    assert answer.query == "assainisement de l’eau"


def test_literal_query_is_not_corrected() -> None:
    told("Eaux", contexte="L’assainissement de l’eau.")

    answer = search("assainisement", literal=True)

    assert (titles_of(answer), answer.corrected) == ([], "")


def test_known_and_real_words_are_not_corrected() -> None:
    told("Un", contexte="Une prairie. Un emploi.")
    make_method("Persona")

    for query in ("mairie", "réemploi", "persona", "prairie"):
        assert search(query).corrected == "", query
    assert titles("mairie") == []


def test_words_in_quotes_and_after_ou_are_corrected_too() -> None:
    told("Un", contexte="Un accueil physique.")

    assert (search('"acceuil physiqeu"').corrected, titles('"acceuil physiqeu"')) == ('"accueil physique"', ["Un"])
    assert search("tramway OU acceuil").corrected == "tramway OU accueil"
    assert search("-acceuil").corrected == ""


def test_beginning_of_a_known_word_is_no_error() -> None:
    told("Un", contexte="Une intercommunalité.")

    answer = search("intercommunal")

    assert (titles_of(answer), answer.corrected) == (["Un"], "")


# Chercher dans


def test_within_only_some_fields() -> None:
    told("Contexte", contexte="Un tramway ancien.")
    told("Clés", cles_pour_agir="Un tramway.", contexte="Une rue ancienne.")
    make_mission("Tramway en titre")
    keys, context = FIELDS["cles_pour_agir"].bit, FIELDS["contexte"].bit

    assert titles("tramway", within=keys) == ["Clés"]
    assert sorted(titles("tramway", within=keys | context)) == ["Clés", "Contexte"]
    assert titles("tramway ancien", within=context) == ["Contexte"]
    assert titles('"tramway ancien"', within=context) == ["Contexte"]
    assert titles('"tramway ancien"', within=keys) == []


# Nothing asked, or too much


@pytest.mark.parametrize(
    ("query", "notices"),
    [("", []), ("   ", []), ("« ?! »", [NO_WORD]), ("\x00", [NO_WORD]), ("\ud800", [NO_WORD]), ("OU OU", [NO_WORD])],
)
def test_query_without_a_word_finds_everything(query: str, notices: list[str]) -> None:
    make_mission("Publiée")
    make_mission("Brouillon", state=State.DRAFT)

    answer = search(query)

    assert (answer.ids, answer.notices, titles_of(answer)) == (None, notices, ["Publiée"])


def test_long_query_is_cut_and_says_so() -> None:
    make_mission("Publiée")
    cut = search("mot " * 750)
    many = search(" ".join(f"mot{rank}" for rank in range(20)))

    assert (cut.ids, cut.notices) == (
        [],
        ["La recherche a été coupée à 300 caractères.", "Seuls les 12 premiers mots ont été cherchés."],
    )
    assert (many.ids, many.notices) == ([], ["Seuls les 12 premiers mots ont été cherchés."])


def test_empty_catalogue_answers_nothing() -> None:
    assert (search("mairie").ids, search("").ids, search("-mairie").ids) == ([], None, [])
