"""Two texts made from the same one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.admin.merging.merge import both_texts, merge_text
from projects.admin.merging.pieces import Run, merge_pieces
from projects.admin.merging.snapshot import Kind

TEXTS = st.lists(st.sampled_from("abcde"), max_size=6)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("abc", "abc", "abc", "abc"),
        ("abc", "axc", "abc", "axc"),
        ("abc", "abc", "abx", "abx"),
        ("abc", "xbc", "aby", "xby"),
        ("ab", "xb", "ay", "xy"),
        ("abc", "xabc", "abcy", "xabcy"),
        ("abcd", "bcd", "abc", "bc"),
        ("abc", "axc", "axc", "axc"),
        ("abcd", "cdab", "abcd", "cdab"),
    ],
)
def test_changes_that_do_not_touch_each_other_are_both_kept(base: str, mine: str, theirs: str, merged: str) -> None:
    runs = merge_pieces(base, mine, theirs)

    assert [run for run in runs if run.theirs is not None] == []
    assert "".join(piece for run in runs for piece in run.pieces) == merged


def test_changes_of_the_same_piece_stand_side_by_side() -> None:
    assert merge_pieces("abc", "axc", "ayc") == [Run(("a",)), Run(("x",), ("y",)), Run(("c",))]
    assert merge_pieces("ab", "axb", "ayzb") == [Run(("a",)), Run(("x",), ("y", "z")), Run(("b",))]
    assert merge_pieces("abc", "ac", "axc") == [Run(("a",)), Run((), ("x",)), Run(("c",))]


@given(TEXTS, TEXTS, TEXTS)
def test_merge_is_the_same_from_both_sides_and_loses_nothing(
    base: list[str], mine: list[str], theirs: list[str]
) -> None:
    runs = merge_pieces(base, mine, theirs)
    mirrored = merge_pieces(base, theirs, mine)

    def sides(run: Run) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return run.pieces, run.pieces if run.theirs is None else run.theirs

    assert [sides(run) for run in runs] == [sides(run)[::-1] for run in mirrored]
    kept = {piece for run in runs for side in sides(run) for piece in side}
    assert (set(mine) | set(theirs)) - set(base) <= kept


def test_paragraphs_of_rich_text_merge_and_stay_well_formed() -> None:
    base = "<p>un</p><ul><li>a</li><li>b</li></ul><p>fin</p>"

    merged = merge_text(
        Kind.PROSE, base, base.replace("un", "premier"), "<p>un</p><ul><li>a</li><li>b</li><li>c</li></ul><p>fin</p>"
    )

    assert merged == "<p>premier</p><ul><li>a</li><li>b</li><li>c</li></ul><p>fin</p>"


def test_rich_text_that_would_not_be_well_formed_is_a_conflict() -> None:
    base = "<p>un</p><blockquote><p>deux</p></blockquote><p>trois</p>"

    assert merge_text(Kind.PROSE, base, "<p>un</p><p>deux</p><p>trois</p>", base.replace("deux", "2")) is None


def test_text_to_write_from_holds_both_changes() -> None:
    assert both_texts(Kind.LINES, "a\nb", "a\nmien", "a\nsien") == "a\nmien\nsien"
    assert both_texts(Kind.PROSE, "<p>a</p>", "<p>mien</p>", "<p>sien</p>") == "<p>mien</p><p>sien</p>"
