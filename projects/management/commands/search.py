import json
import re
from argparse import ArgumentParser
from html import unescape
from typing import Any

from django.core.management.base import BaseCommand

from projects.search_json import answer_json
from projects.selection import Result, Selection


class Command(BaseCommand):
    help = "Cherche dans les missions publiées et écrit tous les résultats, les meilleurs d’abord."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("query", metavar="RECHERCHE")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="text (par défaut) ou json")

    def run_from_argv(self, argv: list[str]) -> None:
        """A query may begin with « - » (`-mot`): it is not an option."""
        if len(argv) > 2 and re.match("-[^-]", argv[2]) and argv[2] not in {"-h", "-v"}:
            argv = [*argv[:2], *argv[3:], "--", argv[2]]
        super().run_from_argv(argv)

    def handle(self, *args: Any, query: str, format: str, **options: Any) -> None:
        selection = Selection({"q": query})
        results = selection.results_of(selection.ids)
        if format == "json":
            answer = answer_json(results, selection.count, page=1, pages=1)
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
            return
        self.stdout.write("\n".join([selection.heading, *selection.notices]))
        for result in results:
            self.stdout.write(_text(result))


def _text(result: Result) -> str:
    """A result in a few lines, the words found between stars."""
    mission = result.mission
    edition = mission.edition.school_year if mission.edition else "édition non précisée"
    lines = [f"\n{mission}", f"   {mission.collectivity_names} · {edition} · {mission.get_absolute_url()}"]
    for passage in result.passages:
        starred = unescape(re.sub("</?mark>", "*", passage.html))
        lines.append(f"   {passage.section_label}\u00a0: {starred}")
    return "\n".join(lines)
