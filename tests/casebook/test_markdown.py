"""Markdown both ways: what scanned books write, what comes back, and that no word is lost."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook.markdown import compact, from_html, join_broken, to_html
from casebook.richtext import plain, sanitize
from casebook.text import letters

LONG = "Une phrase assez longue pour que la page ait pu la couper"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("**gras** et *italique*", "<p><strong>gras</strong> et <em>italique</em></p>"),
        ("**Titre.**Suite", "<p><strong>Titre.</strong>Suite</p>"),
        ("une ligne\ncoupée  \nen trois", "<p>une ligne coupée en trois</p>"),
        ("à la ligne<br>voulue", "<p>à la ligne<br>voulue</p>"),
        ("### Des clés\n\n#### Une clé", "<h3>Des clés</h3><h4>Une clé</h4>"),
        ("# Un\n\n##### Deux", "<h3>Un</h3><h4>Deux</h4>"),
        ("> repris du rapport", "<blockquote><p>repris du rapport</p></blockquote>"),
        (
            "a < b, <inconnu> et <script>alert(1)</script>",
            "<p>a &lt; b, &lt;inconnu&gt; et &lt;script&gt;alert(1)&lt;/script&gt;</p>",
        ),
        ("`code`, ![une carte](carte.png)", "<p>`code`, une carte</p>"),
        ("+ 25 % de lecteurs", "<p>+ 25 % de lecteurs</p>"),
        ("2019. Une année", "<p>2019. Une année</p>"),
    ],
)
def test_to_html_plain_marks(source: str, expected: str):
    assert to_html(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("TYPOLOGIE", "<h3>TYPOLOGIE</h3>"),
        ("**ESPACE PUBLIC**", "<h3>ESPACE PUBLIC</h3>"),
        ("LE POINT\nDE VUE", "<h3>LE POINT DE VUE</h3>"),
        ("10 CONSEILS POUR RÉUSSIR", "<h3>10 CONSEILS POUR RÉUSSIR</h3>"),
        ("2,3 MRD", "<p>2,3 MRD</p>"),
        ("10 ANS", "<p>10 ANS</p>"),
        ("DIT AINSI, TOUT EST CLAIR.", "<p>DIT AINSI, TOUT EST CLAIR.</p>"),
        ("Marie DUPONT", "<p>Marie DUPONT</p>"),
    ],
)
def test_to_html_line_in_capitals_is_a_heading_unless_a_value(source: str, expected: str):
    assert to_html(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("- un\n- deux\n  - trois", "<ul><li>un</li><li>deux<ul><li>trois</li></ul></li></ul>"),
        ("1) un\n2) deux", "<ol><li>un</li><li>deux</li></ol>"),
        ("3. trois\n4. quatre", '<ol start="3"><li>trois</li><li>quatre</li></ol>'),
        ("- 1) un\n- 2) deux", "<ol><li>un</li><li>deux</li></ol>"),
        ("1 - un\n\n2 - deux", "<ol><li><p>un</p></li><li><p>deux</p></li></ol>"),
        ("- 1 - un\n\n2 - deux", "<ol><li><p>un</p></li><li><p>deux</p></li></ol>"),
        ("1 - un\n\n3 - trois", "<p>1 - un</p><p>3 - trois</p>"),
        ("12 - 14 ans", "<p>12 - 14 ans</p>"),
        ("→ Un\n→ Deux", "<p>→ Un</p><p>→ Deux</p>"),
        ("-> un\n-> deux", "<ul><li>un</li><li>deux</li></ul>"),
        ("- > un\n - > deux", "<ul><li>un</li><li>deux</li></ul>"),
        ("• un\n•deux", "<ul><li>un</li><li>deux</li></ul>"),
        ("– un\n– deux", "<ul><li>un</li><li>deux</li></ul>"),
        (
            "- grâce à :\n - un\n - deux\n- trois",
            "<ul><li>grâce à :<ul><li>un</li><li>deux</li></ul></li><li>trois</li></ul>",
        ),
        ("- 1) un\n - a. le début", "<ol><li>un<ul><li>a. le début</li></ul></li></ol>"),
    ],
)
def test_to_html_lists_of_scanned_books(source: str, expected: str):
    assert to_html(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1^{er}, 2^{ème}, 2^E, m^2", "1<sup>er</sup>, 2<sup>ème</sup>, 2<sup>E</sup>, m<sup>2</sup>"),
        ("chef d'orchestre\"^[1].", "chef d'orchestre\"<sup>1</sup>."),
        ("CO_{2}", "CO<sub>2</sub>"),
        (r"\^{er} et ^ seul", "^{er} et ^ seul"),
    ],
)
def test_to_html_superscripts_and_notes(source: str, expected: str):
    assert to_html(source) == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[le rapport](#), 2020", "le rapport, 2020"),
        (r"[le guide \(DGFIP\)](#)", "le guide (DGFIP)"),
        ("[site](https://a.fr/x_y)", '<a href="https://a.fr/x_y" rel="noopener">site</a>'),
        ("[site](javascript:alert(1))", "site"),
        ("voir www.a-b.org.", 'voir <a href="https://www.a-b.org" rel="noopener">www.a-b.org</a>.'),
        ("(http://a.fr/b_c)", '(<a href="http://a.fr/b_c" rel="noopener">http://a.fr/b_c</a>)'),
        ("<http://intranet.a.fr>", '<a href="http://intranet.a.fr" rel="noopener">http://intranet.a.fr</a>'),
    ],
)
def test_to_html_links(source: str, expected: str):
    assert to_html(source) == f"<p>{expected}</p>"


def test_to_html_lines_with_the_same_number_of_tabs_are_a_table():
    source = 'Élèves\tDurée\nIngénieurs | A\t\nConservateurs\t<ul style="list-style: none"> • 18 mois • INET</ul>'

    assert to_html(source) == (
        "<table><thead><tr><th>Élèves</th><th>Durée</th></tr></thead><tbody>"
        "<tr><td>Ingénieurs | A</td><td></td></tr>"
        "<tr><td>Conservateurs</td><td><ul><li>18 mois</li><li>INET</li></ul></td></tr></tbody></table>"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("- un\t\n- deux\t \n- trois\t", "<ul><li>un</li><li>deux</li><li>trois</li></ul>"),
        ("1. un\t\n2. deux\t", "<ol><li>un</li><li>deux</li></ol>"),
        ("→ un\t\t\n→ deux\t\t", "<p>→ un</p><p>→ deux</p>"),
        (
            "- un\tA\n- deux\t",
            "<table><thead><tr><th>- un</th><th>A</th></tr></thead>"
            "<tbody><tr><td>- deux</td><td></td></tr></tbody></table>",
        ),
    ],
)
def test_to_html_tab_at_the_end_of_an_item_makes_no_table(source, expected):
    assert to_html(source) == expected


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u00a0 "])
def test_to_html_no_break_space_behind_a_list_mark_is_a_space(space):
    assert to_html(f"1.{space}un\n2.{space}deux") == "<ol><li>un</li><li>deux</li></ol>"
    assert to_html(f"-{space}un\n-{space}deux") == "<ul><li>un</li><li>deux</li></ul>"
    assert to_html(f"Soit\n-{space}5 %") == f"<p>Soit -{space}5 %</p>"


@pytest.mark.parametrize("words", ["2.\u00a0deux", "-\u00a0deux", "•\u202fdeux"])
def test_from_html_paragraph_that_begins_like_an_item_comes_back_without_html(words):
    written = from_html(f"<p>{words}</p>")

    assert (to_html(written), written.startswith("<")) == (f"<p>{words}</p>", False)


def test_to_html_pipe_table_keeps_cells_beyond_the_head():
    assert to_html("| a | b |\n|---|---|\n| c | d | e |") == (
        "<table><thead><tr><th>a</th><th>b</th><th></th></tr></thead>"
        "<tbody><tr><td>c</td><td>d</td><td>e</td></tr></tbody></table>"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("l'intel-\nligence", "l'intelligence"),
        ("l'intel\u00ad\nligence", "l'intelligence"),
        ("Haut-\nKoenigsbourg", "Haut-Koenigsbourg"),
        ("c'est-à-\ndire elle-\nmême, peut-\nêtre", "c'est-à-dire elle-même, peut-être"),
        ("un mot -\nune incise", "un mot -\nune incise"),
        ("certaines recon-\n\nnaissent", "certaines reconnaissent"),
        (f"{LONG}\n\nen deux.", f"{LONG} en deux."),
        (f"- {LONG}\n\nen deux.", f"- {LONG} en deux."),
        (f"{LONG}.\n\nen deux.", f"{LONG}.\n\nen deux."),
        (f"{LONG} :\n\nen deux.", f"{LONG} :\n\nen deux."),
        (f"{LONG}\n\nEn deux.", f"{LONG}\n\nEn deux."),
        (f"{LONG}\n\na) en deux.", f"{LONG}\n\na) en deux."),
        ("150 000\n\nhabitants", "150 000\n\nhabitants"),
    ],
)
def test_join_broken_words_and_paragraphs(source: str, expected: str):
    assert join_broken(source) == expected


@pytest.mark.parametrize(
    ("rich_text", "markdown"),
    [
        ("<p><strong>Un.</strong>Deux <em>trois</em></p><p>Quatre</p>", "**Un.**Deux *trois*\n\nQuatre"),
        ("<h3>Un</h3><h4>Deux</h4>", "### Un\n\n#### Deux"),
        ("<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>", "- a\n  1. b\n- c"),
        ("<ul><li><p>a</p></li><li><p>b</p></li></ul>", "- a\n\n- b"),
        ("<ul><li><p>a</p></li></ul>", "- a\n\n  <!-- -->"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n<!-- -->\n\n- b"),
        ('<ol start="3"><li>c</li></ol>', "3. c"),
        ("<p>1<sup>er</sup> m<sub>i</sub><br>x</p>", "1^{er} m_{i}<br>x"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        (
            '<p><a href="https://a.fr">lien</a> <a href="https://www.a.fr">www.a.fr</a></p>',
            "[lien](https://a.fr) www.a.fr",
        ),
        (
            "<table><thead><tr><th>a|b</th><th>c</th></tr></thead><tbody><tr><td>d<br>e</td><td></td></tr></tbody></table>",
            "| a\\|b | c |\n|---|---|\n| d<br>e |  |",
        ),
        ("<p>2 * 3 [a] _b_ &lt;c&gt; www.a.fr</p>", r"2 \* 3 \[a\] \_b\_ \<c> www\.a.fr"),
        ("<p>- a</p><p>1. b</p><p>1 - c</p><p>2 - d</p>", "\\- a\n\n1\\. b\n\n1 \\- c\n\n2 \\- d"),
        ("<p>TYPOLOGIE</p>", "<!-- --><p>TYPOLOGIE</p>"),
        (f"<p>{LONG}</p><p>en deux</p>", f"{LONG}\n\n<!-- -->\n\nen deux"),
        (
            '<table><tbody><tr><td colspan="2">a</td></tr></tbody></table>',
            '<!-- --><table><tbody><tr><td colspan="2">a</td></tr></tbody></table>',
        ),
        ("", ""),
    ],
)
def test_from_html_writes_plain_markdown_that_reads_back(rich_text: str, markdown: str):
    assert from_html(rich_text) == markdown
    assert to_html(markdown) == compact(sanitize(rich_text))


# Words and signs that Markdown, or the reader of scanned books, could take for marks.
_SIGNS = """
mot œuvre Été TITRE CAPITALE fin. cou- é- 1 2. 3) 12 - – — + # ### > -> → • * ** _ __ a_b [ ] [x](y) ( ) { } ^ ^{ _{ ^2
^[1] ~ ` | \\ \\* < <b> </p> <!-- --> & &amp; &lt; &#42; www.a.fr https://a.fr/b. ! : . ? » «
"""
_texts = st.lists(
    st.sampled_from([*_SIGNS.split(), "", " ", "\u00a0", "\u202f", "\u00ad", "\t", "\n"]),
    max_size=6,
).map(" ".join) | st.text(alphabet="aB1 *_-.>#[](){}^|\\<&é’\u00a0\u2028\u0001", max_size=12)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _element(tags: list[str], content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda tag, inner: f"<{tag}>{inner}</{tag.split()[0]}>", st.sampled_from(tags), content)


_inline = st.recursive(
    _texts.map(_escape) | st.just("<br>"),
    lambda inner: (
        st.lists(inner, max_size=3).map("".join)
        | _element(["strong", "em", "sup", "sub", 'a href="https://a.fr/x?y=1&amp;z=(2)"', 'a href="#"'], inner)
    ),
    max_leaves=5,
)


def _lists(blocks: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    items = st.lists(_element(["li"], _inline | blocks | st.tuples(_inline, blocks).map("".join)), max_size=3)
    return _element(["ul", "ol", 'ol start="4"'], items.map("".join))


def _tables(cell: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def rows(tag: str) -> st.SearchStrategy[str]:
        cells = st.lists(_element([tag, tag, f'{tag} colspan="2"'], cell), min_size=1, max_size=3)
        return _element(["tr"], cells.map("".join))

    head = _element(["thead"], rows("th"))
    body = _element(["tbody"], st.lists(rows("td"), max_size=2).map("".join))
    return st.builds(lambda head, body: f"<table>{head}{body}</table>", head | st.just(""), body)


_blocks = st.recursive(
    _element(["p", "p", "p", "h3", "h4"], _inline),
    lambda blocks: (
        st.lists(blocks, max_size=3).map("".join)
        | _lists(blocks)
        | _element(["blockquote"], blocks | _inline)
        | _tables(_inline | blocks)
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_blocks | _inline, max_size=4).map("\n".join))
def test_rich_text_comes_back_equal_from_markdown(rich_text: str):
    assert to_html(from_html(rich_text)) == compact(sanitize(rich_text))


def test_rich_text_comes_back_equal_from_markdown_however_deep():
    rich_text = "<ul><li>a" * 50 + "</li></ul>" * 50 + "<blockquote>" * 200 + "b"

    assert to_html(from_html(rich_text)) == compact(sanitize(rich_text))


_word = st.text(alphabet="abéçœ", min_size=2, max_size=8)
_phrase = st.lists(_word, min_size=1, max_size=8)
# Ways to write the same words, each word once and in order.
_WRITERS: list[Callable[[list[str]], str]] = [
    lambda words: " ".join(words) + ".",
    "\n".join,
    lambda words: "### " + " ".join(words),
    lambda words: f"> {' '.join(words)}",
    lambda words: f"[{' '.join(words)}](#)",
    lambda words: " ".join(words).upper(),
    lambda words: f"**{words[0]}.** *{' '.join(words)[len(words[0]) :].strip() or '…'}*",
    lambda words: "\n".join(f"- {word}" for word in words),
    lambda words: "\n".join(f"- > {word}" for word in words),
    lambda words: "\n\n".join(f"-> {word}" for word in words),
    lambda words: "\n".join(f"- {n}) {word}" for n, word in enumerate(words, 1)),
    lambda words: "\n\n".join(f"{n} - {word}" for n, word in enumerate([*words, "…"], 1)),
    lambda words: "\n".join(f"{word}\t" for word in words) + "\n\t…",
    lambda words: "| …" * len(words) + "|\n" + "|---" * len(words) + "|\n" + "".join(f"| {w} " for w in words) + "|",
]


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(_phrase, st.sampled_from(_WRITERS)), max_size=6))
def test_to_html_loses_no_word(blocks: list[tuple[list[str], Callable[[list[str]], str]]]):
    source = "\n\n".join(write(words) for words, write in blocks)

    assert _words(plain(to_html(source))) == [word for words, _ in blocks for word in words]


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="abÉ *_-+>#|[]^{}\t\n\\`~!→•–.:=", max_size=80))
def test_to_html_loses_no_letter_whatever_the_marks(source: str):
    assert letters(plain(to_html(source))) == letters(source)


def _without_marks(source: str) -> str:
    """The text of the book without what its Markdown adds: raw tags, link targets, the numbers of list items."""
    source = re.sub(r"</?(?:ul|li)\b[^>]*>|\]\(#\)", "", source)
    return re.sub(r"^(?:- )?\d{1,2}(?:[.)]| -) ", "", source, flags=re.M)


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["recueil-2019.md", "fiche-saint-etienne.md", "lettre-territoria.md"])
def test_to_html_loses_no_word_of_the_corpus(shared: Path, name: str):
    source = (shared / "corpus" / name).read_text(encoding="utf-8")
    sections = re.split(
        r"^(?=(?:CONTEXTE|PROBLÉMATIQUE|DES CLÉS POUR AGIR|LES CHIFFRES|ALLER PLUS LOIN)$)", source, flags=re.M
    )

    for section in sections:
        rich_text = to_html(section)
        assert letters(plain(rich_text)) == letters(_without_marks(section))
        assert to_html(from_html(rich_text)) == rich_text


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<ul>", "<li>", "<", "**", "[", "](", "\n", "> ", "- ", "\x00", "\ud800", "|", "a"]
        )
    ).map("".join)
)
def test_to_html_and_back_accept_any_text(source: str):
    rich_text = to_html(source)

    assert rich_text == compact(sanitize(rich_text))
    assert to_html(from_html(source)) == compact(sanitize(source))


_PIECES = [
    "a",
    "*",
    "**a ",
    "*a _b ",
    "[",
    "[a](",
    "![",
    "<",
    "<p ",
    "<ul>",
    "<blockquote><li>",
    "^{",
    "> ",
    "- ",
    "1. ",
]
_PIECES += [
    " ",
    "\t",
    "\n",
    " \n",
    "|",
    "|a|b|\n|-|-|\n",
    "a-\n",
    "b\n\n",
    "1 - a\n\n2 - b\n\n",
    "http://a.b",
    ")",
    "www.a.fr.)",
]
_PIECES += ["\\", "&", "|a|\n|-|\n|" + " " * 40_000 + "x|", "\x00\ud800"]


@pytest.mark.parametrize("piece", _PIECES)
def test_to_html_is_not_quadratic(piece: str):
    def cost(length: int) -> float:
        source = ("http://a.b" if piece == ")" else "") + piece * (length // len(piece) or 1)
        start = time.process_time()
        to_html(source)
        return time.process_time() - start

    # four times the length: 16 times the cost if it were quadratic; a machine may be slow, but it is for both
    assert cost(40_000) < 13 * cost(10_000) + 1


def test_bullets_in_the_cells_of_a_scanned_table_become_lists():
    source = 'Exigence\tConstats\nLire\t<ul style="list-style-type: none;"> • Vite • Bien'

    assert to_html(source) == (
        "<table><thead><tr><th>Exigence</th><th>Constats</th></tr></thead>"
        "<tbody><tr><td>Lire</td><td><ul><li>Vite</li><li>Bien</li></ul></td></tr></tbody></table>"
    )
