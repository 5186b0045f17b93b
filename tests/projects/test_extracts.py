"""Extracts are found again in the sections, whatever typography was put right meanwhile."""

import pytest

from casebook.typography import correct_html, correct_text
from projects.admin.extracts import Found, locate
from projects.models import Section

TYPED = "<p>L'équipe a dit : \"oui, à 86% !\" (12 000 agents)... C'est <em>noté</em>; la suite -- plus tard.</p>"


@pytest.mark.parametrize(
    "passage",
    [
        'a dit : "oui, à 86% !"',
        "a dit: «oui, à 86 % !»",
        "L’équipe a dit\u00a0: «\u00a0oui, à 86\u00a0%\u202f!\u00a0» (12\u202f000 agents)…",
        '"oui',
        "(12 000 agents)... C'est noté; la suite -- plus tard.",
        "la suite – plus\ntard",
    ],
)
@pytest.mark.parametrize("corrected", [False, True])
def test_passage_is_found_however_its_signs_are_written(passage: str, corrected: bool) -> None:
    section = Section(body=correct_html(TYPED).text if corrected else TYPED)

    for written in (passage, correct_text(passage).text):
        found = locate(written, [section])

        assert found
        assert found.text in section.text
        assert "".join(filter(str.isalnum, found.text)) == "".join(filter(str.isalnum, passage))


@pytest.mark.parametrize("passage", ["oui, à 87 %", "a dit non", "12000 agents", "lasuite"])
def test_other_words_are_not_found(passage: str) -> None:
    assert locate(passage, [Section(body=TYPED)]) is None


def test_first_section_that_holds_it_wins() -> None:
    sections = [Section(body="<p>Rien.</p>"), Section(body=TYPED), Section(body=TYPED)]

    assert locate("C’est noté", sections) == Found(sections[1], "C'est noté")
