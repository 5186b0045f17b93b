"""How a mission's use of a method is shown: its role, its moment, and the marked extracts that prove it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from casebook.text import fold, typeset
from projects.citations import Quotation, quotation, reference
from projects.models import KeyFigure, Method, MethodExtract, MethodUse, Mission


@dataclass(frozen=True)
class Extract:
    """A passage component: safe HTML in which only `<mark>` is a tag, under the link to its section.

    `quotation` is what a reader copies; `number` names the extract in a reader's basket, 0 while it is not public.
    """

    number: int
    section_label: str
    url: str
    html: SafeString
    quotation: Quotation


@dataclass(frozen=True)
class Evidence:
    mission: Mission
    method: Method
    role: str
    moment: MethodUse.Moment | None
    outcome: str
    figures: list[KeyFigure]
    extracts: list[Extract]


@dataclass(frozen=True)
class MissionEvidence:
    """A mission with its uses of several methods."""

    mission: Mission
    uses: list[Evidence]


def evidence(use: MethodUse, mission: Mission, root: str, *, on_its_page: bool = False) -> Evidence:
    """The use with its extracts; `root` is the site's own address, without a final slash."""
    return Evidence(
        mission=mission,
        method=use.method,
        role=use.role,
        moment=MethodUse.Moment(use.moment) if use.moment else None,
        outcome=use.outcome,
        figures=list(use.key_figures.all()),
        extracts=[shown(extract, use, mission, root, on_its_page=on_its_page) for extract in use.extracts.all()],
    )


def shown(extract: MethodExtract, use: MethodUse, mission: Mission, root: str, *, on_its_page: bool = False) -> Extract:
    """The extract with the names of its method marked; elsewhere than on its page, the label says which fiche."""
    label = extract.section.label
    place = f"#{extract.section.anchor}"
    page = mission.get_absolute_url()
    text = typeset(extract.text)
    return Extract(
        number=extract.pk if mission.is_published else 0,
        section_label=label if on_its_page else f"{label}, lire dans la fiche {mission.number_padded}".rstrip(),
        url=place if on_its_page else f"{page}{place}",
        html=mark_names(text, [use.method.name, *use.method.synonyms]),
        quotation=quotation(text, reference(mission), label, f"{root}{page}{place}"),
    )


def by_mission(uses: Iterable[Evidence], missions: Iterable[int]) -> list[MissionEvidence]:
    """The uses under their missions, these in the order given."""
    found: dict[int, MissionEvidence] = {}
    for use in uses:
        found.setdefault(use.mission.pk, MissionEvidence(use.mission, [])).uses.append(use)
    return [found[pk] for pk in missions if pk in found]


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
