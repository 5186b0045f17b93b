"""The Word template of a fiche: named styles that tell the reader what each paragraph is, in the printed order, with a
guidance for its writer that the reader leaves out."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from casebook.text import letters
from projects.imports.formats.styles import Style

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle


@dataclass(frozen=True)
class Field:
    """A place of the template: what is said to its writer, then an empty paragraph of each style. `heading`: printed
    above, in the first style."""

    guidance: str
    styles: tuple[Style, ...]
    heading: str = ""
    heading_style: Style = Style.SECTION


FIELDS = (
    Field("Le thème du recueil où cette fiche prend place.", (Style.THEME,)),
    Field("Le numéro de la fiche, en deux chiffres (01, 02…).", (Style.NUMBER,)),
    Field("Le titre de la mission, en une phrase courte et sans sigle.", (Style.TITLE,)),
    Field("La collectivité, par son nom entier\u00a0; une ligne par collectivité.", (Style.COLLECTIVITY,)),
    Field(
        "Chaque élève\u00a0: prénom et NOM, puis son adresse électronique sur la ligne du dessous.",
        (Style.AUTHOR, Style.EMAIL),
        "LES AUTEURS",
        Style.PEOPLE,
    ),
    Field(
        "La tutrice ou le tuteur\u00a0: prénom et NOM, puis sa fonction sur la ligne du dessous.",
        (Style.TUTOR, Style.JOB),
        "TUTORAT",
        Style.PEOPLE,
    ),
    Field("Où la mission a lieu et pourquoi elle est demandée, en dix lignes.", (Style.TEXT,), "CONTEXTE"),
    Field("La question à laquelle la mission répond.", (Style.TEXT,), "PROBLÉMATIQUE"),
    Field(
        "Ce que l’équipe a fait et ce qui peut servir ailleurs\u00a0; des intertitres si le texte est long.",
        (Style.HEADING, Style.TEXT, Style.ITEM),
        "DES CLÉS POUR AGIR",
    ),
    Field("Un point que vous voulez détailler, si besoin.", (Style.TEXT,), "ZOOM"),
    Field(
        "Qui parle (prénom et nom, fonction), puis ses mots entre guillemets.",
        (Style.SPEAKER, Style.WORDS),
        "TÉMOIGNAGE DE LA COLLECTIVITÉ",
    ),
    Field(
        "Chaque chiffre seul sur sa ligne, avec son signe ou son unité, puis ce qu’il compte.",
        (Style.FIGURE, Style.LABEL),
        "LES CHIFFRES",
    ),
    Field("Une référence par ligne, avec son lien.", (Style.REFERENCE,), "ALLER PLUS LOIN"),
)
_WELCOME = (
    "Écrivez sous chaque consigne, dans la ligne vide\u00a0: son style dit à Casebook ce qu’elle contient.",
    "Les consignes comme celle-ci ne sont pas lues\u00a0; une rubrique laissée vide ne l’est pas non plus.",
)
GUIDANCE = frozenset(letters(sentence) for sentence in (*_WELCOME, *(field.guidance for field in FIELDS)))


@dataclass(frozen=True)
class Look:
    """`size` in points, `before` the space above in points, `following` the style of the next paragraph."""

    size: float = 11
    bold: bool = False
    italic: bool = False
    capitals: bool = False
    color: str = "1A1A1A"
    before: float = 0
    following: Style | None = None


_LOOKS = {
    Style.GUIDANCE: Look(9, italic=True, color="6B6B6B", before=8),
    Style.THEME: Look(12, bold=True, capitals=True, color="5B3A8C", following=Style.NUMBER),
    Style.NUMBER: Look(28, bold=True, color="5B3A8C", following=Style.TITLE),
    Style.TITLE: Look(20, bold=True),
    Style.COLLECTIVITY: Look(13, capitals=True),
    Style.PEOPLE: Look(11, bold=True, color="5B3A8C", before=14),
    Style.AUTHOR: Look(bold=True, before=6, following=Style.EMAIL),
    Style.EMAIL: Look(following=Style.AUTHOR),
    Style.TUTOR: Look(bold=True, before=6, following=Style.JOB),
    Style.JOB: Look(following=Style.TUTOR),
    Style.SECTION: Look(14, bold=True, color="5B3A8C", before=18, following=Style.TEXT),
    Style.HEADING: Look(12, bold=True, before=8, following=Style.TEXT),
    Style.TEXT: Look(before=4),
    Style.ITEM: Look(before=2),
    Style.SPEAKER: Look(bold=True, following=Style.WORDS),
    Style.WORDS: Look(italic=True, before=4),
    Style.FIGURE: Look(20, bold=True, color="5B3A8C", before=8, following=Style.LABEL),
    Style.LABEL: Look(following=Style.FIGURE),
    Style.REFERENCE: Look(before=2),
}


def template() -> bytes:
    """The template as a .docx file."""
    from docx import Document
    from docx.shared import Cm

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2.2)
    properties = document.core_properties
    properties.title, properties.author, properties.language = "Modèle de fiche", "Casebook", "fr-FR"
    properties.comments = ""
    properties.created = properties.modified = datetime(2026, 1, 1, tzinfo=UTC)
    _add_styles(document)
    _write(document, Style.GUIDANCE, _WELCOME)
    for field in FIELDS:
        if field.heading:
            _write(document, field.heading_style, [field.heading])
        _write(document, Style.GUIDANCE, [field.guidance])
        for style in field.styles:
            _write(document, style, [""])
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _write(document: "Document", style: Style, sentences: Iterable[str]) -> None:
    for sentence in sentences:
        document.add_paragraph(sentence, style=style.value)


def _add_styles(document: "Document") -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    made: dict[Style, ParagraphStyle] = {}
    for style, look in _LOOKS.items():
        added = document.styles.add_style(style.value, WD_STYLE_TYPE.PARAGRAPH)
        added.base_style = document.styles["Normal"]
        added.quick_style = True
        added.font.name, added.font.size = "Calibri", Pt(look.size)
        added.font.bold, added.font.italic, added.font.all_caps = look.bold, look.italic, look.capitals
        added.font.color.rgb = RGBColor.from_string(look.color)
        added.paragraph_format.space_before, added.paragraph_format.space_after = Pt(look.before), Pt(2)
        made[style] = added
    for style, look in _LOOKS.items():
        made[style].next_paragraph_style = made[look.following or style]
    for style in (Style.ITEM, Style.REFERENCE):
        made[style].base_style = document.styles["List Bullet"]
