"""The pages that carry what was typed: the way in, the way back to the form, and the texts themselves to copy."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import Resolver404, ResolverMatch, get_script_prefix, resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.text import capfirst
from django.views.csrf import csrf_failure as plain_csrf_failure

from casebook.lost_session.kept import EXPIRED, FIELD, TOO_OLD, Kept

# The pages through which one comes in: what was typed goes along to each of them.
DOORS = {f"admin:{name}" for name in ("login", "login_code", "login_enrol", "access_link", "forgotten")}
HEADER = "X-Kept"  # on every page that carries a text: nothing was written
_ROW = re.compile(r"(\w+)-(\d+)-(\w+)")
_LOGOUT = "admin:logout"


def is_door(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.view_name in DOORS


def leads_to_door(response: HttpResponse) -> ResolverMatch | None:
    """The page where a redirect leads, if one comes in there."""
    if not 300 <= response.status_code < 400:
        return None
    try:
        match = _page_of(response["Location"])
    except Resolver404:
        return None
    return match if match.view_name in DOORS else None


def may_enter(request: HttpRequest) -> bool:
    return admin.site.has_permission(request)


def door(request: HttpRequest, address: str, kept: Kept) -> HttpResponse:
    """The page of this address, as if the person had asked for it, with what was typed in a hidden field."""
    parts = urlsplit(address)
    match = _page_of(address)
    request.kept = carried(kept)  # type: ignore[attr-defined]
    request.method = request.META["REQUEST_METHOD"] = "GET"
    request.META["QUERY_STRING"] = parts.query
    request.path, request.path_info = parts.path, _inside(parts.path)
    request.GET, request.POST = QueryDict(parts.query), QueryDict()
    request.resolver_match = match
    return finished(match.func(request, *match.args, **match.kwargs))


def carried(kept: Kept) -> dict[str, Any]:
    """What a template needs to hand it on. Too long for a form, it stays in the browser's previous page only."""
    return {"field": FIELD, "text": kept.text() if kept.fits() else "", "kept": kept}


def way_back(request: HttpRequest, kept: Kept, at_once: bool = False) -> HttpResponse:
    """`at_once`: right after signing in, a script presses the button; the form that comes back is not saved."""
    if kept.user and kept.user != str(request.user.pk):
        return _page(request, kept, "other", status=409)
    match = _page_of(kept.path)
    if _form_admin(match):
        return _page(request, kept, "form", at_once=at_once and kept.fits())
    case = "send" if _may_be_sent_again(kept, match) else "look"
    return _page(request, kept, case, texts=_texts(kept, match))


def _may_be_sent_again(kept: Kept, match: ResolverMatch) -> bool:
    """Not what lost its file or its password, nor what deletes: those start again from their own page."""
    starts_again = re.search(r"delete|undo|password", str(match.url_name))
    return kept.fits() and not (kept.files or starts_again or "action" in dict(kept.pairs))


def not_taken(request: HttpRequest, kept: Kept, case: str) -> HttpResponse:
    """Cases: « forbidden » (the account lost the right), « gone » (what was edited does not exist any more)."""
    match = _page_of(kept.path)
    return _page(request, kept, case, status=403 if case == "forbidden" else 404, texts=_texts(kept, match))


def unreadable(request: HttpRequest) -> HttpResponse:
    return _page(request, None, "unreadable", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """An editor's form that is too old comes back; anything else gets the plain page.

    What another site makes a browser send brings nothing back: it names its origin.
    """
    match = request.resolver_match
    if match is None or match.app_name != "admin" or _is_foreign(request) or not request.accepts("text/html"):
        return plain_csrf_failure(request, reason)
    kept = Kept.read(request.POST.get(FIELD, ""))
    if kept is None:
        if is_door(request) or match.view_name == _LOGOUT:
            return plain_csrf_failure(request, reason)
        kept = Kept.of(request, TOO_OLD)
    if may_enter(request):
        return way_back(request, kept)
    return door(request, admin_login(kept.path), kept)


def admin_login(path: str) -> str:
    return redirect_to_login(path, reverse("admin:login")).url


def too_large(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(render_to_string("too_large.html", request=request), status=413)
    add_never_cache_headers(response)
    return response


def finished(response: HttpResponse) -> HttpResponse:
    if isinstance(response, TemplateResponse) and not response.is_rendered:
        response.render()
    add_never_cache_headers(response)
    response[HEADER] = "1"
    return response


def _inside(path: str) -> str:
    return "/" + path.removeprefix(get_script_prefix())


def _page_of(address: str) -> ResolverMatch:
    return resolve(_inside(urlsplit(address).path))


def _is_foreign(request: HttpRequest) -> bool:
    origin = request.META.get("HTTP_ORIGIN")
    return origin is not None and origin != f"{request.scheme}://{request.get_host()}"


def _form_admin(match: ResolverMatch) -> "ModelAdmin[Any] | None":
    """The admin behind a form that can be shown filled and not saved."""
    found = getattr(match.func, "model_admin", None)
    is_form = str(match.url_name).endswith(("_add", "_change"))
    return found if is_form and getattr(found, "shows_kept", False) else None


def can_show(request: HttpRequest) -> bool:
    return request.resolver_match is not None and _form_admin(request.resolver_match) is not None


def _page(
    request: HttpRequest, kept: Kept | None, case: str, status: int = 200, at_once: bool = False, texts: Any = ()
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "case": case,
        "kept": kept,
        "carried": carried(kept) if kept else None,
        "at_once": at_once,
        "is_expired": kept is not None and kept.why == EXPIRED,
        "texts": texts,
        "title": _TITLES[case],
        "subtitle": None,
    }
    return finished(TemplateResponse(request, "admin/kept.html", context, status=status))


_TITLES = {
    "form": "Votre saisie est là",
    "send": "Votre envoi n’est pas parti",
    "look": "Votre envoi n’est pas parti",
    "other": "Une saisie d’un autre compte attend",
    "forbidden": "Vous n’avez plus le droit d’enregistrer ici",
    "gone": "Ce que vous modifiez n’existe plus",
    "unreadable": "Cette saisie ne peut pas être reprise",
}


def _texts(kept: Kept, match: ResolverMatch) -> list[tuple[str, str]]:
    """The texts that a person typed, with the names of their fields: what is worth copying."""
    model_admin: Any = getattr(match.func, "model_admin", None)
    typed = [(name, value) for name, value in kept.pairs if not name.startswith("_") and re.search(r"\S\s+\S", value)]
    return [(_label(model_admin.model if model_admin else None, name), value) for name, value in typed]


def _label(model: Any, name: str) -> str:
    fields = {field.name: field for field in model._meta.get_fields()} if model else {}
    if (row := _ROW.fullmatch(name)) and (relation := fields.get(row[1])) and relation.related_model:
        parts = relation.related_model._meta
        names = {field.name: field.verbose_name for field in parts.fields}
        return f"{capfirst(parts.verbose_name)} {int(row[2]) + 1}, {names.get(row[3], 'texte')}"
    return capfirst(str(getattr(fields.get(name), "verbose_name", "texte")))
