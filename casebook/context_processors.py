from django.http import HttpRequest

from casebook.models import SiteIdentity


def site(request: HttpRequest) -> dict[str, SiteIdentity]:
    """`site` in every template: name, tagline, contact address (one query, or none where the page has none)."""
    return {"site": SiteIdentity.current()}
