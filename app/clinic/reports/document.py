"""The PDF's HTML, by templates of its own: nobody has asked for a page when it is drawn."""

import base64
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.clinic.reports.paper import Paper
from app.clinic.reports.shapes import Content
from app.core import words
from app.core.files import Files

TEMPLATES = Path(__file__).parents[2] / "templates"


def document(content: Content, files: Files) -> str:
    """The whole HTML of the PDF, in the report's language."""
    with words.speaking(content.language):
        paper = Paper(content, pictures=True, logo=_logo(content, files))
        return _jinja().get_template("pdf/report.html").render(paper=paper, content=content)


def _logo(content: Content, files: Files) -> str:
    if not content.clinic.logo:
        return ""
    try:
        picture = files.read(content.clinic.logo)
    except FileNotFoundError:
        return ""
    return "data:image/png;base64," + base64.b64encode(picture).decode()


@cache
def _jinja() -> Environment:
    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.i18n"],
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    jinja.install_gettext_callables(words._, _ngettext, newstyle=True)
    return jinja


def _ngettext(one: str, many: str, n: int) -> str:
    return words.catalogue(words.language()).ngettext(one, many, n)
