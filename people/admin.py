"""Who and where, in the admin.

Person, Collectivity, Region and Department are named in the search documents of missions: `projects.admin.named`
registers them, because it knows what to index again.
"""

from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.forms import ModelChoiceField
from django.http import HttpRequest

from casebook.admin import CatalogueAdmin, ProseAdmin
from people.models import Consent, Person, Promotion


def _once(counted: str, mission: str) -> models.Count:
    """The rows reached, those of working copies apart."""
    return models.Count(counted, filter=models.Q(**{f"{mission}__working_copy_of": None}), distinct=True)


_CONSENT_SUBJECTS = ["mission", "testimonial", "person"]


class ConsentInline(ProseAdmin, admin.StackedInline):  # type: ignore[type-arg]
    model = Consent
    extra = 0
    fields = [("scope", "given_on", "ends_on"), "proof", ("content_type", "object_id")]

    def formfield_for_foreignkey(
        self, db_field: "models.ForeignKey[Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        if db_field.name == "content_type":
            kwargs["queryset"] = ContentType.objects.filter(model__in=_CONSENT_SUBJECTS)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class PersonAdmin(CatalogueAdmin):
    new_title = "Nouvelle personne"
    list_display = ["full_name", "corps", "promotion", "display_mode", "author_count", "tutor_count"]
    list_filter = ["display_mode", "corps", "promotion"]
    list_select_related = ["promotion"]
    search_fields = ["first_name", "last_name", "aliases"]
    search_help_text = "Prénom, nom ou autre graphie, avec ou sans accents."
    autocomplete_fields = ["promotion", "merged_into"]
    inlines = [ConsentInline]
    fieldsets = [
        (None, {"fields": [("first_name", "last_name"), "aliases", ("gender", "corps"), "promotion"]}),
        ("Ce que le public lit", {"fields": ["display_mode"]}),
        ("Privé", {"fields": ["email", "email_kept_until"]}),
        ("Doublons", {"fields": ["merged_into"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        people = super().get_queryset(request)
        return people.annotate(
            author_count=_once("authorships", "authorships__mission"),
            tutor_count=_once("tutorships", "tutorships__mission"),
        )

    @admin.display(description="nom", ordering="last_name")
    def full_name(self, person: Person) -> str:
        return f"{person.last_name} {person.first_name}".strip()

    @admin.display(description="missions comme élève", ordering="author_count")
    def author_count(self, person: Any) -> int:
        return int(person.author_count)

    @admin.display(description="missions suivies", ordering="tutor_count")
    def tutor_count(self, person: Any) -> int:
        return int(person.tutor_count)


class CollectivityAdmin(CatalogueAdmin):
    new_title = "Nouvelle collectivité"
    list_display = ["display_name", "kind_label", "department", "region", "population", "mission_count"]
    list_filter = ["kind", "epci_type", "region"]
    list_select_related = ["department", "region"]
    search_fields = ["display_name", "official_name", "aliases", "siren", "insee_code"]
    search_help_text = "Nom, autre nom, SIREN ou code INSEE."
    autocomplete_fields = ["department", "region"]
    slug_source = "display_name"
    prepopulated_fields = {"slug": ["display_name"]}
    fieldsets = [
        (None, {"fields": ["display_name", "official_name", "aliases", ("kind", "epci_type"), "slug"]}),
        ("Codes et territoire", {"fields": [("siren", "insee_code"), ("department", "region")]}),
        ("Population", {"fields": [("population", "population_year"), "website"]}),
        ("Note", {"fields": ["note"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(mission_count=_once("missions", "missions"))

    @admin.display(description="type", ordering="kind")
    def kind_label(self, collectivity: Any) -> str:
        return str(collectivity.kind_label)

    @admin.display(description="missions", ordering="mission_count")
    def mission_count(self, collectivity: Any) -> int:
        return int(collectivity.mission_count)


class RegionAdmin(CatalogueAdmin):
    list_display = ["name", "code", "collectivity_count"]
    search_fields = ["name", "code"]
    slug_source = "name"
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(collectivity_count=models.Count("collectivities"))

    @admin.display(description="collectivités", ordering="collectivity_count")
    def collectivity_count(self, region: Any) -> int:
        return int(region.collectivity_count)


class DepartmentAdmin(CatalogueAdmin):
    list_display = ["name", "code", "region"]
    list_filter = ["region"]
    list_select_related = ["region"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["region"]


@admin.register(Promotion)
class PromotionAdmin(CatalogueAdmin):
    new_title = "Nouvelle promotion"
    list_display = ["name", "corps", "start_year", "end_year", "member_count"]
    list_filter = ["corps"]
    search_fields = ["name"]
    slug_source = "name"
    prepopulated_fields = {"slug": ["name"]}
    fields = ["name", "slug", "corps", ("start_year", "end_year")]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(member_count=models.Count("members"))

    @admin.display(description="élèves", ordering="member_count")
    def member_count(self, promotion: Any) -> int:
        return int(promotion.member_count)
