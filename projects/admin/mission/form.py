"""The form of a mission without its parts: what it showed, and what is refused after the parts were written."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator

from casebook.text import collapse
from casebook.written import WrittenForm
from projects import images
from projects.addresses import free_address
from projects.models import Mission
from projects.models.mission import mission_slug

IMAGE_TYPES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
SUMMARY = ("summary_asked", "summary_done", "summary_advised")

LOCKED = (
    "Rien n’est enregistré : cette mission a été publiée, ou a reçu une copie de travail, pendant votre saisie. "
    "Votre texte est encore ici. Ouvrez la copie de travail dans un autre onglet et reportez-le."
)


def give_address(mission: Mission) -> None:
    """An address of its own for a mission that has none yet."""
    if not mission.slug:
        wanted = mission_slug(mission.edition.slug if mission.edition else "", mission.number, mission.title)
        mission.slug = free_address(wanted, mission.pk)


class Refused(Exception):
    """What was sent cannot be kept: everything is rolled back and the form is shown again with these messages.

    `messages`: prefix of a form ("" for the mission's own) → field (None for the whole form) → messages.
    """

    def __init__(self, messages: dict[str, dict[str | None, list[str]]]) -> None:
        super().__init__(messages)
        self.messages = messages


class BaseField(forms.CharField):
    """What the form showed, signed (`projects.admin.merging`): it travels with the form and is no change of its own."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class MissionForm(WrittenForm):
    refusals: dict[str | None, list[str]] = {}
    base = BaseField(required=False)

    class Meta:
        model = Mission
        fields = "__all__"  # the fieldsets of the admin name them

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SUMMARY:
            if name in self.fields:
                self.fields[name].widget = forms.Textarea(attrs={"rows": 2, "cols": 80, "maxlength": 300})
        if cover := self.fields.get("cover"):
            cover.validators = [FileExtensionValidator(list(IMAGE_TYPES))]
            cover.widget.attrs["data-max-bytes"] = images.MAX_BYTES

    def clean_cover(self) -> Any:
        cover = self.cleaned_data["cover"]
        if isinstance(cover, UploadedFile):
            images.check_image(cover)
            cover.seek(0)
        return cover

    def clean(self) -> dict[str, Any] | None:
        for name in SUMMARY:
            if name in self.cleaned_data:
                self.cleaned_data[name] = collapse(self.cleaned_data[name])
        self._refuse_when_locked()
        for field, texts in self.refusals.items():
            for text in texts:
                self.add_error(field, text)
        return self.cleaned_data

    def _refuse_when_locked(self) -> None:
        """The mission went to the site, or into a working copy, while the person was typing."""
        if self.instance.pk and self.instance.is_locked:
            self.add_error(None, LOCKED)

    def _get_validation_exclusions(self) -> set[str]:
        """Without `working_copy_of` Django cannot check that the number and the address are free."""
        return super()._get_validation_exclusions() - {"working_copy_of"}  # type: ignore[misc,no-any-return]
