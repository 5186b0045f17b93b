"""What an editor should look at: French messages with their lines. Reads records, changes nothing else."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, product

from casebook.text import collapse, fold, french_list, letters, plural
from people.models.person import tutors_label
from projects.imports.header import corps_of_email
from projects.imports.names import Roster, email_agrees, similarity, spelled_alike
from projects.imports.reading import Source
from projects.imports.records import Author, Book, Fiche, Notice, TocEntry, Unplaced, full_name
from projects.imports.vocabulary import EMAIL, EVIDENCE, FEMININE_JOB, MASCULINE_JOB, PLACEHOLDER, Kind, section_kind

CORE = (Kind.CONTEXTE, Kind.PROBLEMATIQUE, Kind.CLES_POUR_AGIR)
ONCE = (*CORE, Kind.ALLER_PLUS_LOIN)
MAX_ENTRIES = 200  # of a table of contents where a title is looked for under another number
SHORT = 60  # characters of a passage quoted in a message
FOREIGN_PASSAGE = 60  # letters: a shorter paragraph may stand in two fiches by chance


def check(book: Book, source: Source, roster: Roster) -> Book:
    """The same book with its warnings and those of each fiche."""
    warnings: list[Notice] = list(book.warnings)
    if source.encoding_guessed:
        warnings.append(
            Notice(
                "encoding_guessed",
                "Le fichier n’est pas en UTF-8\u00a0: l’encodage a été deviné. Vérifiez les accents.",
            )
        )
    if not book.fiches:
        warnings.append(
            Notice(
                "no_mission", "Aucune fiche n’a été reconnue\u00a0: vérifiez que c’est bien un recueil ou une fiche."
            )
        )
    numbers = {fiche.number for fiche in book.fiches}
    for entry in book.toc:
        if entry.number not in numbers and book.fiches:
            warnings.append(
                Notice(
                    "missing_fiche",
                    f"Le sommaire annonce la fiche {entry.number:02d}, qui n’a pas été trouvée dans le texte.",
                )
            )
    warnings += _about_contents(book)
    outside = book.unplaced_by_fiche.get(None, [])
    warnings += _about_unplaced(outside) if book.fiches else _all_unplaced(outside)
    foreign = _foreign_passages(book.fiches)
    teams = _shared_authors(book.fiches)
    entries = {entry.number: entry for entry in reversed(book.toc)}
    seen: set[int] = set()
    fiches = []
    for index, fiche in enumerate(book.fiches):
        notices = [
            *_about_head(fiche),
            *_about_authors(fiche, roster),
            *teams[index],
            *_against_contents(fiche, entries),
            *_tutors_agreement(fiche),
            *_about_sections(fiche),
            *_about_headings(fiche),
            *_about_evidence(fiche),
            *_about_rows(fiche),
            *_about_figures(fiche),
            *_about_speakers(fiche),
            *_about_notes(fiche),
            *foreign[index],
            *_about_unplaced(book.unplaced_by_fiche.get(index, [])),
        ]
        if fiche.number is not None and fiche.number in seen:
            notices.append(
                Notice(
                    "duplicate_number",
                    f"Le numéro {fiche.number:02d} est déjà celui d’une autre fiche.",
                    fiche.header_lines,
                )
            )
        if fiche.number is not None:
            seen.add(fiche.number)
        fiches.append(replace(fiche, warnings=tuple(notices)))
    return replace(book, fiches=tuple(fiches), warnings=tuple(warnings))


def _about_head(fiche: Fiche) -> Iterator[Notice]:
    head = fiche.header_lines[:1]
    if fiche.number is None:
        yield Notice("missing_number", "Aucun numéro n’est imprimé en tête de la fiche.", head)
    if not fiche.theme:
        yield Notice("missing_theme", "Aucun thème n’est imprimé en tête de la fiche.", head)
    if not fiche.title:
        yield Notice("missing_title", "Le titre n’a pas été trouvé.", head)
    if not fiche.collectivities:
        yield Notice("missing_collectivity", "Aucune collectivité n’a été trouvée sous le titre.", head)
    if not fiche.authors:
        yield Notice("missing_authors", "Aucun auteur n’a été trouvé.", head)
    if not fiche.tutors:
        yield Notice("missing_tutors", "Aucun tuteur ni aucune tutrice n’a été trouvé.", head)
    filled = {section.kind for section in fiche.sections if not section.empty}
    for kind in CORE:
        if kind.value not in filled:
            yield Notice("missing_section", f"La rubrique «\u00a0{kind.label}\u00a0» manque ou est vide.", head)


def _about_authors(fiche: Fiche, roster: Roster) -> Iterator[Notice]:
    for author in fiche.authors:
        name = collapse(full_name(author))
        match = roster.find(author.first_name, author.last_name, author.corps)
        if match is None and roster:
            yield Notice("promotion_missing", f"{name} n’est dans aucune liste de promotion.", author.lines)
        elif match and not spelled_alike(author.first_name, author.last_name, match[1]):
            listed = f"{match[1].first_name} {match[1].last_name}"
            message = f"La fiche écrit «\u00a0{name}\u00a0», la liste {match[0].name} «\u00a0{listed}\u00a0»."
            yield Notice("promotion_fuzzy", message, author.lines)
        if author.email and not email_agrees(author.email, author.first_name, author.last_name):
            message = f"L’adresse électronique ne correspond pas au nom de {name}."
            yield Notice("email_mismatch", message, author.lines)
        told = corps_of_email(author.email)
        if match and told and match[0].corps and told != match[0].corps:
            message = (
                f"L’adresse de {name} dit «\u00a0{told}\u00a0», la promotion {match[0].name} "
                f"«\u00a0{match[0].corps}\u00a0»."
            )
            yield Notice("corps_mismatch", message, author.lines)


def _about_sections(fiche: Fiche) -> Iterator[Notice]:
    for section in fiche.sections:
        where = tuple((n, n) for n in section.heading_lines)
        name = f"«\u00a0{section.heading}\u00a0»"
        if section.kind == Kind.CHIFFRES.value and section.empty:
            message = "Aucun chiffre lisible\u00a0: la rubrique est sans doute une image dans l’original."
            yield Notice("figures_lost", message, where)
        elif section.empty:
            yield Notice("empty_section", f"La rubrique {name} est vide.", where)
        elif section.kind in CORE and _is_unfinished(section.text):
            message = f"Le texte de {name} s’arrête au milieu d’une phrase."
            yield Notice("unfinished_sentence", message, section.body_lines[-1:])
        if "@" in section.text and EMAIL.search(section.text):
            message = f"Une adresse électronique est imprimée dans {name}\u00a0: elle serait publique."
            yield Notice("email_in_text", message, section.body_lines)
        if PLACEHOLDER.search(section.text):
            message = f"Un passage à compléter semble rester dans {name}."
            yield Notice("placeholder", message, section.body_lines)


def _about_rows(fiche: Fiche) -> Iterator[Notice]:
    for testimonial in fiche.testimonials:
        if not testimonial.speakers:
            yield Notice("unsigned_testimonial", "Le témoignage n’est pas signé.", testimonial.lines)
    for figure in fiche.key_figures:
        if not figure.label:
            message = f"Rien ne dit ce que compte le chiffre «\u00a0{figure.value}\u00a0»."
            yield Notice("figure_without_label", message, figure.lines)
    for reference in fiche.references:
        if reference.target_lost:
            message = f"Le lien de «\u00a0{_shortened(reference.text)}\u00a0» a perdu son adresse."
            yield Notice("link_without_target", message, reference.lines)


def _about_headings(fiche: Fiche) -> Iterator[Notice]:
    """Headings with a slip of the pen, and those printed twice."""
    seen: set[str] = set()
    for section in fiche.sections:
        where = tuple((n, n) for n in section.heading_lines)
        if section.kind != Kind.AUTRE.value and section_kind(section.heading) is None:
            message = f"L’intitulé «\u00a0{section.heading}\u00a0» semble mal orthographié."
            yield Notice("heading_misspelt", message, where)
        if section.kind in ONCE and section.kind in seen:
            message = f"La rubrique «\u00a0{section.heading}\u00a0» est imprimée une seconde fois dans cette fiche."
            yield Notice("section_twice", message, where)
        seen.add(section.kind)


def _about_evidence(fiche: Fiche) -> Iterator[Notice]:
    """Ways to know that only the problem statement names: a promise, not what was done."""
    told = [section for section in fiche.sections if section.kind == Kind.PROBLEMATIQUE.value]
    rest = "\n".join(
        section.text for section in fiche.sections if section.kind not in {Kind.PROBLEMATIQUE, Kind.CONTEXTE}
    )
    if not rest.strip():
        return
    for section in told:
        only = [what for what, words in EVIDENCE.items() if words.search(section.text) and not words.search(rest)]
        if only:
            message = (
                f"Seule la rubrique «\u00a0{section.heading}\u00a0» parle de certains travaux ({french_list(only)})"
                "\u00a0: vérifiez qu’ils ont eu lieu avant d’en faire des méthodes."
            )
            yield Notice("evidence_in_problem_only", message, section.body_lines)


def _about_figures(fiche: Fiche) -> Iterator[Notice]:
    """Words of the figures that begin like the rest of a label, with no value before them."""
    for index, section in enumerate(fiche.sections):
        figures = [figure for figure in fiche.key_figures if figure.section == index]
        if section.kind != Kind.CHIFFRES.value or section.empty:
            continue
        first = min((line for figure in figures for line, _ in figure.lines), default=None)
        start = section.body_lines[0][0]
        words = collapse(section.text.split("\n\n", maxsplit=1)[0])
        if (first is None or start < first) and words[:1].islower():
            message = f"Aucun chiffre n’est imprimé devant «\u00a0{_shortened(words)}\u00a0»."
            yield Notice("figure_without_value", message, ((start, start),))


def _about_speakers(fiche: Fiche) -> Iterator[Notice]:
    """A tutor who is written otherwise below a testimonial; a quotation that is opened and never closed."""
    for testimonial in fiche.testimonials:
        for speaker, tutor in product(testimonial.speakers, fiche.tutors):
            theirs, ours = letters(speaker.last_name or ""), letters(tutor.last_name or "")
            same_first = letters(speaker.first_name or "-") == letters(tutor.first_name or "")
            if same_first and theirs != ours and theirs and ours and _alike(theirs, ours):
                message = (
                    f"Le témoignage est signé «\u00a0{speaker.first_name} {speaker.last_name}\u00a0», "
                    f"l’en-tête nomme «\u00a0{tutor.first_name} {tutor.last_name}\u00a0»."
                )
                yield Notice("speaker_name_differs", message, testimonial.lines)
    for section in fiche.sections:
        if any(section.text.count(opened) > section.text.count(closed) for opened, closed in ("«»", "“”")):
            message = f"Un guillemet ouvert dans «\u00a0{section.heading}\u00a0» n’est jamais fermé."
            yield Notice("quote_not_closed", message, section.body_lines)


def _alike(a: str, b: str) -> bool:
    return a.startswith(b) or b.startswith(a) or similarity(a, b, 0.8) > 0


def _about_notes(fiche: Fiche) -> Iterator[Notice]:
    for piece in fiche.non_body:
        if piece.kind == "note":
            message = (
                f"Une note a été mise à part du texte\u00a0: «\u00a0{_shortened(collapse(piece.text[:1000]))}\u00a0»."
            )
            yield Notice("footnote_set_aside", message, (piece.lines,))


def _shared_authors(fiches: Sequence[Fiche]) -> list[list[Notice]]:
    """For each fiche, who is named twice in it, and who is an author of an earlier one too."""
    notices: list[list[Notice]] = [[] for _ in fiches]
    first_fiche: dict[tuple[str, str, str | None], int] = {}
    for index, fiche in enumerate(fiches):
        earlier: dict[int, list[Author]] = {}
        here: set[tuple[str, str]] = set()
        for author in fiche.authors:
            name = (letters(author.first_name or ""), letters(author.last_name or ""))
            if not all(name):
                continue
            owner = first_fiche.setdefault((*name, author.corps), index)
            if name in here:
                message = f"{author.first_name} {author.last_name} est nommé deux fois parmi les auteurs."
                notices[index].append(Notice("author_twice", message, author.lines))
            elif owner != index and fiches[owner].number != fiche.number:
                earlier.setdefault(owner, []).append(author)
            here.add(name)
        for owner, people in earlier.items():
            names = french_list([f"{a.first_name} {a.last_name}" for a in people])
            which = f"la fiche {fiches[owner].number:02d}" if fiches[owner].number is not None else "une autre fiche"
            message = f"{names} {'signe' if len(people) == 1 else 'signent'} aussi {which}."
            notices[index].append(Notice("author_in_two_fiches", message, tuple(s for a in people for s in a.lines)))
    return notices


# ------------------------------------------------------------------------------------------------- the contents


def _about_contents(book: Book) -> Iterator[Notice]:
    """Pages that go back, and promotions of the cover without a list."""
    paged = [entry for entry in book.toc if entry.page is not None]
    for before, entry in pairwise(paged):
        if (entry.page or 0) < (before.page or 0):
            message = (
                f"Le sommaire place la fiche {entry.number:02d} page {entry.page}, avant la fiche {before.number:02d}."
            )
            yield Notice("page_order", message)
    listed = {letters(promotion.name) for promotion in book.promotions}
    for name in book.cover_promotions:
        if listed and letters(name) not in listed:
            message = f"La couverture annonce la promotion {name}, dont la liste n’a pas été trouvée."
            yield Notice("promotion_without_list", message)


def _against_contents(fiche: Fiche, entries: Mapping[int, TocEntry]) -> Iterator[Notice]:
    """What the table of contents says otherwise: number, title, collectivity, theme; accents count, case does not."""
    entry = entries.get(fiche.number) if fiche.number is not None else None
    if not entry or not fiche.title:
        return
    head = fiche.header_lines[:1]
    title, printed = _spelling(fiche.title), _spelling(entry.text)
    other = None
    if not printed.startswith(title) and len(entries) <= MAX_ENTRIES:
        other = next((e for e in entries.values() if _spelling(e.text).startswith(title)), None)
    if other:
        message = f"Le sommaire donne à ce titre le numéro {other.number:02d}."
        yield Notice("number_differs_toc", message, head)
        return
    if not printed.startswith(title):
        message = f"Le sommaire écrit le titre autrement\u00a0: «\u00a0{_shortened(entry.text)}\u00a0»."
        yield Notice("title_differs_toc", message, head)
    elif any(_spelling(place.printed) not in printed[len(title) :] for place in fiche.collectivities):
        message = f"Le sommaire écrit la collectivité autrement\u00a0: «\u00a0{entry.text[-SHORT:]}\u00a0»."
        yield Notice("collectivity_differs_toc", message, head)
    if fiche.theme and entry.theme and letters(fiche.theme) != letters(entry.theme):
        message = f"Le sommaire range cette fiche sous «\u00a0{entry.theme}\u00a0»."
        yield Notice("theme_differs_toc", message, head)


def _spelling(words: str) -> str:
    """Letters and digits in one case, with their accents."""
    composed = unicodedata.normalize("NFKC", words).casefold().replace("œ", "oe")
    return "".join(sign for sign in composed if sign.isalnum())


def _about_unplaced(pieces: Iterable[Unplaced]) -> Iterator[Notice]:
    for piece in pieces:
        message = f"Ce texte n’a pas trouvé de place\u00a0: «\u00a0{_shortened(collapse(piece.text[:1000]))}\u00a0»."
        yield Notice("unplaced_text", message, (piece.lines,))


def _all_unplaced(pieces: Sequence[Unplaced]) -> Iterator[Notice]:
    """One warning for a document without any fiche: its first words, and all its lines."""
    for notice in _about_unplaced(pieces[:1]):
        others = plural(len(pieces) - 1, "autre passage non plus", "autres passages non plus")
        message = f"{notice.message.removesuffix('.')}, {others}." if len(pieces) > 1 else notice.message
        yield replace(notice, message=message, lines=tuple(piece.lines for piece in pieces))


def _tutors_agreement(fiche: Fiche) -> list[Notice]:
    """Whether the tutors' heading agrees in number, and in gender where the jobs tell it."""
    if not fiche.tutors or not fiche.tutors_heading:
        return []
    genders = [gender_of_job(tutor.job_title) for tutor in fiche.tutors]
    printed = letters(re.split(r"\bau sein\b|\bde la\b", fiche.tutors_heading, flags=re.I)[0])
    if printed == "tutorat":  # says nothing of who they are
        return []
    expected = letters(tutors_label(genders))
    several = len(fiche.tutors) > 1
    said_several = printed.endswith("s") or "et" in printed
    agrees = printed == expected or (expected == "tutorat") or (printed == "tuteurs" and {"f", "m"} == set(genders))
    if not agrees or several != said_several:
        return [
            Notice(
                "tutors_heading",
                f"L’intitulé «\u00a0{fiche.tutors_heading}\u00a0» ne s’accorde pas avec les personnes nommées.",
                fiche.tutors[0].lines,
            )
        ]
    return []


def gender_of_job(job: str | None) -> str:
    """« f », « m » or nothing, as the first word of a job title tells."""
    if job and FEMININE_JOB.match(job):
        return "f"
    if job and MASCULINE_JOB.match(job) and not job.casefold().startswith("cheffe"):
        return "m"
    return ""


def _is_unfinished(text: str) -> bool:
    last = text.strip().split("\n")[-1].strip(" *")
    plain = fold(last)
    return bool(re.search(r"[a-zà-ÿ],?$", last)) and len(plain) > 60 and not re.match(r"[-•<|→]|\d+\s?[.)]", last)


def _foreign_passages(fiches: Sequence[Fiche]) -> list[list[Notice]]:
    """For each fiche, its paragraphs that also stand in another one: the later is taken for the misprint."""
    owners: dict[str, int] = {}
    notices: list[list[Notice]] = [[] for _ in fiches]
    for index, fiche in enumerate(fiches):
        for section in fiche.sections:
            passages: dict[int, list[str]] = {}
            for paragraph in section.text.split("\n"):
                key = letters(paragraph) if len(paragraph) >= FOREIGN_PASSAGE else ""
                owner = owners.setdefault(key, index) if len(key) >= FOREIGN_PASSAGE else index
                if fiches[owner].number != fiche.number:
                    passages.setdefault(owner, []).append(collapse(paragraph))
            for owner, found in passages.items():
                number = fiches[owner].number
                which = f"la fiche {number:02d}" if number is not None else "une autre fiche"
                what = "Un passage" if len(found) == 1 else plural(len(found), "passage")
                verb = "se trouve" if len(found) == 1 else "se trouvent"
                message = (
                    f"{what} de «\u00a0{section.heading}\u00a0» {verb} aussi dans {which}, "
                    f"à partir de «\u00a0{_shortened(found[0])}\u00a0»."
                )
                notices[index].append(Notice("foreign_text", message, section.body_lines))
    return notices


def _shortened(words: str) -> str:
    """The first words, cut between two of them."""
    return words if len(words) <= SHORT else f"{words[:SHORT].rsplit(' ', 1)[0]}…"
