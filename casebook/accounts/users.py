"""People who come into the admin, and their groups: for those who manage accounts. Nobody types another's password."""

from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from casebook.accounts import links, second_factor
from casebook.accounts.journal import Kind, journal
from casebook.accounts.names import account_name
from casebook.accounts.rights import groups_to_give, may_act_on, would_be_last
from casebook.accounts.sessions import end_sessions
from casebook.admin import CatalogueAdmin
from casebook.text import NBSP, french_list, plural

# Registered by their libraries: pages that show secrets, or where one types another's password.
for model in (User, Group, TOTPDevice, StaticDevice):
    admin.site.unregister(model)

SHUT_OUT = "Sans coche, la personne est déconnectée aussitôt et ne peut plus entrer. Ce qu’elle a fait reste à son nom."
WHAT_GROUPS_DO = "Les rédacteurs écrivent, les éditeurs publient aussi, les administrateurs gèrent aussi les accès."
ASK_ANOTHER = "Ce sont vos propres droits : seule une autre personne peut les changer."


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """`actor`: who fills it in; the groups offered are those that this person may give."""

    actor: User

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "groups", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name", "email"):
            if name in self.fields:
                self.fields[name].required = True
        if "email" in self.fields:
            self.fields["email"].label = "Adresse électronique"
        if "groups" in self.fields:
            self._ask_groups()
        if "is_active" in self.fields:
            self.fields["is_active"].label = "Accès ouvert"
            self.fields["is_active"].help_text = SHUT_OUT

    def _ask_groups(self) -> None:
        field: Any = self.fields["groups"]
        field.queryset = groups_to_give(self.actor)
        field.required = True
        field.error_messages["required"] = "Choisissez au moins un groupe : sans groupe, la personne ne verrait rien."
        field.help_text = WHAT_GROUPS_DO

    def clean_email(self) -> str:
        """In small letters: an invited person's address is also the name to log in with."""
        email = str(self.cleaned_data["email"]).strip().lower()
        others = User.objects.exclude(pk=self.instance.pk)
        if others.filter(email__iexact=email).exists() or others.filter(username__iexact=email).exists():
            raise forms.ValidationError("Une autre personne a déjà cette adresse. Cherchez-la dans la liste.")
        return email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.instance.pk and {"groups", "is_active"} <= set(self.fields) and not self.errors:
            person = User.objects.get(pk=self.instance.pk)
            if would_be_last(person, list(data["groups"]), data["is_active"]):
                raise forms.ValidationError(
                    "C’est la dernière personne qui peut gérer les accès. Donnez d’abord ce rôle à quelqu’un "
                    "d’autre, et attendez que cette personne soit entrée."
                )
        return data


@admin.register(User)
class PersonAdmin(CatalogueAdmin):
    """People are invited, changed and shut out, never deleted: what they did stays under their name."""

    new_title = "Inviter une personne"
    form = PersonForm
    shows_kept = False  # the answer to an invitation is a page, shown once
    list_display = ["shown_name", "email", "shown_groups", "shown_state", "shown_factor", "shown_login"]
    list_display_links = ["shown_name"]
    list_filter = ["is_active", "groups"]
    search_fields = ["first_name", "last_name", "email", "username"]
    ordering = ["last_name", "first_name", "username"]
    actions = None
    change_form_template = "admin/accounts/person.html"
    change_list_template = "admin/accounts/people.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        phones = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        people: QuerySet[User] = super().get_queryset(request)
        return people.prefetch_related("groups").select_related("access_link").annotate(has_factor=Exists(phones))

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["first_name", "last_name", "email", "groups"]})]
        return [
            (None, {"fields": ["shown_username", "first_name", "last_name", "email"]}),
            ("Ce que cette personne peut faire", {"fields": ["groups", "is_active"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return ["shown_username", *(["groups", "is_active"] if obj and obj.pk == request.user.pk else [])]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["widget"] = forms.CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Without the « add » and « change » of a group beside the groups."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "groups" and field is not None:
            field.widget = getattr(field.widget, "widget", field.widget)
        return field

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.actor = request.user
        return form

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """No question about a password or a secret by the list's address."""
        asked = lookup.split("__", maxsplit=1)[0]
        return asked in {"is_active", "groups"} and super().lookup_allowed(lookup, value, request)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        actor: Any = request.user
        return allowed and (obj is None or may_act_on(actor, obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only an invitation that nobody took up may be deleted."""
        if obj is None or not super().has_delete_permission(request, obj):
            return False
        return links.is_invited(obj) and obj.last_login is None and self.has_change_permission(request, obj)

    @admin.display(description="personne", ordering="last_name")
    def shown_name(self, person: User) -> str:
        return account_name(person)

    @admin.display(description="identifiant")
    def shown_username(self, person: User) -> str:
        return person.username

    @admin.display(description="groupes")
    def shown_groups(self, person: User) -> str:
        return french_list(sorted(group.name for group in person.groups.all())) or (
            "tous les droits" if person.is_superuser else "aucun"
        )

    @admin.display(description="accès")
    def shown_state(self, person: User) -> str:
        if not person.is_active:
            return "fermé"
        if not links.is_invited(person):
            return "ouvert"
        link = getattr(person, "access_link", None)
        if link and link.used_at is None and link.expires_at > timezone.now():
            return f"invitation jusqu’au {date_format(timezone.localtime(link.expires_at), 'j F')}"
        return "invitation périmée"

    @admin.display(description="second facteur", boolean=False)
    def shown_factor(self, person: Any) -> str:
        return "oui" if person.has_factor else "non"

    @admin.display(description="dernière connexion", ordering="last_login")
    def shown_login(self, person: User) -> str:
        return date_format(timezone.localtime(person.last_login), "j F Y") if person.last_login else "jamais"

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.username, obj.is_staff = obj.email, True
            obj.set_unusable_password()
        else:
            before = User.objects.get(pk=obj.pk)
            request.before = (before, [group.name for group in before.groups.order_by("name")])  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data and not obj.is_active:
            end_sessions(obj)
            links.revoke(obj)

    def log_addition(self, request: Any, obj: Any, message: Any) -> Any:
        journal(request.user, obj, f"Invitation en groupe {_groups(obj)}.", Kind.INVITATION)

    def log_change(self, request: Any, obj: Any, message: Any) -> Any:
        """Rights in words: « Rédacteurs → Éditeurs »."""
        before, groups = request.before
        changes = []
        if (now := _groups(obj)) != (then := french_list(groups) or "aucun"):
            changes.append(f"groupes{NBSP}: {then} → {now}")
        if before.is_active != obj.is_active:
            changes.append("accès rouvert" if obj.is_active else "accès fermé")
        if changes:
            words = ", ".join(changes)
            journal(request.user, obj, f"{words[0].upper()}{words[1:]}.", Kind.RIGHTS)
        if (before.email, before.first_name, before.last_name) != (obj.email, obj.first_name, obj.last_name):
            journal(request.user, obj, "Nom ou adresse changés.", Kind.CHANGE)

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: Any = None) -> HttpResponse:
        return self.hand_link(request, obj)

    def get_urls(self) -> list[Any]:
        def at(action: str, view: Any) -> Any:
            return path(f"<int:pk>/{action}/", self.admin_site.admin_view(require_POST(view)), name=f"person_{action}")

        own = [at("lien", self.new_link), at("second-facteur", self.remove_factor), at("sessions", self.end_sessions)]
        return own + super().get_urls()

    def _person(self, request: HttpRequest, pk: int) -> User:
        person = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        return person

    def new_link(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = self._person(request, pk)
        if not person.is_active:
            messages.error(request, "L’accès de cette personne est fermé. Ouvrez-le d’abord.")
            return redirect("admin:auth_user_change", pk)
        return self.hand_link(request, person)

    def hand_link(self, request: HttpRequest, person: User) -> HttpResponse:
        """Send the link where e-mail is set up; else, and where sending failed, show it this once."""
        address = request.build_absolute_uri(reverse("admin:access_link", args=[links.issue(person)]))
        kind = Kind.INVITATION if links.is_invited(person) else Kind.PASSWORD
        is_sent = links.by_email() and bool(person.email) and links.send(person, address)
        journal(request.user, person, "Lien d’accès envoyé." if is_sent else "Lien d’accès affiché.", kind)
        if is_sent:
            messages.success(request, f"Un lien est parti à {person.email}. Il sert une fois, pendant sept jours.")
            return redirect("admin:auth_user_change", person.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Un lien pour {self.shown_name(person)}",
            "subtitle": None,
            "person": person,
            "address": address,
            "failed": links.by_email(),
            "is_invited": links.is_invited(person),
        }
        response = TemplateResponse(request, "admin/accounts/link.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def remove_factor(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = self._person(request, pk)
        if person.pk == request.user.pk:
            return redirect("admin:account")
        if second_factor.remove(person):
            end_sessions(person)
            journal(request.user, person, "Second facteur retiré par un autre compte.", Kind.SECOND_FACTOR)
            messages.success(request, "Le second facteur est retiré, et la personne est déconnectée.")
        else:
            messages.info(request, "Cette personne n’a pas de second facteur.")
        return redirect("admin:auth_user_change", pk)

    def end_sessions(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = self._person(request, pk)
        keep = request.session.session_key if person.pk == request.user.pk else None
        count = end_sessions(person, keep)
        ended = plural(count, "session terminée", "sessions terminées")
        if count:
            journal(request.user, person, f"{ended}.", Kind.LOGOUT)
        messages.success(request, f"{ended}." if count else "Cette personne n’a pas de session ouverte.")
        return redirect("admin:auth_user_change", pk)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        person = context["original"]
        context |= {
            "person": person,
            "is_own": person is not None and person.pk == request.user.pk,
            "may_act": person is not None and self.has_change_permission(request, person),
            "person_state": self.shown_state(person) if person else "",
            "person_type": _type_of(person) if person else 0,
            "ask_another": ASK_ANOTHER,
            "by_email": links.by_email(),
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
        }
        if person is None:
            context["save_label"] = "Créer l’invitation"
        return super().render_change_form(request, context, *args, **kwargs)


def _groups(person: User) -> str:
    return french_list(list(person.groups.order_by("name").values_list("name", flat=True))) or "aucun"


def _type_of(person: User) -> int:
    from django.contrib.contenttypes.models import ContentType

    return int(ContentType.objects.get_for_model(person).pk)


_ACTIONS = {"view": "voir", "add": "ajouter", "change": "modifier", "delete": "supprimer", "publish": "publier"}


@admin.register(Group)
class GroupAdmin(CatalogueAdmin):
    """Shown, not changed: the groups belong to the site, and whoever changes them would change their own rights."""

    new_title = "Nouveau groupe"
    list_display = ["name", "shown_people"]
    search_fields = ["name"]
    ordering = ["name"]
    actions = None
    fields = ["name", "shown_people", "shown_rights"]
    readonly_fields = ["name", "shown_people", "shown_rights"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        groups: QuerySet[Group] = super().get_queryset(request)
        return groups.prefetch_related("user_set", "permissions__content_type")

    @admin.display(description="personnes")
    def shown_people(self, group: Group) -> str:
        return french_list(sorted(account_name(person) for person in group.user_set.all())) or "–"

    @admin.display(description="peut")
    def shown_rights(self, group: Group) -> str:
        """« mission : voir, ajouter », one kind of thing a line."""
        rights = defaultdict(list)
        for permission in group.permissions.all():
            model = permission.content_type.model_class()
            action = permission.codename.split("_")[0]
            if model:
                rights[str(model._meta.verbose_name)].append(_ACTIONS.get(action, permission.name))
        order = list(_ACTIONS.values())
        lines = [
            f"{thing}{NBSP}: {', '.join(sorted(can, key=lambda word: order.index(word) if word in order else 99))}"
            for thing, can in sorted(rights.items())
        ]
        return "\n".join(lines)
