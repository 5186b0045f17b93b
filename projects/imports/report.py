"""What an import found and did, in French, for the command and the screen."""

from collections.abc import Iterable, Iterator

from casebook.text import french_list, plural
from people.models.person import tutors_label
from projects.imports.apply import FicheOutcome, Outcome
from projects.imports.checking import gender_of_job
from projects.imports.records import Author, Book, Fiche, Notice, Span, Tutor


def lines_of(spans: tuple[Span, ...]) -> str:
    """« ligne 12 », « lignes 12 à 15 et 20 »."""
    ranges = [str(first) if first == last else f"{first} à {last}" for first, last in spans]
    several = len(spans) > 1 or any(first != last for first, last in spans)
    return f"{'lignes' if several else 'ligne'}\u00a0{french_list(ranges)}" if spans else ""


def found(book: Book) -> Iterator[str]:
    """The report of a reading, line by line."""
    title = f"«\u00a0{book.title}\u00a0»" if book.title else "sans titre de recueil"
    yield f"{book.source_name}\u00a0: {title}{f', {book.school_year}' if book.school_year else ''}"
    counts = [
        plural(len(book.fiches), "fiche"),
        plural(len(book.themes), "thème"),
        plural(len(book.promotions), "liste de promotion", "listes de promotions"),
    ]
    yield f"{french_list(counts)}. {_to_check(book)}"
    yield from _warnings(book.warnings)
    for fiche in book.fiches:
        yield ""
        yield from _fiche(fiche)


def _to_check(book: Book) -> str:
    count = len(book.warnings) + sum(len(fiche.warnings) for fiche in book.fiches)
    if not count:
        return "Rien à vérifier."
    return f"{plural(count, 'point')} à vérifier, {'marqué' if count == 1 else 'marqués'} «\u00a0!\u00a0»."


def _fiche(fiche: Fiche) -> Iterator[str]:
    number = "sans numéro" if fiche.number is None else f"{fiche.number:02d}"
    yield f"{number}/ {fiche.title or 'sans titre'}"
    places = french_list([place.name for place in fiche.collectivities]) or "aucune collectivité"
    yield f"  {fiche.theme or 'sans thème'} · {places} · {lines_of((fiche.lines,))}"
    yield f"  Auteurs\u00a0: {_names(fiche.authors)}"
    label = tutors_label([gender_of_job(tutor.job_title) for tutor in fiche.tutors])
    yield f"  {label}\u00a0: {_names(fiche.tutors)}"
    headings = [section.heading + (" (vide)" if section.empty else "") for section in fiche.sections]
    yield f"  Rubriques\u00a0: {french_list(headings) or 'aucune'}"
    rows = [
        plural(len(fiche.key_figures), "chiffre"),
        plural(len(fiche.testimonials), "témoignage"),
        plural(len(fiche.references), "référence"),
    ]
    yield f"  {french_list(rows)}"
    yield from _warnings(fiche.warnings)


def _names(people: Iterable[Author | Tutor]) -> str:
    return french_list([f"{p.first_name or ''} {p.last_name or ''}".strip() for p in people]) or "non trouvés"


def _warnings(notices: Iterable[Notice]) -> Iterator[str]:
    for notice in notices:
        where = lines_of(notice.lines)
        yield f"  ! {notice.message}{f' ({where})' if where else ''}"


def done(outcome: Outcome) -> Iterator[str]:
    """The report of an application, line by line."""
    created = [o for o in outcome.fiches if o.created]
    published = [o for o in outcome.fiches if o.published]
    if outcome.same_file:
        yield "Ce fichier a déjà été importé\u00a0: le texte des fiches n’a pas changé."
    else:
        yield f"{plural(len(created), 'brouillon créé', 'brouillons créés')}."
        known = len(outcome.fiches) - len(created)
        if known == 1:
            yield "1\u00a0fiche déjà au catalogue, laissée telle quelle."
        elif known:
            yield f"{plural(known, 'fiche')} déjà au catalogue, laissées telles quelles."
    yield from outcome.notes
    if published:
        yield f"{plural(len(published), 'mission publiée', 'missions publiées')}."
    yield from (_refused(o) for o in outcome.fiches if o.faults)


def _refused(outcome: FicheOutcome) -> str:
    return f"Non publiée\u00a0: {outcome.mission}. {' '.join(outcome.faults)}"
