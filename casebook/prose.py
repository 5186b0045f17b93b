"""The rich-text editor of the admin, limited to the closed list of `casebook.richtext`."""

import re
from collections.abc import Callable
from typing import Any

from django.forms import Media as FormsMedia
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import Media

_EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Superscript": True,
    "Subscript": True,
    "Heading": {"levels": [3, 4]},
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Link": {"enableTarget": False},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "SpecialCharacters": True,  # shows no-break spaces
    "NoSpellCheck": False,
    # No drop-down: the package's own cannot be reached by keyboard.
    "Menu": {
        "groups": [
            {"group": "nodes -lists"},
            {"group": "lists"},
            {"group": "marks"},
            {"group": "link"},
            {"group": "table"},
            {"group": "history"},
        ]
    },
}

_ONE_PARAGRAPH = r"<p>((?:(?!</?p>).)*)</p>"
_CELL = re.compile(rf"(<t[dh][^>]*>){_ONE_PARAGRAPH}(?=</t[dh]>)", re.S)
_ITEM = re.compile(rf"<li>{_ONE_PARAGRAPH}(?=</li>)", re.S)
_ITEM_WITH_LIST = re.compile(rf"<li>{_ONE_PARAGRAPH}(?=<[uo]l)", re.S)
_HEAD = re.compile(r"<table><tbody>((?:<tr>(?:<th[^>]*>(?:(?!</?t[hdr]\b).)*</th>)+</tr>)+)(<tr>|</tbody>)", re.S)
_NOTHING = re.compile(r"\A(?:<p>(?:\s|<br>)*</p>)*\Z")


def tidy(html: str) -> str:
    """What the editor writes, in the form that the importer and the pages use.

    The editor wraps the text of every item and cell in a paragraph and knows no table head.
    """
    html = _CELL.sub(r"\1\2", html)
    html = _ITEM_WITH_LIST.sub(r"<li>\1\n", html)
    html = _ITEM.sub(r"<li>\1", html)
    html = _HEAD.sub(_with_head, html)
    return "" if _NOTHING.match(html) else html


def _with_head(match: re.Match[str]) -> str:
    rest = "<tbody><tr>" if match[2] == "<tr>" else ""
    return f"<table><thead>{match[1]}</thead>{rest}"


def shown_prose(field: Any) -> Callable[[Any], SafeString]:
    """Of a rich text field, what a form that is only read shows: the text, formatted. It was sanitised when stored."""

    def shown(thing: Any) -> SafeString:
        return format_html('<div class="prose">{}</div>', mark_safe(getattr(thing, field.name) or "–"))

    shown.short_description = field.verbose_name  # type: ignore[attr-defined]
    shown.__name__ = field.name
    return shown


class ProseWidget(AdminProseEditorWidget):  # type: ignore[misc]
    """The editor; without JavaScript, a plain text area that holds the HTML."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, config={"extensions": _EXTENSIONS}, preset="configurable")

    @property
    def media(self) -> FormsMedia:
        ours = Media(css={"all": ["css/admin-prose.css"]}, js=["js/admin-prose.js"])
        return super().media + ours  # type: ignore[no-any-return]

    def get_config(self) -> dict[str, Any]:
        modules = {"js_modules": [static("js/admin-prose-extensions.js")]}
        return super().get_config() | modules  # type: ignore[no-any-return]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return tidy(value) if isinstance(value, str) else value
