"""The search index: written by `projects.search.index` alone, in the transaction that writes the missions.

Postings are kept by segment of SEGMENT_SIZE mission numbers, as packed little-endian arrays: one row holds the missions
of a segment that have a word, so that reading a word costs a few rows, however many missions have it.
"""

from typing import Any

from django.db import models
from django.db.models.lookups import StartsWith

SEGMENT_SIZE = 4096


class Begins(StartsWith):
    """`startswith` that an index answers on SQLite too: its LIKE reads every row. Written `__begins`."""

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        word, params = self.process_lhs(compiler, connection)
        return f"({word} >= %s AND {word} < %s)", [*params, self.rhs, *params, f"{self.rhs}\U0010ffff"]


class SearchState(models.Model):
    """One row: a token drawn anew by every writing. What a process keeps in memory is good while the token stands."""

    token = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.token


class SearchDocument(models.Model):
    """The words of one mission: `stems` in order, sections apart; `words` is what it has in the index; `stopwords` says
    which stand where (uint16: place, code, place…), null in a document written before this was kept.

    A draft has a document too, for the editors' own search, but no posting.
    """

    mission = models.OneToOneField(
        "Mission", on_delete=models.CASCADE, primary_key=True, related_name="search_document"
    )
    is_public = models.BooleanField(default=False, db_index=True)
    stems = models.TextField()
    words = models.TextField()
    stopwords = models.BinaryField(null=True)

    class Meta:
        verbose_name = "document de recherche"
        verbose_name_plural = "documents de recherche"

    def __str__(self) -> str:
        return self.stems[:80]


class SearchResult(models.Model):
    """What the list shows of a public mission, ready: `projects.search.told` writes and reads it. Nothing is in it that
    is not public now; another mission has none. `schema` says which code wrote it: that of another one is not read.
    """

    mission = models.OneToOneField("Mission", on_delete=models.CASCADE, primary_key=True, related_name="search_result")
    schema = models.PositiveSmallIntegerField()
    card = models.TextField()
    texts = models.TextField()

    def __str__(self) -> str:
        return self.card[:80]


class SearchTerm(models.Model):
    """A word of the public missions (folded, singular), or a synonym of several words (its stems, spaces between)."""

    word = models.CharField(max_length=160, unique=True)
    stem = models.CharField(max_length=160, db_index=True)
    display = models.CharField(max_length=160)
    df = models.PositiveIntegerField(default=0)
    is_acronym = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.display


SearchTerm._meta.get_field("word").register_lookup(Begins, "begins")


class SearchPosting(models.Model):
    """The missions of one segment that have the word.

    `docs` (uint16): rank in the segment, rising; `weights` (uint16): weighted frequency, in 256ths; `fields` (uint16):
    one bit per field; `counts` (uint16) and `positions` (uint16): where the word stands, for phrases.
    """

    term = models.ForeignKey(SearchTerm, on_delete=models.CASCADE, related_name="postings")
    segment = models.PositiveIntegerField()
    docs = models.BinaryField()
    weights = models.BinaryField()
    fields = models.BinaryField()
    counts = models.BinaryField()
    positions = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["term", "segment"], name="search_posting_once")]

    def __str__(self) -> str:
        return f"{self.term_id}/{self.segment}"


class SearchFacetValue(models.Model):
    """A value of a facet that public missions have, as it is shown."""

    parameter = models.CharField(max_length=20)
    value = models.CharField(max_length=120)
    label = models.CharField(max_length=200)
    rank = models.IntegerField(default=0)
    color_key = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parameter", "value"], name="search_facet_value_once")]

    def __str__(self) -> str:
        return f"{self.parameter}={self.value}"


class SearchFacetPosting(models.Model):
    """Which missions of one segment have the value: `members` is one bit per mission, the lowest first."""

    value = models.ForeignKey(SearchFacetValue, on_delete=models.CASCADE, related_name="postings")
    segment = models.PositiveIntegerField()
    members = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["value", "segment"], name="search_facet_posting_once")]

    def __str__(self) -> str:
        return f"{self.value_id}/{self.segment}"


class SearchSynonym(models.Model):
    """One way of saying the same: the texts of a group find each other's missions."""

    group = models.CharField("groupe", max_length=80, help_text="Les termes d’un même groupe se valent.")
    text = models.CharField("terme", max_length=160, help_text="Un mot, un sigle ou une expression.")

    class Meta:
        verbose_name = "synonyme"
        ordering = ["group", "text"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "text"],
                name="search_synonym_once",
                violation_error_message="Ce terme est déjà dans ce groupe.",
            )
        ]

    def __str__(self) -> str:
        return self.text
