from django.conf import settings
from django.db import models


class ImportBatch(models.Model):
    """One import of files: what was read, proposed and decided. Undo and « same file again » rest on it."""

    class State(models.TextChoices):
        APPLIED = "applique", "appliqué"
        UNDONE = "annule", "annulé"

    created_at = models.DateTimeField("date", auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    edition = models.ForeignKey(
        "Edition",
        verbose_name="recueil",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="import_batches",
    )
    state = models.CharField("état", max_length=10, choices=State, default=State.APPLIED)
    document = models.JSONField("ce qui a été lu du livre", default=dict)
    created = models.JSONField(
        "ce qui a été créé", default=dict, help_text="Identifiants par modèle, dans l’ordre de création."
    )

    class Meta:
        verbose_name = "import"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"Import du {self.created_at:%d/%m/%Y}"


class ImportedFile(models.Model):
    batch = models.ForeignKey(ImportBatch, verbose_name="import", on_delete=models.CASCADE, related_name="files")
    name = models.CharField("fichier", max_length=200)
    checksum = models.CharField("empreinte SHA-256", max_length=64, db_index=True)
    size = models.PositiveIntegerField("taille (octets)")

    class Meta:
        verbose_name = "fichier importé"
        verbose_name_plural = "fichiers importés"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class ImportedMission(models.Model):
    """One fiche of a batch: what was proposed with its place in the source, and what became of it."""

    class Outcome(models.TextChoices):
        CREATED = "creee", "brouillon créé"
        KNOWN = "connue", "déjà au catalogue"

    batch = models.ForeignKey(ImportBatch, verbose_name="import", on_delete=models.CASCADE, related_name="fiches")
    position = models.PositiveSmallIntegerField("ordre dans la source")
    mission = models.ForeignKey(
        "Mission", verbose_name="mission", on_delete=models.SET_NULL, null=True, blank=True, related_name="imports"
    )
    outcome = models.CharField("résultat", max_length=10, choices=Outcome)
    proposal = models.JSONField("ce qui a été lu")
    decisions = models.JSONField("ce qui a été décidé", default=dict)

    class Meta:
        verbose_name = "fiche importée"
        verbose_name_plural = "fiches importées"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="imported_mission_position_unique")]

    def __str__(self) -> str:
        return str(self.proposal.get("title") or "Fiche sans titre")
