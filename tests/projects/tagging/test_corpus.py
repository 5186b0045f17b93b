"""The shared corpus against its gold: what `tests/benchmarks/bench_tagging.py` measures does not get worse."""

from pathlib import Path

import pytest

from projects import reference
from tests.benchmarks.bench_tagging import score_corpus


@pytest.mark.django_db
def test_proposals_for_the_corpus_meet_the_gold(shared: Path) -> None:
    reference.load_methods(reference.FOLDER / "methods.json")

    score = score_corpus()["all"]

    assert score.right / score.wanted >= 0.95, score.misses
    assert score.right / score.proposed >= 0.80, score.false
