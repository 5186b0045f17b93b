"""Invented recueils of other editions, with what a careful reader finds in them: every word is made up."""

import random
from dataclasses import dataclass, field

from casebook.text import letters

CORPS = {
    "administrateur": "administrateur-inet.org",
    "conservateur": "conservateur-inet.org",
    "ingénieur en chef": "ingenieurchef-inet.org",
}
FIRST_NAMES = "Ada Basile Célia Dario Élodie Fadi Gaël Hélène Inès Joël Kenza Loïc Maël Nora Océane Pia".split()  # noqa: SIM905
SURNAMES = (
    *("MARTINON", "DE LA FORGE", "LE GUERN", "OUMAROU", "VAN DER LINDEN", "PETIT-COLIN", "ZOLA", "N'DOUR", "D'ARCY"),
    *("FÉRAUD", "BRÛLÉ", "NGUYEN", "SAINT-AUBERT", "KEROUANTON", "DUFOUR", "ABIBOU"),
)
THEMES = ("HABITER DEMAIN", "L'EAU ET LES ARBRES", "APPRENDRE TOUTE LA VIE", "NUMÉRIQUE SOBRE", "SE DÉPLACER")
TITLES = (
    "UNE BIBLIOTHÈQUE OUVERTE LE DIMANCHE",
    "QUEL AVENIR POUR LES CANTINES ?",
    "LE BUDGET VERT : MÉTHODE ET PREMIERS PAS",
    "RECRUTER AUTREMENT DANS LES ÉCOLES DE MUSIQUE",
    "L'EAU POTABLE EN 2050, SCÉNARIOS ET CHOIX",
    "VERS UN GUICHET UNIQUE DES ASSOCIATIONS",
    "DES RUES POUR LES ENFANTS",
    "PLAN DE SOBRIÉTÉ DES BÂTIMENTS COMMUNAUX",
)
PLACES = (
    "VILLE DE MIREVAL-LES-BAINS",
    "DÉPARTEMENT DE LA HAUTE-LOGNE",
    "COMMUNAUTÉ D'AGGLOMÉRATION DU PAYS D'ORVANNE",
    "RÉGION GRAND LARGE",
    "MÉTROPOLE DE SERVANCE",
    "CENTRE DE GESTION DE LA BRIANCE",
)
JOBS = (
    "Directrice générale adjointe",
    "Directeur de l'eau et des milieux",
    "Cheffe de projet participation",
    "Responsable du pôle culture",
)
SUBJECTS = ("La commune", "Le service", "Chaque quartier", "Une part des habitants", "Le conseil de printemps")
VERBS = ("découvre", "accompagne", "transforme", "observe chaque année", "finance depuis dix ans")
OBJECTS = (
    "des usages nouveaux",
    "les gestes du métier",
    "un réseau fragile",
    "les projets des écoles",
    "la place du port",
)
ENDS = ("sans perdre de vue le coût.", "avec l'appui des agents.", "en trois étapes.", "malgré un calendrier serré.")
HEADINGS = {
    "contexte": ("CONTEXTE", "Le contexte", "Contexte de la mission", "CONTEXTE ET ENJEUX", "## Contexte"),
    "problematique": ("PROBLÉMATIQUE", "La problématique", "PROBLÉ-\nMATIQUE", "Problématiques", "## Problématique"),
    "cles_pour_agir": ("DES CLÉS POUR AGIR", "Les clés pour agir", "CLÉS POUR AGIR", "## Des clefs pour agir"),
    "zoom": ("ZOOM", "Zoom sur la démarche", "## Zoom"),
    "temoignage": ("TÉMOIGNAGE DE LA COLLECTIVITÉ", "Témoignage", "Parole de la collectivité", "Le mot de l'élue"),
    "chiffres": ("LES CHIFFRES", "Chiffres clés", "La mission en chiffres", "## Les chiffres"),
    "aller_plus_loin": ("ALLER PLUS LOIN", "Pour aller plus loin", "En savoir plus", "## Aller plus loin"),
}
LABELS = ("agents rencontrés", "communes membres", "de visites en un an", "ateliers menés", "d'usagers satisfaits")
VALUES = ("12", "+8 %", "35,9 %", "1 250", "3,5 M€", "86%")


@dataclass
class Mission:
    """The truth of one fiche."""

    number: int
    theme: str
    title: str
    place: str
    authors: list[tuple[str, str, str, str]]  # first name, surname, corps, address
    tutors: list[tuple[str, str, str]]
    sections: list[tuple[str, str]]  # kind, text
    figures: list[tuple[str, str]] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    page: int | None = None


@dataclass
class Invented:
    source: str
    missions: list[Mission]
    promotions: dict[str, list[tuple[str, str]]]


def invent(seed: int, count: int = 4, contents: bool = True, lists: bool = True) -> Invented:
    """A recueil in a style of its own: headings, order of lines, capitals, sections, marks of pages."""
    rng = random.Random(seed)  # noqa: S311
    style = {kind: rng.choice(variants) for kind, variants in HEADINGS.items()}
    themes = rng.sample(THEMES, min(2, count))
    people = [(first, last) for first in FIRST_NAMES for last in SURNAMES]
    rng.shuffle(people)
    titles, missions, page = rng.sample(TITLES, count), [], 5
    for index in range(count):
        theme = themes[index * len(themes) // count]
        missions.append(_mission(rng, index + 1, theme, titles[index], people, page))
        page += rng.randint(4, 7)
    corps = list(CORPS)
    names = dict(zip(corps, rng.sample(("ADA LOVELACE", "JEAN ZAY", "ROSA PARKS", "MARIE CURIE"), 3), strict=True))
    promotions = {
        names[one].title(): sorted((last, first) for m in missions for first, last, c, _ in m.authors if c == one)
        for one in corps
    }
    promotions = {name: [*members, ("TIERS", "Paul"), ("AUTRE", "Lise")] for name, members in promotions.items()}
    pieces = [f"\n{rng.choice(['CARNETS', 'REGARDS DE TERRAIN'])}\n\nÉLÈVES DES PROMOTIONS\n\n"]
    pieces.append(f"{', '.join(list(names.values())[:2])} & {names[corps[2]]}\n\n2033 / 2034\n\n")
    if contents:
        pieces.append(_contents(missions))
    else:
        for mission in missions:
            mission.page = None
    printing = _Printing(rng, style)
    pieces += [printing.fiche(mission) for mission in missions]
    if lists:
        for name, members in promotions.items():
            pieces.append(f"\nPROMOTION {name.upper()}\n\n" + "".join(f"{last} {first}\n\n" for last, first in members))
    return Invented("".join(pieces), missions, promotions if lists else {})


def _mission(
    rng: random.Random, number: int, theme: str, title: str, people: list[tuple[str, str]], page: int
) -> Mission:
    authors = []
    for _ in range(rng.randint(2, 4)):
        first, last = people.pop()
        corps = rng.choice(list(CORPS))
        local = f"{letters(first)}.{letters(last)}"
        authors.append((first, last, corps, f"{local}@{CORPS[corps]}"))
    tutors = [(*people.pop(), job) for job in rng.sample(JOBS, rng.choice([1, 1, 2]))]
    kinds = ["contexte", "problematique", "cles_pour_agir"]
    kinds += [kind for kind in ("zoom", "temoignage", "chiffres", "aller_plus_loin") if rng.random() < 0.6]
    sections, figures, references = [], [], []
    for kind in kinds:
        if kind == "chiffres":
            figures = list(zip(rng.sample(VALUES, 3), rng.sample(LABELS, 3), strict=True))
            text = "\n\n".join(f"{value}\n\n{label}" for value, label in figures)
        elif kind == "aller_plus_loin":
            references = [f"Observatoire des communes, Cahier n° {n}, 20{30 + n}" for n in range(1, rng.randint(2, 4))]
            text = "\n".join(f"- {reference}" for reference in references)
        elif kind == "temoignage":
            first, last, job = tutors[0]
            text = f"{first} {last.title()}, {job}\n\n« {_paragraph(rng)} »"
        else:
            text = "\n\n".join(_paragraph(rng) for _ in range(rng.randint(1, 3)))
        sections.append((kind, text))
    return Mission(number, theme, title, rng.choice(PLACES), authors, tutors, sections, figures, references, page)


def _paragraph(rng: random.Random) -> str:
    parts = (SUBJECTS, VERBS, OBJECTS, ENDS)
    return " ".join(" ".join(rng.choice(words) for words in parts) for _ in range(rng.randint(2, 5)))


def _contents(missions: list[Mission]) -> str:
    lines, theme = ["\nSOMMAIRE\n"], ""
    for mission in missions:
        if mission.theme != theme:
            theme = mission.theme
            lines.append(f"\n{theme}\n")
        lines.append(f"\n{mission.number:02d}/\n\n{mission.title}\n{mission.place}\n\n/ P{mission.page:02d}\n")
    return "".join(lines)


class _Printing:
    """How one edition prints its fiches."""

    def __init__(self, rng: random.Random, style: dict[str, str]) -> None:
        self.style = style
        self.authors = rng.choice(("LES AUTEURS", "Autrices et auteurs", "LES AUTEUR·E·S", "## Les auteurs"))
        self.tutors = rng.choice(("{}", "{} AU SEIN DE LA COLLECTIVITÉ"))
        self.bold = rng.random() < 0.5
        self.beside = rng.random() < 0.4
        self.small_names = rng.random() < 0.4
        self.title_width = rng.choice((24, 40, 120))
        self.job_beside = rng.random() < 0.4

    def fiche(self, mission: Mission) -> str:
        title = _cut(mission.title, self.title_width)
        title = f"**{title}**" if self.bold else title
        lines = [f"\n\n{mission.theme}\n\n{mission.number:02d}\n\n{title}\n\n{mission.place}\n\n{self.authors}\n"]
        for first, last, _, address in mission.authors:
            between = " – " if self.beside else "\n\n"
            lines.append(f"\n{first} {self._surname(last)}{between}{address}\n")
        heading = "TUTEURS" if len(mission.tutors) > 1 else "TUTRICE"
        lines.append(f"\n{self.tutors.format(heading)}\n")
        for first, last, job in mission.tutors:
            lines.append(f"\n{first} {last}{', ' if self.job_beside else chr(10)}{job}\n")
        lines += [f"\n{self.style[kind]}\n\n{text}\n" for kind, text in mission.sections]
        return "".join(lines)

    def _surname(self, name: str) -> str:
        return name.title() if self.small_names and name.isalpha() else name


def _cut(title: str, width: int) -> str:
    lines = [""]
    for word in title.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)
