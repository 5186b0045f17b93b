"""The bin: what was deleted, by whom and when; back in one click, or gone for good."""

from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from casebook.admin import CatalogueAdmin
from casebook.text import NBSP, NNBSP, french_list, plural
from projects.history import bin as kept
from projects.history.paragraphs import visible
from projects.history.shown import NOUNS
from projects.models import BinItem


def may_undo(request: HttpRequest, kind: str) -> bool:
    """Who may delete such a thing may see it in the bin and bring it back."""
    app, name = kind.split(".")
    return request.user.has_perm(f"{app}.delete_{name}")


class _KindFilter(admin.SimpleListFilter):
    title = "nature"
    parameter_name = "nature"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        kinds = BinItem.objects.order_by("kind").values_list("kind", flat=True).distinct()
        return [(kind, kind_label(kind)) for kind in kinds if may_undo(request, kind)]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


def kind_label(kind: str) -> str:
    return capfirst(str(apps.get_model(kind)._meta.verbose_name))


@admin.register(BinItem)
class BinAdmin(CatalogueAdmin):
    list_display = ["name", "kind_name", "deleted_at", "who", "was_public"]
    list_filter = [_KindFilter]
    search_fields = ["name", "who"]
    change_form_template = "admin/projects/history/bin_item.html"
    actions = ["restore_selected"]

    # Who

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: BinItem | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: BinItem | None = None) -> bool:
        return super().has_view_permission(request, obj) and (obj is None or may_undo(request, obj.kind))

    def get_queryset(self, request: HttpRequest) -> Any:
        kinds = BinItem.objects.order_by("kind").values_list("kind", flat=True).distinct()
        mine = [kind for kind in kinds if may_undo(request, kind)]
        return super().get_queryset(request).filter(kind__in=mine).defer("rows", "links", "files")

    # The list

    @admin.display(description="nature", ordering="kind")
    def kind_name(self, item: BinItem) -> str:
        return kind_label(item.kind)

    @admin.action(description="Rétablir", permissions=["view"])
    def restore_selected(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        for item in queryset:
            self._restore(request, item)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        said = {"title": "Corbeille", "empty": "La corbeille est vide."}
        return super().changelist_view(request, said | (extra_context or {}))

    # One item

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.restore))
        ours: URLPattern = path("<path:object_id>/retablir/", view, name="projects_binitem_restore")
        return [ours, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        item = self._item(request, object_id)
        came = [(NOUNS[model], count) for model, count in kept.contents(item).items() if model in NOUNS]
        context = {
            **self.admin_site.each_context(request),
            "title": f"Dans la corbeille{NBSP}: {item}",
            "subtitle": None,
            "opts": self.opts,
            "item": item,
            "kind": kind_label(item.kind),
            "came": [plural(count, noun.one, noun.several) for noun, count in came],
            "file_count": len(item.files),
            "may_purge": self.has_delete_permission(request, item),
        }
        return TemplateResponse(request, "admin/projects/history/bin_item.html", context)

    def restore(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(self._restore(request, self._item(request, object_id)))

    def _item(self, request: HttpRequest, object_id: str) -> BinItem:
        if not self.has_view_permission(request):
            raise PermissionDenied
        item: BinItem | None = self.get_object(request, unquote(object_id))
        if item is None:
            raise Http404("Cet élément n’est plus dans la corbeille.")
        return item

    def _restore(self, request: HttpRequest, item: BinItem) -> str:
        """Where to go next."""
        name = visible(item.name)
        try:
            restored = kept.restore(item, request.user)
        except kept.CannotRestore as refused:
            where = "n’est plus" if isinstance(refused, kept.Gone) else "reste"
            messages.error(request, f"«{NBSP}{name}{NBSP}» {where} dans la corbeille. {refused}")
            return reverse("admin:projects_binitem_changelist")
        admin.site.get_model_admin(type(restored.thing)).log_addition(
            request, restored.thing, "Rétabli de la corbeille."
        )
        url = _address(restored.thing)
        messages.success(request, format_html('Rétabli{}: <a href="{}">{}</a>.', NBSP, url, name))
        if restored.notes:
            messages.warning(request, f"«{NBSP}{name}{NBSP}»{NBSP}: {french_list(restored.notes)}.")
        return url

    # For good

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        items = list(objs)
        missing = set() if self.has_delete_permission(request) else {self.opts.verbose_name}
        return [visible(item.name) for item in items], {"éléments": len(items)}, missing, []

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        kept.purge([obj])

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        kept.purge(queryset)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        raise Http404("La corbeille n’a pas d’historique.")


def _address(thing: models.Model) -> str:
    try:
        return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change", args=[thing.pk])
    except NoReverseMatch:  # a term of a group of synonyms
        return reverse("admin:index")


def message(items: list[BinItem], may_see: bool) -> SafeString | str:
    """What the success message adds, with the way back."""
    where = "dans la corbeille"
    said = (
        f"«{NBSP}{visible(items[0].name)}{NBSP}» est {where}"
        if len(items) == 1
        else (f"{plural(len(items), 'élément')} {'est' if len(items) == 1 else 'sont'} {where}")
    )
    if not may_see:
        return f"{said}{NNBSP}; demandez à une personne de l’équipe éditoriale pour le rétablir."
    everything = reverse("admin:projects_binitem_changelist")
    if len(items) > 1:
        return format_html('{}. <a href="{}">Corbeille</a>', said, everything)
    one = reverse("admin:projects_binitem_change", args=[items[0].pk])
    return format_html('{}. <a href="{}">Annuler</a> · <a href="{}">Corbeille</a>', said, one, everything)
