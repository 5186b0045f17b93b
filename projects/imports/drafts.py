"""The drafts of one book: its edition, themes, promotions and people, then a mission for each new fiche."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from casebook.markdown import join_broken, to_html
from casebook.text import collapse, first_free, letters, slug
from casebook.titles import lowered
from people.models import Collectivity, Corps, Person, Promotion
from people.territories import address_of
from projects.imports import parts, records
from projects.imports.checking import gender_of_job
from projects.imports.front import without_contacts
from projects.imports.matching import NEW, Matcher, new_place_kind, place_case
from projects.imports.matching.matcher import person_key
from projects.imports.names import display_case
from projects.models import (
    Authorship,
    Edition,
    EditionPromotion,
    EditionTheme,
    Mission,
    MissionCollectivity,
    Theme,
    Tutorship,
)
from projects.models.mission import mission_slug

EMAIL_KEPT = timedelta(days=3 * 365)
_CORPS = {
    "administrateur": Corps.ADMINISTRATEUR,
    "conservateur": Corps.CONSERVATEUR,
    "ingénieur en chef": Corps.INGENIEUR_EN_CHEF,
}


class UnknownEdition(Exception):
    """The edition asked for is not a year."""


class Drafts:
    """Writes one book; `created` keeps what was made, in order, so that it can be undone. `choices`: what a person
    decided, key of the doubt → key of the candidate or `new` (see `Matcher.of`); those of one fiche come with it."""

    def __init__(self, book: records.Book, edition_slug: str | None, choices: Mapping[str, str] | None = None) -> None:
        self.book = book
        self._choices = dict(choices or {})
        self.created: dict[str, list[int]] = {}
        self.notes: list[str] = []
        self.edition = self._edition(edition_slug)
        self._match = Matcher(book, self.edition)
        self._numbers = set(self.edition.missions.values_list("number", flat=True)) if self.edition else set()
        self._themes: dict[str, Theme] = {}
        self._promotions = {record.name: self._promotion(record) for record in book.promotions}

    def known(self, fiche: records.Fiche, choices: Mapping[str, str] | None = None) -> Mission | None:
        """The mission that the catalogue had before this import for the fiche, unless a person chose another."""
        choice = {**self._choices, **(choices or {})}.get("mission", "")
        if choice == NEW:
            return None
        missions = self._match.missions
        return (missions.chosen(choice) if choice else None) or missions.match(fiche).thing

    def create(self, fiche: records.Fiche, choices: Mapping[str, str] | None = None) -> Mission:
        """The draft of a fiche. A number that is taken in the edition is left out."""
        choices = {**self._choices, **(choices or {})}
        evidence = [section.text for section in fiche.sections] + [
            f"à {place_case(place.name)}" for place in fiche.collectivities
        ]
        title = lowered(fiche.title or "", evidence) or "Fiche sans titre"
        number = None if fiche.number in self._numbers else fiche.number
        address = mission_slug(self.edition.slug, number, title) if self.edition else mission_slug("", None, title)
        mission = Mission.objects.create(
            edition=self.edition,
            number=number,
            slug=_free_slug(Mission, address),
            title_printed=_fit(Mission, "title_printed", collapse(fiche.title or "")),
            title=_fit(Mission, "title", title),
            theme=self._theme(fiche.theme, choices),
            page_first=fiche.page,
            page_last=fiche.page_last,
        )
        self._keep(mission)
        if self.edition and number is not None:
            self._numbers.add(number)
        places = dict.fromkeys(self._place(place, choices) for place in fiche.collectivities)
        for position, place in enumerate(places, start=1):
            MissionCollectivity.objects.create(mission=mission, collectivity=place, position=position)
        for position, (person, author) in enumerate(
            _once((self._author(a, choices), a) for a in fiche.authors), start=1
        ):
            Authorship.objects.create(mission=mission, person=person, corps=_corps(author.corps), position=position)
        tutors = _once((self._tutor(t, fiche, list(places), choices), t) for t in fiche.tutors)
        for position, (person, tutor) in enumerate(tutors, start=1):
            job = _fit(Tutorship, "job_title", tutor.job_title)
            Tutorship.objects.create(mission=mission, person=person, job_title=job, position=position)
        parts.write(mission, fiche)
        return mission

    def _keep(self, thing: models.Model) -> None:
        self.created.setdefault(thing._meta.label, []).append(thing.pk)

    # ---------------------------------------------------------------- the book

    def _edition(self, asked: str | None) -> Edition | None:
        book = self.book
        if asked and not re.fullmatch(r"20\d\d", asked):
            raise UnknownEdition(
                f"«\u00a0{asked}\u00a0» n’est pas une édition\u00a0: donnez la première année, par exemple 2019."
            )
        years = re.findall(r"\d{2,4}", book.school_year or "")
        year = asked or (years[0] if years else None)
        if year is None:
            return None
        names = [f"à {name}" for name in (*book.cover_promotions, book.publisher) if name]
        edition, created = Edition.objects.get_or_create(
            slug=year,
            defaults={
                "title": _fit(Edition, "title", lowered(book.title or f"Recueil {year}")),
                "subtitle": _fit(Edition, "subtitle", lowered(book.subtitle or "", names)),
                "school_year": f"{year}/{int(year) + 1}",
                "published_on": date.fromisoformat(f"{book.published}-01") if book.published else None,
                "publisher": _fit(Edition, "publisher", book.publisher),
                "credits": to_html(without_contacts(book.credits)),
                "closing_page": to_html(join_broken(without_contacts(book.closing))),
            },
        )
        if created:
            self._keep(edition)
        return edition

    def _theme(self, printed: str | None, choices: Mapping[str, str]) -> Theme | None:
        if not printed:
            return None
        theme = self._match.theme(printed, choices) or self._themes.get(letters(printed))
        if theme is None:
            name = _fit(Theme, "name", lowered(printed))
            last = Theme.objects.aggregate(last=models.Max("order"))["last"] or 0
            theme = Theme.objects.create(name=name, slug=_free_slug(Theme, slug(name)), order=last + 1)
            self._themes[letters(printed)] = theme
            self._keep(theme)
        if self.edition:
            self._add_to_edition(EditionTheme, self.edition, theme=theme)
        return theme

    def _promotion(self, record: records.Promotion) -> Promotion:
        promotion = self._match.promotion(record.name, self._choices)
        corps = _corps(record.corps)
        if promotion is None:
            years = re.findall(r"\d{4}", self.book.school_year or "")
            name = _fit(Promotion, "name", record.name)
            promotion = Promotion.objects.create(
                name=name,
                slug=_free_slug(Promotion, slug(name)),
                corps=corps,
                start_year=int(years[0]) if years else None,
                end_year=int(years[1]) if len(years) > 1 else None,
            )
            self._keep(promotion)
        if self.edition:
            self._add_to_edition(EditionPromotion, self.edition, promotion=promotion)
        for member in record.members:
            if self._match.people.people.find(member.first_name, member.last_name, promotion) is None:
                self._person(member.first_name, member.last_name, promotion, corps=corps)
        return promotion

    def _add_to_edition(
        self, model: type[EditionTheme] | type[EditionPromotion], edition: Edition, **what: Any
    ) -> None:
        """A theme or a promotion after those that the edition already has."""
        rows = model._default_manager.filter(edition=edition)
        if not rows.filter(**what).exists():
            last = rows.aggregate(last=models.Max("position"))["last"] or 0
            self._keep(model._default_manager.create(edition=edition, position=last + 1, **what))

    # ---------------------------------------------------------------- people and places

    def _person(
        self, first_name: str | None, last_name: str | None, promotion: Promotion | None, **values: Any
    ) -> Person:
        person = Person.objects.create(
            first_name=_fit(Person, "first_name", first_name),
            last_name=_fit(Person, "last_name", display_case(last_name or "")),
            promotion=promotion,
            **values,
        )
        self._match.people.people.add(person)
        self._keep(person)
        return person

    def _chosen(self, key: str, choices: Mapping[str, str]) -> tuple[Person | None, bool]:
        """Whom a person chose, and whether the choice stands."""
        choice = choices.get(key, "")
        person = self._match.people.chosen(choice) if choice not in {"", NEW} else None
        return person, choice == NEW or person is not None

    def _author(self, author: records.Author, choices: Mapping[str, str]) -> Person:
        promotion = self._promotions.get(author.promotion or "")
        person, decided = self._chosen(person_key("author", author), choices)
        if not decided:
            person = self._match.author(author, promotion).thing
        if person is None:
            person = self._person(author.first_name, author.last_name, promotion, corps=_corps(author.corps))
        elif promotion and person.promotion_id == promotion.pk:
            self._learn_spelling(person, author)
        self._match.people.learn_author(person)
        if author.email and not person.email:
            person.email = author.email
            person.email_kept_until = timezone.localdate() + EMAIL_KEPT
            person.save(update_fields=["email", "email_kept_until"])
        return person

    def _learn_spelling(self, person: Person, author: records.Author) -> None:
        """The name as the fiche prints it is the one shown; the list's spelling stays as an alias."""
        first = _fit(Person, "first_name", author.first_name)
        last = _fit(Person, "last_name", display_case(author.last_name or ""))
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
        self._match.people.people.add(person)

    def _tutor(
        self, tutor: records.Tutor, fiche: records.Fiche, places: list[Collectivity], choices: Mapping[str, str]
    ) -> Person:
        person, decided = self._chosen(person_key("tutor", tutor), choices)
        if not decided:
            person = self._match.tutor(tutor, fiche, {place.pk for place in places}).thing
        if person is None:
            person = self._person(tutor.first_name, tutor.last_name, None, gender=gender_of_job(tutor.job_title))
        self._match.people.learn_tutor(person, {place.pk: place.display_name for place in places})
        return person

    def _place(self, place: records.Place, choices: Mapping[str, str]) -> Collectivity:
        known = self._match.place(place, choices)
        if known is not None and known.pk:
            return known
        return self._new_place(place.name) if known is None else self._official_place(known)

    def _official_place(self, place: Collectivity) -> Collectivity:
        """One that the official lists know, complete."""
        taken = set(Collectivity.objects.filter(slug__startswith=place.slug).values_list("slug", flat=True))
        place.slug = address_of(place.display_name, place.department, taken)
        place.save()
        self.notes.append(f"«\u00a0{place.display_name}\u00a0» a été créée d’après les listes officielles.")
        self._match.places.add(place)
        self._keep(place)
        return place

    def _new_place(self, printed: str) -> Collectivity:
        shared = len(self._match.places.places.find(printed)) > 1
        kind, epci_type = new_place_kind(printed)
        name = _fit(Collectivity, "official_name", place_case(printed))
        created = Collectivity.objects.create(
            kind=kind,
            epci_type=epci_type,
            official_name=name,
            display_name=name,
            slug=_free_slug(Collectivity, slug(name)),
            note="Plusieurs collectivités portent ce nom\u00a0: choisir."
            if shared
            else "Créée par un import\u00a0: à compléter.",
        )
        why = "Plusieurs collectivités portent ce nom" if shared else "Collectivité inconnue"
        self.notes.append(f"{why}\u00a0: «\u00a0{name}\u00a0» a été créée, à compléter.")
        self._match.places.add(created)
        self._keep(created)
        return created


def _corps(record: str | None) -> str:
    return _CORPS.get(record or "", "")


def _fit(model: type[models.Model], name: str, value: str | None) -> str:
    """The value, cut to what its field can hold."""
    return (value or "")[: model._meta.get_field(name).max_length]  # type: ignore[union-attr]


def _once(pairs: Iterable[tuple[Person, Any]]) -> Iterable[tuple[Person, Any]]:
    seen: set[int] = set()
    for person, record in pairs:
        if person.pk not in seen:
            seen.add(person.pk)
            yield person, record


def _free_slug(model: type[models.Model], wanted: str) -> str:
    """The slug, or the same with -2, -3… when it is taken."""
    wanted = _fit(model, "slug", wanted or model._meta.model_name)[:100].strip("-")
    taken = set(model._default_manager.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return first_free(wanted, taken)
