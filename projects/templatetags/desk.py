"""The desk, for the first page of the admin: `{% desk as desk %}`."""

from typing import Any

from django import template

from projects.admin import desk as subject

register = template.Library()


@register.simple_tag(takes_context=True)
def desk(context: Any) -> subject.Desk | None:
    return subject.desk(context["request"].user)
