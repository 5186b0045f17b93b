"""A batch under review: its fiches with what was decided, kept as it is decided."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db import transaction
from django.utils import timezone

from projects.imports import review
from projects.imports.decided import as_decided, with_moves
from projects.imports.known import DIFFERENCE, MATCH, Knowledge, Known
from projects.imports.matching import Matcher
from projects.imports.reading import Line, Source
from projects.imports.records import Book, Fiche, promotions_of
from projects.imports.review import Value
from projects.imports.serial import from_json
from projects.imports.text import Text
from projects.models import Edition, ImportBatch, ImportedFile, ImportedMission

Outcome = ImportedMission.Outcome
OPEN = (Outcome.PROPOSED, Outcome.ACCEPTED, Outcome.REFUSED)
MAX_VALUE = 60_000  # characters of an edited value
_IN_CATALOGUE = "Cette fiche est déjà au catalogue\u00a0: modifiez la mission elle-même."


class Conflict(Exception):
    """Somebody else decided meanwhile; `value` is what stands now."""

    def __init__(self, value: Value, by: str) -> None:
        super().__init__(
            f"{by or 'Quelqu’un'} a décidé de «\u00a0{value.label}\u00a0» entre-temps\u00a0: voyez, puis décidez."
        )
        self.value = value


class NotPossible(Exception):
    """The decision cannot be kept; the message says why and what to do."""


@dataclass(frozen=True)
class SourceLine:
    number: int
    text: str
    page: int | None
    key: str  # of the value that the line went to; empty for a heading or a blank line
    label: str


class ReadFile:
    """One file of the batch: its lines and its book, loaded once."""

    def __init__(self, file: ImportedFile) -> None:
        self.file = file
        self.book: Book = from_json(Book, file.book or {})

    @cached_property
    def text(self) -> Text:
        file = self.file
        lines = tuple(Line(n, text, page) for n, (text, page) in enumerate(file.lines, start=1))
        return Text(Source(file.name, file.checksum, file.size, lines, printed_lines=file.printed_lines))


class FicheReview:
    """One fiche of the batch: what was read, what is decided, what waits."""

    def __init__(self, row: ImportedMission, read: ReadFile, knowledge: Callable[[], Knowledge]) -> None:
        self.row, self.read, self.knowledge = row, read, knowledge
        self.printed: Fiche = read.book.fiches[row.rank]
        self.is_open = row.outcome in OPEN
        self.is_done = row.outcome != Outcome.PROPOSED

    @cached_property
    def moved(self) -> Fiche:
        return with_moves(self.printed, lambda: self.read.text, self.row.decisions)

    @cached_property
    def values(self) -> list[Value]:
        unplaced = self.read.book.unplaced_by_fiche.get(self.row.rank, [])
        if not self.is_open:  # in the catalogue by now: nothing more to confirm
            return review.values(self.moved, self.read.text, unplaced, self.row.decisions)
        found = review.values(self.moved, self.read.text, unplaced, self.row.decisions, self.known.values())
        if self.known.mission is None:
            return found
        # what the catalogue has was looked at once: only what differs waits
        return [
            v if v.key.startswith(DIFFERENCE) or v.key == f"{MATCH}mission" else replace(v, doubts=()) for v in found
        ]

    @cached_property
    def known(self) -> Known:
        """What the catalogue knows of it; nothing once it is there itself."""
        return self.knowledge().of(self.decided, self.row.decisions) if self.is_open else Known()

    @cached_property
    def decided(self) -> Fiche:
        return as_decided(self.moved, self.row.decisions)

    @property
    def doubts(self) -> list[Value]:
        """The values that wait for a person."""
        return [value for value in self.values if value.waits]

    @cached_property
    def name(self) -> str:
        """« 08 », or « n° 3 du fichier » where no number is printed."""
        number = self.decided.number
        return f"{number:02d}" if number is not None else f"({self.row.position})"

    def value(self, key: str) -> Value | None:
        return next((value for value in self.values if value.key == key), None)

    def source(self) -> list[SourceLine]:
        """The lines of the fiche, each with the value that it went to."""
        text, owner = self.read.text, {}
        for value in sorted(self.values, key=lambda v: -sum(b - a for a, b in v.lines)):
            if value.form == "notice":
                continue
            for first, last in value.lines:
                owner.update(dict.fromkeys(range(first, last + 1), value))
        headings = {n for section in self.moved.sections for n in section.heading_lines}
        lines = []
        for number in range(self.printed.lines[0], self.printed.lines[1] + 1):
            went = None if number in headings or text.is_blank(number) else owner.get(number)
            label = "rubrique" if number in headings else went.label if went else ""
            page = text.lines[number - 1].page
            lines.append(SourceLine(number, text.raw(number), page, went.key if went else "", label))
        return lines


class Review:
    """All fiches of a batch: three queries, and those of the matches once they are asked for."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        self.files = list(batch.files.defer("content").order_by("pk"))
        self.refused = [file for file in self.files if file.error]
        self._read = {file.pk: ReadFile(file) for file in self.files if file.book}
        rows = batch.fiches.select_related("mission").defer("proposal").order_by("position")
        reads = ((row, self._read.get(row.file_id or 0)) for row in rows)
        self.fiches = [FicheReview(row, read, lambda: self.knowledge) for row, read in reads if read]

    @cached_property
    def knowledge(self) -> Knowledge:
        """What the catalogue knows, for the edition and the promotions that the files tell together."""
        fiches = [(f.decided, f.row.decisions) for f in self.fiches if f.is_open]
        return Knowledge(Matcher(self.book, self.edition), fiches)

    @cached_property
    def edition(self) -> Edition | None:
        """That of the fiches, not saved when the catalogue has not got it."""
        return edition_of(self.batch, self.book)

    @cached_property
    def book(self) -> Book:
        """All fiches, as they are decided, as one book: what is said of it by the file that says most, every list."""
        books = [read.book for read in self._read.values()]
        front = max(books, key=lambda book: (bool(book.school_year), bool(book.title), len(book.fiches)))
        fiches = tuple(fiche.decided for fiche in self.fiches)
        return replace(front, promotions=promotions_of(books), fiches=fiches, unplaced=())

    def fiche(self, position: int) -> FicheReview | None:
        return next((fiche for fiche in self.fiches if fiche.row.position == position), None)

    def doubts(self) -> Iterator[tuple[FicheReview, Value]]:
        """One queue across all fiches."""
        for fiche in self.fiches:
            if not fiche.is_done:
                for value in fiche.doubts:
                    yield fiche, value

    def next_doubt(self, position: int = 0, key: str = "") -> tuple[FicheReview, Value] | None:
        """The doubt after this value of this fiche; from the last one, the first again."""
        queue = list(self.doubts())
        current = self.fiche(position)
        order = [value.key for value in current.values] if current else []
        here = order.index(key) if key in order else -1
        for fiche, value in queue:
            later = fiche.row.position > position
            if later or (fiche.row.position == position and order.index(value.key) > here):
                return fiche, value
        return queue[0] if queue else None


def decide(row_pk: int, key: str, do: str, value: str, seen: str, by: str) -> None:
    """Keep one decision. `seen` is the stamp of the decision that the person saw: raises `Conflict` when another
    stands, `NotPossible` when the value or the fiche cannot be decided."""
    with transaction.atomic():
        fiche = _opened(row_pk)
        row, known = fiche.row, fiche.value(key)
        span = review.span_of(key)
        if known is None and not (span and key.startswith("move:")):
            raise NotPossible("Cette valeur n’existe plus dans la fiche\u00a0: rechargez la page.")
        stands = row.decisions.get(key)
        if known and (stands["at"] if stands else "") != seen:
            raise Conflict(known, stands["by"] if stands else "")
        decisions = {name: made for name, made in row.decisions.items() if name != key}
        if do != review.REOPEN:
            decisions[key] = _decision(fiche, known, key, do, value, by)
        row.decisions = decisions
        row.outcome = Outcome.PROPOSED  # a fiche that is changed is to be finished again
        row.save(update_fields=["decisions", "outcome"])


def _decision(fiche: FicheReview, known: Value | None, key: str, do: str, value: str, by: str) -> dict[str, Any]:
    if do not in {review.ACCEPT, review.EDIT, review.REFUSE, review.SEND}:
        raise NotPossible("Cette décision n’existe pas\u00a0: rechargez la page.")
    if len(value) > MAX_VALUE:
        raise NotPossible(f"Ce texte est trop long\u00a0: {MAX_VALUE // 1000}\u00a0000 signes au plus.")
    if do == review.SEND:
        targets = {review.ASIDE, review.OTHER, *(name for name, _ in review.keyed_sections(fiche.printed))}
        span = review.span_of(key)
        first, last = fiche.printed.lines
        if value not in targets:
            raise NotPossible("Choisissez où vont ces lignes.")
        if span is None or not (first <= span[0] and span[1] <= last):
            raise NotPossible(f"Ces lignes ne sont pas dans la fiche\u00a0: choisissez entre {first} et {last}.")
    elif do == review.EDIT and key == "number" and value.strip() and not (value.strip().isdigit() and len(value) <= 3):
        raise NotPossible("Le numéro est un nombre de trois chiffres au plus, ou rien.")
    elif do == review.ACCEPT and known is not None and known.form == "choice" and not value:
        raise NotPossible(f"Choisissez une réponse pour «\u00a0{known.label}\u00a0».")
    return _made(do, value.replace("\r\n", "\n"), by)


def _made(do: str, value: str, by: str) -> dict[str, Any]:
    return {"do": do, "value": value, "by": by, "at": timezone.now().isoformat()}


def _opened(row_pk: int) -> FicheReview:
    """The fiche within its batch, its row locked."""
    row = _open_row(row_pk)
    fiche = Review(row.batch).fiche(row.position)
    if fiche is None:
        raise NotPossible("Le texte de cette fiche n’est plus gardé\u00a0: importez de nouveau le fichier.")
    return fiche


def edition_of(batch: ImportBatch, book: Book) -> Edition | None:
    """The edition that the batch is of: not saved when the catalogue has not got it; None when nothing tells it."""
    year = batch.asked_edition or (book.school_year or "")[:4]
    return Edition.objects.filter(slug=year).first() or (Edition(slug=year) if year else None)


def _open_row(pk: int) -> ImportedMission:
    """The row, locked; the fiches already applied are not decided any more."""
    row = ImportedMission.objects.select_for_update(of=("self",)).select_related("file", "batch").filter(pk=pk).first()
    if row is None:
        raise NotPossible("Cette fiche n’est plus dans l’import\u00a0: revenez à la liste.")
    if row.outcome not in OPEN or row.batch.state != ImportBatch.State.REVIEW:
        raise NotPossible(_IN_CATALOGUE)
    return row


def _accept(fiche: FicheReview, by: str, finishes: bool) -> list[Value]:
    """Accept what is sure in the fiche, and the fiche itself, when it `finishes` and nothing waits: what waits."""
    row, waiting = fiche.row, fiche.doubts
    row.decisions = row.decisions | {review.SURE: _made(review.ACCEPT, "", by)}
    if finishes:
        row.outcome = Outcome.PROPOSED if waiting else Outcome.ACCEPTED
    row.save(update_fields=["decisions", "outcome"])
    return waiting


@transaction.atomic
def accept_sure(row_pk: int, by: str) -> list[Value]:
    """Accept what is sure in the fiche: what waits."""
    return _accept(_opened(row_pk), by, finishes=False)


@transaction.atomic
def finish(row_pk: int, by: str) -> list[Value]:
    """Accept what is sure in the fiche, and the fiche itself when nothing waits: else, what waits."""
    return _accept(_opened(row_pk), by, finishes=True)


@transaction.atomic
def accept_all_sure(batch: ImportBatch, by: str) -> tuple[int, int]:
    """The same for every fiche of the batch: (fiches finished, doubts left)."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    list(batch.fiches.select_for_update(of=("self",)))  # locked
    proposed = [fiche for fiche in Review(batch).fiches if not fiche.is_done]
    if proposed and batch.state != ImportBatch.State.REVIEW:
        raise NotPossible(_IN_CATALOGUE)
    waiting = [_accept(fiche, by, finishes=True) for fiche in proposed]
    return waiting.count([]), sum(map(len, waiting))


def set_outcome(row_pk: int, outcome: str) -> None:
    """Leave a fiche out of the import, or take it back."""
    with transaction.atomic():
        row = _open_row(row_pk)
        row.outcome = outcome
        row.save(update_fields=["outcome"])
