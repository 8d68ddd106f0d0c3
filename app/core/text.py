"""Markdown that people wrote, as HTML that cannot harm."""

from functools import lru_cache

import nh3
from markdown import markdown
from markupsafe import Markup

_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "h2", "h3", "h4", "hr", "table", "thead", "tbody", "tr", "th", "td"}


@lru_cache(500)  # setting the renderer up takes over a millisecond, and a note is read far more often than written
def clean_markdown(source: str) -> Markup:
    """Render and clean: no links, images, attributes or raw HTML survive."""
    html = markdown(source, extensions=["nl2br", "sane_lists", "tables"])
    return Markup(nh3.clean(html, tags=_TAGS, attributes={}, link_rel=None))
