"""The mission form as a member of a group is shown it, and what it answers."""

import re
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from projects.models import Mission
from tests import forms
from tests.conftest import ReadOnlyGetClient


def member(group: str) -> Client:
    user = User.objects.create_user(group, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = ReadOnlyGetClient()
    client.force_login(user)
    return client


def change_url(mission: Mission) -> str:
    return reverse("admin:projects_mission_change", args=[mission.pk])


def form_data(client: Client, url: str) -> dict[str, Any]:
    return dict(forms.form_data(client.get(url).text, "mission_form"))


def messages_of(page: Any) -> list[str]:
    return [re.sub(r"<[^>]+>", "", str(message)) for message in page.context["messages"]]


def errors_of(page: Any) -> dict[str, list[str]]:
    """All the errors of the form and its parts, by name of the field."""
    form = page.context["adminform"].form
    found = {name or "": list(map(str, errors)) for name, errors in form.errors.items()}
    for inline in page.context["inline_admin_formsets"]:
        for row in inline.formset.forms:
            found |= {f"{row.prefix}-{name}": list(map(str, errors)) for name, errors in row.errors.items()}
    return found
