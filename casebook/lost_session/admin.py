"""Forms of the admin that can be shown filled with what was typed, and not saved."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    _Base = ModelAdmin[Any]
else:
    _Base = object


def _unsaved(form: Any) -> bool:
    """Stands for `is_valid`: errors are shown if there are some, and nothing is written."""
    return False


class KeepingAdmin(_Base):
    """Mixin of the admins whose typed text comes back after a lost session (`casebook.lost_session`)."""

    shows_kept = True

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        if getattr(request, "resumed", None):
            form.is_valid = _unsaved
        return form

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.shows_kept:
            context["limits"] = {
                "fields": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
                "bytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """A form shown with its errors may hold no address, or one that leads nowhere."""
        try:
            return super().get_view_on_site_url(obj)
        except NoReverseMatch:
            return None

    def log_addition(self, request: Any, obj: Any, message: Any) -> Any:
        request.saved = True
        return super().log_addition(request, obj, message)

    def log_change(self, request: Any, obj: Any, message: Any) -> Any:
        request.saved = True
        return super().log_change(request, obj, message)
