"""What the editor chose among the differences, written into the mission; nothing else of it changes."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import F

from casebook.markdown import join_broken, to_html
from casebook.text import collapse, letters, plural
from people.models import Collectivity, Person
from projects.imports import records
from projects.imports.differences import (
    Pair,
    body_of,
    compared,
    corps_read,
    is_called,
    printed_name,
)
from projects.imports.figures import number_and_unit
from projects.imports.matching import NO_CHOICES, Places
from projects.imports.names import display_case
from projects.imports.naming import Naming, draft_title
from projects.imports.parts import FORMS, plain_marks
from projects.models import (
    Authorship,
    KeyFigure,
    MethodExtract,
    MethodUse,
    Mission,
    MissionCollectivity,
    Reference,
    Section,
    Speaker,
    Testimonial,
    Tutorship,
)
from projects.models.method_use import stands_in
from projects.models.parts import tutor_called
from projects.working_copies import copied_row

_ASIDE = 10_000  # added to the positions while they are written, out of the way of « unique per mission »
_MODELS: dict[str, Any] = {
    "author": Authorship,
    "tutor": Tutorship,
    "section": Section,
    "figure": KeyFigure,
    "reference": Reference,
    "testimonial": Testimonial,
}


class Published(Exception):
    """The mission is changed through a working copy only: nothing was changed."""


def take(
    mission: Mission,
    fiche: records.Fiche,
    keys: Collection[str],
    naming: Naming,
    choices: Mapping[str, str] = NO_CHOICES,
) -> list[str]:
    """Write what the fiche says under these keys (those of `differences`) into the mission, in the caller's
    transaction; the caller indexes the mission again. A key without a difference does nothing. `choices`: whom and what
    its names mean (see `Naming`). Returns what a person should look at, in French. Raises `Published`."""
    if mission.is_locked:
        raise Published(
            f"«\u00a0{mission.title}\u00a0» ne se modifie que dans une copie de travail\u00a0: rien n’a été modifié."
        )
    taking = _Taking(mission, fiche, naming, choices)
    taking.write(set(keys))
    return taking.notes


def key_in_copy(key: str, copy: Mission) -> str:
    """The key of a difference with the mission, as a difference with its working copy: a part that the fiche does not
    have any more is named by its row."""
    kind, _, row = key.partition(":-")
    if not row.isdecimal() or kind not in _MODELS:
        return key
    pk = copied_row(copy, _MODELS[kind], int(row))
    return f"{kind}:-{pk}" if pk else key


class _Taking:
    def __init__(self, mission: Mission, fiche: records.Fiche, naming: Naming, choices: Mapping[str, str]) -> None:
        self.mission, self.fiche, self.naming, self.choices = mission, fiche, naming, choices
        self.notes: list[str] = []
        self.pairs = compared(fiche, mission)
        self._fields: list[str] = []

    def write(self, keys: Collection[str]) -> None:
        chosen = {
            kind: {index for index, pair in enumerate(pairs) if pair.key in keys and not pair.same}
            for kind, pairs in self.pairs.items()
        }
        if not any(chosen.values()):
            return
        heads = {"number": self._number, "theme": self._theme, "title": self._title, "collectivities": self._places}
        for index in sorted(chosen.pop("head")):
            heads[self.pairs["head"][index].key]()
        for kind, indexes in chosen.items():
            if indexes:
                _Rows(self, kind).write(indexes)
        self.mission.save(update_fields=[*self._fields, "updated_at"])
        self.mission.refresh_from_db()  # the parts that were loaded are no longer true

    # ------------------------------------------------------------------------------------------------- the head

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self.mission, name, value)
            self._fields.append(name)

    def _number(self) -> None:
        self._set(number=self.fiche.number)

    def _theme(self) -> None:
        self._set(theme=self.naming.theme(self.fiche.theme or "", self.mission.edition, self.choices))

    def _title(self) -> None:
        printed = collapse(self.fiche.title or "")
        before, shown = self.mission.title_printed, self.mission.title
        self._set(title_printed=printed[:300])
        if before and letters(before) != letters(shown):
            self.notes.append(
                f"Le titre affiché avait été récrit, il reste «\u00a0{shown}\u00a0»\u00a0: voyez s’il convient encore."
            )
            return
        self._set(title=draft_title(self.fiche))

    def _places(self) -> None:
        rows = {row.collectivity_id: row for row in self.mission.mission_collectivities.select_related("collectivity")}
        known = Places(row.collectivity for row in rows.values())
        wanted: dict[int, Collectivity] = {}
        for place in self.fiche.collectivities:
            for found in known.find(place.name) or [self.naming.place(place, self.choices)]:
                wanted[found.pk] = found
        MissionCollectivity.objects.filter(mission=self.mission).exclude(collectivity__in=wanted).delete()
        last = max((row.position for row in rows.values()), default=0)
        order = [
            rows.get(pk) or MissionCollectivity(mission=self.mission, collectivity=place, position=last + rank)
            for rank, (pk, place) in enumerate(wanted.items(), start=1)
        ]
        for row in order:
            row.save()
        renumber(MissionCollectivity.objects.filter(mission=self.mission), order)


class _Rows:
    """The parts of one kind: those of the catalogue that are kept, and what is written among them."""

    def __init__(self, taking: _Taking, kind: str) -> None:
        self.taking, self.kind, self.fiche, self.mission = taking, kind, taking.fiche, taking.mission
        self.model = _MODELS[kind]
        self.pairs = taking.pairs[kind]
        self.row_of: dict[int, Any] = {i: pair.stored.thing for i, pair in enumerate(self.pairs) if pair.stored}
        self.order = sorted(self.row_of.values(), key=lambda row: (row.position, row.pk))
        self._write_one: Callable[[Any, Any], None] = getattr(self, f"_{kind}")

    def write(self, chosen: Iterable[int]) -> None:
        before = list(self.order)
        for index in sorted(chosen):
            pair = self.pairs[index]
            if pair.read is None:
                self._remove(self.row_of[index])
            elif pair.stored is None:
                self._add(index, pair)
            else:
                self._write_one(self.row_of[index], pair.read.thing)
        if [row.pk for row in before] != [row.pk for row in self.order]:
            renumber(self.model.objects.filter(mission=self.mission), self.order)

    def _add(self, index: int, pair: Pair) -> None:
        """After the nearest part that is printed before it and that the mission has."""
        last = max((other.position for other in self.order), default=0)
        row = self.model(mission=self.mission, position=last + 1)
        self._write_one(row, pair.read.thing if pair.read else None)
        if row.pk is None:
            return
        before = [self.row_of[i] for i in range(index) if self.row_of.get(i) in self.order]
        self.order.insert(self.order.index(before[-1]) + 1 if before else 0, row)
        self.row_of[index] = row

    def _remove(self, row: Any) -> None:
        if isinstance(row, Section) and not self._frees_extracts(row):
            return
        if isinstance(row, KeyFigure):
            for use in MethodUse.objects.filter(key_figures=row).select_related("method"):
                self._say(f"Le chiffre «\u00a0{row}\u00a0», retiré, était lié à la méthode «\u00a0{use.method}\u00a0».")
        self.order = [other for other in self.order if other.pk != row.pk]
        row.delete()

    def _say(self, note: str) -> None:
        self.taking.notes.append(note)

    # ------------------------------------------------------------------------------------------------- people

    def _author(self, row: Authorship, read: records.Author) -> None:
        self._set_person(row, read)
        corps = corps_read(read)
        if corps:
            row.corps = corps
        self._save_person(row)

    def _tutor(self, row: Tutorship, read: records.Tutor) -> None:
        self._set_person(row, read)
        row.job_title = (read.job_title or "")[:300]
        self._save_person(row)

    def _set_person(self, row: Any, read: records.Author | records.Tutor) -> None:
        old = row.person if row.person_id else None
        if old is None or not is_called(old, printed_name(read)):
            taking = self.taking
            places = list(self.mission.collectivities.all())
            row.person = taking.naming.corrected(read, old, self.fiche, places, taking.choices)

    def _save_person(self, row: Any) -> None:
        twice = self.model.objects.filter(mission=self.mission, person=row.person).exclude(pk=row.pk)
        if twice.exists():
            self._say(f"{row.person} est déjà dans la mission\u00a0: la ligne n’a pas été modifiée.")
        else:
            row.save()

    # ------------------------------------------------------------------------------------------------- sections

    def _section(self, row: Section, read: records.SectionRecord) -> None:
        row.kind, row.heading = read.kind, read.heading[:300]
        row.body = body_of(self.fiche, self.fiche.sections.index(read))
        row.save()
        for extract in MethodExtract.objects.filter(section=row).select_related("use__method"):
            if not stands_in(extract.text, row):
                self._say(
                    f"Rubrique «\u00a0{row.label}\u00a0»\u00a0: un extrait de la méthode "
                    f"«\u00a0{extract.use.method}\u00a0» n’y est plus mot pour mot\u00a0: "
                    f"«\u00a0{collapse(extract.text)[:80]}\u00a0». Corrigez-le, ou retirez-le."
                )

    def _frees_extracts(self, row: Section) -> bool:
        """Extracts go to the section that holds them now; a section that alone holds one stays."""
        others = [other for other in self.order if other.pk != row.pk]
        extracts = list(row.extracts.all())
        homes = {e.pk: other for e in extracts for other in reversed(others) if stands_in(e.text, other)}
        if alone := len(extracts) - len(homes):
            count = plural(alone, "extrait de méthode", "extraits de méthodes")
            self._say(
                f"La rubrique «\u00a0{row.label}\u00a0» reste\u00a0: elle porte {count}. "
                f"Retirez-{'le' if alone == 1 else 'les'} d’abord, ou gardez-la."
            )
            return False
        for extract in extracts:
            extract.section = homes[extract.pk]
            extract.save(update_fields=["section"])
        return True

    def _section_of(self, index: int) -> Section | None:
        """The mission's section that is this one of the fiche, if it is still there."""
        pair = self.taking.pairs["section"][index]
        found = Section.objects.filter(mission=self.mission)
        if pair.stored:
            return found.filter(pk=pair.stored.thing.pk).first()
        record = self.fiche.sections[index]
        return found.filter(kind=record.kind, heading=record.heading[:300]).first()

    # ------------------------------------------------------------------------------------------------- rows

    def _row(self, row: Any, read: Any) -> None:
        if row.section_id is None:
            row.section = self._section_of(read.section)
        row.save()

    def _figure(self, row: KeyFigure, read: records.KeyFigure) -> None:
        row.value, row.label = (read.value or "")[:40], plain_marks(read.label or "")[:600]
        row.number, row.unit = number_and_unit(read.value)
        self._row(row, read)

    def _reference(self, row: Reference, read: records.Reference) -> None:
        row.text = plain_marks(read.text)
        if read.url and len(read.url) <= 500:
            row.url = read.url
        self._row(row, read)

    def _testimonial(self, row: Testimonial, read: records.Testimonial) -> None:
        row.form, row.embedded = FORMS[read.form], read.embedded
        row.text = to_html(join_broken(read.text))
        known: dict[str, Person | None] = (
            {letters(s.printed_name): s.person for s in row.speakers.all()} if row.pk else {}
        )
        self._row(row, read)
        row.speakers.all().delete()
        for rank, speaker in enumerate(read.speakers, start=1):
            first, last = speaker.first_name or "", speaker.last_name or ""
            Speaker.objects.create(
                testimonial=row,
                position=rank,
                first_name=first[:80],
                last_name=display_case(last)[:120],
                role=(speaker.job_title or "")[:300],
                person=known.get(letters(printed_name(speaker))) or tutor_called(self.mission, first, last),
            )


def renumber(rows: models.QuerySet[Any], order: list[Any]) -> None:
    """Positions 1, 2, 3… in this order, out of the way of « unique per mission » meanwhile."""
    rows.update(position=F("position") + _ASIDE)
    for position, row in enumerate(order, start=1):
        row.position = position
    rows.bulk_update(order, ["position"])
