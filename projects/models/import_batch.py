from django.conf import settings
from django.db import models


class ImportBatch(models.Model):
    """One import of files: what was read, proposed and decided. Undo and « same file again » rest on it."""

    class State(models.TextChoices):
        READING = "lecture", "lecture en cours"
        FAILED = "echec", "illisible"
        REVIEW = "relecture", "à relire"
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
    asked_edition = models.CharField("édition demandée", max_length=4, blank=True)
    progress = models.CharField("où en est la lecture", max_length=200, blank=True)
    heard_at = models.DateTimeField("dernier signe de la lecture", null=True, blank=True)
    applied_at = models.DateTimeField("brouillons créés le", null=True, blank=True)
    document = models.JSONField("ce qui a été lu du livre", default=dict)
    created = models.JSONField(
        "ce qui a été créé", default=dict, help_text="Identifiants par modèle, dans l’ordre de création."
    )
    before = models.JSONField(
        "ce qui a été modifié", default=dict, help_text="Par modèle et identifiant, les valeurs d’avant l’import."
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
    content = models.BinaryField("contenu", null=True, editable=False)  # until it is read: then the lines are kept
    lines = models.JSONField("lignes", default=list)  # of the source: [text, page or null]
    printed_lines = models.BooleanField("lignes du fichier même", default=True)
    book = models.JSONField("ce qui a été lu", null=True)  # records.Book, by imports.serial
    error = models.CharField("refus", max_length=500, blank=True)

    class Meta:
        verbose_name = "fichier importé"
        verbose_name_plural = "fichiers importés"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class ImportedMission(models.Model):
    """One fiche of a batch: what was proposed with its place in the source, and what became of it."""

    class Outcome(models.TextChoices):
        PROPOSED = "proposee", "à relire"
        ACCEPTED = "acceptee", "relue"
        REFUSED = "ecartee", "écartée"
        CREATED = "creee", "brouillon créé"
        CHANGED = "modifiee", "fiche du catalogue modifiée"
        KNOWN = "connue", "déjà au catalogue"

    batch = models.ForeignKey(ImportBatch, verbose_name="import", on_delete=models.CASCADE, related_name="fiches")
    file = models.ForeignKey(
        ImportedFile, verbose_name="fichier", on_delete=models.CASCADE, null=True, blank=True, related_name="fiches"
    )
    rank = models.PositiveSmallIntegerField("rang dans le fichier", default=0)  # index in the book's fiches
    position = models.PositiveSmallIntegerField("ordre dans la source")
    mission = models.ForeignKey(
        "Mission", verbose_name="mission", on_delete=models.SET_NULL, null=True, blank=True, related_name="imports"
    )
    outcome = models.CharField("résultat", max_length=10, choices=Outcome)
    proposal = models.JSONField("ce qui a été lu")
    decisions = models.JSONField("ce qui a été décidé", default=dict)  # by key of the field: see imports.decisions
    fingerprint = models.CharField("empreinte du brouillon créé", max_length=64, blank=True)

    class Meta:
        verbose_name = "fiche importée"
        verbose_name_plural = "fiches importées"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="imported_mission_position_unique")]

    def __str__(self) -> str:
        return str(self.proposal.get("title") or "Fiche sans titre")
