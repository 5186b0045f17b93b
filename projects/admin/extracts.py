"""The extracts that show the use of a method, written one per paragraph, and found again in the fiche's sections."""

import re
from dataclasses import dataclass

from django.db import transaction

from projects.models import MethodExtract, MethodUse, Section

# The signs that typography writes in several ways (`casebook.typography`), each as a pattern of all of them.
_ANYHOW = {
    **dict.fromkeys("'’", "['’]"),
    **dict.fromkeys('"«»“”', '["«»“”]'),
    **dict.fromkeys(("...", "…"), r"(?:\.\.\.|…)"),
    **dict.fromkeys(("--", "-", "–"), "(?:--|[-–])"),
}
_SPACED = set('"«»“”;:!?%‰€')  # with a space beside it or not
_PIECE = re.compile(r"\s+|\.\.\.|--|[\"«»“”;:!?%‰€'’…–-]|[^\s\"«»“”;:!?%‰€'’…–.-]+|\.")


@dataclass(frozen=True)
class Found:
    """A passage of a section, as it stands there."""

    section: Section
    text: str


@dataclass(frozen=True)
class Reading:
    found: list[Found]
    missing: list[str]


def extract_lines(use: MethodUse) -> str:
    return "\n\n".join(extract.text for extract in use.extracts.all())


def read_extracts(text: str, sections: list[Section]) -> Reading:
    """Each paragraph, or each line of it, looked for in the sections; `missing` is what stands in none of them."""
    found: list[Found] = []
    missing: list[str] = []
    for paragraph in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip()):
        if not paragraph.strip():
            continue
        if whole := locate(paragraph, sections):
            found.append(whole)
            continue
        for line in filter(str.strip, paragraph.split("\n")):
            if part := locate(line, sections):
                found.append(part)
            else:
                missing.append(line.strip())
    return Reading(found, missing)


def locate(passage: str, sections: list[Section]) -> Found | None:
    """The first section that holds the passage word for word: white space and the ways to write a sign apart, so that
    a passage is found again after typography was put right in its section, or in itself."""
    pattern = _pattern(passage)
    for section in sections:
        if match := pattern.search(section.text):
            return Found(section, match[0])
    return None


def _pattern(passage: str) -> re.Pattern[str]:
    pattern, before, apart = "", "", False
    for piece in _PIECE.findall(passage.strip()):
        if piece.isspace():
            apart = True
            continue
        if before:
            pattern += r"\s*" if before in _SPACED or piece in _SPACED else r"\s+" if apart else ""
        pattern += _ANYHOW.get(piece) or re.escape(piece)
        before, apart = piece, False
    return re.compile(pattern)


@transaction.atomic
def record_extracts(use: MethodUse, found: list[Found]) -> None:
    rows = [
        MethodExtract(use=use, section=passage.section, position=position, text=passage.text)
        for position, passage in enumerate(found, start=1)
    ]
    known = use.extracts.order_by("position", "pk").values_list("section_id", "text")
    if list(known) == [(row.section_id, row.text) for row in rows]:
        return
    use.extracts.all().delete()
    MethodExtract.objects.bulk_create(rows)


def refusal(passage: str) -> str:
    beginning = passage if len(passage) <= 80 else f"{passage[:80].rstrip()}…"
    return (
        f"«\u00a0{beginning}\u00a0» ne se trouve mot pour mot dans aucune rubrique de cette mission. "
        "Copiez le passage depuis la rubrique."
    )
