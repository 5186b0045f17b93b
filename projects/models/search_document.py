from django.db import models


class SearchDocument(models.Model):
    """The folded words of one mission, written by `projects.search.reindex` in the transaction that writes it."""

    mission = models.OneToOneField(
        "Mission", on_delete=models.CASCADE, primary_key=True, related_name="search_document"
    )
    title = models.TextField()
    names = models.TextField()
    body = models.TextField()

    class Meta:
        verbose_name = "document de recherche"
        verbose_name_plural = "documents de recherche"

    def __str__(self) -> str:
        return self.title[:80]
