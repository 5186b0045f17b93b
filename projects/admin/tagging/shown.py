"""What a proposal looks like on its page: its passages with their words marked in context, and what its form holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from casebook.text import NBSP
from projects.models import KeyFigure, Method, MethodExtract, MethodUse, Mission, Section
from projects.tagging.proposals import Proof, Proposal
from projects.tagging.reasons import intention, reason
from projects.tagging.waiting import Tagging, Waiting

CONTEXT = 160  # letters before and after a passage
Places = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Piece:
    text: str
    is_marked: bool


@dataclass(frozen=True)
class Passage:
    """A passage between what stands around it; `url` leads to its rubrique in the fiche, "" when none holds it."""

    place: str
    url: str
    before: str
    pieces: list[Piece]
    after: str
    text: str


@dataclass(frozen=True)
class Entered:
    """What a person sent that cannot be kept, and why."""

    role: str
    moment: str
    extracts: str
    problems: list[str]


@dataclass(frozen=True)
class Card:
    """A proposal. `spoken`: what supports it in a testimonial that no rubrique holds."""

    method: Method
    role: str
    moment: str
    reason: str
    intention: str
    passages: list[Passage]
    spoken: list[Passage]
    figures: list[KeyFigure]
    entered: Entered | None = None

    @property
    def anchor(self) -> str:
        return f"methode-{self.method.slug}"

    @property
    def input(self) -> str:
        return self.entered.extracts if self.entered else "\n\n".join(passage.text for passage in self.passages)

    @property
    def problems(self) -> list[str]:
        return self.entered.problems if self.entered else []


@dataclass(frozen=True)
class Addition:
    """A passage that could join a confirmed use."""

    use: MethodUse
    passage: Passage


@dataclass
class TaggingPage:
    """The page of a mission; `unkept`: what was sent, by method, when it could not be kept."""

    tagging: Tagging
    unkept: dict[str, Entered] = field(default_factory=dict)

    @property
    def mission(self) -> Mission:
        return self.tagging.mission

    @cached_property
    def cards(self) -> list[Card]:
        return [self._card(one) for one in self.tagging.waiting]

    @property
    def sure(self) -> list[Card]:
        """Those that « tout accepter » accepts: what is only an intention is looked at one by one."""
        return [card for card in self.cards if not card.intention]

    @cached_property
    def additions(self) -> list[Addition]:
        return [Addition(more.use, self._passage(more.proof)) for more in self.tagging.more]

    @cached_property
    def _sections(self) -> dict[int, Section]:
        return {section.pk: section for section in self.mission.sections.all()}

    def _card(self, one: Waiting) -> Card:
        entered = self.unkept.get(one.method.slug)
        proofs = one.proposal.proofs if one.proposal else ()
        figures = one.proposal.figures if one.proposal else ()
        return Card(
            method=one.method,
            role=entered.role if entered else one.role,
            moment=entered.moment if entered else one.moment,
            reason=reason(one.proposal) if one.proposal else f"Proposée auparavant{NBSP}; le texte a changé depuis.",
            intention=intention(one.proposal) if one.proposal else "",
            passages=list(self._passages(one.use, one.proposal)),
            spoken=[self._passage(proof) for proof in proofs if proof.part.section is None and not proof.part.figure],
            figures=[figure for figure in self.mission.key_figures.all() if figure.pk in figures],
            entered=entered,
        )

    def _passages(self, use: MethodUse | None, proposal: Proposal | None) -> Iterable[Passage]:
        """Those that were kept, as they were kept; else those that the rules find now."""
        proofs = proposal.extracts if proposal else ()
        if use is None:
            return map(self._passage, proofs)
        return (self._kept(extract, proofs) for extract in use.extracts.all())

    def _kept(self, extract: MethodExtract, proofs: Iterable[Proof]) -> Passage:
        for proof in proofs:
            if (proof.part.section, proof.text) == (extract.section_id, extract.text):
                return self._passage(proof)
        section = self._sections[extract.section_id]
        start = section.text.find(extract.text)
        if start < 0:
            return Passage(section.label, self._url(section), "", [Piece(extract.text, False)], "", extract.text)
        return _between(section.label, self._url(section), section.text, (start, start + len(extract.text)), ())

    def _passage(self, proof: Proof) -> Passage:
        section = self._sections.get(proof.part.section or 0)
        place = section.label if section else str(Section.Kind(proof.part.kind).label)
        url = self._url(section) if section else ""
        return _between(place, url, proof.part.text, (proof.start, proof.end), proof.marks)

    def _url(self, section: Section) -> str:
        return f"{self.mission.get_absolute_url()}#{section.anchor}"


def _between(place: str, url: str, text: str, span: tuple[int, int], marks: Places) -> Passage:
    start, end = span
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    if start > CONTEXT:
        before = "… " + before.partition(" ")[2]
    if end + CONTEXT < len(text):
        after = after.rpartition(" ")[0] + " …"
    return Passage(place, url, before, list(_pieces(text, start, end, marks)), after, text[start:end])


def _pieces(text: str, start: int, end: int, marks: Places) -> Iterable[Piece]:
    """The text from `start` to `end` cut at the marks; those that overlap are one."""
    place = start
    for first, last in _merged(marks):
        if first > place:
            yield Piece(text[place:first], False)
        yield Piece(text[first:last], True)
        place = last
    if place < end:
        yield Piece(text[place:end], False)


def _merged(marks: Places) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(marks):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged
