"""Import → apply → write → import: nothing differs but e-mails."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from casebook import demo
from casebook.markdown import join_broken, to_html
from casebook.richtext import plain
from casebook.text import letters
from people.models import Person
from projects.imports.apply import apply
from projects.imports.contract import as_json
from projects.imports.reading import read
from projects.imports.records import Book
from projects.imports.recueil import read_book
from projects.imports.writing import edition_markdown, fiche_markdown
from projects.models import Edition, Mission, Speaker, parts
from projects.models.mission import State
from tests.factories import (
    add_author,
    add_tutor,
    make_edition,
    make_mission,
    make_person,
    make_promotion,
)
from tests.projects.imports.samples import RECUEIL, book_of

HIDDEN = "zibeline"


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written inside is gone after."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rows(edition: Edition) -> dict[str, Any]:
    """Every row that an import makes, the addresses apart."""
    return {
        "edition": [
            edition.title,
            edition.subtitle,
            edition.school_year,
            edition.published_on,
            edition.publisher,
            edition.credits,
            edition.closing_page,
        ],
        "themes": [str(row.theme) for row in edition.edition_themes.all()],
        "promotions": [
            (row.promotion.name, row.promotion.corps, sorted(map(_person, row.promotion.members.all())))
            for row in edition.edition_promotions.all()
        ],
        "missions": {mission.number: mission_rows(mission) for mission in edition.missions.all()},
    }


def _person(person: Person) -> tuple[str, ...]:
    return person.first_name, person.last_name, person.corps, person.gender, str(person.promotion)


def mission_rows(mission: Mission) -> dict[str, Any]:
    return {
        "head": [mission.title_printed, mission.title, str(mission.theme), mission.page_first, mission.page_last],
        "slug": mission.slug,
        "places": [place.official_name for place in mission.collectivity_list],
        "authors": [(_person(row.person), row.corps) for row in mission.authorships.all()],
        "tutors": [(_person(row.person), row.job_title) for row in mission.tutorships.all()],
        "sections": [(row.kind, row.heading, row.body) for row in mission.sections.all()],
        "figures": [
            (row.section and row.section.position, row.value, row.number, row.unit, row.label)
            for row in mission.key_figures.all()
        ],
        "references": [(row.section and row.section.position, row.text, row.url) for row in mission.references.all()],
        "testimonials": [
            (
                row.section and row.section.position,
                row.form,
                row.embedded,
                row.text,
                [(s.first_name, s.last_name, s.role, str(s.person)) for s in row.speakers.all()],
            )
            for row in mission.testimonials.all()
        ],
    }


def printed(book: Book) -> dict[str, Any]:
    """The contract's JSON of a book without what a catalogue does not keep: lines, addresses, captions, the spelling of
    lists and places, how the tutors' heading agrees. Texts are compared by their letters; rows, apart from their
    section's text, since they may be printed in another way."""
    found = as_json(book)
    document = found["document"]
    kept = {name: _plain(document[name]) for name in ("title", "subtitle", "school_year", "published", "publisher")}
    kept |= {name: _plain(document[name]) for name in ("themes", "promotions", "promotion_corps", "unplaced")}
    return kept | {"missions": [_plain(mission) for mission in found["missions"]]}


def _plain(thing: Any) -> Any:
    if isinstance(thing, dict):
        unseen = {"email", "warnings", "non_body", "tutors_heading", "collectivities"}
        unseen |= {"header_lines", "heading_line", "body_lines", "lines"}
        if thing.get("kind") in {"chiffres", "temoignage", "aller_plus_loin"}:
            unseen.add("text")
        return {name: _plain(value) for name, value in thing.items() if name not in unseen}
    if isinstance(thing, list):
        return [_plain(item) for item in thing]
    return letters(plain(to_html(join_broken(thing)))) if isinstance(thing, str) else thing


def round_trip(book: Book, year: str | None = None) -> tuple[dict[str, Any], dict[str, Any], Book, str]:
    """(rows of the book, rows of what was written from them, the book read again, its text)."""
    with taken_back():
        apply(book, edition_slug=year)
        edition = Edition.objects.get()
        before, written = rows(edition), edition_markdown(edition, with_drafts=True)
    again = book_of(written)
    with taken_back():
        apply(again, edition_slug=year)
        after = rows(Edition.objects.get())
    return before, after, again, written


@pytest.fixture
def territories(db: None) -> None:
    call_command("load_reference", stdout=StringIO())


@pytest.mark.parametrize(("path", "year"), [(demo.BOOK, None), (demo.FICHE, "2018")])
def test_demo_comes_back_whole(territories: None, path: Path, year: str | None) -> None:
    book = read_book(read(path))

    before, after, again, written = round_trip(book, year)

    assert after == before
    assert printed(again)["missions"] == printed(book)["missions"]
    assert year or printed(again) == printed(book)
    assert "@" not in written


@pytest.mark.corpus
@pytest.mark.parametrize(("name", "year"), [("recueil-2019.md", None), ("fiche-saint-etienne.md", "2018")])
def test_corpus_comes_back_whole(territories: None, shared: Path, name: str, year: str | None) -> None:
    book = read_book(read(shared / "corpus" / name))

    before, after, again, written = round_trip(book, year)

    assert after == before
    assert printed(again)["missions"] == printed(book)["missions"]
    assert year or printed(again) == printed(book)
    assert "@" not in written


@pytest.mark.django_db
def test_invented_book_comes_back_whole() -> None:
    book = book_of(RECUEIL)

    before, after, again, written = round_trip(book)

    assert after == before
    assert printed(again) == printed(book)
    assert "@" not in written


@pytest.mark.django_db
def test_one_fiche_is_written_by_itself() -> None:
    with taken_back():
        apply(book_of(RECUEIL))
        before = mission_rows(Mission.objects.get(number=1))
        written = fiche_markdown(Mission.objects.get(number=1))
    with taken_back():
        apply(book_of(written), edition_slug="2031")
        after = mission_rows(Mission.objects.get())

    in_book = {"head", "authors"}  # pages and promotions are told by the book
    assert {k: v for k, v in after.items() if k not in in_book} == {k: v for k, v in before.items() if k not in in_book}


# ------------------------------------------------------------------------------------------- what must not leak


@pytest.mark.django_db
def test_drafts_masked_names_and_addresses_are_not_written() -> None:
    shown = make_mission("Une fiche publique", number=1)
    draft = make_mission(f"Titre {HIDDEN}", number=2, state=State.DRAFT)
    copy = Mission.objects.get(pk=shown.pk)
    copy.pk, copy.working_copy_of, copy.title = None, shown, f"Copie {HIDDEN}"
    copy._state.adding = True
    copy.save()
    promotion = make_promotion()
    edition = make_edition()
    edition.edition_promotions.create(promotion=promotion, position=1)
    for name in ("Brun", "Orel"):
        make_person("Lina", name, promotion=promotion, email=f"{HIDDEN}@exemple.fr", aliases=[HIDDEN])
    masked = make_person(HIDDEN, HIDDEN, display_mode="masque", promotion=promotion)
    short = make_person("Ada", HIDDEN.capitalize(), display_mode="initiales", promotion=promotion)
    for position, person in enumerate((masked, short, *promotion.members.filter(display_mode="complet")), start=1):
        add_author(shown, person, position)
    add_tutor(shown, masked, job_title=f"Poste {HIDDEN}")
    said = parts.Testimonial.objects.create(mission=shown, position=1, text="<p>Le regard des élèves nous a aidés.</p>")
    Speaker.objects.create(testimonial=said, person=masked, first_name=HIDDEN, last_name=HIDDEN, role=HIDDEN)
    section = shown.sections.get(position=1)
    section.body = f"<p>Écrire à {HIDDEN}@exemple.fr pour visiter la mairie.</p>"
    section.save()

    public, everything = edition_markdown(edition), edition_markdown(edition, with_drafts=True)

    assert HIDDEN not in public.lower()
    assert "@" not in everything
    assert [line for line in everything.lower().split("\n") if HIDDEN in line] == [draft.title.lower()]
    (fiche,) = book_of(public).fiches
    assert [(a.first_name, a.last_name) for a in fiche.authors] == [("A.", "Z"), ("Lina", "BRUN"), ("Lina", "OREL")]
    assert (fiche.tutors, [t.speakers for t in fiche.testimonials]) == ((), [()])
