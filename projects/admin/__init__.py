"""The admin of the catalogue, one file per subject; importing them registers their models."""

from projects.admin import catalogue, history, imports, mission, named, passages, statistics, synonyms

__all__ = ["catalogue", "history", "imports", "mission", "named", "passages", "statistics", "synonyms"]
