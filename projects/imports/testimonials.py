"""Words of the collectivity: who speaks, in which form, and what is said."""

import re
from collections.abc import Sequence
from dataclasses import replace

from casebook.text import letters
from projects.imports.names import split_name
from projects.imports.records import SectionRecord, Speaker, Testimonial, Tutor
from projects.imports.text import MAX_WIDTH, Block, Text, bare, join_lines
from projects.imports.vocabulary import ARROW, JOB_AFTER_NAME, JOB_WORDS, QUOTE_CLOSE, QUOTE_OPEN, Kind

_NAME = r"[A-ZÀ-ÖØ-Þ][\w’'.\-]+(?:\s+(?:(?:de|du|des|la|le|van|von|der)\s+)*[A-ZÀ-ÖØ-Þ][\w’'.\-]+){1,3}"
_NAME_JOB_PARENTHESIS = re.compile(rf"({_NAME})\s*\(([^)]+)\)")
_NAME_JOB = re.compile(rf"^(?P<name>{_NAME})\s*(?:,|[–—-]\s|:)\s*(?P<job>.+)$", re.S)
_NAME_THEN_JOB = re.compile(rf"^(?P<name>{_NAME})\s+(?P<job>{JOB_AFTER_NAME}.+)$")
_SURNAME_JOB = re.compile(rf"^(?P<name>[A-ZÀ-ÖØ-Þ][\w’'\-]+)\s*,\s*(?P<job>{JOB_AFTER_NAME}.+)$")
_QUOTE_WITH_AUTHOR = re.compile(rf"^[«“\"]\s*(?P<words>[^»”\"]+?)\s*[»”\"]\s*,\s*(?P<who>{_NAME}\s*,.+)$", re.S)
_RELATIVE = re.compile(r",\s+(?:qui|que|lequel|laquelle|dont)\s.+$", re.S)
_INDIRECT = re.compile(r"^(?:Selon|Pour|D['’]après)\s+(?P<job>(?:la|le|l['’])\s?[^,]{4,80}),", re.I)
_QUOTES = {"«": "»”", "“": "»”", '"': '"'}  # how each opening mark may be closed
_QUOTE_MARK = re.compile('[«“"]')
_JOB_GOES_ON = re.compile(r"(?:[-–,]|\b(?:de|du|des|et|à|la|le|les))$")
LONG_QUOTE = 120  # characters
MAX_SPEAKER_LINE = 240
LONG_BLOCK = 4_000  # characters: no « words », speaker in a longer one


def read_section(text: Text, index: int, section: SectionRecord) -> list[Testimonial]:
    """The testimonials of a section of that kind, in order: one per speaker's line."""
    found: list[Testimonial] = []
    speakers: tuple[Speaker, ...] = ()
    said: list[str] = []
    numbers: list[int] = []

    def close() -> None:
        nonlocal speakers, said, numbers
        words = "\n\n".join(said).strip()
        if words:
            who = speakers or _indirect(words)
            found.append(Testimonial(form_of(words), index, unquoted(words), who, False, ((numbers[0], numbers[-1]),)))
        speakers, said, numbers = (), [], []

    for first, last in section.body_lines:
        for block in text.blocks(first, last):
            who, rest = speaker_of(block)
            if not who and not said and speakers and _waits_for_job(speakers[-1]) and _is_job(block):
                job = join_lines([speakers[-1].job_title or "", block.text])
                speakers = (*speakers[:-1], replace(speakers[-1], job_title=job))
                rest = ""
            if who:
                if said:
                    close()
                speakers = who if not speakers else (*speakers, *who)
            if rest:
                said.append(rest)
            numbers += list(block.numbers)
    close()
    return found


def _waits_for_job(speaker: Speaker) -> bool:
    return speaker.job_title is None or bool(_JOB_GOES_ON.search(speaker.job_title))


def _is_job(block: Block) -> bool:
    """The job printed below a speaker's name: short words before any quotation mark."""
    words = ARROW.sub("", block.text)
    return len(words) <= MAX_SPEAKER_LINE and words[:1] not in QUOTE_OPEN and not words.endswith((".", "?", "!", "»"))


def speaker_of(block: Block) -> tuple[tuple[Speaker, ...], str]:
    """(who is announced by the block, what the block says beside): a speaker's line alone has nothing beside."""
    lines = [ARROW.sub("", bare(line)) for line in block.lines]
    for count in (len(lines), 1):
        quoted = (
            _QUOTE_WITH_AUTHOR.match(" ".join(lines[:count])) if sum(map(len, lines[:count])) < LONG_BLOCK else None
        )
        if quoted and len(quoted["who"]) <= MAX_SPEAKER_LINE and ". " not in quoted["who"]:
            return parse_speakers(quoted["who"]), "\n".join([f"« {quoted['words']} »", *lines[count:]])
    for count in range(1, len(lines) + 1):
        head, rest = " ".join(lines[:count]), lines[count:]
        if len(head) > MAX_SPEAKER_LINE or head.startswith(tuple(QUOTE_OPEN)):
            break
        if not rest or rest[0].startswith(tuple(QUOTE_OPEN)) or rest[0].endswith("?") or len(rest[0]) >= LONG_QUOTE:
            speakers = parse_speakers(head)
            if speakers:
                return speakers, "\n".join(rest)
    opened = _QUOTE_MARK.search(lines[0])
    if opened and 0 < opened.start() <= MAX_SPEAKER_LINE:  # « Prénom Nom Fonction « … » » on one line
        speakers = parse_speakers(lines[0][: opened.start()].rstrip(" :"))
        if speakers:
            return speakers, "\n".join([lines[0][opened.start() :], *lines[1:]])
    return (), "\n".join(ARROW.sub("", line) for line in block.lines)


def parse_speakers(line: str) -> tuple[Speaker, ...]:
    """« Prénom Nom, fonction », « Prénom Nom (fonction) et … », « Prénom Nom fonction »; or nothing."""
    line = line.strip(" .")
    if line.endswith(("?", "!", "»", "”")):
        return ()
    pairs = _NAME_JOB_PARENTHESIS.findall(line)
    if pairs and letters(_NAME_JOB_PARENTHESIS.sub("", line)) in {"", "et"}:
        return tuple(_speaker(name, job) for name, job in pairs)
    for pattern in (_NAME_JOB, _NAME_THEN_JOB, _SURNAME_JOB):
        match = pattern.match(line)
        if match and "." not in match["job"].rstrip("."):
            return (_speaker(match["name"], match["job"]),)
    return (_speaker(line, None),) if re.fullmatch(_NAME, line) and not JOB_WORDS.match(line) else ()


def _speaker(name: str, job: str | None) -> Speaker:
    first, last = split_name(name)
    return Speaker(first, last, _RELATIVE.sub("", job).strip(" .,") if job else None)


def _indirect(words: str) -> tuple[Speaker, ...]:
    match = _INDIRECT.match(words)
    job = re.sub(r"^(?:la|le|l['’])\s?", "", match["job"]) if match else ""
    return (Speaker(None, None, job),) if JOB_WORDS.match(job) else ()


def form_of(words: str) -> str:
    """citation (in quotation marks), entretien (questions and answers), else rapporté."""
    paragraphs = [p for p in words.split("\n" if _is_unwrapped(words) else "\n\n") if p.strip()]
    questions = sum(bare(p).endswith("?") and len(p) < 200 for p in paragraphs)
    if questions >= 2 or (questions == 1 and bare(paragraphs[0]).endswith("?") and len(paragraphs) > 1):
        return "entretien"
    if bare(words).startswith(tuple(QUOTE_OPEN)) or long_quote(words):
        return "citation"
    return "rapporté"


def _is_unwrapped(words: str) -> bool:
    return any(len(line) > MAX_WIDTH for line in words.split("\n"))


def long_quote(text: str) -> tuple[int, int] | None:
    """Where the first long quotation of a text begins and ends, its marks included."""
    opened = _QUOTE_MARK.search(text)
    while opened:
        closing = re.compile(f"[{_QUOTES[opened[0]]}]").search(text, opened.end())
        if closing is None:
            return None
        if closing.start() - opened.end() >= LONG_QUOTE:
            return opened.start(), closing.end()
        opened = _QUOTE_MARK.search(text, closing.end())
    return None


def unquoted(words: str) -> str:
    """The words without the quotation marks that wrap the whole."""
    inner = words.strip()
    if inner[:1] in QUOTE_OPEN and inner.rstrip(" .*").endswith(tuple(QUOTE_CLOSE)):
        middle = inner[1:].rstrip(" .*")[:-1]
        if not any(sign in middle for sign in QUOTE_OPEN + QUOTE_CLOSE):
            return middle.strip(" *\u00a0\u202f")
    return inner


def read_embedded(index: int, section: SectionRecord, tutors: Sequence[Tutor]) -> list[Testimonial]:
    """Quotations of a tutor inside another section: a paragraph that names the tutor and holds a long quotation."""
    if section.kind in {Kind.TEMOIGNAGE.value, Kind.CHIFFRES.value, Kind.ALLER_PLUS_LOIN.value}:
        return []
    found = []
    for paragraph in section.text.split("\n\n"):
        quote = long_quote(paragraph)
        if not quote:
            continue
        start, end = quote
        key = letters(paragraph[:start] + paragraph[end:])
        for tutor in tutors:
            name = letters(f"{tutor.first_name or ''}{tutor.last_name or ''}")
            if name and name in key:
                who = Speaker(tutor.first_name, (tutor.last_name or "").title() or None, tutor.job_title)
                found.append(Testimonial("citation", index, bare(paragraph[start + 1 : end - 1]), (who,), True))
                break
    return found
