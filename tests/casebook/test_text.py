"""The forms in which French text is compared, addressed, counted and listed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.text import (
    collapse,
    figure_value,
    first_free,
    fold,
    french_list,
    letters,
    plural,
    printable,
    slug,
    thousands,
    typeset,
    without_accents,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ÉCOLE Maternelle", "ecole maternelle"),
        ("Œuvre, cœur, ÆTHER, ex æquo", "oeuvre, coeur, aether, ex aequo"),
        ("l’élève l‘élève l'élève", "l'eleve l'eleve l'eleve"),
        ("Saint‑Étienne – Loire — 42", "saint-etienne - loire - 42"),
        ("e\u0301te\u0301", "ete"),
        ("mo\u00adbi\u200bli\ufeffte\u0301", "mobilite"),
        ("  deux \u00a0\u202f mots \n ", "deux mots"),
        ("a\x00b\ud800c", "a b c"),
        ("ﬁn, 1ᵉʳ", "fin, 1er"),
        ("", ""),
    ],
)
def test_fold_forgets_accents_case_and_typographic_signs(text: str, expected: str):
    assert fold(text) == expected


@given(st.text() | st.text(alphabet="éÉœŒæß’–\u00ad\u00a0\x00\ud800ﬁİΣς "))
def test_fold_is_its_own_form(text: str):
    assert fold(fold(text)) == fold(text)


def test_without_accents_keeps_case_and_signs():
    assert without_accents("L’Œuvre d’Été – Ça") == "L’OEuvre d’Ete – Ca"


def test_letters_are_letters_and_digits_only():
    assert letters("Plan « d’action » n° 2 : l’été-Œuvre !") == "plandactionn2leteoeuvre"


@pytest.mark.parametrize(
    ("text", "max_length", "expected"),
    [
        ("L’œuvre d’Été : bilan !", 100, "l-oeuvre-d-ete-bilan"),
        ("accueil des usagers", 100, "accueil-des-usagers"),
        ("accueil des usagers", 15, "accueil-des"),
        ("accueil des usagers", 11, "accueil-des"),
        ("accueil des usagers", 10, "accueil"),
        ("anticonstitutionnellement", 10, "anticonsti"),
        ("« … »", 100, ""),
        ("\ud800\x00", 100, ""),
    ],
)
def test_slug_is_cut_between_words(text: str, max_length: int, expected: str):
    assert slug(text, max_length) == expected


@given(st.text(), st.integers(1, 40))
def test_slug_is_always_an_address_of_the_length(text: str, max_length: int):
    address = slug(text, max_length)

    assert len(address) <= max_length
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", address)


def test_first_free_address_is_numbered_after_those_taken() -> None:
    assert first_free("lyon", {"nice"}) == "lyon"
    assert first_free("lyon", {"lyon", "lyon-2"}) == "lyon-3"


def test_collapse_makes_one_line():
    assert collapse(" un\n\tdeux \u00a0 trois ") == "un deux trois"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\rc\x0bd\u2028e\x85f", "a\nb\nc\nd\ne\nf"),
        ("a\x00b\x07c\x7fd\ud800e\ufffff", "a b c d e f"),
        ("é\tœ\u00a0😀\n", "é\tœ\u00a0😀\n"),
    ],
)
def test_printable_has_no_control_character(text: str, expected: str):
    assert printable(text) == expected


@pytest.mark.parametrize(
    ("items", "expected"),
    [([], ""), (["a"], "a"), (["a", "b"], "a et b"), (["a", "b", "c"], "a, b et c")],
)
def test_french_list(items: list[str], expected: str):
    assert french_list(items) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "0\u00a0mission"), (1, "1\u00a0mission"), (2, "2\u00a0missions"), (1200, "1\u202f200\u00a0missions")],
)
def test_plural_zero_and_one_are_singular(count: int, expected: str):
    assert plural(count, "mission") == expected


def test_plural_with_a_form_of_its_own():
    assert [plural(1, "travail", "travaux"), plural(3, "travail", "travaux")] == ["1\u00a0travail", "3\u00a0travaux"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "0"), (999, "999"), (1000, "1\u202f000"), (-1234567, "-1\u202f234\u202f567")],
)
def test_thousands(number: int, expected: str):
    assert thousands(number) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pourquoi ? « Oui » : 150 000 euros", "Pourquoi\u202f? «\u00a0Oui\u00a0»\u00a0: 150\u202f000 euros"),
        ("60 % à 3 km", "60\u00a0% à 3\u00a0km"),
        ("https://a.fr/?x=1 ;tel", "https://a.fr/?x=1 ;tel"),
    ],
)
def test_typeset_puts_no_break_spaces(text: str, expected: str):
    assert typeset(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 ANS", "10\u00a0ans"),
        ("45H", "45\u00a0h"),
        ("+25%", "+25\u00a0%"),
        ("19461", "19\u202f461"),
        ("1 ÈRE", "1re"),
        ("2^e", "2e"),
        ("1er", "1er"),
        ("2006", "2006"),
        ("1,371", "1,371"),
        ("65 000", "65\u202f000"),
        ("3,7/4", "3,7/4"),
        ("", ""),
    ],
)
def test_figure_value_is_written_as_in_a_text(text: str, expected: str):
    assert figure_value(text) == expected
