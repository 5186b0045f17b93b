"""Rich text: HTML of one closed list of elements, sanitised once on the way in.

The editor, the importer's Markdown, the page and later the PDF and Word writers share this list (design.md, flow 3).
"""

import html
import re
from typing import Any

import nh3
from django.db import models
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

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
_EMPTY_PARAGRAPH = re.compile(r"<p>(?:\s|&nbsp;|\u00a0|<br>)*</p>")


def sanitize(source: str) -> str:
    """HTML reduced to the closed list; scripts and styles go with their content, other elements leave their text."""
    source = _SYNONYM_TAG.sub(lambda m: f"<{m[1]}{_SYNONYMS[m[2].lower()]}", source.replace("\x00", ""))
    clean = nh3.clean(
        source,
        tags=set(ELEMENTS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(URL_SCHEMES),
        link_rel="noopener",
        clean_content_tags={"script", "style", "title", "template", "noscript"},
    )
    return _EMPTY_PARAGRAPH.sub("", clean).strip()


def plain(source: str) -> str:
    """The words of rich text on one line per block, entities decoded."""
    spaced = re.sub(r"<(?:br|/p|/li|/h3|/h4|/td|/th|/tr|/blockquote)\s*/?>", "\n", source)
    lines = (" ".join(line.split()) for line in html.unescape(strip_tags(spaced)).split("\n"))
    return "\n".join(line for line in lines if line)


def safe(source: str) -> SafeString:
    """Stored rich text as safe HTML: it was sanitised when it was stored."""
    return mark_safe(source)


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
