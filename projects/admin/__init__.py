"""The admin of the catalogue, one file per subject; importing them registers their models."""

from projects.admin import catalogue, imports, mission, named, statistics, synonyms

__all__ = ["catalogue", "imports", "mission", "named", "statistics", "synonyms"]
