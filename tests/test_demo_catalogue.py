"""The demo catalogue tells the truth about itself: what `manage.py demo` loads, checked as a whole."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from casebook import demo
from casebook.text import fold, letters
from projects.models import Method, MethodExtract, Mission, Resource, Section, Theme
from projects.models.method_use import stands_in
from projects.reference import FOLDER

FILES = sorted(
    path for path in (*demo.FIXTURES.iterdir(), *FOLDER.iterdir()) if path.suffix in {".json", ".md", ".tsv"}
)
WORD = re.compile(r"\w+(?:[-’.,]\w+)*")


@pytest.fixture(scope="module")
def catalogue(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Mission]]:
    """The demo's missions in book order, loaded once for this file and taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_reference", stdout=StringIO())
        for source in (demo.BOOK, demo.FICHE):
            call_command("import_recueil", str(source), apply=True, publish=True, stdout=StringIO())
        call_command("load_complements", demo.COMPLEMENTS, stdout=StringIO())
        yield list(Mission.objects.published().in_book_order().for_detail())
        transaction.set_rollback(True)


def test_every_fiche_is_published_in_book_order(catalogue: list[Mission]) -> None:
    assert [(str(mission.edition and mission.edition.slug), mission.number) for mission in catalogue] == [
        *(("2019", number) for number in range(1, 23)),
        ("None", 20),
    ]


def test_every_mission_has_a_theme_places_people_and_pages(catalogue: list[Mission]) -> None:
    lacking = [
        (str(mission), what)
        for mission in catalogue
        for what, there in {
            "theme": mission.theme,
            "collectivities": mission.collectivity_list,
            "official codes": all(place.siren for place in mission.collectivity_list),
            "authors": mission.authorships.all(),
            "corps": all(authorship.corps for authorship in mission.authorships.all()),
            "tutors": mission.tutorships.all(),
            "jobs": all(tutorship.job_title for tutorship in mission.tutorships.all()),
            "pages": mission.edition is None or mission.page_first,
        }.items()
        if not there
    ]

    assert lacking == []


def test_every_author_of_the_book_is_in_a_promotion(catalogue: list[Mission]) -> None:
    people = [a.person for mission in catalogue if mission.edition for a in mission.authorships.all()]

    assert [str(person) for person in people if person.promotion is None] == []
    assert {person.promotion.name: person.promotion.corps for person in people if person.promotion} == {
        "George Sand": "administrateur",
        "Alan Turing": "conservateur",
        "Wangari Muta Maathai": "ingenieur",
    }


def test_every_mission_has_a_summary_in_three_lines_a_domain_and_a_method(catalogue: list[Mission]) -> None:
    lacking = [
        str(mission)
        for mission in catalogue
        if not (
            mission.summary_asked
            and mission.summary_done
            and mission.summary_advised
            and mission.domains.all()
            and mission.confirmed_methods
        )
    ]

    assert lacking == []


@pytest.mark.usefixtures("catalogue")
@pytest.mark.django_db
def test_every_theme_is_told_in_one_sentence() -> None:
    sentences = {theme.name: theme.description for theme in Theme.objects.all()}

    assert list(sentences) == [
        "Piloter ensemble",
        "Travailler autrement",
        "Gérer différemment",
        "Valoriser le territoire",
    ]
    assert {name: text for name, text in sentences.items() if not re.fullmatch(r"[A-ZÉ][^.!?]+\.", text)} == {}


def test_the_three_core_sections_count_250_to_500_words(catalogue: list[Mission]) -> None:
    counts = {
        str(mission): sum(
            len(WORD.findall(section.text)) for section in mission.sections.all() if section.kind in Section.CORE_KINDS
        )
        for mission in catalogue
    }

    assert {title: count for title, count in counts.items() if not 250 <= count <= 500} == {}


@pytest.mark.usefixtures("catalogue")
@pytest.mark.django_db
def test_every_extract_stands_word_for_word_in_its_own_mission() -> None:
    extracts = MethodExtract.objects.select_related("section", "use__mission")

    lost = [
        (str(extract.use.mission), extract.text)
        for extract in extracts
        if extract.section.mission_id != extract.use.mission_id or not stands_in(extract.text, extract.section)
    ]

    assert lost == []
    assert extracts.count() == sum(
        len(fiche["methods"]) for fiche in json.loads(demo.COMPLEMENTS.read_text())["missions"]
    )


def test_every_mission_says_that_its_text_was_rewritten(catalogue: list[Mission]) -> None:
    notes = [mission.editor_note for mission in catalogue]

    assert notes[3] == "Texte réécrit pour la démonstration, d’après le recueil, pages 19 à 24."
    assert notes[22] == "Texte réécrit pour la démonstration, d’après une fiche dont l’édition n’est pas connue."
    assert {note.split(", d’après ")[0] for note in notes} == {"Texte réécrit pour la démonstration"}
    assert None not in {mission.editor_note_on for mission in catalogue}


@pytest.mark.usefixtures("catalogue")
@pytest.mark.django_db
def test_related_documents_are_resources() -> None:
    assert sorted(Resource.objects.published().values_list("kind", flat=True)) == ["diaporama", "lettre", "prix"]


@pytest.mark.usefixtures("catalogue")
@pytest.mark.django_db
def test_methods_hold_at_least_the_vocabulary_of_the_gold(shared: Path) -> None:
    names = {fold(entry["name"]) for entry in json.loads((shared / "gold" / "methods.json").read_text())["methods"]}

    assert names - {fold(method.name) for method in Method.objects.all()} == set()


def test_the_table_of_contents_names_every_fiche_as_its_head_does() -> None:
    text = demo.BOOK.read_text(encoding="utf-8")
    listed = {
        number: letters("".join(lines.split("\n")[:-1]))
        for number, lines in re.findall(r"^(\d\d)/\n\n(.+?)\n\n/ P\d+", text, re.M | re.S)
    }
    printed = {
        number: letters(title)
        for number, title in re.findall(
            r"^(?:PILOTER|TRAVAILLER|GÉRER|VALORISER)[^\n]+\n\n(\d\d)\n\n([^\n]+)", text, re.M
        )
    }

    assert len(listed) == 22
    assert listed == printed


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_fixture_holds_no_address_but_the_service_s(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert set(re.findall(r"[\w.+-]+@[\w-]+\.\w+", text)) <= {"contact@casebook.example"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_fixture_uses_the_typographic_apostrophe(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert re.findall(r".{0,20}\w'\w.{0,20}", text) == []


def test_no_sentence_of_the_corpus_stands_in_the_fixtures(shared: Path, tmp_path: Path) -> None:
    for path in FILES:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)

    check = subprocess.run(
        [sys.executable, str(shared / "tools" / "check_copy.py"), "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (check.returncode, check.stdout) == (0, "0 copied passage(s) or address(es)\n")
