"""Word → lines. mammoth reads the text; word_parts.py writes out beforehand what mammoth does not compute."""

import io
import re
from collections.abc import Iterable, Iterator

from mammoth import documents
from mammoth import docx as mammoth

from projects.imports.formats import template
from projects.imports.formats.archive import Archive
from projects.imports.formats.paragraphs import Block, Found, Paragraph, Run, Table, lines_of
from projects.imports.formats.word_parts import LABEL, written_out

_HEADING = re.compile(r"^(?:heading|titre) ?(\d)$", re.I)
_CONTENTS = re.compile(r"^(?:toc|tm) ?\d$", re.I)
_RAISED = {"superscript": "^", "subscript": "_"}


def read_lines(name: str, data: bytes) -> Found:
    """The accepted text of a Word file, without comments, headers, footers or pictures; raises `UnreadableFile`."""
    archive = Archive(name, data)
    try:
        document = mammoth.read(io.BytesIO(written_out(archive))).value
        return lines_of(_Reader(document.notes).blocks(document.children), template.GUIDANCE)
    except (RecursionError, ValueError, KeyError, IndexError, AttributeError, OSError):
        raise archive.damaged() from None


class _Reader:
    def __init__(self, notes: documents.Notes) -> None:
        self._notes = notes

    def blocks(self, elements: Iterable[object]) -> Iterator[Block]:
        for element in elements:
            if isinstance(element, documents.Paragraph):
                yield self._paragraph(element)
            elif isinstance(element, documents.Table):
                yield Table([[list(self.blocks(cell.children)) for cell in row.children] for row in element.children])

    def _paragraph(self, element: documents.Paragraph) -> Paragraph:
        style = element.style_name or ""
        heading = _HEADING.match(style)
        paragraph = Paragraph(style=style, contents=bool(_CONTENTS.match(style)))
        paragraph.level = int(heading[1]) if heading else int(style.casefold() in {"title", "titre"})
        self._inline(paragraph, element.children, Run(""))
        for run in [run for run in paragraph.runs if LABEL in run.text]:
            paragraph.mark = run.text.strip(LABEL)
            paragraph.runs.remove(run)
        return paragraph

    def _inline(self, paragraph: Paragraph, elements: Iterable[object], look: Run) -> None:
        def add(text: str) -> None:
            paragraph.runs.append(Run(text, look.bold, look.italic, look.raised, look.target))

        for element in elements:
            match element:
                case documents.Text():
                    add(element.value)
                case documents.Tab():
                    add("\t")
                case documents.Break():
                    add("\n" if element.break_type == "line" else " ")
                case documents.Run():
                    raised = _RAISED.get(element.vertical_alignment, "")
                    inside = Run("", bool(element.is_bold), bool(element.is_italic), raised, look.target)
                    self._inline(paragraph, element.children, inside)
                case documents.Hyperlink():
                    target = element.href or look.target
                    self._inline(paragraph, element.children, Run("", look.bold, look.italic, look.raised, target))
                case documents.NoteReference():
                    note = self._notes.resolve(element)
                    paragraph.notes.append(list(self.blocks(note.body)))
                case documents.Checkbox():
                    add("☒" if element.checked else "☐")
                case documents.Paragraph() | documents.Table():
                    paragraph.boxes += self.blocks([element])
