"""What a corrected file, or the printer's final PDF, says otherwise than the catalogue: a difference for each field.

Texts are compared as a draft would hold them, by `normalised`: hyphenation, spaces, quotes and marks make no noise.
What the source does not say of the whole fiche (a number, a theme, a title, places: one fiche alone prints no theme)
is no difference; a part that the source does not hold is one: « removed ».
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from casebook.markdown import join_broken, to_html
from casebook.richtext import plain
from casebook.text import collapse, figure_value, letters
from casebook.titles import lowered
from people.models import Corps, Person
from projects.imports import records
from projects.imports.leftovers import narrative
from projects.imports.matching import Places, name_key
from projects.imports.names import display_case, similarity
from projects.imports.parts import plain_marks
from projects.imports.review import keyed, keyed_sections
from projects.imports.wording import normalised, same_title, same_words
from projects.models import Mission, Section, Testimonial

_LEAST = 0.5  # similarity from which two parts are one that changed
_SHORT = 200  # characters: longer texts are compared by words alone
_MAX_COMPARED = 10_000  # pairs of parts
_ITEM_NUMBER = re.compile(r"^(?:- )?\d{1,2} ?(?:[.)]|[-–—](?= ))\s+", re.M)  # of a list: rich text holds none
_NB = "[ \u00a0\u202f]"
_LINE_END = re.compile(r"[^\S\n]+$", re.M)
_MARK = re.compile(rf"^{_NB}*(?:[-*•–]{_NB}+)?(?:\d{{1,2}}{_NB}?[.)–-]{_NB}+)?", re.M)


@dataclass(frozen=True)
class Difference:
    """`key` is that of the value under review; what the source does not hold has its row's: « figure:-12 »."""

    key: str
    label: str
    kind: Literal["changed", "added", "removed"]
    catalogue: str
    read: str


@dataclass(frozen=True)
class Side:
    """One value as one side has it: `text` is compared and shown, `thing` is the record or the row."""

    key: str
    label: str
    text: str
    thing: Any = None
    name: str = ""  # finds the same part on the other side


@dataclass(frozen=True)
class Pair:
    read: Side | None
    stored: Side | None
    same: bool = False

    @property
    def key(self) -> str:
        return (self.read or self.stored or _NOTHING).key

    def difference(self) -> Difference:
        read, stored = self.read or _NOTHING, self.stored or _NOTHING
        kind: Literal["changed", "added", "removed"] = (
            "added" if not stored.text else "removed" if self.read is None else "changed"
        )
        label = read.label or stored.label
        return Difference(self.key, label, kind, stored.text, read.text)


_NOTHING = Side("", "", "")


class Catalogue:
    """Missions as the database has them now, with their parts: thirteen queries at most, however many they are."""

    def __init__(self, missions: Iterable[Mission]) -> None:
        everything = Mission.objects.select_related("theme", "edition").prefetch_related(
            "mission_collectivities__collectivity",
            "authorships__person",
            "tutorships__person",
            "sections",
            "key_figures",
            "references",
            "testimonials__speakers",
        )
        self._missions = everything.in_bulk({mission.pk for mission in missions})

    def __getitem__(self, mission: Mission) -> Mission:
        return self._missions[mission.pk]

    def __contains__(self, mission: Mission) -> bool:
        return mission.pk in self._missions

    @cached_property
    def _numbered(self) -> dict[tuple[int | None, int | None], list[int]]:
        """By edition and number, the missions that have them."""
        editions = {mission.edition_id for mission in self._missions.values() if mission.edition_id}
        found: dict[tuple[int | None, int | None], list[int]] = {}
        numbered = Mission.objects.filter(edition_id__in=editions, number__isnull=False, working_copy_of=None)
        for edition, number, pk in numbered.values_list("edition_id", "number", "pk"):
            found.setdefault((edition, number), []).append(pk)
        return found

    def number_is_taken(self, mission: Mission, number: int) -> bool:
        """Whether another mission of the same book has the number: a draft is then made without it."""
        mine = {mission.pk, mission.working_copy_of_id}
        return any(pk not in mine for pk in self._numbered.get((mission.edition_id, number), ()))


def differences(fiche: records.Fiche, mission: Mission, catalogue: Catalogue | None = None) -> list[Difference]:
    """What the fiche says otherwise than the mission, in the order of the page."""
    pairs = compared(fiche, mission, catalogue)
    return [pair.difference() for found in pairs.values() for pair in found if not pair.same]


def compared(fiche: records.Fiche, mission: Mission, catalogue: Catalogue | None = None) -> dict[str, list[Pair]]:
    """Every value of the fiche with that of the catalogue, by kind of value."""
    catalogue = catalogue or Catalogue([mission])
    stored = catalogue[mission]
    return {
        "head": list(_heads(fiche, stored, catalogue)),
        "author": _people("author", "Élève", fiche.authors, stored.authorships.all(), _corps_of),
        "tutor": _people("tutor", "Tuteur ou tutrice", fiche.tutors, stored.tutorships.all(), _job_of),
        "section": _sections(fiche, stored),
        "figure": _figures(fiche, stored),
        "reference": _references(fiche, stored),
        "testimonial": _testimonials(fiche, stored),
    }


# ------------------------------------------------------------------------------------------------- the head


def _heads(fiche: records.Fiche, mission: Mission, catalogue: Catalogue) -> Iterator[Pair]:
    def pair(key: str, label: str, read: str, stored: str, same: bool) -> Pair:
        return Pair(Side(key, label, read), Side(key, label, stored), same)

    if fiche.number is not None:
        same = fiche.number == mission.number or catalogue.number_is_taken(mission, fiche.number)
        yield pair("number", "Numéro", f"{fiche.number:02d}", mission.number_padded, same)
    if fiche.theme:
        theme = mission.theme.name if mission.theme else ""
        yield pair("theme", "Thème", fiche.theme, theme, letters(lowered(fiche.theme)[:120]) == letters(theme))
    if fiche.title:
        read, printed = collapse(fiche.title)[:300], mission.title_printed or mission.title
        yield pair("title", "Titre", read, printed, same_title(read, printed))
    if fiche.collectivities:
        known = mission.collectivity_list
        meant = [Places(known).find(place.name) for place in fiche.collectivities]
        same = all(meant) and len({place.pk for found in meant for place in found}) == len(known)
        names = "\n".join(place.name for place in fiche.collectivities)
        yield pair("collectivities", "Collectivités", names, "\n".join(place.display_name for place in known), same)


# ------------------------------------------------------------------------------------------------- people


def printed_name(person: records.Author | records.Tutor | records.Speaker) -> str:
    return f"{person.first_name or ''} {display_case(person.last_name or '')}".strip()


def is_called(person: Person, name: str) -> bool:
    return name_key(name) in {name_key(known) for known in (str(person), *person.aliases)}


def corps_read(record: records.Author) -> Corps | None:
    return next((corps for corps in Corps if record.corps and corps.label.startswith(record.corps)), None)


def _corps_of(record: Any, row: Any) -> tuple[str, str]:
    """(read, stored); what the source does not say does not count."""
    corps = corps_read(record) if record else None
    counts = row and row.corps and (corps or record is None)
    return corps.label if corps else "", Corps(row.corps).label if counts else ""


def _job_of(record: Any, row: Any) -> tuple[str, str]:
    return (record.job_title or "")[:300] if record else "", row.job_title if row else ""


def _people(
    kind: str, label: str, found: Sequence[Any], rows: Any, also: Callable[[Any, Any], tuple[str, str]]
) -> list[Pair]:
    read = [Side(key, label, printed_name(person), person) for key, person in keyed(kind, found)]
    stored = [Side(f"{kind}:-{row.pk}", label, str(row.person), row) for row in rows]

    def called(a: Side, b: Side) -> float:
        return float(is_called(b.thing.person, a.text))

    pairs = []
    for a, b in matched(read, stored, called, alike):
        same_name = bool(a and b and called(a, b))
        if a and b is None and any(called(a, row) for row in stored):
            continue  # printed twice: a draft has the person once
        one, other = also(a.thing if a else None, b.thing if b else None)
        name = b.text if same_name and b else a.text if a else ""
        a = a and Side(a.key, label, ", ".join(filter(None, (name, one))), a.thing, a.text)
        b = b and Side(b.key, label, ", ".join(filter(None, (b.text, other))), b.thing, b.text)
        pairs.append(Pair(a, b, same_name and same_words(one, other)))
    return pairs


# ------------------------------------------------------------------------------------------------- parts


def body_of(fiche: records.Fiche, index: int) -> str:
    """The rich text that a draft's section holds."""
    return to_html(join_broken(narrative(fiche, index)))


def _sections(fiche: records.Fiche, mission: Mission) -> list[Pair]:
    read = [
        Side(key, section.heading, plain(body_of(fiche, index)), section, letters(section.heading[:300]))
        for index, (key, section) in enumerate(keyed_sections(fiche))
    ]
    stored = [
        Side(f"section:-{row.pk}", row.heading or row.label, row.text, row, letters(row.heading))
        for row in mission.sections.all()
    ]
    free = {Section.Kind.ZOOM, Section.Kind.AUTRE}  # those shown under their printed heading

    def by_kind(a: Side, b: Side) -> float:
        if a.thing.kind != b.thing.kind:
            return 0.0
        return alike(a, b) if a.thing.kind in free else 1.0

    def by_both(a: Side, b: Side) -> float:
        return float(a.thing.kind == b.thing.kind and a.name == b.name)

    pairs = []
    for a, b in matched(read, stored, by_both, _by_name, by_kind):
        if a and b and a.thing.kind in free and a.name != b.name:
            a = Side(a.key, a.label, f"{a.label}\n{a.text}", a.thing, a.name)
            b = Side(b.key, b.label, f"{b.label}\n{b.text}", b.thing, b.name)
        elif a is None or b is None:
            side = a or b or _NOTHING
            side = Side(side.key, side.label, side.text or side.label, side.thing)
            a, b = (side, None) if a else (None, side)
        pairs.append(Pair(a, b, bool(a and b and _same_body(fiche, a, b))))
    return pairs


def _same_body(fiche: records.Fiche, a: Side, b: Side) -> bool:
    """Also when other spaces, behind an item's mark or at a line's end, hide a list or make a table."""
    if same_words(_ITEM_NUMBER.sub("", a.text), _ITEM_NUMBER.sub("", b.text)):
        return True
    source = narrative(fiche, fiche.sections.index(a.thing))
    spaced = _MARK.sub(lambda mark: re.sub(r"\s", " ", mark[0]), _LINE_END.sub("", source))
    return spaced != source and same_words(plain(to_html(join_broken(spaced))), b.text)


def _figures(fiche: records.Fiche, mission: Mission) -> list[Pair]:
    def side(key: str, value: str, label: str, thing: Any) -> Side:
        return Side(key, "Chiffre", f"{value} {label}".strip(), thing, normalised(figure_value(value)).casefold())

    read = [
        side(key, (figure.value or "")[:40], plain_marks(figure.label or "")[:600], figure)
        for key, figure in keyed("figure", fiche.key_figures)
    ]
    stored = [side(f"figure:-{row.pk}", row.value, row.label, row) for row in mission.key_figures.all()]
    return _rows(read, stored)


def _references(fiche: records.Fiche, mission: Mission) -> list[Pair]:
    read = [
        Side(key, "Référence", plain_marks(reference.text), reference, reference.url[:500])
        for key, reference in keyed("reference", fiche.references)
    ]
    stored = [Side(f"reference:-{row.pk}", "Référence", row.text, row, row.url) for row in mission.references.all()]
    pairs = []
    for pair in _rows(read, stored):
        a, b = pair.read, pair.stored
        if a and b and a.name and a.name != b.name:  # print shows no address: a lost one is no difference
            a = Side(a.key, a.label, f"{a.text} {a.name}", a.thing)
            b = Side(b.key, b.label, f"{b.text} {b.name}".strip(), b.thing)
            pair = Pair(a, b, a.text == b.text)
        pairs.append(pair)
    return pairs


def _testimonials(fiche: records.Fiche, mission: Mission) -> list[Pair]:
    def side(key: str, who: list[tuple[str, str]], words: str, thing: Any) -> Side:
        lines = [f"— {', '.join(filter(None, speaker))}" for speaker in who]
        return Side(key, "Témoignage", "\n".join([*lines, words]), thing, name_key(" ".join(name for name, _ in who)))

    def stored_side(row: Testimonial) -> Side:
        who = [(speaker.printed_name, speaker.role) for speaker in row.speakers.all()]
        return side(f"testimonial:-{row.pk}", who, plain(row.text), row)

    read = [
        side(
            key,
            [(printed_name(speaker), (speaker.job_title or "")[:300]) for speaker in record.speakers],
            plain(to_html(join_broken(record.text))),
            record,
        )
        for key, record in keyed("testimonial", fiche.testimonials, fiche)
    ]
    return _rows(read, [stored_side(row) for row in mission.testimonials.all()], _by_near_name)


def _rows(read: list[Side], stored: list[Side], named: Callable[[Side, Side], float] | None = None) -> list[Pair]:
    def equal(a: Side, b: Side) -> float:
        return float(keys[a.key] == keys[b.key])

    keys = {side.key: normalised(side.text) for side in (*read, *stored)}
    pairs = matched(read, stored, equal, alike, named or _by_name)
    return [Pair(a, b, bool(a and b and equal(a, b))) for a, b in pairs]


# ------------------------------------------------------------------------------------------------- which is which


def matched(
    read: Sequence[Side], stored: Sequence[Side], *scores: Callable[[Side, Side], float]
) -> list[tuple[Side | None, Side | None]]:
    """The parts that are one: by each score in turn, the highest first (0: not the same). Then those left alone."""
    found: dict[int, int] = {}
    for rank, score in enumerate(scores):
        left = [i for i in range(len(read)) if i not in found]
        right = [j for j in range(len(stored)) if j not in found.values()]
        if rank and len(left) * len(right) > _MAX_COMPARED:
            continue
        scored = [(-value, i, j) for i in left for j in right if (value := score(read[i], stored[j]))]
        taken: set[int] = set()
        for _, i, j in sorted(scored):
            if i not in found and j not in taken:
                found[i] = j
                taken.add(j)
    paired = [(side, stored[found[i]] if i in found else None) for i, side in enumerate(read)]
    alone = [(None, side) for j, side in enumerate(stored) if j not in found.values()]
    return [*paired, *alone]


def _by_name(a: Side, b: Side) -> float:
    return float(bool(a.name) and a.name == b.name)


def _by_near_name(a: Side, b: Side) -> float:
    return similarity(a.name, b.name, _LEAST) if a.name and b.name else 0.0


def alike(a: Side, b: Side) -> float:
    """How much of two texts is common, in order or not; 0 below what makes them one."""
    one, other = a.text.casefold(), b.text.casefold()
    bags = Counter(one.split()), Counter(other.split())
    common = 2 * (bags[0] & bags[1]).total() / max(1, bags[0].total() + bags[1].total())
    in_order = similarity(one, other, _LEAST) if max(len(one), len(other)) <= _SHORT else 0.0
    return max(in_order, common if common >= _LEAST else 0.0)
