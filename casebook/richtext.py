"""Rich text: HTML of one closed list of elements, sanitised once on the way in.

The editor, the importer's Markdown and the pages share this list.
"""

import html
import re
from collections import Counter
from itertools import count
from typing import Any

import nh3
from django.db import models
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe

from casebook.text import printable, typeset

BLOCKS = ("p", "h3", "h4", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td")
INLINE = ("strong", "em", "sup", "sub", "a", "br")
ELEMENTS = frozenset(BLOCKS + INLINE)
ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
URL_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
# What other editors write for the same thing.
_SYNONYMS = {"b": "strong", "i": "em", "h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4"}
_SYNONYM_TAG = re.compile(r"<(/?)(b|i|h1|h2|h5|h6)(?=[\s>/])", re.I)
_EMPTY_PARAGRAPH = re.compile(r"<p>(?:\s|&nbsp;|<br>)*+</p>")
_LINK_WITHOUT_TARGET = re.compile(r'<a rel="noopener">(.*?)</a>', re.S)
_ANY_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^<>]*>?", re.I)
# Elements that the parser closes by itself, or that cost it nothing however deep.
_UNCOUNTED = frozenset(
    {"p", "li", "tr", "td", "th", "br", "hr", "img", "a", "strong", "em", "b", "i", "u", "sup", "sub"}
)
_MAX_DEPTH = 60
_MAX_PASSES = 5
_BLOCK_EDGE = re.compile(rf"</?(?:{'|'.join(BLOCKS)}|br)(?:\s[^<>]*)?>")
_PARAGRAPH = re.compile(r"(?=<(?:p|h3|h4|li|tr)[\s>])")


def sanitize(source: str) -> str:
    """HTML reduced to the closed list; scripts and styles go with their content, other elements leave their text.

    Passes until nothing changes: an element that goes may bring together what the parser would then read otherwise,
    and only text that the sanitiser itself leaves alone is safe to store.
    """
    source = _limit_depth(printable(source))
    for _ in range(_MAX_PASSES):
        clean = _sanitize_once(source)
        if clean == source:
            return clean
        source = clean
    return f"<p>{html.escape(plain(source), quote=False)}</p>"


def _sanitize_once(source: str) -> str:
    source = _SYNONYM_TAG.sub(lambda m: f"<{m[1]}{_SYNONYMS[m[2].lower()]}", source)
    clean = nh3.clean(
        source,
        tags=set(ELEMENTS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(URL_SCHEMES),
        link_rel="noopener",
        clean_content_tags={"script", "style", "title", "template", "noscript"},
    )
    clean = _LINK_WITHOUT_TARGET.sub(r"\1", printable(clean))
    # nh3 writes every no-break space as an entity; stored text holds the character, which search and authors compare.
    return _EMPTY_PARAGRAPH.sub("", clean.replace("&nbsp;", "\u00a0")).strip()


def _limit_depth(source: str) -> str:
    """Deeper elements leave their content: the parser's time grows with the square of the depth."""
    opened: Counter[str] = Counter()
    depth = 0

    def keep_shallow(match: re.Match[str]) -> str:
        nonlocal depth
        name = match[2].lower()
        if name in _UNCOUNTED or (match[1] and not opened[name]):
            return match[0]
        too_deep = depth + (not match[1]) > _MAX_DEPTH
        step = -1 if match[1] else 1
        opened[name] += step
        depth += step
        return "" if too_deep else match[0]

    return _ANY_TAG.sub(keep_shallow, source)


def plain(source: str) -> str:
    """The words of rich text on one line per block, entities decoded."""
    lines = (" ".join(line.split()) for line in html.unescape(strip_tags(_BLOCK_EDGE.sub("\n", source))).split("\n"))
    return "\n".join(line for line in lines if line)


def paragraphs(source: str) -> list[str]:
    """Rich text cut where a paragraph, a heading, an item or a row begins. The rank of a piece is the number of its
    place in a page (`place`); the first piece, often empty, is what comes before."""
    return _PARAGRAPH.split(source)


def place(anchor: str, number: int) -> str:
    """The id of a paragraph in the page: `rubrique-3-p2`."""
    return f"{anchor}-p{number}" if number else anchor


def _with_places(source: str, anchor: str) -> str:
    first, *others = paragraphs(source)
    numbered = enumerate(others, start=1)
    return first + "".join(re.sub(r"^<\w+", rf'\g<0> id="{place(anchor, n)}"', piece) for n, piece in numbered)


def anchored(source: str, anchor: str) -> SafeString:
    """`in_page` with a place for each paragraph, for a text without a label."""
    return in_page(source, anchor=anchor)


def in_page(source: str, label: str = "", anchor: str = "") -> SafeString:
    """Stored rich text (it was sanitised then) as a page shows it: French no-break spaces in its words, and each
    table in a group named after `label`, that scrolls by itself and that the keyboard reaches. With the `anchor` of
    its section, each of its `paragraphs` has a place."""
    source = _with_places(source, anchor) if anchor else source
    pieces = re.split(r"(<[^>]*>)", source)
    pieces[::2] = [typeset(words) for words in pieces[::2]]
    name = f"{escape(label)}, tableau" if label else "Tableau"
    numbers = count(1)
    framed = re.sub(
        "<table(?=[ >])",
        lambda _: f'<div class="scroll" role="group" tabindex="0" aria-label="{name} {next(numbers)}"><table',
        "".join(pieces),
    )
    return mark_safe(framed.replace("</table>", "</table></div>"))


def as_page(source: str, label: str) -> SafeString:
    """`in_page` for a text that makes a whole page: its headings come just under the page's own."""
    raised = source.replace("<h3", "<h2").replace("</h3>", "</h2>").replace("<h4", "<h3").replace("</h4>", "</h3>")
    return in_page(raised, label)


class RichTextField(models.TextField):  # type: ignore[type-arg]
    """HTML of the closed list, sanitised before it reaches the database, by whatever path it comes."""

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return sanitize(prepared) if isinstance(prepared, str) else prepared

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = sanitize(value)
            setattr(model_instance, self.attname, value)
        return value
