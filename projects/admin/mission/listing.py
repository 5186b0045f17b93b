"""The list of missions: its columns, its filters, and the moves between states of those that are ticked."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from casebook.admin import CatalogueAdmin
from casebook.text import NBSP, NNBSP, plural
from projects import search, workflow
from projects.admin import publishing
from projects.admin.filters import MissingFilter, WorkingCopyFilter
from projects.admin.mission import undoing
from projects.admin.mission.states import form_address
from projects.models import KeyFigure, Mission, Section, Testimonial


class MissionList(ChangeList):
    """The list alone reads the collectivities ahead: on the form, what was read ahead would hide what is deleted."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> models.QuerySet[Any]:
        missions = super().get_queryset(request, *args, **kwargs)
        return missions.prefetch_related("mission_collectivities__collectivity")


class MoveForm(ActionForm):
    """The note goes with the moves between states."""

    note = forms.CharField(label="Note", required=False, max_length=500)


class MissionListing(CatalogueAdmin):
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
    list_filter = ["state", "edition", "theme", "domains", MissingFilter, WorkingCopyFilter]
    list_select_related = ["edition", "theme", "working_copy"]
    search_fields = ["title"]
    search_help_text = "Titre, collectivité, personne ou mot du texte, avec ou sans accents."
    actions = ["publish", "withdraw", "review", "archive"]
    action_form = MoveForm

    def get_queryset(self, request: HttpRequest) -> Any:
        missions = super().get_queryset(request).filter(working_copy_of=None)
        return missions.annotate(
            section_count=_count(Section), figure_count=_count(KeyFigure), testimonial_count=_count(Testimonial)
        )

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """A working copy has its form, though no list shows it."""
        found = super().get_object(request, object_id, from_field)
        if found is None and object_id.isdecimal():
            copies = Mission.objects.exclude(working_copy_of=None).select_related("working_copy_of")
            return copies.filter(pk=int(object_id)).first()
        return found

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
        state = format_html('<span class="state state-{}">{}</span>', mission.state, mission.get_state_display())
        if (copy := mission.open_copy) is None:
            return state
        said = f"copie de travail, {copy.get_state_display()}"
        return format_html('{} <a class="copy" href="{}">{}</a>', state, form_address(copy), said)

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
        self.move(request, list(queryset), "publish", since=undoing.latest())

    @admin.action(description="Retirer", permissions=["publish"])
    def withdraw(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        self.move(request, list(queryset), "withdraw", since=undoing.latest())

    @admin.action(description="Mettre en relecture", permissions=["change"])
    def review(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        self.move(request, list(queryset), "review", since=undoing.latest())

    @admin.action(description="Archiver", permissions=["publish"])
    def archive(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        self.move(request, list(queryset), "archive", since=undoing.latest())

    def move(self, request: HttpRequest, missions: list[Mission], name: str, since: int | None = None) -> str:
        """Make the move, say what was done and what was not; returns the form of the last one, at what it lacks.

        `since`: the last passage before, for a move of several that one button undoes.
        """
        move, note = publishing.BY_NAME[name], request.POST.get("note", "")
        done, address = [], ""
        for mission in missions:
            address = form_address(mission)
            if mission.state == move.state:
                continue
            try:
                moved = publishing.make_move(request.user, mission, move, note)
            except workflow.NotPublishable as refused:
                address = form_address(mission, publishing.anchor_of(mission, refused.faults[0]))
                messages.error(request, publishing.missing_message(mission, refused.faults, form_address(mission)))
            except Mission.DoesNotExist:
                address = reverse("admin:projects_mission_changelist")
                why = "une autre personne vient de la publier ou de la supprimer"
                messages.error(request, f"{mission}{NBSP}: cette fiche n’existe plus{NNBSP}; {why}.")
            except publishing.NotAllowed:
                what = f"«{NBSP}{move.label}{NBSP}»"
                messages.error(request, f"{mission}{NBSP}: vous n’avez pas le droit de faire {what}.")
            else:
                address = form_address(moved)
                self.log_change(request, moved, f"Mission {move.done}.")
                done.append(mission)
        if done and done[0].working_copy_of_id and move.name == "publish":
            messages.success(request, "Modifications publiées. La fiche du site est à jour.")
        elif done:
            participle = move.done if len(done) == 1 else move.done_several
            said = f"{plural(len(done), 'mission')} {participle}."
            filters = self.get_preserved_filters(request)
            messages.success(request, said if since is None else undoing.with_way_back(request, said, since, filters))
        elif all(mission.state == move.state for mission in missions):
            messages.warning(request, "Rien à changer.")
        return address


def _count(model: Any) -> Any:
    """The number of rows of a part, without a join that would multiply the missions."""
    rows = model.objects.filter(mission=models.OuterRef("pk")).order_by().values("mission")
    counted = rows.annotate(number=models.Count("pk")).values("number")
    return models.functions.Coalesce(models.Subquery(counted), 0)
