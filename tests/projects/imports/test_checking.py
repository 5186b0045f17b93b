import pytest

from projects.imports.checking import gender_of_job
from projects.imports.reading import read_bytes
from projects.imports.records import Notice
from projects.imports.recueil import read_book
from tests.projects.imports.samples import CONTENTS, FIRST, LISTS, RECUEIL, SECOND, THIRD, book_of, codes, fiche_of

PASSAGE = "Chaque mairie annexe garde ses habitudes, et le public apprend vite laquelle répond le mieux à sa demande."


def messages(source: str) -> list[tuple[str, str]]:
    return [(n.code, n.message.replace("\u00a0", " ")) for n in fiche_of(source).warnings]


def test_clean_fiche_has_no_warning() -> None:
    assert (fiche_of(FIRST).warnings, book_of(RECUEIL).warnings) == ((), ())


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        ("\n02\n", "\n", "missing_number", "Aucun numéro n’est imprimé en tête de la fiche."),
        ("\nACCUEILLIR MIEUX\n", "\n", "missing_theme", "Aucun thème n’est imprimé en tête de la fiche."),
        (
            "\nVILLE ET MÉTROPOLE DE HAUTERIVE\n",
            "\n",
            "missing_collectivity",
            "Aucune collectivité n’a été trouvée sous le titre.",
        ),
        ("PROBLÉMATIQUE\n\nQue", "Que", "missing_section", "La rubrique « Problématique » manque ou est vide."),
        (
            "\nTUTEUR ET TUTRICE\n",
            "\nTUTRICE\n",
            "tutors_heading",
            "L’intitulé « TUTRICE » ne s’accorde pas avec les personnes nommées.",
        ),
        (
            "lina.orel@",
            "lina.aurel@",
            "email_mismatch",
            "L’adresse électronique ne correspond pas au nom de Lina OREL.",
        ),
        (
            "Une lettre",
            "Une lettre (x pages)",
            "placeholder",
            "Un passage à compléter semble rester dans « DES CLÉS POUR AGIR ».",
        ),
        (
            "les cartons.",
            "les cartons, et si le service qui la prépare sait à qui l'envoyer dès",
            "unfinished_sentence",
            "Le texte de « DES CLÉS POUR AGIR » s’arrête au milieu d’une phrase.",
        ),
        (
            "Une lettre",
            "Écrire à accueil@exemple.org. Une lettre",
            "email_in_text",
            "Une adresse électronique est imprimée dans « DES CLÉS POUR AGIR » : elle serait publique.",
        ),
        (
            "les cartons.",
            "les cartons.\n\nTémoignage\n\nMerci.",
            "unsigned_testimonial",
            "Le témoignage n’est pas signé.",
        ),
        (
            "les cartons.",
            "les cartons.\n\nLes chiffres",
            "figures_lost",
            "Aucun chiffre lisible : la rubrique est sans doute une image dans l’original.",
        ),
        ("les cartons.", "les cartons.\n\nZoom", "empty_section", "La rubrique « Zoom » est vide."),
        (
            "les cartons.",
            "les cartons.\n\nLes chiffres\n\n12",
            "figure_without_label",
            "Rien ne dit ce que compte le chiffre « 12 ».",
        ),
        (
            "les cartons.",
            "les cartons.\n\nAller plus loin\n\n[Cahier](#)",
            "link_without_target",
            "Le lien de « Cahier » a perdu son adresse.",
        ),
        (
            "Que doit savoir",
            "Deux ateliers sont prévus, et une enquête. Que doit savoir",
            "evidence_in_problem_only",
            "Seule la rubrique « PROBLÉMATIQUE » parle de certains travaux (atelier et enquête) : vérifiez qu’ils "
            "ont eu lieu avant d’en faire des méthodes.",
        ),
        (
            "PROBLÉMATIQUE\n",
            "PROBLÉMATQIUE\n",
            "heading_misspelt",
            "L’intitulé « PROBLÉMATQIUE » semble mal orthographié.",
        ),
        (
            "les cartons.",
            "les cartons.\n\nContexte\n\nLe même titre, une fois de trop.",
            "section_twice",
            "La rubrique « Contexte » est imprimée une seconde fois dans cette fiche.",
        ),
        (
            "les cartons.",
            "les cartons.\n\nLes chiffres\n\nhabitants de plus\n\n12\n\nagents",
            "figure_without_value",
            "Aucun chiffre n’est imprimé devant « habitants de plus ».",
        ),
        (
            "les cartons.",
            "les cartons.\n\nTémoignage\n\nAnne Le Goffic, cheffe de projet\n\n« Merci à toute l'équipe. »",
            "speaker_name_differs",
            "Le témoignage est signé « Anne Le Goffic », l’en-tête nomme « Anne LE GOFF ».",
        ),
        (
            "Une lettre",
            "« Une lettre",
            "quote_not_closed",
            "Un guillemet ouvert dans « DES CLÉS POUR AGIR » n’est jamais fermé.",
        ),
        (
            "suffit, si elle arrive avant les cartons.",
            "suffit[1], si elle arrive avant les cartons.\n\n[1] Essai mené au printemps.",
            "footnote_set_aside",
            "Une note a été mise à part du texte : « [1] Essai mené au printemps. ».",
        ),
        (
            "Jean BRUN\njean.brun@administrateur-inet.org",
            "Jean BRUN\njean.brun@administrateur-inet.org\n\nLina OREL",
            "author_twice",
            "Lina OREL est nommé deux fois parmi les auteurs.",
        ),
        (
            "CONTEXTE\n\n",
            "Une longue phrase sans titre, " + "qui continue et qui continue, " * 5 + "jusqu'ici.\n\nCONTEXTE\n\n",
            "unplaced_text",
            "Ce texte n’a pas trouvé de place : « Une longue phrase sans titre, qui continue et qui continue,… ».",
        ),
    ],
)
def test_problem_has_a_code_and_a_french_sentence(old: str, new: str, code: str, message: str) -> None:
    assert old in SECOND
    found = messages("x\n" + SECOND.replace(old, new, 1) if code == "missing_theme" else SECOND.replace(old, new, 1))

    assert (code, message) in found
    assert {c for c, _ in found} <= {code, "missing_theme", "missing_tutors"}


def test_warning_gives_its_lines() -> None:
    source = SECOND.replace("Une lettre", "Une lettre (x pages)")
    (notice,) = fiche_of(source).warnings

    assert [source.split("\n")[n - 1] for n in notice.lines[0]] == [
        "Une lettre (x pages) suffit, si elle arrive avant les cartons."
    ] * 2


def test_number_printed_twice_is_said_of_the_second() -> None:
    book = book_of(FIRST + SECOND + SECOND)

    assert [codes(fiche.warnings) for fiche in book.fiches] == [
        [],
        ["author_in_two_fiches"],
        ["author_in_two_fiches", "duplicate_number"],
    ]


def test_name_that_differs_from_its_list_or_is_in_none() -> None:
    lists = LISTS.replace("OREL Lina", "OREL Lîna").replace("BRUN Jean", "DUROC Jean")
    book = book_of(SECOND + lists)

    assert [n.message.replace("\u00a0", " ") for n in book.fiches[0].warnings] == [
        "La fiche écrit « Lina OREL », la liste Ada Lovelace « Lîna OREL ».",
        "Jean BRUN n’est dans aucune liste de promotion.",
    ]


def test_passages_of_another_fiche_are_said_once_per_section() -> None:
    copied = THIRD.replace("Jusqu'où", f"{PASSAGE}\n\n{PASSAGE[:-1]} aussi.\n\nJusqu'où")
    book = book_of(SECOND.replace("Que doit", f"{PASSAGE}\n\n{PASSAGE[:-1]} aussi.\n\nQue doit") + copied)

    assert codes(book.fiches[0].warnings) == []
    assert [n.message.replace("\u00a0", " ") for n in book.fiches[1].warnings if n.code == "foreign_text"] == [
        "2 passages de « PROBLÉMATIQUE » se trouvent aussi dans la fiche 02, à partir de « Chaque mairie annexe "
        "garde ses habitudes, et le public… »."
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        (
            "UN GUICHET POUR\nLES HABITANTS\nVILLE",
            "UN GUICHET POUR\nLES ARRIVANTS\nVILLE",
            "title_differs_toc",
            "Le sommaire écrit le titre autrement : « UN GUICHET POUR LES ARRIVANTS VILLE DE PORT-AU-VENT ».",
        ),
        (
            "VILLE DE PORT-AU-VENT\n\n/",
            "VILLE DE PORT-DU-VENT\n\n/",
            "collectivity_differs_toc",
            "Le sommaire écrit la collectivité autrement : « UN GUICHET POUR LES HABITANTS VILLE DE PORT-DU-VENT ».",
        ),
        (
            "UN GUICHET POUR\nLES HABITANTS\nVILLE DE PORT-AU-VENT\n\n/ P05\n\n02/\n\nLE BUREAU DES ARRIVANTS",
            "LE BUREAU DES ARRIVANTS\n\n/ P05\n\n02/\n\nUN GUICHET POUR\nLES HABITANTS",
            "number_differs_toc",
            "Le sommaire donne à ce titre le numéro 02.",
        ),
        (
            "ACCUEILLIR MIEUX",
            "ACCUEILLIR MIEU",
            "theme_differs_toc",
            "Le sommaire range cette fiche sous « ACCUEILLIR MIEU ».",
        ),
    ],
)
def test_contents_that_say_otherwise(old: str, new: str, code: str, message: str) -> None:
    assert old in CONTENTS
    fiche = book_of(CONTENTS.replace(old, new, 1) + FIRST + SECOND + THIRD).fiches[0]

    assert [(n.code, n.message.replace("\u00a0", " ")) for n in fiche.warnings] == [(code, message)]


def test_pages_that_go_back_and_promotion_without_list() -> None:
    book = book_of(RECUEIL.replace("/ P15", "/ P09").replace("& MARIE CURIE", "& MARIE CURIE & GRACE HOPPER"))

    assert [(n.code, n.message) for n in book.warnings] == [
        ("page_order", "Le sommaire place la fiche 03 page 9, avant la fiche 02."),
        (
            "promotion_without_list",
            "La couverture annonce la promotion Grace Hopper, dont la liste n’a pas été trouvée.",
        ),
    ]


def test_address_of_another_corps_than_the_promotion() -> None:
    lists = LISTS.replace("PROMO-\nTION ADA LOVELACE", "PROMOTION ADA LOVELACE (CONSERVATEURS)")
    book = book_of(SECOND + lists.replace("BRUN Jean\n\nNOVAK", "NOVAK"))

    assert [(n.code, n.message.replace("\u00a0", " ")) for n in book.fiches[0].warnings][:1] == [
        ("corps_mismatch", "L’adresse de Lina OREL dit « administrateur », la promotion Ada Lovelace « conservateur ».")
    ]


def test_fiche_announced_but_absent_is_said_of_the_book() -> None:
    assert book_of(CONTENTS + FIRST + THIRD).warnings == (
        Notice("missing_fiche", "Le sommaire annonce la fiche 02, qui n’a pas été trouvée dans le texte."),
    )


def test_text_without_fiche_is_said_and_kept() -> None:
    book = book_of("Une note.\n\nDeux lignes.")

    assert codes(book.warnings) == ["no_mission", "unplaced_text"]
    assert [piece.text for piece in book.unplaced] == ["Une note.", "Deux lignes."]


def test_guessed_encoding_is_said() -> None:
    assert codes(read_book(read_bytes("a.md", FIRST.encode("cp1252"))).warnings) == ["encoding_guessed"]


@pytest.mark.parametrize(
    ("job", "gender"),
    [
        ("Directrice de l'eau", "f"),
        ("Cheffe de projet", "f"),
        ("Directeur", "m"),
        ("Chef de projet", "m"),
        ("DGS", ""),
        (None, ""),
    ],
)
def test_first_word_of_a_job_tells_the_form(job: str | None, gender: str) -> None:
    assert gender_of_job(job) == gender
