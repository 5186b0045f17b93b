"""From a printed recueil to drafts: reading → records → checking → matching → apply (design.md, flow 1).

reading      a file becomes lines with their numbers; knows no book and no database
vocabulary   what is known of this *kind* of document: headings, markers, patterns
records      what was found, as frozen dataclasses
recueil      lines → records (with fiche, header, testimonials, figures, references for its parts)
checking     French messages with lines
contract     records → the JSON that others read
report       records → text for a person
matching     people and collectivities that the catalogue already knows
apply        records → drafts, in one transaction
"""
