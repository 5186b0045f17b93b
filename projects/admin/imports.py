"""The journal of imports: read, never written, here."""

import json
from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from casebook.admin import CatalogueAdmin
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
