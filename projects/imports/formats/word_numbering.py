"""The labels that Word prints before the items of lists, which a file only tells by counters and patterns."""

import re
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Numbering:
    """The labels of one document, asked for in its order. Lists of one abstract list share their counters."""

    def __init__(self, root: Element | None) -> None:
        self._abstract: dict[str, dict[int, Element]] = {}
        self._lists: dict[str, tuple[str, dict[int, Element]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()
        for abstract in root.iter(f"{W}abstractNum") if root is not None else ():
            self._abstract[abstract.get(f"{W}abstractNumId", "")] = _levels(abstract)
        for num in root.findall(f"{W}num") if root is not None else ():
            overrides = {integer(o.get(f"{W}ilvl")): o for o in num.findall(f"{W}lvlOverride")}
            self._lists[num.get(f"{W}numId", "")] = value_of(num, "abstractNumId"), overrides

    def label(self, list_id: str, depth: int) -> str:
        """« - », « 3. », « b) » or nothing."""
        if list_id not in self._lists:
            return ""
        abstract_id, overrides = self._lists[list_id]
        levels = self._abstract.get(abstract_id, {}) | {
            at: level for at, override in overrides.items() if (level := override.find(f"{W}lvl")) is not None
        }
        level = levels.get(depth)
        if level is None:
            return "-"
        counts = self._counts.setdefault(abstract_id, {})
        if list_id not in self._begun:
            self._begun.add(list_id)
            for at, override in overrides.items():
                if override.find(f"{W}startOverride") is not None:
                    counts[at] = integer(value_of(override, "startOverride")) - 1
        counts[depth] = counts.get(depth, integer(value_of(level, "start"), 1) - 1) + 1
        for deeper in [at for at in counts if at > depth]:
            del counts[deeper]
        shape, pattern = value_of(level, "numFmt") or "decimal", value_of(level, "lvlText")
        if shape == "bullet":
            return "-" if pattern.strip() else ""
        if shape == "none":
            return ""

        def printed(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            shown = levels.get(at)
            count = counts.get(at, integer(value_of(shown, "start"), 1) if shown is not None else 1)
            return numeral(count, value_of(shown, "numFmt") if shown is not None else "decimal")

        return re.sub(r"%([1-9])", printed, pattern).strip()


def numeral(count: int, shape: str) -> str:
    """A number as lists print it: « 3 », « 03 », « c », « C », « iii », « III »."""
    if shape in {"lowerLetter", "upperLetter"} and 1 <= count <= 26:
        letter = chr(ord("a") + count - 1)
        return letter if shape == "lowerLetter" else letter.upper()
    if shape in {"lowerRoman", "upperRoman"} and 1 <= count <= 99:
        tens, units = divmod(count, 10)
        roman = ("", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc")[tens]
        roman += ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[units]
        return roman if shape == "lowerRoman" else roman.upper()
    return f"{count:02d}" if shape == "decimalZero" else str(count)


def _levels(abstract: Element) -> dict[int, Element]:
    return {integer(level.get(f"{W}ilvl")): level for level in abstract.findall(f"{W}lvl")}


def value_of(parent: Element | None, name: str) -> str:
    found = parent.find(f"{W}{name}") if parent is not None else None
    return (found.get(f"{W}val") or "") if found is not None else ""


def integer(text: str | None, default: int = 0) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text) else default
