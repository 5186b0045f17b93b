"""Whole public pages, kept in memory while the database stands as it is (`freshness.state`).

A view says that its page may be kept (`keep`): one of a finite number, the same for every reader without cookies. Such
a page has a strong ETag, and a browser that has it already gets no more than 304.
"""

import gzip
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from casebook import freshness

MOST_BYTES = 16 * 1024 * 1024  # of a process
MAX_AGE = 60  # seconds: a page may hold what time changes and no writing tells
MAX_QUERY = 200  # characters
_GZIP = re.compile(r"\bgzip\b")
_KNOWN_VARY = {"cookie", "accept-encoding"}
Again = Callable[[HttpRequest], None]
Key = tuple[str, str, str, bool]


def keep(request: HttpRequest, response: HttpResponse, again: Again | None = None) -> HttpResponse:
    """The page may be kept; `again` is done when it is shown another time."""
    if len(request.META.get("QUERY_STRING", "")) <= MAX_QUERY:
        response.kept_again = again or _nothing  # type: ignore[attr-defined]
    return response


def keep_whole(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """`keep` for a page of which the address without parameters alone is worth it."""
    return response if request.META.get("QUERY_STRING") else keep(request, response)


def _nothing(request: HttpRequest) -> None:
    pass


@dataclass(frozen=True)
class Page:
    content: bytes
    headers: dict[str, str]
    again: Again
    until: float


class Memory:
    """Pages of one state of the database, the least recently asked for leaving first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._lock = Lock()
        self._state = ""
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._bytes = 0

    def get(self, state: str, key: Key) -> Page | None:
        with self._lock:
            if state != self._state:
                self._pages.clear()
                self._state, self._bytes = state, 0
            page = self._pages.get(key)
            if page is None or page.until < time.monotonic():
                return None
            self._pages.move_to_end(key)
            return page

    def put(self, state: str, key: Key, page: Page) -> None:
        with self._lock:
            if state != self._state or len(page.content) > self.most_bytes // 8:
                return
            if old := self._pages.pop(key, None):
                self._bytes -= len(old.content)
            self._pages[key] = page
            self._bytes += len(page.content)
            while self._bytes > self.most_bytes:
                self._bytes -= len(self._pages.popitem(last=False)[1].content)


pages = Memory()


class PageMemory:
    """The middleware: inside GZip, outside sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = _key(request)
        state = freshness.state() if key else ""
        if key is None or not state:
            return self.get_response(request)
        if page := pages.get(state, key):
            request.user = AnonymousUser()
            page.again(request)
            return _answer(request, page)
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or not _is_whole(response):
            return response
        page = _page(response, key)
        pages.put(state, key, page)
        return _answer(request, page)


def _key(request: HttpRequest) -> Key | None:
    """None for who may be shown something of their own."""
    meta = request.META
    if request.method != "GET" or meta.get("HTTP_COOKIE") or meta.get("HTTP_AUTHORIZATION"):
        return None
    try:
        host = request.get_host()
    except DisallowedHost:
        return None
    gzipped = bool(_GZIP.search(meta.get("HTTP_ACCEPT_ENCODING", "")))
    return request.scheme or "", host, request.get_full_path(), gzipped


def _is_whole(response: HttpResponse) -> bool:
    """A page that may be kept, and is the same for everybody."""
    if not hasattr(response, "kept_again") or response.status_code != 200 or response.cookies:
        return False
    vary = {name.strip().lower() for name in response.headers.get("Vary", "").split(",") if name.strip()}
    control = response.headers.get("Cache-Control", "")
    return (
        vary <= _KNOWN_VARY
        and "private" not in control
        and "no-store" not in control
        and "nonce-" not in response.headers.get("Content-Security-Policy", "")
        and not response.has_header("Content-Encoding")
    )


def _page(response: HttpResponse, key: Key) -> Page:
    content = response.content
    tag = blake2b(content, digest_size=16).hexdigest()
    patch_vary_headers(response, ["Accept-Encoding"])
    patch_cache_control(response, no_cache=True)
    if key[3]:
        content, tag = gzip.compress(content, 6, mtime=0), f"{tag}-gzip"
        response.headers["Content-Encoding"] = "gzip"
    response.headers["ETag"] = f'"{tag}"'
    response.headers["Content-Length"] = str(len(content))
    again: Again = response.kept_again  # type: ignore[attr-defined]
    return Page(content, dict(response.headers), again, time.monotonic() + MAX_AGE)


def _answer(request: HttpRequest, page: Page) -> HttpResponseBase:
    response = HttpResponse(page.content, headers=page.headers)
    return get_conditional_response(request, etag=page.headers["ETag"], response=response) or response
