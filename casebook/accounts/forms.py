"""The forms of the door, in French: what is asked, and what is said when it is wrong."""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.models import User
from django.http import HttpRequest

from casebook.text import NBSP

RULES = (
    "Au moins 12 caractères. Ni seulement des chiffres, ni un mot de passe courant, ni votre nom ou votre adresse. "
    "Quelques mots sans rapport entre eux conviennent très bien."
)
_MISMATCH = "Les deux mots de passe ne sont pas les mêmes. Écrivez-les de nouveau."
_REQUIRED = {"required": "Ce champ est à remplir."}


class EnterForm(AdminAuthenticationForm):
    error_messages = {
        "invalid_login": "Cet identifiant et ce mot de passe ne vont pas ensemble, ou ce compte n’ouvre pas "
        "l’administration. Les majuscules comptent.",
        "inactive": "Cet identifiant et ce mot de passe ne vont pas ensemble.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Identifiant"
        self.fields["password"].label = "Mot de passe"
        for field in self.fields.values():
            field.error_messages |= _REQUIRED

    def clean_username(self) -> str:
        """The names given by invitations are e-mail addresses, in small letters."""
        name = str(self.cleaned_data["username"])
        return name.lower() if "@" in name else name


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code",
        max_length=20,
        error_messages=_REQUIRED,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )


def _password(label: str, autocomplete: str = "new-password", help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        help_text=help_text,
        error_messages=_REQUIRED,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class ConfirmForm(forms.Form):
    """The password once more, before something that matters. A wrong one counts as a failed login."""

    password = _password("Votre mot de passe", "current-password")

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if authenticate(self.request, username=self.request.user.get_username(), password=password) is None:
            raise forms.ValidationError("Ce n’est pas votre mot de passe.")
        return password


class NewPasswordForm(PasswordChangeForm):
    error_messages = {
        "password_mismatch": _MISMATCH,
        "password_incorrect": f"Ce n’est pas votre mot de passe actuel{NBSP}: écrivez-le de nouveau.",
    }
    old_password = _password("Mot de passe actuel", "current-password")
    new_password1 = _password("Nouveau mot de passe", help_text=RULES)
    new_password2 = _password("Le même, une seconde fois")

    def clean_old_password(self) -> str:
        """As `ConfirmForm`: somebody who found the screen open may not try passwords for hours."""
        request: HttpRequest = self.request  # type: ignore[attr-defined]
        password = str(self.cleaned_data["old_password"])
        if authenticate(request, username=self.user.get_username(), password=password) is None:
            raise forms.ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return password


class ArrivalForm(SetPasswordForm):  # type: ignore[type-arg]
    """The page of an access link: a new password; and one's name, as it will stand beside what one does."""

    error_messages = {"password_mismatch": _MISMATCH}
    first_name = forms.CharField(label="Prénom", max_length=150, error_messages=_REQUIRED)
    last_name = forms.CharField(label="Nom", max_length=150, error_messages=_REQUIRED)
    new_password1 = _password("Mot de passe", help_text=RULES)
    new_password2 = _password("Le même, une seconde fois")
    field_order = ["first_name", "last_name", "new_password1", "new_password2"]

    def __init__(self, user: User, *args: Any, asks_name: bool, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        for name in ("first_name", "last_name"):
            if asks_name:
                self.fields[name].initial = getattr(user, name)
                self.fields[name].widget.attrs["autocomplete"] = (
                    name.replace("first", "given").replace("last", "family").replace("_", "-")
                )
            else:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """The names count among what a password may not resemble."""
        for name in ("first_name", "last_name"):
            if name in self.cleaned_data:
                setattr(self.user, name, self.cleaned_data[name])
        return super().clean() or {}


class ForgottenForm(forms.Form):
    name = forms.CharField(
        label="Identifiant ou adresse électronique",
        max_length=254,
        error_messages=_REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
