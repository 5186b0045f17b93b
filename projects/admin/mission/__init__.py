"""The mission: its form with all its parts. `listing.py` has its list, `form.py` its own fields."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import models
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from casebook.admin import CatalogueAdmin, PrivateFileWidget
from projects import images
from projects.admin import doubles, everything, publishing, statistics, tagging
from projects.admin.doubles import NamedOnce
from projects.admin.merging import presence, saving, to_copy
from projects.admin.mission import hints, preview, states, undoing
from projects.admin.mission.form import IMAGE_TYPES, SUMMARY, MissionForm, Refused, give_address
from projects.admin.mission.listing import MissionListing
from projects.admin.parts import INLINES, record_lines
from projects.changes import record
from projects.history import recording
from projects.models import Mission

if TYPE_CHECKING:
    from casebook.admin import FieldOptions


def _original_url(file: Any) -> str:
    return reverse("admin:projects_mission_original", args=[file.instance.pk])


@admin.register(Mission)
class MissionAdmin(NamedOnce, MissionListing):
    new_title = "Écrire une fiche"
    form = MissionForm
    double_kind, double_names = "mission", ("title",)
    written = ("title", *SUMMARY, "cover_alt", "editor_note")  # the printed title stays as it is in the book
    inlines = INLINES
    autocomplete_fields = ["edition", "theme"]
    fieldsets = [
        ("Identité", {"fields": [("edition", "number"), "title", "title_printed", "theme", "domains", "slug"]}),
        (
            "En bref",
            {
                "fields": list(SUMMARY),
                "description": "Une phrase pour chacune.",
            },
        ),
        ("Dates et pages", {"fields": [("started_on", "ended_on"), ("page_first", "page_last")]}),
        (
            "Image",
            {
                "fields": ["cover", "cover_alt", "cover_decorative", ("cover_credit", "cover_licence")],
                "description": "Le site montre une copie réduite, sans les données cachées de la photo ; l’original "
                "reste privé, pour l’imprimeur.",
                "classes": ["collapse"],
            },
        ),
        ("Note de la rédaction", {"fields": [("editor_note", "editor_note_on")], "classes": ["collapse"]}),
    ]
    formfield_overrides: "ClassVar[FieldOptions]" = {
        **CatalogueAdmin.formfield_overrides,
        models.ImageField: {"form_class": forms.FileField, "widget": PrivateFileWidget(_original_url)},
        models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple},
    }

    class Media:
        js = [
            "js/admin-order.js",
            "js/admin-preview.js",
            "js/admin-hints.js",
            "js/admin-checklist.js",
            "js/admin-presence.js",
        ]

    # Form

    def view_on_site(self, obj: Mission) -> str:
        return obj.get_absolute_url()

    def has_change_permission(self, request: HttpRequest, obj: Mission | None = None) -> bool:
        """What is on the site is changed through a working copy; what was typed before it was there is shown again."""
        locked = obj is not None and obj.is_locked and not getattr(request, "shows_what_was_typed", False)
        return super().has_change_permission(request, obj) and not locked

    def has_delete_permission(self, request: HttpRequest, obj: Mission | None = None) -> bool:
        """A working copy is abandoned, which says so in the story of its mission."""
        return super().has_delete_permission(request, obj) and not (obj and obj.working_copy_of_id)

    def get_readonly_fields(self, request: HttpRequest, obj: Mission | None = None) -> Any:
        """The address of a mission that was public changes with a working copy only, for those who publish it."""
        if obj is None:
            return []
        free = request.user.has_perm(publishing.PUBLISH) if obj.working_copy_of_id else not obj.published_at
        return [] if free else ["slug"]

    def get_fieldsets(self, request: HttpRequest, obj: Mission | None = None) -> Any:
        """A form that is only read links to the original of the image at its own address."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        seen = {"cover": "cover_link"}
        return [
            (name, {**options, "fields": [seen.get(str(field), field) for field in options["fields"]]})
            for name, options in fieldsets
        ]

    @admin.display(description="image")
    def cover_link(self, mission: Mission) -> str:
        if not mission.cover:
            return "–"
        return format_html('<a href="{}">{}</a>', _original_url(mission.cover), Path(str(mission.cover.name)).name)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "slug" in form.base_fields:
            form.base_fields["slug"].required = False
            form.base_fields[
                "slug"
            ].help_text = "Laissez vide\u00a0: elle sera faite du recueil, du numéro et du titre."
        form.refusals = getattr(request, "refused", {}).get("", {})
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        def answer() -> Any:
            try:
                return super(MissionAdmin, self).changeform_view(request, object_id, form_url, extra_context)
            except Refused as refused:
                request.refused = refused.messages  # type: ignore[attr-defined]
                return super(MissionAdmin, self).changeform_view(request, object_id, form_url, extra_context)

        return saving.save_together(self, request, object_id, answer)

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        for formset in formsets:
            for form in formset.forms:
                form.refusals = getattr(request, "refused", {}).get(form.prefix, {})
        return formsets, inlines

    def save_model(self, request: HttpRequest, obj: Mission, form: Any, change: bool) -> None:
        give_address(obj)
        if change:
            recording.keep_before([obj])
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        mission = form.instance
        refusals = record_lines(mission, formsets)
        if refusals:
            if "cover" in form.changed_data and mission.cover:
                mission.cover.storage.delete(mission.cover.name)
            raise Refused(refusals)
        if "cover" in form.changed_data:
            images.renew_public_cover(mission)
        record([mission], request.user)

    def response_change(self, request: HttpRequest, obj: Mission) -> HttpResponse:
        saving.tell(request, is_saved=True)
        for move in publishing.MOVES:
            if f"_{move.name}" in request.POST:
                address = self.move(request, [obj], move.name)
                return HttpResponseRedirect(states.keep_filters(self, request, address))
        return super().response_change(request, obj)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        mission = context["original"]
        saving.carry_base(request, context)
        saving.tell(request, is_saved=False)
        context["presence"] = presence.notice(request, mission)
        context["show_save_and_add_another"] = False
        context |= {"preview_url": preview.address(mission), "hints_url": hints.address()}
        hints.attach([part.formset for part in context["inline_admin_formsets"]])
        context["publication"] = publishing.publication(request.user, mission) if mission else None
        return super().render_change_form(request, context, *args, **kwargs)

    # The private original of the image

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.original_image)
        ours = [path("<path:object_id>/image-originale/", view, name="projects_mission_original")]
        return [
            *ours,
            *preview.addresses(self),
            *presence.addresses(self),
            *to_copy.addresses(self),
            *hints.addresses(self),
            *doubles.addresses(),
            *states.addresses(self),
            *undoing.addresses(self),
            *tagging.addresses(),
            *statistics.addresses(),
            *everything.addresses(),
            *super().get_urls(),
        ]

    def original_image(self, request: HttpRequest, object_id: str) -> HttpResponse:
        mission = self.get_object(request, unquote(object_id))
        if mission is None or not mission.cover or not self.has_view_permission(request, mission):
            raise Http404
        kind = IMAGE_TYPES.get(mission.cover.name.rsplit(".", 1)[-1].lower(), "application/octet-stream")
        try:
            return FileResponse(mission.cover.open("rb"), content_type=kind)  # type: ignore[return-value]
        except FileNotFoundError:
            raise Http404 from None
