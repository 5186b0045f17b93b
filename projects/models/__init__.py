from projects.models.edition import Edition, EditionPromotion, EditionTheme
from projects.models.import_batch import ImportBatch, ImportedFile, ImportedMission
from projects.models.method import Method
from projects.models.method_use import MethodExtract, MethodUse
from projects.models.mission import Mission, MissionCollectivity
from projects.models.parts import (
    Authorship,
    Deliverable,
    FollowUp,
    KeyFigure,
    Reference,
    Section,
    Speaker,
    Testimonial,
    Tutorship,
)
from projects.models.resource import Resource
from projects.models.search_document import SearchDocument
from projects.models.subjects import Domain, Theme

__all__ = [
    "Authorship",
    "Deliverable",
    "Domain",
    "Edition",
    "EditionPromotion",
    "EditionTheme",
    "FollowUp",
    "ImportBatch",
    "ImportedFile",
    "ImportedMission",
    "KeyFigure",
    "Method",
    "MethodExtract",
    "MethodUse",
    "Mission",
    "MissionCollectivity",
    "Reference",
    "Resource",
    "SearchDocument",
    "Section",
    "Speaker",
    "Testimonial",
    "Theme",
    "Tutorship",
]
