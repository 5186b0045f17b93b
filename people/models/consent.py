from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class ConsentScope(models.TextChoices):
    WEB = "web", "site"
    PRINT = "imprime", "livre imprimé"
    BOTH = "tout", "site et livre"


class Consent(models.Model):
    """One person's recorded agreement to one thing being public: a photo, a testimonial not yet published, a name."""

    person = models.ForeignKey(
        "people.Person", verbose_name="personne", on_delete=models.CASCADE, related_name="consents"
    )
    content_type = models.ForeignKey(
        ContentType, verbose_name="porte sur", on_delete=models.CASCADE, null=True, blank=True
    )
    object_id = models.PositiveBigIntegerField("identifiant", null=True, blank=True)
    subject = GenericForeignKey("content_type", "object_id")
    scope = models.CharField("étendue", max_length=10, choices=ConsentScope, default=ConsentScope.BOTH)
    given_on = models.DateField("donné le")
    ends_on = models.DateField("valable jusqu’au", null=True, blank=True)
    proof = models.CharField("preuve", max_length=300, blank=True, help_text="Où se trouve l’accord écrit.")

    class Meta:
        verbose_name = "accord de publication"
        verbose_name_plural = "accords de publication"
        ordering = ["-given_on", "pk"]
        indexes = [models.Index(fields=["content_type", "object_id"])]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_scope_display()}, {self.given_on:%d/%m/%Y}"
