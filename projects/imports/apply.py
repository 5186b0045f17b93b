"""Records → drafts: one transaction, one ImportBatch, nothing twice."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from casebook.markdown import join_broken, to_html
from casebook.text import collapse, letters, slug
from casebook.titles import lowered
from people.models import Collectivity, Corps, Person, Promotion
from projects import search, workflow
from projects.imports import contract, records
from projects.imports.checking import gender_of_job
from projects.imports.figures import number_and_unit
from projects.imports.leftovers import narrative
from projects.imports.matching import People, Places, new_place_kind, place_case
from projects.imports.names import display_case, find_member
from projects.models import (
    Authorship,
    Edition,
    EditionPromotion,
    EditionTheme,
    ImportBatch,
    ImportedFile,
    ImportedMission,
    KeyFigure,
    Mission,
    MissionCollectivity,
    Reference,
    Section,
    Speaker,
    Testimonial,
    Theme,
    Tutorship,
)
from projects.models.mission import State, mission_slug

EMAIL_KEPT = timedelta(days=3 * 365)
_CORPS = {
    "administrateur": Corps.ADMINISTRATEUR,
    "conservateur": Corps.CONSERVATEUR,
    "ingénieur en chef": Corps.INGENIEUR_EN_CHEF,
}
_FORMS = {
    "citation": Testimonial.Form.CITATION,
    "rapporté": Testimonial.Form.REPORTED,
    "entretien": Testimonial.Form.INTERVIEW,
}


@dataclass(frozen=True)
class FicheOutcome:
    """What became of one fiche; `faults` say why it was not published, when that was asked."""

    fiche: records.Fiche
    mission: Mission
    created: bool
    published: bool = False
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What an import did: `batch` is None when the same file was applied before and nothing is left to do."""

    batch: ImportBatch | None
    fiches: tuple[FicheOutcome, ...] = ()
    same_file: bool = False
    notes: tuple[str, ...] = field(default=())


class UnknownEdition(Exception):
    """The edition asked for is not a year."""


@transaction.atomic
def apply(
    book: records.Book, *, user: User | None = None, publish: bool = False, edition_slug: str | None = None
) -> Outcome:
    """Create the drafts of a book's fiches; those that the catalogue knows are left as they are. With `publish`,
    the drafts of this book without a blocking fault are published."""
    known = ImportedFile.objects.filter(checksum=book.checksum, batch__state=ImportBatch.State.APPLIED).first()
    if known and known.batch.fiches.filter(mission__isnull=False).count() >= len(book.fiches):
        return _same_file(known.batch, book, publish)
    writer = _Writer(book, user, edition_slug)
    outcomes = [writer.write(position, fiche) for position, fiche in enumerate(book.fiches, start=1)]
    writer.finish()
    if publish:
        outcomes = [_published(outcome) if outcome.created else outcome for outcome in outcomes]
    return Outcome(writer.batch, tuple(outcomes), notes=tuple(writer.notes))


def _same_file(batch: ImportBatch, book: records.Book, publish: bool) -> Outcome:
    rows = batch.fiches.select_related("mission").order_by("position")
    outcomes = [
        FicheOutcome(fiche, row.mission, created=False)
        for fiche, row in zip(book.fiches, rows, strict=False)
        if row.mission is not None
    ]
    if publish:
        outcomes = [_published(o) if o.mission.state == State.DRAFT else o for o in outcomes]
    return Outcome(None, tuple(outcomes), same_file=True)


def _published(outcome: FicheOutcome) -> FicheOutcome:
    faults = [w.message for w in outcome.fiche.warnings if w.code == "duplicate_number"]
    if not faults:
        try:
            workflow.publish(outcome.mission)
        except workflow.NotPublishable as error:
            faults = [fault.message for fault in error.faults]
    return FicheOutcome(outcome.fiche, outcome.mission, outcome.created, not faults, tuple(faults))


class _Writer:
    """Writes one book; keeps what it created, in order, for the batch."""

    def __init__(self, book: records.Book, user: User | None, edition_slug: str | None) -> None:
        self.book = book
        self.created: dict[str, list[int]] = {}
        self.notes: list[str] = []
        self.missions: list[Mission] = []
        self.places = Places(Collectivity.objects.all())
        self.people = People(Person.objects.current())
        self.edition = self._edition(edition_slug)
        self.themes = {letters(theme.name): theme for theme in Theme.objects.all()}
        self.promotions = {p.name: self._promotion(index, p) for index, p in enumerate(book.promotions, start=1)}
        self.batch = ImportBatch.objects.create(
            user=user, edition=self.edition, document=contract.as_json(book)["document"]
        )
        ImportedFile.objects.create(
            batch=self.batch, name=book.source_name[:200], checksum=book.checksum, size=book.size
        )

    def finish(self) -> None:
        self.batch.created = self.created
        self.batch.save(update_fields=["created"])
        search.reindex(self.missions)

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
        title = lowered(book.title or f"Recueil {year}")
        edition, created = Edition.objects.get_or_create(
            slug=year,
            defaults={
                "title": title,
                "subtitle": lowered(
                    book.subtitle or "", [f"à {name}" for name in (*book.cover_promotions, book.publisher) if name]
                ),
                "school_year": f"{year}/{int(year) + 1}",
                "published_on": _first_of(book.published),
                "publisher": book.publisher or "",
                "credits": to_html(book.credits),
                "closing_page": to_html(join_broken(book.closing)),
            },
        )
        if created:
            self._keep(edition)
        return edition

    def _theme(self, printed: str | None) -> Theme | None:
        if not printed:
            return None
        key = letters(printed)
        theme = self.themes.get(key)
        if theme is None:
            name = lowered(printed)
            last = Theme.objects.aggregate(last=models.Max("order"))["last"] or 0
            theme = Theme.objects.create(name=name, slug=_free_slug(Theme, slug(name)), order=last + 1)
            self.themes[key] = theme
            self._keep(theme)
        if self.edition:
            count = EditionTheme.objects.filter(edition=self.edition).count()
            EditionTheme.objects.get_or_create(edition=self.edition, theme=theme, defaults={"position": count + 1})
        return theme

    def _promotion(self, position: int, record: records.Promotion) -> Promotion:
        promotion = next((p for p in Promotion.objects.all() if letters(p.name) == letters(record.name)), None)
        corps = _CORPS.get(record.corps or "", "")
        if promotion is None:
            years = re.findall(r"\d{4}", self.book.school_year or "")
            promotion = Promotion.objects.create(
                name=record.name,
                slug=_free_slug(Promotion, slug(record.name)),
                corps=corps,
                start_year=int(years[0]) if years else None,
                end_year=int(years[1]) if len(years) > 1 else None,
            )
            self._keep(promotion)
        if self.edition:
            EditionPromotion.objects.get_or_create(
                edition=self.edition, promotion=promotion, defaults={"position": self._next_promotion()}
            )
        for member in record.members:
            self._person(member.first_name, member.last_name, promotion, corps=corps)
        return promotion

    def _next_promotion(self) -> int:
        return EditionPromotion.objects.filter(edition=self.edition).count() + 1

    # ---------------------------------------------------------------- people and places

    def _person(
        self, first_name: str | None, last_name: str | None, promotion: Promotion | None, **values: Any
    ) -> Person:
        person = self.people.find(first_name, last_name, promotion)
        if person is None:
            person = Person.objects.create(
                first_name=first_name or "", last_name=display_case(last_name or ""), promotion=promotion, **values
            )
            self.people.add(person)
            self._keep(person)
        return person

    def _author(self, author: records.Author) -> Person:
        promotion = self.promotions.get(author.promotion or "")
        match = find_member(author.first_name, author.last_name, self.book.promotions)
        corps = _CORPS.get(author.corps or "", "")
        if match and promotion:
            person = self._person(match[1].first_name, match[1].last_name, promotion, corps=corps)
            self._learn_spelling(person, author)
        else:
            person = self._person(author.first_name, author.last_name, promotion, corps=corps)
        if author.email and not person.email:
            person.email = author.email
            person.email_kept_until = timezone.localdate() + EMAIL_KEPT
            person.save(update_fields=["email", "email_kept_until"])
        return person

    def _learn_spelling(self, person: Person, author: records.Author) -> None:
        """The name as the fiche prints it is the one shown; the list's spelling stays as an alias."""
        first, last = author.first_name or "", display_case(author.last_name or "")
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
        self.people.add(person)

    def _place(self, place: records.Place) -> Collectivity:
        found = self.places.find(place.name)
        if len(found) == 1:
            return found[0]
        kind, epci_type = new_place_kind(place.name)
        name = place_case(place.name)
        note = (
            "Créée par un import\u00a0: à compléter."
            if not found
            else "Plusieurs collectivités portent ce nom\u00a0: choisir."
        )
        created = Collectivity.objects.create(
            kind=kind,
            epci_type=epci_type,
            official_name=name,
            display_name=name,
            slug=_free_slug(Collectivity, slug(name)),
            note=note,
        )
        self.notes.append(f"Collectivité inconnue, créée à compléter\u00a0: {name}.")
        self.places.add(created)
        self._keep(created)
        return created

    # ---------------------------------------------------------------- fiches

    def write(self, position: int, fiche: records.Fiche) -> FicheOutcome:
        known = self._known(fiche)
        mission = known or self._create(fiche)
        proposal = contract.fiche_as_json(fiche)
        proposal["unplaced"] = [p.text for p in self.book.unplaced if fiche.lines[0] <= p.lines[0] <= fiche.lines[1]]
        ImportedMission.objects.create(
            batch=self.batch,
            position=position,
            mission=mission,
            outcome=ImportedMission.Outcome.KNOWN if known else ImportedMission.Outcome.CREATED,
            proposal=proposal,
        )
        return FicheOutcome(fiche, mission, created=known is None)

    def _known(self, fiche: records.Fiche) -> Mission | None:
        """The mission of the catalogue that this fiche is, never one that this same import made."""
        candidates = Mission.objects.filter(edition=self.edition, working_copy_of=None).exclude(
            pk__in=[mission.pk for mission in self.missions]
        )
        if self.edition and fiche.number is not None:
            return candidates.filter(number=fiche.number).first()
        title = letters(fiche.title or "")
        return next((m for m in candidates.order_by("pk") if title and letters(m.title_printed) == title), None)

    def _create(self, fiche: records.Fiche) -> Mission:
        evidence = [section.text for section in fiche.sections] + [
            f"à {place_case(p.name)}" for p in fiche.collectivities
        ]
        title = lowered(fiche.title or "", evidence) or "Fiche sans titre"
        taken = self.edition and Mission.objects.filter(edition=self.edition, number=fiche.number).exists()
        number = None if taken else fiche.number
        edition_slug = self.edition.slug if self.edition else ""
        mission = Mission.objects.create(
            edition=self.edition,
            number=number,
            slug=_free_slug(Mission, mission_slug(edition_slug, number if self.edition else None, title)),
            title_printed=collapse(fiche.title or "")[:300],
            title=title[:300],
            theme=self._theme(fiche.theme),
            page_first=fiche.page,
            page_last=fiche.page_last,
        )
        self._keep(mission)
        self.missions.append(mission)
        places = list(dict.fromkeys(self._place(place) for place in fiche.collectivities))
        MissionCollectivity.objects.bulk_create(
            MissionCollectivity(mission=mission, collectivity=place, position=i) for i, place in enumerate(places, 1)
        )
        for i, (person, author) in enumerate(_once((self._author(a), a) for a in fiche.authors), 1):
            Authorship.objects.create(
                mission=mission, person=person, corps=_CORPS.get(author.corps or "", ""), position=i
            )
        for i, (person, tutor) in enumerate(_once((self._tutor(t), t) for t in fiche.tutors), 1):
            Tutorship.objects.create(
                mission=mission, person=person, job_title=(tutor.job_title or "")[:300], position=i
            )
        sections = self._sections(mission, fiche)
        self._rows(mission, fiche, sections)
        return mission

    def _tutor(self, tutor: records.Tutor) -> Person:
        return self._person(tutor.first_name, tutor.last_name, None, gender=gender_of_job(tutor.job_title))

    def _sections(self, mission: Mission, fiche: records.Fiche) -> list[Section]:
        return [
            Section.objects.create(
                mission=mission,
                position=position,
                kind=record.kind,
                heading=record.heading[:300],
                body=to_html(join_broken(narrative(fiche, position - 1))),
            )
            for position, record in enumerate(fiche.sections, start=1)
        ]

    def _rows(self, mission: Mission, fiche: records.Fiche, sections: Sequence[Section]) -> None:
        for position, figure in enumerate(fiche.key_figures, start=1):
            number, unit = number_and_unit(figure.value)
            KeyFigure.objects.create(
                mission=mission,
                section=sections[figure.section],
                position=position,
                value=(figure.value or "")[:40],
                number=number,
                unit=unit,
                label=plain_marks(figure.label or "")[:600],
            )
        for position, reference in enumerate(fiche.references, start=1):
            Reference.objects.create(
                mission=mission,
                section=sections[reference.section],
                position=position,
                text=plain_marks(reference.text),
                url=reference.url[:500],
            )
        for position, record in enumerate(fiche.testimonials, start=1):
            testimonial = Testimonial.objects.create(
                mission=mission,
                section=sections[record.section],
                position=position,
                form=_FORMS[record.form],
                text=to_html(join_broken(record.text)),
                embedded=record.embedded,
            )
            for rank, speaker in enumerate(record.speakers, start=1):
                Speaker.objects.create(
                    testimonial=testimonial,
                    position=rank,
                    first_name=(speaker.first_name or "")[:80],
                    last_name=display_case(speaker.last_name or "")[:120],
                    role=(speaker.job_title or "")[:300],
                    person=self._speaking(mission, speaker),
                )

    def _speaking(self, mission: Mission, speaker: records.Speaker) -> Person | None:
        """The tutor who speaks, so that a masked name is masked here too."""
        last = letters(speaker.last_name or "")
        for tutorship in mission.tutorships.select_related("person"):
            person = tutorship.person
            theirs = letters(person.last_name)
            same_first = not speaker.first_name or letters(person.first_name) == letters(speaker.first_name)
            if last and same_first and (last == theirs or last.startswith(theirs) or theirs.startswith(last)):
                return person
        return None


def plain_marks(text: str) -> str:
    """« 1^{er} » → « 1er » where no rich text is kept."""
    return re.sub(r"\^\{([^}]*)\}|\^(\w+)", lambda m: m[1] or m[2] or "", text)


def _first_of(month: str | None) -> date | None:
    return date.fromisoformat(f"{month}-01") if month else None


def _once(pairs: Iterable[tuple[Person, Any]]) -> Iterable[tuple[Person, Any]]:
    seen: set[int] = set()
    for person, record in pairs:
        if person.pk not in seen:
            seen.add(person.pk)
            yield person, record


def _free_slug(model: type[models.Model], wanted: str) -> str:
    """The slug, or the same with -2, -3… when it is taken."""
    wanted = wanted or model._meta.model_name or "x"
    taken = set(model._default_manager.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return wanted if wanted not in taken else next(s for n in range(2, 10_000) if (s := f"{wanted}-{n}") not in taken)
