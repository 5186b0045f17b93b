"""« Qui a fait quoi »: what was done in the admin, by whom and when; for those who manage accounts, who can export it.

One union of tables, whose columns are those of `COLUMNS`. An app that keeps a table of its own adds its rows by
`sources.append(function)`: the function takes what is asked and gives a QuerySet annotated with them, or None.
"""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from axes.models import AccessFailureLog
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Case, CharField, F, IntegerField, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_POST

from casebook.accounts.journal import Kind, journal
from casebook.accounts.lockout import UNKNOWN
from casebook.cells import neutral
from casebook.text import NBSP, plural

MANAGE = "auth.change_user"
PER_PAGE = 50
COLUMNS = ("row_at", "row_pk", "row_who", "row_kind", "row_words", "row_about", "row_type", "row_id")
_ABOUT = re.compile(r"([0-9]{1,9})-([\w.-]{1,64})")
_MASK = re.compile(r"/(?:32|128)(?=\.?$)")  # PostgreSQL writes an address as a network


@dataclass(frozen=True)
class Asked:
    """The filters of the page; what is not understood does not filter."""

    who: str = ""
    kind: Kind | None = None
    about_type: int = 0
    about_id: str = ""
    first: date | None = None
    last: date | None = None

    @classmethod
    def of(cls, sent: Any) -> "Asked":
        kind = sent.get("quoi", "")
        about = _ABOUT.fullmatch(sent.get("objet", ""))
        return cls(
            who=sent.get("qui", "").replace("\x00", "")[:150],
            kind=Kind(int(kind)) if kind in {str(value) for value in Kind.values} else None,
            about_type=int(about[1]) if about else 0,
            about_id=about[2] if about else "",
            first=_day(sent.get("du", "")),
            last=_day(sent.get("au", "")),
        )

    def values(self) -> dict[str, str]:
        """As the page's address writes them."""
        values = {
            "qui": self.who,
            "quoi": str(self.kind.value) if self.kind else "",
            "objet": f"{self.about_type}-{self.about_id}" if self.about_type else "",
            "du": self.first.isoformat() if self.first else "",
            "au": self.last.isoformat() if self.last else "",
        }
        return {name: value for name, value in values.items() if value}

    def within(self, rows: QuerySet[Any], at: str) -> QuerySet[Any]:
        """Those whose date, in the column `at`, is within the days asked."""
        if self.first:
            rows = rows.filter(**{f"{at}__gte": _midnight(self.first)})
        if self.last:
            rows = rows.filter(**{f"{at}__lt": _midnight(self.last + timedelta(days=1))})
        return rows


def _day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 2000 <= day.year <= 2200 else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _entries(asked: Asked) -> QuerySet[Any] | None:
    """What `journal` noted, and the admin's own entries."""
    rows = asked.within(LogEntry.objects.order_by(), "action_time")
    if asked.who:
        rows = rows.filter(user__username=asked.who)
    if asked.kind:
        rows = rows.filter(action_flag=asked.kind)
    if asked.about_type:
        rows = rows.filter(content_type=asked.about_type, object_id=asked.about_id)
    found: QuerySet[Any] = rows.annotate(
        row_at=F("action_time"),
        row_pk=F("pk"),
        row_who=F("user__username"),
        row_kind=Cast("action_flag", IntegerField()),
        row_words=F("change_message"),
        row_about=Cast("object_repr", TextField()),
        row_type=F("content_type_id"),
        row_id=F("object_id"),
    )
    return found


def _failures(asked: Asked) -> QuerySet[Any] | None:
    """What django-axes noted of the logins that failed."""
    if asked.about_type or asked.kind not in {None, Kind.FAILURE, Kind.LOCKOUT}:
        return None
    rows = asked.within(AccessFailureLog.objects.order_by(), "attempt_time")
    if asked.who:
        rows = rows.filter(username=asked.who.casefold())
    if asked.kind:
        rows = rows.filter(locked_out=asked.kind == Kind.LOCKOUT)
    address = Concat(Value("Depuis "), Cast("ip_address", CharField()), Value("."), output_field=TextField())
    found: QuerySet[Any] = rows.annotate(
        row_at=F("attempt_time"),
        row_pk=F("pk"),
        row_who=F("username"),
        row_kind=Case(When(locked_out=True, then=Value(Kind.LOCKOUT.value)), default=Value(Kind.FAILURE.value)),
        row_words=address,
        row_about=Value("", output_field=TextField()),
        row_type=Value(0),
        row_id=Value("", output_field=TextField()),
    )
    return found


sources: list[Callable[[Asked], QuerySet[Any] | None]] = [_entries, _failures]


def rows(asked: Asked) -> QuerySet[Any]:
    """Tuples of `COLUMNS`, the latest first."""
    first, *others = [found.values_list(*COLUMNS) for source in sources if (found := source(asked)) is not None]
    union = first.union(*others, all=True) if others else first
    return union.order_by("-row_at", "-row_pk", "row_kind")


@dataclass(frozen=True)
class Line:
    at: datetime
    username: str
    name: str
    kind: str
    words: str
    about: str
    about_kind: str
    about_link: str
    about_value: str


class Lines:
    """Rows as a person reads them: what names they hold is read once."""

    def __init__(self) -> None:
        self.people = list(people())
        self.names = {user.username: user.get_full_name() for user in self.people}
        self.types = {one.pk: one for one in ContentType.objects.all()}

    def __call__(self, row: tuple[Any, ...]) -> Line:
        at, _, username, kind, words, about, type_id, about_id = row
        content_type = self.types.get(type_id)
        model = content_type.model_class() if content_type else None
        return Line(
            at=timezone.localtime(at),
            username=username or "",
            name=self._name(username or ""),
            kind=Kind(kind).label if kind in Kind.values else "",
            words=_MASK.sub("", _in_words(words)),
            about=about,
            about_kind=str(model._meta.verbose_name) if model else "",
            about_link=_link(model, about_id) if model and kind != Kind.DELETION else "",
            about_value=f"{type_id}-{about_id}" if content_type and about_id else "",
        )

    def _name(self, username: str) -> str:
        return "un nom inconnu" if username.startswith(UNKNOWN) else self.names.get(username) or username


def _in_words(message: str) -> str:
    return str(LogEntry(change_message=message or "").get_change_message())


def _link(model: Any, about_id: str) -> str:
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[about_id])
    except NoReverseMatch:
        return ""


def people() -> QuerySet[User]:
    return User.objects.filter(is_staff=True).order_by("last_name", "first_name", "username")


def _allowed(request: HttpRequest) -> None:
    user: Any = request.user
    if not user.has_perm(MANAGE):
        raise PermissionDenied


@require_GET
def audit_page(request: HttpRequest) -> HttpResponse:
    _allowed(request)
    asked = Asked.of(request.GET)
    page: Page[Any] = Paginator(rows(asked), PER_PAGE).get_page(request.GET.get("page"))
    as_lines = Lines()
    lines = [as_lines(row) for row in page.object_list]
    context = {
        **admin.site.each_context(request),
        "title": "Qui a fait quoi",
        "subtitle": None,
        "asked": asked,
        "values": asked.values(),
        "page": page,
        "lines": lines,
        "people": as_lines.people,
        "kinds": sorted(Kind, key=lambda kind: kind.label),
        "about": next((line.about for line in lines if line.about), "") if asked.about_type else "",
    }
    return TemplateResponse(request, "admin/accounts/audit.html", context)


@require_POST
def audit_csv(request: HttpRequest) -> StreamingHttpResponse:
    """A POST, as the export is itself noted."""
    _allowed(request)
    asked = Asked.of(request.POST)
    found = rows(asked)
    journal(request.user, None, f"Journal exporté{NBSP}: {plural(found.count(), 'ligne')}.", Kind.EXPORT)
    response = StreamingHttpResponse(_csv(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="qui-a-fait-quoi-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


class _Echo:
    """What csv writes, handed back."""

    def write(self, text: str) -> str:
        return text


def _csv(found: QuerySet[Any]) -> Iterator[str]:
    """For a French spreadsheet: a mark of the encoding, semicolons, no cell that it would compute."""
    writer, as_lines = csv.writer(_Echo(), delimiter=";"), Lines()
    yield "\ufeff" + writer.writerow(["Date", "Personne", "Identifiant", "Quoi", "Détail", "Objet", "Nature"])
    for row in found.iterator(chunk_size=1000):
        line = as_lines(row)
        texts = (line.name, line.username, line.kind, line.words, line.about, line.about_kind)
        yield writer.writerow([f"{line.at:%Y-%m-%d %H:%M:%S}", *map(neutral, texts)])
