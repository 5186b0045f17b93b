"""A small invented recueil, in the importer's format: no name or place of a real one."""

TOC = """REGARDS D'ESSAI

ÉLÈVES TERRITORIAUX DES PROMOTIONS
ADA LOVELACE & ÉMILIE DU CHÂTELET

2021 / 2022

SOMMAIRE

AGIR ENSEMBLE

01/

RANGER LES ARCHIVES
VILLE DE MIRAVAL

/ P05

02/

PARTAGER LES OUTILS
MÉTROPOLE DE GRANDVILLE

/ P09

Décembre 2021

Conception éditoriale : Jeanne Exemple, INET
"""

FICHE_1 = """AGIR ENSEMBLE

01

RANGER
LES ARCHIVES

VILLE DE MIRAVAL

LES AUTEURS

Zoé MARTINEZ
zoe.martinez@administrateur-inet.org

Ali BEN SALAH

ali.bensalah@ingenieurchef-inet.org

TUTRICE AU SEIN DE LA COLLECTIVITÉ

Léa DUPONT
Directrice des archives

CONTEXTE

La ville garde **trois kilomètres** de papier.

PROBLÉMATIQUE

Que garder, et pour qui ?

DES CLÉS POUR AGIR

L'équipe a mené douze entretiens.

- trier
- numériser

TÉMOIGNAGE DE LA COLLECTIVITÉ

Léa Dupont, directrice des archives

« Le travail de l'équipe nous a permis de voir clair dans des fonds que personne n'osait ouvrir depuis trente ans. »

LES CHIFFRES

3 000

mètres de rayonnages

+25 % de demandes en dix ans

ALLER PLUS LOIN

- Guide de l'archivage, 2019
- [Portail des archives](https://archives.example/)
"""

FICHE_2 = """AGIR ENSEMBLE

02

PARTAGER LES OUTILS

MÉTROPOLE DE GRANDVILLE

LES AUTEURS

Zoé MARTINEZ

Jean PETIT

TUTEUR AU SEIN DE LA COLLECTIVITÉ

Marc DURAND
Directeur général des services

CONTEXTE

Neuf communes, neuf parcs de machines.

PROBLÉMATIQUE

Comment acheter à plusieurs ?

DES CLÉS POUR AGIR

Un groupement de commandes.
"""

LISTS = """PROMOTION ADA LOVELACE

MARTINEZ Zoé
PETIT Jean

PROMOTION ÉMILIE DU CHÂTELET

BEN SALAH Ali
AUTRE Paul
"""

BOOK = "\n".join([TOC, FICHE_1, FICHE_2, LISTS])
