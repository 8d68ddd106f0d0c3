"""Icons from the lucide wheel, drawn inline; found without importing the package."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

from markupsafe import Markup, escape

_INSIDE = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@cache
def _shapes(name: str) -> str:
    archive = Path(find_spec("lucide").submodule_search_locations[0]) / "lucide.zip"
    with ZipFile(archive) as icons:
        drawing = icons.read(f"{name}.svg").decode()
    return " ".join(_INSIDE.search(drawing)[1].split())


def icon(name: str, label: str | None = None) -> Markup:
    """One icon by its lucide name; with a label it is read out, without it is decoration."""
    return _drawn(name, f'role="img" aria-label="{escape(label)}"') if label else _silent(name)


@cache
def _silent(name: str) -> Markup:
    return _drawn(name, 'aria-hidden="true"')


def _drawn(name: str, said: str) -> Markup:
    return Markup(f'<svg class="icon" viewBox="0 0 24 24" {said}>{_shapes(name)}</svg>')
