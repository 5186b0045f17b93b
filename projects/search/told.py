"""What the list shows of the missions, kept ready: written with the index, in its transaction, read in one query."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from projects.cards import Listed, listed
from projects.citations import reference
from projects.models import Mission, SearchResult
from projects.models.mission import published
from projects.search.pieces import Piece, pieces

SCHEMA = 1  # raised when what is written here changes: rows of another one are not read any more
_IN = 1000  # values of one SQL list


@dataclass(frozen=True)
class Told:
    """A mission with what explains a match, and its reference when an extract of it is cited."""

    mission: Listed
    reference: str = ""
    pieces: Sequence[Piece] = ()


def told_now(mission: Mission) -> Told:
    """As it is now. Needs `for_search()`: no query."""
    worded = (piece._replace(texts=[text for text in piece.texts if text[2]]) for piece in pieces(mission))
    return Told(listed(mission), reference(mission), [piece for piece in worded if piece.texts])


def written(mission: Mission) -> SearchResult:
    """What is kept of a public mission. Needs `for_search()`."""
    now = told_now(mission)
    return SearchResult(
        mission=mission,
        schema=SCHEMA,
        card=_json(vars(now.mission)),
        texts=_json([now.reference, now.pieces]),
    )


def tell(pks: Sequence[int], with_texts: bool) -> dict[int, Told]:
    """Those of these missions that are published. A query a thousand; some more for those that no row of this schema
    tells."""
    found: dict[int, Told] = {}
    columns = ("mission", "card", "texts") if with_texts else ("mission", "card")
    ready = SearchResult.objects.filter(published("mission__"), schema=SCHEMA).values_list(*columns)
    for start in range(0, len(pks), _IN):
        wanted = pks[start : start + _IN]
        found.update((pk, _read(*kept)) for pk, *kept in ready.filter(mission__in=wanted))
        if left := [pk for pk in wanted if pk not in found]:
            missions = Mission.objects.published().among(left).for_search()
            found.update((mission.pk, told_now(mission)) for mission in missions)
    return found


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _read(card: str, texts: str = "") -> Told:
    mission = Listed(**json.loads(card))
    if not texts:
        return Told(mission)
    reference, rows = json.loads(texts)
    return Told(mission, reference, [Piece(*row) for row in rows])
