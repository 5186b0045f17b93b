from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from django.db import models

if TYPE_CHECKING:
    from people.models import Collectivity, Person, Promotion
    from projects.models import Mission, Theme

    AnyThing = Collectivity | Person | Promotion | Mission | Theme

SURE = 0.9  # from here on nobody needs to look
NEW = "new"  # the choice of making a new one
Thing_co = TypeVar("Thing_co", bound=models.Model, covariant=True)
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Candidate:
    """What may be meant: `key` goes back in a choice, `label` is for a person."""

    key: str
    label: str


@dataclass(frozen=True)
class Match(Generic[Thing_co]):
    """`thing` is what is taken when nobody decides (not yet saved if it comes from the gazetteer); None: a new one is
    made. `confidence` tells how sure that is, from 0 to 1."""

    thing: Thing_co | None
    confidence: float
    reason: str
    candidates: tuple[Candidate, ...] = ()

    @property
    def sure(self) -> bool:
        return self.confidence >= SURE


@dataclass(frozen=True)
class Proposal:
    """One match of a fiche: `key` is that of the doubt, `label` what is printed."""

    key: str
    label: str
    match: "Match[AnyThing]"


def key_of(thing: models.Model) -> str:
    return f"pk:{thing.pk}"


def chosen(choice: str, things: Iterable[Row]) -> Row | None:
    """The thing that a choice `pk:12` names, if it is still there."""
    return next((thing for thing in things if key_of(thing) == choice), None)
