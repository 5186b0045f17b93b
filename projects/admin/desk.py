"""The desk, first page of the admin: what waits for who signed in, and how far the edition of the year is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode, urljoin

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from casebook.accounts.names import account_name
from casebook.dates import moment
from casebook.text import NBSP, french_list, plural
from projects.admin.filters import MISSING
from projects.models import Edition, ImportBatch, MethodUse, Mission
from projects.models.mission import State

DRAFTS, BATCHES, CHANGES = 8, 5, 10  # lines of each list
MAX_SEGMENTS = 60  # of the bar of progress, one per mission
_OPEN = [State.DRAFT, State.REVIEW]
# one and several, in the order in which they are told
_NAMES: dict[str, tuple[str, str]] = {
    State.PUBLISHED: ("fiche publiée", "fiches publiées"),
    State.REVIEW: ("fiche en relecture", "fiches en relecture"),
    State.DRAFT: ("fiche en brouillon", "fiches en brouillon"),
    State.ARCHIVED: ("fiche archivée", "fiches archivées"),
}
_CATALOGUE_APPS = ["people", "projects", "casebook"]


@dataclass(frozen=True)
class Task:
    """Something that waits: « 3 fiches en relecture », where to see them, what to do there."""

    label: str
    url: str
    what: str


@dataclass(frozen=True)
class Draft:
    mission: Mission
    missing: str
    url: str


@dataclass(frozen=True)
class Share:
    """The missions of an edition in one state."""

    state: str
    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Progress:
    """How far an edition is. `segments`: the state of each mission in book order, when there are few enough to show."""

    edition: Edition
    published: int
    total: int
    url: str
    shares: list[Share] = field(default_factory=list)
    segments: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    when: datetime
    who: str
    what: str
    thing: str
    url: str
    history_url: str


@dataclass(frozen=True)
class Desk:
    tasks: list[Task]
    progress: Progress | None
    drafts: list[Draft]
    batches: list[ImportBatch]
    changes: list[Change]


def desk(user: User | AnonymousUser) -> Desk | None:
    """What this person may see of it, in a fixed number of queries; nothing for those who may not see missions."""
    if not user.has_perm("projects.view_mission"):
        return None
    batches = _batches() if user.has_perm("projects.view_importbatch") else []
    return Desk(list(_tasks(user, batches)), _progress(), _drafts(), batches[:BATCHES], _changes(user))


def _missions_url(**parameters: Any) -> str:
    return f"{reverse('admin:projects_mission_changelist')}?{urlencode(parameters)}"


def _batches() -> list[ImportBatch]:
    """The imports under way, the latest first, without what was read."""
    waiting = [ImportBatch.State.READING, ImportBatch.State.REVIEW, ImportBatch.State.FAILED]
    batches = ImportBatch.objects.filter(state__in=waiting).select_related("user", "edition")
    return list(batches.defer("document", "created", "before"))


def _tasks(user: User | AnonymousUser, batches: list[ImportBatch]) -> Iterator[Task]:
    review = Mission.objects.without_copies().filter(state=State.REVIEW).count()
    if review and user.has_perm("projects.publish_mission"):
        url = _missions_url(state__exact=State.REVIEW)
        yield Task(plural(review, *_NAMES[State.REVIEW]), url, "À relire, puis à publier.")
    if read := sum(batch.state == ImportBatch.State.REVIEW for batch in batches):
        url = reverse("admin:projects_importbatch_changelist")
        yield Task(
            plural(read, "import à relire", "imports à relire"), url, "Les doutes à régler avant les brouillons."
        )
    yield from _copies(user)
    yield from _scheduled()
    proposed = MethodUse.objects.filter(state=MethodUse.State.PROPOSED).count()
    if proposed and user.has_perm("projects.change_mission"):
        label = plural(proposed, "méthode proposée", "méthodes proposées")
        yield Task(label, reverse("admin:projects_tagging_catalogue"), "À confirmer, à corriger ou à refuser.")


def _copies(user: User | AnonymousUser) -> Iterator[Task]:
    states = list(Mission.objects.exclude(working_copy_of=None).order_by().values_list("state", flat=True))
    review = states.count(State.REVIEW) if user.has_perm("projects.publish_mission") else 0
    if review:
        label = plural(review, "copie de travail en relecture", "copies de travail en relecture")
        yield Task(label, _missions_url(copie="relecture"), "À relire, puis à publier.")
    if others := len(states) - review:
        label = plural(others, "copie de travail", "copies de travail")
        what = "Des changements que le site ne montre pas encore."
        yield Task(f"{label} en cours", _missions_url(copie="avec"), what)


def _scheduled() -> Iterator[Task]:
    """The editions that have a date, the first to come out first."""
    editions: Any = Edition.objects.exclude(publish_at=None).order_by("publish_at", "pk")
    for edition in editions:
        is_late = edition.publish_at <= timezone.now()
        what = "La date est passée : voyez ce qui bloque." if is_late else f"Paraîtra {moment(edition.publish_at)}."
        yield Task(str(edition), reverse("admin:projects_edition_change", args=[edition.pk]), what)


def _drafts() -> list[Draft]:
    """Those that were touched last, each with what it lacks."""
    lacks = {f"lacks_{slug.replace('-', '_')}": condition() for slug, (_, condition) in MISSING.items()}
    missions: Any = Mission.objects.filter(state__in=_OPEN).select_related("edition").annotate(**lacks)
    return [
        Draft(mission, _told_missing(mission), reverse("admin:projects_mission_change", args=[mission.pk]))
        for mission in missions.order_by("-updated_at", "-pk")[:DRAFTS]
    ]


def _told_missing(mission: Any) -> str:
    """« Il manque le thème, … » in words, or nothing."""
    labels = [label for slug, (label, _) in MISSING.items() if getattr(mission, f"lacks_{slug.replace('-', '_')}")]
    return f"Il manque{NBSP}: {french_list(labels)}." if labels else ""


def _progress() -> Progress | None:
    """Of the latest edition that has missions."""
    own = Mission.objects.filter(working_copy_of=None)
    edition = Edition.objects.filter(missions__in=own.order_by()).order_by("-slug").first()
    if edition is None:
        return None
    mine = own.filter(edition=edition)
    counts = dict(mine.order_by().values_list("state").annotate(Count("pk")))
    url = partial(_missions_url, edition__id__exact=edition.pk)
    shares = [
        Share(state, plural(counts[state], *names), counts[state], url(state__exact=state))
        for state, names in _NAMES.items()
        if state in counts
    ]
    total = sum(counts.values())
    segments = list(mine.in_book_order().values_list("state", flat=True)) if total <= MAX_SEGMENTS else []
    return Progress(edition, counts.get(State.PUBLISHED, 0), total, url(), shares, segments)


def _changes(user: User | AnonymousUser) -> list[Change]:
    """Of the things that this person may see."""
    seen = Q(pk=None)
    for app in _CATALOGUE_APPS:
        models = [model._meta.model_name for model in apps.get_app_config(app).get_models()]
        allowed = [name for name in models if user.has_perm(f"{app}.view_{name}")]
        seen |= Q(content_type__app_label=app, content_type__model__in=allowed)
    entries = LogEntry.objects.filter(seen)
    latest = entries.select_related("user", "content_type").order_by("-action_time", "-pk")
    return [_change(entry) for entry in latest[:CHANGES]]


def _change(entry: LogEntry) -> Change:
    url = "" if entry.is_deletion() else entry.get_admin_url() or ""
    what = "Suppression." if entry.is_deletion() else entry.get_change_message() or "Modification."
    who = account_name(entry.user)
    history_url = urljoin(url, "../history/") if url else ""  # beside the form, whatever the thing
    return Change(entry.action_time, who, what, entry.object_repr, url, history_url)
