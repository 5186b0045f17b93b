"""What people looked for and read, counted by month without knowing who: no address, no cookie, no identifier.

A page writes no database: it appends one line to a spool file (`record_search`, `record_consultation`). The command
`flush_statistics` counts the lines into the database (`flush`), where words are kept once they were seen twice in a
month, and takes away what is a year old.
"""

import logging
import os
import re
import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.files import locks
from django.db import models, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.timezone import localdate

from casebook.text import fold
from projects.models import Mission, MissionStatistic, SearchStatistic, StatisticsFlush
from projects.selection import Selection

MONTHS = 12  # kept: the current one and those before
SEEN = 2  # times in a month that words must be searched to be kept
MAX_LENGTH = 80
MAX_WORDS = 8
MAX_SPOOL = 20 * 1024 * 1024  # bytes; a spool that nobody counts grows no further
_READ = "fiche"  # the kind of a line that tells a consultation

# Who says that it is a robot, a tool or a preview; whoever says nothing is one too.
_ROBOT = re.compile(
    r"bot\b|bot[/;_-]|crawl|spider|slurp|-user/|google-|facebookexternalhit|embedly|whatsapp|preview|prerender"
    r"|headless|phantomjs|lighthouse|pagespeed|validator|archive|scan|monitor|uptime|pingdom|fetch|feed|rss"
    r"|curl|wget|http[-_]?client|libwww|python|scrapy|aiohttp|httpx|java/|okhttp|go-http|ruby|perl|php|axios|node|undici"
    r"|postman|insomnia|\b(?:ab|wrk|oha|siege|apachebench)\b|^$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"@|[(\[{] ?at ?[)\]}]|\barobase\b")
_WORD = re.compile(r"\w+(?:['-]\w+)*")
_DIGITS = re.compile(r"(?:\d[\W_]*){5,}")  # whatever stands between them: a telephone number is written in pairs
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_logger = logging.getLogger(__name__)


# ------------------------------------------------------------------------------------------------ what is recorded


def record_search(request: HttpRequest, selection: Selection) -> None:
    """Count a search that found nothing, or that was corrected: once, when it is asked without filter nor page."""
    if kind := _outcome(selection):
        words = recordable(selection.query)
        if words and _is_counted(request):
            _append(kind, words)


def record_consultation(request: HttpRequest, mission: Mission) -> None:
    """Count that the page of a published mission was read."""
    if mission.is_published:
        record_reading(request, mission.pk)


def record_reading(request: HttpRequest, mission: int) -> None:
    """The same, of a mission that is known to be published."""
    if _is_counted(request):
        _append(_READ, str(mission))


def recordable(query: str) -> str:
    """The folded words of a query; empty when it may hold something personal, or is a text rather than a search."""
    folded = fold(query)
    if _ADDRESS.search(folded) or _DIGITS.search(folded):
        return ""
    words = _WORD.findall(folded)
    told = " ".join(words)
    return told if len(words) <= MAX_WORDS and len(told) <= MAX_LENGTH else ""


def _outcome(selection: Selection) -> str:
    is_first = selection.current.number == 1 and selection.sort == selection.default_sort
    if not selection.query or not is_first or selection.is_filtered or selection.within:
        return ""
    if not selection.answer.found.any():
        return SearchStatistic.Kind.NOTHING
    return SearchStatistic.Kind.CORRECTED if selection.corrected else ""


def _is_counted(request: HttpRequest) -> bool:
    """Readers, not robots, nor browsers that fetch ahead; not who asks to be left alone, nor who is signed in."""
    headers = request.headers
    if request.method != "GET" or headers.get("DNT") == "1" or headers.get("Sec-GPC") == "1":
        return False
    if "prefetch" in (headers.get("Sec-Purpose") or headers.get("Purpose") or ""):
        return False
    return not _ROBOT.search(headers.get("User-Agent", "")) and not request.user.is_authenticated


# ------------------------------------------------------------------------------------------------------- the spool
#
# spool     lines « month, kind, words » that pages append
# *.batch   a spool set aside to be counted
# held      words of this month that were seen once only
# lock      held by the one process that counts


def _file(name: str) -> Path:
    return Path(settings.VAR_DIR) / "statistics" / name


def _append(kind: str, what: str) -> None:
    """Add a line, whole, in one writing. A page never fails for it."""
    line = _line((f"{localdate():%Y-%m}", kind, what))
    try:
        _file("").mkdir(mode=0o700, parents=True, exist_ok=True)
        while not _written(_file("spool"), line.encode()):
            pass
    except OSError as error:
        _logger.warning("Statistics are not recorded: %s", error)


def _written(path: Path, line: bytes) -> bool:
    """False when the file was set aside meanwhile, and may be counted already. `_lines` waits for the lock."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        locks.lock(descriptor, locks.LOCK_SH)
        opened = os.fstat(descriptor)
        if not os.path.samestat(opened, path.stat()):
            return False
        if opened.st_size < MAX_SPOOL:
            os.write(descriptor, line)
        return True
    except FileNotFoundError:
        return False
    finally:
        os.close(descriptor)


class Event(NamedTuple):
    month: str
    kind: str
    what: str


def _line(event: tuple[str, str, str]) -> str:
    return "\t".join(event) + "\n"


def _lines(path: Path) -> list[Event]:
    """The events of a file that nobody opens any more; what is no event is left out."""
    try:
        with path.open("rb") as file:
            locks.lock(file, locks.LOCK_EX)
            text = file.read().decode(errors="ignore")
    except FileNotFoundError:
        return []
    parts = (line.split("\t") for line in text.splitlines())
    return [Event(*part) for part in parts if len(part) == 3 and _MONTH.fullmatch(part[0])]


# ------------------------------------------------------------------------------------------------------- the count


class Busy(Exception):
    """Another process is counting."""


class Flushed(NamedTuple):
    """What was counted: lines of the spool, and rows taken away with age."""

    lines: int
    removed: int


def flush() -> Flushed:
    """Count the spool into the database; `Busy` when another process does. Killed at any moment, it may be run again:
    each line counts once."""
    _file("").mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone():
        # what a killed run left comes first: the words held may be counted with it already
        counted = sum(_count_batch(path) for path in [*_file("").glob("*.batch")])
        if _file("spool").exists():
            counted += _count_batch(_file("spool").rename(_file(f"{secrets.token_hex(16)}.batch")))
        now = _text(last_month())
        _hold(event for event in _lines(_file("held")) if event.month == now)
        return Flushed(counted, _purge())


def last_month() -> date:
    return localdate().replace(day=1)


def first_month() -> date:
    """The oldest month that is kept."""
    now = last_month()
    years, month = divmod(now.year * 12 + now.month - MONTHS, 12)
    return date(years, month + 1, 1)


@contextmanager
def _alone() -> Iterator[None]:
    with _file("lock").open("wb") as file:
        if not locks.lock(file, locks.LOCK_EX | locks.LOCK_NB):
            raise Busy
        yield


def _count_batch(path: Path) -> int:
    """Count a file once: its name is stored with the counts. What stays below `SEEN` is held for the next time."""
    batch = _lines(path)
    oldest, now = _text(first_month()), _text(last_month())
    events = Counter(event for event in (*_lines(_file("held")), *batch) if oldest <= event.month <= now)
    with transaction.atomic():
        _, is_new = StatisticsFlush.objects.get_or_create(name=path.name, defaults={"day": localdate()})
        if is_new:
            _count(events)
    known = _known_words(events)
    _hold(event for event in events if _is_search(event) and event not in known)
    path.unlink()
    return len(batch) if is_new else 0


def _count(events: "Counter[Event]") -> None:
    known = _known_words(events)
    searches = {
        (_month(event.month), event.kind, event.what): number
        for event, number in events.items()
        if _is_search(event) and (number >= SEEN or event in known)
    }
    _add(SearchStatistic, ("month", "kind", "words"), searches)
    missions = set(map(str, Mission.objects.values_list("pk", flat=True)))
    readings = {
        (_month(event.month), int(event.what)): number
        for event, number in events.items()
        if event.kind == _READ and event.what in missions
    }
    _add(MissionStatistic, ("month", "mission_id"), readings)


def _is_search(event: Event) -> bool:
    return event.kind in SearchStatistic.Kind.values and 0 < len(event.what) <= MAX_LENGTH


def _known_words(events: Iterable[Event]) -> set[Event]:
    """The searches of these months that the database has."""
    months = {_month(event.month) for event in events}
    rows = SearchStatistic.objects.filter(month__in=months).values_list("month", "kind", "words")
    return {Event(_text(month), kind, words) for month, kind, words in rows}


def _add(model: Any, fields: Collection[str], counts: dict[tuple[Any, ...], int]) -> None:
    """Add these numbers to the rows of their keys; rows that are missing are made."""
    made = (model(**dict(zip(fields, key, strict=True))) for key in sorted(counts))
    model.objects.bulk_create(made, ignore_conflicts=True)
    rows: list[models.Model] = []
    for row in model.objects.filter(month__in={key[0] for key in counts}).order_by("pk"):
        if number := counts.get(tuple(getattr(row, field) for field in fields)):
            row.count = F("count") + number
            rows.append(row)
    model.objects.bulk_update(rows, ["count"], batch_size=200)


def _hold(events: Iterable[Event]) -> None:
    """Replace the words that are held, at once."""
    written = _file("held.new")
    with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.writelines(map(_line, events))
    written.replace(_file("held"))


def _purge() -> int:
    """Take away what is older than the months that are kept: the number of rows."""
    kept = (SearchStatistic.objects, MissionStatistic.objects, StatisticsFlush.objects)
    return sum(rows.before(first_month()).delete()[0] for rows in kept)


def _text(month: date) -> str:
    return f"{month:%Y-%m}"


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")
