import pytest

from projects.imports import records
from projects.imports.records import Speaker
from projects.imports.testimonials import form_of, long_quote, parse_speakers, unquoted
from tests.projects.imports.samples import section_of

ROSE = Speaker("Rose", "Vasseur", "directrice de l'accueil")
WORDS = (
    "Le regard de l'équipe nous a aidés à voir ce que nous ne regardions plus. "
    + "Nous savons enfin par où commencer demain matin."
)


def read(body: str) -> list[tuple[str, tuple[Speaker, ...], str]]:
    return [(t.form, t.speakers, t.text) for t in section_of("Témoignage", body).testimonials]


def test_interview_is_one_where_no_line_is_blank() -> None:
    assert (
        form_of(f"« Pourquoi ? »\nPourquoi cette mission ?\n{WORDS} {WORDS}\nEt ensuite ?\nNous agirons.")
        == "entretien"
    )
    assert form_of("Une question qui tient sur la\nligne d’en dessous ?\nEst-ce la fin ?\nOui.") == "rapporté"


@pytest.mark.parametrize(
    "body",
    [
        f"Rose Vasseur, directrice de l'accueil\n\n« {WORDS} »",
        f"Rose Vasseur, directrice de l'accueil\n« {WORDS} »",
        f"Rose Vasseur, directrice de l'accueil « {WORDS} »",
        f"**Rose Vasseur**\n\ndirectrice de l'accueil\n\n“{WORDS}”",
        f'Rose Vasseur – directrice\nde l\'accueil\n\n"{WORDS}"',
        f"Rose Vasseur (directrice de l'accueil)\n\n→ « {WORDS} »",
        f"Rose Vasseur, directrice de\n\nl'accueil\n\n« {WORDS} »",
        f"« {WORDS} », Rose Vasseur, directrice de l'accueil.",
        f"« {WORDS} »\n\nRose Vasseur, directrice de l'accueil",
    ],
)
def test_quotation_is_given_to_who_is_named_around_it(body: str) -> None:
    if body.endswith("accueil"):
        assert read(body)[0][0] == "citation"
        return

    assert read(body) == [("citation", (ROSE,), WORDS)]


def test_several_speakers_each_have_their_words() -> None:
    body = f"Rose Vasseur, directrice de l'accueil\n\n« {WORDS} »\n\nPaul Garnier\n\nMaire de Hauterive\n\n« Merci. »"

    assert read(body) == [
        ("citation", (ROSE,), WORDS),
        ("citation", (Speaker("Paul", "Garnier", "Maire de Hauterive"),), "Merci."),
    ]


def test_two_people_may_speak_together() -> None:
    assert parse_speakers("Rose Vasseur (maire) et Paul Garnier (DGS)") == (
        Speaker("Rose", "Vasseur", "maire"),
        Speaker("Paul", "Garnier", "DGS"),
    )


def test_unsigned_words_have_no_speaker() -> None:
    assert read("L'équipe a compris la ville en deux semaines.") == [
        ("rapporté", (), "L'équipe a compris la ville en deux semaines.")
    ]


def test_reported_words_name_a_job_only() -> None:
    words = "Selon la directrice de l'accueil, l'équipe a compris la ville."

    assert read(words) == [("rapporté", (Speaker(None, None, "directrice de l'accueil"),), words)]


def test_questions_and_answers_are_an_interview() -> None:
    said = "Que vouliez-vous ?\n\n« Un regard. »\n\nEt que ferez-vous ?\n\n« Agir. »"
    body = f"Rose Vasseur, directrice de l'accueil\n\n{said}"

    assert read(body) == [("entretien", (ROSE,), said)]


def test_testimonial_keeps_its_lines_and_section() -> None:
    fiche = section_of("Témoignage", f"Rose Vasseur, directrice de l'accueil\n\n« {WORDS} »")
    start = fiche.sections[-1].body_lines[0][0]

    assert fiche.testimonials == (records.Testimonial("citation", 3, WORDS, (ROSE,), False, ((start, start + 2),)),)


def test_long_quotation_of_a_tutor_inside_a_section_is_embedded() -> None:
    fiche = section_of("Zoom", f"Paul Garnier le dit ainsi : « {WORDS} »\n\n« {WORDS} » dit une passante.")

    assert fiche.testimonials == (
        records.Testimonial("citation", 3, WORDS, (Speaker("Paul", "Garnier", "Directeur général adjoint"),), True),
    )


@pytest.mark.parametrize(
    "line",
    ["", "Une phrase, qui continue.", "Que vouliez-vous ?", "« Mots »", "ville de Port-au-Vent", "Accueil"],
)
def test_other_lines_announce_nobody(line: str) -> None:
    assert parse_speakers(line) == ()


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("Rose Vasseur Directrice de l'accueil", Speaker("Rose", "Vasseur", "Directrice de l'accueil")),
        ("Vasseur, Directrice de l'accueil", Speaker(None, "Vasseur", "Directrice de l'accueil")),
        ("Ève de la Touche", Speaker("Ève", "de la Touche", None)),
        ("Rose Vasseur, maire, qui a suivi la mission", Speaker("Rose", "Vasseur", "maire")),
    ],
)
def test_speaker_s_line_is_read_without_signs_too(line: str, speaker: Speaker) -> None:
    assert parse_speakers(line) == (speaker,)


def test_form_is_told_by_marks_and_questions() -> None:
    texts = ["« Merci. »", "Elle remercie.", "Pourquoi ?\n\nPour voir.", f"Elle dit : « {WORDS} »", "Pourquoi ?"]

    assert [form_of(text) for text in texts] == ["citation", "rapporté", "entretien", "citation", "rapporté"]


def test_marks_around_the_whole_are_dropped_only() -> None:
    texts = ["« Merci. »", "« Merci », dit-elle, « à tous »", "Merci", "« Merci »."]

    assert [unquoted(text) for text in texts] == ["Merci.", "« Merci », dit-elle, « à tous »", "Merci", "Merci"]


def test_long_quotation_needs_its_closing_mark() -> None:
    assert long_quote(f"a « b » c « {WORDS} » d") == (10, 14 + len(WORDS))
    assert long_quote(f"« {WORDS}") is None
    assert long_quote("« Merci. »") is None
