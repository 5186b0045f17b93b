"""Why a method is proposed, in words for the editor."""

from casebook.text import NBSP, collapse, plural
from projects.models import Section
from projects.tagging.cues import Strength
from projects.tagging.proposals import Proof, Proposal

_WORDS = {
    Strength.NAME: f"«{NBSP}%s{NBSP}» nomme la méthode",
    Strength.COMMON: f"«{NBSP}%s{NBSP}» peut la désigner",
    Strength.GESTURE: f"«{NBSP}%s{NBSP}» décrit le geste, sans le nom",
}


def reason(proposal: Proposal) -> str:
    """« « benchmark » nomme la méthode, et la phrase dit ce que l’équipe a fait. Deux autres passages. »"""
    best = proposal.proofs[0]
    said = f"{_WORDS[best.strength] % collapse(best.words)}{_said(best)}."
    others = len(proposal.proofs) - 1
    return f"{said} {plural(others, 'autre passage', 'autres passages')}." if others else said


def _said(proof: Proof) -> str:
    said = proof.said
    if said.done and said.by_team:
        return ", et la phrase dit ce que l’équipe a fait"
    if said.done:
        return ", et la phrase parle de ce qui a été fait"
    if said.advised:
        return ", et la phrase recommande"
    if proof.part.kind == Section.Kind.TEMOIGNAGE:
        return ", dans les mots de la collectivité"
    if said.is_title:
        return ", sans dire si cela a été fait ou conseillé"
    return ""


def intention(proposal: Proposal) -> str:
    """What the editor is warned of when the proof stands only where the problem is stated; else nothing."""
    if not proposal.is_intention:
        return ""
    where = {proof.part.kind for proof in proposal.proofs}
    place = "la problématique" if where == {Section.Kind.PROBLEMATIQUE} else "l’énoncé de la demande"
    if not all(proof.is_asked for proof in proposal.proofs):
        return f"Preuve dans {place} seulement, même si la phrase dit que l’équipe l’a fait{NBSP}: à vérifier."
    return f"Intention seulement{NBSP}: rien hors de {place} ne dit que l’équipe l’a fait."
