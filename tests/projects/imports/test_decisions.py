from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import Person
from projects.imports import decisions, review
from projects.imports.apply import NotReady, apply_batch
from projects.imports.decisions import Conflict, FicheReview, NotPossible, Review, decide
from projects.models import ImportBatch, ImportedFile, KeyFigure, Mission, Section
from tests.projects.imports.batches import batch_of
from tests.projects.imports.samples import RECUEIL

pytestmark = pytest.mark.django_db


def fiche_of(batch: ImportBatch, position: int = 1) -> FicheReview:
    found = Review(batch).fiche(position)
    assert found is not None
    return found


def choose(fiche: FicheReview, key: str, do: str, value: str = "") -> None:
    known = fiche.value(key)
    decide(fiche.row.pk, key, do, value, known.stamp if known else "", "claire")


def take_in(batch: ImportBatch) -> None:
    """Accept every fiche, doubts or not, and create the drafts."""
    for row in batch.fiches.all():
        decisions.set_outcome(row.pk, decisions.Outcome.ACCEPTED)
    apply_batch(batch)


def test_values_stand_in_the_order_of_the_page_with_their_lines() -> None:
    fiche = fiche_of(batch_of(RECUEIL))

    found = [value for value in fiche.values if value.form != "notice" and value.key.partition(":")[0] != "match"]

    labels = [value.label for value in found]
    assert labels[:8] == [
        "Numéro",
        "Thème",
        "Titre",
        "Collectivités",
        "Élève",
        "Élève",
        "Tuteur ou tutrice",
        "CONTEXTE",
    ]
    lines = [value.lines[0][0] for value in found]
    assert all(lines)
    assert len({value.key for value in found}) == len(found)
    title = fiche.value("title")
    assert title is not None
    assert [fiche.read.text.bare(n) for a, b in title.lines for n in range(a, b + 1)] == [
        "UN GUICHET POUR",
        "LES HABITANTS",
    ]


def test_every_filled_line_of_the_source_is_marked() -> None:
    fiche = fiche_of(batch_of(RECUEIL))

    unmarked = [line.text for line in fiche.source() if line.text.strip() and not line.label]

    assert unmarked == ["LES AUTEURS", "TUTRICE AU SEIN DE LA COLLECTIVITÉ"]


def test_edited_and_refused_values_reach_the_draft() -> None:
    batch = batch_of(RECUEIL)
    fiche = fiche_of(batch)
    figures = [value.key for value in fiche.values if value.label == "Chiffre"]
    authors = [value.key for value in fiche.values if value.label == "Élève"]

    choose(fiche, "title", review.EDIT, "UN AUTRE TITRE")
    choose(fiche, figures[0], review.EDIT, "4 | mairies de quartier")
    choose(fiche, figures[1], review.REFUSE)
    choose(fiche, authors[1], review.REFUSE)
    take_in(batch)

    mission = Mission.objects.get(number=1)
    assert (mission.title, mission.title_printed) == ("UN AUTRE TITRE", "UN GUICHET POUR LES HABITANTS")
    assert list(KeyFigure.objects.filter(mission=mission).values_list("value", "label")) == [
        ("4", "mairies de quartier")
    ]
    assert [str(a.person) for a in mission.authorships.all()] == ["Lina Orel"]


def test_lines_sent_elsewhere_leave_their_section_and_join_the_other() -> None:
    batch = batch_of(RECUEIL)
    fiche = fiche_of(batch)
    context, problem = (next(v for v in fiche.values if v.label == label) for label in ("CONTEXTE", "PROBLÉMATIQUE"))
    first, last = context.lines[0]

    choose(fiche, f"move:{first}-{last}", review.SEND, problem.key)

    after = {value.key: value for value in fiche_of(batch).values}
    assert (after[context.key].read, problem.read in after[problem.key].read) == ("", True)
    assert context.read in after[problem.key].read
    assert after[problem.key].lines == (context.lines[0], problem.lines[0])


def test_refused_section_takes_its_rows_along() -> None:
    batch = batch_of(RECUEIL)
    fiche = fiche_of(batch)
    said = next(value for value in fiche.values if value.label == "Témoignage de la collectivité")

    choose(fiche, said.key, review.REFUSE)
    take_in(batch)

    mission = Mission.objects.get(number=1)
    assert not mission.testimonials.exists()
    assert [s.heading for s in mission.sections.all()] == [
        "CONTEXTE",
        "PROBLÉMATIQUE",
        "DES CLÉS POUR AGIR",
        "Les chiffres",
        "Aller plus loin",
    ]
    assert {f.section.heading for f in mission.key_figures.all() if f.section} == {"Les chiffres"}


def test_second_editor_sees_the_first_decision_and_overwrites_nothing() -> None:
    batch = batch_of(RECUEIL)
    seen_by_both = fiche_of(batch)
    decide(seen_by_both.row.pk, "title", review.EDIT, "Le titre de Claire", "", "claire")

    with pytest.raises(Conflict) as met:
        decide(seen_by_both.row.pk, "title", review.EDIT, "Le titre de Paul", "", "paul")

    assert (met.value.value.current, str(met.value).startswith("claire a décidé")) == ("Le titre de Claire", True)
    decide(seen_by_both.row.pk, "theme", review.ACCEPT, "", "", "paul")  # another value: nothing is lost
    assert fiche_of(batch).row.decisions.keys() == {"title", "theme"}


@pytest.mark.parametrize("act", ["decide", "finish", "accept_sure", "accept_all_sure"])
def test_files_of_the_batch_are_loaded_once_for_what_is_decided(act: str) -> None:
    batch = batch_of(RECUEIL)
    row = batch.fiches.all()[0]
    acts = {
        "decide": lambda: decide(row.pk, "title", review.ACCEPT, "", "", "claire"),
        "finish": lambda: decisions.finish(row.pk, "claire"),
        "accept_sure": lambda: decisions.accept_sure(row.pk, "claire"),
        "accept_all_sure": lambda: decisions.accept_all_sure(batch, "claire"),
    }

    with CaptureQueriesContext(connection) as queries:
        acts[act]()

    tables = (ImportedFile, Person, Mission)
    loads = [sum(f'FROM "{model._meta.db_table}"' in q["sql"] for q in queries) for model in tables]
    assert loads == [1, 1, 1]
    row.refresh_from_db()
    assert row.decisions.keys() == ({"title"} if act == "decide" else {review.SURE})


def test_all_that_is_sure_is_not_accepted_again_once_applied() -> None:
    batch = batch_of(RECUEIL)
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportBatch.State.APPLIED)

    with pytest.raises(NotPossible, match="déjà au catalogue"):
        decisions.accept_all_sure(batch, "claire")

    assert [row.decisions for row in batch.fiches.all()] == [{}, {}, {}]


@pytest.mark.parametrize(
    ("key", "do", "value", "message"),
    [
        ("title", "détruire", "", "Cette décision n’existe pas"),
        ("number", "modifier", "douze", "Le numéro est un nombre"),
        ("absent:3", "accepter", "", "Cette valeur n’existe plus"),
        ("move:1-2", "vers", "ecarter", "Ces lignes ne sont pas dans la fiche"),
        ("move:9-a", "vers", "ecarter", "Cette valeur n’existe plus"),
        ("title", "modifier", "x" * 60_001, "Ce texte est trop long"),
        ("title", "vers", "nulle-part", "Choisissez où vont ces lignes"),
    ],
)
def test_impossible_decision_is_refused_with_what_to_do(key: str, do: str, value: str, message: str) -> None:
    fiche = fiche_of(batch_of(RECUEIL))

    with pytest.raises(NotPossible, match=message):
        decide(fiche.row.pk, key, do, value, "", "claire")

    assert fiche_of(ImportBatch.objects.get()).row.decisions == {}


def test_what_is_sure_is_accepted_at_once_and_doubts_wait() -> None:
    batch = batch_of(RECUEIL)
    doubtful = [fiche.row.position for fiche in Review(batch).fiches if fiche.doubts]

    finished, left = decisions.accept_all_sure(batch, "claire")

    assert (finished, left) == (3 - len(doubtful), sum(len(fiche.doubts) for fiche in Review(batch).fiches))
    states = {value.state for fiche in Review(batch).fiches for value in fiche.values if value.sure}
    assert states == {"accepte"}


def test_queue_of_doubts_goes_through_all_fiches_and_round() -> None:
    batch = batch_of(RECUEIL.replace("jean.brun@conservateur-inet.org", "autre.nom@conservateur-inet.org"))
    queue = [(fiche.row.position, value.key) for fiche, value in Review(batch).doubts()]
    assert len(queue) > 1

    after = {}
    for position, key in queue:
        found = Review(batch).next_doubt(position, key)
        assert found is not None
        after[position, key] = (found[0].row.position, found[1].key)

    assert after == dict(pairwise([*queue, queue[0]]))


def test_drafts_are_made_of_the_accepted_fiches_and_the_others_wait() -> None:
    batch = batch_of(RECUEIL)
    rows = list(batch.fiches.all())
    decisions.set_outcome(rows[0].pk, decisions.Outcome.ACCEPTED)
    decisions.set_outcome(rows[1].pk, decisions.Outcome.REFUSED)

    first = apply_batch(batch)
    batch.refresh_from_db()
    between = batch.state
    decisions.set_outcome(rows[2].pk, decisions.Outcome.ACCEPTED)
    second = apply_batch(batch)
    batch.refresh_from_db()

    assert ([m.number for m in first.created], [m.number for m in second.created]) == ([1], [3])
    assert (between, batch.state) == (ImportBatch.State.REVIEW, ImportBatch.State.APPLIED)
    assert batch.created["projects.Mission"] == [m.pk for m in (*first.created, *second.created)]


def test_nothing_accepted_is_said() -> None:
    with pytest.raises(NotReady, match="Aucune fiche n’est relue"):
        apply_batch(batch_of(RECUEIL))

    assert not Mission.objects.exists()


def test_files_of_one_batch_share_their_promotions_and_their_edition() -> None:
    book, lists = RECUEIL.split("PROMOTION", 1)
    batch = batch_of(book, f"Recueil 2031/2032\n\nPROMOTION{lists}")

    take_in(batch)

    assert set(Mission.objects.values_list("edition__slug", flat=True)) == {"2031"}
    assert Person.objects.filter(authorships__isnull=False, promotion=None).count() == 0


def test_decided_fiche_is_not_decided_again_once_applied() -> None:
    batch = batch_of(RECUEIL)
    fiche = fiche_of(batch)
    take_in(batch)

    with pytest.raises(NotPossible, match="déjà au catalogue"):
        decide(fiche.row.pk, "title", review.EDIT, "Trop tard", "", "claire")

    assert Section.objects.filter(mission__number=1).exists()
