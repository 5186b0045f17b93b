"""What is copied: the names that may be read, in order, the book, the pages, the address."""

import pytest

from projects.citations import quotation, reference
from projects.models import Mission
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission() -> Mission:
    edition = make.make_edition()
    edition.title, edition.publisher = "Regards croisés", "INET"
    edition.save()
    place = make.make_collectivity("Ville d’Exemple")
    return make.make_mission(
        "Accueil : mieux recevoir", edition=edition, collectivities=[place], page_first=46, page_last=51
    )


def test_reference_names_the_authors_in_printed_order_the_book_and_the_pages(mission: Mission) -> None:
    make.add_author(mission, make.make_person("Zoé", "Éluard", email="zoe@exemple.fr"), 1)
    make.add_author(mission, make.make_person("Ada", "Abel"), 2)
    make.add_author(mission, make.make_person("Luc", "Edel", display_mode="initiales"), 3)

    assert reference(mission) == (
        "Zoé Éluard, Ada Abel et L. E., «\u00a0Accueil\u00a0: mieux recevoir\u00a0», dans Regards croisés, "
        "édition 2019/2020, INET, pages\u00a046 à\u00a051"
    )


def test_reference_leaves_out_a_masked_author(mission: Mission) -> None:
    make.add_author(mission, make.make_person("Max", "Caché", display_mode="masque"), 1)
    make.add_author(mission, make.make_person("Ada", "Abel"), 2)

    assert reference(mission).startswith("Ada Abel, «\u00a0Accueil")


def test_reference_without_a_name_or_a_book_starts_with_the_collectivity(mission: Mission) -> None:
    make.add_author(mission, make.make_person("Max", "Caché", display_mode="masque"), 1)
    mission.edition = mission.page_last = None

    assert reference(mission) == "Ville d’Exemple, «\u00a0Accueil\u00a0: mieux recevoir\u00a0», page\u00a046"


def test_quotation_is_the_extract_then_its_source_and_address(mission: Mission) -> None:
    mission.edition = mission.page_first = None

    quoted = quotation(
        "Douze entretiens.", reference(mission), "Zoom : une journée", "https://exemple.fr/missions/x/#rubrique-3"
    )

    assert str(quoted) == (
        "«\u00a0Douze entretiens.\u00a0»\n"
        "Ville d’Exemple, «\u00a0Accueil\u00a0: mieux recevoir\u00a0», rubrique «\u00a0Zoom\u00a0: une journée\u00a0». "
        "https://exemple.fr/missions/x/#rubrique-3"
    )
