"""One import: where it is, its fiches, the drafts that are made of them, publishing, undoing."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casebook.text import plural
from projects.admin.imports import listed, shown
from projects.admin.imports.screens import (
    ADD,
    PUBLISH,
    address,
    editor,
    editor_name,
    find,
    may_undo,
    needs,
    screen,
    to_batch,
)
from projects.imports.apply import NotReady, UnknownEdition, apply_batch, publish_batch
from projects.imports.batch import has_stopped
from projects.imports.decisions import NotPossible, Outcome, Review, accept_all_sure
from projects.imports.undo import ASK, KEEP, REMOVE, CannotUndo, EditedSince, edited_since, undo
from projects.models import ImportBatch, Mission

State = ImportBatch.State


@require_GET
@needs(ADD)
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    batch = find(pk)
    context: dict[str, Any] = {"batch": batch, "may_undo": may_undo(request, batch) and batch.state != State.UNDONE}
    if batch.state in {State.READING, State.FAILED}:
        name = f"batch_{batch.state}"
        context |= {"files": listed.files_of(batch), "has_stopped": has_stopped(batch)}
    elif batch.state == State.REVIEW:
        name, context = "batch_relecture", context | _under_review(batch)
    else:
        name, rows = "batch_applique", listed.applied(batch)
        may_publish = editor(request).has_perm(PUBLISH) and any(row.is_draft for row in rows)
        context |= {"rows": rows, "may_publish": may_publish}
    return screen(request, name, str(batch), context)


def _under_review(batch: ImportBatch) -> dict[str, Any]:
    review = Review(batch)
    lines = listed.table(review)
    count = [line.outcome for line in lines].count
    return {
        "lines": lines,
        "refused": review.refused,
        **_names(review),
        "edition": review.edition,
        "doubts": sum(line.doubts for line in lines if line.outcome == Outcome.PROPOSED),
        "proposed": count(Outcome.PROPOSED),
        "accepted": count(Outcome.ACCEPTED),
        "left_out": count(Outcome.REFUSED),
        "made": count(Outcome.CREATED) + count(Outcome.CHANGED) + count(Outcome.KNOWN),
    }


def _names(review: Review) -> dict[str, list[str]]:
    """Of the files that hold fiches, and of those that were read and hold none."""
    with_fiches = {fiche.row.file_id for fiche in review.fiches}
    files = [file for file in review.files if not file.error]
    return {
        "read": [file.name for file in files if file.pk in with_fiches],
        "without_fiche": [file.name for file in files if file.pk not in with_fiches],
    }


@require_POST
@needs(ADD)
def accept_sure(request: HttpRequest, pk: int) -> HttpResponse:
    batch = find(pk)
    try:
        finished, left = accept_all_sure(batch, editor_name(request))
    except NotPossible as error:
        messages.error(request, str(error))
        return to_batch(batch)
    done = plural(finished, "fiche relue", "fiches relues")
    still = f"il reste {plural(left, 'doute')} à lever" if left else "aucun doute ne reste"
    messages.success(request, f"Ce qui est sûr est accepté\u00a0: {done}, {still}.")
    return to_batch(batch)


@require_GET
@needs(ADD)
def next_doubt(request: HttpRequest, pk: int) -> HttpResponse:
    """To the doubt after the value that the address names; to the list of fiches when none is left."""
    batch = find(pk)
    after = request.GET.get("apres", "")
    found = Review(batch).next_doubt(int(after) if after.isdecimal() else 0, request.GET.get("cle", ""))
    if found is None:
        return to_batch(batch)
    fiche, value = found
    return HttpResponseRedirect(f"{address('fiche', pk, fiche.row.position)}#{shown.anchor(value.key)}")


@require_POST
@needs(ADD)
def create_drafts(request: HttpRequest, pk: int) -> HttpResponse:
    batch = find(pk)
    try:
        outcome = apply_batch(batch, editor(request))
    except (NotReady, NotPossible, UnknownEdition) as error:
        messages.error(request, str(error))
        return to_batch(batch)
    missions = admin.site.get_model_admin(Mission)
    for mission in outcome.created:
        missions.log_addition(request, mission, "Brouillon créé par l’import.")
    messages.success(request, f"{plural(len(outcome.created), 'brouillon créé', 'brouillons créés')}.")
    for note in outcome.notes:
        messages.warning(request, note)
    return to_batch(batch)


@require_POST
@needs(PUBLISH)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What nothing stops is published; the rest is named with what is missing."""
    batch = find(pk)
    outcomes = publish_batch(batch, editor(request))
    published = [mission for mission, faults in outcomes if not faults]
    missions = admin.site.get_model_admin(Mission)
    for mission in published:
        missions.log_change(request, mission, "Mission publiée.")
    stopped = [(shown.mission_address(m), m, " ".join(faults)) for m, faults in outcomes if faults]
    if published:
        messages.success(request, f"{plural(len(published), 'mission publiée', 'missions publiées')}.")
    if stopped:
        said = plural(len(stopped), "mission n’est pas publiée", "missions ne sont pas publiées")
        lines = format_html_join("", '<li><a href="{}">{}</a>\u00a0: {}</li>', stopped)
        messages.warning(request, format_html("{}. Complétez-les, puis publiez de nouveau.<ul>{}</ul>", said, lines))
    if not outcomes:
        messages.warning(request, "Aucun brouillon de cet import n’attend\u00a0: il n’y a rien à publier.")
    return to_batch(batch)


@require_http_methods(["GET", "POST"])
@needs(ADD)
def undo_batch(request: HttpRequest, pk: int) -> HttpResponse:
    batch = find(pk)
    if not may_undo(request, batch):
        raise PermissionDenied
    if request.method == "GET":
        return _undo_page(request, batch, edited_since(batch))
    asked = request.POST.get("modifies", ASK)
    try:
        done = undo(batch, asked if asked in {KEEP, REMOVE} else ASK, editor(request))
    except EditedSince as error:
        return _undo_page(request, batch, error.missions, "Choisissez ce que deviennent les brouillons modifiés.")
    except CannotUndo as error:
        messages.error(request, str(error))
        return to_batch(batch)
    messages.success(request, f"Import annulé\u00a0: {plural(done.removed, 'fiche retirée', 'fiches retirées')}.")
    if done.kept:
        messages.warning(
            request, format_html("Restent, car modifiés ou employés ailleurs\u00a0: {}.", ", ".join(done.kept))
        )
    return to_batch(batch)


def _undo_page(request: HttpRequest, batch: ImportBatch, edited: list[Mission], problem: str = "") -> HttpResponse:
    context = {
        "batch": batch,
        "edited": [(mission, shown.mission_address(mission)) for mission in edited],
        "created": [row for row in listed.applied(batch) if row.is_created],
        "keep": KEEP,
        "remove": REMOVE,
        "problem": problem,
    }
    return screen(request, "undo", "Annuler l’import", context, status=422 if problem else 200)
