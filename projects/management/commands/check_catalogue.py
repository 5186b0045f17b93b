from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casebook.text import NBSP, french_list, plural
from projects.models import Mission
from projects.models.method_use import stands_in
from projects.workflow import check_published


class Command(BaseCommand):
    help = "Vérifie les missions publiées : ce qui manque, les extraits qui ne tiennent plus, ce qui est à améliorer."

    def handle(self, *args: Any, **options: Any) -> None:
        missions = Mission.objects.published().in_book_order().for_detail()
        faults = [*broken_rules(), *lost_extracts(missions)]
        for line in [*faults, *to_improve(missions)]:
            self.stdout.write(line)
        if faults:
            raise CommandError(f"{plural(len(faults), 'faute à corriger', 'fautes à corriger')}.")
        self.stdout.write(f"{plural(len(missions), 'mission publiée', 'missions publiées')}{NBSP}: rien à corriger.")


def broken_rules() -> Iterator[str]:
    """Published missions that could not be published again as they are."""
    for mission, faults in check_published():
        for fault in faults:
            yield f"faute{NBSP}: {mission}{NBSP}: {fault.message}"


def lost_extracts(missions: Any) -> Iterator[str]:
    for mission in missions:
        for use in mission.confirmed_uses:
            for extract in use.extracts.all():
                if extract.section.mission_id != mission.pk or not stands_in(extract.text, extract.section):
                    yield (
                        f"faute{NBSP}: {mission}{NBSP}: l’extrait de la méthode «{NBSP}{use.method}{NBSP}» n’est plus "
                        f"dans la rubrique «{NBSP}{extract.section.label}{NBSP}»{NBSP}: «{NBSP}{extract.text}{NBSP}»"
                    )


def to_improve(missions: Any) -> Iterator[str]:
    for mission in missions:
        present = {
            "résumé": mission.has_summary,
            "domaine": bool(mission.domains.all()),
            "méthode": bool(mission.confirmed_uses),
        }
        if missing := [name for name, there in present.items() if not there]:
            yield f"à améliorer{NBSP}: {mission}{NBSP}: sans {french_list(missing)}"
