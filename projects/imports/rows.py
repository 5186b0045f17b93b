"""The rows of a fiche: what is said, counted and recommended in its sections."""

from collections.abc import Iterable, Sequence

from projects.imports import figures, references, testimonials
from projects.imports.records import KeyFigure, Reference, SectionRecord, Testimonial, Tutor
from projects.imports.text import Text
from projects.imports.vocabulary import Kind

Rows = tuple[list[Testimonial], list[KeyFigure], list[Reference]]


def read_rows(text: Text, sections: Iterable[tuple[int, SectionRecord]], tutors: Sequence[Tutor]) -> Rows:
    """The rows of these sections, each with its rank in the fiche."""
    said, numbers, read = [], [], []
    for index, section in sections:
        if section.kind == Kind.TEMOIGNAGE.value:
            said += testimonials.read_section(text, index, section)
        elif section.kind == Kind.CHIFFRES.value:
            numbers += figures.read_section(text, index, section)
        elif section.kind == Kind.ALLER_PLUS_LOIN.value:
            read += references.read_section(text, index, section)
        said += testimonials.read_embedded(index, section, tutors)
    return said, numbers, read
