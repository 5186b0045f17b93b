"""An invented recueil of three fiches, in the shape of the printed ones; every name and place is made up."""

from projects.imports.reading import read_bytes
from projects.imports.records import Book, Fiche
from projects.imports.recueil import read_book
from projects.imports.text import Text

COVER = """
CARNETS DE

MISSIONS

ÉLÈVES TERRITORIAUX
DES PROMOTIONS

ADA LOVELACE & MARIE CURIE

2031 / 2032
"""

CONTENTS = """
SOMMAIRE

ACCUEILLIR MIEUX

01/

UN GUICHET POUR
LES HABITANTS
VILLE DE PORT-AU-VENT

/ P05

02/

LE BUREAU DES ARRIVANTS
VILLE ET MÉTROPOLE DE HAUTERIVE

/ P11

PRÉVOIR LONGTEMPS

03/

L'EAU EN 2050
COMMUNAUTÉ D'AGGLOMÉRATION DU VAL SEREIN

/ P15

////////////////////

Décembre 2031

Conception éditoriale :

Nina Faure, Maison des Cadres
"""

FIRST = """
ACCUEILLIR MIEUX

ACCUEILLIR MIEUX

01

**UN GUICHET POUR
LES HABITANTS**

VILLE DE PORT-AU-VENT

LES AUTEURS

Lina OREL
lina.orel@administrateur-inet.org

Jean BRUN

jean.brun@conservateur-inet.org

TUTRICE AU SEIN DE LA COLLECTIVITÉ

Rose VASSEUR
Directrice des relations
avec les habitants

CONTEXTE

La ville de Port-au-Vent reçoit ses habitants dans trois mairies annexes que rien ne relie entre elles.

PROBLÉ-
MATIQUE

Comment donner la même réponse partout, sans allonger les journées des agents ?

DES CLÉS POUR AGIR

L'équipe a mené douze entretiens et observé deux semaines d'accueil.

Le public vient surtout le mardi matin, et repart une fois sur trois sans avoir été reçu par person-

nel formé à sa demande.

Témoignage de la collectivité

Rose Vasseur, Directrice des relations avec les habitants

« Le regard de l'équipe nous a aidés à voir ce que nous ne regardions plus, et à choisir par où commencer. »

Les chiffres

3

mairies annexes

+12 %

de visites en un an

Aller plus loin

- Observatoire des Guichets, [Recevoir sans attendre](https://exemple.org/guichets), 2030
- Réseau des accueils, Cahier de recettes, 2029
"""

SECOND = """
ACCUEILLIR MIEUX

02

LE BUREAU DES ARRIVANTS

VILLE ET MÉTROPOLE DE HAUTERIVE

LES AUTEURS

Lina OREL
lina.orel@administrateur-inet.org

Jean BRUN
jean.brun@administrateur-inet.org

TUTEUR ET TUTRICE

Paul GARNIER
Directeur général adjoint

Anne LE GOFF
Cheffe de projet

CONTEXTE

Hauterive gagne deux mille habitants chaque année, et le service les découvre à la rentrée des classes.

PROBLÉMATIQUE

Que doit savoir un arrivant la première semaine ?

DES CLÉS POUR AGIR

Une lettre suffit, si elle arrive avant les cartons.
"""

THIRD = """
PRÉVOIR
LONGTEMPS

PRÉVOIR LONGTEMPS

03

L'EAU EN 2050

COMMUNAUTÉ D'AGGLOMÉRATION DU VAL SEREIN

LES AUTEURS

Ève NOVAK-PETIT
eve.novakpetit@conservateur-inet.org

TUTRICE

Rose VASSEUR
Directrice de l'eau

CONTEXTE

Le Val Serein boit l'eau d'une seule nappe, que trois étés secs ont fait baisser de deux mètres.

PROBLÉMATIQUE

Jusqu'où compter sur la pluie ?

DES CLÉS POUR AGIR

Quatre scénarios chiffrés ont été présentés aux élus.

Les chiffres
"""

LISTS = """
PROMO-
TION ADA LOVELACE

BRUN Jean

DE LA TOUCHE Marc-Antoine

OREL Lina

PROMO-
TION MARIE CURIE

BRUN Jean

NOVAK-PETIT Eve
"""

CLOSING = """
ACCUEILLIR UN OU UNE ÉLÈVE EN STAGE

Votre collectivité peut confier une mission à quatre élèves pendant dix semaines.

CONTACT : NINA FAURE
Chargée des stages
stages@maison-des-cadres.org | Tél. : 01 99 00 12 34
"""

RECUEIL = COVER + CONTENTS + FIRST + SECOND + THIRD + LISTS + CLOSING


def book_of(source: str, name: str = "recueil.md") -> Book:
    return read_book(read_bytes(name, source.encode()))


def fiche_of(source: str) -> Fiche:
    (fiche,) = book_of(source).fiches
    return fiche


def text_of(source: str) -> Text:
    return Text(read_bytes("texte.md", source.encode()))


def section_of(heading: str, body: str) -> Fiche:
    """A whole fiche whose last section is this one."""
    return fiche_of(f"{SECOND}\n{heading}\n\n{body}\n")


def line_of(source: str, words: str, nth: int = 1) -> int:
    """The number of the nth line that is these words."""
    return [number for number, line in enumerate(source.split("\n"), start=1) if line == words][nth - 1]


def codes(notices: object) -> list[str]:
    return [notice.code for notice in notices]  # type: ignore[attr-defined]
