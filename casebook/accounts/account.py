"""« Mon compte »: one's password, second factor and open sessions."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp import login as prove_session

from casebook.accounts import links, second_factor
from casebook.accounts.entering import ENROL_ERROR, enrolment
from casebook.accounts.forms import CodeForm, ConfirmForm, NewPasswordForm
from casebook.accounts.journal import Kind, journal
from casebook.accounts.sessions import end_sessions
from casebook.text import plural

_KEY = "second_factor_key"  # in the session: the secret of the phone being enrolled


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    values = {**admin.site.each_context(request), "title": title, "subtitle": None, **context}
    return TemplateResponse(request, f"admin/accounts/{template}.html", values)


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    return _account_page(request)


def _account_page(request: HttpRequest, form: ConfirmForm | None = None) -> HttpResponse:
    user: Any = request.user
    device = second_factor.device_of(user)
    return _page(
        request,
        "account",
        "Mon compte",
        device=device,
        codes_left=second_factor.codes_left(user) if device else 0,
        is_required=second_factor.required(user),
        form=form or ConfirmForm(request),
    )


class ChangePassword(PasswordChangeView):
    """The other sessions end by themselves: each holds a hash of the password."""

    form_class = NewPasswordForm
    template_name = "admin/accounts/password.html"
    success_url = reverse_lazy("admin:account")

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.request = self.request  # type: ignore[attr-defined]
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {"title": "Changer de mot de passe", "subtitle": None}
        return super().get_context_data(**kwargs) | admin.site.each_context(self.request) | own

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        user: Any = self.request.user
        links.revoke(user)
        end_sessions(user, keep=self.request.session.session_key)
        journal(user, user, "Mot de passe changé.", Kind.PASSWORD)
        messages.success(self.request, "Votre mot de passe est changé. Vos autres sessions sont terminées.")
        return response


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    count = end_sessions(user, keep=request.session.session_key)
    if count:
        journal(user, user, f"{plural(count, 'autre session terminée', 'autres sessions terminées')}.", Kind.LOGOUT)
        messages.success(request, f"{plural(count, 'autre session terminée', 'autres sessions terminées')}.")
    else:
        messages.info(request, "Vous n’avez pas d’autre session ouverte.")
    return redirect("admin:account")


@require_POST
@sensitive_post_parameters("password")
def change_second_factor(request: HttpRequest) -> HttpResponse:
    """What is asked of the second factor is done after the password: « telephone », « codes » or « retirer »."""
    form = ConfirmForm(request, request.POST)
    if not form.is_valid():
        return _account_page(request, form)
    user: Any = request.user
    asked = request.POST.get("action")
    if asked == "codes" and second_factor.device_of(user):
        codes = second_factor.renew_codes(user)
        journal(user, user, "Nouveaux codes de secours.", Kind.SECOND_FACTOR)
        return _page(request, "codes", "Vos codes de secours", codes=codes)
    if asked == "retirer" and not second_factor.required(user):
        if second_factor.remove(user):
            request.session.pop(DEVICE_ID_SESSION_KEY, None)
            end_sessions(user, keep=request.session.session_key)
            journal(user, user, "Téléphone retiré.", Kind.SECOND_FACTOR)
        messages.success(request, "Votre compte n’a plus de second facteur.")
        return redirect("admin:account")
    if asked == "telephone":
        request.session[_KEY] = second_factor.new_key()
        return redirect("admin:account_phone")
    return redirect("admin:account")


@require_http_methods(["GET", "POST"])
def enrol_phone(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    key = request.session.get(_KEY)
    if key is None:
        return redirect("admin:account")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = second_factor.enrol(user, key, form.cleaned_data["code"])
        if codes is not None:
            return _enrolled(request, user, codes)
        form.add_error("code", ENROL_ERROR)
    return _page(request, "phone", "Enregistrer un téléphone", form=form, **enrolment(user, key))


def _enrolled(request: HttpRequest, user: Any, codes: list[str]) -> HttpResponse:
    """This session is proved by the new phone; the others, which are not, end."""
    del request.session[_KEY]
    prove_session(request, second_factor.device_of(user))
    end_sessions(user, keep=request.session.session_key)
    journal(user, user, "Téléphone enregistré.", Kind.SECOND_FACTOR)
    return _page(request, "codes", "Vos codes de secours", codes=codes)
