import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casebook.text import NBSP, collapse, plural, printable
from projects.models import MethodUse
from projects.tagging.proposals import Proposal
from projects.tagging.reasons import intention, reason
from projects.tagging.waiting import Reader, Tagging, Waiting, for_tagging, keep


class Command(BaseCommand):
    help = (
        "Propose des méthodes pour les missions nommées, ou pour tout le catalogue, avec les phrases qui les montrent. "
        "N’écrit rien sans --save, et rien n’est public avant d’être accepté dans l’administration."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="ADRESSE", help="adresse d’une mission (sinon, toutes)")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="lignes à lire ou JSON")
        parser.add_argument("--save", action="store_true", help="garde les propositions, qui attendent un éditeur")

    def handle(self, *args: Any, slugs: list[str], format: str, save: bool, **options: Any) -> None:
        missions = for_tagging()
        if slugs:
            missions = missions.filter(slug__in=slugs)
            if unknown := sorted(set(slugs) - {mission.slug for mission in missions}):
                names = ", ".join(printable(slug)[:80] for slug in unknown)
                raise CommandError(f"Aucune mission n’a cette adresse{NBSP}: {names}.")
        reader, told, count = Reader(), [], 0
        for mission in missions.iterator(chunk_size=100):
            tagging = reader.tagging(mission)
            count += keep(tagging) if save else len(tagging.new)
            if format == "json":
                told.append(as_data(tagging))
            else:
                self._tell(tagging)
        if format == "json":
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
            return
        done = "gardée" if save else "trouvée"
        self.stdout.write(f"\n{plural(count, f'proposition {done}', f'propositions {done}s')}.")
        if not save:
            self.stdout.write("Rien n’a été écrit. Ajoutez --save pour les garder jusqu’à la décision d’un éditeur.")

    def _tell(self, tagging: Tagging) -> None:
        if not tagging.waiting:
            return
        self.stdout.write(f"\n{tagging.mission}")
        for one in tagging.waiting:
            if one.proposal is None:
                continue
            role = MethodUse.Role(one.proposal.role).label.lower()
            self.stdout.write(f"  {one.method} ({role}){NBSP}: {reason(one.proposal)}")
            if warning := intention(one.proposal):
                self.stdout.write(f"    {warning}")
            for proof in one.proposal.proofs[:2]:
                self.stdout.write(f"    «{NBSP}{collapse(proof.text)}{NBSP}»")


def as_data(tagging: Tagging) -> dict[str, Any]:
    return {
        "mission": tagging.mission.slug,
        "proposals": [_proposal(one, one.proposal) for one in tagging.waiting if one.proposal],
        "refused": [use.method.slug for use in tagging.refused],
    }


def _proposal(one: Waiting, proposal: Proposal) -> dict[str, Any]:
    return {
        "method": one.method.slug,
        "role": proposal.role,
        "moment": proposal.moment,
        "intention_only": proposal.is_intention,
        "reason": reason(proposal),
        "kept": one.use is not None,
        "evidence": [
            {"section": proof.part.kind, "extract": proof.part.section is not None, "text": proof.text}
            for proof in proposal.proofs
        ],
    }
