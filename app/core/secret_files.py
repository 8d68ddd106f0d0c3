"""Files only this user may read: made so from their first moment, whole or not there."""

import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from app.core.places import keep_entry


def write(path: Path, content: bytes) -> None:
    """Replace the file, in a folder that is made where it is missing; safely on the disk when this returns."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_name(f".{uuid4().hex}.part")
    try:
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)
    keep_entry(path.parent)


def read(path: Path) -> bytes | None:
    with suppress(FileNotFoundError):
        return path.read_bytes()
    return None
