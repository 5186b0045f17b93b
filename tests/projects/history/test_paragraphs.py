"""Two texts paragraph by paragraph."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.history.paragraphs import Paragraph, Piece, compare_lines, compare_rich, compare_words, visible

NB = "\u00a0"


def test_paragraphs_that_stay_are_counted() -> None:
    before = "<p>Un.</p><p>Deux.</p><p>Trois.</p>"

    assert compare_rich(before, "<p>Un.</p><p>Deux.</p>") == (
        Paragraph("same", count=2),
        Paragraph("removed", (Piece("delete", "Trois."),)),
    )


def test_words_are_compared_exactly() -> None:
    assert compare_words("l'été - deux mots", "l’été – deux mots") == (
        Piece("delete", "l'"),
        Piece("insert", "l’"),
        Piece("equal", "été", " "),
        Piece("delete", "-"),
        Piece("insert", "–"),
        Piece("equal", " deux mots"),
    )


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        ("<p>a b</p>", "<p>a <strong>b</strong></p>", f"mise en forme{NB}: ajouté{NB}: gras"),
        ("<p><em>a</em> b</p>", "<p>a b</p>", f"mise en forme{NB}: retiré{NB}: italique"),
        ("<p>a</p>", "<h3>a</h3>", f"mise en forme{NB}: ajouté{NB}: intertitre"),
        (
            '<p><a href="https://un.fr">a</a></p>',
            '<p><a href="https://deux.fr">a</a></p>',
            f"mise en forme{NB}: adresse d’un lien changée{NB}: https://deux.fr",
        ),
        (
            "<p><strong>a</strong> b</p>",
            "<p>a <strong>b</strong></p>",
            f"mise en forme{NB}: déplacée dans le paragraphe",
        ),
    ],
)
def test_formatting_that_changed_is_said(before: str, after: str, note: str) -> None:
    (paragraph,) = compare_rich(before, after)

    assert (paragraph.op, paragraph.note) == ("formatted", note)


def test_hidden_signs_are_written_out() -> None:
    assert visible("a\u202eb\u200bc") == "a[U+202E]b[U+200B]c"


_TEXT = st.text("abc d’é-\u202e\u00a0", max_size=40)


@given(_TEXT, _TEXT)
def test_comparison_of_words_says_both_texts_whole(before: str, after: str) -> None:
    pieces = compare_words(before, after)

    for op, text in (("delete", before), ("insert", after)):
        kept = "".join(f"{piece.words}{piece.space}" for piece in pieces if piece.op in {op, "equal"})
        assert kept == visible(text)


_LINES = st.lists(st.text("abc d’é", min_size=1, max_size=12).filter(str.strip), max_size=6)


@given(_LINES, _LINES)
def test_comparison_of_lines_has_them_all(before: list[str], after: list[str]) -> None:
    paragraphs = compare_lines("\n".join(before), "\n".join(after))

    for other, lines in (("added", before), ("removed", after)):
        assert sum(p.count if p.op == "same" else 1 for p in paragraphs if p.op != other) == len(lines)


@given(st.text("<>pemstrong/ab &", max_size=60))
def test_text_is_the_same_as_itself(source: str) -> None:
    assert {paragraph.op for paragraph in compare_rich(source, source)} <= {"same"}
