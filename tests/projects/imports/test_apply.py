from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError
from django.utils import timezone

from people.models import Collectivity, Person, Promotion
from projects.imports import parts
from projects.imports.apply import UnknownEdition, apply
from projects.imports.parts import plain_marks
from projects.models import Edition, ImportBatch, ImportedFile, ImportedMission, KeyFigure, Mission, Theme
from projects.models.mission import State
from projects.search import reindex
from projects.search.checking import check
from tests.factories import (
    add_tutor,
    make_collectivity,
    make_edition,
    make_mission,
    make_person,
    make_promotion,
    make_theme,
)
from tests.projects.imports.samples import CLOSING, COVER, FIRST, LISTS, RECUEIL, SECOND, THIRD, book_of

pytestmark = pytest.mark.django_db
MODELS = (Edition, Theme, Mission, Person, Promotion, Collectivity, ImportBatch, ImportedFile, ImportedMission)


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in MODELS}


def people() -> list[tuple[str, str | None]]:
    return [
        (str(p), p.promotion and p.promotion.name) for p in Person.objects.order_by("last_name", "first_name", "pk")
    ]


def test_recueil_becomes_drafts_of_one_edition() -> None:
    outcome = apply(book_of(RECUEIL))

    missions = list(Mission.objects.order_by("number"))
    assert [
        (m.number, m.title, m.title_printed, str(m.theme), m.page_first, m.page_last, m.state, m.slug) for m in missions
    ] == [
        (
            1,
            "Un guichet pour les habitants",
            "UN GUICHET POUR LES HABITANTS",
            "Accueillir mieux",
            5,
            10,
            State.DRAFT,
            "2031-01-un-guichet-pour-les-habitants",
        ),
        (
            2,
            "Le bureau des arrivants",
            "LE BUREAU DES ARRIVANTS",
            "Accueillir mieux",
            11,
            14,
            State.DRAFT,
            "2031-02-le-bureau-des-arrivants",
        ),
        (3, "L’eau en 2050", "L'EAU EN 2050", "Prévoir longtemps", 15, None, State.DRAFT, "2031-03-l-eau-en-2050"),
    ]
    assert [(o.mission, o.created, o.published, o.faults) for o in outcome.fiches] == [
        (mission, True, False, ()) for mission in missions
    ]
    edition = Edition.objects.get()
    assert (edition.title, edition.subtitle, edition.school_year, str(edition.published_on), edition.publisher) == (
        "Carnets de missions",
        "Élèves territoriaux des promotions Ada Lovelace & Marie Curie",
        "2031/2032",
        "2031-12-01",
        "Maison des Cadres",
    )
    assert [str(row) for row in edition.edition_themes.all()] == ["Accueillir mieux", "Prévoir longtemps"]
    assert [str(row) for row in edition.edition_promotions.all()] == ["Ada Lovelace", "Marie Curie"]


def test_mission_has_its_parts_in_order() -> None:
    apply(book_of(RECUEIL))

    mission = Mission.objects.get(number=1)
    assert [(s.position, s.kind, s.heading, s.body) for s in mission.sections.all()] == [
        (
            1,
            "contexte",
            "CONTEXTE",
            "<p>La ville de Port-au-Vent reçoit ses habitants dans trois mairies annexes que rien ne relie "
            "entre elles.</p>",
        ),
        (
            2,
            "problematique",
            "PROBLÉMATIQUE",
            "<p>Comment donner la même réponse partout, sans allonger les journées des agents ?</p>",
        ),
        (
            3,
            "cles_pour_agir",
            "DES CLÉS POUR AGIR",
            "<p>L'équipe a mené douze entretiens et observé deux semaines d'accueil.</p>"
            "<p>Le public vient surtout le mardi matin, et repart une fois sur trois sans avoir été reçu par "
            "personnel formé à sa demande.</p>",
        ),
        (4, "temoignage", "Témoignage de la collectivité", ""),
        (5, "chiffres", "Les chiffres", ""),
        (6, "aller_plus_loin", "Aller plus loin", ""),
    ]
    assert [(f.value, f.number, f.unit, f.label, f.section.position) for f in mission.key_figures.all()] == [
        ("3", 3, "", "mairies annexes", 5),
        ("+12 %", 12, "%", "de visites en un an", 5),
    ]
    assert [(r.text, r.url, r.section.position) for r in mission.references.all()] == [
        ("Observatoire des Guichets, Recevoir sans attendre, 2030", "https://exemple.org/guichets", 6),
        ("Réseau des accueils, Cahier de recettes, 2029", "", 6),
    ]
    testimonial = mission.testimonials.get()
    speaker = testimonial.speakers.get()
    assert (testimonial.form, testimonial.section.position, testimonial.embedded) == ("citation", 4, False)
    assert (str(speaker), str(speaker.person)) == (
        "Rose Vasseur, Directrice des relations avec les habitants",
        "Rose Vasseur",
    )
    assert [str(c) for c in mission.collectivity_list] == ["Ville de Port-au-Vent"]
    assert [(a.position, str(a.person), a.corps) for a in mission.authorships.all()] == [
        (1, "Lina Orel", "administrateur"),
        (2, "Jean Brun", "conservateur"),
    ]
    assert [(str(t.person), t.person.gender, t.job_title) for t in mission.tutorships.all()] == [
        ("Rose Vasseur", "f", "Directrice des relations avec les habitants")
    ]


def test_batch_keeps_what_was_read_and_what_was_created(admin_user: User) -> None:
    book = book_of(RECUEIL)

    batch = apply(book, user=admin_user).batch

    assert batch is not None
    assert (batch.user, batch.edition, batch.state) == (admin_user, Edition.objects.get(), ImportBatch.State.APPLIED)
    assert batch.document["title"] == "CARNETS DE MISSIONS"
    assert [(f.name, f.checksum, f.size) for f in batch.files.all()] == [("recueil.md", book.checksum, book.size)]
    assert [(f.position, str(f), f.outcome, f.mission) for f in batch.fiches.all()] == [
        (i, m.title_printed, "creee", m) for i, m in enumerate(Mission.objects.order_by("number"), start=1)
    ]
    assert batch.fiches.first().proposal["authors"][0]["email"] == "lina.orel@administrateur-inet.org"  # type: ignore[union-attr]
    assert {label: len(keys) for label, keys in batch.created.items()} == {
        "projects.Edition": 1,
        "people.Promotion": 2,
        "projects.EditionPromotion": 2,
        "people.Person": 8,
        "projects.Theme": 2,
        "projects.EditionTheme": 2,
        "projects.Mission": 3,
        "people.Collectivity": 4,
    }
    assert batch.created["projects.Mission"] == [m.pk for m in Mission.objects.order_by("number")]


def test_same_file_again_changes_nothing_and_says_so() -> None:
    apply(book_of(RECUEIL))
    Mission.objects.filter(number=2).update(title="Titre corrigé")
    before = counts()

    outcome = apply(book_of(RECUEIL), publish=False)

    assert (outcome.same_file, outcome.batch, counts()) == (True, None, before)
    assert [(o.mission.title, o.created, o.published) for o in outcome.fiches] == [
        ("Un guichet pour les habitants", False, False),
        ("Titre corrigé", False, False),
        ("L’eau en 2050", False, False),
    ]
    assert not Mission.objects.published().exists()


def test_publish_makes_public_what_has_no_blocking_fault() -> None:
    incomplete = THIRD.replace("CONTEXTE", "Zoom")

    outcome = apply(book_of(COVER + FIRST + incomplete), publish=True)

    assert [(o.mission.number, o.published, o.faults) for o in outcome.fiches] == [
        (1, True, ()),
        (3, False, ("Écrivez la rubrique «\u00a0Contexte\u00a0».",)),
    ]
    assert [mission.number for mission in Mission.objects.published()] == [1]


def test_publish_of_the_same_file_publishes_its_drafts_only() -> None:
    apply(book_of(RECUEIL))
    Mission.objects.filter(number=1).update(state=State.ARCHIVED)
    other = make_mission("Une autre", number=9, edition=make_edition(2031), theme=make_theme(), state=State.DRAFT)

    outcome = apply(book_of(RECUEIL), publish=True)

    assert (outcome.same_file, [o.published for o in outcome.fiches]) == (True, [False, True, True])
    assert [mission.number for mission in Mission.objects.published().order_by("number")] == [2, 3]
    other.refresh_from_db()
    assert other.state == State.DRAFT


def test_known_fiche_is_left_as_it_is() -> None:
    known = make_mission("Déjà là", number=2, edition=make_edition(2031))

    outcome = apply(book_of(RECUEIL), publish=True)

    known.refresh_from_db()
    assert (known.title, known.sections.count()) == ("Déjà là", 3)
    assert [(o.mission.number, o.created) for o in outcome.fiches] == [(1, True), (2, False), (3, True)]
    assert [row.outcome for row in ImportedMission.objects.all()] == ["creee", "connue", "creee"]


def test_fiche_without_edition_is_known_by_its_title() -> None:
    apply(book_of(SECOND))

    outcome = apply(book_of(SECOND + "\n", "autre.md"))

    assert [(o.created, o.mission.edition, o.mission.number) for o in outcome.fiches] == [(False, None, 2)]
    assert Mission.objects.count() == 1


def test_failure_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    write = parts.write
    before = counts()

    def failing(mission: Mission, fiche: Any) -> None:
        write(mission, fiche)
        if mission.number == 3:
            raise DatabaseError("disque plein")

    monkeypatch.setattr(parts, "write", failing)
    with pytest.raises(DatabaseError):
        apply(book_of(RECUEIL), publish=True)

    assert (counts(), KeyFigure.objects.count()) == (before, 0)


def test_people_of_two_fiches_are_one_and_homonyms_stay_apart() -> None:
    apply(book_of(RECUEIL))

    assert people() == [
        ("Jean Brun", "Ada Lovelace"),
        ("Jean Brun", "Marie Curie"),
        ("Marc-Antoine De La Touche", "Ada Lovelace"),
        ("Paul Garnier", None),
        ("Anne Le Goff", None),
        ("Ève Novak-Petit", "Marie Curie"),
        ("Lina Orel", "Ada Lovelace"),
        ("Rose Vasseur", None),
    ]
    lina = Person.objects.get(last_name="Orel")
    assert [a.mission.number for a in lina.authorships.order_by("mission__number")] == [1, 2]


def test_spelling_of_the_fiche_is_shown_and_that_of_the_list_kept() -> None:
    again = THIRD.replace("03", "04")
    apply(book_of(COVER + THIRD + again + LISTS))

    person = Person.objects.get(last_name="Novak-Petit")

    assert (str(person), person.aliases, person.authorships.count()) == ("Ève Novak-Petit", ["Eve Novak-Petit"], 2)


def test_person_whose_spelling_is_learnt_is_indexed_anew_wherever_named() -> None:
    listed = make_person("Eve", "Novak-Petit", promotion=make_promotion("Marie Curie"))
    other = make_mission("Autre")
    add_tutor(other, listed)
    reindex([other])

    apply(book_of(COVER + THIRD + LISTS))

    listed.refresh_from_db()
    assert (str(listed), listed.tutorships.count()) == ("Ève Novak-Petit", 1)
    assert check().differences == []


def test_person_of_another_import_is_found_by_promotion_or_address() -> None:
    apply(book_of(RECUEIL))
    before = Person.objects.count()

    apply(book_of(SECOND.replace("LE BUREAU", "UN BUREAU"), "fiche.md"))

    assert Person.objects.count() == before


def test_address_is_kept_private_for_three_years() -> None:
    apply(book_of(RECUEIL))

    person = Person.objects.get(last_name="Orel")
    assert person.email == "lina.orel@administrateur-inet.org"
    assert person.email_kept_until == timezone.localdate() + timedelta(days=1095)
    edition = Edition.objects.get()
    public = [edition.credits, edition.closing_page, *(s.body for m in Mission.objects.all() for s in m.sections.all())]
    assert "@" not in "".join(public)
    assert edition.closing_page == (
        "<h3>ACCUEILLIR UN OU UNE ÉLÈVE EN STAGE</h3>"
        "<p>Votre collectivité peut confier une mission à quatre élèves pendant dix semaines.</p>"
    )
    assert "stages@" in CLOSING


def test_known_address_is_not_replaced() -> None:
    promotion = make_promotion("Ada Lovelace")
    make_person("Lina", "Orel", promotion=promotion, email="lina@exemple.org")

    apply(book_of(RECUEIL))

    assert Person.objects.get(last_name="Orel").email == "lina@exemple.org"


def test_collectivity_is_found_by_official_name_or_alias() -> None:
    port = make_collectivity("Port-au-Vent")
    serein = make_collectivity("CA Val Serein", kind="epci", aliases=["Communauté d’agglomération du Val Serein"])

    outcome = apply(book_of(FIRST + THIRD))

    assert [o.mission.collectivity_list for o in outcome.fiches] == [[port], [serein]]
    assert (Collectivity.objects.count(), outcome.notes) == (2, ())


def test_unknown_collectivity_is_created_to_be_completed() -> None:
    outcome = apply(book_of(SECOND))

    assert [(c.display_name, c.kind, c.epci_type, c.note) for c in Collectivity.objects.order_by("pk")] == [
        ("Ville de Hauterive", "commune", "", "Créée par un import\u00a0: à compléter."),
        ("Métropole de Hauterive", "epci", "metropole", "Créée par un import\u00a0: à compléter."),
    ]
    assert [note.replace("\u00a0", " ") for note in outcome.notes] == [
        "Collectivité inconnue : « Ville de Hauterive » a été créée, à compléter.",
        "Collectivité inconnue : « Métropole de Hauterive » a été créée, à compléter.",
    ]


def test_name_that_several_collectivities_share_is_left_to_the_editor() -> None:
    make_collectivity("Port-au-Vent")
    make_collectivity("Port-au-Vent")

    outcome = apply(book_of(FIRST))

    (place,) = outcome.fiches[0].mission.collectivity_list
    assert (Collectivity.objects.count(), place.note) == (3, "Plusieurs collectivités portent ce nom\u00a0: choisir.")


def test_number_printed_twice_is_left_out_of_the_second_draft() -> None:
    outcome = apply(book_of(COVER + SECOND + SECOND.replace("ARRIVANTS", "PARTANTS")), publish=True)

    assert [(o.mission.number, o.mission.title, o.published, o.faults) for o in outcome.fiches] == [
        (2, "Le bureau des arrivants", True, ()),
        (None, "Le bureau des partants", False, ("Le numéro 02 est déjà celui d’une autre fiche.",)),
    ]


def test_edition_is_that_of_the_document_or_the_one_asked() -> None:
    apply(book_of(SECOND), edition_slug="2033")

    assert [(e.slug, e.title, e.school_year) for e in Edition.objects.all()] == [("2033", "Recueil 2033", "2033/2034")]
    with pytest.raises(UnknownEdition, match="première année"):
        apply(book_of(FIRST), edition_slug="33")


def test_long_values_are_cut_to_what_the_catalogue_holds() -> None:
    long = "MOT " * 120
    source = SECOND.replace("LE BUREAU DES ARRIVANTS", long).replace("Directeur général adjoint", "Directeur " * 14)

    outcome = apply(book_of(source))

    assert (len(outcome.fiches[0].mission.title), len(outcome.fiches[0].mission.title_printed)) == (300, 300)


def test_file_without_fiche_leaves_an_empty_batch() -> None:
    outcome = apply(book_of("Une note."))

    assert (outcome.fiches, Mission.objects.count(), ImportBatch.objects.count()) == ((), 0, 1)


def test_plain_text_has_no_marks_of_exponents() -> None:
    assert plain_marks("le 1^{er} et le 2^e") == "le 1er et le 2e"
