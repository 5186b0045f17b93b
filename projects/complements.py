"""What an editor adds to a catalogue already there, from a JSON file: the themes in one sentence; of each mission its
printed pages, domains, « En bref », deliverables, methods with the passages that prove them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from casebook.reference import BadReference, Entry, entries, save
from casebook.text import NBSP, collapse, fold
from projects.changes import record
from projects.models import Deliverable, Domain, KeyFigure, Method, MethodExtract, MethodUse, Mission, Section, Theme
from projects.models.method_use import stands_in


class BadComplements(Exception):
    """`faults`: French sentences that name the theme or the fiche and what does not fit. Nothing was written."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass
class Outcome:
    described: list[Theme] = field(default_factory=list)
    completed: list[Mission] = field(default_factory=list)
    skipped: list[Mission] = field(default_factory=list)


@transaction.atomic
def load_complements(path: Path, update: bool = False) -> Outcome:
    """Complete the themes and missions of the file, all or none. A theme that has a description, a mission that has a
    summary or method uses are left as they are, unless `update`. Raises `BadComplements` with every fault found."""
    try:
        themes, missions = entries(path, "themes"), entries(path, "missions")
    except BadReference as error:
        raise BadComplements([str(error)]) from None
    vocabulary = _Vocabulary.load()
    outcome, faults = Outcome(), []
    for entry in themes:
        try:
            outcome.described += _describe(entry, update)
        except BadReference as error:
            faults.append(str(error))
    for entry in missions:
        try:
            mission = _mission(entry)
            if not update and (mission.has_summary or mission.method_uses.exists()):
                outcome.skipped.append(mission)
                continue
            faults += _complete(mission, entry, vocabulary)
            outcome.completed.append(mission)
        except BadReference as error:
            faults.append(str(error))
    if faults:
        raise BadComplements(faults)
    record(outcome.completed, why=f"Compléments du fichier {path.name}")
    return outcome


@dataclass(frozen=True)
class _Vocabulary:
    domains: dict[str, Domain]
    methods: dict[str, Method]

    @classmethod
    def load(cls) -> "_Vocabulary":
        known = list(Method.objects.all())
        methods = {fold(name): method for method in known for name in method.synonyms}
        methods.update({fold(method.name): method for method in known})  # a name goes before a synonym
        return cls({domain.slug: domain for domain in Domain.objects.all()}, methods)


def _describe(entry: Entry, update: bool) -> list[Theme]:
    """The theme of the entry when its sentence was written, else nothing."""
    theme = Theme.objects.filter(slug=entry.text("slug")).first()
    if theme is None:
        raise entry.bad(f"le thème «{NBSP}{entry.text('slug')}{NBSP}» n’est pas au catalogue.")
    if theme.description and not update:
        return []
    theme.description = entry.text("description")
    save(entry, theme)
    return [theme]


def _mission(entry: Entry) -> Mission:
    edition, number = entry.text("edition"), entry.whole("number")
    missions = Mission.objects.in_edition(edition) if edition else Mission.objects.filter(edition=None)
    found = list(missions.filter(number=number, working_copy_of=None))
    if len(found) != 1:
        problem = "n’est pas au catalogue" if not found else "est plusieurs fois au catalogue"
        raise BadReference(f"{_name(entry)}{NBSP}: cette fiche {problem}.")
    return found[0]


def _name(entry: Entry) -> str:
    edition = entry.text("edition")
    return f"Fiche {entry.whole('number')} ({f'recueil {edition}' if edition else 'sans recueil connu'})"


def _complete(mission: Mission, entry: Entry, vocabulary: _Vocabulary) -> list[str]:
    """Write what the entry says of the mission; the French faults of what does not fit."""
    faults = []
    summary = Entry(entry.file, f"{entry.label}, «{NBSP}summary{NBSP}»", _object(entry, "summary"))
    mission.summary_asked = summary.text("asked")
    mission.summary_done = summary.text("done")
    mission.summary_advised = summary.text("advised")
    mission.page_first, mission.page_last = _pages(entry)
    if note := entry.text("note"):
        mission.editor_note, mission.editor_note_on = note, timezone.localdate()
    mission.save()
    for slug in entry.texts("domains"):
        if slug not in vocabulary.domains:
            faults.append(f"{_name(entry)}{NBSP}: le domaine «{NBSP}{slug}{NBSP}» n’est pas connu.")
    mission.domains.set(vocabulary.domains[slug] for slug in entry.texts("domains") if slug in vocabulary.domains)
    _write_deliverables(mission, _parts(entry, "deliverables"))
    sections = list(mission.sections.all())
    for part in _parts(entry, "methods"):
        faults += [f"{_name(entry)}, {fault}" for fault in _write_use(mission, part, vocabulary, sections)]
    return faults


def _object(entry: Entry, key: str) -> dict[str, Any]:
    value = entry.values.get(key) or {}
    if not isinstance(value, dict):
        raise entry.bad(f"«{NBSP}{key}{NBSP}» doit être un objet.")
    return value


def _parts(entry: Entry, key: str) -> list[Entry]:
    values = entry.values.get(key) or []
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise entry.bad(f"«{NBSP}{key}{NBSP}» doit être une liste d’objets.")
    return [Entry(entry.file, f"{entry.label}, «{NBSP}{key}{NBSP}»", value) for value in values]


def _pages(entry: Entry) -> tuple[int | None, int | None]:
    pages = entry.values.get("pages") or [None, None]
    whole = isinstance(pages, list) and len(pages) == 2 and all(p is None or type(p) is int for p in pages)
    if not whole:
        raise entry.bad(f"«{NBSP}pages{NBSP}» doit être null ou deux nombres, par exemple [19, 24].")
    return pages[0], pages[1]


def _write_deliverables(mission: Mission, parts: list[Entry]) -> None:
    mission.deliverables.filter(title__in=[part.text("title") for part in parts]).delete()
    first = _next_position(mission.deliverables.all())
    for position, part in enumerate(parts, start=first):
        Deliverable.objects.create(mission=mission, position=position, kind=part.text("kind"), title=part.text("title"))


def _write_use(mission: Mission, part: Entry, vocabulary: _Vocabulary, sections: list[Section]) -> list[str]:
    """Write one confirmed use with its extract; or say, in French, what does not fit."""
    name = f"méthode «{NBSP}{part.text('method')}{NBSP}»{NBSP}: "
    method = vocabulary.methods.get(fold(part.text("method")))
    if method is None:
        return [f"{name}elle n’est pas dans le vocabulaire."]
    extract = collapse(part.text("extract"))
    kind = part.choice("section", Section.Kind.values)
    holder = next((s for s in sections if s.kind == kind and extract and stands_in(extract, s)), None)
    if holder is None:
        where = Section.Kind(kind).label if kind else "(non précisée)"
        return [
            f"{name}l’extrait «{NBSP}{extract}{NBSP}» ne se trouve pas mot pour mot dans la rubrique"
            f" «{NBSP}{where}{NBSP}»."
        ]
    role = part.choice("role", MethodUse.Role.values) or MethodUse.Role.USED
    mission.method_uses.filter(method=method, role=role).delete()
    use = MethodUse.objects.create(
        mission=mission,
        position=_next_position(mission.method_uses.all()),
        method=method,
        role=role,
        state=MethodUse.State.CONFIRMED,
        moment=part.choice("moment", MethodUse.Moment.values),
        outcome=part.text("outcome"),
    )
    MethodExtract.objects.create(use=use, section=holder, text=extract)
    figures = {text: _figure(mission, text) for text in part.texts("figures")}
    use.key_figures.set(figure for figure in figures.values() if figure)
    return [
        f"{name}le chiffre «{NBSP}{text}{NBSP}» n’est pas dans la fiche."
        for text, figure in figures.items()
        if not figure
    ]


def _figure(mission: Mission, text: str) -> KeyFigure | None:
    """The first key figure that reads so, or begins so: « 22 participants »."""
    wanted = fold(text)
    return next(
        (figure for figure in mission.key_figures.all() if wanted and fold(str(figure)).startswith(wanted)), None
    )


def _next_position(rows: Any) -> int:
    return (rows.aggregate(last=Max("position"))["last"] or 0) + 1
