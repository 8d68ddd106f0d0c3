"""What an uploaded file really is, judged by its content in a process of its own.

A picture of a few kilobytes can unfold to gigabytes, and a PDF can refer to itself for ever. So the libraries that
open such files run in a child with little memory and little time; what ends it is refused, and the server goes on.
"""

import json
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore
from typing import Literal

import msgspec

SECONDS = 30
_HOUSE = Path(__file__).parents[2]
_turn = BoundedSemaphore(2)  # more at once would only be slower, and each may take its share of memory

Kind = Literal["jpeg", "png", "webp", "pdf"]
MEDIA_TYPES = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "pdf": "application/pdf"}


class Judged(msgspec.Struct, frozen=True):
    """pages: of a PDF. small: a JPEG of a picture, to look at in a list."""

    kind: Kind
    pages: int | None = None
    small: bytes = b""


class Refused(Exception):
    """reason: other (neither photo nor PDF), heic, damaged, locked, program, large (too many points or pages)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def judge(path: Path, seconds: float = SECONDS) -> Judged:
    """Raises Refused for everything that is not a sound JPEG, PNG, WebP or PDF."""
    with _turn:
        try:
            child = subprocess.run(
                [sys.executable, "-m", "app.core.judging", str(path.absolute())], capture_output=True, timeout=seconds, cwd=_HOUSE,
                stdin=subprocess.DEVNULL, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise Refused("damaged") from None
    head, _newline, small = child.stdout.partition(b"\n")
    if child.returncode or not head:
        raise Refused("damaged")
    answer = json.loads(head)
    if "refused" in answer:
        raise Refused(answer["refused"])
    return Judged(answer["kind"], answer["pages"], small)


if __name__ == "__main__":
    from app.core.judging_child import answer

    answer()
