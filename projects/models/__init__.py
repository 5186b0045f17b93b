from projects.models.bin import BinItem
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
from projects.models.presence import Presence
from projects.models.publication import CopyOrigin, FormerAddress, StateChange
from projects.models.resource import Resource
from projects.models.search import (
    SearchDocument,
    SearchFacetPosting,
    SearchFacetValue,
    SearchPosting,
    SearchResult,
    SearchState,
    SearchSynonym,
    SearchTerm,
)
from projects.models.statistics import MissionStatistic, SearchStatistic, StatisticsFlush
from projects.models.subjects import Domain, Theme
from projects.models.synonym_group import SynonymGroup

__all__ = [
    "Authorship",
    "BinItem",
    "CopyOrigin",
    "Deliverable",
    "Domain",
    "Edition",
    "EditionPromotion",
    "EditionTheme",
    "FollowUp",
    "FormerAddress",
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
    "Presence",
    "Reference",
    "Resource",
    "SearchDocument",
    "SearchFacetPosting",
    "SearchFacetValue",
    "SearchPosting",
    "SearchResult",
    "SearchState",
    "SearchStatistic",
    "SearchSynonym",
    "SearchTerm",
    "Section",
    "Speaker",
    "StateChange",
    "StatisticsFlush",
    "SynonymGroup",
    "Testimonial",
    "Theme",
    "Tutorship",
]
