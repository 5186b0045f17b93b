import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.imports.wording import near_changes, normalised, same_title, same_words, word_changes

SENTENCE = (
    "L’équipe a mené 1 200 entretiens : « Personne ne répond », dit-on au rez-de-chaussée ; en 2018-2019, "
    "l’œuvre (collective) coûtait 25 % de plus. Qu’en faire ?"
)
SPACES = st.sampled_from([" ", "\u00a0", "\u202f", "\n", "  ", " \n", "\t"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("person-\nnel formé", "personnel formé"),
        ("person\u00adnel", "personnel"),
        ("per\u00ad\nsonnel", "personnel"),
        ("le vice-\nprésident", "le vice-président"),
        ("« oui »", '"oui"'),
        ("dit “oui” et", "dit «\u00a0oui\u00a0» et"),
        ("l'eau", "l’eau"),
        ("oui ?", "oui\u202f?"),
        ("oui ?", "oui?"),
        ("12 000 habitants", "12\u202f000 habitants"),
        ("12 000", "12000"),
        ("2018 – 2019", "2018-2019"),
        ("une œuvre", "une oeuvre"),
        ("ﬁnances", "finances"),
        ("e\u0301cole", "école"),
        ("**L’eau** du _puits_", "L’eau du puits"),
        ("- un\n- deux", "<ul><li>un</li><li>deux</li></ul>"),
        ("le 1^{er} mars", "le 1<sup>er</sup> mars"),
        ("voir [le guide](https://exemple.org/)", 'voir <a href="https://exemple.org/">le guide</a>'),
        ("A &amp; B", "A & B"),
        ("• un\n• deux", "un deux"),
        ("attendre… encore", "attendre... encore"),
    ],
)
def test_noise_makes_no_difference(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("douze mois", "treize mois"),
        ("cote", "côté"),
        ("Région", "région"),
        ("dela ville", "de la ville"),
        ("oui.", "oui"),
        ("12 000", "12 001"),
        ("-5 %", "+5 %"),
        ("a < b", "a > b"),
    ],
)
def test_word_sign_or_accent_makes_a_difference(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


@settings(deadline=None)
@given(st.data())
def test_sentence_printed_otherwise_is_the_same(data: st.DataObject) -> None:
    def noisy(match: re.Match[str]) -> str:
        sign = match[0]
        if sign == " ":
            return data.draw(SPACES)
        if sign in "«»":
            return data.draw(st.sampled_from([sign, '"', "“"]))
        if sign == "’":
            return data.draw(st.sampled_from("’'"))
        return data.draw(st.sampled_from([sign, f"{sign[0]}-\n{sign[1]}", f"{sign[0]}\u00ad{sign[1]}"]))

    printed = re.sub(r"[ «»’]|[a-zé](?=[a-zé])[a-zé]", noisy, SENTENCE)

    assert normalised(printed) == normalised(SENTENCE)


def test_title_in_capitals_is_that_of_any_case() -> None:
    assert same_title("UNE EAU POUR L'ÎLE", "Une eau pour l’Île")
    assert not same_title("Une eau pour l’Île", "Une Eau pour l’Île")
    assert not same_title("UNE EAU POUR L'ÎLE", "Une eau pour la ville")


def test_changed_words_are_shown_among_those_that_stay() -> None:
    pieces = word_changes(
        "La ville a mené douze entretiens «\u00a0utiles\u00a0».", 'La ville a mené treize entretiens "utiles".'
    )

    assert pieces == (
        ("equal", "La ville a mené "),
        ("delete", "douze "),
        ("insert", "treize "),
        ("equal", "entretiens «\u00a0utiles\u00a0»."),
    )


def test_words_of_one_side_come_or_go() -> None:
    assert (word_changes("", "Un mot"), word_changes("Un mot", ""), word_changes("", "")) == (
        (("insert", "Un mot"),),
        (("delete", "Un mot"),),
        (),
    )


def test_pieces_hold_the_whole_of_both_texts() -> None:
    pieces = word_changes("un deux trois", "un trois quatre")

    assert "".join(text for op, text in pieces if op != "insert").strip() == "un deux trois"
    assert "".join(text for op, text in pieces if op != "delete") == "un trois quatre"


def test_very_long_texts_are_replaced_whole() -> None:
    before, after = "a " * 20_001, "b"

    assert word_changes(before, after) == (("delete", before.strip()), ("insert", "b"))


def test_same_words_takes_rich_text_and_markdown() -> None:
    assert same_words("<p>Un</p><p>deux</p>", "Un\n\ndeux")


def test_texts_with_little_in_common_are_replaced_whole() -> None:
    before, after = "Un bilan de dix ans d’action", "Trois axes : un guide, des fiches et un plan"

    assert word_changes(before, after) == (("delete", before), ("insert", after))


def test_what_stays_far_from_a_change_is_cut() -> None:
    words = [f"mot{n}" for n in range(60)]
    before = " ".join(words)

    pieces = near_changes(word_changes(before, before.replace("mot30", "autre")))

    assert pieces == (
        ("equal", f"[…] {' '.join(words[18:30])} "),
        ("delete", "mot30 "),
        ("insert", "autre "),
        ("equal", f"{' '.join(words[31:43])} […] "),
    )


def test_stretch_between_two_changes_keeps_both_its_ends() -> None:
    words = [f"mot{n}" for n in range(60)]
    before = " ".join(words)

    pieces = near_changes(word_changes(f"un {before} un", f"deux {before} deux"))

    assert pieces[2] == ("equal", f"{' '.join(words[:12])} […] {' '.join(words[48:])} ")


def test_short_texts_are_not_cut() -> None:
    pieces = word_changes("La ville a mené douze entretiens.", "La ville a mené treize entretiens.")

    assert near_changes(pieces) == pieces
