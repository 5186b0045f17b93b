"""The named styles of our Word template: each says what its paragraphs are."""

from enum import StrEnum


class Style(StrEnum):
    GUIDANCE = "Casebook Consigne"
    THEME = "Casebook Thème"
    NUMBER = "Casebook Numéro"
    TITLE = "Casebook Titre"
    COLLECTIVITY = "Casebook Collectivité"
    PEOPLE = "Casebook Intitulé"
    AUTHOR = "Casebook Élève"
    EMAIL = "Casebook Courriel"
    TUTOR = "Casebook Tutorat"
    JOB = "Casebook Fonction"
    SECTION = "Casebook Rubrique"
    HEADING = "Casebook Intertitre"
    TEXT = "Casebook Texte"
    ITEM = "Casebook Liste"
    SPEAKER = "Casebook Témoin"
    WORDS = "Casebook Témoignage"
    FIGURE = "Casebook Chiffre"
    LABEL = "Casebook Libellé"
    REFERENCE = "Casebook Référence"


# Written on the line below the one above, without a blank line between.
TOUCHING = {
    (Style.THEME, Style.THEME),
    (Style.TITLE, Style.TITLE),
    (Style.COLLECTIVITY, Style.COLLECTIVITY),
    (Style.AUTHOR, Style.EMAIL),
    (Style.TUTOR, Style.JOB),
    (Style.JOB, Style.JOB),
}


_BY_NAME = {style.value: style for style in Style}


def style_named(name: str) -> Style | None:
    return _BY_NAME.get(name)
