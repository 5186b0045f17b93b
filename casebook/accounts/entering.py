"""The login in its steps. Until the last one is passed nobody is logged in: the session only notes who knew a password.

password → code of the second factor, where there is one
         → enrolment of a phone, where one is required
         → in
"""

import time
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME, login
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp import login as prove_session
from django_otp.models import Device

from casebook.accounts import lockout, second_factor
from casebook.accounts.address import client_address
from casebook.accounts.forms import CodeForm, EnterForm
from casebook.accounts.journal import Kind, journal
from casebook.text import NNBSP, plural

_SESSION = "entering"
_LIFE = 10 * 60  # seconds between the password and the last step


@dataclass(frozen=True)
class Step:
    """Who gave the right password, and when; `key`: the secret that a phone is to take, where one is to be enrolled."""

    user: int
    proof: str
    at: int
    key: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Step | None":
        kept = request.session.get(_SESSION)
        step = cls(**kept) if kept else None
        return step if step and 0 <= time.time() - step.at <= _LIFE else None

    def person(self) -> User | None:
        """None when the account was closed or its password changed meanwhile."""
        user = User.objects.filter(pk=self.user, is_active=True, is_staff=True).first()
        return user if user and constant_time_compare(user.get_session_auth_hash(), self.proof) else None


class Enter(LoginView):
    """The first step, in the admin's own page."""

    authentication_form = EnterForm
    template_name = "admin/login.html"

    def form_valid(self, form: Any) -> HttpResponse:
        return begin(self.request, form.get_user())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Django's view names the site after its address; ours has a name, which every template has."""
        context = super().get_context_data(**kwargs)
        del context["site"], context["site_name"]
        return context | page(self.request, "Connexion") | {"next": wanted(self.request)}


def begin(request: HttpRequest, user: User) -> HttpResponse:
    """The password is right, or stands newly chosen: what is next for this person."""
    device = second_factor.device_of(user)
    if device is None and not second_factor.required(user):
        return enter(request, user)
    request.session.flush()  # nothing of who sat here before; and no session known beforehand
    step = Step(user.pk, user.get_session_auth_hash(), int(time.time()), "" if device else second_factor.new_key())
    request.session[_SESSION] = asdict(step)
    if device:
        return _code_page(request, CodeForm())
    return _enrol_page(request, user, step.key, CodeForm())


def enter(request: HttpRequest, user: User, device: Device | None = None, how: str = "") -> HttpResponse:
    admit(request, user, device, how)
    return redirect(wanted(request))


def admit(request: HttpRequest, user: User, device: Device | None, how: str) -> None:
    """Log in for good: a new session key, and the note of which device proved it."""
    request.session.pop(_SESSION, None)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    if device is not None:
        prove_session(request, device)
    journal(user, user, f"Connexion depuis {client_address(request) or 'une adresse inconnue'}{how}.", Kind.LOGIN)


def wanted(request: HttpRequest) -> str:
    """The page asked for before the login, if it is one of ours."""
    address = request.POST.get(REDIRECT_FIELD_NAME, request.GET.get(REDIRECT_FIELD_NAME, ""))
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return str(address)
    return reverse("admin:index")


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("code")
@never_cache
@csrf_protect
def code_step(request: HttpRequest) -> HttpResponse:
    """The code of the phone, or a recovery code."""
    step = Step.of(request)
    user = step.person() if step else None
    if user is None or (step and step.key):
        return _from_the_start(request)
    if request.method == "GET":
        return _code_page(request, CodeForm())
    if lockout.is_locked(request, user.get_username()):
        return HttpResponse(status=429)
    form = CodeForm(request.POST)
    if form.is_valid():
        proof = second_factor.prove(user, form.cleaned_data["code"])
        if proof.device:
            return enter(
                request, user, proof.device, ", avec un code de secours" if proof.recovery else ", avec un code"
            )
        form.add_error("code", _wrong_code(proof.wait))
        if not proof.wait:
            lockout.count_failure(request, user.get_username())
    return _code_page(request, form)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("code")
@never_cache
@csrf_protect
def enrol_step(request: HttpRequest) -> HttpResponse:
    """The phone of somebody who must have one; then the recovery codes, from which one goes on by the same address."""
    if request.method == "POST" and admin.site.has_permission(request):
        return redirect(wanted(request))
    step = Step.of(request)
    user = step.person() if step else None
    if step is None or user is None or not step.key:
        return _from_the_start(request)
    form = CodeForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _enrol_page(request, user, step.key, form)
    codes = second_factor.enrol(user, step.key, form.cleaned_data["code"])
    if codes is None:
        form.add_error("code", ENROL_ERROR)
        return _enrol_page(request, user, step.key, form)
    admit(request, user, second_factor.device_of(user), ", avec un nouveau téléphone")
    journal(user, user, "Téléphone enregistré.", Kind.SECOND_FACTOR)
    context = page(request, "Vos codes de secours") | {"codes": codes, "next": wanted(request)}
    return TemplateResponse(request, "admin/accounts/codes_step.html", context)


ENROL_ERROR = (
    "Ce code n’est pas celui que le téléphone devrait calculer. Attendez le suivant, et vérifiez que l’heure du "
    "téléphone est juste."
)


def _wrong_code(wait: int) -> str:
    if wait:
        return f"Trop d’essais rapprochés{NNBSP}; ce code n’a pas été lu. Réessayez dans {plural(wait, 'seconde')}."
    return (
        "Ce code n’est pas bon, ou il a déjà servi. Attendez que le téléphone en montre un autre, ou écrivez un "
        "code de secours."
    )


def _from_the_start(request: HttpRequest) -> HttpResponseRedirect:
    """The steps are over, or were begun too long ago."""
    next_page = wanted(request)
    return HttpResponseRedirect(f"{reverse('admin:login')}?{_query(next_page)}")


def _query(next_page: str) -> str:
    from urllib.parse import urlencode

    return urlencode({REDIRECT_FIELD_NAME: next_page})


def _code_page(request: HttpRequest, form: CodeForm) -> HttpResponse:
    context = page(request, "Votre code") | {"form": form, "next": wanted(request)}
    return TemplateResponse(request, "admin/accounts/code_step.html", context)


def _enrol_page(request: HttpRequest, user: User, key: str, form: CodeForm) -> HttpResponse:
    context = page(request, "Protéger votre compte") | enrolment(user, key) | {"form": form, "next": wanted(request)}
    return TemplateResponse(request, "admin/accounts/enrol_step.html", context)


def enrolment(user: User, key: str) -> dict[str, Any]:
    """What a page shows of the secret, for the phone to take it."""
    return {"qr_code": second_factor.qr_code(user, key), "key": second_factor.key_in_groups(key)}


def page(request: HttpRequest, title: str) -> dict[str, Any]:
    """What every page before the admin's own takes."""
    return {
        **admin.site.each_context(request),
        "title": title,
        "subtitle": None,
        "by_email": bool(settings.EMAIL_HOST),
        "session_is_over": getattr(request, "session_is_over", False),
        "idle_minutes": settings.SESSION_IDLE_MINUTES,
    }
