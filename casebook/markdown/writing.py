"""Rich text (HTML of the closed list) → Markdown that `to_html` reads back to the same rich text.

Every block is written in the plainest way that reads back equal: with Markdown marks, else with inline tags, else as a
line of HTML after the mark RAW. Reading back is the judge, so that the writer need not know all that the reader does.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby

from casebook.markdown.reading import RAW, compact, to_html
from casebook.richtext import INLINE, sanitize

_MAX_DEPTH = 30
_MARKS = {"strong": ("**", "**"), "em": ("*", "*"), "sup": ("^{", "}"), "sub": ("_{", "}")}
_ESCAPED = re.compile(
    r"\\|[*\[\]{}]"
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|\^(?=\w)"
    r"|<(?=[A-Za-z/!?])"
    r"|(?<=https)(?=://)|(?<=http)(?=://)|(?<=www)(?=\.)",
    re.I,
)
_ENTITY = re.compile(r"&(?=#|\w)")
_START = re.compile(r"#(?=#{0,5}(?: |$))|[>+-]|(?<=\d)[.)](?=[ \u00a0\u202f]|$)|(?<=\d)-(?= )|(?<=\d )-(?= )")
_START_NUMBER = re.compile(r"\d{0,9} ?")
_BULLET = re.compile(r"[•‣▪◦–—]")


class _InexpressibleError(Exception):
    """The block has no form in Markdown."""


@dataclass
class _Node:
    tag: str
    attributes: dict[str, str]
    start: int
    end: int = 0
    children: list["_Node | str"] = field(default_factory=list)


class _Tree(HTMLParser):
    """The tree of sanitised HTML on one line: there, every element but `br` is closed."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.root = _Node("", {}, 0)
        self.depth = 0
        self._open = [self.root]
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = _Node(tag, {name: value or "" for name, value in attrs}, self.getpos()[1])
        self._open[-1].children.append(node)
        if tag != "br":
            self._open.append(node)
            self.depth = max(self.depth, len(self._open))

    def handle_endtag(self, tag: str) -> None:
        self._open.pop().end = self.getpos()[1] + len(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def from_html(source: str) -> str:
    """Markdown of any HTML: what the sanitiser leaves of it, exactly, but for white space that a page does not show."""
    rich_text = compact(sanitize(source))
    pieces: list[str] = []
    before = ""
    for part, written in _blocks(rich_text):
        if pieces and to_html(f"{pieces[-1]}\n\n{written}") != before + part:
            pieces.append(RAW)
        pieces.append(written)
        before = part
    markdown = "\n\n".join(pieces)
    return markdown if to_html(markdown) == rich_text else RAW + rich_text


def _blocks(rich_text: str) -> Iterator[tuple[str, str]]:
    """The HTML and the Markdown of each block; what stands outside any block is a piece too."""
    tree = _Tree(rich_text)
    position = 0
    for node in tree.root.children:
        if isinstance(node, str) or node.tag in INLINE:
            continue
        if node.start > position:
            yield rich_text[position : node.start], RAW + rich_text[position : node.start]
        position = node.end
        part = rich_text[node.start : node.end]
        yield part, RAW + part if tree.depth > _MAX_DEPTH else _plainest(part, node)
    if position < len(rich_text):
        yield rich_text[position:], RAW + rich_text[position:]


def _plainest(part: str, node: _Node) -> str:
    for marks in (True, False):
        try:
            written = "\n".join(_Writer(marks).block(node))
        except _InexpressibleError:
            break
        if to_html(written) == part:
            return written
    return RAW + part


class _Writer:
    """Writes blocks as lines; inline elements with Markdown marks, or with tags where marks would be misread."""

    def __init__(self, marks: bool) -> None:
        self.marks = marks

    def block(self, node: _Node) -> list[str]:
        match node.tag:
            case "p":
                return [_safe_start(self.inline(node.children))]
            case "h3" | "h4":
                return ["#" * int(node.tag[1]) + " " + self.inline(node.children)]
            case "ul" | "ol":
                return self.items(node)
            case "blockquote":
                lines = _spread([self.block(child) for child in node.children if isinstance(child, _Node)])
                return [f"> {line}".rstrip(" ") for line in lines]
            case "table":
                return self.table(node)
        raise _InexpressibleError

    def items(self, node: _Node) -> list[str]:
        start = node.attributes.get("start", "1")
        if not re.fullmatch(r"\d{1,2}", start, re.A):
            raise _InexpressibleError
        items = [child for child in node.children if isinstance(child, _Node) and child.tag == "li"]
        is_spread = any(isinstance(child, _Node) and child.tag == "p" for item in items for child in item.children)
        written = [
            self.item(item, f"{number}." if node.tag == "ol" else "-", is_spread)
            for number, item in enumerate(items, int(start))
        ]
        if is_spread and len(items) == 1 and len(items[0].children) == 1:
            # A second block, and a blank line before it, make a paragraph of the first.
            written[0] += ["", " " * (3 if node.tag == "ol" else 2) + RAW]
        return _spread(written) if is_spread else [line for lines in written for line in lines]

    def item(self, node: _Node, mark: str, is_spread: bool) -> list[str]:
        parts = list(self.flow(node.children))
        first = node.children[0] if node.children else ""
        lines = _spread(parts) if is_spread else [line for part in parts for line in part]
        indent = " " * (len(mark) + 1)
        body = [indent + line if line else "" for line in lines]
        if isinstance(first, str) or first.tag in (*INLINE, "p"):
            return [f"{mark} {body[0].lstrip(' ')}", *body[1:]] if body else [mark]
        return [mark, *body]

    def flow(self, children: Sequence[_Node | str]) -> Iterator[list[str]]:
        for is_inline, group in groupby(children, lambda child: isinstance(child, str) or child.tag in INLINE):
            if is_inline:
                yield [_safe_start(self.inline(list(group)))]
            else:
                yield from (self.block(child) for child in group if isinstance(child, _Node))

    def table(self, node: _Node) -> list[str]:
        """One head row and body rows of as many cells, without attributes: what a pipe table can hold."""
        rows = [row for part in node.children if isinstance(part, _Node) for row in part.children]
        cells = [[cell for cell in row.children if isinstance(cell, _Node)] for row in rows if isinstance(row, _Node)]
        lines = ["".join(f"| {self.cell(cell)} " for cell in row) + "|" for row in cells]
        if not lines:
            raise _InexpressibleError
        return [lines[0], "|" + "---|" * len(cells[0]), *lines[1:]]

    def cell(self, node: _Node) -> str:
        return self.inline(node.children).replace("|", "\\|")

    def inline(self, children: Sequence[_Node | str]) -> str:
        return "".join(_escape(child) if isinstance(child, str) else self.inline_node(child) for child in children)

    def inline_node(self, node: _Node) -> str:
        if node.tag == "br":
            return "<br>"
        if node.tag not in INLINE:
            raise _InexpressibleError
        content, href = self.inline(node.children), node.attributes.get("href", "")
        if self.marks and node.tag == "a":
            shown = "".join(child for child in node.children if isinstance(child, str))
            return shown if href in (shown, f"https://{shown}") else f"[{content}]({href})"
        if self.marks:
            opening, closing = _MARKS[node.tag]
            return f"{opening}{content}{closing}"
        opening = f'a href="{html.escape(href)}"' if node.tag == "a" else node.tag
        return f"<{opening}>{content}</{node.tag}>"


def _spread(blocks: Sequence[list[str]]) -> list[str]:
    return [line for block in blocks for line in ("", *block)][1:]


def _escape(text: str) -> str:
    escaped = _ESCAPED.sub(lambda m: f"\\{m[0]}", text)
    return _ENTITY.sub("&amp;", escaped)


def _safe_start(text: str) -> str:
    """A paragraph that starts or ends like something else than words; a space at its edge that Markdown would drop."""
    number = _START_NUMBER.match(text)
    position = number.end() if number and number[0] else 0
    if match := _START.match(text, position):
        text = f"{text[:position]}\\{text[match.start() :]}"
    elif _BULLET.match(text, position):
        text = f"{text[:position]}&#{ord(text[position])};{text[position + 1 :]}"
    if text[:1].isspace():
        text = f"&#{ord(text[0])};{text[1:]}"
    if text[-1:].isspace():
        text = f"{text[:-1]}&#{ord(text[-1])};"
    return text
