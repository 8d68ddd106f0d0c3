"""The HTML of what is drawn as a PDF, by templates of its own: nobody has asked for a page when it is drawn."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.core import words

TEMPLATES = Path(__file__).parents[1] / "templates"


def html(template: str, language: str, **values: Any) -> str:
    """The whole document, in that language; values are asked for their words while it is spoken."""
    with words.speaking(language):
        return _jinja().get_template(template).render(**values)


@cache
def _jinja() -> Environment:
    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.i18n"],
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    jinja.install_gettext_callables(words._, _ngettext, newstyle=True)
    jinja.globals["_"] = words.marked
    return jinja


def _ngettext(one: str, many: str, n: int) -> str:
    return words.catalogue(words.language()).ngettext(one, many, n)
