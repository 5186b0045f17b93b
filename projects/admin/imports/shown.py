"""What a batch and a fiche under review look like on their pages: words, links, what may be done."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.urls import reverse

from casebook.text import NBSP
from casebook.titles import is_printed_in_capitals, lowered
from projects.imports import review
from projects.imports.decisions import OPEN, FicheReview, Outcome
from projects.imports.decisions import SourceLine as Line
from projects.imports.differences import Difference
from projects.imports.known import DIFFERENCE, MATCH
from projects.imports.matching import place_case
from projects.imports.naming import draft_title
from projects.imports.records import Span
from projects.imports.review import Value
from projects.imports.vocabulary import EMAIL
from projects.imports.wording import Op, near_changes, word_changes
from projects.models import ImportBatch, Mission

MASK = "[adresse électronique masquée]"
_STATES = {"propose": "Proposé", "accepte": "Accepté", "modifie": "Corrigé", "refuse": "Écarté"}
_HELP = {
    "number": "Un nombre, ou rien.",
    "collectivities": "Une collectivité par ligne.",
    "author": "Prénom et nom.",
    "tutor": "Prénom et nom, puis la fonction après une virgule.",
    "figure": f"La valeur, une barre, puis ce qu’elle compte{NBSP}: «{NBSP}20 | mois d’attente{NBSP}».",
    "testimonial": f"Une ligne «{NBSP}— Prénom Nom, fonction{NBSP}» par personne, une ligne vide, puis les paroles.",
}
_ALWAYS_THERE = {"number", "title"}  # corrected, never left out
_MANY = 6  # choices beyond which a list takes less room
_LONG = 60  # words of a value beyond which its end is folded
_WIDE = 14  # words of a value beyond which it takes the whole width
_LONG_CHANGE = 12  # words that go, beyond which those that come are on a line of their own


@dataclass(frozen=True)
class ShownChoice:
    key: str
    label: str
    reason: str
    chosen: bool


@dataclass(frozen=True)
class Piece:
    """Words that stay, go or come, and the space after them, which is not marked."""

    op: Op
    words: str
    space: str


@dataclass(frozen=True)
class Compared:
    """What the catalogue says and what the document says, as one text; `whole` when `near` is not all of it."""

    near: list[Piece]
    whole: list[Piece]


@dataclass(frozen=True)
class ShownValue:
    """One value. `draft`: as a draft would have what is printed in capitals. `typed` and `problem`: what was sent and
    could not be kept, and why."""

    value: Value
    hides_addresses: bool
    is_open: bool
    place: str
    source_anchor: str
    draft: str = ""
    compared: Compared | None = None
    typed: str | None = None
    problem: str = ""

    @property
    def key(self) -> str:
        return self.value.key

    @property
    def anchor(self) -> str:
        return anchor(self.value.key)

    @property
    def label(self) -> str:
        kind, colon, of = self.value.label.partition("\u00a0: ")
        return f"{kind}{colon}{in_sentence(of)}" if colon else in_sentence(kind)

    @property
    def group(self) -> str:
        return in_sentence(self.value.group)

    @property
    def state_label(self) -> str:
        if self.value.state == "accepte" and self.value.form == "notice":
            return "Vu"
        if self.value.state == "propose" and self.is_choice and not self.is_bucket:
            if self.value.key.startswith(DIFFERENCE) and not self.value.waits:
                return "Catalogue gardé"
            return "Choix à faire" if self.value.waits else "Reconnu" if self.has_choice else "Pour information"
        return _STATES[self.value.state]

    @property
    def signed(self) -> str:
        return str(self.value.decision.get("by", "")) if self.value.decision else ""

    @property
    def is_choice(self) -> bool:
        return self.value.form == "choice"

    @property
    def has_choice(self) -> bool:
        """Whether there is something to choose."""
        return self.is_choice and len(self.value.choices) > 1

    @property
    def is_settled(self) -> bool:
        """A choice that waits for nobody: it is told, and changed only on demand."""
        return self.has_choice and not self.is_bucket and not self.value.waits and not self.problem

    @property
    def is_recognised(self) -> bool:
        """A place, a person, a theme that the catalogue has, beyond doubt: told apart, so that they hide nothing."""
        is_match = self.key.startswith(MATCH) and self.key != f"{MATCH}mission"
        return is_match and self.value.sure and not self.problem

    @property
    def chosen(self) -> str:
        """What a settled choice says."""
        return next((choice.label for choice in self.choices if choice.chosen), "") if self.is_settled else ""

    @property
    def is_bucket(self) -> bool:
        """Lines without a place: they are sent somewhere."""
        return review.span_of(self.value.key) is not None

    @property
    def text(self) -> str:
        if self.value.form == "notice" or self.compared:
            return ""
        if self.is_choice and not self.is_bucket:
            return self.chosen or self._shown(place_case(self.group))
        return self._shown(self.value.read if self.is_bucket else self.draft or self.value.current)

    @property
    def beginning(self) -> str:
        """The first words of a long text; empty when it is short."""
        words = self.text.split()
        return " ".join(words[:_LONG]) + "…" if len(words) > _LONG + 20 else ""

    @property
    def is_wide(self) -> bool:
        return self.compared is not None or self.word_count > _WIDE

    @property
    def word_count(self) -> int:
        return len(self.text.split())

    @property
    def read_before(self) -> str:
        """What the source said, when it was corrected."""
        return self._shown(self.value.read) if self.value.state == "modifie" else ""

    @property
    def input(self) -> str:
        return (self.draft or self.value.current) if self.typed is None else self.typed

    @property
    def is_one_line(self) -> bool:
        return self.value.form == "line"

    @property
    def rows(self) -> int:
        """Of the field where a text is corrected."""
        return max(3, min(18, len(self.input) // 70 + self.input.count("\n") + 1))

    @property
    def help(self) -> str:
        return _HELP.get(self._kind, "")

    @property
    def can_accept(self) -> bool:
        return self.is_open and not self.is_choice and self.value.state in {"propose", "refuse"}

    @property
    def accept_label(self) -> str:
        return "C’est vu" if self.value.form == "notice" else "Accepter"

    @property
    def can_edit(self) -> bool:
        hidden = self.hides_addresses and EMAIL.search(self.value.current)
        return self.is_open and self.value.form in {"line", "text"} and not hidden

    @property
    def can_refuse(self) -> bool:
        may = self.value.form in {"line", "text"} and self._kind not in _ALWAYS_THERE
        return self.is_open and may and self.value.state != "refuse"

    @property
    def can_reopen(self) -> bool:
        return self.is_open and self.value.decision is not None

    @property
    def choice_decision(self) -> str:
        return review.SEND if self.is_bucket else review.ACCEPT

    @property
    def choices(self) -> list[ShownChoice]:
        made = str(self.value.decision.get("value", "")) if self.value.decision else ""
        chosen = self.typed or made or self.value.current
        return [ShownChoice(c.key, c.label, c.reason, c.key == chosen) for c in self.value.choices]

    @property
    def is_list(self) -> bool:
        """Whether the choices are shown as a list rather than one under the other."""
        return self.is_bucket or len(self.value.choices) > _MANY

    @property
    def doubts(self) -> list[str]:
        return [self._shown(doubt.message) for doubt in self.value.doubts]

    @property
    def _kind(self) -> str:
        return self.value.key.partition(":")[0]

    def _shown(self, text: str) -> str:
        return masked(text) if self.hides_addresses else text


@dataclass(frozen=True)
class ShownLine:
    number: int
    text: str
    kind: str  # placed, doubt, heading, unplaced or blank
    label: str  # on the first line of a run only
    target: str  # anchor of the value
    page: int | None  # on the first line of a page only


@dataclass(frozen=True)
class Move:
    """Lines that were sent elsewhere."""

    key: str
    lines: str
    target: str
    stamp: str


@dataclass
class FichePage:
    """Everything the review of a fiche shows."""

    batch: ImportBatch
    fiche: FicheReview
    sees_addresses: bool
    typed: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._differences = {DIFFERENCE + difference.key: difference for difference in self.fiche.known.differences}
        self.is_open = self.batch.state == ImportBatch.State.REVIEW and self.fiche.row.outcome in OPEN
        self.values = [self._shown(value) for value in self.fiche.values]
        self.draft = [shown for shown in self.values if not (shown.is_bucket or shown.is_recognised)]
        self.recognised = [shown for shown in self.values if shown.is_recognised]
        self.bucket = [shown for shown in self.values if shown.is_bucket]
        self.decided = sum(shown.value.state != "propose" for shown in self.values)
        self.waiting = self.fiche.doubts
        self.first_doubt = anchor(self.waiting[0].key) if self.waiting else ""
        self.sure_left = sum(s.value.state == "propose" and not s.value.waits and s.value.sure for s in self.values)
        self.is_done, self.is_refused = self.fiche.is_done, self.fiche.row.outcome == Outcome.REFUSED
        self.first, self.last = self.fiche.printed.lines
        self.title = draft_title(self.fiche.decided) or "Fiche sans titre"
        self.file_name = self.fiche.read.file.name

    def _shown(self, value: Value) -> ShownValue:
        return ShownValue(
            value,
            not self.sees_addresses,
            self.is_open,
            place(value.lines, self._page_of(value)),
            f"l-{value.lines[0][0]}" if value.lines and self._holds(value.lines[0]) else "",
            self._in_draft(value.key, value.current),
            self._compared(value.key),
            self.typed.get(value.key),
            self.problems.get(value.key, ""),
        )

    def _in_draft(self, key: str, text: str) -> str:
        """What a draft has in place of capitals: empty for the values that it has as they are printed."""
        if key == "title":
            return draft_title(replace(self.fiche.decided, title=text))
        if key == "theme":
            return lowered(text)
        return "\n".join(place_case(name) for name in text.split("\n")) if key == "collectivities" else ""

    def _compared(self, key: str) -> Compared | None:
        difference: Difference | None = self._differences.get(key)
        if difference is None:
            return None
        texts = [self._in_draft(difference.key, text) or text for text in (difference.catalogue, difference.read)]
        before, after = texts if self.sees_addresses else map(masked, texts)
        whole = word_changes(before, after)
        near = near_changes(whole)
        return Compared(_pieces(near), _pieces(whole) if near != whole else [])

    def _holds(self, span: Span) -> bool:
        return self.fiche.printed.lines[0] <= span[0] <= self.fiche.printed.lines[1]

    def _page_of(self, value: Value) -> int | None:
        return self.fiche.read.text.lines[value.lines[0][0] - 1].page if value.lines else None

    def lines(self) -> Iterator[ShownLine]:
        """The source without its blank lines; a field is named on the first line that went to it."""
        waiting = {value.key for value in self.waiting}
        before, page = "", None
        for line in self.fiche.source():
            if not line.text.strip():
                continue
            run = line.key or "rubrique"
            text = line.text if self.sees_addresses else masked(line.text)
            label = in_sentence(line.label or "rubrique") if run != before else ""
            target = anchor(line.key) if line.key else ""
            yield ShownLine(
                line.number, text, _kind(line, waiting), label, target, line.page if line.page != page else None
            )
            before, page = run, line.page

    def moves(self) -> list[Move]:
        names = dict(self.targets())
        return [
            Move(key, place([span]), names.get(str(made["value"]), ""), str(made["at"]))
            for key, made in self.fiche.row.decisions.items()
            if key.startswith("move:") and (span := review.span_of(key))
        ]

    def targets(self) -> list[tuple[str, str]]:
        """Where lines may be sent."""
        sections = review.keyed_sections(self.fiche.printed)
        return [
            *((key, in_sentence(section.heading)) for key, section in sections),
            (review.OTHER, "Rubrique à part"),
            (review.ASIDE, "Nulle part\u00a0: écarter"),
        ]


def _pieces(changes: Sequence[tuple[Op, str]]) -> list[Piece]:
    """What goes and what comes instead do not touch."""
    pieces = []
    for rank, (op, text) in enumerate(changes):
        words = text.rstrip()
        replaced = op == "delete" and [other for other, _ in changes[rank + 1 : rank + 2]] == ["insert"]
        space = ("\n" if words.count(" ") > _LONG_CHANGE else " ") if replaced else text[len(words) :]
        pieces.append(Piece(op, words, space))
    return pieces


def mission_address(mission: Mission | None) -> str:
    return reverse("admin:projects_mission_change", args=[mission.pk]) if mission else ""


def anchor(key: str) -> str:
    """The id of a value on its page: without the spaces of a name."""
    return f"v-{key.replace(' ', '-')}"


def place(lines: Iterable[Span], page: int | None = None) -> str:
    """« l. 1304–1313 », « page 19, l. 12 »."""
    spans = list(lines)
    if not spans:
        return ""
    words = ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in spans[:3])
    more = "…" if len(spans) > 3 else ""
    return (f"page{NBSP}{page}, " if page else "") + f"l.{NBSP}{words}{more}"


def masked(text: str) -> str:
    return EMAIL.sub(MASK, text)


def in_sentence(text: str, evidence: Iterable[str] = ()) -> str:
    """A heading or a title of the book without its capitals."""
    return lowered(text, evidence) if is_printed_in_capitals(text) else text.replace("\n", " ")


def _kind(line: Line, waiting: set[str]) -> str:
    if line.key:
        return "unplaced" if review.span_of(line.key) else "doubt" if line.key in waiting else "placed"
    return "heading"
