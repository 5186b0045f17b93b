import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


def package(folder: Path) -> Path:
    (folder / "data").mkdir()
    commune = {"type": "commune-actuelle", "departement": "29", "region": "53", "zone": "metro"}
    files = {
        "package.json": {"version": "1.2.3"},
        "data/communes.json": [
            {**commune, "code": "29019", "nom": "L'Anse", "siren": "212900195", "population": 40},
            {**commune, "code": "29002", "nom": "Aubière", "siren": "200000001", "population": 2},
            {**commune, "code": "29003", "nom": "Absorbée", "type": "commune-deleguee"},
        ],
        "data/epci.json": [{"code": "200000172", "nom": "CC de l'Anse", "type": "CC", "membres": [{"code": "29019"}]}],
        "data/ept.json": [],
        "data/departements.json": [
            {"code": "29", "region": "53", "nom": "Finistère", "typeLiaison": 2, "zone": "metro"}
        ],
        "data/regions.json": [{"code": "53", "nom": "Bretagne", "typeLiaison": 0, "zone": "metro"}],
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_lists_become_lines_in_order(tmp_path: Path) -> None:
    output = tmp_path / "gazetteer.tsv"

    call_command("build_gazetteer", package(tmp_path), date="2031-01-02", population_year=2030, output=output)

    lines = output.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line[0] not in "#S"] == [
        "Y\t2030\t976=2017",
        "R\t53\tBretagne\tRégion Bretagne\t42",
        "E\tCC\t200000172\tCC de l’Anse\t29\t53\t40",
        "D\t29\tFinistère\t53\tDépartement du Finistère\t42",
        "002\tAubière\t2\t200000001",
        "019\tL’Anse\t40",
    ]


def test_missing_list_is_refused(tmp_path: Path) -> None:
    folder = package(tmp_path)
    (folder / "data" / "ept.json").unlink()

    with pytest.raises(CommandError, match=r"ept\.json"):
        call_command("build_gazetteer", folder, date="2031-01-02", population_year=2030, output=tmp_path / "out.tsv")
