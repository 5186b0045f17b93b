"""Template tags and filters of the site, available in every template without `load`."""

from django import template

from casebook import dates, richtext, text
from casebook.components import choices, component, facet, site_header

register = template.Library()

register.filter("richtext", richtext.in_page)
register.filter("moment", dates.moment)
register.filter("anchored", richtext.anchored)
register.filter("thousands", text.thousands)
register.filter("plural", text.plural)
register.filter("spelled", text.spelled)
register.filter("typeset", text.typeset)
register.filter("figure_value", text.figure_value)
register.filter("as_page", richtext.as_page)
register.simple_tag(component)
register.simple_tag(choices)
register.simple_tag(facet)
register.simple_tag(site_header)
