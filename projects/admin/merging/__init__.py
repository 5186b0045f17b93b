"""Two editors at once: what each changed is merged; where both changed the same thing, a person chooses.

pieces       two texts that have a common ancestor, merged
snapshot     what a form shows or sends, as data; signed, it travels with the form
merge        two snapshots merged; the conflicts, and how they were settled
forms        Django's forms read as snapshots, and a result written back as if it had been sent
saving       stands before each save
naming       places and values in words
questions    conflicts as a person is asked; `choices` is what was answered
screen       the pages shown instead of saving
to_copy      what was typed carried to the working copy of a mission that went on the site meanwhile
presence     who else has the mission open
"""
