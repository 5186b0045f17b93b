"""The parts of a draft: sections in printed order, with their figures, references and testimonials."""

import re
from collections.abc import Sequence

from casebook.markdown import join_broken, to_html
from projects.imports import records
from projects.imports.figures import number_and_unit
from projects.imports.leftovers import narrative
from projects.imports.names import display_case
from projects.models import KeyFigure, Mission, Reference, Section, Speaker, Testimonial
from projects.models.parts import tutor_called

FORMS = {
    "citation": Testimonial.Form.CITATION,
    "rapporté": Testimonial.Form.REPORTED,
    "entretien": Testimonial.Form.INTERVIEW,
}


def write(mission: Mission, fiche: records.Fiche) -> None:
    """All parts of a new mission; its tutors must be there already."""
    sections = [
        Section.objects.create(
            mission=mission,
            position=index + 1,
            kind=record.kind,
            heading=record.heading[:300],
            body=to_html(join_broken(narrative(fiche, index))),
        )
        for index, record in enumerate(fiche.sections)
    ]
    _write_figures(mission, fiche, sections)
    _write_references(mission, fiche, sections)
    _write_testimonials(mission, fiche, sections)


def _write_figures(mission: Mission, fiche: records.Fiche, sections: Sequence[Section]) -> None:
    for position, figure in enumerate(fiche.key_figures, start=1):
        number, unit = number_and_unit(figure.value)
        KeyFigure.objects.create(
            mission=mission,
            section=sections[figure.section],
            position=position,
            value=(figure.value or "")[:40],
            number=number,
            unit=unit,
            label=plain_marks(figure.label or "")[:600],
        )


def _write_references(mission: Mission, fiche: records.Fiche, sections: Sequence[Section]) -> None:
    for position, reference in enumerate(fiche.references, start=1):
        Reference.objects.create(
            mission=mission,
            section=sections[reference.section],
            position=position,
            text=plain_marks(reference.text),
            url=reference.url if len(reference.url) <= 500 else "",
        )


def _write_testimonials(mission: Mission, fiche: records.Fiche, sections: Sequence[Section]) -> None:
    for position, record in enumerate(fiche.testimonials, start=1):
        testimonial = Testimonial.objects.create(
            mission=mission,
            section=sections[record.section],
            position=position,
            form=FORMS[record.form],
            text=to_html(join_broken(record.text)),
            embedded=record.embedded,
        )
        for rank, speaker in enumerate(record.speakers, start=1):
            Speaker.objects.create(
                testimonial=testimonial,
                position=rank,
                first_name=(speaker.first_name or "")[:80],
                last_name=display_case(speaker.last_name or "")[:120],
                role=(speaker.job_title or "")[:300],
                person=tutor_called(mission, speaker.first_name or "", speaker.last_name or ""),
            )


def plain_marks(text: str) -> str:
    """« 1^{er} » → « 1er » where no rich text is kept."""
    return re.sub(r"\^\{([^}]*)\}|\^(\w+)", lambda m: m[1] or m[2] or "", text)
