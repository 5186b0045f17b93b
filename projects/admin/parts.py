"""The parts of a mission on its form, in their order."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.utils.functional import cached_property
from django.utils.html import escape

from casebook.text import NBSP, french_list
from projects.admin.extracts import extract_lines, read_extracts, record_extracts, refusal
from projects.admin.ordering import OrderedBlocks, OrderedFormSet, OrderedInline, OrderedRowForm
from projects.admin.speakers import faults_of_lines, linked_people, record_speakers, speaker_lines
from projects.models import (
    Authorship,
    Deliverable,
    FollowUp,
    KeyFigure,
    MethodExtract,
    MethodUse,
    Mission,
    MissionCollectivity,
    Reference,
    Section,
    Speaker,
    Testimonial,
    Tutorship,
)

if TYPE_CHECKING:
    from casebook.admin import FieldOptions

SHORT, LONG = {"rows": 2, "cols": 40}, {"rows": 6, "cols": 80}


class TextOfLines(forms.CharField):
    """Lines of a text area, with one kind of line end, so that an untouched text is not seen as changed."""

    widget = forms.Textarea(attrs=LONG)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n")


class PartFormSet(OrderedFormSet):
    """Rows that may point at other parts of the same mission: only those are offered."""

    @cached_property
    def section_choices(self) -> list[tuple[Any, str]]:
        sections = self.instance.sections.all() if self.instance.pk else []
        return [("", "La première de cette nature"), *((s.pk, f"{s.position}. {s.label}") for s in sections)]

    @cached_property
    def figure_choices(self) -> list[tuple[Any, str]]:
        figures = self.instance.key_figures.all() if self.instance.pk else []
        return [(figure.pk, str(figure)) for figure in figures]

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if field := form.fields.get("section"):
            field.queryset = Section.objects.filter(mission=self.instance.pk)
            field.choices = self.section_choices
        if field := form.fields.get("key_figures"):
            field.queryset = KeyFigure.objects.filter(mission=self.instance.pk)
            field.choices = self.figure_choices
            if not self.figure_choices:
                field.help_text = "Enregistrez d’abord les chiffres de la mission."

    def save(self, commit: bool = True) -> Any:
        """A section or a figure deleted by the same form is not pointed at any more."""
        if "section" in self.form.base_fields:
            alive = {pk for pk, _ in Section.objects.filter(mission=self.instance).values_list("pk", "kind")}
            for form in self.forms:
                if form.instance.section_id not in alive:
                    form.instance.section = None
        if "key_figures" in self.form.base_fields:
            for form in self.forms:
                if "key_figures" in getattr(form, "cleaned_data", {}):
                    form.cleaned_data["key_figures"] = form.cleaned_data["key_figures"].all()
        return super().save(commit)

    def kept_forms(self, field: str) -> list[Any]:
        """The forms whose row is in the database after `save`, and that hold the field (a view-only one does not)."""
        kept = [form for form in self.forms if form not in self.deleted_forms and form.instance.pk]
        return [form for form in kept if field in form.cleaned_data]


class MissionCollectivityInline(OrderedInline):
    model = MissionCollectivity
    fields = ["position", "collectivity"]
    autocomplete_fields = ["collectivity"]


class AuthorshipInline(OrderedInline):
    model = Authorship
    verbose_name_plural = "élèves, dans l’ordre du livre"
    fields = ["position", "person", "corps"]
    autocomplete_fields = ["person"]


class TutorshipInline(OrderedInline):
    model = Tutorship
    verbose_name_plural = "tuteurs et tutrices"
    written = ("job_title",)
    fields = ["position", "person", "job_title"]
    autocomplete_fields = ["person"]


class SectionInline(OrderedBlocks):
    model = Section
    fields = [("position", "kind", "heading"), "body"]


class KeyFigureInline(OrderedInline):
    model = KeyFigure
    written = ("label",)  # the value stays as it is printed
    formset = PartFormSet
    fields = ["position", "value", "unit", "label", "section"]
    formfield_overrides: "ClassVar[FieldOptions]" = {
        **OrderedInline.formfield_overrides,
        models.CharField: {"widget": forms.TextInput},
    }


class TestimonialForm(OrderedRowForm):
    speaker_lines = TextOfLines(
        label="Intervenants",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text="Une personne par ligne\u00a0: Prénom Nom, fonction.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            field = self.fields["speaker_lines"]
            field.initial = speaker_lines(self.instance)
            if people := linked_people(self.instance):
                names = french_list([f"{person} ({person.get_display_mode_display()})" for person in people])
                field.help_text += escape(
                    f" Liés à une personne du catalogue, dont le choix d’affichage vaut ici{NBSP}: {names}. "
                    "Si vous changez le nom imprimé, ce lien est perdu."
                )

    def clean_speaker_lines(self) -> str:
        text = str(self.cleaned_data["speaker_lines"])
        if faults := faults_of_lines(text, list(self.instance.speakers.all()) if self.instance.pk else []):
            raise forms.ValidationError(faults)
        return text


class TestimonialInline(OrderedBlocks):
    model = Testimonial
    form = TestimonialForm
    formset = PartFormSet
    fields = [("position", "form", "section"), "text", "speaker_lines", "embedded"]

    def get_queryset(self, request: Any) -> models.QuerySet[Testimonial]:
        speakers = Speaker.objects.select_related("person").order_by("position", "pk")
        return super().get_queryset(request).prefetch_related(models.Prefetch("speakers", speakers))

    @admin.display(description="Intervenants")
    def speaker_lines(self, testimonial: Testimonial) -> str:
        """On a form that is only read."""
        return speaker_lines(testimonial) or "–"


class ReferenceInline(OrderedInline):
    model = Reference
    written = ("text",)
    formset = PartFormSet
    fields = ["position", "text", "url", "section"]
    formfield_overrides: "ClassVar[FieldOptions]" = {
        **OrderedInline.formfield_overrides,
        models.TextField: {"widget": forms.Textarea(attrs=SHORT)},
    }


class DeliverableInline(OrderedInline):
    model = Deliverable
    written = ("title",)
    fields = ["position", "title", "kind", "availability", "url"]


class MethodUseForm(OrderedRowForm):
    extract_lines = TextOfLines(
        label="Extraits",
        required=False,
        help_text="Un par paragraphe, mot pour mot. La rubrique de chacun est retrouvée à l’enregistrement.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            field = self.fields["extract_lines"]
            field.initial = extract_lines(self.instance)
            places = [extract.section.label for extract in self.instance.extracts.all()]
            if places:
                field.help_text += escape(f" Trouvés dans{NBSP}: {french_list(list(dict.fromkeys(places)))}.")


class MethodUseInline(OrderedBlocks):
    model = MethodUse
    form = MethodUseForm
    written = ("outcome",)
    formset = PartFormSet
    fields = [("position", "method"), ("role", "state", "moment"), "outcome", "extract_lines", "key_figures"]
    autocomplete_fields = ["method"]
    formfield_overrides: "ClassVar[FieldOptions]" = {
        **OrderedBlocks.formfield_overrides,
        models.ManyToManyField: {"widget": CheckboxSelectMultiple},
    }

    def get_queryset(self, request: Any) -> models.QuerySet[MethodUse]:
        extracts = MethodExtract.objects.select_related("section").order_by("position", "pk")
        uses = super().get_queryset(request).select_related("method")
        return uses.prefetch_related(models.Prefetch("extracts", extracts), "key_figures")

    @admin.display(description="Extraits")
    def extract_lines(self, use: MethodUse) -> str:
        """On a form that is only read."""
        return extract_lines(use) or "–"


class FollowUpInline(OrderedBlocks):
    model = FollowUp
    written = ("text", "source")
    fields = [("position", "kind", "date"), "text", "source"]
    formfield_overrides: "ClassVar[FieldOptions]" = {
        **OrderedBlocks.formfield_overrides,
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 80})},
    }


INLINES: list[Any] = [
    MissionCollectivityInline,
    AuthorshipInline,
    TutorshipInline,
    SectionInline,
    KeyFigureInline,
    TestimonialInline,
    ReferenceInline,
    DeliverableInline,
    MethodUseInline,
    FollowUpInline,
]


def record_lines(mission: Mission, formsets: list[Any]) -> dict[str, dict[str | None, list[str]]]:
    """Write the rows that are edited as lines of text; the refusals, by prefix of the form and by field."""
    refusals: dict[str, dict[str | None, list[str]]] = {}
    sections = list(mission.sections.order_by("position", "pk"))
    for formset in formsets:
        if formset.model is Testimonial:
            for form in formset.kept_forms("speaker_lines"):
                record_speakers(form.instance, form.cleaned_data["speaker_lines"])
        elif formset.model is MethodUse:
            for form in formset.kept_forms("extract_lines"):
                reading = read_extracts(form.cleaned_data["extract_lines"], sections)
                if reading.missing:
                    refusals[form.prefix] = {"extract_lines": [refusal(passage) for passage in reading.missing]}
                else:
                    record_extracts(form.instance, reading.found)
    return refusals
