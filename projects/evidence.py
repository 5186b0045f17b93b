"""How a mission's use of a method is shown: its role, its moment, and the marked extracts that prove it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from casebook.text import fold, typeset
from projects.models import KeyFigure, Method, MethodUse, Mission


@dataclass(frozen=True)
class Extract:
    """A passage component: safe HTML in which only `<mark>` is a tag, under the link to its section."""

    section_label: str
    url: str
    html: SafeString


@dataclass(frozen=True)
class Evidence:
    mission: Mission
    method: Method
    role: str
    moment: str
    outcome: str
    figures: list[KeyFigure]
    extracts: list[Extract]


def evidence(use: MethodUse, mission: Mission, page: str = "") -> Evidence:
    """The use with its extracts; `page` is the address that the links to sections start from."""
    names = [use.method.name, *use.method.synonyms]
    return Evidence(
        mission=mission,
        method=use.method,
        role=use.role,
        moment=use.get_moment_display().capitalize() if use.moment else "",
        outcome=use.outcome,
        figures=list(use.key_figures.all()),
        extracts=[
            Extract(
                section_label=f"{extract.section.label}, lire dans la fiche {mission.number_padded}".rstrip()
                if page
                else extract.section.label,
                url=f"{page}#{extract.section.anchor}",
                html=mark_names(typeset(extract.text), names),
            )
            for extract in use.extracts.all()
        ],
    )


def mark_names(text: str, names: Iterable[str]) -> SafeString:
    """Escaped text with each of these names between `<mark>` and `</mark>`; case, accents and plurals do not count."""
    pieces = re.split(r"(\w+)", text)
    words = [_stem(piece) for piece in pieces[1::2]]
    marked = [False] * len(pieces)
    for name in names:
        wanted = [_stem(word) for word in re.findall(r"\w+", name)]
        for start in range(len(words) - len(wanted) + 1 if wanted else 0):
            if words[start : start + len(wanted)] == wanted:
                first, last = 2 * start + 1, 2 * (start + len(wanted)) - 1
                marked[first : last + 1] = [True] * (last + 1 - first)
    runs = groupby(zip(pieces, marked, strict=True), key=lambda pair: pair[1])
    html = [(is_marked, escape("".join(piece for piece, _ in run))) for is_marked, run in runs]
    return mark_safe("".join(f"<mark>{part}</mark>" if is_marked else part for is_marked, part in html))


def _stem(word: str) -> str:
    folded = fold(word)
    return folded.rstrip("sx") or folded
