"""Missions, themes and promotions that the catalogue already has."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from casebook.text import letters, one_slip
from people.models import Promotion
from projects.imports import records
from projects.imports.matching.match import NEW, Candidate, Match, chosen, key_of
from projects.imports.matching.persons import name_key
from projects.imports.names import similarity
from projects.models import Edition, Mission, Theme

Named = TypeVar("Named", Theme, Promotion)
_CLOSE = 0.75  # of two titles' letters


class MissionMatcher:
    """`authors`: the name keys of each mission's authors, by its id."""

    def __init__(self, missions: Iterable[Mission], authors: dict[int, set[str]], edition: Edition | None) -> None:
        self._missions = list(missions)
        self._authors = authors
        self._edition = edition
        self._titles = {m.pk: letters(m.title_printed or m.title) for m in self._missions}

    def chosen(self, choice: str) -> Mission | None:
        return chosen(choice, self._missions)

    def match(self, fiche: records.Fiche) -> Match[Mission]:
        title = letters(fiche.title or "")
        alike = [m for m in self._missions if title and self._titles[m.pk] == title]
        if self._edition and self._edition.pk and fiche.number is not None:
            for mission in self._missions:
                if mission.edition_id == self._edition.pk and mission.number == fiche.number:
                    return self._same_number(mission, title, alike)
        if alike:
            return self._same_title(fiche, alike)
        return self._same_authors(fiche, title)

    def _same_number(self, mission: Mission, title: str, alike: list[Mission]) -> Match[Mission]:
        near = similarity(self._titles[mission.pk], title)
        if near == 1:
            return _match(mission, 1.0, "Même édition, même numéro, même titre.", [mission])
        if near >= _CLOSE:
            return _match(mission, 0.95, "Même édition, même numéro, titre presque pareil.", [mission])
        reason = "Même édition et même numéro, mais un tout autre titre\u00a0: est-ce la même fiche\u00a0?"
        return _match(mission, 0.4, reason, [mission, *alike])

    def _same_title(self, fiche: records.Fiche, alike: list[Mission]) -> Match[Mission]:
        mine = [m for m in alike if not self._edition or m.edition_id in {None, self._edition.pk}]
        if len(mine) == 1:
            number = mine[0].number
            if number is not None and fiche.number not in {None, number}:
                reason = f"Même titre, mais le numéro imprimé ({fiche.number}) n’est pas celui du catalogue ({number})."
                return _match(mine[0], 0.8, reason, alike)
            return _match(mine[0], 0.95, "Même titre.", alike)
        if mine:
            return _match(None, 0.3, f"{len(mine)} missions portent ce titre\u00a0: choisissez.", mine)
        return _match(None, 0.6, "Même titre qu’une mission d’une autre édition\u00a0: est-ce la même\u00a0?", alike)

    def _same_authors(self, fiche: records.Fiche, title: str) -> Match[Mission]:
        """A team makes one mission in an edition: its numbers may not contradict."""
        names = {name_key(records.full_name(author)) for author in fiche.authors} - {""}
        found = [
            m
            for m in self._missions
            if names
            and self._authors.get(m.pk) == names
            and (not self._edition or m.edition_id in {None, self._edition.pk})
            and (None in {m.number, fiche.number} or m.number == fiche.number)
        ]
        near = [m for m in found if similarity(self._titles[m.pk], title) >= _CLOSE]
        if len(near) == 1:
            return _match(near[0], 0.95, "Mêmes auteurs et titre presque pareil.", found)
        if len(found) == 1 and len(names) > 1:
            return _match(found[0], 0.7, "Mêmes auteurs, mais un autre titre\u00a0: est-ce la même fiche\u00a0?", found)
        if found:
            return _match(None, 0.6, "Une mission du catalogue a les mêmes auteurs\u00a0: est-ce la même\u00a0?", found)
        return Match(None, 1.0, "Aucune mission du catalogue n’a ce numéro, ce titre ou ces auteurs.")


def _match(mission: Mission | None, confidence: float, reason: str, candidates: list[Mission]) -> Match[Mission]:
    return Match(mission, confidence, reason, tuple(Candidate(key_of(m), _label(m)) for m in dict.fromkeys(candidates)))


def _label(mission: Mission) -> str:
    """« 02 Le bureau des arrivants (2031) »."""
    return f"{mission} ({mission.edition.slug})" if mission.edition else str(mission)


class Names(Generic[Named]):
    """Themes or promotions: one name, however it is spaced, accented or in capitals."""

    def __init__(self, known: Iterable[Named], noun: str) -> None:
        self.all: list[Named] = list(known)
        self._noun = noun

    def take(self, printed: str, choice: str) -> Named | None:
        """The one to take; None: make a new one."""
        if choice == NEW:
            return None
        return (chosen(choice, self.all) if choice else None) or self.match(printed).thing

    def match(self, printed: str) -> Match[Named]:
        wanted = letters(printed)
        same = [thing for thing in self.all if letters(thing.name) == wanted]
        if len(same) == 1:
            return self._match(same[0], 1.0, f"Même nom de {self._noun}.", same)
        if same:
            return self._match(same[0], 0.3, f"{len(same)} {self._noun}s portent ce nom\u00a0: choisissez.", same)
        close = [thing for thing in self.all if len(wanted) > 4 and one_slip(letters(thing.name), wanted)]
        if close:
            reason = f"Un nom de {self._noun} presque pareil est au catalogue\u00a0: est-ce le même\u00a0?"
            return self._match(None, 0.6, reason, close)
        return Match(None, 0.9, f"Nom de {self._noun} inconnu du catalogue\u00a0: il y sera ajouté.")

    def _match(self, thing: Named | None, confidence: float, reason: str, candidates: list[Named]) -> Match[Named]:
        return Match(thing, confidence, reason, tuple(Candidate(key_of(c), c.name) for c in candidates))
