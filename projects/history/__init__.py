"""The history: what was written, by whom, when and why; two versions side by side; the way back; the bin.

kinds        what is kept of each kind of thing: its fields and its parts
recording    one revision (django-reversion's) of a thing with its parts, in the transaction that wrote it
snapshots    a revision read back as plain rows; what they name
comparison   two snapshots: fields and parts changed, added, removed, moved
paragraphs   rich text as paragraphs, compared word by word
telling      a comparison in French words
restoring    a mission put back as it was
bin          what was deleted, and back again
erasing      a person taken out of everything that is kept here
"""
