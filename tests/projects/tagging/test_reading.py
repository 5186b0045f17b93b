"""A text as sentences and telling words: every place that is given stands in the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.tagging.reading import MAX_EXTRACT, root, sentences, span_around

PIECES = [
    "L’équipe a mené",
    "douze entretiens",
    ".",
    "!",
    " ",
    "\n",
    ";",
    ":",
    "« Œuvre »",
    "ß",
    "e\u0301",
    "\u00a0",
    "M. X",
]
texts = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ateliers", "atelier"),
        ("Participatives", "participatif"),
        ("managériaux", "managérial"),
        ("jeux", "jeu"),
        ("individuelles", "individuel"),
        ("réseaux", "réseau"),
        ("menées", "mené"),
    ],
)
def test_root_is_the_same_for_feminine_and_plural(one: str, other: str) -> None:
    assert root(one) == root(other)


@pytest.mark.parametrize(("one", "other"), [("guide", "guidée"), ("concert", "concertation"), ("test", "testé")])
def test_root_keeps_other_words_apart(one: str, other: str) -> None:
    assert root(one) != root(other)


def test_sentences_end_at_signs_and_lines() -> None:
    found = sentences("Un diagnostic, cf. annexe. Puis M. Dubois a parlé ! « Bien. »\nUn atelier ; un jeu")

    assert [sentence.text for sentence in found] == [
        "Un diagnostic, cf. annexe.",
        "Puis M. Dubois a parlé !",
        "« Bien. »",
        "Un atelier ;",
        "un jeu",
    ]


def test_lines_of_a_list_know_what_announces_them() -> None:
    found = sentences("L’équipe a animé :\ndes jeux ;\nParmi eux :\nun quiz\nPour la suite on recommande :\nun suivi")

    assert [sentence.lead for sentence in found] == [
        "",
        "L’équipe a animé :",
        "L’équipe a animé :",
        "L’équipe a animé : Parmi eux :",
        "L’équipe a animé : Parmi eux :",
        "Pour la suite on recommande :",
    ]


@settings(deadline=None)
@given(texts)
def test_sentences_and_words_stand_where_they_say(text: str) -> None:
    for sentence in sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert "\n" not in sentence.text
        for word in sentence.words:
            assert text[word.start : word.end].lower() == word.form
            assert sentence.start <= word.start < word.end <= sentence.end


def test_long_sentence_gives_a_span_of_whole_words_around() -> None:
    text = "avant " * 200 + "un world café animé " + "après " * 200
    sentence = sentences(text)[0]
    first = text.index("world")

    start, end = span_around(sentence, first, first + len("world café"))

    assert "world café" in text[start:end]
    assert end - start <= MAX_EXTRACT
    assert text[start - 1] == text[end] == " "
