import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.search.spelling import nearest

VOCABULARY = {
    "assainissement": 3,
    "accueil": 9,
    "recueil": 2,
    "mairie": 5,
    "prairie": 1,
    "emploi": 4,
    "energie": 2,
    "synergie": 6,
    "eau": 3,
    "2019": 8,
    "de": 9,
    "metropole": 2,
    "metropolitain": 7,
}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("assainisement", "assainissement"),  # a letter missing
        ("acceuil", "accueil"),  # two letters swapped are one error
        ("maiire", "mairie"),
        ("metropolle", "metropole"),  # the nearest, however rare
        ("enregie", "energie"),
        ("airie", "mairie"),  # under six letters, one error
        ("aieir", ""),  # and no more
        ("hydraulique", ""),  # nothing near
        ("eaau", "eau"),
        ("eau", ""),  # under four letters, nothing is corrected
        ("201", ""),
        ("20199", ""),  # nor what holds a digit
        ("accueil2", ""),
        ("reemploi", ""),  # a word is no other with its prefix lost
        ("", ""),
        ("中文字符", ""),
    ],
)
def test_nearest_word(word: str, expected: str) -> None:
    assert nearest(word, VOCABULARY) == expected


def test_nearest_prefers_the_same_first_letter_then_the_frequent_word() -> None:
    assert nearest("cadre", {"madre": 9, "cidre": 1}) == "cidre"
    assert nearest("carte", {"carne": 1, "carpe": 5}) == "carpe"
    assert nearest("carte", {"carpe": 5, "carne": 5}) == "carne"  # then by the alphabet, so that engines agree


@given(st.text(st.characters(exclude_categories=()), max_size=40))
@settings(max_examples=200, deadline=None)
def test_nearest_of_any_text_is_a_known_word_or_nothing(word: str) -> None:
    assert nearest(word, VOCABULARY) in {"", *VOCABULARY}
