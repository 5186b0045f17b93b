from itertools import pairwise

import pytest
from hypothesis import given, settings

from projects.search.words import PREFIXES, STOPWORDS, singular, stem, stems_of, stopword_code, units, words_of
from tests.projects.search.any_text import any_text


def parts(text: str) -> list[str]:
    return [part for unit in units(text) for part in unit.parts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # folding
        ("Cœur ŒUVRE œ", ["coeur", "oeuvre", "oe"]),
        ("réalise re\u0301alise RÉALISE", ["realise", "realise", "realise"]),
        ("été\u00ad co\u00adhé\u200bsion", ["ete", "cohesion"]),
        ("straße", ["strasse"]),
        # dotted acronyms
        ("C.C.A.S. et a.b.", ["ccas", "et", "ab"]),
        # thousands, by any space; not what only looks like them
        ("3 000 agents", ["3000", "agents"]),
        ("3\u202f000\u00a0000 €", ["3000000"]),
        ("1 2 3", ["1", "2", "3"]),
        ("12 500,5", ["12500", "5"]),
        ("en 2019 100 agents", ["en", "2019", "100", "agents"]),
        # units written against their number
        ("3 000m², 3000m2, 3 000 m²", ["3000", "m2"] * 3),
        ("45h 12km/h 3M 2e 4x", ["45", "h", "12", "km", "h", "3", "m", "2e", "4x"]),
        # ordinals and versions
        ("1^{er} 2^e 1er 3ème", ["1er", "2e", "1er", "3eme"]),
        ("industrie 4.0", ["industrie", "4.0"]),
        # inclusive endings: a closed list, so that no sentence is cut short
        ("agent.e.s agent·e·s agent-e-s agent•e•s", ["agent"] * 4),
        ("acteur·rice·s directeur-rice professionnel.le.s", ["acteur", "directeur", "professionnel"]),
        ("citoyen.ne.s administratif.ve.s usager.ère.s chargé.e.s", ["citoyen", "administratif", "usager", "charge"]),
        ("ceux.celles tous·toutes", ["ceux", "tous"]),
        ("C’est fini.La suite.Elle vient.", ["est", "fini", "la", "suite", "elle", "vient"]),
        ("un texte.les autres", ["un", "texte", "les", "autres"]),
        # elisions, whatever the apostrophe
        ("l’œuvre d'art L'INET", ["oeuvre", "art", "inet"]),
        ("jusqu’à lorsqu'on qu'il puisqu’elle quelqu’un", ["a", "on", "il", "elle", "un"]),
        ("aujourd’hui aujourd'hui", ["aujourdhui", "aujourdhui"]),
        ("d’1 million", ["1", "million"]),
        ("prud’homme", ["prud", "homme"]),
        # nothing but signs
        ("?! … « » ' - -- \x00 \ud800 👩\u200d💻", []),
    ],
)
def test_words_of_a_text_are_these(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected", "joined", "is_prefixed"),
    [
        ("co-construction", ("co", "construction"), "coconstruction", True),
        ("ré‑emploi", ("re", "emploi"), "reemploi", True),
        ("avant-projet", ("avant", "projet"), "avantprojet", False),
        ("l’avant-projet", ("avant", "projet"), "avantprojet", False),
        ("porte-à-porte", ("porte", "a", "porte"), "porteaporte", False),
        ("Saint-Étienne", ("saint", "etienne"), "saintetienne", False),
        ("2019-2020", ("2019", "2020"), "", False),
    ],
)
def test_compounds_give_their_parts_and_the_joined_form(
    text: str, expected: tuple[str, ...], joined: str, is_prefixed: bool
) -> None:
    (unit,) = units(text)

    assert (unit.parts, unit.joined, unit.is_prefixed) == (expected, joined, is_prefixed)
    assert [text[slice(*span)] for span in unit.spans] == text.removeprefix("l’").replace("‑", "-").split("-")


@pytest.mark.parametrize(
    "family",
    [
        "élu élus élue élues",
        "usager usagers",
        "financier financière financiers financières",
        "réseau réseaux",
        "lieu lieux",
        "local locaux locale locales",
        "journal journaux",
        "travail travaux",
        "matériau matériaux",
        "tuyau tuyaux",
        "bail baux",
        "idée idées",
        "directeur directrice directeurs directrices",
        "matrice matrices",
        "tarif tarifs tarification",
        "réorganiser réorganisation réorganisations",
        "cartographier cartographie cartographies",
        "planifier planification",
        "accueil accueillir accueils",
    ],
)
def test_a_family_has_one_stem(family: str) -> None:
    assert len({stems_of(word) for word in family.split()}) == 1


@pytest.mark.parametrize(
    "strangers",
    [
        "bus but",
        "process procès",
        "matrice mater",
        "persona personne",
        "voirie voir",
        "data date",
        "usager usage",
        "royaux roi",
    ],
)
def test_strangers_have_different_stems(strangers: str) -> None:
    one, other = strangers.split()

    assert stems_of(one) != stems_of(other)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("mairies", "mairie"),
        ("process", "process"),
        ("bus", "bus"),
        ("plans", "plan"),
        ("2019s", "2019"),
        ("eaux", "eau"),
        ("jeux", "jeu"),
        ("taux", "taux"),
        ("prix", "prix"),
        ("locaux", "local"),
        ("materiaux", "materiau"),
        ("royaux", "royal"),
        ("loyaux", "loyal"),
    ],
)
def test_singular_takes_the_sign_of_the_plural(word: str, expected: str) -> None:
    assert singular(word) == expected


def test_words_of_a_name_leave_out_stopwords_beside_others() -> None:
    assert words_of("Réorganiser l’accueil de la mairie, des mairies") == ["reorganiser", "accueil", "mairie", "mairie"]
    assert words_of("de la") == ["de", "la"]
    assert words_of("la co-construction d’un avant-projet") == ["coconstruction", "projet"]
    assert words_of("") == []


def test_closed_lists_are_folded() -> None:
    assert all(parts(word) == [word] for word in STOPWORDS | PREFIXES)


@given(any_text)
@settings(max_examples=300, deadline=None)
def test_units_of_any_text_lie_in_it_and_rise(text: str) -> None:
    found = list(units(text))

    assert all(0 <= unit.start < unit.end <= len(text) for unit in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    for unit in found:
        assert unit.parts
        assert all(part and not set(part) & set(" \x00'-_") for part in unit.parts)
        if unit.spans:
            assert len(unit.spans) == len(unit.parts)
            assert (unit.spans[0][0], unit.spans[-1][1]) == (unit.start, unit.end)
            assert all(one[1] <= other[0] for one, other in pairwise(unit.spans))


@given(any_text)
@settings(max_examples=200, deadline=None)
def test_words_of_any_text_are_alike_however_it_is_written(text: str) -> None:
    """What is indexed and what is asked come out of the same rules, case apart."""
    assert all(singular(word) and stem(word) for word in words_of(text))
    if text.isascii():
        assert words_of(text.upper()) == words_of(text.lower()) == words_of(text)


def test_each_stopword_has_a_code_of_its_own() -> None:
    assert len({stopword_code(word) for word in STOPWORDS}) == len(STOPWORDS)
