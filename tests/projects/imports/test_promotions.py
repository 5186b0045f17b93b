from dataclasses import replace

import pytest

from projects.imports.promotions import ListHeading, find_lists, read_list, with_corps
from projects.imports.records import Author, Fiche, Member, Promotion
from tests.projects.imports.samples import LISTS, SECOND, fiche_of, text_of

MEMBERS = "\n\nOREL Lina\n\nBRUN Jean\n"
OREL, BRUN = Member("Lina", "OREL"), Member("Jean", "BRUN")


def test_lists_are_found_by_a_heading_above_names() -> None:
    assert find_lists(text_of(LISTS), set()) == [ListHeading(2, 3), ListHeading(11, 12)]
    assert find_lists(text_of(LISTS), {2}) == [ListHeading(11, 12)]


@pytest.mark.parametrize(
    "source", ["PROMOTION ADA\n\nUn texte.\n\nUn autre.", "Promotion Ada" + MEMBERS, "PROMOUVOIR LA MER" + MEMBERS]
)
def test_other_words_begin_no_list(source: str) -> None:
    assert find_lists(text_of(source), set()) == []


@pytest.mark.parametrize(
    ("heading", "name", "corps"),
    [
        ("PROMOTION ADA LOVELACE", "Ada Lovelace", None),
        ("PROMO-\nTION\nADA\nLOVELACE", "Ada Lovelace", None),
        ("PROMO-\n\nTION ADA\n\nLOVELACE", "Ada Lovelace", None),
        ("PROMOTION ADA LOVELAGE", "Ada Lovelace", None),
        ("PROMOTION GRACE HOPPER", "Grace Hopper", None),
        ("PROMOTION GRACE HOPPER (INGÉNIEURS EN CHEF)", "Grace Hopper", "ingénieur en chef"),
    ],
)
def test_promotion_is_named_as_on_the_cover(heading: str, name: str, corps: str | None) -> None:
    text = text_of(heading + MEMBERS)
    (found,) = find_lists(text, set())
    last = heading.count("\n") + 5

    assert read_list(text, found, text.last, ["Ada Lovelace"]) == Promotion(name, corps, (OREL, BRUN), ((1, last),))


def test_corps_may_be_printed_below_the_heading() -> None:
    text = text_of("PROMOTION ADA\n\nAdministrateurs territoriaux" + MEMBERS)

    assert read_list(text, ListHeading(1, 1), text.last, []) == Promotion(
        "Ada", "administrateur", (OREL, BRUN), ((1, 7),)
    )


def test_list_ends_with_its_last_member() -> None:
    text = text_of("PROMOTION ADA" + MEMBERS + "\nUn texte.\n" * 6 + "LEROY Ève")

    assert read_list(text, ListHeading(1, 1), text.last, []).lines == ((1, 5),)


def test_corps_of_a_promotion_is_that_of_most_members() -> None:
    fiche = fiche_of(SECOND)

    def by(*corps: str | None) -> list[Fiche]:
        return [replace(fiche, authors=(Author("Lina", "OREL", corps=one),)) for one in corps]

    ada = Promotion("Ada", None, (OREL, BRUN))
    said = Promotion("Marie", "conservateur", (Member("Lina", "OREL"),))

    assert with_corps([ada], by("administrateur", "conservateur", "administrateur")) == [
        replace(ada, corps="administrateur")
    ]
    assert with_corps([ada], by(None)) == [ada]
    assert with_corps([said], by("administrateur")) == [said]
