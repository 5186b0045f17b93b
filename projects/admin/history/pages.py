"""The history of a thing: who changed what, when and why; two versions side by side; one of them put back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.views.decorators.http import require_GET, require_POST
from reversion.models import Revision

from casebook.accounts.names import account_name
from casebook.text import NBSP, NNBSP, french_list
from projects.history import recording, restoring, snapshots
from projects.history.comparison import Comparison, compare
from projects.history.kinds import KINDS
from projects.history.paragraphs import visible
from projects.history.snapshots import EMPTY, Names, Snapshot
from projects.history.telling import part_told, told
from projects.models import Mission

NOW = "actuel"
_BY_PAGE = 20
_SEES_PEOPLE = "people.view_person"


@dataclass(frozen=True)
class Line:
    """One revision as the history shows it."""

    pk: int
    moment: Any
    label: str
    who: str
    what: str
    why: str
    is_older: bool  # chosen as the older side when the page opens
    is_newer: bool


def addresses(model_admin: Any) -> list[URLPattern]:
    name = f"{model_admin.opts.app_label}_{model_admin.opts.model_name}"

    def address(last: str, view: Callable[..., HttpResponse], method: Callable[..., Any]) -> URLPattern:
        def found(request: HttpRequest, object_id: str) -> HttpResponse:
            thing = model_admin.get_object(request, unquote(object_id))
            if thing is None:
                raise Http404("Cette page n’existe pas ou plus.")
            if not model_admin.has_view_or_change_permission(request, thing):
                raise PermissionDenied
            return view(model_admin, request, thing)

        guarded = model_admin.admin_site.admin_view(method(found))
        pattern: URLPattern = path(f"<path:object_id>/history/{last}/", guarded, name=f"{name}_{last}")
        return pattern

    found = [address("comparer", _comparison, require_GET)]
    return [*found, address("retablir", _restore, require_POST)] if model_admin.model is Mission else found


def _address(model_admin: Any, thing: models.Model, page: str) -> str:
    opts = model_admin.opts
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[quote(thing.pk)])


# ------------------------------------------------------------------------------------------------- the list


def history(model_admin: Any, request: HttpRequest, thing: models.Model) -> HttpResponse:
    """Fourteen queries and some for what is named, whatever the number of revisions and of rows."""
    revisions = _revisions(model_admin.model, thing)
    page = Paginator(revisions, _BY_PAGE).get_page(request.GET.get("p"))
    context = {
        "page": page,
        "lines": _lines(request, model_admin.model, list(page), revisions),
        "now": NOW,
        "before": recording.BEFORE,
        "may_restore": _may_restore(request, thing),
        "is_locked": isinstance(thing, Mission) and thing.is_locked,
        "compare_url": _address(model_admin, thing, "comparer"),
        "restore_url": _address(model_admin, thing, "retablir") if isinstance(thing, Mission) else "",
    }
    return _screen(model_admin, request, thing, "history", f"Historique{NBSP}: {thing}", context)


def _revisions(model: Any, thing: models.Model) -> Any:
    versions = recording.versions_of(model, [thing.pk]).values("revision")
    return Revision.objects.filter(pk__in=versions).select_related("user").order_by("-pk")


def _lines(request: HttpRequest, model: Any, shown: list[Revision], revisions: Any) -> list[Line]:
    """Each revision of the page beside the one before it."""
    if not shown:
        return []
    older = revisions.filter(pk__lt=shown[-1].pk).first()
    every = [*shown, *([older] if older else [])]
    found = snapshots.of_revisions(model, [revision.pk for revision in every])
    names = Names(list(found.values()), request.user.has_perm(_SEES_PEOPLE))
    lines = []
    for rank, revision in enumerate(shown):
        before = every[rank + 1] if rank + 1 < len(every) else None
        lines.append(
            Line(
                pk=revision.pk,
                moment=revision.date_created,
                label=restoring.label(revision),
                who=who(revision),
                what=_what(model, found.get(before.pk) if before else None, found.get(revision.pk, EMPTY), names),
                why=visible(revision.comment),
                is_older=rank == min(1, len(shown) - 1),
                is_newer=rank == 0,
            )
        )
    return lines


def _what(model: Any, before: Snapshot | None, after: Snapshot, names: Names) -> str:
    if before is None:
        return "première version gardée"
    return told(compare(KINDS[model], before, after, names))


def who(revision: Revision) -> str:
    user = revision.user
    return visible(account_name(user)) if user else "Une commande du serveur"


def _may_restore(request: HttpRequest, thing: models.Model) -> bool:
    return isinstance(thing, Mission) and request.user.has_perm(restoring.CHANGE)


# ------------------------------------------------------------------------------------------------- two versions


def _comparison(model_admin: Any, request: HttpRequest, thing: models.Model) -> HttpResponse:
    """`de` and `a`: two revisions, or « actuel »; in whichever order, the older one comes first."""
    model = model_admin.model
    revisions = _revisions(model, thing)
    sides = [_side(revisions, request.GET.get(name, "")) for name in ("de", "a")]
    if None in sides:
        last = list(revisions[:2])
        if not last:
            raise Http404("Cette page n’a pas encore d’historique.")
        sides = [last[-1], last[0]]
    older, newer = sorted(sides, key=lambda side: float("inf") if side == NOW else side.pk)
    found = snapshots.of_revisions(model, [side.pk for side in (older, newer) if side != NOW])
    before, after = (snapshots.current(thing) if side == NOW else found[side.pk] for side in (older, newer))
    compared = compare(KINDS[model], before, after, Names([before, after], request.user.has_perm(_SEES_PEOPLE)))
    context = {
        "older": _named(older),
        "newer": _named(newer),
        "sentence": _sentence(compared),
        "fields": compared.fields,
        "groups": [
            (group, [(change, part_told(group, change)) for change in group.changes]) for group in compared.groups
        ],
        "may_restore": _may_restore(request, thing),
        "is_locked": isinstance(thing, Mission) and thing.is_locked,
        "restorable": [side for side in (_named(older), _named(newer)) if side["pk"]],
        "restore_url": _address(model_admin, thing, "retablir") if isinstance(thing, Mission) else "",
    }
    return _screen(model_admin, request, thing, "comparison", f"Comparaison{NBSP}: {thing}", context)


def _side(revisions: Any, asked: str) -> Any:
    if asked == NOW:
        return NOW
    return (
        revisions.filter(pk=int(asked)).first() if asked.isascii() and asked.isdecimal() and len(asked) < 15 else None
    )


def _named(side: Any) -> dict[str, Any]:
    if side == NOW:
        return {"pk": None, "label": "l’état actuel", "who": ""}
    return {"pk": side.pk, "label": f"la version du {restoring.label(side)}", "who": who(side)}


def _sentence(compared: Comparison) -> str:
    if not compared:
        return "Ces deux versions disent la même chose."
    return f"De la première à la seconde, on {told(compared)}."


# ------------------------------------------------------------------------------------------------- the way back


def _restore(model_admin: Any, request: HttpRequest, thing: models.Model) -> HttpResponse:
    asked = request.POST.get("version", "")
    revision = _side(_revisions(model_admin.model, thing), asked) if asked != NOW else None
    back = HttpResponseRedirect(_address(model_admin, thing, "history"))
    if revision is None or not isinstance(thing, Mission):
        messages.error(request, "Cette version n’existe plus. Choisissez-en une autre dans l’historique.")
        return back
    try:
        restored = restoring.restore(thing, revision, request.user)  # type: ignore[arg-type]
    except restoring.Refused as refused:
        messages.error(request, str(refused))
        return back
    done = f"Version du {restoring.label(revision)} rétablie"
    model_admin.log_change(request, thing, f"{done}.")
    if restored.notes:
        messages.warning(request, f"N’a pas pu revenir{NBSP}: {french_list(list(map(visible, restored.notes)))}.")
    if restored.mission.pk == thing.pk:
        url = _address(model_admin, thing, "change")
        messages.success(request, format_html('{}. <a href="{}">Voir l’historique</a>', done, back.url))
        return HttpResponseRedirect(url)
    messages.success(
        request,
        f"{done} dans la copie de travail{NNBSP}; le site n’a pas changé. Publiez la copie quand elle est prête.",
    )
    return HttpResponseRedirect(_address(model_admin, restored.mission, "change"))


def _screen(
    model_admin: Any, request: HttpRequest, thing: models.Model, name: str, title: str, context: Mapping[str, Any]
) -> HttpResponse:
    frame = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "subtitle": None,
        "opts": model_admin.opts,
        "original": thing,
        "many": capfirst(str(model_admin.opts.verbose_name_plural)),
        "list_url": reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist"),
        "change_url": _address(model_admin, thing, "change"),
        "history_url": _address(model_admin, thing, "history"),
    }
    return TemplateResponse(request, f"admin/projects/history/{name}.html", frame | dict(context))
