"""The clinic's file as it was before an update, beside it: the way back when the new Yihe does not do."""

import os
from pathlib import Path
from uuid import uuid4

from app.core.db import Database
from app.core.places import keep_entry

FOLDER = "snapshots"
KEPT = 3


def take(db: Database, name: str) -> Path:
    """A consistent copy under this name, whole or not there; one of a start that failed before is replaced."""
    folder = db.path.parent / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    for left in folder.glob("*.part*"):
        left.unlink()
    half, whole = folder / f"{uuid4().hex}.part", folder / f"{name}.db"
    try:
        os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        db.copy_to(half)
        os.replace(half, whole)
    finally:
        for left in folder.glob(f"{half.name}*"):
            left.unlink()
    keep_entry(folder)
    return whole


def prune(data: Path) -> None:
    """Keep the newest few: a clinic that goes back does so within its first weeks."""
    copies = sorted((data / FOLDER).glob("*.db"), key=lambda path: (path.stat().st_mtime, path.name))
    for path in copies[:-KEPT]:
        path.unlink()
