"""Records → drafts: one transaction, one batch, nothing twice, nobody mixed up."""

import pytest

from people.models import Collectivity, Person, Promotion
from projects.imports import parts
from projects.imports.apply import apply
from projects.imports.reading import read_bytes
from projects.imports.recueil import read_book
from projects.models import Edition, ImportBatch, Mission, SearchDocument, Section
from tests import factories
from tests.projects.imports.samples import BOOK, FICHE_1, FICHE_2, LISTS, TOC

pytestmark = pytest.mark.django_db


def book_of(text: str):
    return read_book(read_bytes("essai.md", text.encode()))


def test_apply_writes_every_part_of_a_fiche() -> None:
    apply(book_of(BOOK))

    mission = Mission.objects.get(number=1)
    edition = Edition.objects.get()
    assert (edition.slug, edition.school_year, str(edition.published_on)) == ("2021", "2021/2022", "2021-12-01")
    assert (mission.title, mission.title_printed, mission.state, mission.page_first, mission.page_last) == (
        "Ranger les archives",
        "RANGER LES ARCHIVES",
        "brouillon",
        5,
        8,
    )
    assert [str(authorship.person) for authorship in mission.authorships.all()] == ["Zoé Martinez", "Ali Ben Salah"]
    assert [(t.person.gender, t.job_title) for t in mission.tutorships.all()] == [("f", "Directrice des archives")]
    assert [(s.kind, s.body) for s in mission.sections.all()] == [
        ("contexte", "<p>La ville garde <strong>trois kilomètres</strong> de papier.</p>"),
        ("problematique", "<p>Que garder, et pour qui ?</p>"),
        ("cles_pour_agir", "<p>L'équipe a mené douze entretiens.</p><ul><li>trier</li><li>numériser</li></ul>"),
        ("temoignage", ""),
        ("chiffres", ""),
        ("aller_plus_loin", ""),
    ]
    assert [(f.value, f.number, f.unit, f.section.kind) for f in mission.key_figures.all()] == [
        ("3 000", 3000, "", "chiffres"),
        ("+25 %", 25, "%", "chiffres"),
    ]
    speaker = mission.testimonials.get().speakers.get()
    assert (speaker.role, speaker.person) == ("directrice des archives", mission.tutorships.get().person)
    assert [(r.text, r.url) for r in mission.references.all()] == [
        ("Guide de l'archivage, 2019", ""),
        ("Portail des archives", "https://archives.example/"),
    ]
    assert SearchDocument.objects.filter(mission=mission).exists()


def test_batch_holds_what_was_read_and_created() -> None:
    apply(book_of(BOOK))

    batch = ImportBatch.objects.get()
    assert [(fiche.position, fiche.outcome, fiche.proposal["title"]) for fiche in batch.fiches.all()] == [
        (1, "creee", "RANGER LES ARCHIVES"),
        (2, "creee", "PARTAGER LES OUTILS"),
    ]
    assert batch.created["projects.Mission"] == list(Mission.objects.order_by("pk").values_list("pk", flat=True))
    assert sorted(batch.created["people.Person"]) == sorted(Person.objects.values_list("pk", flat=True))


def test_same_person_in_two_fiches_is_one_and_homonyms_stay_apart() -> None:
    other = factories.make_person("Zoé", "Martinez", promotion=factories.make_promotion("Une autre promotion"))

    apply(book_of(BOOK))

    zoes = Person.objects.filter(last_name="Martinez")
    assert zoes.count() == 2
    assert zoes.exclude(pk=other.pk).get().authorships.count() == 2


def test_private_address_is_kept_with_its_end() -> None:
    apply(book_of(BOOK))

    person = Person.objects.get(last_name="Martinez")
    assert person.email == "zoe.martinez@administrateur-inet.org"
    assert person.email_kept_until is not None


def test_collectivity_is_found_by_name_or_alias_else_made_to_complete() -> None:
    town = factories.make_collectivity("Miraval")
    metropolis = factories.make_collectivity("Grandville Métropole", kind=Collectivity.Kind.EPCI, epci_type="metropole")

    apply(book_of(BOOK))
    apply(book_of(FICHE_1.replace("VILLE DE MIRAVAL", "VILLE DE NULLE-PART").replace("ARCHIVES", "GRENIERS")))

    assert [m.collectivities.get() for m in Mission.objects.filter(edition__slug="2021").order_by("number")] == [
        town,
        metropolis,
    ]
    unknown = Mission.objects.get(edition=None).collectivities.get()
    assert (unknown.kind, "compléter" in unknown.note) == ("commune", True)


def test_known_fiche_is_left_as_it_is() -> None:
    edition = factories.make_edition(2021)
    known = factories.make_mission("Titre de l’éditeur", number=1, edition=edition)

    apply(book_of(BOOK), publish=True)

    known.refresh_from_db()
    assert (known.title, Mission.objects.count()) == ("Titre de l’éditeur", 2)


def test_publish_leaves_out_what_has_a_blocking_fault() -> None:
    without_context = FICHE_2.replace("CONTEXTE\n\nNeuf communes, neuf parcs de machines.\n", "")

    outcome = apply(book_of("\n".join([TOC, FICHE_1, without_context, LISTS])), publish=True)

    assert [(o.fiche.number, o.published) for o in outcome.fiches] == [(1, True), (2, False)]
    assert "Contexte" in " ".join(outcome.fiches[1].faults)
    assert [m.number for m in Mission.objects.published()] == [1]


def test_number_printed_twice_is_not_published() -> None:
    outcome = apply(
        book_of("\n".join([TOC, FICHE_1, FICHE_1.replace("RANGER", "VIDER"), FICHE_2, LISTS])), publish=True
    )

    assert [o.published for o in outcome.fiches] == [True, False, True]
    assert list(Mission.objects.published().order_by("number").values_list("number", flat=True)) == [1, 2]


def test_failure_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(parts.Reference.objects, "create", fail)

    with pytest.raises(RuntimeError):
        apply(book_of(BOOK))

    assert [model.objects.count() for model in (Mission, Edition, Person, Promotion, ImportBatch, Section)] == [0] * 6
