import json
import re
from argparse import ArgumentParser
from html import unescape
from typing import Any

from django.core.management.base import BaseCommand

from casebook.text import french_list
from projects.search.suggestions import Suggestion, suggestions
from projects.search_json import suggestions_json, whole_json
from projects.selection import Result, Selection


class Command(BaseCommand):
    help = "Cherche dans les missions publiées et écrit tous les résultats, les meilleurs d’abord."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "query", metavar="RECHERCHE", help="après «\u00a0--\u00a0» quand elle a le nom d’une option (-- --format)"
        )
        parser.add_argument("--format", choices=["text", "json"], default="text", help="text (par défaut) ou json")
        parser.add_argument("--suggest", action="store_true", help="ce qui est proposé pendant la frappe")

    def run_from_argv(self, argv: list[str]) -> None:
        """A query may begin with « - » (`-mot`, `--a`): it is an option only when it begins the name of one."""
        query = argv[2] if len(argv) > 2 else ""
        if query.startswith("-") and query != "--":
            options = self.create_parser(argv[0], argv[1])._option_string_actions
            if not any(option.startswith(query.partition("=")[0]) for option in options):
                argv = [*argv[:2], *argv[3:], "--", query]
        super().run_from_argv(argv)

    def handle(self, *args: Any, query: str, format: str, suggest: bool, **options: Any) -> None:
        if suggest:
            self._suggest(suggestions(query), format)
        else:
            self._search(Selection({"q": query}), format)

    def _suggest(self, found: list[Suggestion], format: str) -> None:
        if format == "json":
            self._write_json(suggestions_json(found))
            return
        for suggestion in found:
            self.stdout.write(f"{suggestion.label} · {suggestion.url}")

    def _search(self, selection: Selection, format: str) -> None:
        if format == "json":
            self._write_json(whole_json(selection))
            return
        self.stdout.write("\n".join([selection.heading, *selection.notices]))
        for result in selection.results_of(selection.ids):
            self.stdout.write(_text(result))

    def _write_json(self, data: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1))


def _text(result: Result) -> str:
    """A result in a few lines, the words found between stars."""
    mission = result.mission
    edition = mission.year or "édition non précisée"
    lines = [f"\n{mission}", f"   {french_list(list(mission.places))} · {edition} · {mission.url}"]
    for passage in result.passages:
        starred = unescape(re.sub("</?mark>", "*", passage.html))
        lines.append(f"   {passage.section_label}\u00a0: {starred}")
    return "\n".join(lines)
