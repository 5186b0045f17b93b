"""Synonyms and acronyms: the groups that INET edits, and each method with its other names.

A term written « → mobilité » is broader than the others of its group: they find it, and it finds none of them.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from projects.models import Method, SearchSynonym
from projects.search.words import stems_of

LONGEST = 8  # telling words of an expression that are looked for in a query
BROADER = "→"
Stems = tuple[str, ...]


def members() -> Iterator[tuple[str, str]]:
    """(group, text) of every synonym; two queries."""
    yield from SearchSynonym.objects.order_by("group", "text", "pk").values_list("group", "text")
    for slug, name, others in Method.objects.order_by("pk").values_list("slug", "name", "synonyms"):
        for text in (name, *others):
            yield f"methode:{slug}", text


@dataclass
class Synonyms:
    """Who means the same as whom, as stems."""

    groups: dict[str, dict[Stems, str]] = field(default_factory=lambda: defaultdict(dict))
    groups_of: dict[Stems, list[str]] = field(default_factory=lambda: defaultdict(list))
    words: set[str] = field(default_factory=set)

    @classmethod
    def load(cls) -> "Synonyms":
        found = cls()
        for group, text in members():
            stems = stems_of(text)
            if stems and stems not in found.groups[group]:
                found.groups[group][stems] = text
                if not text.startswith(BROADER):
                    found.groups_of[stems].append(group)
                found.words.update(stems)
        return found

    def others(self, run: Stems) -> list[Stems]:
        """What means the same as these words of a query."""
        groups = self.groups_of.get(run, ())
        return list(dict.fromkeys(other for group in groups for other in self.groups[group] if other != run))
