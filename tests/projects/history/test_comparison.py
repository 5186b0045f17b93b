"""Which parts are the same, and what became of each."""

from typing import Any

import pytest

from projects.history.comparison import Comparison, compare
from projects.history.kinds import KINDS, MISSION
from projects.history.shown import NOUNS
from projects.history.snapshots import EMPTY, Names, Row, Snapshot
from projects.history.telling import NOTHING, told

pytestmark = pytest.mark.django_db
NB = "\u00a0"


def _snapshot(*figures: tuple[int, str], model: str = "projects.keyfigure", **fields: Any) -> Snapshot:
    rows = [
        Row(model, pk, {"position": place, "value": "", "label": text, "section": None, "mission": 1})
        for place, (pk, text) in enumerate(figures, start=1)
    ]
    return Snapshot(Row("projects.mission", 1, fields), {model: rows})


def _compared(before: Snapshot, after: Snapshot) -> Comparison:
    return compare(MISSION, before, after, Names([before, after], sees_people=True))


def _said(before: Snapshot, after: Snapshot) -> list[tuple[str, str, tuple[int, int] | None]]:
    return [(c.op, c.title, c.moved) for group in _compared(before, after).groups for c in group.changes]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([(1, "un"), (2, "deux")], [(1, "un"), (2, "deux")], []),
        ([(1, "un")], [(1, "un"), (2, "deux")], [("added", "deux", None)]),
        ([(1, "un"), (2, "deux")], [(2, "deux")], [("removed", "un", None)]),
        ([(1, "un"), (2, "deux"), (3, "trois")], [(3, "trois"), (1, "un"), (2, "deux")], [("moved", "trois", (3, 1))]),
        (
            [(1, "un"), (2, "deux")],
            [(2, "deux"), (1, "un ou plus")],
            [("moved", "deux", (2, 1)), ("changed", "un ou plus", None)],
        ),
        # renewed rows: the identifiers differ, the rows are the same
        ([(1, "un agent"), (2, "deux agents")], [(8, "un agent"), (9, "deux agents")], []),
        (
            [(1, "douze ateliers tenus avec les habitants")],
            [(8, "treize ateliers tenus avec les habitants")],
            [("changed", "treize ateliers tenus avec les habitants", None)],
        ),
        ([(1, "un")], [(8, "tout autre chose")], [("added", "tout autre chose", None), ("removed", "un", None)]),
    ],
)
def test_rows_are_matched(before: Any, after: Any, said: Any) -> None:
    assert _said(_snapshot(*before), _snapshot(*after)) == said


def test_nothing_changed_is_said() -> None:
    same = _snapshot((1, "un"), title="Titre")

    assert told(_compared(same, same)) == NOTHING


def test_everything_is_said_in_one_sentence() -> None:
    before = _snapshot((1, "un"), (2, "deux"), (3, "trois"), title="Un", state="brouillon")
    after = _snapshot((3, "trois"), (1, "un"), (4, "quatre"), (5, "cinq"), title="Deux", state="publie")

    assert told(_compared(before, after)) == (
        f"a publié la mission, modifié le titre, ajouté 2{NB}chiffres clés, retiré un chiffre clé, "
        "déplacé un chiffre clé"
    )


def test_what_is_compared_with_nothing_is_all_added() -> None:
    comparison = _compared(EMPTY, _snapshot((1, "un"), title="Titre"))

    assert [(change.name, change.before, change.after) for change in comparison.fields] == [("title", "", "Titre")]
    assert told(comparison) == "a modifié le titre, ajouté un chiffre clé"


def test_every_part_has_words() -> None:
    below = {"projects.speaker", "projects.methodextract"}  # said with the row that holds them

    wordless = {part.model._meta.label_lower for kind in KINDS.values() for part in kind.parts} - set(NOUNS) - below

    assert wordless == set()
