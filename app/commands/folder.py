"""The data folder: named on the command line, and used by one Yihe at a time."""

import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.commands.environment import ROOT, Unready

LOCK = "clinic.lock"  # a file of its own: opening clinic.db beside SQLite would drop SQLite's locks


def add_data(parser: ArgumentParser, default: Path = ROOT / "data") -> None:
    parser.add_argument("--data", type=Path, default=default, metavar="DIR",
                        help=f"the folder that holds the clinic (default: {default.relative_to(ROOT)})")


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep other Yihes off the folder; the system lets go of it however we end."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("a+b")
    except OSError as problem:
        raise Unready(f"The data folder {folder} cannot be used: {problem.strerror or problem}", 2) from None
    with lock:
        try:
            _take(lock)
        except OSError:
            raise Unready(f"Another Yihe is using {folder}. Stop it first (Ctrl-C where it runs), "
                          "or name another folder with --data.", 2) from None
        yield


def _take(lock) -> None:
    if os.name == "nt":
        import msvcrt

        lock.seek(0)
        msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def opening() -> Iterator[None]:
    """Around what opens the clinic's file: why it cannot be opened, in one line."""
    from app.core.migrations import Failed, TooNew
    from app.core.sqlite import sqlite3

    try:
        yield
    except TooNew as ahead:
        raise Unready(f"This clinic was written by a newer Yihe ({', '.join(ahead.args)}). Update Yihe first.") from None
    except Failed as failure:
        copy = f" A copy from before is {failure.copy}." if failure.copy else ""
        raise Unready(f"The update could not change the clinic's file ({failure.name}: {failure.why}). Nothing was changed: "
                      f"put the former Yihe back and start it, the clinic is as it was.{copy}") from None
    except sqlite3.DatabaseError as problem:
        raise Unready(f"The clinic's file cannot be opened: {problem}.") from None


def existing(folder: Path) -> Path:
    """The clinic's file, which must be there."""
    path = folder / "clinic.db"
    if not path.exists():
        raise Unready(f"There is no clinic in {folder}. `python3 run.py` makes one.", 2)
    return path
