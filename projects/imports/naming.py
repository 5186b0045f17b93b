"""Who and what a corrected fiche names: known to the catalogue, else made, to be completed."""

from typing import Any

from django.db.models import Max, Model

from casebook.text import first_free, letters, slug
from casebook.titles import lowered
from people.models import Collectivity, Person, Promotion
from projects.imports import records
from projects.imports.checking import gender_of_job
from projects.imports.differences import corps_read, is_called, printed_name
from projects.imports.matching import People, Places, new_place_kind, place_case
from projects.imports.names import display_case
from projects.models import Edition, EditionTheme, Theme


class Naming:
    """`created` keeps what was made by model, for undoing; `notes` is what a person should complete, in French."""

    def __init__(self) -> None:
        self.created: dict[str, list[int]] = {}
        self.notes: list[str] = []

    def _keep(self, thing: Model) -> None:
        self.created.setdefault(thing._meta.label, []).append(thing.pk)

    def theme(self, printed: str, edition: Edition | None) -> Theme:
        name = lowered(printed)[:120]
        theme = next((theme for theme in Theme.objects.all() if letters(theme.name) == letters(name)), None)
        if theme is None:
            last = Theme.objects.aggregate(last=Max("order"))["last"] or 0
            theme = Theme.objects.create(name=name, slug=_free_slug(Theme, name), order=last + 1)
            self._keep(theme)
        rows = EditionTheme.objects.filter(edition=edition)
        if edition and not rows.filter(theme=theme).exists():
            last = rows.aggregate(last=Max("position"))["last"] or 0
            self._keep(EditionTheme.objects.create(edition=edition, theme=theme, position=last + 1))
        return theme

    def place(self, place: records.Place) -> Collectivity:
        found = Places(Collectivity.objects.all()).find(place.name)
        if len(found) == 1:
            return found[0]
        kind, epci_type = new_place_kind(place.name)
        name = place_case(place.name)[:160]
        why = "Plusieurs collectivités portent ce nom" if found else "Collectivité inconnue"
        created = Collectivity.objects.create(
            kind=kind,
            epci_type=epci_type,
            official_name=name,
            display_name=name,
            slug=_free_slug(Collectivity, name),
            note=f"{why}\u00a0: créée par une correction, à compléter.",
        )
        self.notes.append(f"{why}\u00a0: «\u00a0{name}\u00a0» a été créée, à compléter.")
        self._keep(created)
        return created

    def person(self, read: records.Author | records.Tutor, instead_of: Person | None) -> Person:
        """The one person of that name in that promotion. Else the name of the one whose place is taken is corrected,
        when no other mission names that person; else a new one."""
        promotion = instead_of.promotion if instead_of else None
        if isinstance(read, records.Author) and read.promotion:
            wanted = letters(read.promotion)
            promotion = next((p for p in Promotion.objects.all() if letters(p.name) == wanted), promotion)
        people = Person.objects.current().select_related("promotion")
        known = People(people).find(read.first_name, read.last_name, promotion)
        if known is None and promotion is None and isinstance(read, records.Author):
            named = [person for person in people if person.promotion_id and is_called(person, printed_name(read))]
            known = named[0] if len(named) == 1 else None
        if known:
            return known
        first, last = (read.first_name or "")[:80], display_case(read.last_name or "")[:120]
        if instead_of and instead_of.authorships.count() + instead_of.tutorships.count() == 1:
            before = str(instead_of)
            instead_of.first_name, instead_of.last_name = first, last
            instead_of.aliases = [*dict.fromkeys([*instead_of.aliases, before])]
            instead_of.save(update_fields=["first_name", "last_name", "aliases"])
            return instead_of
        values: dict[str, Any] = {}
        if isinstance(read, records.Tutor):
            values["gender"] = gender_of_job(read.job_title)
        elif corps := corps_read(read):
            values["corps"] = corps
        person = Person.objects.create(first_name=first, last_name=last, promotion=promotion, **values)
        self.notes.append(f"Nouvelle personne au catalogue\u00a0: {person}. Vérifiez qu’elle n’y était pas déjà.")
        self._keep(person)
        return person


def _free_slug(model: type[Theme] | type[Collectivity], name: str) -> str:
    wanted = slug(name) or str(model._meta.model_name)
    taken = set(model._default_manager.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return first_free(wanted, taken)
