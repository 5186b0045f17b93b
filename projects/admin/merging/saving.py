"""Before a mission is saved: what another person saved meanwhile is merged, or a person is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from casebook.accounts.names import account_name
from casebook.dates import moment
from casebook.text import NBSP, french_list
from projects.admin.merging import choices, screen, snapshot
from projects.admin.merging.forms import BASE, MissionForms, entries_of
from projects.admin.merging.merge import Merged, merge
from projects.admin.merging.naming import short_name
from projects.admin.merging.questions import unused_texts
from projects.admin.merging.snapshot import Kind, Snapshot
from projects.models import Mission

_PUBLISH = "_publish"


@dataclass(frozen=True)
class Kept:
    """What another person changed and that is kept beside what was sent: « titre », « chiffres clés »."""

    who: str
    names: list[str]
    is_held: bool  # publishing was asked, and waits until this is read


def carry_base(request: HttpRequest, context: dict[str, Any]) -> None:
    """The form goes out with what it shows; one that comes back with errors keeps what it came with."""
    form = context["adminform"].form
    mission = context["original"]
    if mission and not mission.is_locked and not form.is_bound and BASE in form.fields:
        form.initial[BASE] = MissionForms.shown_in(context).recorded.signed()


def save_together(
    model_admin: Any, request: HttpRequest, object_id: str | None, save: Callable[[], HttpResponse]
) -> HttpResponse:
    """`save` in one transaction with the comparison, the mission being locked: of two people who save at the same
    moment, the second one is told of the first."""
    if request.method != "POST" or object_id is None or getattr(request, "resumed", None):
        return save()
    with transaction.atomic():
        return _question(model_admin, request, unquote(object_id)) or save()


def tell(request: HttpRequest, is_saved: bool) -> None:
    """Say once what of another person's was kept."""
    kept: Kept | None = getattr(request, "kept_of_others", None)
    if kept is None:
        return
    request.kept_of_others = None  # type: ignore[attr-defined]
    said = f"Enregistrés par {kept.who}, ces changements"
    names = french_list(kept.names)
    if is_saved:
        messages.success(request, f"{said} ont été gardés{NBSP}: {names}.")
    else:
        messages.info(
            request, f"{said} sont repris dans ce formulaire, qui n’est pas encore enregistré{NBSP}: {names}."
        )
    if kept.is_held and is_saved:
        messages.warning(
            request,
            "La mission n’est pas publiée. Relisez-la avec ces changements, que vous n’aviez pas vus, puis publiez.",
        )


def _question(model_admin: Any, request: Any, object_id: str) -> HttpResponse | None:
    """The page to show instead of saving; nothing when what was sent, or its merge, may be saved."""
    if not object_id.isascii() or not object_id.isdecimal() or not model_admin.has_change_permission(request):
        return None
    mission = Mission.objects.select_for_update().filter(pk=object_id).order_by("pk").first()
    base = snapshot.read(request.POST.get(BASE, ""), int(object_id))
    if mission is None:
        return screen.gone(model_admin, request, base)
    if mission.is_locked:
        return _locked(model_admin, request, mission, base)
    forms = MissionForms.of(model_admin, request, mission)
    if base and (base.fields, base.parts) == (forms.recorded.fields, forms.recorded.parts):
        return None
    data = request.POST.copy()
    merged = merge(base, forms.sent(data, request.FILES, base), forms.recorded, forms.kinds, choices.read(data))
    who = saved_by(mission, base, request.user)
    if not merged.is_settled or unused_texts(merged, data, forms):
        return screen.conflicts(model_admin, request, forms, base, merged, who)
    _take(request, forms, merged, data, who)
    return None


def _locked(model_admin: Any, request: Any, mission: Mission, base: Snapshot | None) -> HttpResponse | None:
    """The mission went on the site, or has a working copy, since the form was shown."""
    if BASE not in request.POST:
        return None  # not the form that is filled
    request.shows_what_was_typed = True
    forms = MissionForms.of(model_admin, request, mission)
    sent = forms.sent(request.POST, request.FILES, base)
    request.shows_what_was_typed = False
    if not merge(base, sent, forms.recorded, forms.kinds).changed:
        how = f"elle est {mission.get_state_display()}" if mission.open_copy is None else "elle a une copie de travail"
        messages.info(request, f"Rien n’était à enregistrer. La mission ne se modifie plus ici{NBSP}: {how}.")
        request.saved = True  # for `casebook.lost_session`: what was typed is recorded
        return HttpResponseRedirect(request.get_full_path())
    return screen.locked(model_admin, request, forms, base, sent, saved_by(mission, base, request.user))


def _take(request: Any, forms: MissionForms, merged: Merged, data: Any, who: str) -> None:
    """The result stands in the request in place of what was sent."""
    forms.write(merged, data)
    for (_, name), kind in forms.kinds.items():
        if kind is not Kind.FILE:
            continue
        sent_before = data.get(choices.file_name(name))
        if sent_before and name not in request.FILES:
            text = (
                f"Le fichier «{NBSP}{sent_before}{NBSP}» n’a pas été choisi de nouveau{NBSP}: il n’est pas enregistré."
            )
            messages.warning(request, text)
        if merged.fields[name] == forms.recorded.fields[name]:
            request.FILES.pop(name, None)
            data.pop(f"{name}-clear", None)
    choices.clear(data)
    is_held = _PUBLISH in data and bool(merged.taken)
    if is_held:
        del data[_PUBLISH]
        data["_continue"] = "1"
    request.POST = data
    if merged.taken:
        names = list(dict.fromkeys(short_name(forms, place) for place in merged.taken))
        request.kept_of_others = Kept(who, names, is_held)


def saved_by(mission: Mission, base: Snapshot | None, user: Any) -> str:
    """Who saved since the form was shown, and when: « Aïcha Benali aujourd’hui à 14 h 32 », « une autre personne »."""
    entries = entries_of(mission).filter(pk__gt=base.last_entry if base else 0)
    found: list[Any] = list(entries.select_related("user")[:50])
    others = [entry for entry in found if entry.user_id != user.pk]
    if others:
        names = list(dict.fromkeys(account_name(entry.user) for entry in others))
        return f"{french_list(names)} {moment(others[0].action_time)}"
    return "vous-même dans une autre fenêtre" if found and base else "une autre personne"
