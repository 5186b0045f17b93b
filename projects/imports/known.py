"""What the catalogue already knows of a fiche, as values to confirm: matches with their reason, differences of text."""

from collections.abc import Iterator, Mapping
from typing import Any

from projects.imports.differences import Difference, differences
from projects.imports.matching import NEW, Match, Matcher, Proposal
from projects.imports.records import Fiche, Notice
from projects.imports.review import Choice, Value
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
_KINDS = {
    "changed": "Le catalogue dit autrement.",
    "added": "Absent du catalogue.",
    "removed": "N’est plus dans le document.",
}
_LONG = 400  # characters of a choice


def choices_of(decisions: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """What was chosen for the matches of a fiche, by the key of the doubt."""
    return {key.removeprefix(MATCH): str(made["value"]) for key, made in decisions.items() if key.startswith(MATCH)}


def taken(decisions: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The keys of the differences where the document was chosen."""
    return {
        key.removeprefix(DIFFERENCE)
        for key, made in decisions.items()
        if key.startswith(DIFFERENCE) and made["value"] == TAKE
    }


class Knowledge:
    """What the catalogue knows of the fiches of a batch; its indices are loaded once."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher

    def mission(self, fiche: Fiche, decisions: Mapping[str, Mapping[str, Any]]) -> Mission | None:
        """The mission that the fiche is, as a person chose or as the catalogue tells."""
        choice = choices_of(decisions).get("mission", "")
        if choice == NEW:
            return None
        missions = self._matcher.missions
        return (missions.chosen(choice) if choice else None) or missions.match(fiche).thing

    def values(self, fiche: Fiche, decisions: Mapping[str, Mapping[str, Any]]) -> Iterator[Value]:
        """The matches that a person may want to see: what is doubtful, and what is linked to the catalogue."""
        for proposal in self._matcher.of(fiche, choices_of(decisions)):
            if proposal.match.thing is not None or not proposal.match.sure:
                yield _match_value(proposal)
        mission = self.mission(fiche, decisions)
        if mission:
            for difference in differences(fiche, mission):
                yield _difference_value(difference, mission)


def _match_value(proposal: Proposal) -> Value:
    kind = proposal.key.split(":")[0] if not proposal.key.startswith("person:") else proposal.key.rsplit(":", 1)[0]
    match: Match[Any] = proposal.match
    candidates = tuple(Choice(candidate.key, candidate.label) for candidate in match.candidates)
    first = next((c.key for c in candidates if match.thing is not None and c.key == f"pk:{match.thing.pk}"), "")
    read = first or (candidates[0].key if match.thing is not None and candidates else NEW)
    doubts = () if match.sure else (Notice(f"match_{kind}", match.reason),)
    new = Choice(
        NEW,
        f"Aucune\u00a0: ajouter «\u00a0{proposal.label}\u00a0»" if kind != "mission" else "Non\u00a0: nouvelle fiche",
    )
    reason = f"{match.reason} (confiance\u00a0: {round(match.confidence * 100)}\u00a0%)" if match.sure else ""
    label = f"{_LABELS[kind].replace(' ?', chr(0xA0) + '?')}"
    return Value(
        MATCH + proposal.key, label, "choice", read, (), doubts, (*candidates, new), reason, group=proposal.label
    )


def _difference_value(difference: Difference, mission: Mission) -> Value:
    public = mission.state not in {State.DRAFT, State.REVIEW}
    choices = [Choice(LEAVE, f"Garder le catalogue\u00a0: {_shortened(difference.catalogue)}")]
    if not public:
        choices.append(Choice(TAKE, f"Prendre le document\u00a0: {_shortened(difference.read)}"))
    reason = _KINDS[difference.kind] + (
        " La fiche est publiée\u00a0: repassez-la en brouillon pour prendre le document." if public else ""
    )
    doubts = () if public else (Notice("difference", reason),)
    label = f"Différence\u00a0: {difference.label}"
    return Value(
        DIFFERENCE + difference.key, label, "choice", LEAVE, (), doubts, tuple(choices), reason if public else ""
    )


def _shortened(text: str) -> str:
    if not text:
        return "(rien)"
    return text if len(text) <= _LONG else f"{text[:_LONG].rsplit(' ', 1)[0]}…"
