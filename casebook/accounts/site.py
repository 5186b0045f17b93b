"""The admin site: Django's, with our way in, and the pages on accounts."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import URLPattern, path


class CasebookAdminSite(AdminSite):
    logout_template = "admin/accounts/logged_out.html"

    def get_urls(self) -> list[Any]:
        from casebook.accounts import account, arriving, audit, entering

        def inside(route: str, view: Callable[..., Any], name: str) -> URLPattern:
            return path(route, self.admin_view(view), name=name)

        own: list[Any] = [
            path("login/code/", entering.code_step, name="login_code"),
            path("login/telephone/", entering.enrol_step, name="login_enrol"),
            path("acces/<str:token>/", arriving.arrive, name="access_link"),
            path("mot-de-passe-oublie/", arriving.forgotten, name="forgotten"),
            inside("mon-compte/", account.account, "account"),
            inside("mon-compte/telephone/", account.enrol_phone, "account_phone"),
            inside("mon-compte/second-facteur/", account.change_second_factor, "account_second_factor"),
            inside("mon-compte/sessions/", account.end_other_sessions, "account_sessions"),
            inside("r/<path:content_type_id>/<path:object_id>/", self.view_on_site, "view_on_site"),
            inside("qui-a-fait-quoi/", audit.audit_page, "audit"),
            inside("qui-a-fait-quoi/export/", audit.audit_csv, "audit_csv"),
        ]
        return own + super().get_urls()

    def view_on_site(self, request: HttpRequest, content_type_id: str, object_id: str) -> Any:
        """Django's own leads anybody of the staff there; the address of a draft has words of its title."""
        known = ContentType.objects.filter(pk=content_type_id).first() if content_type_id.isdecimal() else None
        model_admin = self._registry.get(known.model_class()) if known else None  # type: ignore[arg-type]
        if model_admin is None or not model_admin.has_view_permission(request):
            raise PermissionDenied
        return shortcut(request, content_type_id, object_id)

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        from casebook.accounts.entering import Enter

        if request.method == "GET" and self.has_permission(request):
            return redirect("admin:index")
        request.current_app = self.name
        return Enter.as_view(extra_context=extra_context)(request)

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        from casebook.accounts.journal import Kind, journal
        from casebook.models import SiteIdentity

        if request.method == "POST":
            user: Any = request.user
            journal(user, user, "Déconnexion.", Kind.LOGOUT)
        return super().logout(request, {"site": SiteIdentity.current(), "title": "À bientôt"} | (extra_context or {}))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        from casebook.accounts.account import ChangePassword

        return ChangePassword.as_view()(request)
