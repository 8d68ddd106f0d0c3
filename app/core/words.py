"""Interface words: English ids, Chinese from the .po files, the reader's language in a context variable.

The same functions serve pages, tasks (a report speaks the patient's language) and the terminal.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup, escape

LANGUAGES = {"zh": "中文", "en": "English"}
DEFAULT_LANGUAGE = "zh"
FOLDER = Path(__file__).parent.parent / "words"

_language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


def language() -> str:
    return _language.get()


def speak(code: str) -> None:
    """Set the language for the rest of this request or task."""
    _language.set(code if code in LANGUAGES else DEFAULT_LANGUAGE)


@contextmanager
def speaking(code: str):
    token = _language.set(code if code in LANGUAGES else DEFAULT_LANGUAGE)
    try:
        yield
    finally:
        _language.reset(token)


def files(code: str) -> list[Path]:
    return sorted((FOLDER / code).glob("*.po"))


@cache
def catalogue(code: str) -> NullTranslations:
    """All .po files of a language as one; read with its locale, or plurals are wrong."""
    translations: GNUTranslations | None = None
    for path in files(code):
        with path.open("rb") as source:
            catalog = read_po(source, locale=code)
        compiled = BytesIO()
        write_mo(compiled, catalog)
        compiled.seek(0)
        part = GNUTranslations(compiled)
        if translations is None:
            translations = part
        else:
            translations._catalog.update(part._catalog)
    return translations or NullTranslations()


@cache
def _ids() -> frozenset[str]:
    return frozenset(id for code in LANGUAGES if files(code) for id in catalogue(code)._catalog if isinstance(id, str))


def ours(message: str) -> bool:
    """Whether this is a word of ours, and not something somebody typed."""
    return message in _ids()


def N_(message: str) -> str:
    """Mark a message for translation at read time."""
    return message


def _(message: str, **params: Any) -> str:
    """A message in the reader's language, `%(name)s` filled in."""
    text = catalogue(_language.get()).gettext(message) if message else ""
    return text % params if params else text


def marked(message: str, **params: Any) -> Markup:
    """`_` for templates. Jinja's own does this in ten times the time, and a page has a hundred words. The words are ours; what is put
    in is escaped, and so is what somebody typed and a page handed in as a word.
    """
    if message and not ours(message):
        return escape(message)
    text = _markup(language(), message)
    return text % params if params or "%%" in text else text


@lru_cache(5000)
def _markup(language: str, message: str) -> Markup:
    return Markup(catalogue(language).gettext(message) if message else "")


def ngettext(one: str, many: str, n: int, **params: Any) -> str:
    """`%(n)s` and, as templates have it, `%(num)s` are the number."""
    return catalogue(_language.get()).ngettext(one, many, n) % {"n": n, "num": n, **params}


def pick(zh: str, en: str) -> str:
    """One of a bilingual pair from the catalogue; falls back to the other where one is missing."""
    return (zh or en) if _language.get() == "zh" else (en or zh)
