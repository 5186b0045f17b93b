"""Assisted tagging: which methods a mission seems to use or to advise, with the sentences that say so.

reading    a text as sentences and telling words, each with its place
cues       the wordings of each method (`fixtures/reference/method_cues.toml`), looked for in words
wording    what a sentence says: who, done or advised, denied
proposals  the rules: from the parts of a mission to proposals; knows no database
reasons    why a method is proposed, in French words
waiting    the mission as the database has it, what waits for a person, proposals kept
decisions  accepted, corrected, refused for good, taken back
"""
