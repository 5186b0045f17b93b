"""Who and what a fiche names: known to the catalogue, else made, to be completed."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from casebook.addresses import free_slug
from casebook.text import collapse, letters, slug
from casebook.titles import lowered
from people.models import Collectivity, Corps, Person, Promotion
from people.territories import address_of
from projects.imports import records
from projects.imports.checking import gender_of_job
from projects.imports.matching import NEW, NO_CHOICES, Matcher, new_place_kind, person_key, place_case
from projects.imports.names import display_case
from projects.models import Edition, EditionPromotion, EditionTheme, Theme

EMAIL_KEPT = timedelta(days=3 * 365)
_CORPS = {
    "administrateur": Corps.ADMINISTRATEUR,
    "conservateur": Corps.CONSERVATEUR,
    "ingénieur en chef": Corps.INGENIEUR_EN_CHEF,
}


def draft_title(fiche: records.Fiche) -> str:
    """The title that a draft of the fiche has: the editor's, or the printed one in sentence case, with the names
    that the fiche's own text tells."""
    if fiche.editor_title:
        return collapse(fiche.editor_title)[:300]
    evidence = [section.text for section in fiche.sections]
    evidence += [f"à {place_case(place.name)}" for place in fiche.collectivities]
    return lowered(collapse(fiche.title or ""), evidence)[:300]


class Naming:
    """`created` keeps what was made by model, in order, so that it can be undone; `notes` is what a person should
    complete, in French. `choices`: what a person decided, key of the doubt → key of the candidate or `new` (see
    `Matcher.of`)."""

    def __init__(self, book: records.Book, edition: Edition | None) -> None:
        self.book, self.edition = book, edition
        self.match = Matcher(book, edition)
        self.created: dict[str, list[int]] = {}
        self.notes: list[str] = []
        self._themes: dict[str, Theme] = {}
        self._promotions: dict[str, Promotion] = {}

    def keep(self, thing: models.Model) -> None:
        self.created.setdefault(thing._meta.label, []).append(thing.pk)

    # ----------------------------------------------------------------------------------------- themes, promotions

    def theme(self, printed: str, edition: Edition | None, choices: Mapping[str, str] = NO_CHOICES) -> Theme:
        """The theme, also in the edition."""
        theme = self.match.theme(printed, choices) or self._themes.get(letters(printed))
        if theme is None:
            name = fit(Theme, "name", lowered(printed))
            last = Theme.objects.aggregate(last=models.Max("order"))["last"] or 0
            theme = Theme.objects.create(name=name, slug=free_slug(Theme, slug(name)), order=last + 1)
            self._themes[letters(printed)] = theme
            self.keep(theme)
        if edition:
            self._add_to_edition(EditionTheme, edition, theme=theme)
        return theme

    def promotion(self, record: records.Promotion) -> Promotion:
        """The promotion of a list, also in the edition, with its members."""
        promotion = self.match.promotion(record.name)
        corps = corps_of(record.corps)
        if promotion is None:
            years = re.findall(r"\d{4}", self.book.school_year or "")
            name = fit(Promotion, "name", record.name)
            promotion = Promotion.objects.create(
                name=name,
                slug=free_slug(Promotion, slug(name)),
                corps=corps,
                start_year=int(years[0]) if years else None,
                end_year=int(years[1]) if len(years) > 1 else None,
            )
            self.keep(promotion)
        if self.edition:
            self._add_to_edition(EditionPromotion, self.edition, promotion=promotion)
        for member in record.members:
            if self.match.people.people.find(member.first_name, member.last_name, promotion) is None:
                self._person(member.first_name, member.last_name, promotion, corps=corps)
        self._promotions[record.name] = promotion
        return promotion

    def _add_to_edition(
        self, model: type[EditionTheme] | type[EditionPromotion], edition: Edition, **what: Any
    ) -> None:
        """A theme or a promotion after those that the edition already has."""
        rows = model._default_manager.filter(edition=edition)
        if not rows.filter(**what).exists():
            last = rows.aggregate(last=models.Max("position"))["last"] or 0
            self.keep(model._default_manager.create(edition=edition, position=last + 1, **what))

    # ----------------------------------------------------------------------------------------- people

    def _person(
        self, first_name: str | None, last_name: str | None, promotion: Promotion | None, **values: Any
    ) -> Person:
        person = Person.objects.create(
            first_name=fit(Person, "first_name", first_name),
            last_name=fit(Person, "last_name", display_case(last_name or "")),
            promotion=promotion,
            **values,
        )
        self.match.people.people.add(person)
        self.keep(person)
        return person

    def _chosen(self, key: str, choices: Mapping[str, str]) -> tuple[Person | None, bool]:
        """Whom a person chose, and whether the choice stands."""
        choice = choices.get(key, "")
        person = self.match.people.chosen(choice) if choice not in {"", NEW} else None
        return person, choice == NEW or person is not None

    def author(self, author: records.Author, choices: Mapping[str, str] = NO_CHOICES) -> Person:
        promotion = self._promotions.get(author.promotion or "")
        person, decided = self._chosen(person_key("author", author), choices)
        if not decided:
            person = self.match.author(author, promotion).thing
        if person is None:
            person = self._person(author.first_name, author.last_name, promotion, corps=corps_of(author.corps))
        elif promotion and person.promotion_id == promotion.pk:
            self._learn_spelling(person, author)
        self.match.people.learn_author(person)
        if author.email and not person.email:
            person.email = author.email
            person.email_kept_until = timezone.localdate() + EMAIL_KEPT
            person.save(update_fields=["email", "email_kept_until"])
        return person

    def _learn_spelling(self, person: Person, author: records.Author) -> None:
        """The name as the fiche prints it is the one shown; the list's spelling stays as an alias."""
        first = fit(Person, "first_name", author.first_name)
        last = fit(Person, "last_name", display_case(author.last_name or ""))
        if (person.first_name, person.last_name) == (first, last):
            return
        listed = str(person)
        if person.authorships.exists():
            alias = f"{first} {last}".strip()
        else:
            person.first_name, person.last_name, alias = first, last, listed
        if alias not in person.aliases:
            person.aliases = [*person.aliases, alias]
        person.save(update_fields=["first_name", "last_name", "aliases"])
        self.match.people.people.add(person)

    def tutor(
        self,
        tutor: records.Tutor,
        fiche: records.Fiche,
        places: list[Collectivity],
        choices: Mapping[str, str] = NO_CHOICES,
    ) -> Person:
        person, decided = self._chosen(person_key("tutor", tutor), choices)
        if not decided:
            person = self.match.tutor(tutor, fiche, {place.pk for place in places}).thing
        if person is None:
            person = self._person(tutor.first_name, tutor.last_name, None, gender=gender_of_job(tutor.job_title))
        self.match.people.learn_tutor(person, {place.pk: place.display_name for place in places})
        return person

    def corrected(
        self,
        read: records.Author | records.Tutor,
        instead_of: Person | None,
        fiche: records.Fiche,
        places: list[Collectivity],
        choices: Mapping[str, str] = NO_CHOICES,
    ) -> Person:
        """Whom a correction names. One that the catalogue does not know is the one whose place is taken, under a name
        that is corrected, when no other mission names that person; else a new one."""
        if isinstance(read, records.Author):
            person = self._corrected_author(read, instead_of, choices)
        else:
            chosen, decided = self._chosen(person_key("tutor", read), choices)
            person = chosen if decided else self.match.tutor(read, fiche, {place.pk for place in places}).thing
        if person:
            return person
        if instead_of and instead_of.authorships.count() + instead_of.tutorships.count() == 1:
            return self._renamed(instead_of, read)
        promotion = instead_of.promotion if instead_of else None
        values: dict[str, Any] = {}
        if isinstance(read, records.Tutor):
            values["gender"] = gender_of_job(read.job_title)
        else:
            promotion = self._promotion_named(read.promotion) or promotion
            values["corps"] = corps_of(read.corps)
        person = self._person(read.first_name, read.last_name, promotion, **values)
        self.notes.append(f"Nouvelle personne au catalogue\u00a0: {person}. Vérifiez qu’elle n’y était pas déjà.")
        return person

    def _corrected_author(
        self, read: records.Author, instead_of: Person | None, choices: Mapping[str, str]
    ) -> Person | None:
        chosen, decided = self._chosen(person_key("author", read), choices)
        if decided:
            return chosen
        promotion = self._promotion_named(read.promotion) or (instead_of.promotion if instead_of else None)
        known = self.match.author(read, promotion).thing
        if known is None and promotion is None:
            listed = [p for p in self.match.people.people.named(read.first_name, read.last_name) if p.promotion_id]
            known = listed[0] if len(listed) == 1 else None
        return known

    def _promotion_named(self, printed: str | None) -> Promotion | None:
        return (self._promotions.get(printed) or self.match.promotion(printed)) if printed else None

    def _renamed(self, person: Person, read: records.Author | records.Tutor) -> Person:
        before = str(person)
        person.first_name = fit(Person, "first_name", read.first_name)
        person.last_name = fit(Person, "last_name", display_case(read.last_name or ""))
        person.aliases = [*dict.fromkeys([*person.aliases, before])]
        person.save(update_fields=["first_name", "last_name", "aliases"])
        self.match.people.people.add(person)
        return person

    # ----------------------------------------------------------------------------------------- places

    def place(self, place: records.Place, choices: Mapping[str, str] = NO_CHOICES) -> Collectivity:
        known = self.match.place(place, choices)
        if known is not None and known.pk:
            return known
        return self._new_place(place.name) if known is None else self._official_place(known)

    def _official_place(self, place: Collectivity) -> Collectivity:
        """One that the official lists know, complete."""
        taken = set(Collectivity.objects.filter(slug__startswith=place.slug).values_list("slug", flat=True))
        place.slug = address_of(place.display_name, place.department, taken)
        place.save()
        self.notes.append(f"«\u00a0{place.display_name}\u00a0» a été créée d’après les listes officielles.")
        self.match.places.add(place)
        self.keep(place)
        return place

    def _new_place(self, printed: str) -> Collectivity:
        shared = len(self.match.places.places.find(printed)) > 1
        kind, epci_type = new_place_kind(printed)
        name = fit(Collectivity, "official_name", place_case(printed))
        created = Collectivity.objects.create(
            kind=kind,
            epci_type=epci_type,
            official_name=name,
            display_name=name,
            slug=free_slug(Collectivity, slug(name)),
            note="Plusieurs collectivités portent ce nom\u00a0: choisir."
            if shared
            else "Créée par un import\u00a0: à compléter.",
        )
        why = "Plusieurs collectivités portent ce nom" if shared else "Collectivité inconnue"
        self.notes.append(f"{why}\u00a0: «\u00a0{name}\u00a0» a été créée, à compléter.")
        self.match.places.add(created)
        self.keep(created)
        return created


def corps_of(record: str | None) -> str:
    return _CORPS.get(record or "", "")


def fit(model: type[models.Model], name: str, value: str | None) -> str:
    """The value, cut to what its field can hold."""
    return (value or "")[: model._meta.get_field(name).max_length]  # type: ignore[union-attr]
