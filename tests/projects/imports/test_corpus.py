"""The printed recueil beside the project: read as its gold file says, clean and disturbed."""

import copy
import importlib.util
import json
import random
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from projects.imports.contract import as_json
from projects.imports.reading import read, read_bytes
from projects.imports.recueil import read_book
from tests.projects.imports.claims import faults, is_of_contract
from tests.projects.imports.noise import NOISES, Lines, numbered, source_of

pytestmark = pytest.mark.corpus
MIN_F1 = 0.98
MIN_F1_DISTURBED = 0.95


@pytest.fixture(scope="session")
def scorer(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_import", shared / "tools" / "score_import.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def gold_of(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "gold" / "recueil-2019-odd.json").read_text())  # type: ignore[no-any-return]


@cache
def clean(shared: Path) -> str:
    return (shared / "corpus" / "recueil-2019.md").read_text()


def plain(data: object) -> Any:
    return json.loads(json.dumps(data))


def test_recueil_is_read_as_the_gold_says(shared: Path, scorer: ModuleType) -> None:
    result = plain(as_json(read_book(read(shared / "corpus" / "recueil-2019.md"))))

    tally = scorer.score(gold_of(shared), result, ["", *clean(shared).split("\n")])

    assert (faults(result, clean(shared)), is_of_contract(result)) == ([], True)
    assert scorer.coverage(tally) == 1
    assert scorer.field_f1(tally, "text.kept") == 1
    assert tally.misses == [] or tally.micro()[2] >= MIN_F1
    fields = (
        "sections.",
        "figures.",
        "testimonials",
        "references",
        "authors.",
        "tutors.",
        "lines.placed",
        "promotion_members",
    )
    assert {field: scorer.field_f1(tally, field) >= MIN_F1 for field in fields} == dict.fromkeys(fields, True)


def test_other_fiche_is_read_too(shared: Path) -> None:
    path = shared / "corpus" / "fiche-saint-etienne.md"
    (fiche,) = read_book(read(path)).fiches

    result = plain(as_json(read_book(read(path))))

    assert (faults(result, path.read_text()), is_of_contract(result)) == ([], True)
    assert (fiche.number, len(fiche.authors), len(fiche.tutors), len(fiche.collectivities)) == (20, 4, 1, 2)
    assert [section.kind for section in fiche.sections] == [
        "contexte",
        "problematique",
        "cles_pour_agir",
        "zoom",
        "temoignage",
        "chiffres",
        "aller_plus_loin",
    ]
    assert (len(fiche.testimonials), len(fiche.key_figures), len(fiche.references)) == (2, 9, 1)


@pytest.mark.parametrize("name", NOISES)
def test_disturbed_recueil_is_still_read(shared: Path, scorer: ModuleType, name: str) -> None:
    lines = NOISES[name](numbered(clean(shared)), random.Random(2))  # noqa: S311

    check(scorer, gold_of(shared), lines)


@pytest.mark.parametrize("count", [1, 6, 17, 22])
def test_fiches_may_be_swapped_missing_or_alone(shared: Path, scorer: ModuleType, count: int) -> None:
    lines = numbered(clean(shared))
    spans = [fiche.lines for fiche in read_book(read_bytes("clean.md", clean(shared).encode())).fiches]
    pieces = [[*lines[first - 1 : last], (0, "")] for first, last in spans]
    random.Random(count).shuffle(pieces)  # noqa: S311
    described = {mission["lines"][1] for mission in gold_of(shared)["missions"]}
    pieces.sort(key=lambda piece: piece[-2][0] not in described)  # one that is described comes first
    kept = [line for piece in pieces[:count] for line in piece]

    check(scorer, gold_of(shared), [*lines[: spans[0][0] - 1], *kept, *lines[spans[-1][1] :]])


def check(scorer: ModuleType, gold: dict[str, Any], lines: Lines) -> None:
    source = source_of(lines)

    result = plain(as_json(read_book(read_bytes("noisy.md", source.encode()))))

    tally = scorer.score(moved(gold, lines), result, ["", *source.split("\n")])
    assert (faults(result, source), is_of_contract(result)) == ([], True)
    assert tally.micro()[2] >= MIN_F1_DISTURBED, tally.misses
    assert scorer.field_f1(tally, "text.kept") >= MIN_F1
    assert scorer.field_f1(tally, "lines.placed") >= MIN_F1_DISTURBED


def moved(gold: dict[str, Any], lines: Lines) -> dict[str, Any]:
    """The gold of a disturbed text: lines where they went, headings as they are now, no fiche that is gone."""
    where: dict[int, list[int]] = {}
    for number, (origin, _) in enumerate(lines, start=1):
        where.setdefault(origin, []).append(number)

    def span(first: int, last: int) -> list[int]:
        numbers = [n for origin in range(first, last + 1) for n in where.get(origin, [])]
        return [min(numbers), max(numbers)] if numbers else []

    gold = copy.deepcopy(gold)
    gold["missions"] = [mission for mission in gold["missions"] if mission["sections"][0]["heading_line"] in where]
    for mission in gold["missions"]:
        mission["lines"] = span(*mission["lines"])
        for aside in mission.get("non_body", []):
            aside["lines"] = span(*aside["lines"])
        for section in mission["sections"]:
            heading = section["heading_line"]
            origins = heading if isinstance(heading, list) else [heading]
            numbers = [number for origin in origins for number in where[origin]]
            section["heading_line"] = numbers
            section["heading_as_printed"] = " ".join(lines[number - 1][1] for number in numbers)
            section["body_lines"] = [new for old in section["body_lines"] or [] if (new := span(*old))]
    return gold
