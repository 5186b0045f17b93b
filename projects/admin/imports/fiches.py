"""The review of one fiche: its page, and the decisions as they are made."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_GET, require_POST

from casebook.text import plural
from projects.admin.imports import listed, shown
from projects.admin.imports.screens import (
    ADD,
    SEE_PEOPLE,
    address,
    editor,
    editor_name,
    find,
    find_fiche,
    needs,
    screen,
    to_batch,
)
from projects.imports.decisions import (
    Conflict,
    FicheReview,
    NotPossible,
    Outcome,
    Review,
    accept_sure,
    decide,
    finish,
    set_outcome,
)
from projects.models import ImportBatch

_GONE = "Cette fiche n’est plus dans l’import."


@dataclass(frozen=True)
class Unkept:
    """A decision that could not be kept, with what was typed: shown again beside what stands."""

    key: str
    typed: str
    problem: str


def _review(pk: int, position: int) -> tuple[ImportBatch, Review, FicheReview]:
    batch = find(pk)
    review_of_batch = Review(batch)
    fiche = review_of_batch.fiche(position)
    if fiche is None:
        raise Http404(_GONE)
    return batch, review_of_batch, fiche


@require_GET
@needs(ADD)
def fiche_page(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    return _page(request, pk, position)


def _page(
    request: HttpRequest, pk: int, position: int, unkept: Unkept | None = None, status: int = 200
) -> HttpResponse:
    batch, review_of_batch, fiche = _review(pk, position)
    page = shown.FichePage(batch, fiche, editor(request).has_perm(SEE_PEOPLE))
    if unkept:
        page = shown.FichePage(
            batch, fiche, page.sees_addresses, {unkept.key: unkept.typed}, {unkept.key: unkept.problem}
        )
        if unkept.key not in {value.key for value in page.values}:
            messages.error(request, unkept.problem)
    strip = listed.strip(review_of_batch, position)
    context = {
        "batch": batch,
        "page": page,
        "fiche": fiche,
        "strip": strip,
        "after": _after(review_of_batch, position),
        "doubts_left": sum(line.doubts for line in strip if line.outcome == Outcome.PROPOSED),
    }
    return screen(request, "fiche", f"Relire la fiche {fiche.name}", context, status)


def _after(review_of_batch: Review, position: int) -> FicheReview | None:
    """The next fiche to review; from the last one, the first again."""
    waiting = [f for f in review_of_batch.fiches if f.row.outcome == Outcome.PROPOSED and f.row.position != position]
    return next((f for f in waiting if f.row.position > position), waiting[0] if waiting else None)


@require_POST
@needs(ADD)
def decide_value(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """Keep a decision and go back to its value; when it cannot be kept, the page again with what was typed."""
    fiche = find_fiche(pk, position)
    sent = request.POST
    key = sent.get("cle") or f"move:{sent.get('premiere', '').strip()}-{sent.get('derniere', '').strip()}"
    value = sent.get("valeur", "")
    try:
        decide(fiche.pk, key, sent.get("decision", ""), value, sent.get("vu", ""), editor_name(request))
    except Conflict as conflict:
        return _page(request, pk, position, Unkept(key, value, str(conflict)), status=409)
    except NotPossible as problem:
        return _page(request, pk, position, Unkept(key, value, str(problem)), status=422)
    anchor = "rattacher" if key.startswith("move:") else shown.anchor(key)
    return HttpResponseRedirect(f"{address('fiche', pk, position)}#{anchor}")


@require_POST
@needs(ADD)
def accept_sure_of_fiche(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """Accept what is sure; the page stays, with what waits."""
    return _finish(request, pk, position, moves_on=False)


@require_POST
@needs(ADD)
def finish_fiche(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """Finish the fiche and go on to the next; when something waits, say what."""
    return _finish(request, pk, position, moves_on=True)


def _finish(request: HttpRequest, pk: int, position: int, moves_on: bool) -> HttpResponse:
    batch, review_of_batch, fiche = _review(pk, position)
    here = HttpResponseRedirect(address("fiche", pk, position))
    try:
        waiting = (finish if moves_on else accept_sure)(fiche.row.pk, editor_name(request))
    except NotPossible as problem:
        messages.error(request, str(problem))
        return here
    if waiting:
        links = ((shown.anchor(value.key), shown.in_sentence(value.label)) for value in waiting)
        said = format_html_join(", ", '<a href="#{}">{}</a>', links)
        count = plural(len(waiting), "doute")
        messages.warning(
            request, format_html("Ce qui est sûr est accepté. Il reste {} à lever\u00a0: {}.", count, said)
        )
        return here
    if not moves_on:
        messages.success(request, f"Rien n’attend plus dans la fiche {fiche.name}\u00a0: vous pouvez la terminer.")
        return here
    messages.success(request, f"Fiche {fiche.name} relue.")
    following = _after(review_of_batch, position)
    return HttpResponseRedirect(address("fiche", pk, following.row.position)) if following else to_batch(batch)


@require_POST
@needs(ADD)
def leave_out(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """Leave the fiche out of the import, or take it back."""
    batch, review_of_batch, fiche = _review(pk, position)
    outcome = Outcome.REFUSED if request.POST.get("ecarter") else Outcome.PROPOSED
    try:
        set_outcome(fiche.row.pk, outcome)
    except NotPossible as problem:
        messages.error(request, str(problem))
        return HttpResponseRedirect(address("fiche", pk, position))
    if outcome == Outcome.PROPOSED:
        messages.success(request, f"Fiche {fiche.name} reprise.")
        return HttpResponseRedirect(address("fiche", pk, position))
    messages.success(
        request, f"Fiche {fiche.name} écartée\u00a0: elle reste dans la liste, où vous pouvez la reprendre."
    )
    following = _after(review_of_batch, position)
    return HttpResponseRedirect(address("fiche", pk, following.row.position)) if following else to_batch(batch)
