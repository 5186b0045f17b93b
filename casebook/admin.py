"""The admin's common ground: its name, the rich-text editor, search that ignores accents, lists written as lines."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminFileWidget, AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from js_asset import Media

from casebook.addresses import free_slug
from casebook.keeper import Keeper
from casebook.lost_session.admin import KeepingAdmin
from casebook.models import SiteIdentity
from casebook.prose import ProseWidget, shown_prose
from casebook.richtext import RichTextField
from casebook.text import NBSP, fold, slug
from casebook.typography import correct_html, correct_text
from casebook.written import WrittenForm, say_corrections

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin

    _Base = BaseModelAdmin[Any]
    FieldOptions = Mapping[type[models.Field[Any, Any]], Mapping[str, Any]]
else:
    _Base = object

MAX_FOUND = 10_000  # SQLite takes a limited number of parameters
_AS_NAMED = "Regards croisés"  # templates/admin/base_site.html shows the site's own name; this one stands elsewhere

admin.site.site_header = admin.site.site_title = _AS_NAMED
admin.site.index_title = "Le catalogue et ses outils"
admin.site.empty_value_display = "–"
admin.site.enable_nav_sidebar = False  # the width is for the lists and the forms


class LinesField(forms.CharField):
    """A list of texts, written one per line."""

    widget = AdminTextareaWidget(attrs={"rows": 3})

    def __init__(self, *, encoder: Any = None, decoder: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(str(line) for line in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return list(dict.fromkeys(line.strip() for line in (value or "").splitlines() if line.strip()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(self.prepare_value(initial)) != self.to_python(data))

    def run_validators(self, value: Any) -> None:
        for line in value:
            super().run_validators(line)


class _Stored:
    """A private file as the file widget shows it: its name, and the admin's own address for it."""

    def __init__(self, name: str, url: str) -> None:
        self.name, self.url = name, url

    def __str__(self) -> str:
        return self.name.rsplit("/", 1)[-1]


class PrivateFileWidget(AdminFileWidget):
    """The file input for files that no public address serves; `link` gives the address of the stored file."""

    def __init__(self, link: Callable[[Any], str], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.link = link

    def is_initial(self, value: Any) -> bool:
        return bool(value) and (isinstance(value, _Stored) or getattr(value, "instance", None) is not None)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        stored = _Stored(value.name, self.link(value)) if self.is_initial(value) else value
        return super().get_context(name, stored, attrs)


class ProseAdmin(_Base):
    """Mixin of everything that holds form fields, inlines included. `written`: the plain fields that hold French text,
    whose typography is put right; rich text always is."""

    written: "ClassVar[tuple[str, ...]]" = ()

    formfield_overrides: "ClassVar[FieldOptions]" = {
        RichTextField: {"widget": ProseWidget},
        models.JSONField: {"form_class": LinesField, "help_text": "Un par ligne."},
        models.URLField: {"assume_scheme": "https", "widget": forms.URLInput(attrs={"class": "vURLField"})},
    }

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Beside a choice, « change » and « add » are enough: deleting what is chosen is for its own page."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = field.widget.can_view_related = False
        if isinstance(db_field, RichTextField):
            field.correct = correct_html
        elif db_field.name in self.written:
            field.correct = correct_text
        return field


def _read_only(fieldsets: Any, model: type[models.Model]) -> list[tuple[Any, dict[str, Any]]]:
    """The same fields, the rich texts as they read."""
    shown = {field.name: shown_prose(field) for field in model._meta.fields if isinstance(field, RichTextField)}

    def line(fields: Any) -> Any:
        return [line(field) for field in fields] if isinstance(fields, list | tuple) else shown.get(fields, fields)

    return [(name, {**options, "fields": line(options["fields"])}) for name, options in fieldsets]


class RelatedFilter(admin.RelatedFieldListFilter):
    """What has none is said in words: « sans recueil »."""

    def __init__(self, field: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(field, *args, **kwargs)
        self.empty_value_display = format_html("sans {}", field.verbose_name)


admin.FieldListFilter.register(lambda field: field.remote_field, RelatedFilter, take_priority=True)


class CatalogueAdmin(KeepingAdmin, ProseAdmin, admin.ModelAdmin):  # type: ignore[type-arg]
    """`search_fields` are searched without accents, case or word order; JSON lists may be among them."""

    new_title = "Ajouter"
    keeper: ClassVar[Keeper | None] = None  # of the history and the bin: `projects.admin.history` gives it
    form: "type[forms.ModelForm[Any]]" = WrittenForm
    show_facets = admin.ShowFacets.ALWAYS
    list_per_page = 50

    def get_ordering(self, request: HttpRequest) -> Any:
        """The model's own, named: Django forgets it where rows are counted."""
        return self.ordering or self.opts.ordering

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        words = fold(search_term).split()
        if not words:
            return queryset, False
        texts: dict[Any, str] = defaultdict(str)
        for pk, *values in queryset.order_by().values_list("pk", *self.get_search_fields(request)):
            texts[pk] += f" {fold(' '.join(map(str, values)))}"
        found = [pk for pk, text in texts.items() if all(word in text for word in words)]
        return queryset.filter(pk__in=found[:MAX_FOUND]), False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        is_read = obj is not None and not self.has_change_permission(request, obj)
        return _read_only(fieldsets, self.model) if is_read else fieldsets

    def get_inline_formsets(self, *args: Any, **kwargs: Any) -> Any:
        parts: Any = super().get_inline_formsets(*args, **kwargs)
        for part in parts:
            if not part.has_change_permission:
                part.fieldsets = _read_only(part.fieldsets, part.opts.model)
        return parts

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The editor prints an import map as an inline script: it needs the nonce of the security policy."""
        if original := context["original"]:
            context |= {"title": str(original), "subtitle": capfirst(str(self.opts.verbose_name))}
        else:
            context["title"] = self.new_title
        context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))  # type: ignore[attr-defined]
        return super().render_change_form(request, context, *args, **kwargs)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        say_corrections(request, form, formsets or [])
        return super().construct_change_message(request, form, formsets, add)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """A form saved as it was is no news."""
        return super().log_change(request, obj, message) if message else None

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = {"title": capfirst(str(self.opts.verbose_name_plural))}
        return super().changelist_view(request, title | (extra_context or {}))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "slug" in form.base_fields and self.slug_source:
            form.base_fields["slug"].required = False
            form.base_fields["slug"].help_text = "Laissez vide\u00a0: l’adresse sera faite du nom."
        return form

    slug_source = ""

    def slug_for(self, obj: Any) -> str:
        return slug(str(getattr(obj, self.slug_source)), 80)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if self.slug_source and not obj.slug:
            obj.slug = free_slug(self.model, self.slug_for(obj), obj.pk)
        super().save_model(request, obj, form, change)

    # What is kept of each change

    def get_urls(self) -> list[URLPattern]:
        return [*(self.keeper.addresses(self) if self.keeper else ()), *super().get_urls()]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if self.keeper:
            self.keeper.written(request, form.instance)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        thing = self.get_object(request, unquote(object_id))
        if thing is not None and not self.has_view_or_change_permission(request, thing):
            raise PermissionDenied
        page = self.keeper.history(self, request, thing) if self.keeper and thing is not None else None
        return page or super().history_view(request, object_id, extra_context)

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        follow = self.keeper.deleting(request, [obj]) if self.keeper else None
        super().delete_model(request, obj)
        if follow:
            follow()

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        follow = self.keeper.deleting(request, list(queryset)) if self.keeper else None
        super().delete_queryset(request, queryset)
        if follow:
            follow()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        found = super().get_deleted_objects(objs, request)
        return self.keeper.told(self, list(objs), found) if self.keeper else found

    # What is said of it: Django's « L'objet mission … avec succès » gives way to the house's words

    def message_user(self, request: HttpRequest, message: Any, *args: Any, **kwargs: Any) -> None:
        super().message_user(request, request.__dict__.pop("told", message), *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        request.__dict__["told"] = self._told(obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        request.__dict__["told"] = self._told(obj)
        return super().response_change(request, obj)

    def _told(self, obj: models.Model) -> SafeString:
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])
        return format_html('Enregistré{}: <a href="{}">{}</a>.', NBSP, address, obj)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        request.__dict__["told"] = f"Supprimé{NBSP}: {obj_display}."
        response = super().response_delete(request, obj_display, obj_id)
        if self.keeper:
            self.keeper.deleted(request)
        return response

    def get_action_choices(self, request: HttpRequest, default_choices: Any = None) -> Any:
        return super().get_action_choices(request, [("", "Choisir…")])

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        if "delete_selected" in actions:
            actions["delete_selected"] = (CatalogueAdmin._delete_selected, *actions["delete_selected"][1:])
        return actions

    def _delete_selected(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> HttpResponse | None:
        response = delete_selected(self, request, queryset)
        if response is None and self.keeper:
            self.keeper.deleted(request)
        return response


@admin.register(SiteIdentity)
class SiteIdentityAdmin(CatalogueAdmin):
    written = ("tagline", "home_title")
    list_display = ["name", "tagline", "publisher", "contact_email"]
    fieldsets = [
        (None, {"fields": ["name", "tagline", "publisher", "contact_email"]}),
        ("Page d’accueil", {"fields": ["home_title", "example_queries"]}),
        ("Pages", {"fields": ["about", "host_a_student", "legal", "privacy", "accessibility"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one identity: it is added once."""
        return super().has_add_permission(request) and not SiteIdentity.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
