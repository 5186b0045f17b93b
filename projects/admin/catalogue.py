"""Recueils, themes, domains, methods and resources."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from casebook.admin import CatalogueAdmin, PrivateFileWidget
from casebook.written import WrittenForm
from projects.admin.doubles import NamedOnce
from projects.admin.named import NamedInSearch
from projects.admin.ordering import OrderedInline
from projects.admin.releases import EditionRelease
from projects.models import Domain, Edition, EditionPromotion, EditionTheme, Method, MethodUse, Mission, Resource, Theme

if TYPE_CHECKING:
    from casebook.admin import FieldOptions

# the missions of a row: a working copy is none of them
ONCE = models.Count("missions", filter=models.Q(missions__working_copy_of=None), distinct=True)
_PDF_HEAD = 1024  # readers accept a few bytes before the signature


_PAST = "Cette date est passée. Choisissez-en une à venir, ou publiez l’édition maintenant."


class EditionThemeInline(OrderedInline):
    model = EditionTheme
    fields = ["position", "theme"]
    autocomplete_fields = ["theme"]


class EditionPromotionInline(OrderedInline):
    model = EditionPromotion
    fields = ["position", "promotion"]
    autocomplete_fields = ["promotion"]


class EditionForm(WrittenForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "publish_at" in self.fields:
            for widget, said in zip(self.fields["publish_at"].widget.widgets, ("Date", "Heure"), strict=True):
                widget.attrs["aria-label"] = f"{said} de la parution"

    def clean_printer_pdf(self) -> Any:
        file = self.cleaned_data["printer_pdf"]
        if isinstance(file, UploadedFile):
            if b"%PDF-" not in file.read(_PDF_HEAD):
                raise forms.ValidationError("Ce fichier n’est pas un PDF.")
            file.seek(0)
        return file

    def clean_publish_at(self) -> Any:
        date = self.cleaned_data["publish_at"]
        if date and "publish_at" in self.changed_data and date <= timezone.now():
            raise forms.ValidationError(
                "Cette date est passée. Choisissez-en une à venir, ou publiez l’édition maintenant."
            )
        return date


@admin.register(Edition)
class EditionAdmin(EditionRelease, NamedInSearch, CatalogueAdmin):
    new_title = "Nouveau recueil"
    form = EditionForm
    list_display = ["school_year", "title", "publisher", "published_on", "mission_count", "published_count"]
    search_fields = ["title", "subtitle", "school_year", "slug"]
    inlines = [EditionThemeInline, EditionPromotionInline]
    fieldsets = [
        (None, {"fields": ["title", "subtitle", ("school_year", "slug"), ("published_on", "publisher")]}),
        ("Textes du livre", {"fields": ["foreword", "credits", "closing_page"]}),
        ("Le livre", {"fields": ["printer_pdf"]}),
        ("Parution sur le site", {"fields": ["publish_at"]}),
    ]
    formfield_overrides: "ClassVar[FieldOptions]" = {
        **CatalogueAdmin.formfield_overrides,
        models.FileField: {"widget": PrivateFileWidget(lambda file: reverse("edition_pdf", args=[file.instance.slug]))},
    }

    class Media:
        js = ["js/admin-order.js"]

    def get_queryset(self, request: HttpRequest) -> Any:
        published = Mission.objects.published().filter(edition=models.OuterRef("pk")).order_by().values("edition")
        return (
            super()
            .get_queryset(request)
            .annotate(
                mission_count=ONCE,
                published_count=models.functions.Coalesce(
                    models.Subquery(published.annotate(number=models.Count("pk")).values("number")), 0
                ),
            )
        )

    @admin.display(description="missions", ordering="mission_count")
    def mission_count(self, edition: Any) -> int:
        return int(edition.mission_count)

    @admin.display(description="publiées", ordering="published_count")
    def published_count(self, edition: Any) -> int:
        return int(edition.published_count)

    def view_on_site(self, obj: Edition) -> str | None:
        is_public = Mission.objects.published().in_edition(obj.slug).exists()
        return obj.get_absolute_url() if is_public else None


class SubjectAdmin(NamedInSearch, CatalogueAdmin):
    """A subject of missions: its name is in their search documents."""

    slug_source = "name"
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(mission_count=ONCE)

    @admin.display(description="missions", ordering="mission_count")
    def mission_count(self, subject: Any) -> int:
        return int(subject.mission_count)


@admin.register(Theme)
class ThemeAdmin(SubjectAdmin):
    new_title = "Nouveau thème"
    written = ("description",)
    list_display = ["name", "order", "description", "mission_count"]
    search_fields = ["name"]

    def view_on_site(self, obj: Theme) -> str | None:
        return obj.get_absolute_url() if Mission.objects.published().with_theme(obj).exists() else None


@admin.register(Domain)
class DomainAdmin(SubjectAdmin):
    new_title = "Nouveau domaine"
    written = ("description",)
    list_display = ["name", "description", "mission_count"]
    search_fields = ["name", "description"]


@admin.register(Method)
class MethodAdmin(NamedOnce, NamedInSearch, CatalogueAdmin):
    new_title = "Nouvelle méthode"
    double_kind, double_names = "method", ("name",)
    written = ("definition", "limits")
    list_display = ["name", "kind", "family", "reviewed_on", "use_count", "confirmed_count"]
    list_filter = ["kind", "family", ("reviewed_on", admin.EmptyFieldListFilter)]
    search_fields = ["name", "synonyms", "family"]
    search_help_text = "Nom, synonyme ou famille."
    autocomplete_fields = ["related"]
    slug_source = "name"
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "slug", ("kind", "family"), "synonyms"]}),
        ("Ce que lit le public", {"fields": ["definition", "steps", "limits", "related", "reviewed_on"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        once = models.Q(uses__mission__working_copy_of=None)
        confirmed = once & models.Q(uses__state=MethodUse.State.CONFIRMED)
        return (
            super()
            .get_queryset(request)
            .annotate(
                use_count=models.Count("uses", filter=once), confirmed_count=models.Count("uses", filter=confirmed)
            )
        )

    @admin.display(description="usages", ordering="use_count")
    def use_count(self, method: Any) -> int:
        return int(method.use_count)

    @admin.display(description="confirmés", ordering="confirmed_count")
    def confirmed_count(self, method: Any) -> int:
        return int(method.confirmed_count)


@admin.register(Resource)
class ResourceAdmin(CatalogueAdmin):
    new_title = "Nouvelle ressource"
    written = ("title", "summary")
    list_display = ["title", "kind", "date", "publisher", "is_published"]
    list_filter = ["kind", "is_published"]
    search_fields = ["title", "summary", "publisher"]
    autocomplete_fields = ["methods", "missions", "collectivities"]
    slug_source = "title"
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["title", "slug", ("kind", "date"), "publisher", "summary", "url", "is_published"]}),
        ("Porte sur", {"fields": ["missions", "methods", "collectivities"]}),
    ]

    def view_on_site(self, obj: Resource) -> str | None:
        return reverse("resource_list") if obj.is_published else None
