import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import is_valid_path

from casebook.models import SiteIdentity
from casebook.reference import BadReference
from people.models import Collectivity, Department, Region
from projects.models import Domain, Method, Resource
from projects.reference import FOLDER, load_reference
from tests.factories import make_collectivity, make_domain, make_method

pytestmark = pytest.mark.django_db

SITE = {"name": "Regards", "example_queries": ["eau"]}
DOMAINS = [{"slug": "habitat", "name": "Habitat", "description": "Se loger."}]
METHODS = [
    {"name": "World café", "kind": "méthode", "family": "animation", "definition": "D.", "related": ["Entretiens"]},
    {"name": "Entretiens", "kind": "outil", "family": "diagnostic", "definition": "E.", "synonyms": ["interview"]},
]
REGIONS = [{"code": "11", "name": "Île-de-France"}, {"code": "04", "name": "La Réunion"}]
DEPARTMENTS = [
    {"code": "93", "name": "Seine-Saint-Denis", "region": "11"},
    {"code": "974", "name": "La Réunion", "region": "04"},
]
SAINT_DENIS = {
    "kind": "commune",
    "official_name": "Commune de Saint-Denis",
    "display_name": "Saint-Denis",
    "aliases": ["Ville de Saint-Denis"],
    "siren": "929939411",
    "insee_code": "93066",
    "department": "93",
    "region": "11",
    "population": 149077,
    "population_year": 2023,
}
EST_ENSEMBLE = {
    "kind": "epci",
    "epci_type": "EPT",
    "official_name": "Établissement public territorial Est Ensemble",
    "display_name": "Est Ensemble",
    "siren": "200057875",
    "department": "93",
    "region": "11",
}
SYNONYMS = [{"group": "ccas", "terms": ["CCAS", "centre communal d’action sociale"]}]
RESOURCES = [
    {
        "kind": "lettre",
        "title": "La lettre d’avril",
        "methods": ["World café"],
        "collectivities": ["Commune de Saint-Denis"],
    }
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path


def write(folder: Path, **files: Any) -> None:
    """A small set of reference files; a part given by its name takes the place of the usual one."""
    territories = {"regions": REGIONS, "departments": DEPARTMENTS, "collectivities": [SAINT_DENIS, EST_ENSEMBLE]}
    territories.update({key: files.pop(key) for key in list(files) if key in territories})
    parts = {"site": SITE, "domains": DOMAINS, "methods": METHODS, "synonyms": SYNONYMS, "resources": RESOURCES}
    parts["territories"] = territories
    for name, content in {**parts, **files}.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


def test_load_reference_creates_what_is_missing(folder: Path) -> None:
    lines = load_reference(folder)

    assert lines == [
        "1\u00a0identité du site\u00a0: 1 créée, 0 déjà là",
        "1\u00a0domaine\u00a0: 1 créé, 0 déjà là",
        "2\u00a0méthodes\u00a0: 2 créées, 0 déjà là",
        "2\u00a0synonymes\u00a0: 2 créés, 0 déjà là",
        "2\u00a0régions\u00a0: 2 créées, 0 déjà là",
        "2\u00a0départements\u00a0: 2 créés, 0 déjà là",
        "2\u00a0collectivités\u00a0: 2 créées, 0 déjà là",
        "1\u00a0ressource\u00a0: 1 créée, 0 déjà là",
    ]
    assert SiteIdentity.current().name == "Regards"
    assert [(m.name, m.kind, [str(near) for near in m.related.all()]) for m in Method.objects.all()] == [
        ("Entretiens", "outil", ["World café"]),
        ("World café", "methode", ["Entretiens"]),
    ]
    assert [(c.slug, c.kind, c.epci_type, str(c.department), c.population) for c in Collectivity.objects.all()] == [
        ("est-ensemble", "epci", "EPT", "Seine-Saint-Denis (93)", None),
        ("saint-denis", "commune", "", "Seine-Saint-Denis (93)", 149077),
    ]
    letter = Resource.objects.get()
    assert (letter.slug, list(letter.methods.all()), [c.slug for c in letter.collectivities.all()]) == (
        "la-lettre-d-avril",
        [Method.objects.get(slug="world-cafe")],
        ["saint-denis"],
    )


def test_load_reference_twice_changes_nothing(folder: Path) -> None:
    load_reference(folder)

    lines = load_reference(folder)

    assert [line.split("\u00a0: ")[1] for line in lines] == [
        "0 créée, 1 déjà là",
        "0 créé, 1 déjà là",
        "0 créée, 2 déjà là",
        "0 créé, 2 déjà là",
        "0 créée, 2 déjà là",
        "0 créé, 2 déjà là",
        "0 créée, 2 déjà là",
        "0 créée, 1 déjà là",
    ]


def test_load_reference_keeps_what_staff_edited(folder: Path) -> None:
    load_reference(folder)
    SiteIdentity.objects.update(name="Nos missions")
    Method.objects.filter(slug="entretiens").update(definition="Écouter.")
    Collectivity.objects.filter(slug="saint-denis").update(display_name="Saint-Denis (93)")

    load_reference(folder)

    assert SiteIdentity.current().name == "Nos missions"
    assert Method.objects.get(slug="entretiens").definition == "Écouter."
    assert Collectivity.objects.get(slug="saint-denis").display_name == "Saint-Denis (93)"


def test_load_reference_with_update_takes_the_file_again_and_keeps_addresses(folder: Path) -> None:
    load_reference(folder)
    Method.objects.filter(slug="entretiens").update(definition="Écouter.")
    Collectivity.objects.filter(slug="saint-denis").update(
        display_name="St-Denis", slug="st-denis", aliases=["Dyonisie"]
    )

    lines = load_reference(folder, update=True)

    assert lines[2] == "2\u00a0méthodes\u00a0: 0 créée, 2 mises à jour, 0 déjà là"
    assert Method.objects.get(slug="entretiens").definition == "E."
    assert list(Collectivity.objects.filter(slug="st-denis").values_list("display_name", "aliases")) == [
        ("Saint-Denis", ["Dyonisie", "Ville de Saint-Denis"])
    ]


@pytest.mark.parametrize(
    ("values", "more"),
    [
        ({"siren": "929939411", "kind": "autre"}, ["Commune de Saint-Denis"]),
        ({"insee_code": "93066", "kind": "commune"}, ["Commune de Saint-Denis"]),
        ({"official_name": "COMMUNE DE SAINT-DENIS"}, []),
    ],
)
def test_collectivity_known_by_siren_code_or_name_is_not_made_twice(
    folder: Path, values: dict[str, str], more: list[str]
) -> None:
    known = make_collectivity("Saint-Denis-sur-Seine", aliases=["ville de saint-denis", "Cité des rois"], **values)
    write(folder, collectivities=[{**SAINT_DENIS, "aliases": ["Ville de Saint-Denis", "Dyonisie"]}])

    load_reference(folder)

    assert list(Collectivity.objects.values_list("pk", "display_name", "aliases")) == [
        (known.pk, "Saint-Denis-sur-Seine", ["ville de saint-denis", "Cité des rois", *more, "Dyonisie"])
    ]


def test_collectivities_that_share_a_name_have_their_department_in_their_address(folder: Path) -> None:
    other = {
        **SAINT_DENIS,
        "official_name": "Commune de Saint-Denis (La Réunion)",
        "siren": "219740115",
        "insee_code": "97411",
        "department": "974",
        "region": "04",
    }
    write(folder, collectivities=[SAINT_DENIS, other], resources=[])

    load_reference(folder)

    assert list(Collectivity.objects.order_by("siren").values_list("slug", flat=True)) == [
        "saint-denis-974",
        "saint-denis-93",
    ]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"domains": "[{"}, "domains.json\u00a0: ce n’est pas du JSON (ligne 1, colonne 3)."),
        ({"domains": {}}, "domains.json\u00a0: une liste d’objets est attendue."),
        ({"site": []}, "site.json\u00a0: un objet est attendu."),
        (
            {"site": {"couleur": "bleu"}},
            "site.json, identité du site\u00a0: «\u00a0couleur\u00a0» n’est pas un champ connu.",
        ),
        (
            {"methods": [{**METHODS[1], "kind": "recette"}]},
            "methods.json, entrée 1 (Entretiens)\u00a0: «\u00a0kind\u00a0» vaut «\u00a0recette\u00a0», "
            "qui n’est pas dans la liste.",
        ),
        (
            {"methods": METHODS[:1]},
            "methods.json, entrée 1 (World café)\u00a0: la méthode voisine «\u00a0Entretiens\u00a0» n’est pas connue.",
        ),
        (
            {"departments": [{"code": "29", "name": "Finistère", "region": "53"}]},
            "territories.json (departments), entrée 1 (Finistère)\u00a0: la région de code «\u00a053\u00a0» "
            "n’est pas connue.",
        ),
        (
            {"collectivities": [{**SAINT_DENIS, "siren": "92993941"}]},
            "territories.json (collectivities), entrée 1 (Commune de Saint-Denis)\u00a0: "
            "Un SIREN compte neuf chiffres.",
        ),
        (
            {"collectivities": [{**SAINT_DENIS, "population": "149077"}]},
            "territories.json (collectivities), entrée 1 (Commune de Saint-Denis)\u00a0: "
            "«\u00a0population\u00a0» doit être un nombre entier.",
        ),
        (
            {"resources": [{**RESOURCES[0], "collectivities": ["Atlantide"]}]},
            "resources.json, entrée 1 (La lettre d’avril)\u00a0: la collectivité «\u00a0Atlantide\u00a0» "
            "n’est pas connue.",
        ),
    ],
)
def test_load_reference_with_a_wrong_file_says_where_and_writes_nothing(
    folder: Path, files: dict[str, Any], message: str
) -> None:
    write(folder, **files)

    with pytest.raises(BadReference) as error:
        load_reference(folder)

    assert str(error.value) == message
    counts = [model.objects.count() for model in (SiteIdentity, Domain, Method, Region, Department, Collectivity)]
    assert counts == [0, 0, 0, 0, 0, 0]


def test_load_reference_command_without_a_file_is_one_french_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as error:
        call_command("load_reference", folder=tmp_path)

    assert str(error.value) == f"site.json\u00a0: le fichier est introuvable dans {tmp_path}."


@pytest.mark.parametrize("name", ["about", "host_a_student", "legal", "privacy", "accessibility"])
def test_links_of_the_site_s_own_texts_lead_to_its_pages(name: str) -> None:
    text = json.loads((FOLDER / "site.json").read_text())[name]

    own = re.findall(r'href="(/[^"]*)"', text)

    assert [address for address in own if not is_valid_path(address)] == []


def test_reference_of_the_project_loads_and_fits_what_is_already_there(capsys: pytest.CaptureFixture[str]) -> None:
    make_domain("Habitat")
    make_method("Entretiens", definition="Écouter.")
    expected = {name: len(json.loads((FOLDER / f"{name}.json").read_text())) for name in ("domains", "methods")}

    call_command("load_reference")

    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == f"{expected['domains']}\u00a0domaines\u00a0: {expected['domains'] - 1} créés, 1 déjà là"
    assert lines[2] == f"{expected['methods']}\u00a0méthodes\u00a0: {expected['methods'] - 1} créées, 1 déjà là"
    assert Method.objects.get(slug="entretiens").definition == "Écouter."
    assert [Region.objects.count(), Department.objects.count()] == [18, 101]
