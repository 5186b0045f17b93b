"""What was sent by a form, as one signed text that a page carries in a hidden field."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

FIELD, RESUME, RESEND, EDITOR = "_kept", "_resume", "_resend", "_editor"
EXPIRED, TOO_OLD = "expired", "too_old"
_SALT = "casebook.lost_session"
_NEVER = re.compile(r"pass(?:word|wd|phrase)|mot_de_passe|secret|token", re.IGNORECASE)
_ASIDE = 10_000  # bytes left for the other fields of the page that carries it


@dataclass(frozen=True)
class Kept:
    """`user`: whose it is ("" where the form did not say); `why`: EXPIRED or TOO_OLD; `files`: names of files, lost."""

    path: str
    user: str
    why: str
    pairs: list[tuple[str, str]]
    files: list[str]

    @classmethod
    def of(cls, request: HttpRequest, why: str) -> "Kept":
        posted = request.POST
        pairs = [(name, value) for name in posted if not _NEVER.search(name) for value in posted.getlist(name)]
        known = str(request.user.pk or "")
        files = [str(file.name) for name in request.FILES for file in request.FILES.getlist(name)]
        return cls(request.get_full_path(), posted.get(EDITOR, known), why, pairs, files)

    @classmethod
    def read(cls, text: str) -> "Kept | None":
        """None for what this site did not sign, or signed with a key that is gone."""
        try:
            path, user, why, pairs, files = signing.loads(text, salt=_SALT)
        except signing.BadSignature:
            return None
        return cls(path, user, why, [(name, value) for name, value in pairs], files)

    def text(self) -> str:
        """Of letters, digits, « - », « _ », « : » and « . » only."""
        return signing.dumps([self.path, self.user, self.why, self.pairs, self.files], salt=_SALT, compress=True)

    def fits(self) -> bool:
        """Whether a form could send it back: the limit that the first form met holds for the next one."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return limit is None or len(self.text()) < limit - _ASIDE

    def put_back(self, request: HttpRequest) -> None:
        """The request as if its form had been sent just now, without its files."""
        data = QueryDict(mutable=True)
        for name, value in self.pairs:
            data.appendlist(name, value)
        data._mutable = False
        request.POST = data  # type: ignore[assignment]
        request._files = MultiValueDict()  # type: ignore[attr-defined]
