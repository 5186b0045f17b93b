"""Records → drafts: one transaction, one ImportBatch, nothing twice."""

from dataclasses import dataclass, replace

from django.contrib.auth.models import User
from django.db import transaction

from projects import search, workflow
from projects.imports import contract, records
from projects.imports.drafts import Drafts, UnknownEdition
from projects.models import ImportBatch, ImportedFile, ImportedMission, Mission
from projects.models.mission import State

__all__ = ["FicheOutcome", "Outcome", "UnknownEdition", "apply"]


@dataclass(frozen=True)
class FicheOutcome:
    """What became of one fiche; `faults` say why it was not published, when that was asked."""

    fiche: records.Fiche
    mission: Mission
    created: bool
    published: bool = False
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What an import did: `batch` is None when the same file was applied before and nothing is left to do."""

    batch: ImportBatch | None
    fiches: tuple[FicheOutcome, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def same_file(self) -> bool:
        return self.batch is None


@transaction.atomic
def apply(
    book: records.Book, *, user: User | None = None, publish: bool = False, edition_slug: str | None = None
) -> Outcome:
    """Create the drafts of a book's fiches; those that the catalogue knows are left as they are. With `publish`,
    the drafts of this book without a blocking fault are published. Raises `UnknownEdition`."""
    applied = _applied_before(book)
    outcome = _same_file(applied, book) if applied else _new_batch(book, user, edition_slug)
    if publish:
        mine = [o.created or (outcome.same_file and o.mission.state == State.DRAFT) for o in outcome.fiches]
        done = [_published(o) if is_mine else o for o, is_mine in zip(outcome.fiches, mine, strict=True)]
        outcome = replace(outcome, fiches=tuple(done))
    return outcome


def _applied_before(book: records.Book) -> ImportBatch | None:
    """The batch of the same file, when every mission that it made is still there."""
    known = ImportedFile.objects.filter(checksum=book.checksum, batch__state=ImportBatch.State.APPLIED).first()
    if known and known.batch.fiches.filter(mission__isnull=False).count() >= len(book.fiches):
        return known.batch
    return None


def _same_file(batch: ImportBatch, book: records.Book) -> Outcome:
    rows = batch.fiches.select_related("mission").order_by("position")
    outcomes = [
        FicheOutcome(fiche, row.mission, created=False)
        for fiche, row in zip(book.fiches, rows, strict=False)
        if row.mission is not None
    ]
    return Outcome(None, tuple(outcomes))


def _new_batch(book: records.Book, user: User | None, edition_slug: str | None) -> Outcome:
    drafts = Drafts(book, edition_slug)
    batch = ImportBatch.objects.create(
        user=user, edition=drafts.edition, document=contract.as_json(book, with_fiches=False)["document"]
    )
    ImportedFile.objects.create(batch=batch, name=book.source_name[:200], checksum=book.checksum, size=book.size)
    outcomes = []
    for index, fiche in enumerate(book.fiches):
        known = drafts.known(fiche)
        mission = known or drafts.create(fiche)
        proposal = contract.fiche_as_json(fiche)
        proposal["unplaced"] = [piece.text for piece in book.unplaced_by_fiche.get(index, [])]
        ImportedMission.objects.create(
            batch=batch,
            position=index + 1,
            mission=mission,
            outcome=ImportedMission.Outcome.KNOWN if known else ImportedMission.Outcome.CREATED,
            proposal=proposal,
        )
        outcomes.append(FicheOutcome(fiche, mission, created=known is None))
    batch.created = drafts.created
    batch.save(update_fields=["created"])
    search.reindex([outcome.mission for outcome in outcomes if outcome.created])
    return Outcome(batch, tuple(outcomes), tuple(drafts.notes))


def _published(outcome: FicheOutcome) -> FicheOutcome:
    faults = [w.message for w in outcome.fiche.warnings if w.code == "duplicate_number"]
    if not faults:
        try:
            workflow.publish(outcome.mission)
        except workflow.NotPublishable as error:
            faults = [fault.message for fault in error.faults]
    return replace(outcome, published=not faults, faults=tuple(faults))
