"""The release of an edition: what would come out and what blocks, on its form; the button that publishes it now."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from casebook.text import plural
from projects.admin.mission.states import form_address
from projects.admin.publishing import PUBLISH, anchor_of
from projects.models import Edition
from projects.releases import NotReleased, Release, publish_edition, release_of

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    _Base = ModelAdmin[Edition]
else:
    _Base = object


_BLOCKED = "des fiches ont encore un point à régler"


class EditionRelease(_Base):
    """Of the admin of editions."""

    change_form_template = "admin/projects/edition/change_form.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only those who publish choose the date."""
        fields = list(super().get_readonly_fields(request, obj))
        return fields if request.user.has_perm(PUBLISH) else [*fields, "publish_at"]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        edition = context["original"]
        context["release"] = _shown(release_of(edition)) if edition else None
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.release_view)
        return [path("<path:object_id>/parution/", view, name="projects_edition_release"), *super().get_urls()]

    def release_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks first; what blocks is shown with the way to it."""
        edition = self.get_object(request, unquote(object_id))
        if edition is None:
            raise Http404
        if not request.user.has_perm(PUBLISH):
            raise PermissionDenied
        if request.method == "POST":
            return self._publish(request, edition)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Publier l’édition {edition.school_year} maintenant\u00a0?",
            "opts": self.opts,
            "edition": edition,
            "release": _shown(release_of(edition)),
        }
        return TemplateResponse(request, "admin/projects/edition/release.html", context)

    def _publish(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        try:
            missions = publish_edition(edition, request.user, request.POST.get("note", ""))
        except NotReleased as error:
            what = (
                "des fiches ont encore un point à régler"
                if error.release.blocked
                else "aucune fiche n’est en relecture"
            )
            messages.error(request, f"Rien n’est publié\u00a0: {what}.")
            return HttpResponseRedirect(reverse("admin:projects_edition_release", args=[edition.pk]))
        self.log_change(request, edition, "Édition publiée.")
        messages.success(request, f"Édition publiée\u00a0: {plural(len(missions), 'mission')}.")
        return HttpResponseRedirect(reverse("admin:projects_edition_change", args=[edition.pk]))


def _shown(release: Release) -> dict[str, Any]:
    """As the templates read it: each mission with its form, each fault with its field."""
    return {
        "edition": release.edition,
        "is_possible": release.is_possible,
        "ready": [(mission, form_address(mission)) for mission in release.ready],
        "blocked": [
            (mission, [(fault.message, form_address(mission, anchor_of(mission, fault))) for fault in faults])
            for mission, faults in release.blocked
        ],
        "drafts": len(release.drafts),
        "published": release.published_count,
    }
