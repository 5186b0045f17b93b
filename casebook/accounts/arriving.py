"""The page of an access link, and the page that asks for one."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from casebook.accounts import entering, links
from casebook.accounts.address import client_address
from casebook.accounts.forms import ArrivalForm, ForgottenForm
from casebook.accounts.journal import Kind, journal
from casebook.accounts.sessions import end_sessions


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("new_password1", "new_password2")
@never_cache
@csrf_protect
def arrive(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password, once. The second factor is asked afterwards as after any password."""
    user = links.owner(token)
    if user is None:
        return _dead(request)
    is_invited = links.is_invited(user)
    form = ArrivalForm(user, request.POST or None, asks_name=is_invited)
    if request.method == "POST" and form.is_valid():
        if not _take(form, token, is_invited):
            return _dead(request)
        return entering.begin(request, user)
    title = "Bienvenue" if is_invited else "Choisir un nouveau mot de passe"
    context = entering.page(request, title) | {"form": form, "person": user, "is_invited": is_invited}
    return TemplateResponse(request, "admin/accounts/arrival.html", context)


@transaction.atomic
def _take(form: Any, token: str, is_invited: bool) -> bool:
    """False when the link served meanwhile, in another window."""
    if links.use(token) is None:
        return False
    user = form.save()
    end_sessions(user)
    words = "Invitation acceptée, mot de passe choisi." if is_invited else "Mot de passe choisi par un lien."
    journal(user, user, words, Kind.INVITATION if is_invited else Kind.PASSWORD)
    return True


def _dead(request: HttpRequest) -> HttpResponse:
    context = entering.page(request, "Ce lien ne sert plus")
    return TemplateResponse(request, "admin/accounts/dead_link.html", context, status=410)


@require_http_methods(["GET", "POST"])
@never_cache
@csrf_protect
def forgotten(request: HttpRequest) -> HttpResponse:
    """The same answer whoever asks, after the same time: nothing is looked up before it is sent."""
    form = ForgottenForm(request.POST or None)
    is_sent = links.by_email() and request.method == "POST" and form.is_valid()
    if is_sent:
        pattern = request.build_absolute_uri(reverse("admin:access_link", args=["TOKEN"]))
        links.ask(form.cleaned_data["name"], pattern, client_address(request) or "adresse inconnue")
    context = entering.page(request, "Mot de passe oublié") | {"form": form, "is_sent": is_sent}
    return TemplateResponse(request, "admin/accounts/forgotten.html", context)
