"""Markdown of OCR'd books and of our own fixtures → rich text (HTML of the closed list).

CommonMark with tables, and what scanned books add to it: arrow bullets, tab-separated tables, words and
paragraphs cut by a page, headings in capitals. The way back is in writing.py.
"""

import html
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from casebook.richtext import BLOCKS, ELEMENTS, sanitize
from casebook.text import printable

RAW = "<!-- -->"
"""What follows this mark on its line is HTML, taken as it stands; alone, it keeps two neighbours apart."""

_MAX_MARKS = 20  # list and quotation marks at the head of one line
_MAX_INDENT = 40
_MAX_CELLS = 20_000
_SHORT_PARAGRAPH = 40  # characters: a title, a label or a value, not a sentence that a page has cut

_BULLETED_CELL = re.compile(r"^(?:<ul[^>]*>)?\s*•\s*")
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
_LINE_END_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad][ \t]*(\n(?:[ \t]*\n){0,4})[ \t]*(?=[^\W\d_])")
_COMPOUND = re.compile(
    r"(?:^|[^\w])(?:vice|demi|semi|peut|lui|elles?|eux|soi|celui|celles?|ceux|quelques|rendez|[\w’']+-(?:à|de|en|d’|d'))$",
    re.I,
)
_COMPOUND_END = re.compile(r"mêmes?\b")
_ENDS_SENTENCE = re.compile(r"[.!?…:;][\s»”\"')\]*]*$")
_ENUMERATOR = re.compile(r"\w{1,2} ?[.)°]")

_HTML_NAMES = "|".join(sorted(ELEMENTS | {"b", "i", "u", "s", "span", "div", "font", "h1", "h2", "h5", "h6"}))
_ATTRIBUTE = r"""\s++[a-zA-Z-]++(?:=(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>=`]++))?"""
_TAG = rf"</?(?:{_HTML_NAMES})(?:{_ATTRIBUTE})*+\s*+/?>"
_NOT_A_TAG = r"<(?=[A-Za-z/!?])"
_KNOWN_TAG_OR_NOT = re.compile(rf"(?P<keep>{_TAG}|{RAW})|{_NOT_A_TAG}", re.I)
_RAW_BLOCK = re.compile(rf" {{0,3}}</?(?:{'|'.join(BLOCKS)}|div)[\s/>]", re.I)
_INLINE = re.compile(
    rf"""
    (?P<keep>\\. | <(?:https?://|mailto:|tel:)[^\s<>]*> | {_TAG} | {re.escape(RAW)})
    | (?P<lt>{_NOT_A_TAG})
    | \[ (?P<label>(?:\\.|[^\[\]\\\n]){{0,1000}}) \] (?P<target>\((?:<[^<>\n]*>|[^()\s<>]*)\))
    | (?P<mark>[\^_]) \{{ (?P<content>(?:\\.|[^{{}}\\\n]){{1,300}}) \}}
    | \^\[ (?P<note>\d{{1,3}}) \]
    | (?<=[0-9A-Za-z]) \^ (?P<power>[0-9A-Za-zÀ-ÿ]{{1,4}}) (?![\w^{{])
    | (?<![\w@/.-]) (?P<url>(?:https?://|www\.)[^\s<>"«»“”*\\|]+)
    """,
    re.X | re.I,
)
_URL_TAIL = ".,;:!?'’_]"

_ARROW_ITEM = re.compile(r"^( *)(?:[-*•–] +-?>|[-–—]>) *(?=\S)")
_BULLET = re.compile(r"^( *)(?:[•‣▪◦] *|– +)(?=\S)")
_NUMBERED_BULLET = re.compile(r"^( *)- (?=\d{1,2}[.)] )")
_FIXED_SPACE = re.compile(r"^( *(?:[-*•‣▪◦–]|\d{1,2}[.)])) *[\u00a0\u202f][ \u00a0\u202f]*(?=[^\s\d])")
_LONG_NUMBER = re.compile(r"^( *\d{3,9})(?=[.)](?: |$))")
_PLUS = re.compile(r"^( *)\+(?= )")
_NUMBERED_LINE = re.compile(r"^(?:[-*] )?(\d{1,2}) ?[-–—] (?=\S)")
_MARKED = re.compile(r"[ \t]*(?:[-*+•‣▪◦–→]|\d{1,2}[.)])\s")
_ITEM = re.compile(r"^(?:[-*]|(?P<number>\d{1,2}[.)])) ")
_LEAD = re.compile(r"[ \t]+|[>*+-]|\d{1,9}[.)](?= )")
_DELIMITER_ROW = re.compile(r"[ \t]*+\|?+(?:[ \t]*+:?-++:?[ \t]*+\|)*+(?:[ \t]*+:?-++:?[ \t]*+)?+$")
_CELL_EDGE = re.compile(r"(?<!\\)\|")
_LIST_WITHOUT_ITEMS = re.compile(r"<ul\b[^<>]*>([^<>]*)</ul>", re.I)

_EDGE = "|".join(BLOCKS)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_SPACE_AT_EDGE = re.compile(rf" ?(</?(?:{_EDGE})(?: [^<>]*)?>) ?")


def to_html(source: str) -> str:
    """Rich text of the closed list, sanitised, without space between blocks. Any text is accepted, no word is lost."""
    return compact(sanitize(_parser().render(prepare(source))))


def compact(source: str) -> str:
    """Sanitised rich text without the white space that a page does not show."""
    return _SPACE_AT_EDGE.sub(r"\1", _SPACES.sub(" ", source)).strip(" ")


def join_broken(source: str) -> str:
    """The source with the words cut at a line end and the paragraphs cut by a page joined again.

    A hyphen stays where the second part starts with a capital (Haut-Koenigsbourg) or the first one announces a
    compound (c'est-à-dire). A paragraph of some length without final punctuation goes on in the next one when that one
    starts in lower case.
    """
    source = _LINE_END_HYPHEN.sub(_join_word, source)
    pieces: list[str] = []
    length, last_line = 0, ""
    for chunk in _BLANK_LINES.split(source):
        goes_on = length >= _SHORT_PARAGRAPH and _is_cut(last_line) and _continues(chunk)
        if pieces:
            pieces.append(" " if goes_on else "\n\n")
        pieces.append(chunk)
        length = length + len(chunk) if goes_on else len(chunk)
        last_line = chunk.rsplit("\n", 1)[-1]
    return "".join(pieces)


def _join_word(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    same_paragraph = match[1].count("\n") == 1
    if text[end].isupper():
        return "-" if same_paragraph else match[0]
    if text[start] == "-" and (_COMPOUND.search(text[max(0, start - 20) : start]) or _COMPOUND_END.match(text, end)):
        return "-"
    return ""


def _is_cut(line: str) -> bool:
    return (
        not line.lstrip().startswith(("#", "<", "|", ">"))
        and "\t" not in line
        and not line.isupper()
        and not _ENDS_SENTENCE.search(line[-20:])
    )


def _continues(chunk: str) -> bool:
    return chunk[:1].islower() and not _ENUMERATOR.match(chunk) and "\t" not in chunk


def prepare(source: str) -> str:
    """The source in plain CommonMark: every liberty that scanned books take is written in its regular form."""
    chunks = _BLANK_LINES.split(join_broken(printable(source)).strip("\n"))
    return "\n\n".join(_prepare_chunk(chunk) for chunk in _number_lines(chunks))


def _number_lines(chunks: list[str]) -> list[str]:
    """`1 - Piloter…`, then `2 - …` in the next line or paragraph: items of one list. Alone, `12 - 14 ans` is not."""
    found = [
        (i, j, match)
        for i, chunk in enumerate(chunks)
        if not chunk.startswith(RAW)
        for j, line in enumerate(chunk.split("\n"))
        if (match := _NUMBERED_LINE.match(line))
    ]
    numbered: dict[int, dict[int, str]] = {}
    for one, two in pairwise(found):
        is_next = two[0] == one[0] or (two[0] == one[0] + 1 and two[1] == 0)
        if is_next and int(two[2][1]) == int(one[2][1]) + 1:
            for i, j, match in (one, two):
                numbered.setdefault(i, {})[j] = f"{match[1]}. {match.string[match.end() :]}"
    for i, replaced in numbered.items():
        chunks[i] = "\n".join(replaced.get(j, line) for j, line in enumerate(chunks[i].split("\n")))
    return chunks


def _prepare_chunk(chunk: str) -> str:
    if chunk.startswith(RAW):
        return chunk
    if _RAW_BLOCK.match(chunk):
        return _KNOWN_TAG_OR_NOT.sub(lambda m: m["keep"] or "&lt;", chunk)
    if _is_capital_heading(chunk):
        return _inline("### " + " ".join(chunk.replace("**", "").split()))
    chunk = _LIST_WITHOUT_ITEMS.sub(_list_items, chunk)
    lines = [_limit_depth(line) for line in chunk.split("\n")]
    return _inline("\n".join(_pipe_tables(_list_lines(_tab_tables(lines)))))


def _is_capital_heading(chunk: str) -> bool:
    """A short paragraph all in capitals, whose words are not just a value (`2,3 MRD`, `10 ANS`)."""
    text = chunk.replace("**", "")
    if len(text) > 100 or not text.isupper():
        return False
    words = re.findall(r"[^\W\d_]{4,}", text)
    starts_well = (
        text[0].isalpha()
        or text[0] == "«"
        or (text[0].isdigit() and len(words) > 1 and text[:3].strip()[-1:] not in ".)")
    )
    return bool(words) and starts_well and text.rstrip()[-1] not in ".,;" and not re.search(r"[\t<>|\\^\[_*#]", text)


def _list_items(match: re.Match[str]) -> str:
    items = [item.strip() for item in re.split("[•‣▪◦]", match[1]) if item.strip()]
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _limit_depth(line: str) -> str:
    """A line nested deeper than any book's keeps its words, but its further marks become text or go."""
    lead: list[str] = []
    position = 0
    while match := _LEAD.match(line, position):
        if match[0].strip() and sum(1 for mark in lead if mark.strip()) == _MAX_MARKS:
            number = match[0].strip("-+*>")
            return "".join(lead) + (f"{number[:-1]}\\{number[-1]}" if number else "\\" + match[0]) + line[match.end() :]
        lead.append(match[0] if match[0].strip() else match[0].replace("\t", "    ")[:_MAX_INDENT])
        position = match.end()
    return "".join(lead) + line[position:] if "\t" not in line[position:] or position else line


def _tab_tables(lines: list[str]) -> list[str]:
    """Two lines or more with the same number of tabs are a table, its first row is the head. Tabs that only end the
    items of a list make none."""
    if not any("\t" in line.strip() for line in lines):
        lines = [line.rstrip() if _MARKED.match(line) else line for line in lines]
    result: list[str] = []
    start = 0
    while start < len(lines):
        tabs = lines[start].count("\t")
        end = start + 1
        while tabs and end < len(lines) and lines[end].count("\t") == tabs:
            end += 1
        if end - start > 1 and lines[start][0] != "\t":
            rows = [
                "| " + " | ".join(_cell(cell).replace("|", "\\|") for cell in line.split("\t")) + " |"
                for line in lines[start:end]
            ]
            result += ["", rows[0], "|" + "---|" * (tabs + 1), *rows[1:], ""]
        else:
            result += lines[start:end]
        start = end
    return result


def _cell(text: str) -> str:
    """A cell of a scanned table; « • one • two », often behind an opening <ul> alone, becomes a list."""
    cell = text.strip()
    if not _BULLETED_CELL.match(cell):
        return cell
    items = [item.strip() for item in _BULLETED_CELL.sub("", cell, count=1).removesuffix("</ul>").split("•")]
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items if item) + "</ul>"


def _list_lines(lines: Sequence[str]) -> Iterator[str]:
    """List marks of scanned books in their regular form, and items indented by one space under their parent."""
    width, announces, nested = 0, False, False
    previous = ""
    for line in lines:
        line = _FIXED_SPACE.sub(r"\1 ", line)
        line = _ARROW_ITEM.sub(r"\1- ", line)
        line = _BULLET.sub(r"\1- ", line)
        line = _NUMBERED_BULLET.sub(r"\1", line)
        line = _LONG_NUMBER.sub(r"\1\\", line)
        line = _PLUS.sub(r"\1\\+", line)
        if line.startswith("→ ") and previous.strip():
            yield ""
        previous = line
        if item := _ITEM.match(line):
            width, nested = item.end(), bool(item["number"])
            announces = line.rstrip().endswith(":")
        elif width and line.startswith(" ") and _ITEM.match(line[1:]):
            if nested or announces:
                line = " " * width + line[1:]
        elif not line.startswith("  "):
            announces = line.rstrip().endswith(":")
        yield line


def _pipe_tables(lines: Iterator[str]) -> Iterator[str]:
    """Every row of a pipe table with as many cells as the longest, since Markdown drops what is beyond the head's."""
    source = list(lines)
    start = 0
    while start < len(source):
        if (
            start + 1 < len(source)
            and "|" in source[start]
            and "|" in source[start + 1]
            and _DELIMITER_ROW.match(source[start + 1])
        ):
            end = start + 2
            while end < len(source) and source[end].strip():
                end += 1
            rows = [source[start], *source[start + 2 : end]]
            rows = [_without_outer_pipes(row) for row in rows]
            widths = [len(_CELL_EDGE.findall(row)) + 1 for row in rows]
            if max(widths) * len(rows) > _MAX_CELLS:
                source[start + 1] = "\\" + source[start + 1].lstrip()
                yield from source[start:end]
            else:
                padded = [
                    "| " + row + " |" * (max(widths) - width + 1) for row, width in zip(rows, widths, strict=True)
                ]
                yield from (padded[0], "|" + "---|" * max(widths), *padded[1:])
            start = end
        else:
            yield source[start]
            start += 1


def _without_outer_pipes(row: str) -> str:
    row = row.strip().removeprefix("|")
    return row if row.endswith("\\|") else row.removesuffix("|")


def _inline(text: str) -> str:
    return _INLINE.sub(_inline_mark, text)


def _inline_mark(match: re.Match[str]) -> str:
    if match["lt"]:
        return "&lt;"
    if match["target"]:
        return f"[{match['label']}]{match['target']}"
    if match["mark"]:
        tag = "sup" if match["mark"] == "^" else "sub"
        return f"<{tag}>{match['content']}</{tag}>"
    if match["note"] or match["power"]:
        return f"<sup>{match['note'] or match['power']}</sup>"
    if match["url"]:
        return _link(match["url"])
    return match["keep"]


def _link(address: str) -> str:
    """A bare address as a link; the punctuation that closes the sentence is not part of it."""
    end, unopened = len(address), address.count(")") - address.count("(")
    while address[end - 1] in _URL_TAIL or (address[end - 1] == ")" and unopened > 0):
        end -= 1
        unopened -= address[end] == ")"
    url = address[:end]
    if len(url) < len("www.a.fr"):
        return address
    target = url if "://" in url else f"https://{url}"
    shown = re.sub(r"[_*\[\]^`~!]", lambda m: f"&#{ord(m[0])};", html.escape(url))
    return f'<a href="{html.escape(target)}">{shown}</a>{address[len(url) :]}'


class _Markdown(MarkdownIt):
    """Addresses stay as they are written: the sanitiser judges them."""

    def validateLink(self, url: str) -> bool:
        return True

    def normalizeLink(self, url: str) -> str:
        return url

    def normalizeLinkText(self, link: str) -> str:
        return link


class _Renderer(RendererHTML):
    """A picture leaves its description; a link without target (`#`) leaves its words; only `<br>` breaks a line."""

    def hardbreak(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return " "

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return html.escape(self.renderInlineAsText(tokens[idx].children, options, env))

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        href = str(tokens[idx].attrs.get("href") or "")
        return "" if href in ("", "#") else f'<a href="{html.escape(href)}">'


def _stars(state: StateInline, silent: bool) -> bool:
    """Emphasis by stars wherever no white space stands inside them: scanned books write `**Titre.**Suite`."""
    if silent or state.src[state.pos] not in "*_":
        return False
    marker = state.src[state.pos]
    scanned = state.scanDelims(state.pos, marker == "*")
    end = state.pos + scanned.length
    can_open, can_close = scanned.can_open, scanned.can_close
    if marker == "*":
        can_open = end < state.posMax and not state.src[end].isspace()
        can_close = state.pos > 0 and not state.src[state.pos - 1].isspace()
    for _ in range(scanned.length):
        token = state.push("text", "", 0)
        token.content = marker
        state.delimiters.append(Delimiter(ord(marker), scanned.length, len(state.tokens) - 1, -1, can_open, can_close))
    state.pos = end
    return True


@cache
def _parser() -> MarkdownIt:
    parser = _Markdown("commonmark", {"maxNesting": 100}, renderer_cls=_Renderer).enable("table")
    parser.disable(["code", "fence", "lheading", "reference", "backticks"])
    parser.inline.ruler.at("emphasis", _stars)
    return parser
