"""Records → the JSON that others read. The shape is a contract: key names stay as they are."""

from collections.abc import Iterable
from typing import Any

from projects.imports.records import Book, Fiche, Notice, Span

_LINES = {"lines", "header_lines", "heading_line", "body_lines"}


def as_json(book: Book, with_fiches: bool = True) -> dict[str, Any]:
    """What was read; `with_fiches` false spares the missions. No lines for a format that has none."""
    found = _as_json(book, with_fiches)
    return found if book.printed_lines else _without_lines(found)


def _without_lines(found: Any) -> Any:
    if isinstance(found, dict):
        return {key: _without_lines(value) for key, value in found.items() if key not in _LINES}
    return [_without_lines(item) for item in found] if isinstance(found, list) else found


def _as_json(book: Book, with_fiches: bool) -> dict[str, Any]:
    return {
        "document": {
            "title": book.title,
            "subtitle": book.subtitle,
            "school_year": book.school_year,
            "published": book.published,
            "publisher": book.publisher,
            "themes": list(book.themes),
            "promotions": list(book.cover_promotions) or [promotion.name for promotion in book.promotions],
            "promotion_corps": {p.name: p.corps for p in book.promotions if p.corps},
            "promotion_members": {
                p.name: [{"last_name": m.last_name, "first_name": m.first_name} for m in p.members]
                for p in book.promotions
            },
            "parts": [{"kind": part.kind, "lines": list(part.lines)} for part in book.parts],
            "unplaced": [
                {"lines": list(piece.lines), "text": piece.text, "number": piece.number} for piece in book.unplaced
            ],
            "warnings": _notices(book.warnings),
        },
        "missions": [fiche_as_json(fiche) for fiche in book.fiches if with_fiches],
    }


def fiche_as_json(fiche: Fiche) -> dict[str, Any]:
    return {
        "number": fiche.number,
        "theme": fiche.theme,
        "title": fiche.title,
        "page": fiche.page,
        "collectivities": [
            {"name_as_printed": place.printed} | ({"canonical_name": place.name} if place.name != place.printed else {})
            for place in fiche.collectivities
        ],
        "authors": [
            {
                "first_name": author.first_name,
                "last_name": author.last_name,
                "email": author.email,
                "corps": author.corps,
                "promotion": author.promotion,
            }
            for author in fiche.authors
        ],
        "tutors_heading": fiche.tutors_heading,
        "tutors": [
            {"first_name": tutor.first_name, "last_name": tutor.last_name, "job_title": tutor.job_title}
            for tutor in fiche.tutors
        ],
        "header_lines": _lines(fiche.header_lines),
        "sections": [
            {
                "kind": section.kind,
                "heading_as_printed": section.heading,
                "heading_line": section.heading_lines[0]
                if len(section.heading_lines) == 1
                else list(section.heading_lines),
                "body_lines": _lines(section.body_lines),
                "text": section.text,
                "empty": section.empty,
            }
            for section in fiche.sections
        ],
        "testimonials": [
            {
                "form": testimonial.form,
                "section": fiche.sections[testimonial.section].heading,
                "embedded": testimonial.embedded,
                "speakers": [
                    {"first_name": s.first_name, "last_name": s.last_name, "job_title": s.job_title}
                    for s in testimonial.speakers
                ],
                "text": testimonial.text,
            }
            for testimonial in fiche.testimonials
        ],
        "key_figures": [{"value": figure.value, "label": figure.label} for figure in fiche.key_figures],
        "references": [{"text": reference.text} for reference in fiche.references],
        "non_body": [{"kind": piece.kind, "lines": list(piece.lines), "text": piece.text} for piece in fiche.non_body],
        "warnings": _notices(fiche.warnings),
    }


def _lines(ranges: Iterable[Span]) -> list[list[int]]:
    return [list(span) for span in ranges]


def _notices(notices: Iterable[Notice]) -> list[dict[str, Any]]:
    return [{"code": n.code, "message": n.message, "lines": _lines(n.lines)} for n in notices]
