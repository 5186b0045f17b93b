"""Every match of a fiche, from indices that are loaded once for a whole book: eight queries, however many fiches."""

from collections import defaultdict
from collections.abc import Mapping

from casebook.text import letters
from people.gazetteer import gazetteer
from people.models import Collectivity, Person, Promotion
from projects.imports import records
from projects.imports.matching.match import NEW, Match, Proposal
from projects.imports.matching.persons import Career, People, PersonMatcher, name_key
from projects.imports.matching.places import PlaceMatcher, Places
from projects.imports.matching.works import MissionMatcher, Names
from projects.imports.names import Roster
from projects.imports.records import full_name
from projects.models import Authorship, Edition, Mission, MissionCollectivity, Theme, Tutorship

NO_CHOICES: Mapping[str, str] = {}


class Matcher:
    """What the catalogue knows of the fiches of one book. `edition` is the book's, None when it is not in the
    catalogue yet."""

    def __init__(self, book: records.Book, edition: Edition | None) -> None:
        self.roster = Roster(book.promotions)
        self.places = PlaceMatcher(Places(Collectivity.objects.select_related("department")), gazetteer())
        self.themes: Names[Theme] = Names(Theme.objects.all(), "thème")
        self.promotions: Names[Promotion] = Names(Promotion.objects.all(), "promotion")
        people = People(Person.objects.current().select_related("promotion"))
        missions = list(Mission.objects.filter(working_copy_of=None).select_related("edition").order_by("pk"))
        editions = {m.pk: m.edition_id for m in missions}
        authors, keys = _authors(people, editions)
        self.people = PersonMatcher(people, authors, _tutors(editions), edition.pk if edition else None)
        self.missions = MissionMatcher(missions, keys, edition)
        self._tutored: dict[str, dict[str, None]] = defaultdict(
            dict
        )  # name key of a tutor → collectivities in the book
        for fiche in book.fiches:
            for tutor in fiche.tutors:
                self._tutored[_key(tutor)].update((letters(p.name), None) for p in fiche.collectivities)
        self._printed = {letters(place.name): place.name for fiche in book.fiches for place in fiche.collectivities}

    def of(self, fiche: records.Fiche, choices: Mapping[str, str] = NO_CHOICES) -> list[Proposal]:
        """Every match of the fiche, in the order of the page. What was chosen for a collectivity or a promotion is
        heeded where people are looked for."""
        found = [Proposal("mission", fiche.title or "Fiche sans titre", self.missions.match(fiche))]
        if fiche.theme:
            found.append(Proposal(theme_key(fiche.theme), fiche.theme, self.themes.match(fiche.theme)))
        found += [Proposal(place_doubt(p.name), p.name, self.places.match(p.name)) for p in fiche.collectivities]
        for name in dict.fromkeys(a.promotion for a in fiche.authors if a.promotion):
            found.append(Proposal(promotion_key(name), name, self.promotions.match(name)))
        for author in fiche.authors:
            promotion = self.promotion(author.promotion, choices) if author.promotion else None
            found.append(Proposal(person_key("author", author), full_name(author), self.author(author, promotion)))
        places = [self.place(place, choices) for place in fiche.collectivities]
        known = {place.pk for place in places if place and place.pk}
        for tutor in fiche.tutors:
            found.append(Proposal(person_key("tutor", tutor), full_name(tutor), self.tutor(tutor, fiche, known)))
        return list({proposal.key: proposal for proposal in reversed(found)}.values())[::-1]

    def place(self, place: records.Place, choices: Mapping[str, str] = NO_CHOICES) -> Collectivity | None:
        """The collectivity to take, perhaps not yet saved; None: make a new one."""
        choice = choices.get(place_doubt(place.name), "")
        if choice == NEW:
            return None
        return (self.places.chosen(choice) if choice else None) or self.places.match(place.name).thing

    def theme(self, printed: str, choices: Mapping[str, str] = NO_CHOICES) -> Theme | None:
        return self.themes.take(printed, choices.get(theme_key(printed), ""))

    def promotion(self, printed: str, choices: Mapping[str, str] = NO_CHOICES) -> Promotion | None:
        return self.promotions.take(printed, choices.get(promotion_key(printed), ""))

    def author(self, author: records.Author, promotion: Promotion | None) -> Match[Person]:
        listed = self.roster.find(author.first_name, author.last_name, author.corps) if author.promotion else None
        names = [(author.first_name, author.last_name)]
        if listed:
            names.append((listed[1].first_name, listed[1].last_name))
        return self.people.author(names, author.email, promotion, author.promotion or "")

    def tutor(self, tutor: records.Tutor, fiche: records.Fiche, place_ids: set[int]) -> Match[Person]:
        own = {letters(place.name) for place in fiche.collectivities}
        elsewhere = [self._printed[key] for key in self._tutored.get(_key(tutor), {}) if key not in own]
        return self.people.tutor(tutor.first_name, tutor.last_name, place_ids, elsewhere)


def proposals(book: records.Book, edition: Edition | None) -> list[list[Proposal]]:
    """The matches of every fiche of a book, in its order."""
    matcher = Matcher(book, edition)
    return [matcher.of(fiche) for fiche in book.fiches]


def place_doubt(name: str) -> str:
    return f"place:{letters(name)}"


def theme_key(printed: str) -> str:
    return f"theme:{letters(printed)}"


def promotion_key(printed: str) -> str:
    return f"promotion:{letters(printed)}"


def person_key(role: str, person: records.Author | records.Tutor) -> str:
    """`person:author:jean brun`, `person:tutor:anne faure`."""
    return f"person:{role}:{_key(person)}"


def _key(person: records.Author | records.Tutor) -> str:
    return name_key(full_name(person))


def _authors(people: People, editions: dict[int, int | None]) -> tuple[dict[int, Career], dict[int, set[str]]]:
    """By person, where; by mission, who."""
    careers: dict[int, Career] = defaultdict(Career)
    keys: dict[int, set[str]] = defaultdict(set)
    for mission_id, person_id in Authorship.objects.values_list("mission_id", "person_id"):
        if person_id in people.all:
            keys[mission_id].add(name_key(str(people.all[person_id])))
        if edition_id := editions.get(mission_id):
            careers[person_id].editions.add(edition_id)
    return careers, keys


def _tutors(editions: dict[int, int | None]) -> dict[int, Career]:
    places: dict[int, dict[int, str]] = defaultdict(dict)
    rows = MissionCollectivity.objects.values_list("mission_id", "collectivity_id", "collectivity__display_name")
    for mission_id, place_id, name in rows:
        places[mission_id][place_id] = name
    careers: dict[int, Career] = defaultdict(Career)
    for mission_id, person_id in Tutorship.objects.values_list("mission_id", "person_id"):
        careers[person_id].places.update(places[mission_id])
        if edition_id := editions.get(mission_id):
            careers[person_id].editions.add(edition_id)
    return careers
