from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from casebook.models import SiteIdentity


def site(request: HttpRequest) -> dict[str, Any]:
    """`site` in every template: name, tagline, contact address (one query, or none where the page has none)."""
    return {"site": SimpleLazyObject(SiteIdentity.current)}
