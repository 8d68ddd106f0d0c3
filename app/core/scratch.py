"""A copy of the clinic's file to try something on, with the same listeners, thrown away afterwards."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from app.core.db import Database

PREFIX = "rehearsal-"
# Nobody will ever rely on it: no waiting for the disk, no wiping of what is deleted.
_CARELESS = "PRAGMA synchronous = off; PRAGMA secure_delete = off;"


@contextmanager
def scratch(db: Database) -> Iterator[Database]:
    """Whole in the data folder, where patients' data belongs. One at a time: what a killed one left is removed."""
    for left in db.path.parent.glob(f"{PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(mkdtemp(prefix=PREFIX, dir=db.path.parent))
    try:
        db.copy_to(folder / "clinic.db")
        copy = Database(folder / "clinic.db")
        copy.writer.executescript(_CARELESS)
        for listener in db.within_listeners:
            copy.within(listener)
        try:
            yield copy
        finally:
            copy.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
