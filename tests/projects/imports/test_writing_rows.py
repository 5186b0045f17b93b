"""Fiches written by hand, in every form that rows may take: written and imported, they come back."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.imports.apply import apply
from projects.imports.writing import edition_markdown, town
from projects.models import KeyFigure, Mission, Reference, Section, Speaker, parts
from tests.factories import (
    add_tutor,
    make_collectivity,
    make_mission,
    make_person,
)
from tests.projects.imports.samples import book_of
from tests.projects.imports.test_writing import mission_rows, taken_back


def written_again(mission: Mission) -> dict[str, Any]:
    """The rows of a mission of a database with nothing else, written and imported."""
    edition = mission.edition
    assert edition is not None
    written = edition_markdown(edition)
    mission.delete()
    apply(book_of(written), edition_slug=edition.slug)
    return mission_rows(Mission.objects.get())


def make_fiche(kind: Section.Kind, body: str = "", heading: str = "") -> tuple[Mission, Section]:
    mission = make_mission("La mairie", title_printed="LA MAIRIE", number=7)
    section = Section.objects.create(
        mission=mission, kind=kind, heading=heading or kind.label.upper(), body=body, position=4
    )
    return mission, section


FIGURES = st.lists(
    st.tuples(
        st.sampled_from(["3", "+12 %", "65 000", "3,7/4", "10 ANS", "2021", "80 %", "23 M€", ""]),
        st.sampled_from(
            [
                "mairies annexes",
                "9 mois après l’ouverture",
                "Agents formés",
                "des élus, 4 sur 5.",
                "de baisse en 2020",
                "",
            ]
        ),
    ).filter(any),
    min_size=1,
    max_size=5,
)
REFERENCES = st.lists(
    st.tuples(
        st.sampled_from(["Guide de l’accueil, 2019", "Rapport [tome 2]", "Un livre. Un autre, p. 4", "1. Bilan"]),
        st.sampled_from(["", "https://exemple.fr/guide-2019", "http://exemple.fr/?a=1&b=2"]),
    )
    | st.just(("Le site www.exemple.fr/accueil", "https://www.exemple.fr/accueil")),
    min_size=1,
    max_size=4,
)
SAID = st.sampled_from(
    [
        ("citation", "<p>Le regard des élèves nous a aidés.</p>"),
        ("citation", f"<p>Un premier paragraphe{' de mots' * 20}.</p><p>Un second.</p>"),
        ("rapporte", f"<p>La directrice retient la méthode{' et le temps pris' * 8}.</p>"),
        ("rapporte", "<p>La directrice retient la méthode.</p>"),
        ("entretien", "<p>Pourquoi cette mission ?</p><p>Pour voir.</p><p>Et ensuite ?</p><p>Nous agirons.</p>"),
    ]
)
SPEAKERS = st.lists(
    st.sampled_from(
        [
            ("Rose", "Vasseur", "directrice des relations avec les habitants"),
            ("Jean Paul", "Le Bras", "maire de Port-au-Vent"),
            ("Ève", "Novak-Petit", "cheffe de projet (numérique)"),
            ("Lina", "Orel", ""),
        ]
    ),
    min_size=1,
    max_size=2,
    unique=True,
)
often = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def rows_come_back(kind: Section.Kind, model: Any, rows: list[dict[str, str]]) -> dict[str, Any]:
    """What is read of a section with these rows, written: the section itself holds no more words."""
    with taken_back():
        mission, section = make_fiche(kind)
        for position, row in enumerate(rows, start=1):
            model.objects.create(mission=mission, section=section, position=position, **row)

        after = written_again(mission)

    assert after["sections"][3] == (kind, kind.label.upper(), "")
    return after


@often
@given(figures=FIGURES)
def test_figures_come_back(db: None, figures: list[tuple[str, str]]) -> None:
    rows = [{"value": value, "label": label} for value, label in figures]

    after = rows_come_back(Section.Kind.CHIFFRES, KeyFigure, rows)

    assert [(value, label) for _, value, _, _, label in after["figures"]] == figures


@often
@given(references=REFERENCES)
def test_references_come_back(db: None, references: list[tuple[str, str]]) -> None:
    rows = [{"text": text, "url": url} for text, url in references]

    after = rows_come_back(Section.Kind.ALLER_PLUS_LOIN, Reference, rows)

    assert [(text, url) for _, text, url in after["references"]] == references


@often
@given(st.data())
def test_testimonials_come_back(db: None, data: st.DataObject) -> None:
    testimonials = data.draw(st.lists(st.tuples(SAID, SPEAKERS), max_size=2))
    unsigned = data.draw(st.none() | SAID)  # words that nobody signs come first: below others they would join them
    everything = [*([(unsigned, [])] if unsigned else []), *testimonials]
    with taken_back():
        mission, section = make_fiche(Section.Kind.TEMOIGNAGE)
        for position, ((form, text), speakers) in enumerate(everything, start=1):
            said = parts.Testimonial.objects.create(
                mission=mission, section=section, position=position, form=form, text=text
            )
            for rank, (first, last, role) in enumerate(speakers, start=1):
                Speaker.objects.create(testimonial=said, position=rank, first_name=first, last_name=last, role=role)

        after = written_again(mission)

    found = [(form, text, [s[:3] for s in people]) for _, form, _, text, people in after["testimonials"]]
    assert found == [(form, text, speakers) for (form, text), speakers in everything]
    assert after["sections"][3] == ("temoignage", "TÉMOIGNAGE", "")


@pytest.mark.parametrize(
    ("kind", "heading", "body"),
    [
        ("aller_plus_loin", "ALLER PLUS LOIN", f"<p>Le réseau{' se réunit souvent et échange' * 8}.</p>"),
        ("autre", "Ce que les agents en disent", "<p>Un encadré fait à la main.</p>"),
        ("autre", "ET APRÈS", "<p>Un comité suit le projet.</p>"),
        ("zoom", "ZOOM SUR LE GUICHET", "<h3>Contexte</h3><p>Les auteurs</p><ul><li>Problématique</li></ul>"),
        ("zoom", "ZOOM", "<p>Une photographie suit.</p><p>Source : la mairie</p>"),
        (
            "zoom",
            "ZOOM",
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
        ),
    ],
)
@pytest.mark.django_db
def test_section_comes_back(kind: str, heading: str, body: str) -> None:
    mission, _ = make_fiche(Section.Kind(kind), body, heading)

    after = written_again(mission)

    assert after["sections"][3:] == [(kind, heading, body)]


@pytest.mark.django_db
def test_unsigned_words_never_join_those_of_someone() -> None:
    mission, section = make_fiche(Section.Kind.TEMOIGNAGE)
    signed = parts.Testimonial.objects.create(mission=mission, section=section, position=1, text="<p>Signé.</p>")
    Speaker.objects.create(testimonial=signed, first_name="Rose", last_name="Vasseur", role="directrice")
    parts.Testimonial.objects.create(mission=mission, section=section, position=2, text="<p>Sans nom.</p>")

    after = written_again(mission)

    assert [(text, people) for _, _, _, text, people in after["testimonials"]] == [
        ("<p>Signé.</p>", [("Rose", "Vasseur", "directrice", "None")]),
        ("<p>Sans nom.</p>", []),
    ]


@pytest.mark.django_db
def test_quotation_inside_a_section_is_written_once() -> None:
    words = "Le regard des élèves nous a aidés à voir" + " ce que nous ne regardions plus" * 5
    mission, section = make_fiche(Section.Kind.ZOOM, f"<p>Rose Vasseur le dit : « {words}. »</p>")
    add_tutor(mission, make_person("Rose", "Vasseur"), job_title="Directrice")
    said = parts.Testimonial.objects.create(
        mission=mission, section=section, position=1, form="citation", text=f"<p>{words}.</p>", embedded=True
    )
    Speaker.objects.create(testimonial=said, first_name="Rose", last_name="Vasseur", role="Directrice")

    after = written_again(mission)

    assert after["testimonials"] == [
        (4, "citation", True, f"<p>{words}.</p>", [("Rose", "Vasseur", "Directrice", "Rose Vasseur")])
    ]


@pytest.mark.django_db
def test_collectivities_whose_names_tell_no_kind_stay_apart() -> None:
    places = [make_collectivity(name) for name in ("Est Ensemble", "Le Pré-Fleuri", "Syndicat des eaux et Pays du Sel")]
    places[0].kind = places[2].kind = "autre"
    for place in places:
        place.save()
    mission = make_mission("La mairie", number=7, collectivities=places)

    after = written_again(mission)

    assert after["places"] == [place.official_name for place in places]


@pytest.mark.parametrize(
    ("name", "printed_name"),
    [("Le Havre", "Ville du Havre"), ("Les Abymes", "Ville des Abymes"), ("Aubagne", "Ville d’Aubagne")],
)
def test_town_has_its_article(name: str, printed_name: str) -> None:
    assert town(name) == printed_name
