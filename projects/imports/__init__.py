"""From a printed recueil to drafts: reading → records → checking → matching → drafts (design.md, flow 1).

reading      a file becomes lines with their numbers; knows no book and no database
formats      Word, OpenDocument and PDF files → the same lines; the Word template
isolated     the same in a process of its own, with limits of time and memory
vocabulary   what is known of this *kind* of document: headings, markers, patterns
text         the lines with the looks that every part needs
records      what was found, as frozen dataclasses (serial: ↔ JSON)
recueil      lines → records: front, heads, header, promotions, asides, sections and, inside them, rows: testimonials,
             figures, references (names for people everywhere)
checking     French messages with lines
contract     records → the JSON that others read
report       records → text for a person
matching     people, collectivities, missions that the catalogue already knows, each with its reason
batch        the files of one import: received, read, put in rows to review
review       the values of a fiche and their doubts (decisions: kept as they are made; decided: what they make of the
             fiche; known: matches and differences as values)
differences  a fiche that the catalogue has: what the document says otherwise (taking: what was chosen is written)
apply        records → one batch in one transaction: drafts, and their parts (with leftovers for what no row holds);
             naming: whom and what a fiche names, known to the catalogue or made
undo         what was there before comes back
writing      an edition → the Markdown that the reader reads
"""
