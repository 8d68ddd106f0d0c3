"""Markdown that people wrote, as HTML that cannot harm, or as one line of plain words."""

import re
from functools import lru_cache

import nh3
from markdown import Markdown
from markupsafe import Markup

_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "h2", "h3", "h4", "hr", "table", "thead", "tbody", "tr", "th", "td"}
# None of it survives the cleaning, and a thousand opening brackets would take the renderer minutes.
_NO_LINKS = (
    "reference", "link", "image_link", "image_reference", "short_reference", "short_image_ref", "autolink", "automail",
)


@lru_cache(500)  # setting the renderer up takes over a millisecond, and a note is read far more often than written
def clean_markdown(source: str) -> Markup:
    """Render and clean: no links, images, attributes or raw HTML survive."""
    renderer = Markdown(extensions=["nl2br", "sane_lists", "tables"])
    for name in _NO_LINKS:
        renderer.inlinePatterns.deregister(name)
    try:
        html = renderer.convert(source)
    except RecursionError:  # lists within lists within lists: then as it was typed
        return Markup("<p>{}</p>").format(source)
    return Markup(nh3.clean(html, tags=_TAGS, attributes={}, link_rel=None))


_BEGINS = re.compile(r"^(?:\s*(?:#{1,6}|>|[-*+]|\d{1,3}[.)])(?=\s))+\s*")
_AROUND = re.compile(r"(\*\*|__|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w))")
_CELLS = re.compile(r"\s*\|\s*")


def plain_line(source: str) -> str:
    """The first line that says something, without the signs of Markdown: for a timeline, a title, an index."""
    for line in source.splitlines():
        words = _AROUND.sub("", _BEGINS.sub("", line)).strip()
        if words.startswith("|"):
            words = ", ".join(cell for cell in _CELLS.split(words) if cell.strip("-: "))
        if any(sign.isalnum() for sign in words):
            return words
    return source.strip()
