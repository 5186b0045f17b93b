from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from projects.imports import taking
from projects.imports.apply import apply
from projects.imports.differences import differences
from projects.imports.naming import Naming
from projects.imports.reading import read
from projects.imports.records import Fiche
from projects.imports.recueil import read_book
from projects.imports.taking import Published
from projects.imports.undo import fingerprint
from projects.models import KeyFigure, MethodExtract, MethodUse, Mission, Section
from projects.models.mission import State
from tests.factories import make_edition, make_method, make_mission
from tests.projects.imports.batches import draft_of
from tests.projects.imports.samples import FIRST, RECUEIL, SECOND, book_of, fiche_of

pytestmark = pytest.mark.django_db
DEMO = Path(__file__).parents[3] / "fixtures" / "demo" / "recueil-2019.md"
CORRECTED = (
    FIRST.replace("\n01\n", "\n11\n")
    .replace("ACCUEILLIR MIEUX", "ACCUEILLIR PLUS")
    .replace("LES HABITANTS**", "TOUS**")
    .replace("VILLE DE PORT-AU-VENT", "VILLE DE PORT-AU-VENT ET VILLE DE VERLANDE")
    .replace("Jean BRUN", "Jeanne BRUN")
    .replace("jean.brun", "jeanne.brun")
    .replace("Directrice des relations\navec les habitants", "Directrice de l'accueil")
    .replace("douze entretiens", "treize entretiens")
    .replace("Témoignage de la", "ZOOM SUR LES GUICHETS\n\nUn guichet sur deux est fermé.\n\nTémoignage de la")
    .replace("et à choisir par où commencer", "et à choisir")
    .replace("3\n\nmairies annexes", "3\n\nmairies annexes\n\n8\n\nguichets ouverts")
    .replace("de visites en un an", "de visites en deux ans")
    .replace("- Réseau des accueils, Cahier de recettes, 2029\n", "- Un autre livre, à lire debout, 2028\n")
)


def naming_of(mission: Mission, fiche: Fiche) -> Naming:
    return Naming(replace(book_of(FIRST), fiches=(fiche,)), mission.edition)


def take(mission: Mission, fiche: Fiche, keys: Collection[str], naming: Naming | None = None) -> list[str]:
    """The notes, those on the names included."""
    naming = naming or naming_of(mission, fiche)
    return [*taking.take(mission, fiche, keys, naming), *naming.notes]


def key_of(mission: Mission, fiche: Fiche, kind: str, change: str = "changed") -> str:
    return next(d.key for d in differences(fiche, mission) if d.key.startswith(kind) and d.kind == change)


def all_keys(mission: Mission, fiche: Fiche) -> list[str]:
    return [difference.key for difference in differences(fiche, mission)]


def rows(mission: Mission) -> dict[str, list[tuple[int, str]]]:
    """(position, what it says) of every part."""
    parts: dict[str, Any] = {
        "authors": mission.authorships,
        "tutors": mission.tutorships,
        "sections": mission.sections,
        "figures": mission.key_figures,
        "references": mission.references,
        "testimonials": mission.testimonials,
        "places": mission.mission_collectivities,
    }
    return {name: [(row.position, str(row)) for row in manager.all()] for name, manager in parts.items()}


def test_everything_taken_leaves_no_difference_and_again_changes_nothing() -> None:
    mission, fiche = draft_of(FIRST), fiche_of(CORRECTED)
    before = {difference.key.split(":")[0] for difference in differences(fiche, mission)}

    notes = take(mission, fiche, all_keys(mission, fiche))

    kinds = {"number", "theme", "title", "collectivities", "author", "tutor", "section", "figure", "reference"}
    assert before == kinds | {"testimonial"}
    assert [note.replace("\u00a0", " ") for note in notes] == [
        "Collectivité inconnue : « Ville de Verlande » a été créée, à compléter."
    ]
    assert differences(fiche, mission) == []
    stands = fingerprint(mission)
    assert (take(mission, fiche, all_keys(mission, fiche)), fingerprint(mission)) == ([], stands)
    assert (mission.number, mission.title, mission.title_printed, str(mission.theme)) == (
        11,
        "Un guichet pour tous",
        "UN GUICHET POUR TOUS",
        "Accueillir plus",
    )
    assert rows(mission) == {
        "authors": [(1, "Lina Orel"), (2, "Jeanne Brun")],
        "tutors": [(1, "Rose Vasseur")],
        "sections": [
            (1, "Contexte"),
            (2, "Problématique"),
            (3, "Des clés pour agir"),
            (4, "Zoom sur les guichets"),
            (5, "Témoignage"),
            (6, "Les chiffres"),
            (7, "Aller plus loin"),
        ],
        "figures": [(1, "3 mairies annexes"), (2, "8 guichets ouverts"), (3, "+12 % de visites en deux ans")],
        "references": [
            (1, "Observatoire des Guichets, Recevoir sans attendre, 2030"),
            (2, "Un autre livre, à lire debout, 2028"),
        ],
        "testimonials": [(1, "Le regard de l'équipe nous a aidés à voir ce que nous ne regardions plus, et à c")],
        "places": [(1, "Ville de Port-au-Vent"), (2, "Ville de Verlande")],
    }
    assert [f.section and f.section.position for f in mission.key_figures.all()] == [6, 6, 6]


@pytest.mark.parametrize(
    "kind", ["number", "theme", "title", "collectivities", "author", "tutor", "section", "figure", "testimonial"]
)
def test_one_key_changes_this_value_only(kind: str) -> None:
    mission, fiche = draft_of(FIRST), fiche_of(CORRECTED)
    before = {d.key: (d.catalogue, d.read) for d in differences(fiche, mission)}
    key = key_of(mission, fiche, kind)

    take(mission, fiche, [key])

    del before[key]
    assert {d.key: (d.catalogue, d.read) for d in differences(fiche, mission)} == before


def test_demo_book_taken_back_from_another_copy_is_as_it_was() -> None:
    book = read_book(read(DEMO))
    missions = [outcome.mission for outcome in apply(book).fiches][:4]
    other = book.fiches[4:8]

    left = []
    for mission, fiche in zip(missions, other, strict=True):
        keys = [d.key for d in differences(fiche, mission) if d.key != "number"]
        take(mission, fiche, keys)
        left += [(mission.pk, d.key) for d in differences(fiche, mission) if d.key != "number"]

    assert left == []


def test_unknown_key_and_no_key_change_nothing() -> None:
    mission, fiche = draft_of(FIRST), fiche_of(CORRECTED)
    before = fingerprint(mission)

    assert (take(mission, fiche, []), take(mission, fiche, ["figure:9999.0", "section:-0"])) == ([], [])
    assert fingerprint(mission) == before


@pytest.mark.parametrize("state", [State.PUBLISHED, State.ARCHIVED])
def test_public_mission_is_not_changed(state: str) -> None:
    mission, fiche = draft_of(FIRST), fiche_of(CORRECTED)
    Mission.objects.filter(pk=mission.pk).update(state=state)
    mission.refresh_from_db()
    before = fingerprint(mission)

    with pytest.raises(Published, match="copie de travail"):
        take(mission, fiche, all_keys(mission, fiche))

    assert fingerprint(mission) == before


def test_title_that_an_editor_wrote_stays() -> None:
    mission, fiche = draft_of(FIRST), fiche_of(CORRECTED)
    Mission.objects.filter(pk=mission.pk).update(title="Une seule porte")
    mission.refresh_from_db()

    notes = take(mission, fiche, ["title"])

    assert (mission.title, mission.title_printed) == ("Une seule porte", "UN GUICHET POUR TOUS")
    assert notes == [
        "Le titre affiché avait été récrit, il reste «\u00a0Une seule porte\u00a0»\u00a0: voyez s’il convient encore."
    ]


def test_place_is_the_one_that_was_chosen_or_that_the_official_lists_know() -> None:
    mission, fiche = draft_of(FIRST), fiche_of(CORRECTED.replace("VILLE DE VERLANDE", "MÉTROPOLE DE LYON"))
    naming, choices = naming_of(mission, fiche), {"place:villedeportauvent": "insee:93066"}
    mission.mission_collectivities.all().delete()

    taking.take(mission, fiche, ["collectivities"], naming, choices)

    assert [place.insee_code for place in mission.collectivity_list] == ["93066", "69M"]
    assert len(naming.created["people.Collectivity"]) == 2


def test_person_of_other_missions_is_not_renamed() -> None:
    outcome = apply(book_of(RECUEIL))
    mission = outcome.fiches[0].mission
    corrected = FIRST.replace("Lina OREL", "Lila OREL").replace("lina.orel", "lila.orel")
    fiche = fiche_of(corrected)
    naming = naming_of(mission, fiche)

    notes = take(mission, fiche, [key_of(mission, fiche, "author")], naming)

    assert rows(mission)["authors"] == [(1, "Lila Orel"), (2, "Jean Brun")]
    assert rows(outcome.fiches[1].mission)["authors"] == [(1, "Lina Orel"), (2, "Jean Brun")]
    assert notes == ["Nouvelle personne au catalogue\u00a0: Lila Orel. Vérifiez qu’elle n’y était pas déjà."]
    assert [(label, len(made)) for label, made in naming.created.items()] == [("people.Person", 1)]


def test_person_of_this_mission_alone_is_renamed_and_keeps_the_former_name() -> None:
    mission = draft_of(SECOND)
    corrected = fiche_of(SECOND.replace("Anne LE GOFF", "Anna LE GOFF"))

    take(mission, corrected, [key_of(mission, corrected, "tutor")])

    person = mission.tutorships.get(position=2).person
    assert (str(person), person.aliases) == ("Anna Le Goff", ["Anne Le Goff"])


def test_extract_that_no_longer_stands_is_told_and_kept() -> None:
    mission = draft_of(FIRST)
    use = MethodUse.objects.create(mission=mission, method=make_method("Entretiens"))
    section = mission.sections.get(kind=Section.Kind.CLES_POUR_AGIR)
    MethodExtract.objects.create(use=use, section=section, text="douze entretiens")
    MethodExtract.objects.create(use=use, section=section, text="le mardi matin", position=2)
    fiche = fiche_of(CORRECTED)

    notes = take(mission, fiche, [key_of(mission, fiche, "section")])

    assert [note.replace("\u00a0", " ") for note in notes] == [
        "Rubrique « Des clés pour agir » : un extrait de la méthode « Entretiens » n’y est plus mot pour mot : "
        "« douze entretiens ». Corrigez-le, ou retirez-le."
    ]
    assert [extract.text for extract in use.extracts.all()] == ["douze entretiens", "le mardi matin"]


def test_section_with_an_extract_stays_until_the_extract_has_another_home() -> None:
    zoom = "\nZOOM SUR LE PUITS\n\nLe puits est profond.\n"
    mission = draft_of(SECOND + zoom)
    use = MethodUse.objects.create(mission=mission, method=make_method("Visite"))
    section = mission.sections.get(kind=Section.Kind.ZOOM)
    extract = MethodExtract.objects.create(use=use, section=section, text="Le puits est profond.")
    key = f"section:-{section.pk}"

    notes = take(mission, fiche_of(SECOND), [key])

    assert [note.replace("\u00a0", " ") for note in notes] == [
        "La rubrique « Zoom sur le puits » reste : elle porte 1 extrait de méthode. Retirez-le d’abord, ou gardez-la."
    ]
    moved = fiche_of(SECOND.replace("avant les cartons.", "avant les cartons.\n\nLe puits est profond."))
    assert take(mission, moved, all_keys(mission, moved)) == []
    extract.refresh_from_db()
    assert (extract.section.kind, differences(moved, mission)) == (Section.Kind.CLES_POUR_AGIR, [])


def test_figure_of_a_method_that_goes_is_told() -> None:
    mission = draft_of(FIRST)
    use = MethodUse.objects.create(mission=mission, method=make_method("Comptage"))
    figure = KeyFigure.objects.get(mission=mission, position=1)
    use.key_figures.add(figure)
    fiche = fiche_of(FIRST.replace("3\n\nmairies annexes\n\n", ""))

    notes = take(mission, fiche, [f"figure:-{figure.pk}"])

    assert [note.replace("\u00a0", " ") for note in notes] == [
        "Le chiffre « 3 mairies annexes », retiré, était lié à la méthode « Comptage »."
    ]
    assert rows(mission)["figures"] == [(1, "+12 % de visites en un an")]


def test_rows_of_a_section_not_taken_wait_without_it() -> None:
    mission = make_mission("Le bureau", number=2, edition=make_edition(2031), state=State.DRAFT)
    fiche = fiche_of(FIRST)
    keys = [key for key in all_keys(mission, fiche) if key.startswith("figure")]

    take(mission, fiche, keys)

    assert [(str(f), f.section) for f in mission.key_figures.all()] == [
        ("3 mairies annexes", None),
        ("+12 % de visites en un an", None),
    ]
    assert mission.sections.count() == 3
