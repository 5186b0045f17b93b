"""What the pages of an import share: who may open them, their frame, the name of the person."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from casebook.accounts.names import account_name
from projects.models import ImportBatch, ImportedMission

ADD, DELETE, PUBLISH = "projects.add_mission", "projects.delete_mission", "projects.publish_mission"
SEE_PEOPLE = "people.view_person"

View = Callable[..., HttpResponse]


def needs(permission: str) -> Callable[[View], View]:
    """The view is for those who have the permission; the others get a 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not editor(request).has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorate


def editor(request: HttpRequest) -> User:
    """Who is signed in (the admin lets nobody else in)."""
    return cast(User, request.user)


def editor_name(request: HttpRequest) -> str:
    """How a decision is signed."""
    return account_name(editor(request))


def find(pk: int) -> ImportBatch:
    """The import of an address, with its edition and its author; a 404 without it."""
    return get_object_or_404(ImportBatch.objects.select_related("edition", "user"), pk=pk)


def find_fiche(pk: int, position: int) -> ImportedMission:
    """The fiche of an address, without what was read of the others; a 404 without it."""
    return get_object_or_404(ImportedMission, batch=pk, position=position)


def may_undo(request: HttpRequest, batch: ImportBatch) -> bool:
    """Those who may remove missions undo any import; those who may write, their own."""
    user = editor(request)
    return user.has_perm(DELETE) or (batch.user_id == user.pk and user.has_perm(ADD))


def address(name: str, *args: Any) -> str:
    return reverse(f"admin:projects_importbatch_{name}", args=args)


def to_batch(batch: ImportBatch) -> HttpResponseRedirect:
    return HttpResponseRedirect(address("batch", batch.pk))


def screen(request: HttpRequest, name: str, title: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """A page of the import in the frame of the admin."""
    frame = {
        **admin.site.each_context(request),
        "title": title,
        "subtitle": None,
        "opts": ImportBatch._meta,
        "batch": None,
    }
    template = f"admin/projects/importbatch/{name}.html"
    return TemplateResponse(request, template, frame | dict(context), status=status)
