"""`check_search` finds what differs from the missions, `rebuild_search` mends it: rows are broken on purpose."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from projects import search
from projects.models import (
    Mission,
    SearchDocument,
    SearchFacetPosting,
    SearchFacetValue,
    SearchPosting,
    SearchResult,
    SearchState,
    SearchTerm,
)
from projects.models.mission import State
from projects.search import checking
from projects.search.postings import Block, Hit
from tests.factories import make_method, make_mission
from tests.projects.search.catalogue import synonyms, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def missions() -> None:
    """Two published missions, the first with a word that no other has, and a draft."""
    synonyms("ZAC", "zone d’aménagement")
    told("Hydravion", number=1, contexte="Une ZAC, une zone d’aménagement.")
    make_mission("Accueil", number=2, methods=[make_method("Persona")])
    make_mission("Brouillon", number=3, state=State.DRAFT)


def run(command: str) -> tuple[list[str], str]:
    """The lines written, and why the command failed (empty when it did not)."""
    out = StringIO()
    try:
        call_command(command, stdout=out)
    except CommandError as error:
        return out.getvalue().splitlines(), str(error)
    return out.getvalue().splitlines(), ""


def pk_of(title: str) -> int:
    return Mission.objects.get(title=title).pk


def rewrite(word: str, *hits: Hit) -> None:
    """Other hits for this word in its only row."""
    row = SearchPosting.objects.get(term__word=word)
    new = Block.of(hits).row(row.term_id, row.segment)
    new.pk = row.pk
    new.save()


def hit_of(title: str, weight: int = 1, fields: int = 1, positions: tuple[int, ...] = (1,)) -> Hit:
    return Hit(pk_of(title), weight, fields, positions)


def without_document() -> None:
    SearchDocument.objects.filter(mission__title="Hydravion").delete()


def public_draft() -> None:
    SearchDocument.objects.filter(mission__title="Brouillon").update(is_public=True)


def hidden_mission() -> None:
    SearchDocument.objects.filter(mission__title="Hydravion").update(is_public=False)


def stale_stems() -> None:
    SearchDocument.objects.filter(mission__title="Hydravion").update(stems=" autr ")


def stale_words() -> None:
    SearchDocument.objects.filter(mission__title="Hydravion").update(words="hydravion")


def without_result() -> None:
    SearchResult.objects.filter(mission__title="Hydravion").delete()


def stale_result() -> None:
    SearchResult.objects.filter(mission__title="Hydravion").update(texts="[]")


def older_result() -> None:
    SearchResult.objects.filter(mission__title="Hydravion").update(schema=0)


def result_of_a_draft() -> None:
    draft = Mission.objects.get(title="Brouillon")
    SearchResult.objects.create(mission=draft, schema=1, card="{}", texts="[]")


def changed_text() -> None:
    Mission.objects.filter(title="Hydravion").update(title="Hydravions neufs")


def unpublished() -> None:
    Mission.objects.filter(title="Hydravion").update(state=State.DRAFT)


def lost_posting() -> None:
    SearchPosting.objects.filter(term__word="hydravion").delete()


def posting_of_a_draft() -> None:
    rewrite("persona", hit_of("Accueil"), hit_of("Brouillon"))


def posting_too_many() -> None:
    rewrite("persona", hit_of("Accueil"), hit_of("Hydravion"))


def posting_of_nobody() -> None:
    term = SearchTerm.objects.get(word="hydravion")
    Block.of([Hit(7, 1, 1, (1,))]).row(term.pk, 900).save()


def posting_missing() -> None:
    rewrite("persona")


def other_weight() -> None:
    rewrite("persona", hit_of("Accueil", weight=60_000))


def unreadable_posting() -> None:
    SearchPosting.objects.filter(term__word="persona").update(docs=b"abc")


def wrong_frequency() -> None:
    SearchTerm.objects.filter(word="hydravion").update(df=7)


def term_without_mission() -> None:
    SearchTerm.objects.create(word="oeuvrard", stem="oeuvrard", display="Œuvrard", df=1)


def lost_term() -> None:
    SearchTerm.objects.filter(word="hydravion").delete()


def wrong_stem() -> None:
    SearchTerm.objects.filter(word="hydravion").update(stem="avion")


def lost_acronym() -> None:
    SearchTerm.objects.filter(word="zac").update(is_acronym=False)


def lost_expression() -> None:
    SearchTerm.objects.get(word__contains=" ").delete()


def lost_facet_value() -> None:
    SearchFacetValue.objects.filter(parameter="methode").delete()


def facet_value_of_nobody() -> None:
    SearchFacetValue.objects.create(parameter="methode", value="secrete", label="Secrète")


def facet_that_does_not_exist() -> None:
    SearchFacetValue.objects.create(parameter="couleur", value="bleu", label="Bleu")


def wrong_label() -> None:
    SearchFacetValue.objects.filter(parameter="methode").update(label="Autre")


def facet_of_a_draft() -> None:
    row = SearchFacetPosting.objects.get(value__parameter="methode")
    bits = int.from_bytes(row.members, "little") | 1 << pk_of("Brouillon")
    row.members = bits.to_bytes(512, "little")
    row.save()


def lost_facet_posting() -> None:
    SearchFacetPosting.objects.filter(value__parameter="methode").delete()


BROKEN: dict[Callable[[], None], str] = {
    without_document: "mission « 01 Hydravion » : elle n’a pas de document.",
    public_draft: "mission « 03 Brouillon » : elle n’est pas publiée et s’y trouve comme publique.",
    hidden_mission: "mission « 01 Hydravion » : elle est publiée et n’y est pas.",
    stale_stems: "mission « 01 Hydravion » : son document n’est plus celui de son texte.",
    stale_words: "mission « 01 Hydravion » : son document n’est plus celui de son texte.",
    without_result: "mission « 01 Hydravion » : ce qu’une liste en montre manque.",
    stale_result: "mission « 01 Hydravion » : ce qu’une liste en montre n’est plus ce qu’elle dit.",
    older_result: "mission « 01 Hydravion » : ce qu’une liste en montre n’est plus ce qu’elle dit.",
    result_of_a_draft: "mission « 03 Brouillon » : elle n’est pas publiée et ce qu’une liste en montre est gardé.",
    changed_text: "mot « neuf » : il manque.",
    unpublished: "mot « hydravion » : 1 mission qui n’est pas publique.",
    lost_posting: "mot « hydravion » : 1 mission manque.",
    posting_of_a_draft: "mot « persona » : 1 mission qui n’est pas publique.",
    posting_too_many: "mot « persona » : 1 mission de trop.",
    posting_of_nobody: "mot « hydravion » : 1 mission qui n’est pas publique.",
    posting_missing: "mot « persona » : 1 mission manquante.",
    other_weight: "mot « persona » : d’autres places ou d’autres poids que ceux des textes.",
    unreadable_posting: "mot « persona » : sa liste de missions ne peut pas être lue.",
    wrong_frequency: "mot « hydravion » : compté 7 fois au lieu de 1.",
    term_without_mission: "mot « oeuvrard » : aucune mission publiée ne l’a.",
    lost_term: "mot « hydravion » : il manque.",
    wrong_stem: "mot « hydravion » : sa racine est « avion » au lieu de « hydravion ».",
    lost_acronym: "mot « zac » : il n’est pas tenu pour un sigle.",
    lost_expression: "mot « zon amenag » : il manque.",
    lost_facet_value: "filtre « Méthode », valeur « persona » : elle manque.",
    facet_value_of_nobody: "filtre « Méthode », valeur « secrete » : aucune mission publiée ne l’a.",
    facet_that_does_not_exist: "filtre « couleur » : il n’existe pas.",
    wrong_label: "filtre « Méthode », valeur « persona » : elle n’est plus nommée ou rangée ainsi.",
    facet_of_a_draft: "filtre « Méthode », valeur « persona » : 1 mission de trop.",
    lost_facet_posting: "filtre « Méthode », valeur « persona » : 1 mission manquante.",
}


@pytest.mark.parametrize("breaks", BROKEN, ids=lambda breaks: breaks.__name__)
def test_what_is_broken_is_told_and_mended(missions: None, breaks: Callable[[], None]) -> None:
    breaks()

    lines, failure = run("check_search")
    assert BROKEN[breaks] in [line.replace("\u00a0", " ") for line in lines]
    assert failure.endswith("entre l’index et les missions. Pour réparer\u00a0: manage.py rebuild_search")
    run("rebuild_search")
    assert run("check_search")[1] == ""


def test_right_index_is_said_to_be_right(missions: None) -> None:
    token = SearchState.objects.get().token

    assert run("check_search") == (["3\u00a0missions relues\u00a0: l’index est juste."], "")
    assert SearchState.objects.get().token == token  # reading writes nothing
    assert run("rebuild_search") == (["3\u00a0missions lues\u00a0: l’index est refait."], "")
    assert run("check_search")[1] == ""
    assert SearchState.objects.get().token != token


def test_empty_index_is_right() -> None:
    assert run("check_search") == (["0\u00a0mission relue\u00a0: l’index est juste."], "")
    assert run("rebuild_search") == (["0\u00a0mission lue\u00a0: l’index est refait."], "")


def test_one_difference_is_one_line(missions: None) -> None:
    wrong_frequency()

    assert run("check_search") == (
        ["mot «\u00a0hydravion\u00a0»\u00a0: compté 7 fois au lieu de 1."],
        "1\u00a0différence entre l’index et les missions. Pour réparer\u00a0: manage.py rebuild_search",
    )


def test_many_differences_are_counted(missions: None) -> None:
    told("Bavarde", contexte=" ".join(f"mot{rank}" for rank in range(40)))
    SearchTerm.objects.update(df=99)

    lines, failure = run("check_search")

    assert len(lines) == 31
    assert lines[-1].startswith("… et ")
    assert failure.split("\u00a0")[0] == str(SearchTerm.objects.count())


def test_index_written_during_the_check_is_checked_again(missions: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_late(pks: list[int], known: object) -> object:
        search.reindex([Mission(pk=pk_of("Accueil"))])
        wrong_frequency()
        return read(pks, known)  # type: ignore[arg-type]

    read = checking.read
    monkeypatch.setattr(checking, "read", read_late)

    assert run("check_search")[1] == "L’index a été écrit pendant la vérification. Lancez de nouveau check_search."
