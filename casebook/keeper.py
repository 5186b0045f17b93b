"""What the admin hands over to whoever keeps a history and a bin: `projects` does, `casebook` knows only this."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern


class Keeper(Protocol):
    def addresses(self, model_admin: Any) -> Sequence[URLPattern]:
        """The pages beside those of the model."""

    def written(self, request: HttpRequest, thing: Model) -> None:
        """After a save with all its rows, in its transaction."""

    def history(self, model_admin: Any, request: HttpRequest, thing: Model) -> HttpResponse | None:
        """The page that stands for Django's own history; None leaves that one."""

    def deleting(self, request: HttpRequest, things: Iterable[Model]) -> Callable[[], None]:
        """Before a deletion, in its transaction; what it returns is called after, in the same one."""

    def told(self, model_admin: Any, things: Sequence[Model], found: Any) -> Any:
        """What the page that asks says will go; `found` is Django's own answer."""

    def deleted(self, request: HttpRequest) -> None:
        """After it: the message that leads back."""
