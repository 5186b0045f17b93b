import pytest

from projects.imports.text import Block, bare, is_capitals, join_lines
from tests.projects.imports.samples import text_of


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ("**CONTEXTE**", "CONTEXTE"),
        ("## Contexte", "Contexte"),
        ("> *dit*  elle ", "dit elle"),
        ("<b>3</b>&nbsp;% des_cas", "3 % des_cas"),
        ("habi\u00adtants\ufeff", "habitants"),
        ("a < b et c > d", "a < b et c > d"),
    ],
)
def test_bare_drops_marks_and_keeps_words(printed: str, words: str) -> None:
    assert bare(printed) == words


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (["une ville", "et son port"], "une ville et son port"),
        (["", "une", "  ", "ville"], "une ville"),
        (["des habi-", "tants"], "des habitants"),
        (["PROBLÉ-", "MATIQUE"], "PROBLÉMATIQUE"),
        (["PROBLÉ- MATIQUE"], "PROBLÉMATIQUE"),
        (["AUBE-", "LES-BAINS"], "AUBE-LES-BAINS"),
        (["Anne-", "Lise"], "Anne-Lise"),
        (["2019-", "2020"], "2019-2020"),
        (["**UN", "DEUX**"], "UN DEUX"),
    ],
)
def test_broken_lines_are_joined(lines: list[str], whole: str) -> None:
    assert join_lines(lines) == whole


def test_capitals_may_slip_once_in_ten() -> None:
    assert [is_capitals(t) for t in ("L'ÉTÉ 2050", "RÉORGANiSATION", "Un Été", "2050", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_blocks_are_runs_of_filled_lines() -> None:
    text = text_of("\na\nb\n\u00a0\n\nc")

    assert list(text.blocks(1, 6)) == [Block(2, ("a", "b")), Block(6, ("c",))]
    assert list(text.blocks(3, 5)) == [Block(3, ("b",))]


@pytest.mark.parametrize(
    ("source", "expected"), [("mot " * 50 + "\nCourt\nCourt", True), ("mot " * 20 + "\nCourt", False)]
)
def test_lines_wider_than_a_page_are_paragraphs(source: str, expected: bool) -> None:
    assert text_of(source).is_unwrapped is expected


def test_block_is_cut_before_given_lines() -> None:
    assert Block(7, ("a", "b", "c")).cut_before([2, 0]) == [Block(7, ("a", "b")), Block(9, ("c",))]


def test_long_line_has_no_key_but_keeps_its_words() -> None:
    text = text_of("mot " * 500)

    assert (text.key(1), len(text.bare(1)), len(text.raw(1))) == ("", 999, 2000)
