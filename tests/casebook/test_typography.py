"""French typography: each rule, what is left alone, and what holds for any text."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from casebook.richtext import plain, sanitize
from casebook.text import fold, typeset
from casebook.typography import correct_html, correct_text


def shown(text: str) -> str:
    """No-break spaces that can be read: ~ for U+00A0, _ for U+202F."""
    return text.replace("\u00a0", "~").replace("\u202f", "_")


@pytest.mark.parametrize(
    ("typed", "expected", "count"),
    [
        ("l'eau et l'“air”, aujourd'hui", "l’eau et l’“air”, aujourd’hui", 3),
        ("Suite... et fin […]", "Suite… et fin […]", 1),
        ("Quoi ? Oui! Non ; si", "Quoi_? Oui_! Non_; si", 3),
        ("Vraiment?! (non ?)", "Vraiment_?! (non_?)", 2),
        ("Objet : l’eau, note:", "Objet~: l’eau, note~:", 2),
        ("« déjà » et «collé»", "«~déjà~» et «~collé~»", 4),
        ('Il dit "oui", puis "non" !', "Il dit «~oui~», puis «~non~»_!", 5),
        ('« le mot "eau" »', "«~le mot “eau”~»", 4),
        ("12 000 habitants, 1 234 567 €", "12_000 habitants, 1_234_567~€", 4),
        ("86%, 3 M€, 20 km, 5 m², 19 °C", "86~%, 3~M€, 20~km, 5~m², 19~°C", 5),
        ("la dispute -- dit-il - finit", "la dispute – dit-il – finit", 2),
    ],
)
def test_signs_and_spaces_are_put_right(typed: str, expected: str, count: int) -> None:
    corrected, made = correct_text(typed)

    assert (shown(corrected), made) == (expected, count)


@pytest.mark.parametrize(
    "text",
    [
        "https://exemple.fr/l'eau?a=1;b=2... et www.exemple.fr/a:b",
        "ecrire.l'equipe@exemple.fr",
        'voir exemple.fr/l\'eau et `x = "a"; y`',
        "&nbsp; &amp;",
        "14:30, 1:2, a;b, oui/non?oui",
        'un écran de 19" et un "mot mal fermé" "',
        "en 2019 300 agents, le 06 12 34 56 78, 06 123 456, 12000",
        "2019-2020, 10 - 5, - un point, porte-clés",
        "(?) [!] :-) …",
        "Deux  espaces, une oeuvre",
        "5'30",
    ],
)
def test_what_is_no_sentence_is_left_alone(text: str) -> None:
    assert correct_text(text) == (text, 0)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("<p>« mot <strong>gras</strong> ! »</p>", "<p>«~mot <strong>gras</strong>_!~»</p>"),
        ('<p>"<em>mot</em>" : <strong>l\'</strong>eau</p>', "<p>«~<em>mot</em>~»~: <strong>l’</strong>eau</p>"),
        (
            "<p><a href=\"https://exemple.fr/?q=l'eau...\">l'eau...</a></p>",
            '<p><a href="https://exemple.fr/?q=l\'eau..." rel="noopener">l’eau…</a></p>',
        ),
        ('<p>un "mot</p><p>mal" fermé</p>', '<p>un "mot</p><p>mal" fermé</p>'),
        ("<ul><li>a &lt; b &amp; c ?</li></ul>", "<ul><li>a &lt; b &amp; c_?</li></ul>"),
        ("<p>Un<br>! deux !<br>trois</p>", "<p>Un<br>! deux_!<br>trois</p>"),
        ("<p>fin<strong>!</strong></p>", "<p>fin<strong>_!</strong></p>"),
    ],
)
def test_rich_text_is_corrected_across_its_inline_tags(typed: str, expected: str) -> None:
    assert shown(correct_html(typed).text) == expected


_SIGNS = st.text(
    st.sampled_from(list("abÉœ09 '\"«»“”.:;!?%€°-–()&<>`@/\n\t\u00a0\u202f")) | st.characters(), max_size=60
)
_TAGS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<strong>",
        "</strong>",
        "<em>",
        "</em>",
        "<br>",
        "<ul><li>",
        "</li></ul>",
        '<a href="https://x.fr/l\'">',
        "</a>",
    ]
)
_HTML = st.lists(_TAGS | _SIGNS, max_size=12).map("".join)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


@given(_SIGNS)
@example('"" "«"» !')
def test_text_is_corrected_once_and_keeps_its_words(text: str) -> None:
    corrected = correct_text(text)

    assert correct_text(corrected.text) == (corrected.text, 0)
    assert words(corrected.text) == words(text)
    assert (corrected.made == 0) == (corrected.text == text)


@given(_HTML)
def test_rich_text_is_corrected_once_and_keeps_its_words_and_tags(source: str) -> None:
    stored = sanitize(source)

    corrected = correct_html(source)

    assert correct_html(corrected.text) == (corrected.text, 0)
    assert sanitize(corrected.text) == corrected.text
    assert words(plain(corrected.text)) == words(plain(stored))
    assert re.findall("<[^>]*>", corrected.text) == re.findall("<[^>]*>", stored)


def test_page_shows_what_was_corrected_as_it_is() -> None:
    corrected = correct_text('« L\'eau » : 12 000 m² ; 86 % ! "Oui" ?').text

    assert typeset(corrected) == corrected
