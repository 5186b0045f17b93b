"""Markdown, both ways: `to_html(from_html(rich_text))` is that rich text again (tests/casebook/test_markdown.py)."""

from casebook.markdown.reading import compact, join_broken, to_html
from casebook.markdown.writing import from_html

__all__ = ["compact", "from_html", "join_broken", "to_html"]
