from django.apps import apps
from django.contrib.admin.apps import AdminConfig


class CasebookAdmin(AdminConfig):
    """Django's admin on our own site: its login has steps, and its pages on accounts are ours."""

    default = False
    default_site = "casebook.accounts.site.CasebookAdminSite"

    def ready(self) -> None:
        """Our pages on people take the place of those that the libraries have just registered."""
        super().ready()
        apps.get_app_config("auth").verbose_name = "Accès"
        from casebook.accounts import lockout, sessions, users  # noqa: F401  their signals, and these pages
