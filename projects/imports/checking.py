"""What an editor should look at: French messages with their lines. Reads records, changes nothing else."""

import re
from collections.abc import Sequence
from dataclasses import replace

from casebook.text import collapse, fold, letters
from people.models.person import tutors_label
from projects.imports.names import email_agrees, find_member
from projects.imports.reading import Source
from projects.imports.records import Book, Fiche, Notice, Span
from projects.imports.vocabulary import Kind

CORE = (Kind.CONTEXTE, Kind.PROBLEMATIQUE, Kind.CLES_POUR_AGIR)
FOREIGN_PASSAGE = 60  # letters: a shorter paragraph may stand in two fiches by chance
_FEMININE = re.compile(
    r"^(directrice|chargée|cheffe|déléguée|conseillère|responsable adjointe|adjointe|présidente|secrétaire générale)",
    re.I,
)
_MASCULINE = re.compile(r"^(directeur|chargé\b|délégué\b|conseiller\b|adjoint\b|président\b|chef\b)", re.I)
_PLACEHOLDER = re.compile(r"\(x\s|\bx{2,}\b|\bW\?|\[à compléter\]|lorem ipsum|\bTODO\b", re.I)


def check(book: Book, source: Source) -> Book:
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
    numbers = [fiche.number for fiche in book.fiches]
    for entry in book.toc:
        if entry.number not in numbers and book.fiches:
            warnings.append(
                Notice(
                    "missing_fiche",
                    f"Le sommaire annonce la fiche {entry.number:02d}, qui n’a pas été trouvée dans le texte.",
                )
            )
    foreign = _foreign_passages(book.fiches)
    seen: set[int] = set()
    fiches = []
    for index, fiche in enumerate(book.fiches):
        notices = [*_about(book, fiche), *foreign[index]]
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


def _about(book: Book, fiche: Fiche) -> list[Notice]:
    notices: list[Notice] = []

    def warn(code: str, message: str, lines: Sequence[Span] = ()) -> None:
        notices.append(Notice(code, message, tuple(lines)))

    head = fiche.header_lines[:1]
    if fiche.number is None:
        warn("missing_number", "Aucun numéro n’est imprimé en tête de la fiche.", head)
    if not fiche.theme:
        warn("missing_theme", "Aucun thème n’est imprimé en tête de la fiche.", head)
    if not fiche.title:
        warn("missing_title", "Le titre n’a pas été trouvé.", head)
    if not fiche.collectivities:
        warn("missing_collectivity", "Aucune collectivité n’a été trouvée sous le titre.", head)
    if not fiche.authors:
        warn("missing_authors", "Aucun auteur n’a été trouvé.", head)
    if not fiche.tutors:
        warn("missing_tutors", "Aucun tuteur, aucune tutrice n’a été trouvé.", head)
    filled = {section.kind for section in fiche.sections if not section.empty}
    for kind in CORE:
        if kind.value not in filled:
            warn("missing_section", f"La rubrique «\u00a0{kind.label}\u00a0» manque ou est vide.", head)
    for author in fiche.authors:
        name = collapse(f"{author.first_name or ''} {author.last_name or ''}")
        if book.promotions:
            match = find_member(author.first_name, author.last_name, book.promotions)
            if match is None:
                warn("promotion_missing", f"{name} n’est dans aucune liste de promotion.", author.lines)
            elif not match[2]:
                listed = f"{match[1].first_name} {match[1].last_name}"
                warn(
                    "promotion_fuzzy",
                    f"La fiche écrit «\u00a0{name}\u00a0», la liste {match[0].name} «\u00a0{listed}\u00a0».",
                    author.lines,
                )
        if author.email and not email_agrees(author.email, author.first_name, author.last_name):
            warn("email_mismatch", f"L’adresse électronique ne correspond pas au nom de {name}.", author.lines)
    notices += _tutors_agreement(fiche)
    for section in fiche.sections:
        where = [(n, n) for n in section.heading_lines]
        if section.kind == Kind.CHIFFRES.value and section.empty:
            warn(
                "figures_lost",
                "Aucun chiffre lisible\u00a0: la rubrique est sans doute une image dans l’original.",
                where,
            )
        elif section.empty:
            warn("empty_section", f"La rubrique «\u00a0{section.heading}\u00a0» est vide.", where)
        if not section.empty and section.kind in {kind.value for kind in CORE} and _is_unfinished(section.text):
            warn(
                "unfinished_sentence",
                f"Le texte de «\u00a0{section.heading}\u00a0» s’arrête au milieu d’une phrase.",
                section.body_lines[-1:],
            )
        if _PLACEHOLDER.search(section.text):
            warn(
                "placeholder",
                f"Un passage à compléter semble rester dans «\u00a0{section.heading}\u00a0».",
                section.body_lines,
            )
    for testimonial in fiche.testimonials:
        if not testimonial.speakers:
            warn("unsigned_testimonial", "Le témoignage n’est pas signé.", testimonial.lines)
    for figure in fiche.key_figures:
        if not figure.label:
            warn(
                "figure_without_label",
                f"Rien ne dit ce que compte le chiffre «\u00a0{figure.value}\u00a0».",
                figure.lines,
            )
    for reference in fiche.references:
        if reference.target_lost:
            warn(
                "link_without_target",
                f"Le lien de «\u00a0{reference.text[:60]}\u00a0» a perdu son adresse.",
                reference.lines,
            )
    return notices


def _tutors_agreement(fiche: Fiche) -> list[Notice]:
    """Whether the tutors' heading agrees in number, and in gender where the jobs tell it."""
    if not fiche.tutors or not fiche.tutors_heading:
        return []
    genders = [gender_of_job(tutor.job_title) for tutor in fiche.tutors]
    printed = letters(re.split(r"\bau sein\b|\bde la\b", fiche.tutors_heading, flags=re.I)[0])
    expected = letters(tutors_label(genders))
    plural = len(fiche.tutors) > 1
    said_plural = printed.endswith("s") or "et" in printed
    agrees = printed == expected or (expected == "tutorat") or (printed == "tuteurs" and {"f", "m"} == set(genders))
    if not agrees or plural != said_plural:
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
    if job and _FEMININE.match(job):
        return "f"
    if job and _MASCULINE.match(job) and not job.casefold().startswith("cheffe"):
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
            for paragraph in section.text.split("\n"):
                key = letters(paragraph)
                if len(key) < FOREIGN_PASSAGE:
                    continue
                owner = owners.setdefault(key, index)
                if owner != index and fiches[owner].number != fiche.number:
                    number = fiches[owner].number
                    which = f"la fiche {number:02d}" if number is not None else "une autre fiche"
                    notices[index].append(
                        Notice(
                            "foreign_text",
                            f"Ce passage de «\u00a0{section.heading}\u00a0» se trouve aussi dans {which}\u00a0: "
                            f"«\u00a0{collapse(paragraph)[:80]}…\u00a0»",
                            section.body_lines,
                        )
                    )
    return notices
