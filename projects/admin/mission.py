"""The mission: its list, and its form with all its parts."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator
from django.db import models
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.timezone import localtime

from casebook.addresses import free_slug
from casebook.admin import CatalogueAdmin, PrivateFileWidget
from casebook.text import NBSP, collapse, plural
from projects import images, search, workflow
from projects.admin import publishing, statistics, tagging
from projects.admin.filters import MissingFilter
from projects.admin.parts import INLINES, record_lines
from projects.models import KeyFigure, Mission, Section, Testimonial
from projects.models.mission import mission_slug

if TYPE_CHECKING:
    from casebook.admin import FieldOptions

_IMAGE_TYPES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
_SUMMARY = ("summary_asked", "summary_done", "summary_advised")
_INCOMPLETE = f"Cette mission est publiée{NBSP}: elle doit rester complète. Complétez-la, ou retirez-la du site."


class Refused(Exception):
    """What was sent cannot be kept: everything is rolled back and the form is shown again with these messages.

    `messages`: prefix of a form ("" for the mission's own) → field (None for the whole form) → messages.
    """

    def __init__(self, messages: dict[str, dict[str | None, list[str]]]) -> None:
        super().__init__(messages)
        self.messages = messages


def _original_url(file: Any) -> str:
    return reverse("admin:projects_mission_original", args=[file.instance.pk])


class VersionField(forms.CharField):
    """Travels with the form and is no change of its own."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class MissionForm(forms.ModelForm):  # type: ignore[type-arg]
    """`version` is when the mission that the form shows was last saved: another person may save it meanwhile."""

    refusals: dict[str | None, list[str]] = {}
    editor: Any = None
    version = VersionField(required=False)

    class Meta:
        model = Mission
        fields = "__all__"  # noqa: DJ007 (the admin's fieldsets name them)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _SUMMARY:
            if name in self.fields:
                self.fields[name].widget = forms.Textarea(attrs={"rows": 2, "cols": 80, "maxlength": 300})
        if cover := self.fields.get("cover"):
            cover.validators = [FileExtensionValidator(list(_IMAGE_TYPES))]
        if self.instance.pk:
            self.initial["version"] = self.instance.updated_at.isoformat()

    def clean_cover(self) -> Any:
        cover = self.cleaned_data["cover"]
        if isinstance(cover, UploadedFile):
            images.check_image(cover)
            cover.seek(0)
        return cover

    def clean(self) -> dict[str, Any] | None:
        for name in _SUMMARY:
            if name in self.cleaned_data:
                self.cleaned_data[name] = collapse(self.cleaned_data[name])
        self._warn_of_another_save()
        for field, texts in self.refusals.items():
            for text in texts:
                self.add_error(field, text)
        return self.cleaned_data

    def _warn_of_another_save(self) -> None:
        """Once: the form is shown again with the new version, and saved if the person still wants it."""
        shown, saved = self.cleaned_data["version"], self.initial.get("version")
        if not shown or shown == saved:
            return
        last = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Mission), object_id=str(self.instance.pk)
        )
        entry = last.select_related("user").order_by("-action_time", "-pk").first()
        if entry is None or entry.user == self.editor:
            return
        data = cast("QueryDict", self.data).copy()
        data["version"] = str(saved)
        self.data = data
        who, when = entry.user.get_full_name() or entry.user.get_username(), localtime(entry.action_time)
        self.add_error(
            None,
            f"{who} a enregistré cette mission à {when:%H:%M}, pendant votre saisie. Comparez avec la fiche actuelle "
            "dans un autre onglet. Si vous enregistrez de nouveau, votre texte remplacera le sien.",
        )

    def _get_validation_exclusions(self) -> set[str]:
        """Without `working_copy_of` Django cannot check that the number and the address are free."""
        return super()._get_validation_exclusions() - {"working_copy_of"}  # type: ignore[misc,no-any-return]


class MissionList(ChangeList):
    """The list alone reads the collectivities ahead: on the form, what was read ahead would hide what is deleted."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> models.QuerySet[Any]:
        missions = super().get_queryset(request, *args, **kwargs)
        return missions.prefetch_related("mission_collectivities__collectivity")


@admin.register(Mission)
class MissionAdmin(CatalogueAdmin):
    form = MissionForm
    inlines = INLINES
    list_display = [
        "number_padded",
        "title",
        "state_label",
        "school_year",
        "theme",
        "places",
        "section_count",
        "figure_count",
        "testimonial_count",
        "site_link",
    ]
    list_display_links = ["number_padded", "title"]
    list_filter = ["state", "edition", "theme", "domains", MissingFilter]
    list_select_related = ["edition", "theme"]
    search_fields = ["title"]
    search_help_text = "Titre, collectivité, personne ou mot du texte, avec ou sans accents."
    autocomplete_fields = ["edition", "theme"]
    actions = ["publish", "withdraw", "review", "archive"]
    fieldsets = [
        ("Identité", {"fields": [("edition", "number"), "title", "title_printed", "theme", "domains", "slug"]}),
        (
            "En bref",
            {
                "fields": list(_SUMMARY),
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
        js = ["js/admin-order.js"]

    # List

    def get_queryset(self, request: HttpRequest) -> Any:
        missions = super().get_queryset(request)
        return missions.annotate(
            section_count=_count(Section), figure_count=_count(KeyFigure), testimonial_count=_count(Testimonial)
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return MissionList

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        return search.with_words(queryset, search_term), False

    @admin.display(description="n°", ordering="number")
    def number_padded(self, mission: Mission) -> str:
        return mission.number_padded or "–"

    @admin.display(description="état", ordering="state")
    def state_label(self, mission: Mission) -> str:
        return format_html('<span class="state state-{}">{}</span>', mission.state, mission.get_state_display())

    @admin.display(description="recueil", ordering="edition__slug")
    def school_year(self, mission: Mission) -> str:
        return mission.edition.school_year if mission.edition else "–"

    @admin.display(description="collectivités")
    def places(self, mission: Mission) -> str:
        return mission.collectivity_names

    @admin.display(description="rubriques", ordering="section_count")
    def section_count(self, mission: Any) -> int:
        return int(mission.section_count)

    @admin.display(description="chiffres", ordering="figure_count")
    def figure_count(self, mission: Any) -> int:
        return int(mission.figure_count)

    @admin.display(description="témoignages", ordering="testimonial_count")
    def testimonial_count(self, mission: Any) -> int:
        return int(mission.testimonial_count)

    @admin.display(description="site")
    def site_link(self, mission: Mission) -> str:
        text = "Voir sur le site" if mission.is_published else "Aperçu"
        name = f"{text}{NBSP}: {mission}"
        return format_html('<a href="{}" aria-label="{}">{}</a>', mission.get_absolute_url(), name, text)

    # Moves between states

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(publishing.PUBLISH)

    @admin.action(description="Publier", permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        self._move(request, list(queryset), "publish")

    @admin.action(description="Retirer", permissions=["publish"])
    def withdraw(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        self._move(request, list(queryset), "withdraw")

    @admin.action(description="Mettre en relecture", permissions=["change"])
    def review(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        self._move(request, list(queryset), "review")

    @admin.action(description="Archiver", permissions=["publish"])
    def archive(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        self._move(request, list(queryset), "archive")

    def _move(self, request: HttpRequest, missions: list[Mission], name: str) -> None:
        move = next(move for move in publishing.MOVES if move.name == name)
        done = []
        for mission in missions:
            if mission.state == move.state:
                continue
            try:
                publishing.make_move(request.user, mission, move)
            except workflow.NotPublishable as refused:
                url = reverse("admin:projects_mission_change", args=[mission.pk])
                messages.error(request, publishing.missing_message(mission, refused.faults, url))
            except publishing.NotAllowed:
                what = f"«{NBSP}{move.label}{NBSP}»"
                messages.error(request, f"{mission}{NBSP}: vous n’avez pas le droit de faire {what}.")
            else:
                self.log_change(request, mission, f"Mission {move.done}.")
                done.append(mission)
        if done:
            participle = move.done if len(done) == 1 else move.done_several
            messages.success(request, f"{plural(len(done), 'mission')} {participle}.")
        elif all(mission.state == move.state for mission in missions):
            messages.warning(request, "Rien à changer.")

    # Form

    def view_on_site(self, obj: Mission) -> str:
        return obj.get_absolute_url()

    def get_readonly_fields(self, request: HttpRequest, obj: Mission | None = None) -> Any:
        """The address of a mission that was public does not change any more."""
        return ["slug"] if obj is not None and obj.published_at else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "slug" in form.base_fields:
            form.base_fields["slug"].required = False
            form.base_fields[
                "slug"
            ].help_text = "Laissez vide\u00a0: elle sera faite du recueil, du numéro et du titre."
        form.refusals = getattr(request, "refused", {}).get("", {})
        form.editor = request.user
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            request.refused = refused.messages  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        for formset in formsets:
            for form in formset.forms:
                form.refusals = getattr(request, "refused", {}).get(form.prefix, {})
        return formsets, inlines

    def save_model(self, request: HttpRequest, obj: Mission, form: Any, change: bool) -> None:
        if not obj.slug:
            wanted = mission_slug(obj.edition.slug if obj.edition else "", obj.number, obj.title)
            obj.slug = free_slug(Mission, wanted, obj.pk)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        mission = form.instance
        refusals = record_lines(mission, formsets)
        leaves = any(
            f"_{move.name}" in request.POST and publishing.may_move(request.user, mission, move)
            for move in publishing.MOVES
        )
        if mission.is_published and not leaves and (faults := workflow.blocking_faults(mission)):
            refusals[""] = {None: [_INCOMPLETE, *(fault.message for fault in faults)]}
        if refusals:
            if "cover" in form.changed_data and mission.cover:
                mission.cover.storage.delete(mission.cover.name)
            raise Refused(refusals)
        if "cover" in form.changed_data:
            images.renew_public_cover(mission)
        search.reindex([mission])

    def response_change(self, request: HttpRequest, obj: Mission) -> HttpResponse:
        for move in publishing.MOVES:
            if f"_{move.name}" in request.POST:
                self._move(request, [obj], move.name)
                return HttpResponseRedirect(request.get_full_path())
        return super().response_change(request, obj)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        mission = context["original"]
        context["show_save_and_add_another"] = False
        context["publication"] = publishing.publication(request.user, mission) if mission else None
        return super().render_change_form(request, context, *args, **kwargs)

    # The private original of the image

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.original_image)
        ours = [path("<path:object_id>/image-originale/", view, name="projects_mission_original")]
        return [*ours, *tagging.addresses(), *statistics.addresses(), *super().get_urls()]

    def original_image(self, request: HttpRequest, object_id: str) -> HttpResponse:
        mission = self.get_object(request, unquote(object_id))
        if mission is None or not mission.cover or not self.has_view_permission(request, mission):
            raise Http404
        kind = _IMAGE_TYPES.get(mission.cover.name.rsplit(".", 1)[-1].lower(), "application/octet-stream")
        try:
            return FileResponse(mission.cover.open("rb"), content_type=kind)  # type: ignore[return-value]
        except FileNotFoundError:
            raise Http404 from None


def _count(model: Any) -> Any:
    """The number of rows of a part, without a join that would multiply the missions."""
    rows = model.objects.filter(mission=models.OuterRef("pk")).order_by().values("mission")
    counted = rows.annotate(number=models.Count("pk")).values("number")
    return models.functions.Coalesce(models.Subquery(counted), 0)
