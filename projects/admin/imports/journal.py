"""The journal of imports: read, never written, here; and the addresses of the pages where an import is made."""

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join

from casebook.admin import CatalogueAdmin
from casebook.text import plural
from projects.admin.imports import batches, fiches, receiving
from projects.admin.imports.listed import applied, files_of
from projects.admin.imports.screens import ADD, View, address
from projects.models import ImportBatch, ImportedFile

_NAMED = 3  # files in the list of imports


class ImportList(ChangeList):
    """Each import leads to its own page, for those who may import; to the journal for the others."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.may_import = request.user.has_perm(ADD)
        super().__init__(request, *args, **kwargs)

    def url_for_result(self, result: Any) -> str:
        return address("batch", result.pk) if self.may_import else super().url_for_result(result)


@admin.register(ImportBatch)
class ImportBatchAdmin(CatalogueAdmin):
    """Seen by those who may view imports, changed by nobody here."""

    list_display = ["created_at", "file_names", "user", "edition", "state", "fiche_count"]
    list_filter = ["state", "edition"]
    list_select_related = ["user", "edition"]
    fields = ["created_at", "user", "edition", "state", "received", "fiches_read", "read", "made"]
    readonly_fields = ["created_at", "received", "fiches_read", "read", "made"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ImportBatch | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ImportBatch | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        names = models.Prefetch("files", ImportedFile.objects.only("batch", "name"))
        return super().get_queryset(request).annotate(fiche_count=models.Count("fiches")).prefetch_related(names)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ImportList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        may = {"may_import": request.user.has_perm(ADD)}
        return super().changelist_view(request, may | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        """Everything is one person's page of the moment: `admin_view` lets no cache keep it."""

        def at(route: str, view: View, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"projects_importbatch_{name}")

        one = "<int:pk>/fiches/<int:position>/"
        ours = [
            at("importer/", receiving.receive_files, "receive"),
            at("modele-word/", receiving.word_template, "template"),
            at("<int:pk>/", batches.batch_page, "batch"),
            at("<int:pk>/reprendre/", receiving.resume, "resume"),
            at("<int:pk>/accepter/", batches.accept_sure, "accept_sure"),
            at("<int:pk>/doute-suivant/", batches.next_doubt, "next_doubt"),
            at("<int:pk>/brouillons/", batches.create_drafts, "create_drafts"),
            at("<int:pk>/publier/", batches.publish, "publish"),
            at("<int:pk>/annuler/", batches.undo_batch, "undo"),
            at(one, fiches.fiche_page, "fiche"),
            at(f"{one}decider/", fiches.decide_value, "decide"),
            at(f"{one}accepter/", fiches.accept_sure_of_fiche, "accept_fiche"),
            at(f"{one}terminer/", fiches.finish_fiche, "finish"),
            at(f"{one}ecarter/", fiches.leave_out, "leave_out"),
        ]
        return [*ours, *super().get_urls()]

    @admin.display(description="fiches", ordering="fiche_count")
    def fiche_count(self, batch: Any) -> int:
        return int(batch.fiche_count)

    @admin.display(description="fichiers")
    def file_names(self, batch: ImportBatch) -> str:
        names = [file.name for file in batch.files.all()]
        more = len(names) - _NAMED
        return ", ".join(names[:_NAMED]) + (f" et {plural(more, 'autre')}" if more > 0 else "")

    @admin.display(description="fichiers reçus")
    def received(self, batch: ImportBatch) -> str:
        rows = ((file.name, filesizeformat(file.size), file.checksum) for file in files_of(batch))
        line = '<li><strong>{}</strong>, {}<br><span class="quiet">SHA-256\u00a0: {}</span></li>'
        return format_html('<ul class="points">{}</ul>', format_html_join("", line, rows))

    @admin.display(description="fiches lues")
    def fiches_read(self, batch: ImportBatch) -> str:
        linked = ([_linked(line.url, line.title, line.label)] for line in applied(batch))
        return format_html('<ul class="points">{}</ul>', format_html_join("", "<li>{}</li>", linked))

    @admin.display(description="ce qui a été lu du livre")
    def read(self, batch: ImportBatch) -> str:
        return _as_text(batch.document)

    @admin.display(description="ce qui a été créé")
    def made(self, batch: ImportBatch) -> str:
        return _as_text(batch.created)


def _linked(url: str, title: str, label: str) -> str:
    return format_html('<a href="{}">{}</a>, {}', url, title, label) if url else format_html("{}, {}", title, label)


def _as_text(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return format_html('<details><summary>Afficher</summary><pre class="data">{}</pre></details>', text)
