"""A comparison as a sentence: « a modifié le titre, ajouté 2 chiffres clés, déplacé une rubrique »."""

from collections.abc import Iterator

from casebook.text import NBSP, french_list
from projects.history.comparison import Comparison, FieldChange, Group, PartChange
from projects.models.mission import State

NOTHING = "n’a rien changé au contenu"
_FIELDS = {
    "edition": "le recueil",
    "number": "le numéro",
    "slug": "l’adresse",
    "title_printed": "le titre imprimé",
    "title": "le titre",
    "theme": "le thème",
    "domains": "les domaines",
    "summary_asked": f"«{NBSP}demandé{NBSP}»",
    "summary_done": f"«{NBSP}fait{NBSP}»",
    "summary_advised": f"«{NBSP}conseillé{NBSP}»",
    "started_on": "le début du travail",
    "ended_on": "la fin du travail",
    "page_first": "la première page",
    "page_last": "la dernière page",
    "cover": "l’image",
    "cover_alt": "le texte de remplacement de l’image",
    "cover_credit": "le crédit de l’image",
    "cover_licence": "la licence de l’image",
    "editor_note": "la note de la rédaction",
    "editor_note_on": "la date de la note",
    "first_name": "le prénom",
    "last_name": "le nom",
    "name": "le nom",
    "aliases": "les autres noms",
    "display_mode": "l’affichage du nom",
    "promotion": "la promotion",
    "definition": "la définition",
    "steps": "les étapes",
    "limits": "les limites",
    "synonyms": "les synonymes",
    "description": "la description",
}
_MOVES = {
    State.PUBLISHED: "publié la mission",
    State.REVIEW: "mis la mission en relecture",
    State.DRAFT: "remis la mission en brouillon",
    State.ARCHIVED: "archivé la mission",
}
_NAMED = {"projects.section", "projects.methoduse", "projects.missioncollectivity", "projects.resource_missions"}
_MOST_NAMED = 3


def told(comparison: Comparison) -> str:
    """In the order in which one reads the fiche; begins with « a »."""
    said = [*_moves(comparison)]
    for verb, things in (
        ("modifié", _changed(comparison)),
        ("ajouté", _counted(comparison, "added")),
        ("retiré", _counted(comparison, "removed")),
        ("déplacé", _counted(comparison, "moved")),
    ):
        if things:
            said.append(f"{verb} {french_list(things)}")
    return f"a {', '.join(said)}" if said else NOTHING


def part_told(group: Group, change: PartChange) -> str:
    """« ajoutée », « modifiée et déplacée de la place 3 à la place 1 »."""
    e = "e" if group.noun.feminine else ""
    words = {"added": [f"ajouté{e}"], "removed": [f"retiré{e}"], "changed": [f"modifié{e}"], "moved": []}[change.op]
    if change.moved:
        words.append(f"déplacé{e} de la place {change.moved[0]} à la place {change.moved[1]}")
    return french_list(words)


def _moves(comparison: Comparison) -> Iterator[str]:
    for change in comparison.fields:
        if change.name == "state":
            wanted = next((state for state in State if state.label == change.after), None)
            yield _MOVES[wanted] if wanted else "changé l’état"


def _changed(comparison: Comparison) -> list[str]:
    things = [_field(change) for change in comparison.fields if change.name != "state"]
    for group in comparison.groups:
        things += _named(group, group.of("changed"))
    return things


def _field(change: FieldChange) -> str:
    return _FIELDS.get(change.name, f"«{NBSP}{change.label[:1].lower()}{change.label[1:]}{NBSP}»")


def _counted(comparison: Comparison, op: str) -> list[str]:
    things = []
    for group in comparison.groups:
        things += _named(group, group.moved if op == "moved" else group.of(op))
    return things


def _named(group: Group, changes: list[PartChange]) -> list[str]:
    """« la rubrique « Contexte » », « une rubrique », « 4 rubriques »."""
    noun, count = group.noun, len(changes)
    if not count:
        return []
    if group.model in _NAMED and count <= _MOST_NAMED and all(change.title for change in changes):
        titles = french_list([f"«{NBSP}{change.title}{NBSP}»" for change in changes])
        if count > 1:
            return [f"les {noun.several} {titles}"]
        article = "l’" if noun.one[0] in "aeéèiou" else "la " if noun.feminine else "le "
        return [f"{article}{noun.one} {titles}"]
    return [f"{'une' if noun.feminine else 'un'} {noun.one}" if count == 1 else f"{count}{NBSP}{noun.several}"]
