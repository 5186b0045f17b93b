"""Two versions of a mission made from the same one, and every order of save of several editors."""

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from projects.admin.merging.merge import Choice, Merged, Place, Side, merge
from projects.admin.merging.snapshot import Kind, Row, Snapshot, read

KINDS = {
    ("", "title"): Kind.VALUE,
    ("", "text"): Kind.PROSE,
    ("", "domains"): Kind.SET,
    ("rows", "value"): Kind.VALUE,
    ("rows", "lines"): Kind.LINES,
}


def snapshot(title: str = "Accueil", domains: str = "12", rows: str = "abc", **values: str) -> Snapshot:
    """A row for each letter, named by it; `b="x"`: the value of row b."""
    made = [_row(key, values.get(key, key)) for key in rows]
    fields = {"title": (title,), "text": (values.get("text", "<p>un</p><p>deux</p>"),), "domains": tuple(domains)}
    return Snapshot(fields, {"rows": tuple(made)}, mission=1)


def _row(key: str, value: str) -> Row:
    return Row(key, {"value": (value,), "lines": ("",)})


def _places(places: list[Place]) -> list[str]:
    return [str(place).strip(".") for place in places]


def _rows(merged: Merged) -> str:
    return "".join(row.key for row in merged.parts["rows"] if not row.is_deleted)


def test_what_one_changed_is_kept_and_told() -> None:
    merged = merge(snapshot(), snapshot("Mien", b="m"), snapshot(domains="13", c="s"), KINDS)

    assert merged.conflicts == []
    assert (merged.fields["title"], merged.fields["domains"]) == (("Mien",), ("1", "3"))
    assert [row.fields["value"] for row in merged.parts["rows"]] == [("a",), ("m",), ("s",)]
    assert _places(merged.taken) == ["domains", "rows.c.value"]
    assert _places(merged.changed) == ["title", "rows.b.value"]


def test_what_both_changed_differently_is_asked_with_the_ancestor() -> None:
    merged = merge(snapshot(), snapshot("Mien"), snapshot("Sien"), KINDS)

    (conflict,) = merged.conflicts
    assert (str(conflict.place), conflict.base, conflict.mine, conflict.theirs) == (
        "..title",
        ("Accueil",),
        ("Mien",),
        ("Sien",),
    )
    assert not merged.is_settled


def test_choice_settles_a_conflict_until_the_other_text_changes_again() -> None:
    (conflict,) = merge(snapshot(), snapshot("Mien"), snapshot("Sien"), KINDS).conflicts
    chosen = {side: {"..title": Choice(side, conflict.mark, ("Écrit",))} for side in (Side.MINE, Side.THEIRS, Side.OWN)}

    results = [merge(snapshot(), snapshot("Mien"), snapshot("Sien"), KINDS, choices) for choices in chosen.values()]
    later = merge(snapshot(), snapshot("Mien"), snapshot("Encore"), KINDS, chosen[Side.MINE])

    assert [(result.fields["title"], result.is_settled) for result in results] == [
        (("Mien",), True),
        (("Sien",), True),
        (("Écrit",), True),
    ]
    assert (later.is_settled, later.conflicts[0].theirs) == (False, ("Encore",))


def test_paragraphs_merge_and_typographic_signs_are_no_conflict() -> None:
    merged = merge(
        snapshot(),
        snapshot("L'eau", text="<p>1</p><p>deux</p>"),
        snapshot("L’eau", text="<p>un</p><p>2</p>"),
        KINDS,
    )

    assert merged.conflicts == []
    assert merged.fields["text"] == ("<p>1</p><p>2</p>",)


def test_rows_added_deleted_and_moved_by_each() -> None:
    mine, theirs = snapshot(rows="cab+"), snapshot(rows="acd")

    merged = merge(snapshot(), mine, theirs, KINDS)

    assert (_rows(merged), merged.conflicts) == ("ca+d", [])
    assert _places(merged.taken) == ["rows.d", "rows.b"]


def test_same_row_added_by_both_is_added_once() -> None:
    merged = merge(snapshot(), snapshot(rows="abc+", **{"+": "x"}), snapshot(rows="abcd", d="x"), KINDS)

    assert _rows(merged) == "abcd"


def test_row_changed_by_one_and_deleted_by_the_other_is_asked() -> None:
    deleting = Snapshot(snapshot().fields, {"rows": (_row("a", "a"), replace(_row("b", "b"), is_deleted=True))})

    mine_goes = merge(snapshot(rows="ab"), deleting, snapshot(rows="ab", b="s"), KINDS)
    theirs_goes = merge(snapshot(rows="ab"), snapshot(rows="ab", b="m"), snapshot(rows="a"), KINDS)
    unchanged = merge(snapshot(rows="ab"), deleting, snapshot(rows="ab", a="s"), KINDS)

    assert [(str(c.place), c.mine, c.theirs and c.theirs.fields["value"]) for c in mine_goes.conflicts] == [
        ("rows.b.", None, ("s",))
    ]
    assert [(str(c.place), c.mine.fields["value"], c.theirs) for c in theirs_goes.conflicts] == [
        ("rows.b.", ("m",), None)
    ]
    assert (unchanged.conflicts, _rows(unchanged)) == ([], "a")


def test_two_orders_are_asked_and_one_is_kept() -> None:
    both = merge(snapshot(), snapshot(rows="bac"), snapshot(rows="acb"), KINDS)
    one = merge(snapshot(), snapshot(b="m"), snapshot(rows="cab"), KINDS)

    assert [(str(c.place), c.base, c.mine, c.theirs) for c in both.conflicts] == [
        ("rows..", ["a", "b", "c"], ["b", "a", "c"], ["a", "c", "b"])
    ]
    assert (_rows(one), _places(one.taken)) == ("cab", ["rows"])


def test_without_ancestor_everything_that_differs_is_asked() -> None:
    merged = merge(None, snapshot("Mien", rows="ba", b="m"), snapshot(rows="abc"), KINDS)

    assert [str(conflict.place) for conflict in merged.conflicts] == ["..title", "rows.b.value", "rows.."]
    assert (_rows(merged), merged.taken) == ("bac", [Place("rows", "c")])


def test_snapshot_comes_back_only_as_it_was_signed_and_for_its_mission() -> None:
    shown = snapshot()
    token = shown.signed()

    assert read(token, 1) == shown
    assert token == snapshot().signed()
    assert [read(token, 2), read(f"{token}x", 1), read("", 1)] == [None, None, None]


# ---------------------------------------------------------------------------------- several editors, in every order


@dataclass
class Editor:
    """Opens the mission as it is, types, saves: what was typed, and everything a page of conflicts showed."""

    base: Snapshot
    mine: Snapshot
    typed: set[str] = field(default_factory=set)


def _words(thing: Any) -> set[str]:
    """All the values in snapshots, rows, results and lists of them, cut into words."""
    if isinstance(thing, str):
        return set(thing.replace("<p>", " ").replace("</p>", " ").split())
    if isinstance(thing, Row):
        return set() if thing.is_deleted else _words(list(thing.fields.values()))
    if isinstance(thing, (Snapshot, Merged)):
        return _words(list(thing.fields.values())) | _words([*thing.parts["rows"]])
    return set().union(*(_words(each) for each in thing or ()))


class Newsroom:
    """A mission and those who change it, without forms or database."""

    def __init__(self, editors: int) -> None:
        self.numbers = count(1)
        self.saved = snapshot(rows="123")
        self.history = [self.saved]
        self.editors: list[Editor | None] = [None] * editors

    def act(self, who: int, what: str, a: int, b: int) -> None:
        who %= len(self.editors)
        editor = self.editors[who] = self.editors[who] or Editor(self.saved, self.saved)
        if what == "save":
            self.save(who, editor, a)
        else:
            editor.mine = self.typed(editor, what, a, b)

    def typed(self, editor: Editor, what: str, a: int, b: int) -> Snapshot:
        mine = editor.mine
        fields, rows = dict(mine.fields), list(mine.parts["rows"])
        place = a % len(rows) if rows else 0
        word = f"mot{next(self.numbers)}"
        if what == "title":
            fields["title"] = (word,)
        elif what == "paragraph":
            pieces = [f"<p>{each}" for each in fields["text"][0].split("<p>")[1:]]
            start = a % (len(pieces) or 1)
            pieces[start : start + b % 2] = [f"<p>{word}</p>"]
            fields["text"] = ("".join(pieces),)
        elif what == "domain":
            fields["domains"] = tuple(sorted(set(fields["domains"]) ^ {str(a % 4)}))
        elif what == "add":
            rows.insert(a % (len(rows) + 1), _row(f"+{word}", word))
        elif not rows:
            return mine
        elif what == "delete":
            row = rows.pop(place)
            if not row.is_new:
                rows.insert(place, replace(row, is_deleted=True))
        elif what == "move":
            rows.insert(b % len(rows), rows.pop(place))
        else:
            name, text = ("value", word) if b % 2 else ("lines", f"{rows[place].fields['lines'][0]}\n{word}")
            rows[place] = replace(rows[place], fields={**rows[place].fields, name: (text,)}, is_deleted=False)
        editor.typed.add(word)
        return replace(mine, fields=fields, parts={"rows": tuple(rows)})

    def save(self, who: int, editor: Editor, seed: int) -> None:
        """Conflicts are shown, then settled by any choice; somebody may save before that."""
        merged = merge(editor.base, editor.mine, self.saved, KINDS)
        sent = _words(editor.mine)
        shown = _words([(c.base, c.mine, c.theirs) for c in merged.conflicts if c.place.field or c.place.row])
        choices = {
            str(c.place): Choice(list(Side)[(seed + n) % (3 if c.place.field else 2)], c.mark, (f"<p>ecrit{n}</p>",))
            for n, c in enumerate(merged.conflicts)
        }
        settled = merge(editor.base, editor.mine, self.saved, KINDS, choices)
        assert settled.is_settled
        result = self.recorded(settled)

        assert (editor.typed & sent) <= _words(result) | shown, "typed, and neither saved nor shown"
        unseen = _words(self.saved) - _words(editor.base)
        assert unseen <= _words(result) | shown | sent, "saved by another, and gone without a question"
        assert [row.key for row in result.parts["rows"]] == list(dict.fromkeys(r.key for r in result.parts["rows"]))
        self.saved = result
        self.history.append(result)
        self.editors[who] = None

    def recorded(self, merged: Merged) -> Snapshot:
        rows = [row for row in merged.parts["rows"] if not row.is_deleted]
        kept = [replace(row, key=str(1000 + next(self.numbers))) if row.is_new else row for row in rows]
        return Snapshot(merged.fields, {"rows": tuple(kept)}, mission=1)


ACTS = st.tuples(
    st.integers(0, 2),
    st.sampled_from(["save", "title", "paragraph", "domain", "add", "delete", "move", "row", "row"]),
    st.integers(0, 5),
    st.integers(0, 5),
)


@settings(max_examples=300, deadline=None)
@given(st.integers(2, 3), st.lists(ACTS, max_size=25))
def test_nothing_typed_is_lost_in_any_order_of_saves(editors: int, acts: list[tuple[int, str, int, int]]) -> None:
    newsroom = Newsroom(editors)

    for who, what, a, b in acts:
        newsroom.act(who, what, a, b)
    for who in range(editors):
        newsroom.act(who, "save", who, 0)
