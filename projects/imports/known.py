"""What the catalogue already knows of a fiche, as values to confirm: matches with their reason, differences of text."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from casebook.titles import lowered
from projects.imports.differences import Catalogue, Difference, differences
from projects.imports.matching import NEW, Match, Matcher, Proposal, place_case
from projects.imports.records import Fiche, Notice
from projects.imports.review import Choice, Decisions, Value
from projects.models import Mission
from projects.models.mission import State

MATCH, DIFFERENCE = "match:", "diff:"
TAKE, LEAVE = "prendre", "garder"
_LABELS = {
    "mission": "Déjà au catalogue ?",
    "theme": "Thème du catalogue",
    "place": "Collectivité du catalogue",
    "promotion": "Promotion du catalogue",
    "person:author": "Élève du catalogue",
    "person:tutor": "Tuteur ou tutrice du catalogue",
}
_NEW = {
    "mission": "Non\u00a0: nouvelle fiche",
    "theme": "Nouveau thème\u00a0: ",
    "place": "Nouvelle collectivité\u00a0: ",
    "promotion": "Nouvelle promotion\u00a0: ",
    "person:author": "Nouvelle personne\u00a0: ",
    "person:tutor": "Nouvelle personne\u00a0: ",
}
_KINDS = {
    "changed": "Le catalogue dit autrement.",
    "added": "Absent du catalogue.",
    "removed": "N’est plus dans le document.",
}


def choices_of(decisions: Decisions) -> dict[str, str]:
    """What was chosen for the matches of a fiche, by the key of the doubt."""
    return {key.removeprefix(MATCH): str(made["value"]) for key, made in decisions.items() if key.startswith(MATCH)}


def taken(decisions: Decisions) -> set[str]:
    """The keys of the differences where the document was chosen."""
    return {
        key.removeprefix(DIFFERENCE)
        for key, made in decisions.items()
        if key.startswith(DIFFERENCE) and made["value"] == TAKE
    }


@dataclass(frozen=True)
class Known:
    """What the catalogue knows of one fiche, as a person chose or as the catalogue tells."""

    mission: Mission | None = None
    proposals: tuple[Proposal, ...] = ()
    differences: tuple[Difference, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)

    def values(self) -> Iterator[Value]:
        """The matches that a person may want to see: what is doubtful, and what is linked to the catalogue."""
        for proposal in self.proposals:
            if proposal.match.thing is not None or not proposal.match.sure:
                yield _match_value(proposal)
        if self.mission:
            for difference in self.differences:
                yield _difference_value(difference, self.mission)

    @property
    def is_public(self) -> bool:
        """Whether the import changes the mission through a working copy only."""
        return self.mission is not None and _is_public(self.mission)

    def added(self, kind: str) -> int:
        """How many people, places, themes or promotions a draft of the fiche would add to the catalogue."""
        return sum(p.key.startswith(f"{kind}:") and self._is_new(p) for p in self.proposals)

    def _is_new(self, proposal: Proposal) -> bool:
        choice = self.choices.get(proposal.key)
        thing = proposal.match.thing
        return choice == NEW or (not choice and (thing is None or thing.pk is None))


class Knowledge:
    """What the catalogue knows of the fiches of a batch; its indices, and the missions that the fiches already are, are
    loaded once. `fiches`: those of the batch, with their decisions."""

    def __init__(self, matcher: Matcher, fiches: Iterable[tuple[Fiche, Decisions]] = ()) -> None:
        self._matcher = matcher
        self._fiches = fiches
        self._catalogue: Catalogue | None = None

    def of(self, fiche: Fiche, decisions: Decisions) -> Known:
        choices = choices_of(decisions)
        mission = self._mission(fiche, decisions)
        found = differences(fiche, mission, self._loaded(mission)) if mission else ()
        return Known(mission, tuple(self._matcher.of(fiche, choices)), tuple(found), choices)

    def _mission(self, fiche: Fiche, decisions: Decisions) -> Mission | None:
        choice = choices_of(decisions).get("mission", "")
        if choice == NEW:
            return None
        missions = self._matcher.missions
        return (missions.chosen(choice) if choice else None) or missions.match(fiche).thing

    def _loaded(self, mission: Mission) -> Catalogue:
        if self._catalogue is None:
            known = (self._mission(fiche, decisions) for fiche, decisions in self._fiches)
            self._catalogue = Catalogue([mission, *(other for other in known if other)])
        return self._catalogue if mission in self._catalogue else Catalogue([mission])


def _is_public(mission: Mission) -> bool:
    return mission.state in {State.PUBLISHED, State.ARCHIVED}


def _match_value(proposal: Proposal) -> Value:
    kind = proposal.key.split(":")[0] if not proposal.key.startswith("person:") else proposal.key.rsplit(":", 1)[0]
    match: Match[Any] = proposal.match
    candidates = tuple(Choice(candidate.key, candidate.label) for candidate in match.candidates)
    first = next((c.key for c in candidates if match.thing is not None and c.key == f"pk:{match.thing.pk}"), "")
    read = first or (candidates[0].key if match.thing is not None and candidates else NEW)
    doubts = () if match.sure else (Notice(f"match_{kind}", match.reason),)
    name = "" if kind == "mission" else lowered(proposal.label) if kind == "theme" else place_case(proposal.label)
    new = Choice(NEW, f"{_NEW[kind]}{name}")
    reason = f"{match.reason} (confiance\u00a0: {round(match.confidence * 100)}\u00a0%)" if match.sure else ""
    label = f"{_LABELS[kind].replace(' ?', chr(0xA0) + '?')}"
    return Value(
        MATCH + proposal.key, label, "choice", read, (), doubts, (*candidates, new), reason, group=proposal.label
    )


def _difference_value(difference: Difference, mission: Mission) -> Value:
    public = _is_public(mission)
    choices = [Choice(LEAVE, "Garder le catalogue"), Choice(TAKE, "Prendre le document")]
    reason = _KINDS[difference.kind] + (
        " La fiche est publiée\u00a0: ce que vous prenez va dans une copie de travail." if public else ""
    )
    doubts = () if public else (Notice("difference", reason),)
    label = f"Différence\u00a0: {difference.label}"
    return Value(
        DIFFERENCE + difference.key, label, "choice", LEAVE, (), doubts, tuple(choices), reason if public else ""
    )
