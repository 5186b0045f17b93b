"""The invented recueil, disturbed: nothing raises, nothing is lost, and what noise leaves readable is read the same."""

import json
import random
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.imports.contract import as_json
from tests.projects.imports.claims import faults, is_of_contract
from tests.projects.imports.noise import NOISES, numbered, source_of
from tests.projects.imports.samples import CLOSING, CONTENTS, COVER, FIRST, LISTS, RECUEIL, SECOND, THIRD, book_of

PIECES = (COVER, CONTENTS, FIRST, SECOND, THIRD, LISTS, CLOSING)
STRAY = (
    *("LES AUTEURS", "CONTEXTE", "01", "ACCUEILLIR MIEUX", "SOMMAIRE", "03/", "PROMOTION ADA", "BRUN Jean", "TUTRICE"),
    *("ACCUEILLIR UN ÉLÈVE EN STAGE", "Les chiffres", "12 %", "« ", "**", "[x](", "L'ÉQUIPE", "a@b.org"),
    *("\u00a0", "", "■ ■"),
)
quiet = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def check(source: str) -> dict[str, object]:
    result = as_json(book_of(source))
    assert faults(result, source) == []
    assert is_of_contract(json.loads(json.dumps(result)))
    return result


def said(source: str) -> list[tuple[object, ...]]:
    """What the fiches say, without what noise may change: the look of quotes, spaces and headings."""
    return [
        (
            fiche.number,
            fiche.theme,
            (fiche.title or "").replace("’", "'"),
            [(a.first_name, (a.last_name or "").upper(), a.email, a.corps, a.promotion) for a in fiche.authors],
            [(t.first_name, (t.last_name or "").upper()) for t in fiche.tutors],
            [section.kind for section in fiche.sections],
            [(figure.value, figure.label) for figure in fiche.key_figures],
            len(fiche.references),
            [(t.form, len(t.speakers)) for t in fiche.testimonials],
        )
        for fiche in book_of(source).fiches
    ]


# Without its blank line, a value below the label of the one before may be its own label's.
AMBIGUOUS = {"some blank lines gone"}


@pytest.mark.parametrize("name", sorted(NOISES.keys() - AMBIGUOUS))
@pytest.mark.parametrize("seed", range(3))
def test_noise_changes_nothing_of_what_is_read(name: str, seed: int) -> None:
    noisy = source_of(NOISES[name](numbered(RECUEIL), random.Random(seed)))  # noqa: S311

    check(noisy)
    assert said(noisy.replace("\u202f", " ").replace("\u00a0", " ")) == said(RECUEIL)


@quiet
@given(
    st.lists(st.sampled_from(sorted(NOISES)), max_size=4), st.randoms(use_true_random=False), st.permutations(PIECES)
)
def test_several_noises_on_swapped_pieces_lose_no_line(names: list[str], rng: random.Random, pieces: list[str]) -> None:
    lines = numbered("".join(pieces[: rng.randint(1, len(pieces))]))
    for name in names:
        lines = NOISES[name](lines, rng)

    check(source_of(lines) or "x")


@quiet
@given(st.data())
def test_lines_gone_moved_and_stray_lose_no_line(data: st.DataObject) -> None:
    lines = RECUEIL.split("\n")
    for _ in range(data.draw(st.integers(1, 40))):
        at, to = data.draw(st.integers(0, len(lines) - 1)), data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["cut", "move", "stray", "rotate"])):
            case "cut" if len(lines) > 9:
                del lines[at]
            case "move":
                lines[at], lines[to] = lines[to], lines[at]
            case "stray":
                lines.insert(at, data.draw(st.sampled_from(STRAY)))
            case "rotate":
                lines = lines[at:] + lines[:at]

    check("\n".join(lines))


@quiet
@given(
    st.lists(
        st.sampled_from([*STRAY, *(line for line in RECUEIL.split("\n") if len(line) < 40)]), min_size=1, max_size=60
    )
)
def test_any_heap_of_known_lines_is_claimed(lines: list[str]) -> None:
    check("\n".join(["x", *lines]))


@quiet
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=300))
def test_any_text_is_claimed(words: str) -> None:
    source = "Un texte assez long pour que quelques signes étranges n'en fassent pas un fichier binaire.\n" * 20 + words

    check(source.replace("\r", " "))


@pytest.mark.parametrize("length", [*range(0, len(RECUEIL), 97)])
def test_recueil_cut_short_anywhere_keeps_what_it_has(length: int) -> None:
    check(RECUEIL[:length] + "x")


HEAD = SECOND.split("CONTEXTE")[0] + "CONTEXTE\n\n"
HOSTILE: dict[str, Callable[[], str]] = {
    "one line": lambda: "mot, été. " * 250_000,
    "one line in a section": lambda: HEAD + "mot, été. " * 250_000,
    "many short lines": lambda: "\n".join(f"ligne {n}" for n in range(50_000)),
    "many capitals": lambda: "PROMOTION ADA\n" * 50_000,
    "many headings": lambda: HEAD + "CONTEXTE\n" * 30_000,
    "many authors": lambda: "LES AUTEURS\nAda LOVE\n" * 25_000,
    "many fiches": lambda: LISTS + FIRST * 800,
    "many figures": lambda: HEAD + "Les chiffres\n\n" + "12\nmots\n" * 25_000,
    "many numbers": lambda: "ACCUEILLIR MIEUX\n12\n" * 25_000,
    "many entries": lambda: "SOMMAIRE\n" + "".join(f"{n}/\nTITRE\n/ P{n}\n" for n in range(19_000)),
    "many boxes": lambda: HEAD + "9 conseils pour agir\n\n" * 25_000,
    "many legends": lambda: HEAD + "■ ■ x\n\n" * 25_000,
    "many words in capitals": lambda: HEAD + "AB\n\n" * 25_000,
    "many speakers": lambda: HEAD + "Témoignage\n\n" + "Claire Dupont\n" * 50_000,
    "quotes never closed": lambda: HEAD + "« " * 1_000_000 + "\n\nTémoignage\n\n" + "“" * 1_000_000,
    "brackets never closed": lambda: HEAD + "Aller plus loin\n\n" + "[" * 1_000_000 + "[x](a" * 200_000,
    "address never ended": lambda: HEAD.replace("Jean BRUN", "a.b@" * 200_000 + "\n" + "a" * 1_000_000),
    "marks": lambda: "*" * 500_000 + "_a" * 250_000 + "<b " * 200_000 + "&amp" * 200_000,
    "spaces": lambda: "**1" + " " * 1_000_000 + "**\n" + HEAD + "Les chiffres\n\n**1" + " " * 1_000_000 + "**2** x",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_costs_no_more_than_its_length(name: str) -> None:
    source = HOSTILE[name]()
    start = time.process_time()

    result = as_json(book_of(source))

    assert time.process_time() - start < 12  # of the 20 seconds that any file may take, on a slow machine
    assert faults(result, source) == []
