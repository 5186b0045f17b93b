"""Running heads, page numbers and footnotes: kept apart, never in a sentence."""

import pytest

from projects.imports.contract import as_json
from tests.projects.imports.claims import faults
from tests.projects.imports.samples import FIRST, LISTS, RECUEIL, SECOND, THIRD, book_of

KEYS = "Une lettre suffit, si elle arrive avant les cartons."


def keys_of(source: str) -> tuple[str, list[tuple[str, str]]]:
    """The last section of the second fiche, and what was set apart in it."""
    book = book_of(source)
    fiche = next(fiche for fiche in book.fiches if fiche.number == 2)
    assert faults(as_json(book), source) == []
    return fiche.sections[-1].text, [(piece.kind, piece.text) for piece in fiche.non_body]


def test_clean_recueil_has_nothing_to_set_apart() -> None:
    assert [fiche.non_body for fiche in book_of(RECUEIL).fiches] == [(), (), ()]


@pytest.mark.parametrize("number", ["47", "– 47 –", "Page 47", "47 / 112", "[47]", "p. 47"])
@pytest.mark.parametrize("feed", ["", "\f\n"])
def test_page_number_in_a_sentence(number: str, feed: str) -> None:
    source = SECOND.replace("suffit, si", f"suffit, et cela se sait,\n\n{number}\n{feed}\nsi")

    assert keys_of(source) == (
        "Une lettre suffit, et cela se sait,\n\nsi elle arrive avant les cartons.",
        [("folio", number)],
    )


@pytest.mark.parametrize(
    ("head", "pieces"),
    [
        ("ACCUEILLIR MIEUX\n\n47", [("titre_courant", "ACCUEILLIR MIEUX"), ("folio", "47")]),
        ("47\n\nLe bureau des arrivants", [("folio", "47"), ("titre_courant", "Le bureau des arrivants")]),
        ("47 | Accueillir mieux", [("titre_courant", "47 | Accueillir mieux")]),
    ],
)
def test_theme_or_title_at_the_head_of_a_page(head: str, pieces: list[tuple[str, str]]) -> None:
    source = FIRST + SECOND.replace("Une lettre suffit, si", f"Une lettre.\n\n{head}\n\nElle suffit, si") + THIRD

    assert keys_of(source) == ("Une lettre.\n\nElle suffit, si elle arrive avant les cartons.", pieces)


def test_unknown_words_that_every_page_repeats() -> None:
    turn = "\n\nCarnets de terrain – {}\n\n"
    source = FIRST.replace("PROBLÉ-\nMATIQUE", turn.format(4) + "PROBLÉMATIQUE")
    source += SECOND.replace("PROBLÉMATIQUE", turn.format(7) + "PROBLÉMATIQUE")
    source += THIRD.replace("PROBLÉMATIQUE", turn.format(12) + "PROBLÉMATIQUE")

    assert [[piece.text for piece in fiche.non_body] for fiche in book_of(source).fiches] == [
        ["Carnets de terrain – 4"],
        ["Carnets de terrain – 7"],
        ["Carnets de terrain – 12"],
    ]


def test_steps_counted_from_one_are_text() -> None:
    steps = "".join(f"Étape {n}\n\nUn travail long et patient.\n\n" for n in (1, 2, 3))
    source = SECOND.replace(KEYS, steps) + THIRD.replace("Quatre scénarios", f"{steps}Quatre scénarios")

    assert [fiche.non_body for fiche in book_of(source).fiches] == [(), ()]


@pytest.mark.parametrize(
    ("mark", "note"),
    [
        ("[^1]", "[^1]: Essai mené au printemps."),
        ("^[1]", "^[1] Essai mené au printemps."),
        ("¹", "¹ Essai mené au printemps."),
        (" (1)", "(1) Essai mené au printemps."),
        ("[1]", "[1] Essai mené au printemps."),
        ("<sup>1</sup>", "1 Essai mené au printemps."),
        ("^{1}", "1. Essai mené au printemps."),
    ],
)
@pytest.mark.parametrize("place", ["in the sentence", "below", "touching"])
def test_footnote_leaves_the_sentence_whole(mark: str, note: str, place: str) -> None:
    if place == "in the sentence":
        body = f"Une lettre{mark} suffit, si elle\n\n{note}\n\narrive avant les cartons."
        left = f"Une lettre{mark} suffit, si elle\n\narrive avant les cartons."
    else:
        left = KEYS.replace("lettre", f"lettre{mark}")
        body = f"{left}\n{'' if place == 'touching' else chr(10)}{note}"

    assert keys_of(SECOND.replace(KEYS, body)) == (left, [("note", note)])


def test_numbered_list_below_a_mark_is_no_note() -> None:
    items = "1. Écrire une lettre.\n\n2. La poster.\n\n3. Attendre."
    source = SECOND.replace(KEYS, f"Trois gestes¹ suffisent.\n\n{items}\n\n¹ Essai mené au printemps.")

    assert keys_of(source) == (f"Trois gestes¹ suffisent.\n\n{items}", [("note", "¹ Essai mené au printemps.")])


def test_value_alone_in_the_figures_is_no_page_number() -> None:
    source = f"{SECOND}\nLes chiffres\n\n47\n\nlettres\n\n12\n\ncartons\n"
    (fiche,) = book_of(source + LISTS).fiches

    assert [(figure.value, figure.label) for figure in fiche.key_figures] == [("47", "lettres"), ("12", "cartons")]
