"""The grammar, shown as a reader would write it again: `a | b` for OU, `mot?` for what may be missing."""

import pytest
from hypothesis import example, given, settings

from projects.search.query import MAX_CLAUSES, MAX_LENGTH, Clause, parse
from tests.projects.search.any_text import any_text


def shown(clause: Clause) -> str:
    placed = [*((gap, word.word) for gap, word in zip(clause.gaps, clause.words, strict=True)), *clause.stopwords]
    words = " ".join(word for _, word in sorted(placed))
    words = f'"{words}"' if clause.is_phrase else words
    words = f"{'-' * clause.is_negative}{words}{'?' * clause.is_optional}"
    return " | ".join([words, *map(shown, clause.others)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("accueil mairie", ["accueil", "mairie"]),
        ("Accueils des mairies", ["accueil", "des?", "mairie"]),
        ("l'accueil", ["accueil"]),
        ("co-construction d’un avant-projet", ["coconstruction", "un?", "avant?", "projet"]),
        ("mot\x00mot\ud800mot", ["mot", "mot", "mot"]),
        # only stopwords: then they are what is asked
        ("de la", ["de", "la"]),
        ("pourquoi comment", ["pourquoi", "comment"]),
        # words of a question are optional beside two telling ones, no sooner
        ("comment réussir", ["comment?", "reussir"]),
        ("réussir une fusion", ["reussir", "une?", "fusion"]),
        ("réussir la fusion des communes", ["reussir?", "la?", "fusion", "des?", "commune"]),
        # thousands
        ("3 000 agents", ["3000", "agent"]),
        ("1 000 000", ["1000000"]),
        ("10 20", ["10", "20"]),
        ("3 000m² 12 500 km", ["3000", "m2", "12500", "km"]),
        ("3 000mots", ["3", "000mot"]),
        # expressions, in any quotes; stopwords in them are asked for too
        ('"accueil physique"', ['"accueil physique"']),
        ("« accueil physique »", ['"accueil physique"']),
        ("“accueil physique”", ['"accueil physique"']),
        ('"accueil de la mairie"', ['"accueil de la mairie"']),
        ('"de la mairie"', ['"de la mairie"']),
        ('"de la"', ['"de la"']),
        ('"droit à l’erreur"', ['"droit a erreur"']),
        ('"porte-à-porte"', ['"porte a porte"']),
        ('"co-construction publique"', ['"coconstruction publique"']),
        ('mot"accueil physique"mot', ["mot", '"accueil physique"', "mot"]),
        # an unclosed quote, an empty one
        ('"non fermé', ["non", "ferme"]),
        ('"', []),
        ('"" mot "', ["mot"]),
        # exclusions
        ("accueil -mairie", ["accueil", "-mairie"]),
        ("-accueil -mairie", ["-accueil", "-mairie"]),
        ('-"accueil physique"', ['-"accueil physique"']),
        ("-l'accueil", ["-accueil"]),
        ("-co-construction", ["-coconstruction"]),
        ("- mot", ["mot"]),
        ("--mot", ["mot"]),
        ("mot-", ["mot"]),
        ("mot,-autre", ["mot", "autre?"]),
        ("de -mairie", ["de", "-mairie"]),  # a stopword is required where nothing else is
        ("-", []),
        ("--", []),
        # OU, OR, ET
        ("accueil OU mairie", ["accueil | mairie"]),
        ("accueil OR mairie OU agent", ["accueil | mairie | agent"]),
        ('accueil OU "hôtel de ville"', ['accueil | "hotel de ville"']),
        ("accueil ET mairie", ["accueil", "mairie"]),
        ("accueil ou mairie", ["accueil", "ou?", "mairie"]),
        ("OU accueil", ["accueil"]),
        ("accueil OU", ["accueil"]),
        ("accueil OU OU mairie", ["accueil | mairie"]),
        ("OU OU OU", []),
        ("ET", []),
        ("accueil OU -mairie", ["accueil", "-mairie"]),
        ("-accueil OU mairie", ["-accueil", "mairie"]),
        # signs only
        ("", []),
        ("   ", []),
        ("?! % _ * \\ ' ()", []),
        ("%mairie_ *", ["mairie"]),
    ],
)
def test_query_means_these_clauses(text: str, expected: list[str]) -> None:
    assert [shown(clause) for clause in parse(text).clauses] == expected


def test_words_lie_where_they_were_written() -> None:
    query = parse("l’accueil d’un avant-projet -mairie")

    assert [(query.text[word.start : word.end], word.word) for word in query.words] == [
        ("accueil", "accueil"),
        ("un", "un"),
        ("avant", "avant"),
        ("projet", "projet"),
    ]
    better = {query.words[0]: "écueil", query.words[3]: "contrat"}
    assert query.respelt(better).text == "l’écueil d’un avant-contrat -mairie"
    assert query.respelt({}) == query


def test_long_query_is_cut() -> None:
    query = parse("mot " * 3000)

    assert (len(query.text), query.is_cut) == (MAX_LENGTH, True)
    assert (len(query.clauses), query.left_out) == (MAX_CLAUSES, 75 - MAX_CLAUSES)


def test_query_of_many_words_keeps_the_first_ones_and_counts_the_others() -> None:
    query = parse(" ".join(f"de mot{rank}" for rank in range(20)))

    assert [word.word for word in query.words if not word.is_stopword] == [f"mot{rank}" for rank in range(12)]
    assert (query.is_cut, query.left_out) == (False, 8)


@given(any_text)
@example('"' * 300)
@example("OU " * 100)
@example("a OU " * 60)
@example('"a b" ' * 50)
@example("-" * 300)
@example("x" * 10_000)
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_query_of_bounded_size(text: str) -> None:
    query = parse(text)

    required = [clause for clause in query.clauses if not clause.is_optional]
    assert len(query.text) <= MAX_LENGTH
    assert len(required) <= MAX_CLAUSES
    assert len(query.clauses) <= 3 * MAX_CLAUSES
    positive = [clause for clause in query.clauses if not clause.is_negative]
    assert bool(positive) == any(not clause.is_optional for clause in positive)
    for clause in query.clauses:
        assert not (clause.is_negative and (clause.is_optional or clause.others))
        for each in clause.alternatives:
            assert each.words
            assert each.gaps[0] == 0
            assert list(each.gaps) == sorted(each.gaps)
            assert all(0 <= word.start < word.end <= len(query.text) for word in each.words)
            assert all(word.word and word.stem for word in each.words)
