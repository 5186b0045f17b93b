"""What the tests of search share: what a query finds, told by titles."""

from typing import Any

from projects.models import Mission, SearchSynonym, Section
from projects.search import reindex_expressions, search
from projects.search.engine import Answer
from tests.factories import make_mission


def titles_of(answer: Answer) -> list[str]:
    """The titles found, best first; every public one when nothing was asked."""
    pks = [int(pk) for pk in answer.best_first(answer.found)]
    missions = Mission.objects.in_bulk(pks)
    return [missions[pk].title for pk in pks]


def titles(query: str, **options: Any) -> list[str]:
    return titles_of(search(query, **options))


def told(title: str, *, number: int | None = None, **texts: str) -> Mission:
    """A mission of this title with these texts by kind of section, and little else: `contexte="…"`."""
    kinds = {kind: f"<p>{texts.get(kind.value, 'Rien.')}</p>" for kind in Section.CORE_KINDS}
    kinds |= {Section.Kind(name): f"<p>{text}</p>" for name, text in texts.items()}
    return make_mission(title, number=number, texts=kinds)


def synonyms(*texts: str) -> None:
    """A group of synonyms, with effect at once, as the admin has it."""
    SearchSynonym.objects.bulk_create(SearchSynonym(group=texts[0], text=text) for text in texts)
    reindex_expressions(texts)
