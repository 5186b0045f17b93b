"""The speakers of a testimonial, written one per line: « Prénom Nom, fonction »."""

from django.db import transaction

from people.models import Person
from projects.models import Speaker, Testimonial
from projects.models.parts import tutor_called

MAX_FIRST_NAME, MAX_LAST_NAME, MAX_ROLE = 80, 120, 300


def speaker_lines(testimonial: Testimonial) -> str:
    return "\n".join(str(speaker) for speaker in testimonial.speakers.all())


def read_lines(text: str, known: list[Speaker]) -> list[Speaker]:
    """Unsaved speakers, in order. A line left as it was, whose name is that of a known speaker, or whose name alone was
    corrected (same place, same role) keeps their person.

    `known` are the recorded speakers of the testimonial.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [_speaker(line, position, known) for position, line in enumerate(lines, start=1)]


def _speaker(line: str, position: int, known: list[Speaker]) -> Speaker:
    for same in known:
        if str(same) == line:
            return _copy(same, position, same.role)
    name, _, role = (part.strip() for part in line.partition(","))
    for same in known:
        if name and same.printed_name == name:
            return _copy(same, position, role)
    first_name, _, last_name = name.partition(" ") if " " in name else ("", "", name)
    person = next((same.person for same in known if same.position == position and same.role == role), None)
    return Speaker(position=position, person=person, first_name=first_name, last_name=last_name.strip(), role=role)


def _copy(speaker: Speaker, position: int, role: str) -> Speaker:
    return Speaker(
        position=position,
        person=speaker.person,
        first_name=speaker.first_name,
        last_name=speaker.last_name,
        role=role,
    )


def faults_of_lines(text: str, known: list[Speaker]) -> list[str]:
    """What keeps the lines from being recorded, in French."""
    faults = []
    for speaker in read_lines(text, known):
        if len(speaker.first_name) > MAX_FIRST_NAME or len(speaker.last_name) > MAX_LAST_NAME:
            faults.append(
                f"Ligne {speaker.position}\u00a0: le nom est trop long. Mettez une virgule avant la fonction."
            )
        if len(speaker.role) > MAX_ROLE:
            faults.append(f"Ligne {speaker.position}\u00a0: la fonction dépasse {MAX_ROLE} caractères.")
    return faults


@transaction.atomic
def record_speakers(testimonial: Testimonial, text: str) -> None:
    known = list(testimonial.speakers.select_related("person"))
    speakers = read_lines(text, known)
    for speaker in speakers:
        speaker.testimonial = testimonial
        speaker.person = speaker.person or tutor_called(testimonial.mission, speaker.first_name, speaker.last_name)
    if [(s.person_id, s.first_name, s.last_name, s.role) for s in speakers] == [
        (s.person_id, s.first_name, s.last_name, s.role) for s in known
    ]:
        return
    testimonial.speakers.all().delete()
    Speaker.objects.bulk_create(speakers)


def linked_people(testimonial: Testimonial) -> list[Person]:
    """The people whose own choice decides how their name is shown."""
    return [speaker.person for speaker in testimonial.speakers.all() if speaker.person]
