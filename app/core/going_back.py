"""Back to the clinic's file as it was before an update, with the Yihe of that time."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.core import migrations
from app.core.db import Database
from app.core.errors import Refusal
from app.core.places import keep_entry
from app.core.sqlite import sqlite3
from app.core.words import N_

ASIDE = "before-restore-"


def put_back(data: Path, copy: Path, when: str) -> Path:
    """Have the copy be the clinic's file again; where the one it replaces is kept. Raises Refusal, and nothing has changed then.

    The folder is the caller's. At every moment one of the two is there, whole, under the clinic's name; files and keys stay.
    """
    live, half, aside = data / "clinic.db", data / "clinic.db.part", data / f"{ASIDE}{when}"
    with _gone(half):
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb") as file, copy.open("rb") as source:
            shutil.copyfileobj(source, file)
            os.fsync(file.fileno())
        _look_over(half)
        aside.mkdir(mode=0o700)
        if live.exists():
            Database(live).close()  # its log is folded in, or it would be taken for the other's
            _keep(live, aside / live.name)
        os.replace(half, live)
        keep_entry(data)
    return aside


def _look_over(half: Path) -> None:
    try:
        db = Database(half)
        try:
            sound = db.writer.execute("PRAGMA integrity_check").fetchone() == ("ok",) and not migrations.unknown(db)
        finally:
            db.close()
    except sqlite3.Error:
        sound = False
    if not sound:
        raise Refusal(N_("This copy is damaged, or of a newer Yihe. Nothing was changed."))


def _keep(live: Path, kept: Path) -> None:
    try:
        os.link(live, kept)
    except OSError:  # a file system without links
        shutil.copyfile(live, kept)
    keep_entry(kept.parent)


@contextmanager
def _gone(half: Path) -> Iterator[None]:
    """Before, of a run that was killed, and afterwards."""
    for left in half.parent.glob(f"{half.name}*"):
        left.unlink()
    try:
        yield
    finally:
        for left in half.parent.glob(f"{half.name}*"):
            left.unlink()
