"""What waits for a person: the text of a mission read from the database, its proposals, those that are kept.

A proposal that is kept is a `MethodUse` in the state PROPOSED. Nothing but CONFIRMED is public.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser, User
from django.db import models, transaction

from casebook.richtext import plain
from casebook.text import collapse
from projects.changes import record
from projects.models import Method, MethodExtract, MethodUse, Mission, Section
from projects.tagging.cues import Cues, Subject
from projects.tagging.proposals import Part, Proof, Proposal, propose

State = MethodUse.State
CHUNK = 100


class Reader:
    """The methods of the catalogue, with the synonyms that they have today, ready to be found in missions."""

    def __init__(self) -> None:
        self.methods = {method.slug: method for method in Method.objects.all()}
        self.cues = Cues(Subject(m.slug, m.name, tuple(m.synonyms)) for m in self.methods.values())

    def proposals(self, mission: Mission) -> list[Proposal]:
        """What the text of the mission alone says; needs `with_text()`."""
        return propose(parts_of(mission), self.cues)

    def tagging(self, mission: Mission) -> "Tagging":
        """What its text and the earlier decisions make of a mission; needs `for_tagging()`. Writes nothing."""
        found = {proposal.key: proposal for proposal in self.proposals(mission)}
        tagging = Tagging(mission)
        decided = set()
        for use in mission.method_uses.all():
            proposal = found.get(use.method.slug)
            decided.add(use.method.slug)
            if use.state == State.REFUSED:
                tagging.refused.append(use)
            elif use.state == State.PROPOSED:
                tagging.waiting.append(Waiting(use.method, proposal, use))
            elif proposal:
                tagging.more.extend(More(use, proof) for proof in proposal.extracts if not _known(use, proof.text))
        new = (proposal for key, proposal in found.items() if key not in decided)
        tagging.waiting.extend(Waiting(self.methods[proposal.key], proposal) for proposal in new)
        tagging.waiting.sort(key=lambda one: (one.is_intention, one.method.name))
        return tagging


@dataclass(frozen=True)
class Waiting:
    """A method to decide about. `proposal`: what the rules say of the text as it is now, if they still say it;
    `use`: the proposal as it was kept, if it was."""

    method: Method
    proposal: Proposal | None
    use: MethodUse | None = None

    @property
    def role(self) -> str:
        shown = self.use or self.proposal
        return shown.role if shown else ""

    @property
    def moment(self) -> str:
        shown = self.use or self.proposal
        return shown.moment if shown else ""

    @property
    def is_intention(self) -> bool:
        return self.proposal is not None and self.proposal.is_intention


@dataclass(frozen=True)
class More:
    """A passage that a confirmed use does not have yet."""

    use: MethodUse
    proof: Proof


@dataclass(frozen=True)
class Tagging:
    mission: Mission
    waiting: list[Waiting] = field(default_factory=list)
    more: list[More] = field(default_factory=list)
    refused: list[MethodUse] = field(default_factory=list)

    def method(self, slug: str) -> Method | None:
        """The method of this address, when there is something to decide about it."""
        uses = [*self.refused, *(more.use for more in self.more)]
        methods = [*(one.method for one in self.waiting), *(use.method for use in uses)]
        return next((method for method in methods if method.slug == slug), None)

    @property
    def new(self) -> list[tuple[Method, Proposal]]:
        """What waits and is not kept yet."""
        return [(one.method, one.proposal) for one in self.waiting if one.proposal and one.use is None]


def parts_of(mission: Mission) -> list[Part]:
    """What the mission's page says, in its order; needs `with_text()`."""
    parts = [Part(section.kind, section.text, section=section.pk) for section in mission.sections.all()]
    figures = ((figure.pk, f"{figure.value} {figure.label}".strip()) for figure in mission.key_figures.all())
    parts += [Part(Section.Kind.CHIFFRES, text, figure=pk) for pk, text in figures]
    spoken = (plain(words.text) for words in mission.testimonials.all() if not words.embedded)
    return [*parts, *(Part(Section.Kind.TEMOIGNAGE, text) for text in spoken)]


def for_tagging() -> "models.QuerySet[Mission]":
    """Missions in book order with what tagging reads; a working copy is not read beside its mission."""
    uses = MethodUse.objects.select_related("method").with_extracts().order_by("position", "pk")
    missions = Mission.objects.filter(working_copy_of=None).with_text().in_book_order()
    return missions.select_related("edition").prefetch_related(models.Prefetch("method_uses", uses))


def find(pk: int) -> Tagging | None:
    """The state of one mission; None when there is no such mission."""
    mission = for_tagging().filter(pk=pk).first()
    return Reader().tagging(mission) if mission else None


def with_waiting_count() -> "models.QuerySet[Mission]":
    """The same, for a list: with `waiting_count` and `confirmed_count`; those with something to decide first."""

    def count(state: str) -> models.Count:
        return models.Count("method_uses", filter=models.Q(method_uses__state=state))

    missions = Mission.objects.filter(working_copy_of=None).in_book_order()
    settled = models.Case(models.When(waiting_count__gt=0, then=0), default=1)
    counted = missions.annotate(waiting_count=count(State.PROPOSED), confirmed_count=count(State.CONFIRMED))
    return counted.select_related("edition").order_by(settled, *missions.query.order_by)


def waiting_total() -> int:
    """How many kept proposals wait in the whole catalogue."""
    return MethodUse.objects.filter(state=State.PROPOSED, mission__working_copy_of=None).count()


def next_waiting(after: int = 0) -> Mission | None:
    """The next mission with a kept proposal in the order of the list, after this one; then the first again."""
    waiting = list(with_waiting_count().filter(waiting_count__gt=0))  # type: ignore[misc]
    places = [mission.pk for mission in waiting]
    start = places.index(after) + 1 if after in places else 0
    return next(iter(waiting[start:] + waiting[:start]), None)


def keep_all(missions: "models.QuerySet[Mission]", by: User | AnonymousUser | None = None) -> tuple[int, int]:
    """Keep the new proposals of these missions (of `for_tagging()`): how many missions have some, how many in all.

    A mission at a time in memory, in one transaction each: what is kept stays when the rest is interrupted.
    """
    reader = Reader()
    kept = [keep(reader.tagging(mission), by) for mission in missions.iterator(chunk_size=CHUNK)]
    return sum(count > 0 for count in kept), sum(kept)


@transaction.atomic
def keep(tagging: Tagging, by: User | AnonymousUser | None = None) -> int:
    """Keep what is new as proposals with their extracts and figures: how many."""
    mission = tagging.mission
    for position, (method, proposal) in enumerate(tagging.new, start=next_position(mission)):
        use = MethodUse.objects.create(
            mission=mission,
            method=method,
            position=position,
            role=proposal.role,
            moment=proposal.moment,
            state=State.PROPOSED,
        )
        write_extracts(use, [(proof.part.section, proof.text) for proof in proposal.extracts])
        use.key_figures.set(proposal.figures)
    if tagging.new:
        record([mission], by, "Méthodes proposées d’après le texte")
    return len(tagging.new)


def next_position(mission: Mission) -> int:
    last = mission.method_uses.aggregate(last=models.Max("position"))["last"]
    return int(last or 0) + 1


def write_extracts(use: MethodUse, found: Iterable[tuple[int | None, str]], first: int = 1) -> None:
    """Extracts that the caller found in the sections of the same mission."""
    MethodExtract.objects.bulk_create(
        MethodExtract(use=use, section_id=section, position=position, text=text)
        for position, (section, text) in enumerate(found, start=first)
        if section is not None
    )


def _known(use: MethodUse, text: str) -> bool:
    """Whether an extract of the use holds the text, or stands in it."""
    wanted = collapse(text)
    known = [collapse(extract.text) for extract in use.extracts.all()]
    return any(wanted in one or one in wanted for one in known)
