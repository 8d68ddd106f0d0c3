"""The PDF's HTML."""

import base64

from app.clinic.reports.paper import Paper
from app.clinic.reports.shapes import Content
from app.core import printed, words
from app.core.files import Files


def document(content: Content, files: Files) -> str:
    """The whole HTML of the PDF, in the report's language."""
    with words.speaking(content.language):
        paper = Paper(content, pictures=True, logo=_logo(content, files))
        return printed.html("pdf/report.html", content.language, paper=paper, content=content)


def _logo(content: Content, files: Files) -> str:
    if not content.clinic.logo:
        return ""
    try:
        picture = files.read(content.clinic.logo)
    except FileNotFoundError:
        return ""
    return "data:image/png;base64," + base64.b64encode(picture).decode()
