"""Files are dropped, kept, then read beside the request; the way says where the reading is."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects.admin.imports.screens import ADD, editor, find, needs, screen, to_batch
from projects.imports.batch import MAX_FILES, MAX_TOTAL, Refused, has_stopped, receive, start_reading
from projects.imports.reading import DOCUMENT_SUFFIXES, MAX_BYTES, TEXT_SUFFIXES

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MEGABYTE = 1_000_000


@require_http_methods(["GET", "POST"])
@needs(ADD)
def receive_files(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _form(request)
    year = request.POST.get("edition", "").strip()
    try:
        if year and not (year.isdecimal() and len(year) == 4):
            raise Refused("L’année de l’édition s’écrit avec quatre chiffres, par exemple 2019\u00a0: corrigez-la.")
        batch = receive(_contents(request.FILES.getlist("fichiers")), editor(request), year)
    except Refused as refused:
        return _form(request, str(refused), year)
    start_reading(batch)
    return to_batch(batch)


def _contents(files: Iterable["UploadedFile[Any]"]) -> Iterator[tuple[str, bytes]]:
    """What is over the limits is not brought into memory: enough of it is, for `receive` to refuse it."""
    total = 0
    for file in files:
        data = file.read(MAX_BYTES + 1) if total <= MAX_TOTAL else b""
        total += len(data)
        yield file.name or "", data


def _form(request: HttpRequest, problem: str = "", year: str = "") -> HttpResponse:
    context = {
        "problem": problem,
        "year": year,
        "accepted": ",".join(sorted({*TEXT_SUFFIXES, *DOCUMENT_SUFFIXES})),
        "max_files": MAX_FILES,
        "max_size": MAX_BYTES // _MEGABYTE,
        "max_total": MAX_TOTAL // _MEGABYTE,
    }
    return screen(request, "receive", "Importer des fiches", context, status=422 if problem else 200)


@require_GET
@needs(ADD)
def word_template(request: HttpRequest) -> HttpResponse:
    from projects.imports.formats.template import template

    disposition = 'attachment; filename="modele-de-fiche.docx"'
    return HttpResponse(template(), content_type=_WORD, headers={"Content-Disposition": disposition})


@require_POST
@needs(ADD)
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Read again what was received, when the reading stopped."""
    batch = find(pk)
    if has_stopped(batch):
        start_reading(batch)
        messages.success(request, "La lecture reprend.")
    else:
        messages.warning(request, "La lecture ne s’est pas arrêtée\u00a0: attendez encore un peu.")
    return to_batch(batch)
