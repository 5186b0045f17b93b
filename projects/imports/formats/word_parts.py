"""The parts of a Word file with what Word computes when it shows them written out: numbers of lists, capitals, fields,
text boxes. What is hidden, deleted or only a look is left out; so are pictures, comments, headers and macros."""

import io
import posixpath
import zipfile
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, SubElement, tostring

from projects.imports.formats.archive import Archive
from projects.imports.formats.word_numbering import Numbering, W, integer, value_of

_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT_R = "{http://purl.oclc.org/ooxml/officeDocument/relationships}"
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MAX_ELEMENTS = 100_000  # of one part written out: ten seconds; a book of sixty pages has ten thousand
_LEFT_OUT = {
    f"{W}{name}"
    for name in [
        "del",
        "moveFrom",
        "proofErr",
        "bookmarkStart",
        "bookmarkEnd",
        "sectPr",
        "commentRangeStart",
        "commentRangeEnd",
        "commentReference",
        "annotationRef",
        "lastRenderedPageBreak",
        "softHyphen",
        "footnoteRef",
        "endnoteRef",
        "separator",
        "continuationSeparator",
        "tblPr",
        "tblGrid",
        "tblPrEx",
        "rubyPr",
        "rt",
        "sdtPr",
        "sdtEndPr",
        "moveFromRangeStart",
        "moveFromRangeEnd",
        "moveToRangeStart",
        "moveToRangeEnd",
    ]
}
_UNWRAPPED = {
    f"{W}{name}"
    for name in [
        "ins",
        "moveTo",
        "fldSimple",
        "smartTag",
        "customXml",
        "bdo",
        "dir",
        "sdt",
        "sdtContent",
        "ruby",
        "rubyBase",
    ]
}
_KEPT_LOOKS = ("b", "i", "vertAlign")
_LEVELS = 9


class Styles:
    """What the styles of a document say of capitals, hidden text, bold and lists, from a style or from its parents."""

    def __init__(self, root: Element | None) -> None:
        self._styles = {} if root is None else {s.get(f"{W}styleId", ""): s for s in root.iter(f"{W}style")}

    def look(self, style_id: str | None, path: str) -> Element | None:
        """The nearest element at this path: « w:rPr/w:caps »."""
        seen: set[str] = set()
        while style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            style = self._styles[style_id]
            found = style.find(path)
            if found is not None:
                return found
            parent = style.find(f"{W}basedOn")
            style_id = parent.get(f"{W}val") if parent is not None else None
        return None

    def is_on(self, style_id: str | None, path: str) -> bool:
        return _is_on(self.look(style_id, path))

    def names(self) -> Element:
        root = Element(f"{W}styles")
        for style_id, style in self._styles.items():
            kept = SubElement(root, f"{W}style", {f"{W}type": style.get(f"{W}type", ""), f"{W}styleId": style_id})
            kept.extend(style.findall(f"{W}name"))
        return root


def written_out(archive: Archive) -> bytes:
    """A small .docx of the text alone; raises `UnreadableFile`."""
    document = _document_name(archive)
    folder, name = posixpath.split(document)
    related = _related(archive, f"{folder}/_rels/{name}.rels")

    def part(kind: str) -> str:
        return related.get(kind) or f"{folder}/{kind}.xml"

    def root(path: str) -> Element | None:
        return _transitional(archive.parse(path)) if path in archive else None

    styles, numbering = Styles(root(part("styles"))), Numbering(root(part("numbering")))
    main = _transitional(archive.parse(document))
    if main.find(f"{W}body") is None:
        raise archive.damaged()
    written = {"word/document.xml": _Writer(archive, styles, numbering).part(main), "word/styles.xml": styles.names()}
    for kind in ("footnotes", "endnotes"):
        notes = root(part(kind))
        if notes is not None:
            written[f"word/{kind}.xml"] = _Writer(archive, styles, numbering).part(notes)
            written[f"word/_rels/{kind}.xml.rels"] = _links(archive, part(kind))
    written["word/_rels/document.xml.rels"] = _links(archive, document)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for path, element in written.items():
            target.writestr(path, tostring(element))
    return packed.getvalue()


def _document_name(archive: Archive) -> str:
    name = _related(archive, "_rels/.rels").get("officeDocument", "word/document.xml")
    if name not in archive:
        raise archive.damaged()
    return name


def _related(archive: Archive, path: str) -> dict[str, str]:
    """The parts that a part names, by kind."""
    if path not in archive:
        return {}
    base = posixpath.dirname(posixpath.dirname(path))
    return {
        relation.get("Type", "").rsplit("/", 1)[-1]: posixpath.normpath(
            posixpath.join("/", base, relation.get("Target", ""))
        ).lstrip("/")
        for relation in archive.parse(path).iter(f"{_RELATIONS}Relationship")
        if relation.get("TargetMode") != "External"
    }


def _links(archive: Archive, part: str) -> Element:
    """The addresses of the links of a part, and nothing else."""
    folder, name = posixpath.split(part)
    root = Element(f"{_RELATIONS}Relationships")
    path = f"{folder}/_rels/{name}.rels"
    if path in archive:
        for relation in archive.parse(path).iter(f"{_RELATIONS}Relationship"):
            if relation.get("Type", "").endswith("/hyperlink"):
                root.append(relation)
    return root


def _transitional(root: Element) -> Element:
    """The names of « Open XML strict » as those that every program writes."""
    if root.tag.startswith(_STRICT):
        for element in root.iter():
            element.tag = element.tag.replace(_STRICT, W)
            for name in [n for n in element.attrib if n.startswith((_STRICT, _STRICT_R))]:
                element.attrib[name.replace(_STRICT, W).replace(_STRICT_R, _R)] = element.attrib.pop(name)
    return root


class _Writer:
    """One part, its elements written out."""

    def __init__(self, archive: Archive, styles: Styles, numbering: Numbering) -> None:
        self._archive = archive
        self._styles = styles
        self._numbering = numbering
        self._count = 0
        self._capitals = self._hidden = False  # what the style of the paragraph that is open says

    def part(self, root: Element) -> Element:
        written = Element(root.tag, root.attrib)
        for child in root:
            holder = SubElement(written, child.tag, child.attrib)
            holder.extend(list(self._all(child)))
        return written

    def _all(self, parent: Element) -> Iterator[Element]:
        for child in parent:
            yield from self._one(child)

    def _one(self, element: Element) -> Iterable[Element]:
        self._count += 1
        if self._count > MAX_ELEMENTS:
            raise self._archive.too_long()
        tag = element.tag
        if tag in _LEFT_OUT or not isinstance(tag, str):
            return ()
        if tag == f"{W}p":
            return (self._paragraph(element),)
        if tag == f"{W}r":
            return self._run(element)
        if tag in _UNWRAPPED:
            return () if element.find(f"{W}sdtPr/{W}showingPlcHdr") is not None else self._all(element)
        if tag == _ALTERNATE:
            return self._alternate(element)
        if tag in {f"{W}drawing", f"{W}pict", f"{W}object"}:
            return self._boxes([element])
        if tag.startswith(_MATH):
            return _formula(element)
        if tag in {f"{W}trPr", f"{W}tcPr"}:
            return (element,)
        copied = Element(tag, element.attrib)
        copied.text = element.text
        copied.extend(list(self._all(element)))
        return (copied,)

    def _paragraph(self, element: Element) -> Element:
        look = element.find(f"{W}pPr")
        style_id = value_of(look, "pStyle") or None
        written = Element(f"{W}p")
        kept = SubElement(written, f"{W}pPr")
        if style_id:
            SubElement(kept, f"{W}pStyle", {f"{W}val": style_id})
        deleted = look is not None and look.find(f"{W}rPr/{W}del") is not None
        if deleted:
            SubElement(SubElement(kept, f"{W}rPr"), f"{W}del")
        outside = self._capitals, self._hidden
        self._capitals = self._styles.is_on(style_id, f"{W}rPr/{W}caps")
        self._hidden = self._styles.is_on(style_id, f"{W}rPr/{W}vanish")
        children = [found for child in element if child is not look for found in self._one(child)]
        self._capitals, self._hidden = outside
        label = "" if deleted or not children else self._label(look, style_id)
        if label:
            run = SubElement(written, f"{W}r")
            SubElement(run, f"{W}t").text = label
        written.extend(children)
        return written

    def _label(self, look: Element | None, style_id: str | None) -> str:
        """The label of a list's item, indented, behind the mark that docx.py looks for."""
        own = look.find(f"{W}numPr") if look is not None else None
        inherited = self._styles.look(style_id, f"{W}pPr/{W}numPr")
        list_id = value_of(own, "numId") or value_of(inherited, "numId")
        depth = integer(value_of(own, "ilvl") or value_of(inherited, "ilvl"))
        if not list_id or list_id == "0":
            return ""
        label = self._numbering.label(list_id, min(depth, _LEVELS))
        return f"{LABEL}{'  ' * min(depth, _LEVELS)}{label} {LABEL}" if label else ""

    def _run(self, element: Element) -> Iterator[Element]:
        look = element.find(f"{W}rPr")
        style_id = value_of(look, "rStyle") or None
        if _looks(look, "vanish", self._hidden or self._styles.is_on(style_id, f"{W}rPr/{W}vanish")):
            yield from self._fields(element)
            return
        capitals = _looks(look, "caps", self._capitals or self._styles.is_on(style_id, f"{W}rPr/{W}caps"))
        run = Element(f"{W}r")
        kept = SubElement(run, f"{W}rPr")
        for name in _KEPT_LOOKS:
            found = look.find(f"{W}{name}") if look is not None else None
            found = found if found is not None else self._styles.look(style_id, f"{W}rPr/{W}{name}")
            if found is not None:
                kept.append(found)
        for child in element:
            if child.tag == f"{W}t":
                words = SubElement(run, f"{W}t")
                words.text = (child.text or "").upper() if capitals else child.text
            elif child.tag == f"{W}cr":
                SubElement(run, f"{W}br")
            elif child.tag == f"{W}ptab":
                SubElement(run, f"{W}tab")
            elif child is not look:
                run.extend(list(self._one(child)))
        yield run

    def _fields(self, element: Element) -> Iterator[Element]:
        """Of a hidden run, what begins or ends a field: a link must be closed."""
        marks = [child for child in element if child.tag in {f"{W}fldChar", f"{W}instrText"}]
        if marks:
            run = Element(f"{W}r")
            run.extend(marks)
            yield run

    def _alternate(self, element: Element) -> Iterable[Element]:
        """One of the forms of the same thing: that with the text."""
        forms = list(element)
        for form in forms:
            if form.find(f".//{W}txbxContent") is not None:
                return self._boxes([form])
        return self._all(forms[-1]) if forms else ()

    def _boxes(self, elements: Iterable[Element]) -> Iterator[Element]:
        """The text boxes of drawings, as mammoth reads them: the old way, in a `w:pict`."""
        for box in (box for element in elements for box in _outermost(element)):
            holder = Element(f"{W}pict")
            SubElement(holder, f"{W}txbxContent").extend(list(self._all(box)))
            yield holder


LABEL = "\ue000"  # stands around a list's label: a private character, which no font shows


def _outermost(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag == _ALTERNATE:
            with_text = [form for form in child if form.find(f".//{W}txbxContent") is not None]
            yield from _outermost(with_text[0]) if with_text else ()
        else:
            yield from _outermost(child)


def _formula(element: Element) -> Iterator[Element]:
    run = Element(f"{W}r")
    words = "".join(found.text or "" for found in element.iter(f"{_MATH}t"))
    SubElement(run, f"{W}t").text = words
    yield run


def _looks(look: Element | None, name: str, inherited: bool) -> bool:
    found = look.find(f"{W}{name}") if look is not None else None
    return inherited if found is None else _is_on(found)


def _is_on(element: Element | None) -> bool:
    return element is not None and element.get(f"{W}val") not in {"0", "false", "off"}
