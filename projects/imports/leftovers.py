"""What a section says beside its rows: figures, readings and testimonials hold the rest, and no word is lost."""

import re

from casebook.text import letters
from projects.imports.records import Fiche, KeyFigure
from projects.models.parts import Section

_TARGET = re.compile(r"\]\([^)]*\)")
_SMALL_WORDS = 3  # letters of « à », « de » that a label drops


def narrative(fiche: Fiche, index: int) -> str:
    """The text of a section that its rows do not hold: all of it where it has none."""
    section = fiche.sections[index]
    if section.kind == Section.Kind.TEMOIGNAGE:
        return "" if any(t.section == index for t in fiche.testimonials) else section.text
    if section.kind == Section.Kind.CHIFFRES:
        figures = [figure for figure in fiche.key_figures if figure.section == index]
        return _left(section.text, [f"{f.value or ''}{f.label or ''}" for f in figures], figures)
    if section.kind == Section.Kind.ALLER_PLUS_LOIN:
        return _left(section.text, [r.text for r in fiche.references if r.section == index], [])
    return section.text


def _left(text: str, rows: list[str], figures: list[KeyFigure]) -> str:
    """The paragraphs whose words stand in no row."""
    held = "\n".join(letters(row) for row in rows)
    left = []
    for paragraph in text.split("\n\n"):
        lines = [letters(_TARGET.sub("]", line)) for line in paragraph.split("\n")]
        words = "".join(lines)
        if words and not all(line in held for line in lines) and words not in held and not _is_turned(words, figures):
            left.append(paragraph)
    return "\n\n".join(left)


def _is_turned(words: str, figures: list[KeyFigure]) -> bool:
    """Whether the paragraph is one figure, printed with its label before its value."""
    for figure in figures:
        value, label = letters(figure.value or ""), letters(figure.label or "")
        if value in words and label in words and len(words) - len(value) - len(label) <= _SMALL_WORDS:
            return True
    return False
