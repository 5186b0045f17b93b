"""OpenDocument → lines. The text is read in its order; styles tell what is bold, hidden, numbered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from projects.imports.formats import template
from projects.imports.formats.archive import Archive
from projects.imports.formats.paragraphs import Block, Found, Paragraph, Run, Table, lines_of
from projects.imports.formats.styles import style_named
from projects.imports.formats.word_numbering import numeral

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SPACE = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0".format
OFFICE, TEXT, STYLE = (f"{{{_SPACE(name)}}}" for name in ("office", "text", "style"))
TABLE, DRAW, MANIFEST = (f"{{{_SPACE(name)}}}" for name in ("table", "drawing", "manifest"))
FO = f"{{{_SPACE('xsl-fo-compatible')}}}"
XLINK = "{http://www.w3.org/1999/xlink}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
MAX_REPEATED = 200  # columns or spaces that one element may stand for
_WHITE = re.compile(r"[ \t\r\n]+")
_LEFT_OUT = {
    *(f"{TEXT}{name}" for name in ("tracked-changes", "ruby-text", "hidden-text", "note-citation", "soft-page-break")),
    *(f"{OFFICE}{name}" for name in ("annotation", "annotation-end", "forms", "event-listeners", "binary-data")),
    f"{TABLE}shapes",
}
_FORMATS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


def read_lines(name: str, data: bytes) -> Found:
    """The accepted text of an OpenDocument text, without comments, headers, footers or pictures; raises
    `UnreadableFile`."""
    archive = Archive(name, data)
    if "META-INF/manifest.xml" in archive and _is_encrypted(archive.parse("META-INF/manifest.xml")):
        raise archive.locked()
    content = archive.parse("content.xml")
    body = content.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise archive.damaged()
    roots = [archive.parse("styles.xml"), content] if "styles.xml" in archive else [content]
    try:
        return lines_of(_Reader(Styles(roots)).blocks(body), template.GUIDANCE)
    except RecursionError:
        raise archive.damaged() from None


def _is_encrypted(manifest: "Element") -> bool:
    return next(manifest.iter(f"{MANIFEST}encryption-data"), None) is not None


class Styles:
    """The named and automatic styles of a document, by family."""

    def __init__(self, roots: "list[Element]") -> None:
        self._named: dict[tuple[str, str], Element] = {}
        self._automatic: set[tuple[str, str]] = set()
        self._lists: dict[str, dict[int, Element]] = {}
        for root in roots:
            for group in (f"{OFFICE}styles", f"{OFFICE}automatic-styles"):
                for style in root.iterfind(f"{group}/{STYLE}style"):
                    key = style.get(f"{STYLE}family", ""), style.get(f"{STYLE}name", "")
                    self._named[key] = style
                    if group.endswith("automatic-styles"):
                        self._automatic.add(key)
            for style in root.iter(f"{TEXT}list-style"):
                levels = {_whole(level.get(f"{TEXT}level"), 1): level for level in style}
                self._lists[style.get(f"{STYLE}name", "")] = levels

    def _chain(self, family: str, name: str | None) -> "Iterator[tuple[bool, Element]]":
        """The style and its parents, nearest first, and whether each is automatic: a look given by hand."""
        seen: set[str] = set()
        while name and name not in seen and (family, name) in self._named:
            seen.add(name)
            style = self._named[family, name]
            yield (family, name) in self._automatic, style
            name = style.get(f"{STYLE}parent-style-name")

    def shown_name(self, name: str | None) -> str:
        """The name that a writer sees: that of the nearest style that is not automatic."""
        for is_automatic, style in self._chain("paragraph", name):
            if not is_automatic:
                return style.get(f"{STYLE}display-name") or style.get(f"{STYLE}name") or ""
        return name or ""

    def look(self, family: str, name: str | None, outer: Run, by_hand: bool = False) -> Run:
        """The look of the words inside. `by_hand`: the bold and italic of a named style are not those of the words."""
        found: dict[str, str] = {}
        for is_automatic, style in self._chain(family, name):
            properties = style.find(f"{STYLE}text-properties")
            for key, value in properties.attrib.items() if properties is not None else ():
                if is_automatic or not by_hand or key in {f"{FO}text-transform", f"{TEXT}display"}:
                    found.setdefault(key, value)
        weight, slant = found.get(f"{FO}font-weight"), found.get(f"{FO}font-style")
        position = found.get(f"{STYLE}text-position", "").split(" ")[0]
        raised = "^" if position == "super" or re.match(r"[1-9]", position) else ""
        raised = "_" if position == "sub" or position.startswith("-") else raised
        return replace(
            outer,
            bold=outer.bold if weight is None else weight == "bold" or weight in {"600", "700", "800", "900"},
            italic=outer.italic if slant is None else slant in {"italic", "oblique"},
            raised=raised or outer.raised,
            capitals=found.get(f"{FO}text-transform", "uppercase" if outer.capitals else "") == "uppercase",
            hidden=outer.hidden or found.get(f"{TEXT}display") == "none",
        )

    def list_of(self, name: str | None) -> str | None:
        for _, style in self._chain("paragraph", name):
            name = style.get(f"{STYLE}list-style-name")
            if name is not None:
                return name
        return None

    def level(self, list_style: str, depth: int) -> "Element | None":
        return self._lists.get(list_style, {}).get(depth)

    def is_list(self, list_style: str) -> bool:
        return list_style in self._lists


@dataclass
class _List:
    """A list that is open: its style, its depth from 1, and how many items each depth has had."""

    style: str
    depth: int = 1
    counts: dict[int, int] = field(default_factory=dict)


class _Reader:
    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, dict[int, int]] = {}  # the counts of lists by identifier, and by style

    def blocks(self, parent: "Element", contents: bool = False) -> Iterator[Block]:
        for child in parent:
            tag = child.tag
            if tag in _LEFT_OUT or child.get(f"{TEXT}display") == "none":
                continue
            if tag in {f"{TEXT}p", f"{TEXT}h"}:
                yield self._paragraph(child, contents)
            elif tag == f"{TEXT}list":
                yield from self._list(child, None)
            elif tag == f"{TABLE}table":
                yield Table(list(self._rows(child)))
            elif tag.startswith(DRAW):
                yield from self._box(child)
            elif tag in {f"{TEXT}section", f"{TEXT}index-body", f"{TEXT}index-title", f"{TEXT}numbered-paragraph"}:
                yield from self.blocks(child, contents)
            elif tag.startswith(TEXT) and child.find(f"{TEXT}index-body") is not None:
                yield from self.blocks(child, contents=True)

    def _box(self, element: "Element") -> Iterator[Block]:
        """The paragraphs of a text box or shape, wherever they are; not what describes a picture."""
        if element.find(f"{TEXT}p") is not None or element.find(f"{TEXT}list") is not None:
            yield from self.blocks(element)
            return
        for child in element:
            if child.tag.startswith(DRAW):
                yield from self._box(child)
            elif child.tag == f"{TABLE}table":
                yield Table(list(self._rows(child)))

    def _rows(self, table: "Element") -> Iterator[list[list[Block]]]:
        for child in table:
            if child.tag == f"{TABLE}table-row":
                cells = [cell for cell in child if cell.tag == f"{TABLE}table-cell"]
                yield [list(self.blocks(cell)) for cell in cells]
            elif child.tag in {f"{TABLE}{name}" for name in ("table-header-rows", "table-rows", "table-row-group")}:
                yield from self._rows(child)

    def _list(self, element: "Element", outer: _List | None) -> Iterator[Block]:
        style = element.get(f"{TEXT}style-name") or (outer.style if outer else "")
        if outer:
            current = _List(style, outer.depth + 1, outer.counts)
            outer.counts.pop(current.depth, None)
        else:
            current = _List(style, 1, self._continued(element, style))
            self._lists[style] = current.counts
            self._lists[f"#{element.get(XML_ID)}"] = current.counts
        for item in element:
            if item.tag in {f"{TEXT}list-item", f"{TEXT}list-header"}:
                yield from self._item(item, current)

    def _continued(self, element: "Element", style: str) -> dict[int, int]:
        before = element.get(f"{TEXT}continue-list")
        if before:
            return dict(self._lists.get(f"#{before}", {}))
        return dict(self._lists.get(style, {})) if element.get(f"{TEXT}continue-numbering") == "true" else {}

    def _item(self, item: "Element", current: _List) -> Iterator[Block]:
        is_first = item.tag == f"{TEXT}list-item"
        for child in item:
            if child.tag == f"{TEXT}list":
                yield from self._list(child, current)
            elif child.tag in {f"{TEXT}p", f"{TEXT}h"}:
                paragraph = self._paragraph(child)
                if is_first and paragraph.words:
                    paragraph.mark = self._label(current, item.get(f"{TEXT}start-value"), child)
                    is_first = False
                yield paragraph
            else:
                holder = item.makeelement(item.tag, {})
                holder.append(child)
                yield from self.blocks(holder)

    def _label(self, current: _List, start: str | None, paragraph: "Element") -> str:
        """« - », « 3. », « b) », indented as deep as the list, or nothing."""
        named = current.style if self._styles.is_list(current.style) else ""
        style = named or self._styles.list_of(paragraph.get(f"{TEXT}style-name")) or ""
        level = self._styles.level(style, current.depth)
        if level is None:  # a list inside another, in a style that describes its first depth only
            level = self._styles.level(style, 1)
        if level is None:
            return "  " * (current.depth - 1) + "- "
        first = _whole(start or level.get(f"{TEXT}start-value"), 1)
        count = first if start or current.depth not in current.counts else current.counts[current.depth] + 1
        current.counts[current.depth] = count
        for deeper in [depth for depth in current.counts if depth > current.depth]:
            del current.counts[deeper]
        label = "-"
        if level.tag == f"{TEXT}list-level-style-number":
            shown = _whole(level.get(f"{TEXT}display-levels"), 1)
            depths = range(max(current.depth - shown, 0) + 1, current.depth + 1)
            numbers = (self._numeral(style, depth, current.counts.get(depth, 1)) for depth in depths)
            number = ".".join(filter(None, numbers))
            label = f"{level.get(f'{STYLE}num-prefix', '')}{number}{level.get(f'{STYLE}num-suffix', '')}".strip()
            label = label if number else ""
        elif level.tag == f"{TEXT}list-level-style-bullet" and not level.get(f"{TEXT}bullet-char", "•").strip():
            label = ""
        return f"{'  ' * (current.depth - 1)}{label} " if label else ""

    def _numeral(self, style: str, depth: int, count: int) -> str:
        level = self._styles.level(style, depth)
        level = level if level is not None else self._styles.level(style, 1)
        shape = _FORMATS.get(level.get(f"{STYLE}num-format", ""), "") if level is not None else ""
        return numeral(count, shape) if shape else ""

    def _paragraph(self, element: "Element", contents: bool = False) -> Paragraph:
        name = element.get(f"{TEXT}style-name")
        shown = self._styles.shown_name(name)
        paragraph = Paragraph(style=shown, contents=contents)
        if element.tag == f"{TEXT}h":
            paragraph.level = _whole(element.get(f"{TEXT}outline-level"), 1)
        elif shown in {"Title", "Titre principal"}:
            paragraph.level = 1
        look = self._styles.look("paragraph", name, Run(""), by_hand=True)
        if style_named(shown) is not None:  # a style of the template says what the words are, not that they stand out
            look = replace(look, bold=False, italic=False)
        self._inline(element, paragraph, look)
        return paragraph

    def _inline(self, element: "Element", paragraph: Paragraph, look: Run) -> None:
        def add(text: str | None, white: bool = False) -> None:
            if text and not look.hidden:
                text = text if white else _WHITE.sub(" ", text)
                paragraph.runs.append(replace(look, text=text.upper() if look.capitals else text))

        add(element.text)
        for child in element:
            tag = child.tag
            if tag == f"{TEXT}s":
                add(" " * min(_whole(child.get(f"{TEXT}c"), 1), MAX_REPEATED))
            elif tag == f"{TEXT}tab":
                add("\t", white=True)
            elif tag == f"{TEXT}line-break":
                add("\n", white=True)
            elif tag == f"{TEXT}note":
                body = child.find(f"{TEXT}note-body")
                if body is not None:
                    paragraph.notes.append(list(self.blocks(body)))
            elif tag == f"{TEXT}span":
                self._inline(child, paragraph, self._styles.look("text", child.get(f"{TEXT}style-name"), look))
            elif tag == f"{TEXT}a":
                self._inline(child, paragraph, replace(look, target=child.get(f"{XLINK}href", "")))
            elif tag.startswith(DRAW):
                paragraph.boxes += self._box(child)
            elif tag not in _LEFT_OUT:
                self._inline(child, paragraph, look)
            add(child.tail)


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,9}", text) else default
