"""The drafts of one book: its edition, then a mission for each new fiche."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from casebook.markdown import join_broken, to_html
from casebook.text import collapse
from casebook.titles import lowered
from people.models import Person
from projects.addresses import free_address
from projects.imports import parts, records
from projects.imports.front import without_contacts
from projects.imports.matching import NEW, NO_CHOICES
from projects.imports.naming import Naming, corps_of, draft_title, fit
from projects.models import Authorship, Edition, Mission, MissionCollectivity, Tutorship
from projects.models.mission import mission_slug


class UnknownEdition(Exception):
    """The edition asked for is not a year."""


class Drafts:
    """Writes one book. `choices`: what a person decided of one fiche (see `Naming`)."""

    def __init__(self, book: records.Book, edition_slug: str | None) -> None:
        self.edition, is_new = _edition(book, edition_slug)
        self.naming = Naming(book, self.edition)
        if self.edition and is_new:
            self.naming.keep(self.edition)
        for record in book.promotions:
            self.naming.promotion(record)
        self._numbers = set(self.edition.missions.values_list("number", flat=True)) if self.edition else set()

    def known(self, fiche: records.Fiche, choices: Mapping[str, str] = NO_CHOICES) -> Mission | None:
        """The mission that the catalogue had before this import for the fiche, unless a person chose another."""
        choice = choices.get("mission", "")
        if choice == NEW:
            return None
        missions = self.naming.match.missions
        return (missions.chosen(choice) if choice else None) or missions.match(fiche).thing

    def create(self, fiche: records.Fiche, choices: Mapping[str, str] = NO_CHOICES) -> Mission:
        """The draft of a fiche. A number that is taken in the edition is left out."""
        naming = self.naming
        title = draft_title(fiche) or "Fiche sans titre"
        number = None if fiche.number in self._numbers else fiche.number
        address = mission_slug(self.edition.slug, number, title) if self.edition else mission_slug("", None, title)
        mission = Mission.objects.create(
            edition=self.edition,
            number=number,
            slug=free_address(address),
            title_printed=fit(Mission, "title_printed", collapse(fiche.title or "")),
            title=title,
            theme=naming.theme(fiche.theme, self.edition, choices) if fiche.theme else None,
            page_first=fiche.page,
            page_last=fiche.page_last,
        )
        naming.keep(mission)
        if self.edition and number is not None:
            self._numbers.add(number)
        places = dict.fromkeys(naming.place(place, choices) for place in fiche.collectivities)
        for position, place in enumerate(places, start=1):
            MissionCollectivity.objects.create(mission=mission, collectivity=place, position=position)
        for position, (person, author) in enumerate(
            _once((naming.author(a, choices), a) for a in fiche.authors), start=1
        ):
            Authorship.objects.create(mission=mission, person=person, corps=corps_of(author.corps), position=position)
        tutors = _once((naming.tutor(t, fiche, list(places), choices), t) for t in fiche.tutors)
        for position, (person, tutor) in enumerate(tutors, start=1):
            job = fit(Tutorship, "job_title", tutor.job_title)
            Tutorship.objects.create(mission=mission, person=person, job_title=job, position=position)
        parts.write(mission, fiche)
        return mission


def _edition(book: records.Book, asked: str | None) -> tuple[Edition | None, bool]:
    """The edition of the book, and whether it was made."""
    if asked and not re.fullmatch(r"20\d\d", asked):
        raise UnknownEdition(
            f"«\u00a0{asked}\u00a0» n’est pas une édition\u00a0: donnez la première année, par exemple 2019."
        )
    years = re.findall(r"\d{2,4}", book.school_year or "")
    year = asked or (years[0] if years else None)
    if year is None:
        return None, False
    names = [f"à {name}" for name in (*book.cover_promotions, book.publisher) if name]
    return Edition.objects.get_or_create(
        slug=year,
        defaults={
            "title": fit(Edition, "title", lowered(book.title or f"Recueil {year}")),
            "subtitle": fit(Edition, "subtitle", lowered(book.subtitle or "", names)),
            "school_year": f"{year}/{int(year) + 1}",
            "published_on": date.fromisoformat(f"{book.published}-01") if book.published else None,
            "publisher": fit(Edition, "publisher", book.publisher),
            "credits": to_html(without_contacts(book.credits)),
            "closing_page": to_html(join_broken(without_contacts(book.closing))),
        },
    )


def _once(pairs: Iterable[tuple[Person, Any]]) -> Iterable[tuple[Person, Any]]:
    seen: set[int] = set()
    for person, record in pairs:
        if person.pk not in seen:
            seen.add(person.pk)
            yield person, record
