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
from projects.models.search import (
    SearchDocument,
    SearchFacetPosting,
    SearchFacetValue,
    SearchPosting,
    SearchState,
    SearchSynonym,
    SearchTerm,
)
from projects.models.statistics import MissionStatistic, SearchStatistic, StatisticsFlush
from projects.models.subjects import Domain, Theme
from projects.models.synonym_group import SynonymGroup

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
    "MissionStatistic",
    "Reference",
    "Resource",
    "SearchDocument",
    "SearchFacetPosting",
    "SearchFacetValue",
    "SearchPosting",
    "SearchState",
    "SearchStatistic",
    "SearchSynonym",
    "SearchTerm",
    "Section",
    "Speaker",
    "StatisticsFlush",
    "SynonymGroup",
    "Testimonial",
    "Theme",
    "Tutorship",
]
