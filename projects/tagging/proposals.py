"""The rules: from the parts of a mission's text to the methods that it seems to use or to advise, with the proof.

A name counts wherever the fiche tells what the team did or advises; a common word only where the sentence says so; a
gesture without its name only where the team makes it. The context tells of the collectivité first, and the problem
statement of what was asked: what stands only there is an intention.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from projects.models import MethodUse, Section
from projects.tagging.cues import Cues, Hit, Strength, table
from projects.tagging.reading import Sentence, sentences, span_around, words_of
from projects.tagging.wording import Wording, denied, wording

Kind, Role = Section.Kind, MethodUse.Role
MAX_EXTRACTS = 3
_ASKS = (Kind.CONTEXTE, Kind.PROBLEMATIQUE)
_FACTS = (Kind.ZOOM, Kind.TEMOIGNAGE, Kind.CHIFFRES)


@dataclass(frozen=True)
class Part:
    """A text of the mission. `section` holds it word for word, or is None: a key figure, or a testimonial in a row of
    its own, supports a proposal and gives no extract."""

    kind: str
    text: str
    section: int | None = None
    figure: int | None = None


@dataclass(frozen=True)
class Proof:
    """A passage that speaks of the method: its place in its part, and the places of the words that say it, the most
    telling first. `is_asked`: it says what was wanted rather than what was done."""

    part: Part
    start: int
    end: int
    marks: tuple[tuple[int, int], ...]
    strength: Strength
    said: Wording
    is_asked: bool

    @property
    def text(self) -> str:
        return self.part.text[self.start : self.end]

    @property
    def words(self) -> str:
        start, end = self.marks[0]
        return self.part.text[start:end]

    @property
    def role(self) -> str:
        """What was done was used, unless the sentence advises; a bare title among the keys is advised."""
        if self.part.kind in _FACTS or self.said.done:
            return Role.USED
        is_listed = self.said.is_title and self.part.kind == Kind.CLES_POUR_AGIR
        return Role.ADVISED if self.said.advised or is_listed else Role.USED

    @property
    def weight(self) -> tuple[bool, int, bool, bool, int]:
        """What makes a proof better than another, whatever their places."""
        told = self.said.by_team and self.said.done
        return (not self.is_asked, self.strength, told, self.part.kind != Kind.TEMOIGNAGE, len(words_of(self.words)))


@dataclass(frozen=True)
class Proposal:
    """`proofs`: the best first."""

    key: str
    role: str
    moment: str
    is_intention: bool
    proofs: tuple[Proof, ...]

    @property
    def extracts(self) -> tuple[Proof, ...]:
        """The proofs that a section holds word for word."""
        return tuple(proof for proof in self.proofs if proof.part.section is not None)[:MAX_EXTRACTS]

    @property
    def figures(self) -> tuple[int, ...]:
        """The key figures that count something of the method."""
        return tuple(proof.part.figure for proof in self.proofs if proof.part.figure is not None)


def propose(parts: Iterable[Part], cues: Cues) -> list[Proposal]:
    """The methods that these parts speak of, intentions last."""
    found: dict[str, list[Proof]] = defaultdict(list)
    for part in parts:
        for sentence in sentences(part.text):
            for key, proof in _proofs(part, sentence, cues):
                found[key].append(proof)
    proposals = [_proposal(key, proofs) for key, proofs in found.items()]
    return sorted(proposals, key=lambda proposal: (proposal.is_intention, proposal.key))


def _proofs(part: Part, sentence: Sentence, cues: Cues) -> Iterator[tuple[str, Proof]]:
    by_key: dict[str, list[Hit]] = defaultdict(list)
    for hit in cues.hits(sentence.words):
        if not denied(sentence, hit.first, hit.last):
            by_key[hit.key].append(hit)
    for key, hits in by_key.items():
        hits.sort(key=lambda hit: (-hit.strength, hit.first))
        best = hits[0]
        first, last = sentence.words[best.first], sentence.words[best.last]
        said = wording(sentence, first, last, of_team=part.kind not in _ASKS)
        if _counts(part.kind, best.strength, said):
            yield key, _proof(part, sentence, hits, said)


def _counts(kind: str, strength: Strength, said: Wording) -> bool:
    """Whether such words, in such a part, speak of the mission's own work."""
    match kind:
        case Kind.ALLER_PLUS_LOIN:
            return False
        case Kind.CONTEXTE:
            told = said.by_team and (said.done or said.asked)
            return strength > Strength.GESTURE and (told or said.ordered)
        case Kind.PROBLEMATIQUE:
            return (said.asked or said.done) and (strength == Strength.NAME or said.by_team)
        case Kind.CHIFFRES:
            return strength > Strength.GESTURE
    if strength == Strength.NAME:
        return True
    return (said.done or said.advised) and (strength == Strength.COMMON or said.by_team)


def _proof(part: Part, sentence: Sentence, hits: list[Hit], said: Wording) -> Proof:
    words = sentence.words
    places = dict.fromkeys((words[hit.first].start, words[hit.last].end) for hit in hits)
    start, end = span_around(sentence, *next(iter(places)))
    inside = tuple(place for place in places if start <= place[0] and place[1] <= end)
    told = said.by_team and said.done and not said.ordered
    return Proof(part, start, end, inside, hits[0].strength, said, is_asked=part.kind in _ASKS and not told)


def _proposal(key: str, proofs: list[Proof]) -> Proposal:
    entry = table().get(key, {})
    ranked = sorted(proofs, key=lambda proof: proof.weight, reverse=True)
    told = any(proof.role == Role.USED and proof.said.by_team and not proof.is_asked for proof in ranked)
    is_used = entry.get("livrable") or told or ranked[0].role == Role.USED
    return Proposal(
        key=key,
        role=Role.USED if is_used else Role.ADVISED,
        moment=entry.get("moment", ""),
        is_intention=all(proof.is_asked or proof.part.kind == Kind.PROBLEMATIQUE for proof in proofs),
        proofs=tuple(ranked),
    )
