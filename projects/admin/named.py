"""What missions name in their search documents: renamed, masked or deleted, those documents are written again."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest

from people.admin import CollectivityAdmin, DepartmentAdmin, PersonAdmin, RegionAdmin
from people.models import Collectivity, Department, Person, Region
from projects import search
from projects.admin.doubles import NamedOnce
from projects.models import Mission

if TYPE_CHECKING:
    from casebook.admin import CatalogueAdmin as Base
else:
    Base = object


class NamedInSearch(Base):
    """Mixin: after each save and deletion, the search documents of the missions concerned."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change:
            search.reindex_for(form.instance)

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        concerned = search.missions_naming(obj)
        super().delete_model(request, obj)
        search.reindex(concerned)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        concerned = search.missions_naming(*queryset)
        super().delete_queryset(request, queryset)
        search.reindex(concerned)


@admin.register(Person)
class NamedPersonAdmin(NamedOnce, NamedInSearch, PersonAdmin):
    double_kind, double_names = "person", ("first_name", "last_name")


@admin.register(Collectivity)
class NamedCollectivityAdmin(NamedOnce, NamedInSearch, CollectivityAdmin):
    double_kind, double_names = "collectivity", ("display_name",)

    def view_on_site(self, obj: Collectivity) -> str | None:
        return obj.get_absolute_url() if Mission.objects.published().with_collectivity(obj).exists() else None


@admin.register(Region)
class NamedRegionAdmin(NamedInSearch, RegionAdmin):
    pass


@admin.register(Department)
class NamedDepartmentAdmin(NamedInSearch, DepartmentAdmin):
    pass
