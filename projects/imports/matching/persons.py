"""People: an author is looked for in the promotion, a tutor among the tutors of the same collectivity or edition."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from casebook.text import fold, letters, one_slip
from people.models import Person, Promotion
from projects.imports.matching.match import Candidate, Match, chosen, key_of

_PARTICLES = frozenset(["de", "du", "des", "d", "la", "le", "les", "von", "van", "der", "den", "da", "dos", "di", "el"])

THIS_IMPORT = -1  # beside the ids of editions


def name_key(name: str) -> str:
    """A name as two documents may spell it: folded words in any order."""
    return " ".join(sorted(re.findall(r"[a-z0-9]+", fold(name))))


def bare_key(name: str) -> str:
    """`name_key` without the particles: « Jean de Brun » and « Jean Brun » may be one, or not."""
    words = name_key(name).split()
    return " ".join(word for word in words if word not in _PARTICLES) or " ".join(words)


class People:
    """The people of the catalogue, found by normalised name within a promotion (one query to load)."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.all: dict[int, Person] = {}
        self._known: dict[str, list[Person]] = {}
        self._bare: dict[str, list[Person]] = {}
        self._spelled: dict[str, list[Person]] = {}  # by letters alone, first name first
        self._by_email: dict[str, list[Person]] = {}
        for person in people:
            self.add(person)

    def add(self, person: Person) -> None:
        """Also after the person learned another spelling."""
        self.all[person.pk] = person
        for name in [str(person), *person.aliases]:
            for index, key in ((self._known, name_key(name)), (self._bare, bare_key(name))):
                _append(index, key, person)
            _append(self._spelled, letters(name), person)
        if person.email:
            _append(self._by_email, person.email.casefold(), person)

    def named(self, first_name: str | None, last_name: str | None) -> list[Person]:
        """Everyone of that name, in any order, whatever the accents, the hyphens and the spaces in it."""
        first, last = first_name or "", last_name or ""
        found = [
            *self._known.get(name_key(f"{first} {last}"), []),
            *self._spelled.get(letters(first + last), []),
            *self._spelled.get(letters(last + first), []),
        ]
        return list(dict.fromkeys(found))

    def close_to(self, first_name: str | None, last_name: str | None) -> list[Person]:
        """Those whose name is a particle or one slip away."""
        name = f"{first_name or ''} {last_name or ''}"
        own = letters(name)
        if len(own) < 6:
            return []
        head, tail = own[: len(own) // 2], own[len(own) // 2 + 1 :]
        found = [
            person
            for other, people in self._spelled.items()
            if (other.startswith(head) or other.endswith(tail)) and one_slip(own, other)
            for person in people
        ]
        same = self.named(first_name, last_name)
        return [p for p in dict.fromkeys([*self._bare.get(bare_key(name), []), *found]) if p not in same]

    def find(self, first_name: str | None, last_name: str | None, promotion: Promotion | None) -> Person | None:
        """The one person of that name in that promotion (or, for a tutor, of no promotion); homonyms stay apart."""
        found = [
            person
            for person in self.named(first_name, last_name)
            if person.promotion_id == (promotion.pk if promotion else None)
        ]
        return found[0] if len(found) == 1 else None

    def with_email(self, email: str | None, first_name: str | None, last_name: str | None) -> Person | None:
        """The one person of that address and that name, whatever the promotion."""
        found = self._by_email.get((email or "").casefold(), [])
        named = self.named(first_name, last_name)
        same = [person for person in found if person in named]
        return same[0] if len(same) == 1 else None


def _append(index: dict[str, list[Person]], key: str, person: Person) -> None:
    found = index.setdefault(key, [])
    if person not in found:
        found.append(person)


@dataclass
class Career:
    """Where a person is known from."""

    editions: set[int] = field(default_factory=set)
    places: dict[int, str] = field(default_factory=dict)  # as a tutor: id → name


class PersonMatcher:
    """`authors` and `tutors`: what each person did, by person's id."""

    def __init__(
        self, people: People, authors: dict[int, Career], tutors: dict[int, Career], edition_id: int | None
    ) -> None:
        self.people = people
        self._authors = authors
        self._tutors = tutors
        self._here = {THIS_IMPORT, *([edition_id] if edition_id else [])}

    def chosen(self, choice: str) -> Person | None:
        return chosen(choice, self.people.all.values())

    def author(
        self, names: list[tuple[str | None, str | None]], email: str | None, promotion: Promotion | None, printed: str
    ) -> Match[Person]:
        """An author under the spellings of the fiche and of the promotion's list. `printed`: the promotion's name,
        which may be one that the catalogue does not have."""
        named = list(dict.fromkeys(p for first, last in names for p in self.people.named(first, last)))
        own = [p for p in named if promotion and p.promotion_id == promotion.pk]
        if len(own) == 1:
            return self._match(own[0], 1.0, f"Même nom dans la promotion {own[0].promotion}.", own)
        if own:
            return self._match(None, 0.3, f"{len(own)} homonymes dans la promotion {promotion}\u00a0: choisissez.", own)
        by_email = next((p for first, last in names if (p := self.people.with_email(email, first, last))), None)
        if by_email:
            return self._match(by_email, 0.97, "Même nom et même adresse électronique.", [by_email])
        if not printed:
            loose = [p for p in named if self._is_here(p, self._authors)]
            if len(loose) == 1:
                return self._match(loose[0], 0.9, "Même nom parmi les auteurs de cette édition.", named)
        close = [p for first, last in names for p in self.people.close_to(first, last)]
        close = [p for p in dict.fromkeys(close) if not printed or (promotion and p.promotion_id == promotion.pk)]
        return self._new(named, close, "dans une autre promotion, ou hors promotion" if printed else "au catalogue")

    def tutor(
        self, first_name: str | None, last_name: str | None, place_ids: set[int], elsewhere: list[str]
    ) -> Match[Person]:
        """A tutor of a mission for these collectivities. `elsewhere`: other collectivities of the same book with a
        tutor of that name."""
        named = self.people.named(first_name, last_name)
        here = [p for p in named if place_ids & self._tutors.get(p.pk, Career()).places.keys()]
        if len(here) == 1:
            names = self._tutors[here[0].pk].places
            place = next(names[pk] for pk in names if pk in place_ids)
            return self._match(here[0], 0.95, f"Même nom, pour la même collectivité ({place}).", named)
        if here:
            return self._match(None, 0.3, f"{len(here)} homonymes dans cette collectivité\u00a0: choisissez.", named)
        same_book = [p for p in named if self._is_here(p, self._tutors)]
        if len(same_book) == 1:
            reason = "Même nom dans le même recueil, mais pour une autre collectivité\u00a0: vérifiez."
            return self._match(same_book[0], 0.6, reason, named)
        close = self.people.close_to(first_name, last_name)
        close = [p for p in close if p.promotion_id is None]
        if elsewhere and not named and not close:
            reason = f"Le même nom est aussi celui d’un tuteur de {elsewhere[0]} dans ce document\u00a0: vérifiez."
            return Match(None, 0.6, reason)
        return self._new(named, close, "pour une autre collectivité ou une autre édition")

    def learn_author(self, person: Person) -> None:
        """From a fiche of this import."""
        self._authors.setdefault(person.pk, Career()).editions.add(THIS_IMPORT)

    def learn_tutor(self, person: Person, places: dict[int, str]) -> None:
        """From a fiche of this import."""
        career = self._tutors.setdefault(person.pk, Career())
        career.editions.add(THIS_IMPORT)
        career.places.update(places)

    def _new(self, named: list[Person], close: list[Person], where: str) -> Match[Person]:
        if named:
            reason = f"Un homonyme est connu {where}\u00a0: une nouvelle personne sera créée, sauf avis contraire."
            return self._match(None, 0.6, reason, [*named, *close])
        if close:
            return self._match(
                None, 0.6, "Un nom presque pareil est au catalogue\u00a0: est-ce la même personne\u00a0?", close
            )
        return Match(None, 0.95, "Personne de ce nom au catalogue\u00a0: sa notice sera créée.")

    def _is_here(self, person: Person, careers: dict[int, Career]) -> bool:
        """Whether the person did this in the edition of the book, or in a fiche of the same import."""
        return person.pk in careers and bool(careers[person.pk].editions & self._here)

    def _match(self, person: Person | None, confidence: float, reason: str, candidates: list[Person]) -> Match[Person]:
        return Match(
            person, confidence, reason, tuple(Candidate(key_of(p), self._label(p)) for p in dict.fromkeys(candidates))
        )

    def _label(self, person: Person) -> str:
        """« Jean Brun (promotion Ada Lovelace) », « Anne Faure (tutorat, Ville de Port-au-Vent) »."""
        places = self._tutors[person.pk].places.values() if person.pk in self._tutors else ()
        facts = [f"promotion {person.promotion}"] if person.promotion else []
        facts += [f"tutorat, {', '.join(sorted(set(places)))}"] if places else []
        return f"{person} ({' ; '.join(facts)})" if facts else str(person)
