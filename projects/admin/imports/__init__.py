"""Importing in the admin.

journal    the list of imports, and the page of one as the database has it: read, never written; the addresses
screens    what all the pages share: who may, the frame, the name of the person
receiving  files are dropped, then read
batches    one import: its fiches, the drafts, publishing, undoing
fiches     the review of one fiche
listed     what the fiches of an import look like in its lists
shown      what a fiche under review looks like on its page
"""

from projects.admin.imports.journal import ImportBatchAdmin

__all__ = ["ImportBatchAdmin"]
