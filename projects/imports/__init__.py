"""From a printed recueil to drafts: reading → records → checking → matching → drafts (design.md, flow 1).

reading      a file becomes lines with their numbers; knows no book and no database
vocabulary   what is known of this *kind* of document: headings, markers, patterns
text         the lines with the looks that every part needs
records      what was found, as frozen dataclasses
recueil      lines → records: front, heads, header, promotions, sections and, inside them, testimonials, figures,
             references (names for people everywhere)
checking     French messages with lines
contract     records → the JSON that others read
report       records → text for a person
matching     people and collectivities that the catalogue already knows
apply        records → one batch in one transaction: drafts, and their parts (with leftovers for what no row holds)
"""
