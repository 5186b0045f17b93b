"""What the fiches of an import look like in its lists: where each is, what it would change, what became of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from casebook.text import NBSP, french_list, plural
from projects.admin.imports.screens import address
from projects.admin.imports.shown import in_sentence, masked, mission_address
from projects.imports.decisions import OPEN, FicheReview, Outcome, Review
from projects.imports.differences import Difference
from projects.imports.known import DIFFERENCE, Known, taken
from projects.imports.matching import place_case
from projects.imports.naming import draft_title
from projects.models import Edition, ImportBatch, ImportedFile, Mission
from projects.models.mission import State

_ADDED = (
    ("person", "personne", "personnes"),
    ("place", "collectivité", "collectivités"),
    ("theme", "thème", "thèmes"),
    ("promotion", "promotion", "promotions"),
)
_MANY = 6  # differences that are named


@dataclass(frozen=True)
class Change:
    """What making the drafts would change for a fiche: in a few words, then what of."""

    said: str
    detail: str = ""


@dataclass(frozen=True)
class FicheMark:
    """A fiche in the strip above a review."""

    name: str
    outcome: str
    outcome_label: str
    doubts: int
    url: str
    current: bool

    @property
    def spoken(self) -> str:
        """« Fiche 08, à relire, 1 doute »."""
        doubts = f", {plural(self.doubts, 'doute')}" if self.doubts and self.outcome == Outcome.PROPOSED else ""
        return f"Fiche {self.name}, {self.outcome_label}{doubts}"


@dataclass(frozen=True)
class FicheLine(FicheMark):
    """A fiche in the table of its import."""

    title: str
    places: str
    warnings: list[str]
    change: Change | None
    mission_url: str


def strip(review: Review, current: int) -> list[FicheMark]:
    return [FicheMark(**_mark(fiche), current=fiche.row.position == current) for fiche in review.fiches]


def table(review: Review) -> list[FicheLine]:
    return [
        FicheLine(
            **_mark(fiche),
            current=False,
            title=draft_title(fiche.decided) or "Fiche sans titre",
            places=", ".join(place_case(place.name) for place in fiche.decided.collectivities),
            warnings=[masked(notice.message) for notice in fiche.printed.warnings],
            change=_change(fiche, review.edition),
            mission_url=mission_address(fiche.row.mission or fiche.known.mission),
        )
        for fiche in review.fiches
    ]


def _mark(fiche: FicheReview) -> dict[str, Any]:
    row = fiche.row
    return {
        "name": fiche.name,
        "outcome": row.outcome,
        "outcome_label": row.get_outcome_display(),
        "doubts": len(fiche.doubts),
        "url": address("fiche", row.batch_id, row.position),
    }


# ------------------------------------------------------------------------------------------------- what would change


def _change(fiche: FicheReview, edition: Edition | None) -> Change | None:
    if fiche.row.outcome not in OPEN:
        return None
    if fiche.row.outcome == Outcome.REFUSED:
        return Change("Rien\u00a0: fiche écartée")
    if fiche.known.mission is None:
        number = fiche.decided.number
        which = f" nº{NBSP}{number:02d}" if number is not None else ""
        book = f", recueil {edition.slug}" if edition else ", sans recueil"
        return Change(f"Nouvelle mission{which}{book}", _additions(fiche.known))
    return _differences(fiche)


def _additions(known: Known) -> str:
    """« Ajoute aussi 4 personnes et 1 collectivité. »"""
    counts = [plural(count, one, many) for kind, one, many in _ADDED if (count := known.added(kind))]
    return f"Ajoute aussi {french_list(counts)}." if counts else ""


def _differences(fiche: FicheReview) -> Change:
    found = fiche.known.differences
    if not found:
        return Change("Rien ne change", "Déjà au catalogue, sans différence.")
    counted, decisions = plural(len(found), "différence"), fiche.row.decisions
    chosen = [difference for difference in found if difference.key in taken(decisions)]
    if fiche.known.is_public and chosen:
        return Change("Copie de travail", f"Repris du document, à publier ensuite\u00a0: {_named(chosen)}.")
    if fiche.known.is_public:
        return Change("Rien ne change", f"Déjà publiée, {counted}\u00a0: {_named(found)}.")
    if any(DIFFERENCE + difference.key not in decisions for difference in found):
        return Change(f"{counted} à voir", f"Déjà au catalogue\u00a0: {_named(found)}.")
    if chosen:
        return Change("Fiche du catalogue modifiée", f"Repris du document\u00a0: {_named(chosen)}.")
    return Change("Rien ne change", f"Déjà au catalogue, qui est gardé\u00a0: {_named(found)}.")


def _named(found: Sequence[Difference]) -> str:
    """« contexte, chiffre (2), titre »."""
    labels = Counter(in_sentence(difference.label) for difference in found)
    names = [
        _first_lower(label) if count == 1 else f"{_first_lower(label)} ({count})" for label, count in labels.items()
    ]
    return ", ".join(names[:_MANY]) + ("…" if len(names) > _MANY else "")


def _first_lower(label: str) -> str:
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


# ------------------------------------------------------------------------------------------------- what became of it


@dataclass(frozen=True)
class AppliedLine:
    """A fiche of an import that was applied: what became of it."""

    label: str
    title: str
    url: str
    state: str
    state_label: str
    is_created: bool

    @property
    def is_draft(self) -> bool:
        return self.is_created and self.state != State.PUBLISHED


def applied(batch: ImportBatch) -> list[AppliedLine]:
    """The fiches that left the review (one query)."""
    lines = []
    for row in batch.fiches.select_related("mission"):
        mission: Mission | None = row.mission
        lines.append(
            AppliedLine(
                row.get_outcome_display(),
                str(mission) if mission else in_sentence(str(row)),
                mission_address(mission),
                mission.state if mission else "",
                mission.get_state_display() if mission else "",
                mission is not None and row.outcome == Outcome.CREATED,
            )
        )
    return lines


def files_of(batch: ImportBatch) -> list[ImportedFile]:
    """The files of the import, without what they hold."""
    return list(batch.files.defer("content", "lines", "book"))
