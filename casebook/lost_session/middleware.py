"""Takes what was typed through the pages of the admin that ask who one is."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from casebook.lost_session import pages
from casebook.lost_session.kept import EXPIRED, FIELD, RESEND, TOO_OLD, Kept

SENT_BY_SCRIPT = "X-Sent-By-Script"  # static/js/admin-send.js asks for « 204, X-Location » instead of a redirect
UNSAVED, SAVED, LOCATION = (
    "X-Unsaved",
    "X-Saved",
    "X-Location",
)  # UNSAVED: nothing was written, send it again if need be
SAVED_COOKIE = "casebook_saved"  # the address of the form just saved: the browser drops its safety copy
_COOKIE_AGE = 600  # seconds


class TooLargeMiddleware:
    """A form too large for the server gets a page in French; it stands before the protection that reads the form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method != "POST":
            return None
        try:
            _ = request.POST
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            return pages.too_large(request)
        return None


class LostSessionMiddleware:
    """Stands after everything that knows who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.kept = request.resumed = None  # type: ignore[attr-defined]
        request.saved = False  # type: ignore[attr-defined]
        response = self.get_response(request)
        match = request.resolver_match
        if request.method != "POST" or match is None or match.app_name != "admin":
            return response
        return _answered(request, _followed(request, response))

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """What was carried is put back into the request; whoever is not signed in goes through the door first."""
        if request.method != "POST" or request.resolver_match.app_name != "admin" or FIELD not in request.POST:
            return None
        kept = Kept.read(request.POST[FIELD])
        if pages.is_door(request) or request.resolver_match.view_name == "admin:logout":
            if kept and request.resolver_match.view_name == "admin:login" and "username" not in request.POST:
                return pages.door(request, pages.admin_login(kept.path), kept)
            request.kept = kept and pages.carried(kept)
            return None
        if kept is None or kept.path != request.get_full_path():
            return pages.unreadable(request)
        request.kept = pages.carried(kept)
        if not pages.may_enter(request):
            return None
        if kept.user and kept.user != str(request.user.pk):
            return pages.way_back(request, kept)
        if pages.can_show(request):
            request.resumed = kept
        elif RESEND not in request.POST:
            return pages.way_back(request, kept)
        kept.put_back(request)
        return None

    def process_exception(self, request: Any, exception: Exception) -> HttpResponse | None:
        if request.resumed and isinstance(exception, PermissionDenied):
            return pages.not_taken(request, request.resumed, "forbidden")
        return None


def _followed(request: Any, response: HttpResponse) -> HttpResponse:
    """What was sent goes along to the door and back from it."""
    carried = request.kept["kept"] if request.kept else None
    if pages.leads_to_door(response) and request.accepts("text/html"):
        if not pages.is_door(request):
            return pages.door(request, response["Location"], carried or Kept.of(request, EXPIRED))
        return pages.door(request, response["Location"], carried) if carried else response
    if _is_redirect(response) and (request.resumed or _is_gone(request, response)):
        return pages.not_taken(request, request.resumed or Kept.of(request, TOO_OLD), "gone")
    if not carried or request.resumed:
        return response
    if request.resolver_match.view_name == "admin:logout":
        return pages.door(request, pages.admin_login(carried.path), carried)
    if pages.is_door(request) and _is_redirect(response) and pages.may_enter(request):
        return pages.way_back(request, carried, at_once=True)
    return response


def _is_redirect(response: HttpResponse) -> bool:
    return 300 <= response.status_code < 400


def _is_gone(request: Any, response: HttpResponse) -> bool:
    """The admin leaves the form of what does not exist any more for its first page."""
    return not request.saved and pages.can_show(request) and response["Location"] == reverse("admin:index")


def _answered(request: Any, response: HttpResponse) -> HttpResponse:
    if not _is_redirect(response):
        if not request.saved and response.status_code < 500 and pages.can_show(request):
            response[UNSAVED] = "1"
        return response
    if SENT_BY_SCRIPT in request.headers:
        answer = HttpResponse(status=204, headers={LOCATION: response["Location"]})
        answer.cookies = response.cookies
        if request.saved:
            answer[SAVED] = "1"
        return answer
    if request.saved:
        response.set_cookie(
            SAVED_COOKIE,
            quote(request.path),
            max_age=_COOKIE_AGE,
            path=reverse("admin:index"),
            secure=bool(settings.SESSION_COOKIE_SECURE),
            samesite="Lax",
        )
    return response
