"""How a fiche, or an extract of it, is cited: the reference of a chapter in its book, as French usage writes it.

Names are those that the public may read (`Person.public_name`), in printed order; an e-mail is never part of it.
"""

from dataclasses import dataclass

from casebook.text import NBSP, french_list, typeset
from projects.models import Mission


def reference(mission: Mission) -> str:
    """Authors, title, book, edition, publisher and pages; the collectivities stand for authors who are all masked.

    Needs the authors, the collectivities and the edition loaded: no query.
    """
    authors = [row.person.public_name for row in mission.authorships.all() if not row.person.is_masked]
    names = french_list(authors) or mission.collectivity_names
    parts = [names, f"«{NBSP}{mission.title}{NBSP}»"]
    if mission.edition:
        parts.append(f"dans {mission.edition.title}, édition {mission.edition.school_year}")
        if mission.edition.publisher:
            parts.append(mission.edition.publisher)
    if mission.pages_label:
        parts.append(mission.pages_label)
    return typeset(", ".join(filter(None, parts)))


@dataclass(frozen=True)
class Quotation:
    """What is copied: the extract as it is shown, then on a second line where it comes from."""

    extract: str
    source: str

    def __str__(self) -> str:
        return f"{self.extract}\n{self.source}"


def quotation(extract: str, source: str, section: str, address: str) -> Quotation:
    """`source` is the `reference` of its mission."""
    where = typeset(f"rubrique «{NBSP}{section}{NBSP}»")
    return Quotation(f"«{NBSP}{extract}{NBSP}»", f"{source}, {where}. {address}")
