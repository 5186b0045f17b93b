"""What an import found and did, in French, for the command and the screen."""

from collections.abc import Iterator

from casebook.text import french_list, plural
from projects.imports.apply import Outcome
from projects.imports.records import Book, Fiche, Span


def lines_of(spans: tuple[Span, ...]) -> str:
    """« l. 12 », « l. 12–15 et 20 »."""
    if not spans:
        return ""
    ranges = [str(first) if first == last else f"{first}–{last}" for first, last in spans]
    return f"l.\u00a0{french_list(ranges)}"


def found(book: Book) -> Iterator[str]:
    """The report of a reading, line by line."""
    title = f"«\u00a0{book.title}\u00a0»" if book.title else "sans titre de recueil"
    yield f"{book.source_name}\u00a0: {title}{', ' + book.school_year if book.school_year else ''}"
    yield f"{plural(len(book.fiches), 'fiche')}, {plural(len(book.themes), 'thème')}, " + plural(
        len(book.promotions), "liste de promotion", "listes de promotions"
    )
    for notice in book.warnings:
        yield f"  ! {notice.message}"
    for fiche in book.fiches:
        yield ""
        yield from _fiche(fiche)
        for piece in book.unplaced:
            if fiche.lines[0] <= piece.lines[0] <= fiche.lines[1]:
                yield f"  ? texte non placé, {lines_of((piece.lines,))}\u00a0: {' '.join(piece.text.split())[:100]}"
    outside = [p for p in book.unplaced if not any(f.lines[0] <= p.lines[0] <= f.lines[1] for f in book.fiches)]
    if outside:
        yield ""
        yield "Texte non placé, hors des fiches"
        for piece in outside:
            yield f"  ? {lines_of((piece.lines,))}\u00a0: {' '.join(piece.text.split())[:100]}"


def _fiche(fiche: Fiche) -> Iterator[str]:
    number = "--" if fiche.number is None else f"{fiche.number:02d}"
    yield f"{number}/ {fiche.title or 'sans titre'}"
    places = french_list([place.name for place in fiche.collectivities]) or "aucune collectivité"
    yield f"  {fiche.theme or 'sans thème'} · {places} · {lines_of((fiche.lines,))}"
    kinds = french_list([section.heading + (" (vide)" if section.empty else "") for section in fiche.sections])
    tutors = plural(len(fiche.tutors), "tuteur ou tutrice", "tuteurs ou tutrices")
    yield f"  {plural(len(fiche.authors), 'auteur')}, {tutors}"
    yield f"  Rubriques\u00a0: {kinds or 'aucune'}"
    yield (
        f"  {plural(len(fiche.key_figures), 'chiffre')}, {plural(len(fiche.testimonials), 'témoignage')}, "
        f"{plural(len(fiche.references), 'référence')}"
    )
    for notice in fiche.warnings:
        where = lines_of(notice.lines)
        yield f"  ! {notice.message}{f' ({where})' if where else ''}"


def done(outcome: Outcome) -> Iterator[str]:
    """The report of an application, line by line."""
    created = [o for o in outcome.fiches if o.created]
    published = [o for o in outcome.fiches if o.published]
    refused = [o for o in outcome.fiches if o.faults]
    if outcome.same_file:
        yield "Ce fichier a déjà été importé\u00a0: rien n’a été changé au texte des fiches."
    else:
        yield f"{plural(len(created), 'brouillon créé', 'brouillons créés')}."
        known = len(outcome.fiches) - len(created)
        if known:
            left = (
                "déjà au catalogue, laissée telle quelle"
                if known == 1
                else "déjà au catalogue, laissées telles quelles"
            )
            yield f"{plural(known, 'fiche')} {left}."
    yield from outcome.notes
    if published:
        yield f"{plural(len(published), 'mission publiée', 'missions publiées')}."
    for refusal in refused:
        yield f"Non publiée\u00a0: {refusal.mission} — {' '.join(refusal.faults)}"
