"""Rich text: what the closed list keeps, what never gets in."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook.richtext import ATTRIBUTES, ELEMENTS, in_page, paragraphs, place, plain, sanitize

CLOSED_LIST = (
    "<h3>Titre</h3><h4>Sous-titre</h4>"
    "<p><strong>a</strong><em>b</em><sup>c</sup><sub>d</sub><br>"
    '<a href="https://a.fr" rel="noopener">e</a><a href="mailto:a@b.fr" rel="noopener">f</a></p>'
    '<ul><li>g</li></ul><ol start="3"><li>h</li></ol><blockquote><p>i</p></blockquote>'
    '<table><thead><tr><th scope="col" colspan="2">j</th></tr></thead>'
    '<tbody><tr><td rowspan="2">k</td><td>l</td></tr></tbody></table>'
)


def test_sanitize_keeps_the_closed_list():
    assert sanitize(CLOSED_LIST) == CLOSED_LIST


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ("<style>p{color:red}</style><p>a</p>", "<p>a</p>"),
        ("<title>t</title><template>u</template><noscript>v</noscript><p>a</p>", "<p>a</p>"),
        ("<p><scr<script>x</script>ipt>alert(1)</p>", "<p>xipt&gt;alert(1)</p>"),
        ("<p><!-- a -->b</p>", "<p>b</p>"),
    ],
)
def test_sanitize_drops_scripts_and_styles_with_their_content(source: str, expected: str):
    assert sanitize(source) == expected


_NOT_ADDRESSES = ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "&#106;avascript:alert(1)"]
_NOT_ADDRESSES += [" javascript:x", "data:text/html,x", "vbscript:x", "file:///etc/passwd"]


@pytest.mark.parametrize("target", _NOT_ADDRESSES)
def test_sanitize_drops_links_that_are_not_addresses(target: str):
    assert sanitize(f'<p><a href="{target}">a</a></p>') == "<p>a</p>"


def test_sanitize_drops_a_scheme_hidden_by_control_characters():
    assert "javascript:" not in sanitize('<a href="java&#1;script:alert(1)">a</a>')


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<p style="color:red" class="x" id="y" onclick="z()">a</p>', "<p>a</p>"),
        ('<ul style="list-style-type: none"><li data-x="1">a</li></ul>', "<ul><li>a</li></ul>"),
        (
            '<a href="https://a.fr" target="_blank" onmouseover="x()">a</a>',
            '<a href="https://a.fr" rel="noopener">a</a>',
        ),
    ],
)
def test_sanitize_drops_other_attributes(source: str, expected: str):
    assert sanitize(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<h1>a</h1><H2>b</H2><h5 class='x'>c</h5>", "<h3>a</h3><h3>b</h3><h4>c</h4>"),
        ("<p><b>a</b><I>b</I></p>", "<p><strong>a</strong><em>b</em></p>"),
        ("<div><span>a</span> <u>b</u></div><img src=x onerror=y>", "a b"),
        ("<p>a</p><p> <br>&nbsp;</p><p></p>", "<p>a</p>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("", ""),
    ],
)
def test_sanitize_writes_what_other_editors_mean_in_the_closed_list(source: str, expected: str):
    assert sanitize(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>a\x00b\ud800c\x07d</p>", "<p>a b c d</p>"),
        ("<p>a&#13;b&#7;c&#xD800;</p>", "<p>a\nb c\ufffd</p>"),
    ],
)
def test_sanitize_drops_control_characters_and_lone_surrogates(source: str, expected: str):
    assert sanitize(source) == expected


# Elements that change how the parser reads those around them.
_TAGS = """
<p> </p> <ul> </ul> <li> <ol> <a> <a/href=x> </a> <object> </object> <table> </table> <tr> <td> <b> </b> <i> </i> x y
<br> &#13; &nbsp; &lt; &amp;lt; <script> </script> <svg> </svg> <math> <mtext> <style> </style> <title> </title> <p < >
<h1> <h3> </h3> <select> <option> <!-- --> <template> </template> <div> </div> <button> <form> <textarea> <iframe> "
<plaintext> <xmp> <noscript> <caption> <tbody> <strong> </strong> <em> <nobr> <marquee> <blockquote> '
"""
_HTML = st.lists(
    st.sampled_from([*_TAGS.split(), "\x00", "\ud800", "\n"]),
    max_size=25,
).map("".join)


@settings(max_examples=500, deadline=None)
@given(_HTML | st.text())
def test_sanitize_twice_changes_nothing(source: str):
    once = sanitize(source)

    assert sanitize(once) == once


@settings(max_examples=300, deadline=None)
@given(_HTML)
def test_sanitize_leaves_nothing_but_the_closed_list(source: str):
    tags = re.findall(r"<(/?)([^\s>]+)([^>]*)>", sanitize(source))

    assert {name for _, name, _ in tags} <= ELEMENTS
    for _, name, attributes in tags:
        assert set(re.findall(r"([a-z]+)=", attributes)) <= ATTRIBUTES.get(name, set()) | {"rel"}


@pytest.mark.parametrize("piece", ["<ul><li>", "<div>", "<blockquote>", "<table><tr><td>", "<b><p>", "<", "<p>&nbsp;"])
def test_sanitize_is_quick_however_deep(piece: str):
    source = piece * (100_000 // len(piece))
    start = time.perf_counter()

    sanitize(source)

    assert time.perf_counter() - start < 2


def test_sanitize_keeps_the_words_of_what_is_too_deep():
    assert plain(sanitize("".join(f"<ul><li>mot{i}" for i in range(200)))).split() == [f"mot{i}" for i in range(200)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>Un <strong>mot</strong><br>coupé</p><p>1<sup>er</sup></p>", "Un mot\ncoupé\n1er"),
        ("<ul><li>a<ul><li>b</li></ul></li><li><p>c</p></li></ul>", "a\nb\nc"),
        ('<table><tbody><tr><td>a</td><td colspan="2">b</td></tr></tbody></table>', "a\nb"),
        ("<p>a &lt; b &amp; c&nbsp;d</p>", "a < b & c d"),
        ("x<p>y</p>z", "x\ny\nz"),
        ("", ""),
    ],
)
def test_plain_one_line_per_block(source: str, expected: str):
    assert plain(source) == expected


def test_paragraphs_are_numbered_alike_in_the_text_and_in_the_page():
    source = 'seul<p>un</p><h3>deux</h3><ul><li>trois<ol start="2"><li><p>cinq</p></li></ol></li></ul>'

    pieces = paragraphs(source)
    page = in_page(source, anchor="rubrique-3")

    assert "".join(pieces) == source
    assert [plain(piece) for piece in pieces] == ["seul", "un", "deux", "trois", "", "cinq"]
    assert re.findall(r'<(\w+) id="([^"]+)"', page) == [
        ("p", "rubrique-3-p1"),
        ("h3", "rubrique-3-p2"),
        ("li", "rubrique-3-p3"),
        ("li", "rubrique-3-p4"),
        ("p", "rubrique-3-p5"),
    ]
    assert place("rubrique-3", 5) == "rubrique-3-p5"
    assert place("rubrique-3", 0) == "rubrique-3"
    assert "id=" not in in_page(source, "Contexte")
