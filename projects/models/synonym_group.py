"""A group of synonyms as one thing to edit: it stands as its first row of `SearchSynonym`."""

from collections import defaultdict
from collections.abc import Iterable
from typing import ClassVar

from django.db import models, transaction

from projects.models.search import SearchSynonym


class SynonymGroupManager(models.Manager["SynonymGroup"]):
    """One row for each group: the oldest of its terms."""

    def get_queryset(self) -> "models.QuerySet[SynonymGroup]":
        first = SearchSynonym.objects.order_by().values("group").annotate(first=models.Min("pk")).values("first")
        return super().get_queryset().filter(pk__in=first)

    def terms_of(self, groups: Iterable[str]) -> dict[str, list[str]]:
        """The terms of each of these groups, in alphabetical order: one query."""
        found: dict[str, list[str]] = defaultdict(list)
        for group, text in SearchSynonym.objects.filter(group__in=list(groups)).values_list("group", "text"):
            found[group].append(text)
        return found


class SynonymGroup(SearchSynonym):
    objects: ClassVar[SynonymGroupManager] = SynonymGroupManager()

    class Meta:
        proxy = True
        verbose_name = "groupe de synonymes"
        verbose_name_plural = "groupes de synonymes"
        ordering = ["group"]

    def __str__(self) -> str:
        return self.group

    @property
    def terms(self) -> list[str]:
        """The terms as they are stored."""
        return SynonymGroup.objects.terms_of([self.group])[self.group]

    @transaction.atomic
    def keep(self, terms: list[str]) -> set[str]:
        """Store the group under its present name with these terms: every text that it has, or had before.

        The caller reindexes these texts in the same transaction.
        """
        known = SearchSynonym.objects.select_for_update().filter(pk=self.pk).first()
        rows = SearchSynonym.objects.filter(group=known.group) if known else SearchSynonym.objects.none()
        before = set(rows.values_list("text", flat=True))
        rows.exclude(pk=self.pk).delete()
        self.text, *others = terms
        self.save()
        SearchSynonym.objects.bulk_create(SearchSynonym(group=self.group, text=text) for text in others)
        return before | set(terms)
