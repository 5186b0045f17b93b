import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from people.models import Region
from projects.models import Edition, Mission
from projects.reference import load_reference
from projects.search.checking import check
from projects.selection import Selection
from tests.factories import make_mission

pytestmark = pytest.mark.django_db


def line(number: int = 1, **values: Any) -> dict[str, Any]:
    return {
        "id": number,
        "edition": 2011,
        "number": number,
        "theme": "Exemple de thème",
        "title": f"Exemple de mission numéro {number}",
        "slug": f"2011-{number:04d}-exemple",
        "collectivites": [
            {
                "slug": "exemple-metropole",
                "name": "Exemple Métropole",
                "kind": "métropole",
                "region": "Bretagne",
                "department": "Finistère",
            }
        ],
        "authors": [{"first_name": "Camille", "last_name": "Exemple", "email": "camille@exemple.test"}],
        "tutors": [{"first_name": "Dominique", "last_name": "Tutrice", "job_title": "Directrice"}],
        "methods": ["entretiens", "méthode inconnue"],
        "sections": [{"kind": "contexte", "heading": "Contexte", "body": "Un <lavoir>.\n\nPuis une halle."}],
        "key_figures": [{"value": "12", "label": "agents"}],
        "testimonial": {"speaker": "Sacha Marie Orateur", "role": "Maire", "text": "Un verger."},
        **values,
    }


def written(folder: Path, *lines: Any) -> Path:
    path = folder / "catalogue.jsonl"
    path.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in lines), encoding="utf-8")
    return path


def test_each_line_is_a_published_mission_with_its_parts(tmp_path: Path) -> None:
    call_command("load_catalogue", written(tmp_path, line(1), line(2)))

    first, second = Mission.objects.published().for_detail().order_by("number")
    assert [place.kind_label for place in first.collectivity_list] == ["Métropole"]
    assert first.collectivity_list == second.collectivity_list
    assert first.collectivity_list[0].region == Region.objects.get(name="Bretagne")
    assert [str(row) for row in first.authorships.all()] == ["Camille Exemple"]
    assert [(str(row), row.job_title) for row in first.tutorships.all()] == [("Dominique Tutrice", "Directrice")]
    assert [method.slug for method in first.confirmed_methods] == ["entretiens", "methode-inconnue"]
    assert [section.body for section in first.sections.all()] == ["<p>Un &lt;lavoir&gt;.</p><p>Puis une halle.</p>"]
    assert [str(figure) for figure in first.key_figures.all()] == ["12 agents"]
    (words,) = first.testimonials.all()
    assert [str(speaker) for speaker in words.speakers.all()] == ["Sacha Marie Orateur, Maire"]
    edition = Edition.objects.get()
    assert (edition.school_year, [theme.name for theme in edition.themes.all()]) == ("2011/2012", ["Exemple de thème"])


def test_what_is_loaded_is_found_and_counted(tmp_path: Path) -> None:
    call_command("load_catalogue", written(tmp_path, line(1), line(2, testimonial=None)))

    selection = Selection({"q": "verger", "region": "bretagne"})

    assert [result.mission.number for result in selection.results] == [1]
    assert check().differences == []


def test_a_database_with_missions_is_left_alone_without_force(tmp_path: Path) -> None:
    make_mission()
    load_reference()

    with pytest.raises(CommandError, match="déjà 1\xa0mission"):
        call_command("load_catalogue", written(tmp_path, line()))
    assert Mission.objects.count() == 1

    call_command("load_catalogue", written(tmp_path, line()), force=True)
    assert Mission.objects.count() == 2


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["[1"], "Ligne 1\xa0: ce n’est pas un objet JSON"),
        ([{"edition": 2011}], "Lignes 1 à 1\xa0: 'theme' manque"),
    ],
)
def test_a_wrong_line_is_told_and_nothing_of_its_transaction_is_kept(
    tmp_path: Path, lines: list[Any], told: str
) -> None:
    with pytest.raises(CommandError, match=told):
        call_command("load_catalogue", written(tmp_path, *lines))

    assert not Mission.objects.exists()


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"absent\.jsonl"):
        call_command("load_catalogue", tmp_path / "absent.jsonl")
