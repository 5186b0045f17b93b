"""The French lexicon: which words a search never corrects, and how its file is made."""

from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command

from casebook import lexicon
from casebook.lexicon import is_french_word
from casebook.text import fold

INFLECTED = ["chevaux", "nationales", "mutualisees", "cartographierons", "jetterai", "eussent", "naives"]
TRADE = ["fideliser", "assainissement", "parangonnage", "mutualisation", "prefiguration", "covoiturage", "teletravail"]
COMPOUNDS = ["aujourd", "hui", "rendez", "vous", "arcenciel"]  # their parts, and written solid
PROPER_NAMES = ["besancon", "rennes", "occitanie"]
UNKNOWN = ["assainisement", "mutualistion", "intrene", "koenisbourg", "acceuil", "aceuil", "developement", "comune"]
UNKNOWN += ["logemnt", "gouvernace", "mediateque", "amenagment", "colectivite", "budjet", "penibilte", "xqzkw"]

AFFIXES = """SET UTF-8
FLAG long
PFX L' Y 1
PFX L' e l'E e
SFX S. Y 2
SFX S. 0 0/L' [^sxz]
SFX S. 0 s/D' [^sxz]
SFX a0 Y 3
SFX a0 er er er
SFX a0 r 0 er
SFX a0 er ons [^g]er
"""
DICTIONARY = "5\nÉcole/S.L'\nvœu/X.\nloger/a0\nporte-à-porte/S.\nkm/--\n"


@pytest.fixture
def other_file(tmp_path, monkeypatch):
    """A lexicon of the test's own, in place of the tracked one."""
    monkeypatch.setattr(lexicon, "FILE", tmp_path / "words.bin")
    lexicon._numbers.cache_clear()
    yield lexicon.FILE
    lexicon._numbers.cache_clear()


def build(source, output):
    out = StringIO()
    call_command("build_lexicon", str(source), output=output, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("word", INFLECTED + TRADE + COMPOUNDS + PROPER_NAMES)
def test_a_form_of_french_is_known(word):
    assert is_french_word(word)


@pytest.mark.parametrize("word", UNKNOWN)
def test_a_typing_error_is_not(word):
    assert not is_french_word(word)


def test_an_empty_word_is_not():
    assert not is_french_word("")


def test_the_file_is_sorted_and_small():
    numbers = lexicon._numbers()
    assert 300_000 < len(numbers) < 600_000
    assert all(low < high for low, high in pairwise(numbers))
    assert lexicon.FILE.stat().st_size < 2_500_000


def test_a_plain_list_of_words(tmp_path, other_file):
    source = tmp_path / "liste.txt"
    source.write_text("Cœur\nl’école\n1er\nà\n\ngymnase\ngymnase\n", encoding="utf-8")
    assert build(source, other_file).startswith("4\u00a0formes")
    assert all(is_french_word(word) for word in ("coeur", "ecole", "lecole", "gymnase"))
    assert not any(is_french_word(word) for word in ("er", "l", "a", "gymnases"))


def test_a_hunspell_dictionary_is_inflected(tmp_path, other_file):
    source = tmp_path / "fr.dic"
    source.write_text(DICTIONARY, encoding="utf-8")
    source.with_suffix(".aff").write_text(AFFIXES, encoding="utf-8")
    build(source, other_file)
    for word in ("ecole", "ecoles", "voeu", "loger", "loge", "porte", "portes", "porteaporte"):
        assert is_french_word(word), word
    for word in ("km", "logons", "voeus", "leecole"):
        assert not is_french_word(word), word


def test_the_same_words_in_another_order_make_the_same_file():
    assert lexicon.packed(["ville", "eau", "ville"]) == lexicon.packed(["eau", "ville"])
    assert len(lexicon.packed(["ville", "eau", "ville"])) == 8


@pytest.mark.parametrize("text", ["", "12\n3\n"])
def test_a_file_without_words_is_refused(tmp_path, other_file, text):
    (tmp_path / "vide.txt").write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match="Aucun mot"):
        build(tmp_path / "vide.txt", other_file)
    assert not other_file.exists()


def test_a_missing_file_is_said(tmp_path, other_file):
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        build(tmp_path / "absent.dic", other_file)


def test_words_are_looked_up_folded():
    assert is_french_word(fold("Œuvre"))
    assert not is_french_word("œuvre")
