"""The journal of imports: read, never written, here; and the addresses of the pages where an import is made."""

import json
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from casebook.admin import CatalogueAdmin
from projects.admin.imports import batches, fiches, receiving
from projects.admin.imports.screens import ADD, View, address
from projects.models import ImportBatch, ImportedFile, ImportedMission


class ReadOnly:
    """Mixin: seen by those who may view the model, changed by nobody."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ImportedFileInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = ImportedFile
    extra = 0
    fields = ["name", "size", "checksum"]


class ImportedMissionInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = ImportedMission
    extra = 0
    fields: ClassVar[Any] = ["position", "title", "outcome", "mission_link", "warnings"]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("mission")

    @admin.display(description="titre lu")
    def title(self, fiche: ImportedMission) -> str:
        return str(fiche)

    @admin.display(description="mission")
    def mission_link(self, fiche: ImportedMission) -> str:
        if fiche.mission is None:
            return "–"
        url = reverse("admin:projects_mission_change", args=[fiche.mission_id])
        return format_html('<a href="{}">{}</a>', url, fiche.mission)

    @admin.display(description="avertissements")
    def warnings(self, fiche: ImportedMission) -> int:
        return len(fiche.proposal.get("warnings") or [])


class ImportList(ChangeList):
    """Each import leads to its own page, for those who may import; to the journal for the others."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.may_import = request.user.has_perm(ADD)
        super().__init__(request, *args, **kwargs)

    def url_for_result(self, result: Any) -> str:
        return address("batch", result.pk) if self.may_import else super().url_for_result(result)


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnly, CatalogueAdmin):
    list_display = ["created_at", "user", "edition", "state", "fiche_count"]
    list_filter = ["state", "edition"]
    list_select_related = ["user", "edition"]
    inlines = [ImportedFileInline, ImportedMissionInline]
    fields = ["created_at", "user", "edition", "state", "read", "made"]
    readonly_fields = ["created_at", "read", "made"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(fiche_count=models.Count("fiches"))

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

    @admin.display(description="ce qui a été lu du livre")
    def read(self, batch: ImportBatch) -> str:
        return _as_text(batch.document)

    @admin.display(description="ce qui a été créé")
    def made(self, batch: ImportBatch) -> str:
        return _as_text(batch.created)


def _as_text(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return format_html('<details><summary>Afficher</summary><pre class="data">{}</pre></details>', text)
