"""The admin's common ground: its name, the rich-text editor, search that ignores accents, lists written as lines."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget, AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from js_asset import Media

from casebook.addresses import free_slug
from casebook.models import SiteIdentity
from casebook.prose import ProseWidget
from casebook.richtext import RichTextField
from casebook.text import fold, slug

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

    widget = AdminTextareaWidget

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
    """Mixin of everything that holds form fields, inlines included."""

    formfield_overrides: "ClassVar[FieldOptions]" = {
        RichTextField: {"widget": ProseWidget},
        models.JSONField: {"form_class": LinesField, "help_text": "Un par ligne."},
        models.URLField: {"assume_scheme": "https", "widget": forms.URLInput(attrs={"class": "vURLField"})},
    }

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Beside a choice, « change » and « add » are enough: deleting what is chosen is for its own page."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field


class CatalogueAdmin(ProseAdmin, admin.ModelAdmin):  # type: ignore[type-arg]
    """`search_fields` are searched without accents, case or word order; JSON lists may be among them."""

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

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The editor prints an import map as an inline script: it needs the nonce of the security policy."""
        if original := context["original"]:
            context |= {"title": str(original), "subtitle": capfirst(str(self.opts.verbose_name))}
        context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))  # type: ignore[attr-defined]
        return super().render_change_form(request, context, *args, **kwargs)

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


@admin.register(SiteIdentity)
class SiteIdentityAdmin(CatalogueAdmin):
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
