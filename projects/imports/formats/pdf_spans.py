"""The text of a PDF page with its places: what its content stream shows, read operator by operator."""

import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pypdf import PageObject
from pypdf.generic import ContentStream, DictionaryObject
from pypdf.generic._font import Font  # the one place that knows encodings, ToUnicode tables and widths

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
MAX_FORM_DEPTH = 8
MAX_FORMS = 2_000  # forms shown on one page
MAX_PAGE_CHARACTERS = 200_000  # a full page of small print holds 10 000
MAX_TILT = 0.1  # radians: text that leans more is set apart
_BOLD_NAMES = ("bold", "black", "heavy", "semibold", "demi", "extrabold")


class TooMuch(Exception):
    """The page shows more than any printed page does."""


@dataclass(frozen=True, slots=True)
class Span:
    """A string as shown, in points from the page's lower left corner; `y` is the baseline."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    tilted: bool = False
    raised: bool = False


class _State(NamedTuple):
    """What `q` saves and `Q` restores."""

    ctm: Matrix
    font: "_Face | None" = None
    size: float = 1.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0


class _Face:
    """A font of the page: bytes → (characters, width in thousandths of an em, is it the one-byte space?)."""

    def __init__(self, resource: DictionaryObject) -> None:
        self._font = Font.from_font_resource(resource)
        name = f"{self._font.name} {self._font.font_descriptor.name}".casefold()
        try:
            heavy = float(self._font.font_descriptor.weight) >= 600
        except ValueError:
            heavy = False
        self.bold = heavy or any(word in name for word in _BOLD_NAMES)
        matrix = resource.get("/FontMatrix") if resource.get("/Subtype") == "/Type3" else None
        self.unit = abs(float(matrix[0])) if matrix else 0.001
        self._known: dict[str, tuple[str, float]] = {}

    def glyphs(self, shown: bytes) -> list[tuple[str, float, bool]]:
        if not self._font.interpretable:
            return []
        encoding = self._font.encoding
        if not isinstance(encoding, str):
            return [(*self._glyph(chr(code), encoding.get(code, chr(code))), code == 32) for code in shown]
        try:
            text = shown.decode(encoding, "surrogatepass")
        except UnicodeDecodeError:
            text = shown.decode(encoding, "replace")
        except LookupError:
            text = shown.decode("latin-1")
        return [(*self._glyph(raw, raw), False) for raw in text]

    def _glyph(self, raw: str, named: str) -> tuple[str, float]:
        key = f"{raw}\0{named}"
        if key not in self._known:
            font = self._font
            text = str(font.character_map.get(named, named))
            space = raw == font.space_char
            self._known[key] = (readable(text), float(font.space_width) if space else font.get_text_width(raw))
        return self._known[key]


def readable(text: str) -> str:
    """The characters that a person would type: ligatures in letters, no controls, spaces plain, composed accents."""
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if "\ufb00" <= character <= "\ufb06":
            kept.append(unicodedata.normalize("NFKC", character))
        elif category == "Zs" or character in "\t\n\r":
            kept.append("\u00a0" if character in "\u00a0\u202f\u2007" else " ")
        elif category == "Co" or "\x7f" <= character <= "\x9f":  # marks of symbol fonts; codes that print a bullet
            kept.append("•")
        elif category not in {"Cc", "Cs", "Cn"} and character not in "\u200b\u200c\u200d\u2060\ufeff":
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))


def page_spans(page: PageObject, faces: dict[int, Any]) -> list[Span]:
    """The strings of a page in the order of its content. `faces` holds the fonts between pages."""
    return _Reader(page, faces).read()


def _turned(page: PageObject) -> int:
    return int(page.get("/Rotate", 0) or 0) % 360


def upright(page: PageObject) -> Matrix:
    """From the page's own coordinates to those of the page as it is looked at."""
    box = page.cropbox
    left, bottom, width, height = float(box.left), float(box.bottom), float(box.width), float(box.height)
    turned = _turned(page)
    if turned == 90:
        return (0, -1, 1, 0, -bottom, left + width)
    if turned == 180:
        return (-1, 0, 0, -1, left + width, bottom + height)
    if turned == 270:
        return (0, 1, -1, 0, bottom + height, -left)
    return (1, 0, 0, 1, -left, -bottom)


class _Reader:
    def __init__(self, page: PageObject, faces: dict[int, Any]) -> None:
        self._page = page
        self._faces = faces
        self._spans: list[Span] = []
        self._forms = self._characters = 0
        self._tm = self._tlm = _IDENTITY
        sides = float(page.cropbox.width), float(page.cropbox.height)
        self.width, self.height = sides[::-1] if _turned(page) in {90, 270} else sides

    def read(self) -> list[Span]:
        contents = self._page.get("/Contents")
        if contents is None:
            return []
        resources = self._page.get("/Resources")
        self._run(contents, resources.get_object() if resources else DictionaryObject(), _State(upright(self._page)), 0)
        return self._spans

    def _run(self, contents: Any, resources: DictionaryObject, state: _State, depth: int) -> None:
        stack: list[_State] = []
        for operands, operator in ContentStream(contents, self._page.pdf, "bytes").operations:
            if operator == b"q":
                stack.append(state)
            elif operator == b"Q":
                state = stack.pop() if stack else state
            elif operator == b"Do":
                self._show_form(operands, resources, state, depth)
            elif operator in _OPERATORS:
                try:
                    state = _OPERATORS[operator](self, state, operands, resources)
                except (IndexError, TypeError, ValueError, OverflowError, AttributeError, KeyError):
                    continue  # an operator without its operands shows nothing

    def _show_form(self, operands: Sequence[Any], resources: DictionaryObject, state: _State, depth: int) -> None:
        forms = resources.get("/XObject")
        form = forms.get_object().get(operands[0]) if forms and operands else None
        form = form.get_object() if form is not None else None
        if form is None or form.get("/Subtype") != "/Form" or depth >= MAX_FORM_DEPTH:
            return
        self._forms += 1
        if self._forms > MAX_FORMS:
            raise TooMuch
        matrix = form.get("/Matrix")
        if matrix is not None:
            state = state._replace(ctm=_times(_matrix(matrix), state.ctm))
        own = form.get("/Resources")
        before = self._tm, self._tlm
        self._run(form, own.get_object() if own else resources, state, depth + 1)
        self._tm, self._tlm = before

    # ------------------------------------------------------------------------------------------------- operators

    def begin(self, state: _State, operands: Sequence[Any], _: DictionaryObject) -> _State:
        self._tm = self._tlm = _IDENTITY
        return state

    def turn(self, state: _State, operands: Sequence[Any], _: DictionaryObject) -> _State:
        return state._replace(ctm=_times(_matrix(operands), state.ctm))

    def font(self, state: _State, operands: Sequence[Any], resources: DictionaryObject) -> _State:
        fonts: Any = resources["/Font"].get_object()
        resource = fonts[operands[0]].get_object()
        key = id(resource)
        if key not in self._faces:
            self._faces[key] = (_Face(resource), resource)  # the resource is held: its id stays its own
        return state._replace(font=self._faces[key][0], size=float(operands[1]))

    def move(self, state: _State, operands: Sequence[Any], _: DictionaryObject) -> _State:
        self._move(float(operands[0]), float(operands[1]))
        return state

    def move_leading(self, state: _State, operands: Sequence[Any], _: DictionaryObject) -> _State:
        self._move(float(operands[0]), float(operands[1]))
        return state._replace(leading=-float(operands[1]))

    def place(self, state: _State, operands: Sequence[Any], _: DictionaryObject) -> _State:
        self._tm = self._tlm = _matrix(operands)
        return state

    def next_line(self, state: _State, operands: Sequence[Any], _: DictionaryObject) -> _State:
        self._move(0, -state.leading)
        return state

    def show(self, state: _State, operands: Sequence[Any], _: DictionaryObject) -> _State:
        self._show(state, operands[0])
        return state

    def show_pieces(self, state: _State, operands: Sequence[Any], _: DictionaryObject) -> _State:
        for piece in operands[0]:
            if isinstance(piece, (bytes, str)):
                self._show(state, piece)
            else:
                self._advance(-float(piece) / 1000 * state.size * state.stretch)
        return state

    def show_next(self, state: _State, operands: Sequence[Any], _: DictionaryObject) -> _State:
        self._move(0, -state.leading)
        self._show(state, operands[-1])
        return state

    def show_spaced(self, state: _State, operands: Sequence[Any], resources: DictionaryObject) -> _State:
        state = state._replace(word_spacing=float(operands[0]), spacing=float(operands[1]))
        return self.show_next(state, operands, resources)

    def _move(self, x: float, y: float) -> None:
        self._tm = self._tlm = _times((1, 0, 0, 1, x, y), self._tlm)

    def _advance(self, x: float) -> None:
        a, b, c, d, e, f = self._tm
        self._tm = (a, b, c, d, e + x * a, f + x * b)

    def _show(self, state: _State, shown: bytes | str) -> None:
        if state.font is None:
            return
        text, begin, extra = [], _times(self._tm, state.ctm), 0.0
        for characters, width, is_space in state.font.glyphs(
            shown.encode("latin-1", "replace") if isinstance(shown, str) else shown
        ):
            text.append(characters)
            extra = state.spacing
            advance = width * state.font.unit * state.size + extra + (state.word_spacing if is_space else 0)
            self._advance(advance * state.stretch)
        words = "".join(text)
        self._characters += len(words)
        if self._characters > MAX_PAGE_CHARACTERS:
            raise TooMuch
        end = _times(self._tm, state.ctm)
        scale = math.hypot(begin[2], begin[3])
        size = abs(state.size) * scale
        x0, x1 = begin[4], end[4] - extra * state.stretch * begin[0]
        y = begin[5] + state.rise * begin[3]
        tilted = abs(math.atan2(begin[1], begin[0])) > MAX_TILT
        inside = -2 <= x0 <= self.width + 2 and -2 <= y <= self.height + 2
        if words and inside and size > 0.5 and math.isfinite(x0 + x1 + y + size):
            self._spans.append(Span(words, min(x0, x1), max(x0, x1), y, size, state.font.bold, tilted))


def _setter(**fields: float) -> Callable[[_Reader, _State, Sequence[Any], DictionaryObject], _State]:
    """An operator with one number; the factor goes with its name."""
    ((name, factor),) = fields.items()

    def set_(reader: _Reader, state: _State, operands: Sequence[Any], _: DictionaryObject) -> _State:
        changed: dict[str, Any] = {name: float(operands[0]) * factor}
        return state._replace(**changed)

    return set_


_OPERATORS: dict[bytes, Callable[[_Reader, _State, Sequence[Any], DictionaryObject], _State]] = {
    b"BT": _Reader.begin,
    b"cm": _Reader.turn,
    b"Tf": _Reader.font,
    b"Td": _Reader.move,
    b"TD": _Reader.move_leading,
    b"Tm": _Reader.place,
    b"T*": _Reader.next_line,
    b"Tj": _Reader.show,
    b"TJ": _Reader.show_pieces,
    b"'": _Reader.show_next,
    b'"': _Reader.show_spaced,
    b"Tc": _setter(spacing=1),
    b"Tw": _setter(word_spacing=1),
    b"Tz": _setter(stretch=0.01),
    b"TL": _setter(leading=1),
    b"Ts": _setter(rise=1),
}


def _matrix(values: Sequence[Any]) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in values[:6])
    return (a, b, c, d, e, f)


def _times(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def once(spans: Sequence[Span]) -> Iterator[Span]:
    """The spans without those drawn again at the same place (shadows, thickened letters)."""
    seen: dict[tuple[str, int, int], Span] = {}
    for span in spans:
        x, y = round(span.x0 / 2), round(span.y / 2)
        near = [(span.text, x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        if span.text.strip() and any(
            key in seen and abs(seen[key].x0 - span.x0) < 1.2 and abs(seen[key].y - span.y) < 1.2 for key in near
        ):
            continue
        seen[span.text, x, y] = span
        yield span
