import json
from dataclasses import replace

from projects.imports.contract import as_json, fiche_as_json
from tests.projects.imports.samples import FIRST, LISTS, RECUEIL, SECOND, THIRD, book_of, fiche_of, line_of


def test_book_is_the_document_of_the_contract() -> None:
    document = as_json(book_of(RECUEIL))["document"]

    assert document == {
        "title": "CARNETS DE MISSIONS",
        "subtitle": "ÉLÈVES TERRITORIAUX DES PROMOTIONS ADA LOVELACE & MARIE CURIE",
        "school_year": "2031 / 2032",
        "published": "2031-12",
        "publisher": "Maison des Cadres",
        "themes": ["ACCUEILLIR MIEUX", "PRÉVOIR LONGTEMPS"],
        "promotions": ["Ada Lovelace", "Marie Curie"],
        "promotion_corps": {"Ada Lovelace": "administrateur", "Marie Curie": "conservateur"},
        "promotion_members": {
            "Ada Lovelace": [
                {"last_name": "BRUN", "first_name": "Jean"},
                {"last_name": "DE LA TOUCHE", "first_name": "Marc-Antoine"},
                {"last_name": "OREL", "first_name": "Lina"},
            ],
            "Marie Curie": [
                {"last_name": "BRUN", "first_name": "Jean"},
                {"last_name": "NOVAK-PETIT", "first_name": "Eve"},
            ],
        },
        "parts": [
            {"kind": "couverture", "lines": [2, 11]},
            {"kind": "sommaire", "lines": [13, 39]},
            {"kind": "colophon", "lines": [41, 47]},
            {"kind": "intercalaire", "lines": [49, 49]},
            {"kind": "intercalaire", "lines": [149, 150]},
            {"kind": "promotion", "lines": [184, 191]},
            {"kind": "promotion", "lines": [193, 198]},
            {"kind": "accueil", "lines": [200, 206]},
        ],
        "unplaced": [],
        "warnings": [],
    }


def test_fiche_is_the_mission_of_the_contract() -> None:
    quote = "Le regard de l'équipe nous a aidés à voir ce que nous ne regardions plus, et à choisir par où commencer."
    source = FIRST + THIRD + LISTS
    at = {words: line_of(source, words) for words in ("CONTEXTE", "PROBLÉ-", "DES CLÉS POUR AGIR", "Les chiffres")}

    mission = as_json(book_of(source))["missions"][0]

    sections = mission.pop("sections")
    assert mission == {
        "number": 1,
        "theme": "ACCUEILLIR MIEUX",
        "title": "UN GUICHET POUR LES HABITANTS",
        "page": None,
        "collectivities": [{"name_as_printed": "VILLE DE PORT-AU-VENT"}],
        "authors": [
            {
                "first_name": "Lina",
                "last_name": "OREL",
                "email": "lina.orel@administrateur-inet.org",
                "corps": "administrateur",
                "promotion": "Ada Lovelace",
            },
            {
                "first_name": "Jean",
                "last_name": "BRUN",
                "email": "jean.brun@conservateur-inet.org",
                "corps": "conservateur",
                "promotion": "Marie Curie",
            },
        ],
        "tutors_heading": "TUTRICE AU SEIN DE LA COLLECTIVITÉ",
        "tutors": [
            {"first_name": "Rose", "last_name": "VASSEUR", "job_title": "Directrice des relations avec les habitants"}
        ],
        "header_lines": [[4, 4], [6, 6], [8, 9], [11, 11], [13, 13], [15, 16], [18, 18], [20, 20], [22, 22], [24, 26]],
        "testimonials": [
            {
                "form": "citation",
                "section": "Témoignage de la collectivité",
                "embedded": False,
                "speakers": [
                    {
                        "first_name": "Rose",
                        "last_name": "Vasseur",
                        "job_title": "Directrice des relations avec les habitants",
                    }
                ],
                "text": quote,
            }
        ],
        "key_figures": [{"value": "3", "label": "mairies annexes"}, {"value": "+12 %", "label": "de visites en un an"}],
        "references": [
            {"text": "Observatoire des Guichets, Recevoir sans attendre, 2030"},
            {"text": "Réseau des accueils, Cahier de recettes, 2029"},
        ],
        "non_body": [],
        "warnings": [],
    }
    assert [(s["kind"], s["heading_line"], s["body_lines"], s["empty"]) for s in sections[:3]] == [
        ("contexte", at["CONTEXTE"], [[at["CONTEXTE"] + 2] * 2], False),
        ("problematique", [at["PROBLÉ-"], at["PROBLÉ-"] + 1], [[at["PROBLÉ-"] + 3] * 2], False),
        (
            "cles_pour_agir",
            at["DES CLÉS POUR AGIR"],
            [[at["DES CLÉS POUR AGIR"] + 2, at["DES CLÉS POUR AGIR"] + 6]],
            False,
        ),
    ]
    assert sections[4] == {
        "kind": "chiffres",
        "heading_as_printed": "Les chiffres",
        "heading_line": at["Les chiffres"],
        "body_lines": [[at["Les chiffres"] + 2, at["Les chiffres"] + 8]],
        "text": "3\n\nmairies annexes\n\n+12 %\n\nde visites en un an",
        "empty": False,
    }


def test_collectivity_of_a_shared_line_keeps_the_line_and_its_own_name() -> None:
    assert fiche_as_json(fiche_of(SECOND))["collectivities"] == [
        {"name_as_printed": "VILLE ET MÉTROPOLE DE HAUTERIVE", "canonical_name": "VILLE DE HAUTERIVE"},
        {"name_as_printed": "VILLE ET MÉTROPOLE DE HAUTERIVE", "canonical_name": "MÉTROPOLE DE HAUTERIVE"},
    ]


def test_warning_is_code_message_and_lines() -> None:
    fiche = fiche_of(SECOND.replace("Une lettre", "Une lettre (x pages)"))

    assert fiche_as_json(fiche)["warnings"] == [
        {
            "code": "placeholder",
            "message": "Un passage à compléter semble rester dans «\u00a0DES CLÉS POUR AGIR\u00a0».",
            "lines": [[36, 36]],
        }
    ]


def test_text_without_place_keeps_its_words() -> None:
    book = book_of("Une note.\n\nUne autre\nsur deux lignes.")

    assert as_json(book)["document"]["unplaced"] == [
        {"lines": [1, 1], "text": "Une note.", "number": None},
        {"lines": [3, 4], "text": "Une autre\nsur deux lignes.", "number": None},
    ]


def test_json_is_plain_data_and_may_leave_the_fiches_out() -> None:
    book = book_of(RECUEIL)

    assert json.loads(json.dumps(as_json(book))) == as_json(book)
    assert as_json(book, with_fiches=False)["missions"] == []


def test_promotions_without_cover_are_those_of_the_lists() -> None:
    book = replace(book_of(FIRST + LISTS), cover_promotions=())

    assert as_json(book)["document"]["promotions"] == ["Ada Lovelace", "Marie Curie"]
