"""Records → drafts: one transaction, one ImportBatch, nothing twice."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from people.models import Person
from projects import search, workflow, working_copies
from projects.changes import record
from projects.history import recording
from projects.imports import contract, records, undo
from projects.imports.decisions import FicheReview, Review
from projects.imports.drafts import Drafts, UnknownEdition
from projects.imports.known import choices_of, taken
from projects.imports.taking import key_in_copy, take
from projects.models import ImportBatch, ImportedFile, ImportedMission, Mission
from projects.models.mission import State

__all__ = ["FicheOutcome", "NotReady", "Outcome", "UnknownEdition", "apply", "apply_batch", "publish_batch"]
_Row = ImportedMission.Outcome


class NotReady(Exception):
    """The batch has nothing to apply; the message says what to do."""


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

    @property
    def created(self) -> list[Mission]:
        return [outcome.mission for outcome in self.fiches if outcome.created]


@transaction.atomic
def apply(
    book: records.Book, *, user: User | None = None, publish: bool = False, edition_slug: str | None = None
) -> Outcome:
    """Create the drafts of a book's fiches; those that the catalogue knows are left as they are. With `publish`,
    the drafts of this book without a blocking fault are published. Raises `UnknownEdition`."""
    applied = _applied_before(book)
    outcome = _same_file(applied, book) if applied else _new_batch(book, user, edition_slug)
    if publish:
        drafts = [o for o in outcome.fiches if o.mission.state == State.DRAFT]
        mine = {o.mission.pk for o in drafts if o.created or outcome.same_file}
        told = [_with_faults(o) if o.mission.pk in mine else o for o in outcome.fiches]
        workflow.publish_together([o.mission for o in told if o.published], user)
        outcome = replace(outcome, fiches=tuple(told))
    if outcome.batch:
        _keep_fingerprints(outcome.batch, {mission.pk for mission in outcome.created})
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
    people = undo.people_now()
    drafts = Drafts(book, edition_slug)
    batch = ImportBatch.objects.create(
        user=user,
        edition=drafts.edition,
        document=contract.as_json(book, with_fiches=False)["document"],
        applied_at=timezone.now(),
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
            rank=index,
            position=index + 1,
            mission=mission,
            outcome=_Row.KNOWN if known else _Row.CREATED,
            proposal=proposal,
        )
        outcomes.append(FicheOutcome(fiche, mission, created=known is None))
    outcome = Outcome(batch, tuple(outcomes), tuple(drafts.naming.notes))
    _keep(batch, drafts, people, outcome.created, user)
    return outcome


def _keep(
    batch: ImportBatch,
    drafts: Drafts,
    people: dict[str, dict[str, object]],
    missions: list[Mission],
    user: User | None,
) -> None:
    """What undoing rests on, and the search and the history that follow the missions."""
    for label, made in drafts.naming.created.items():
        batch.created[label] = [*batch.created.get(label, []), *made]
    changed = undo.changed_since(people)
    for label, earlier in changed.items():
        batch.before[label] = earlier | batch.before.get(label, {})  # the first import of a batch saw the oldest
    batch.save(update_fields=["created", "before"])
    record(missions, user, str(batch))
    renamed = Person.objects.filter(pk__in=changed.get(Person._meta.label, {}))
    search.reindex(set(search.missions_naming(*renamed)).difference(missions))


def _keep_fingerprints(batch: ImportBatch, missions: Iterable[int]) -> None:
    """What these missions of the batch look like now: a later difference is somebody's work."""
    for row in batch.fiches.filter(mission__in=missions).select_related("mission"):
        if row.mission:
            row.fingerprint = undo.fingerprint(row.mission)
            row.save(update_fields=["fingerprint"])


def _with_faults(outcome: FicheOutcome) -> FicheOutcome:
    """To be published when nothing stops it."""
    faults = [w.message for w in outcome.fiche.warnings if w.code == "duplicate_number"]
    faults = faults or [fault.message for fault in workflow.blocking_faults(outcome.mission)]
    return replace(outcome, published=not faults, faults=tuple(faults))


# ------------------------------------------------------------------------------------------------- after a review


@transaction.atomic
def apply_batch(batch: ImportBatch, user: User | None = None) -> Outcome:
    """The accepted fiches of a reviewed batch become drafts, all or none. The others go on waiting; when none does, the
    import is finished. Raises `NotReady`, `UnknownEdition`."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != ImportBatch.State.REVIEW:
        raise NotReady("Cet import n’est plus à relire\u00a0: rechargez la page.")
    review = Review(batch)
    accepted = [fiche for fiche in review.fiches if fiche.row.outcome == _Row.ACCEPTED]
    if not accepted:
        raise NotReady("Aucune fiche n’est relue\u00a0: terminez-en une, ou acceptez tout ce qui est sûr.")
    people = undo.people_now()
    drafts = Drafts(review.book, batch.asked_edition or None)
    notes: list[str] = []
    before = batch.before.setdefault(Mission._meta.label, {})
    outcomes = [_apply_fiche(drafts, fiche, before, notes, user) for fiche in accepted]
    batch.edition = drafts.edition
    waiting = batch.fiches.filter(outcome__in=[_Row.PROPOSED, _Row.ACCEPTED]).exists()
    batch.state = ImportBatch.State.REVIEW if waiting else ImportBatch.State.APPLIED
    batch.applied_at = timezone.now()
    batch.user = batch.user or user
    batch.save(update_fields=["edition", "state", "applied_at", "user"])
    outcome = Outcome(batch, tuple(outcomes), (*drafts.naming.notes, *notes))
    rows = [fiche.row for fiche in accepted if fiche.row.outcome in {_Row.CREATED, _Row.CHANGED}]
    _keep(batch, drafts, people, [row.mission for row in rows if row.mission], user)
    _keep_fingerprints(batch, [row.mission_id or 0 for row in rows])
    return outcome


def _apply_fiche(
    drafts: Drafts, fiche: FicheReview, before: dict[str, Any], notes: list[str], user: User | None
) -> FicheOutcome:
    row, content = fiche.row, fiche.decided
    choices = choices_of(row.decisions)
    known = drafts.known(content, choices)
    row.mission = known or drafts.create(content, choices)
    row.outcome = _Row.KNOWN if known else _Row.CREATED
    keys = taken(row.decisions) if known else set()
    if known and keys:
        row.mission = _written(known, drafts, before, notes, user)
        keys = {key_in_copy(key, row.mission) for key in keys}
        notes += [f"{known}\u00a0: {note}" for note in take(row.mission, content, keys, drafts.naming, choices)]
        row.outcome = _Row.CHANGED
    row.save(update_fields=["mission", "outcome"])
    return FicheOutcome(content, row.mission, created=known is None)


def _written(known: Mission, drafts: Drafts, before: dict[str, Any], notes: list[str], user: User | None) -> Mission:
    """Where the document is taken into: the mission, or its working copy when it is on the site. A copy that the
    import makes goes when it is undone; what was there before comes back as it was."""
    mission, is_new = working_copies.open_copy(known, user) if known.is_locked else (known, False)
    if is_new:
        drafts.naming.keep(mission)
    else:
        before.setdefault(str(mission.pk), undo.content_of(mission))
        recording.keep_before([mission])
    if mission != known:
        notes.append(f"{known}\u00a0: ce que vous avez pris est dans sa copie de travail. Relisez-la, puis publiez-la.")
    return mission


@transaction.atomic
def publish_batch(batch: ImportBatch, user: User | None = None) -> list[tuple[Mission, list[str]]]:
    """Publish the drafts that the import made and that nothing stops: each mission with what stopped it."""
    outcomes: list[tuple[Mission, list[str]]] = []
    untouched: list[int] = []
    rows = batch.fiches.filter(outcome=_Row.CREATED, mission__isnull=False).select_related("mission")
    for row in rows.order_by("position"):
        if row.mission is None or row.mission.is_published:
            continue
        if undo.fingerprint(row.mission) == row.fingerprint:
            untouched.append(row.mission.pk)
        outcomes.append((row.mission, [fault.message for fault in workflow.blocking_faults(row.mission)]))
    workflow.publish_together([mission for mission, faults in outcomes if not faults], user)
    _keep_fingerprints(batch, untouched)
    return outcomes
