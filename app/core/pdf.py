"""HTML → PDF in a process of its own: drawing pages holds the interpreter for seconds, a server must not.

The child reads one JSON object from its input and answers one JSON line, then the PDF. It may read the
fonts folder and nothing else, opens no connection and starts no program. What it logs quotes the
document, so only places in the code and code points leave it, never words.
"""

import json
import subprocess
import sys
from pathlib import Path

import msgspec

from app.core import fonts

SECONDS = 120
_HOUSE = Path(__file__).parents[2]


class Pdf(msgspec.Struct, frozen=True):
    """content: the file. missing: characters no font has; 〓 stands in their place."""

    content: bytes
    missing: tuple[str, ...]


class NotDrawn(Exception):
    """The document could not be drawn as it should be; notes hold no words of it."""

    def __init__(self, notes: list[str]) -> None:
        super().__init__("; ".join(notes))
        self.notes = notes


def draw(html: str, folder: Path = fonts.FOLDER, seconds: float = SECONDS) -> Pdf:
    """Draw the document. Raises NotDrawn for every warning too: a PDF that is nearly right is wrong."""
    asked = json.dumps({"html": html, "fonts": str(folder)}).encode()
    try:
        child = subprocess.run(
            [sys.executable, "-m", "app.core.pdf"], input=asked, capture_output=True, timeout=seconds, cwd=_HOUSE, check=False
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise NotDrawn([f"not ready after {seconds:g} s"]) from None
    head, _newline, content = child.stdout.partition(b"\n")
    if child.returncode or not head:
        raise NotDrawn([f"the drawing process ended with code {child.returncode}"])
    answer = json.loads(head)
    if answer["notes"]:
        raise NotDrawn(answer["notes"])
    return Pdf(content, tuple(answer["missing"]))


if __name__ == "__main__":
    from app.core.pdf_child import answer

    answer()
