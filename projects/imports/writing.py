"""An edition of the catalogue → the importer's own Markdown: what a printed recueil says, in the layout that the reader
knows best. Nobody who chose to be masked is named, and no e-mail address is written."""

import re
from collections.abc import Iterator, Sequence

from casebook.text import collapse, fold, letters
from casebook.titles import lowered
from people.models import Collectivity, Corps, Person, Promotion
from people.models.person import DisplayMode, tutors_label
from projects.imports import header
from projects.imports.checking import gender_of_job
from projects.imports.matching import Places
from projects.imports.names import display_case, split_member
from projects.imports.promotions import MIN_MEMBERS
from projects.imports.reading import Line, Source
from projects.imports.text import Text
from projects.imports.vocabulary import CLOSING_HEADING, MONTH_YEAR, MONTHS, PUBLISHER, SCHOOL_YEAR
from projects.imports.writing_rows import body_markdown, printed_name, sections, without_addresses
from projects.models import Authorship, Edition, Mission, Theme, Tutorship

_STUDENTS = {
    Corps.ADMINISTRATEUR: "Élèves administrateurs territoriaux",
    Corps.CONSERVATEUR: "Élèves conservateurs territoriaux",
    Corps.INGENIEUR_EN_CHEF: "Élèves ingénieurs en chef territoriaux",
}
_CLOSING = "ACCUEILLIR UN OU UNE ÉLÈVE"


def edition_markdown(edition: Edition, *, with_drafts: bool = False) -> str:
    """The published missions of the edition, or all of them; a working copy is never written."""
    missions = Mission.objects.filter(edition=edition, working_copy_of=None)
    chosen = list((missions if with_drafts else missions.published()).in_book_order())
    writer = _Writer()
    parts = [
        *_cover(edition),
        *writer.contents(chosen),
        *_colophon(edition),
        *writer.fiches(chosen),
        *_lists(edition),
        *_closing(edition),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def fiche_markdown(mission: Mission) -> str:
    """One fiche by itself."""
    return "\n\n".join(_Writer().fiche(mission)) + "\n"


# ------------------------------------------------------------------------------------------------- the fiches


class _Writer:
    """Writes fiches; knows every collectivity, so that each is printed under a name that is its own."""

    def __init__(self) -> None:
        self._places = Places(Collectivity.objects.all())

    def contents(self, missions: Sequence[Mission]) -> Iterator[str]:
        """The table of contents: the fiches that have a number and a page."""
        listed = [mission for mission in missions if mission.number is not None and mission.page_first is not None]
        theme: Theme | None = None
        if listed:
            yield "SOMMAIRE"
        for mission in listed:
            if mission.theme and mission.theme != theme:
                theme = mission.theme
                yield theme_in_capitals(theme)
            yield f"{mission.number_padded}/"
            yield f"{_title(mission)}\n{self.places(mission)}".strip()
            yield f"/ P{mission.page_first:02d}"

    def fiches(self, missions: Sequence[Mission]) -> Iterator[str]:
        """The fiches, each theme on a page of its own before its first one."""
        theme: Theme | None = None
        for mission in missions:
            if mission.theme and mission.theme != theme:
                theme = mission.theme
                yield theme_in_capitals(theme)
            yield from self.fiche(mission)

    def fiche(self, mission: Mission) -> Iterator[str]:
        authors = mission.authorships.select_related("person__promotion")
        tutors = [row for row in mission.tutorships.select_related("person") if row.person.public_name]
        head = [
            theme_in_capitals(mission.theme) if mission.theme else "",
            mission.number_padded,
            _title(mission),
            self.places(mission),
            "LES AUTEURS",
            *(_author(row) for row in authors if row.person.public_name),
            *_tutors(tutors),
        ]
        yield from filter(None, head)
        yield from sections(mission)

    def places(self, mission: Mission) -> str:
        """The collectivities, one a line; between semicolons where the reader would take two lines for one name."""
        names = [self._name(place) for place in mission.collectivity_list]
        read = [place.name for place in header.split_places(names)]
        return "\n".join(names) if read == names else " ; ".join(names) + (" ;" if len(names) == 1 else "")

    def _name(self, place: Collectivity) -> str:
        """The first of its names that no other collectivity bears; a commune's as books print it, « VILLE DE … »."""
        names = [place.display_name, place.official_name, *place.aliases]
        if place.kind == Collectivity.Kind.COMMUNE:
            names.insert(0, town(place.display_name))
        own = next((name for name in names if self._places.find(name) == [place]), names[0])
        return collapse(own).upper()


def town(name: str) -> str:
    """« Le Havre » → « Ville du Havre », « Aubagne » → « Ville d’Aubagne »."""
    folded = fold(name)
    if folded.startswith(("le ", "les ")):
        return f"Ville {'du' if folded[2] == ' ' else 'des'} {name.split(maxsplit=1)[1]}"
    return f"Ville d’{name}" if folded[:1] in "aeiouy" else f"Ville de {name}"


def _title(mission: Mission) -> str:
    return collapse(mission.title_printed) or collapse(mission.title).upper()


def theme_in_capitals(theme: Theme) -> str:
    """As a book prints it, unless a name in it would lose its capital on the way back."""
    capitals = theme.name.upper()
    return capitals if lowered(capitals) == theme.name else theme.name


def _author(row: Authorship) -> str:
    corps = row.corps or row.person.corps
    return _name(row.person) + (f" ({Corps(corps).label})" if corps else "")


def _name(person: Person) -> str:
    if person.display_mode == DisplayMode.FULL:
        return printed_name(person.first_name, person.last_name, capitals=True)
    return person.public_name


def _tutors(tutors: Sequence[Tutorship]) -> Iterator[str]:
    """The heading agrees with those who are named; a job that looks like a name stands beside the name."""
    if not tutors:
        return
    label = tutors_label([row.person.gender or gender_of_job(row.job_title) for row in tutors])
    if label == "Tutorat" and len(tutors) > 1:
        label = "Tuteurs"
    yield f"{label} au sein de la collectivité".upper()
    people = [[_name(row.person), collapse(row.job_title)] for row in tutors]
    for sign in ("\n", ", "):
        written = [sign.join(filter(None, person)) for person in people]
        found = header.tutors(text := _text("\n\n".join(written)), 1, text.last)
        if [tutor.job_title or "" for tutor in found] == [job for _, job in people]:
            break
    yield from written


def _text(markdown: str) -> Text:
    lines = tuple(Line(number, line) for number, line in enumerate(markdown.split("\n"), start=1))
    return Text(Source("", "", 0, lines))


# ------------------------------------------------------------------------------------------------- the book


def _cover(edition: Edition) -> Iterator[str]:
    yield collapse(edition.title)
    yield collapse(edition.subtitle)
    year = int(edition.slug)
    yield edition.school_year if SCHOOL_YEAR.search(edition.school_year) else f"{year}/{year + 1}"


def _colophon(edition: Edition) -> Iterator[str]:
    """The credits, with the month and the publisher where these do not say them."""
    credits = body_markdown(edition.credits) if edition.credits else ""
    day = edition.published_on
    if day and not MONTH_YEAR.search(credits):
        yield f"{MONTHS[day.month - 1].capitalize()} {day.year}"
    yield credits
    if edition.publisher and not PUBLISHER.search(credits):
        yield f"Éditeur\u00a0: {edition.publisher}"


def _lists(edition: Edition) -> Iterator[str]:
    """The lists of the promotions; one with too few names to be known as a list is left out."""
    for row in edition.edition_promotions.select_related("promotion"):
        members = list(_members(row.promotion))
        if len(members) >= MIN_MEMBERS:
            yield f"PROMOTION {row.promotion.name.upper()}"
            yield _STUDENTS[Corps(row.promotion.corps)] if row.promotion.corps else ""
            yield "\n".join(members)


def _members(promotion: Promotion) -> Iterator[str]:
    """« NOM Prénom », in the order of the alphabet."""
    people = promotion.members.filter(merged_into=None, display_mode=DisplayMode.FULL)
    for person in sorted(people, key=lambda p: (letters(p.last_name), letters(p.first_name))):
        first, last = person.first_name, person.last_name
        for line in (f"{last.upper()} {first}", f"{first} {last.upper()}"):
            member = split_member(line)
            if member and (member.first_name, display_case(member.last_name)) == (first, last):
                yield line
                break
        else:
            yield f"{last.upper()} {first}".strip()


def _closing(edition: Edition) -> Iterator[str]:
    if not edition.closing_page:
        return
    closing = without_addresses(body_markdown(edition.closing_page)).replace("<font></font>", "")
    first = re.sub(r"^#+ ", "", closing.split("\n", 1)[0])
    if not (CLOSING_HEADING.match(letters(first)) and first.isupper()):
        yield _CLOSING
    yield closing
