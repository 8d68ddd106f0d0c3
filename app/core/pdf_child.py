"""The drawing process's side of app.core.pdf. Imported by nothing else: its libraries are large."""

import io
import json
import logging
import os
import re
import sys
import traceback
import warnings
from contextlib import suppress
from pathlib import Path

from app.core import fonts, glyphs, linebreak

# The library reads a document's <title> as an unknown tag and says so; nothing is lost.
_FALSE_ALARM = re.compile(r"title", re.IGNORECASE)
_CODE_POINT = re.compile(r"U\+[0-9A-F]{4,6}")
_REFUSED = {"socket.connect", "socket.getaddrinfo", "socket.bind", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"}
_LONG = re.compile(r"<([0-9A-F]{5,6})>")
_FACE = "@font-face {{ font-family: '{family}'; font-weight: {weight}; src: url('{path}') }}"


def answer() -> None:
    """Read the question, write the answer; nothing else can reach the output."""
    out = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    if hasattr(os, "nice"):
        os.nice(10)
    asked = json.load(sys.stdin)
    try:
        content, missing, notes = draw(asked["html"], Path(asked["fonts"]))
    except Exception as error:
        content, missing, notes = b"", [], [_place(error)]
    out.write(json.dumps({"missing": missing, "notes": notes}).encode() + b"\n" + content)
    out.close()


def _place(error: Exception) -> str:
    """Which error and where; its message may quote the document."""
    step = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(step.filename).name}:{step.lineno}"


def draw(html: str, folder: Path) -> tuple[bytes, list[str], list[str]]:
    """The PDF, the characters no font has, and a note for every warning."""
    from xhtml2pdf import pisa
    from xhtml2pdf.config.resources import ResourceAccessPolicy

    log = _Log()
    case = glyphs.Case(fonts.coverage(folder))
    html = case.document(html).replace("</head>", f"<style>{_faces(folder)}</style></head>", 1)
    _register_for_drawings(folder)
    _mend()
    policy = ResourceAccessPolicy.server(None, extra_roots=(folder,), allow_remote=False, max_local_bytes=None)
    sys.addaudithook(_refuse)
    out = io.BytesIO()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("default")
        for upkeep in (ResourceWarning, DeprecationWarning):  # the libraries' own affairs, not the document's
            warnings.simplefilter("ignore", upkeep)
        result = pisa.CreatePDF(html, dest=out, encoding="utf-8", resource_policy=policy)
    notes = log.notes + [f"{warning.category.__name__} at {Path(warning.filename).name}:{warning.lineno}" for warning in said]
    return out.getvalue(), sorted(case.missing), notes + _left_out(html) + (["the library reports an error"] if result.err else [])


def _left_out(html: str) -> list[str]:
    """What the library drops without a word."""
    return [f"{mark} is not drawn" for mark in ("<svg", "@layer", "@supports") if mark in html]


def _faces(folder: Path) -> str:
    return "".join(
        _FACE.format(family=family, weight="bold" if weight == "bold" else "normal", path=(folder / fonts.file_name(face, weight)).as_posix())
        for face, family in glyphs.FAMILIES.items()
        for weight in fonts.WEIGHTS
    )


def _register_for_drawings(folder: Path) -> None:
    """Under names of their own, or the SVG library takes the document's font away from it."""
    from reportlab import rl_config
    from reportlab.platypus.tables import CellStyle
    from svglib.fonts import register_font

    for face, family in glyphs.FAMILIES.items():
        register_font(family, str(folder / fonts.file_name(face, "regular")))
        register_font(family, str(folder / fonts.file_name(face, "bold")), weight="bold")
    # else every file names Helvetica, which nobody embeds
    rl_config.canvas_basefontname = CellStyle.fontname = glyphs.SANS


def _mend() -> None:
    """Two steps of the pinned libraries that are wrong for Chinese; a test notices when they move."""
    from reportlab.pdfbase import ttfonts
    from xhtml2pdf import reportlab_paragraph

    reportlab_paragraph._chunkWord = linebreak.chunks
    ttfonts.makeToUnicodeCMap = _to_unicode(ttfonts.makeToUnicodeCMap)


def _to_unicode(make):
    """𠮷 lies beyond four hexadecimal digits: copied from the PDF it must come as a UTF-16 pair."""

    def made(name: str, subset: list[int]) -> str:
        return _LONG.sub(lambda found: f"<{chr(int(found[1], 16)).encode('utf-16-be').hex().upper()}>", make(name, subset))

    return made


def _refuse(event: str, _args: tuple) -> None:
    if event in _REFUSED:
        raise PermissionError(f"{event} is not for a drawing process")


class _Log(logging.Handler):
    """Every warning as the place it came from and the code points it names."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.notes: list[str] = []
        logging.getLogger().addHandler(self)
        for name in ("xhtml2pdf", "svglib", "reportlab"):
            logging.getLogger(name).propagate = True

    def emit(self, record: logging.LogRecord) -> None:
        words = ""
        with suppress(Exception):
            words = record.getMessage()
        if _FALSE_ALARM.search(words):
            return
        points = ", ".join(dict.fromkeys(_CODE_POINT.findall(words)))
        self.notes.append(f"{record.name}:{record.lineno} {points}".strip())
